"""The apps of a deployment at a platform: which one is chosen, what is not offered, and in which words."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from noillusion.settings.source import settings
from tests.api.conftest import Platforms
from tests.api.harness import Answer, Client, Context, load
from tests.api.test_connections import signed_request, statuses, subject

Set = Callable[..., None]
COMMUNITY = ("LINKEDIN_COMMUNITY_CLIENT_ID", "LINKEDIN_COMMUNITY_CLIENT_SECRET")


@pytest.fixture
def set_to(deployment: object, monkeypatch: pytest.MonkeyPatch) -> Set:
    """Take settings as the operator changes them."""

    def change(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        settings.forget()

    return change


def authorize(platform: str, **asked: Any) -> Answer:
    return Client().request("connect_callback", "POST", f"/v1/connections/{platform}/authorize", body=asked)


def query(begun: Answer) -> dict[str, str]:
    assert begun.status == 200, begun.text
    return {name: values[0] for name, values in parse_qs(urlsplit(begun.json["authorization_url"]).query).items()}


def offer(platform: str) -> dict[str, Any]:
    items = Client().request("connect_callback", "GET", "/v1/platforms").json["items"]
    return next(item for item in items if item["platform"] == platform)


def access(platform: str) -> dict[str, dict[str, Any]]:
    return {entry["access"]: entry for entry in offer(platform)["access"]}


def publish(connection: str, key: str = "k", platform: str = "linkedin") -> dict[str, Any]:
    body = {"content": {"text": "Hello from a test"}, "targets": [{"connection_id": connection}]}
    answer = Client().request("publish", "POST", "/v1/posts", body=body, headers={"idempotency-key": key})
    assert answer.status == 201, answer.text
    (target,) = answer.json["targets"]
    assert (target["platform"], target["status"]) == (platform, "published"), target
    return {**target, "post": answer.json["id"]}


def measured(target: dict[str, Any]) -> dict[str, Any]:
    """The figures of a target after the worker has read them from the platform."""
    work = {"user_id": Client().sub, "connection_id": target["connection_id"]}
    messages = ({**work, "target_ids": [target["id"]]}, {**work, "account": True})
    records = [{"messageId": str(at), "body": json.dumps(message)} for at, message in enumerate(messages)]
    assert load("analytics_poll").handler({"Records": records}, Context(120)) == {"batchItemFailures": []}
    (found,) = Client().request("analytics", "GET", f"/v1/analytics/posts/{target['post']}").json["targets"]
    return {**found["latest"], "told": (found["unavailable"] or {}).get("message")}


def account_figures() -> dict[str, Any]:
    (account,) = Client().request("analytics", "GET", "/v1/analytics/accounts").json["items"]
    return dict(account["latest"])


def connect(platforms: Platforms, kind: str, **asked: Any) -> dict[str, Any]:
    """Connect the first LinkedIn account of a kind."""
    pending = platforms.consent(Client(), "linkedin", **asked).json["pending_id"]
    path = f"/v1/connections/pending/{pending}"
    accounts = Client().request("connect_callback", "GET", path).json["accounts"]
    chosen = next(account["id"] for account in accounts if account["kind"] == kind)
    confirmed = Client().request("connect_callback", "POST", f"{path}/confirm", body={"account_ids": [chosen]})
    assert confirmed.status == 200, confirmed.text
    return dict(confirmed.json["items"][0])


def test_an_organization_is_connected_through_the_community_app_published_to_and_measured(platforms: Platforms) -> None:
    connection = connect(platforms, "organization", wanted=["organizations"])
    assert (connection["registration"], connection["missing_scopes"]) == ("community", [])
    target = publish(connection["id"])
    (post,) = platforms.posts("linkedin")
    assert post["id"] == target["platform_post_id"] and "urn:li:organization:" in post["account"]
    found = measured(target)
    assert found["status"] == "ok" and found["figures"]["views"] is not None, found
    followers = account_figures()
    assert followers["figures"]["followers"] == 1_450, followers


def test_a_member_is_measured_through_the_community_app(platforms: Platforms) -> None:
    connection = connect(platforms, "member", wanted=["member_analytics"])
    assert connection["registration"] == "community"
    found = measured(publish(connection["id"]))
    assert found["status"] == "ok", found
    assert all(found["figures"][name] is not None for name in ("views", "reach", "likes", "comments", "shares")), found
    assert account_figures()["figures"]["followers"] == 812


def test_with_the_share_app_alone_it_is_said_what_is_not_offered(platforms: Platforms, set_to: Set) -> None:
    set_to(**dict.fromkeys(COMMUNITY, ""))
    refused = authorize("linkedin", wanted=["member", "organizations"])
    assert refused.status == 422
    (error,) = refused.json["errors"]
    assert (error["field"], error["code"], error["params"]["allowed"]) == ("wanted.1", "no_access", ["member"])
    assert error["message"] == "This deployment has no access to organizations on LinkedIn. It has access to: member."
    told = access("linkedin")
    assert {name: entry["available"] for name, entry in told.items()} == {
        "member": True,
        "organizations": False,
        "member_analytics": False,
    }
    assert told["member_analytics"]["message"] == "This deployment has no access to the figures of LinkedIn members' posts."
    connection = connect(platforms, "member")
    assert (connection["registration"], connection["missing_scopes"]) == ("share", [])
    found = measured(publish(connection["id"]))
    assert (found["status"], found["reason"]) == ("unavailable", "no_access"), found
    assert found["told"].endswith("has no access to these figures.")
    assert account_figures()["reason"] == "no_access"


def test_an_app_with_everything_needs_no_second_one(platforms: Platforms, set_to: Set) -> None:
    set_to(LINKEDIN_CLIENT_ID="", LINKEDIN_CLIENT_SECRET="")
    assert query(authorize("linkedin", wanted=["member"]))["client_id"] == "linkedin-community-app"
    assert [found["registration"] for found in offer("linkedin")["registrations"]] == ["community"]
    assert connect(platforms, "member")["registration"] == "community"


def test_the_first_registration_that_gives_what_is_wanted_is_used_or_the_named_one(platforms: Platforms) -> None:
    assert query(authorize("linkedin"))["client_id"] == "linkedin-app"
    assert query(authorize("linkedin", wanted=["member"]))["client_id"] == "linkedin-app"
    assert query(authorize("linkedin", wanted=["member", "organizations"]))["client_id"] == "linkedin-community-app"
    assert query(authorize("linkedin", registration="community"))["client_id"] == "linkedin-community-app"
    refused = authorize("linkedin", registration="share", wanted=["organizations"])
    assert [(e["field"], e["params"]["allowed"]) for e in refused.json["errors"]] == [("wanted.0", ["member"])]
    refused = authorize("linkedin", registration="business")
    assert [(e["field"], e["params"]["allowed"]) for e in refused.json["errors"]] == [("registration", ["share", "community"])]


def test_what_no_registration_gives_together_is_refused_as_a_whole(set_to: Set) -> None:
    set_to(
        INSTAGRAM_FACEBOOK_CLIENT_ID="a",
        INSTAGRAM_FACEBOOK_CLIENT_SECRET="b",
        INSTAGRAM_FACEBOOK_WITHOUT_SCOPES="instagram_content_publish",
    )
    refused = authorize("instagram", wanted=["professional", "deletion"])
    assert [(e["field"], e["params"]["allowed"]) for e in refused.json["errors"]] == [("wanted", ["professional", "deletion"])]


def test_scopes_that_the_app_does_not_have_are_not_asked_for_and_nobody_is_sent_to_reconnect(
    platforms: Platforms, set_to: Set
) -> None:
    set_to(FACEBOOK_WITHOUT_SCOPES="pages_manage_engagement, business_management")
    begun = authorize("facebook")
    scopes = query(begun)["scope"].split(",")
    assert not {"pages_manage_engagement", "business_management"} & set(scopes) and "pages_manage_posts" in scopes
    assert [found["scope"] for found in begun.json["scopes"]] == scopes
    (registration,) = offer("facebook")["registrations"]
    assert registration["left_out"] == [
        {"scope": "business_management", "feature": "Pages that belong to a Business Portfolio"},
        {"scope": "pages_manage_engagement", "feature": "first comments"},
    ]
    (first, *_) = platforms.connect(Client(), "facebook")
    assert first["missing_scopes"] == [] and "pages_manage_engagement" not in first["granted_scopes"]
    content = {"text": "Hello", "first_comment": "First"}
    body = {"content": content, "targets": [{"connection_id": first["id"]}]}
    (target,) = Client().request("publish", "POST", "/v1/posts/check", body=body).json["targets"]
    (problem,) = target["problems"]
    assert (problem["field"], problem["code"]) == ("content.first_comment", "no_access"), problem
    assert "connect the account again" not in problem["message"] and "which the app by which" in problem["message"]


def test_without_the_scopes_of_an_access_it_is_not_offered(set_to: Set) -> None:
    set_to(LINKEDIN_COMMUNITY_WITHOUT_SCOPES="w_organization_social")
    assert authorize("linkedin", wanted=["organizations"]).status == 422
    assert access("linkedin")["organizations"]["available"] is False
    assert access("linkedin")["member_analytics"]["registrations"] == ["community"]


def test_before_tiktoks_audit_posts_are_private_and_that_is_told(platforms: Platforms, set_to: Set) -> None:
    (connection,) = platforms.connect(Client(), "tiktok")
    set_to(TIKTOK_AUDITED="false")
    assert access("tiktok")["public_posts"]["available"] is False
    assert authorize("tiktok", wanted=["public_posts"]).json["errors"][0]["code"] == "no_access"

    def problems(level: str) -> list[tuple[str, str]]:
        target = {"connection_id": connection["id"], "options": {"tiktok": {"privacy_level": level, "consent": True}}}
        content = {"media": [{"url": platforms.media("photo.jpg")}]}
        answer = Client().request("publish", "POST", "/v1/posts/check", body={"content": content, "targets": [target]})
        return [(issue["field"], issue["code"]) for issue in answer.json["targets"][0]["problems"]]

    assert ("targets.0.options.tiktok.privacy_level", "no_access") in problems("PUBLIC_TO_EVERYONE")
    assert problems("SELF_ONLY") == []
    path = f"/v1/connections/{connection['id']}/publishing-options"
    assert Client().request("connect_callback", "GET", path).json["privacy_levels"] == ["SELF_ONLY"]
    set_to(TIKTOK_AUDITED="true")
    assert access("tiktok")["public_posts"]["available"] is True and problems("PUBLIC_TO_EVERYONE") == []


def test_a_configuration_replaces_plain_facebook_login_of_the_same_app(platforms: Platforms, set_to: Set) -> None:
    (earlier, *_) = platforms.connect(Client(), "facebook")
    assert earlier["registration"] == "login"
    set_to(FACEBOOK_CONFIG_ID="700000000000001")
    assert [found["registration"] for found in offer("facebook")["registrations"]] == ["business"]
    tested = Client().request("connect_callback", "POST", f"/v1/connections/{earlier['id']}/test")
    assert tested.json["ok"] is True, "connections of before go on"
    renewed = platforms.connect(Client(), "facebook")
    assert {connection["registration"] for connection in renewed} == {"business"}
    assert earlier["id"] in {connection["id"] for connection in renewed}


def test_facebook_login_and_its_edition_for_business_can_have_an_app_each(set_to: Set) -> None:
    set_to(FACEBOOK_BUSINESS_CLIENT_ID="b", FACEBOOK_BUSINESS_CLIENT_SECRET="s", FACEBOOK_CONFIG_ID="7")
    assert [found["registration"] for found in offer("facebook")["registrations"]] == ["login", "business"]
    assert query(authorize("facebook"))["client_id"] == "facebook-app"
    business = query(authorize("facebook", registration="business"))
    assert (business["client_id"], business["config_id"]) == ("b", "7") and "scope" not in business


@pytest.mark.parametrize("route", ["deauthorize", "data-deletion"])
def test_a_signed_request_concerns_only_the_registration_whose_secret_fits(platforms: Platforms, set_to: Set, route: str) -> None:
    set_to(INSTAGRAM_FACEBOOK_CLIENT_ID="ig", INSTAGRAM_FACEBOOK_CLIENT_SECRET="ig-by-facebook-secret")
    platforms.connect(Client(), "instagram")
    person = subject(platforms)

    def told(secret: str) -> int:
        raw = signed_request(secret, person)
        return Client(None).request("connect_callback", "POST", f"/v1/callbacks/meta/{route}", raw=raw).status

    assert told("another-secret") == 400
    for other in ("facebook-app-secret", "ig-by-facebook-secret"):
        assert told(other) == 200
        assert statuses(Client()) == {"active"}, "people have another id in another app"
    for _ in range(2):
        assert told("instagram-app-secret") == 200
        assert statuses(Client()) in ({"reauth_required"}, set())


def test_a_signed_request_concerns_all_registrations_of_one_app(platforms: Platforms, set_to: Set) -> None:
    platforms.connect(Client(), "facebook")
    platforms.database.execute("UPDATE platform_connections SET registration = 'facebook', platform = 'instagram'")
    body = signed_request("facebook-app-secret", subject(platforms))

    def told() -> None:
        assert Client(None).request("connect_callback", "POST", "/v1/callbacks/meta/deauthorize", raw=body).status == 200

    told()
    assert statuses(Client()) == {"active"}, "the app of the Pages is not that of these accounts"
    set_to(INSTAGRAM_FACEBOOK_CLIENT_ID="facebook-app", INSTAGRAM_FACEBOOK_CLIENT_SECRET="facebook-app-secret")
    told()
    assert statuses(Client()) == {"reauth_required"}


def test_connections_from_before_there_were_registrations_belong_to_the_first_one(platforms: Platforms) -> None:
    connections = {name: platforms.connect(Client(), name)[0] for name in ("facebook", "instagram", "linkedin", "tiktok")}
    platforms.database.execute("UPDATE platform_connections SET registration = ''")
    shown = Client().request("connect_callback", "GET", "/v1/connections").json["items"]
    found = {connection["platform"]: connection["registration"] for connection in shown}
    assert found == {"facebook": "login", "instagram": "instagram", "linkedin": "share", "tiktok": "login"}
    for connection in connections.values():
        path = f"/v1/connections/{connection['id']}"
        assert Client().request("connect_callback", "POST", f"{path}/test").json["ok"] is True
        disconnected = Client().request("connect_callback", "DELETE", path).json
        assert disconnected["revoked"] is (connection["platform"] in ("linkedin", "tiktok")), (
            "the only account of a grant that can be withdrawn"
        )
