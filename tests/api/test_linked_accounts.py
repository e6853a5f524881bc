"""Instagram accounts that are linked to Pages: connected by Facebook's dialog, published to, measured, deleted, disconnected.

The ways in which the dialog can end are those of every login, in ``test_dance.py``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from noillusion.settings import source as settings
from tests.api.conftest import ACCOUNT, OTHER_PAGE, PAGE, Platforms, link
from tests.api.harness import Answer, Client, Context, load
from tests.api.test_connections import signed_request, subject

Json = dict[str, Any]
CDN = "https://cdn.example.com"
OTHER_ACCOUNT = "17841400000000002"


def act(platforms: Platforms, name: str, **given: Any) -> None:
    """Do what the person or Facebook does behind the API's back."""
    platforms.world.simulators["facebook"].actions[name](given)


def begun(client: Client, **asked: Any) -> Json:
    body = {"registration": "facebook", **asked}
    answer = client.request("connect_callback", "POST", "/v1/connections/instagram/authorize", body=body)
    assert answer.status == 200, answer.text
    return dict(answer.json)


def pending(platforms: Platforms, client: Client) -> Answer:
    handle = platforms.consent(client, "instagram", registration="facebook").json["pending_id"]
    return client.request("connect_callback", "GET", f"/v1/connections/pending/{handle}")


def connect(platforms: Platforms, client: Client, registration: str = "facebook") -> Json:
    (connection,) = platforms.connect(client, "instagram", registration=registration)
    return connection


def publish(client: Client, connection: Json, key: str = "k1") -> Json:
    content = {"text": "Fresh", "media": [{"kind": "image", "url": f"{CDN}/photo.jpg"}]}
    body = {"content": content, "targets": [{"connection_id": connection["id"]}]}
    answer = client.request("publish", "POST", "/v1/posts", body=body, headers={"idempotency-key": key})
    assert answer.json["status"] == "published", answer.text
    return dict(answer.json)


def delete(client: Client, post: Json) -> tuple[bool, str | None]:
    (target,) = client.request("publish", "DELETE", f"/v1/posts/{post['id']}").json["targets"]
    return target["deleted"], target["reason"]


def refuse(platforms: Platforms, code: int, subcode: int | None = None, **where: Any) -> None:
    """Let Facebook refuse one call."""
    error = {"message": "No", "type": "OAuthException", "code": code, "fbtrace_id": "A"}
    body = {"error": error | ({"error_subcode": subcode} if subcode else {})}
    platforms.fault(platform="facebook", status=400, body=body, **where)


# ---- connecting


def test_an_account_is_connected_through_facebooks_dialog_and_used_with_its_pages_token(linked: Platforms) -> None:
    client = Client()
    start = begun(client)
    url = urlsplit(start["authorization_url"])
    assert url.path.endswith("/dialog/oauth") and start["registration"] == "facebook"
    asked = parse_qs(url.query)["scope"][0].split(",")
    assert {"instagram_basic", "instagram_manage_contents", "pages_show_list", "business_management"} <= set(asked)
    assert not [scope for scope in asked if scope.startswith("instagram_business_")]
    connection = connect(linked, client)
    found = {name: connection[name] for name in ("account_id", "username", "registration", "status", "missing_scopes")}
    assert found == {
        "account_id": ACCOUNT,
        "username": "riverside.bakery",
        "registration": "facebook",
        "status": "active",
        "missing_scopes": [],
    }
    assert connection["access_expires_at"] is None, "a Page's token does not expire"
    tested = client.request("connect_callback", "POST", f"/v1/connections/{connection['id']}/test")
    assert tested.json["ok"] is True, tested.text
    post = publish(client, connection)
    assert post["targets"][0]["permalink"].startswith("https://www.instagram.com/p/")
    assert linked.requests("instagram", "/") == 0, "everything goes to Facebook's hosts"


def test_every_linked_account_is_offered_once_and_those_of_businesses_too(linked: Platforms) -> None:
    linked.world.simulators["instagram"].actions["user"]({"id": OTHER_ACCOUNT, "username": "riverside.catering"})
    act(
        linked,
        "user",
        pages=[
            {"id": PAGE, "instagram": ACCOUNT},
            {"id": OTHER_PAGE, "instagram": OTHER_ACCOUNT, "business": "990000000000001"},
            {"id": "101000000000003", "name": "Without an account"},
        ],
    )
    client = Client()
    accounts = pending(linked, client).json["accounts"]
    assert [(a["id"], a["username"], a["kind"], a["can_publish"]) for a in accounts] == [
        (ACCOUNT, "riverside.bakery", "professional", True),
        (OTHER_ACCOUNT, "riverside.catering", "professional", True),
    ]
    assert {c["account_id"] for c in linked.connect(client, "instagram", registration="facebook")} == {ACCOUNT, OTHER_ACCOUNT}


@pytest.mark.parametrize(
    "why",
    ["no Page", "no account linked", "account not ticked", "scope declined"],
)
def test_an_empty_list_says_why(linked: Platforms, why: str) -> None:
    match why:
        case "no Page":
            act(linked, "user", pages=[])
        case "no account linked":
            link(linked, None)
        case "account not ticked":
            act(linked, "consent", accounts=[PAGE, OTHER_PAGE])
        case "scope declined":
            act(linked, "consent", declined_scopes=["instagram_basic"])
    answer = pending(linked, Client()).json
    assert answer["accounts"] == []
    reason = answer["empty_reason"]
    words = ["instagram_basic"] if why == "scope declined" else ["professional account", "linked to a Page", "selected"]
    assert all(word in reason for word in words), reason


def test_a_person_without_the_task_on_the_page_sees_the_account_and_the_reason(linked: Platforms) -> None:
    act(linked, "user", pages=[{"id": PAGE, "instagram": ACCOUNT, "tasks": ["ANALYZE"]}])
    (account,) = pending(linked, Client()).json["accounts"]
    assert (account["id"], account["can_publish"], account["reason"]) == (ACCOUNT, False, "task_missing")


def test_connecting_by_the_other_login_renews_the_account_in_place(linked: Platforms) -> None:
    client = Client()
    before = connect(linked, client, "instagram")
    post = publish(client, before)
    assert delete(client, post) == (False, "platform_cannot_delete")
    after = connect(linked, client)
    assert (after["id"], before["registration"], after["registration"]) == (before["id"], "instagram", "facebook")
    assert delete(client, post) == (True, None)
    again = connect(linked, client, "instagram")
    assert (again["id"], again["registration"]) == (before["id"], "instagram")
    publish(client, again, "k2")


def test_posts_are_deleted_after_their_account_was_disconnected_and_connected_again_by_any_login_that_can(
    linked: Platforms,
) -> None:
    client = Client()
    connection = connect(linked, client)
    first, second = publish(client, connection), publish(client, connection, "k2")
    assert client.request("connect_callback", "DELETE", f"/v1/connections/{connection['id']}").status == 200
    assert delete(client, first) == (False, "disconnected"), "this deployment has a login that can delete"
    other = connect(linked, client, "instagram")
    assert other["id"] != connection["id"] and delete(client, first) == (False, "platform_cannot_delete")
    assert client.request("connect_callback", "DELETE", f"/v1/connections/{other['id']}").status == 200
    assert connect(linked, client)["id"] not in (connection["id"], other["id"])
    assert (delete(client, first), delete(client, second)) == ((True, None), (True, None))
    assert linked.posts("instagram") == []


def test_without_a_login_that_can_delete_a_disconnected_account_is_no_reason(
    linked: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    connection = connect(linked, client, "instagram")
    post = publish(client, connection)
    assert client.request("connect_callback", "DELETE", f"/v1/connections/{connection['id']}").status == 200
    assert delete(client, post) == (False, "disconnected")
    monkeypatch.delenv("INSTAGRAM_FACEBOOK_CLIENT_ID")
    monkeypatch.delenv("INSTAGRAM_FACEBOOK_CLIENT_SECRET")
    settings.settings.forget()
    assert delete(client, post) == (False, "platform_cannot_delete")


def test_what_is_wanted_chooses_the_login_that_gives_it(linked: Platforms) -> None:
    assert begun(Client(), registration=None, wanted=["professional"])["registration"] == "instagram"
    for wanted in (["deletion"], ["byte_uploads"], ["professional", "deletion"]):
        assert begun(Client(), registration=None, wanted=wanted)["registration"] == "facebook"


# ---- afterwards


def test_a_post_is_deleted_and_one_that_is_gone_counts_as_deleted(linked: Platforms) -> None:
    client = Client()
    connection = connect(linked, client)
    first, second = publish(client, connection), publish(client, connection, "k2")
    assert delete(client, first) == (True, None)
    assert [post["id"] for post in linked.posts("instagram")] == [second["targets"][0]["platform_post_id"]]
    linked.world.simulators["instagram"].memory.media.clear()  # type: ignore[attr-defined]
    assert delete(client, second) == (True, None)


def test_an_outage_of_reads_deletes_nothing_by_mistake(linked: Platforms) -> None:
    client = Client()
    post = publish(client, connect(linked, client))
    refuse(linked, 100, 33, method="DELETE")
    assert delete(client, post) == (False, "not_found")
    assert len(linked.posts("instagram")) == 1 and delete(client, post) == (True, None)


@pytest.mark.parametrize(
    ("refusal", "reason"), [((10, None), "permission"), ((-1, 2207085), "media_processing"), ((100, 2207073), "invalid_content")]
)
def test_a_refused_deletion_says_why(linked: Platforms, refusal: tuple[int, int | None], reason: str) -> None:
    client = Client()
    post = publish(client, connect(linked, client))
    refuse(linked, *refusal, method="DELETE")
    assert delete(client, post) == (False, reason)


def test_without_its_scope_nothing_is_deleted_and_the_connection_names_what_lacks(linked: Platforms) -> None:
    act(linked, "consent", declined_scopes=["instagram_manage_contents"])
    client = Client()
    connection = connect(linked, client)
    assert [missing["scope"] for missing in connection["missing_scopes"]] == ["instagram_manage_contents"]
    assert delete(client, publish(client, connection)) == (False, "permission")


def test_figures_are_read_by_the_pages_token(linked: Platforms) -> None:
    client = Client()
    connection = connect(linked, client)
    publish(client, connection)
    linked.world.clock.offset += 6 * 3600
    ids = [str(row[0]) for row in linked.database.fetch("SELECT id FROM post_targets")]
    message = {"user_id": client.sub, "connection_id": connection["id"], "target_ids": ids}
    records = {"Records": [{"messageId": "m1", "body": json.dumps(message)}]}
    assert load("analytics_poll").handler(records, Context(60)) == {"batchItemFailures": []}
    ((status, views),) = linked.database.fetch("SELECT status, views FROM post_analytics")
    assert status != "unavailable" and views > 0
    measured = {"user_id": client.sub, "connection_id": connection["id"], "account": True}
    assert load("analytics_poll").handler({"Records": [{"messageId": "m2", "body": json.dumps(measured)}]}, Context(60))
    assert linked.requests("instagram", "/") == 0


def test_the_quota_of_a_linked_account_is_told(linked: Platforms) -> None:
    client = Client()
    connection = connect(linked, client)
    publish(client, connection)
    path = f"/v1/connections/{connection['id']}/publishing-options"
    found = client.request("connect_callback", "GET", path).json
    assert (found["can_publish"], found["quota"]["used"], found["quota"]["limit"]) == (True, 1, 100)


def test_disconnecting_withdraws_the_persons_grant(linked: Platforms) -> None:
    client = Client()
    connection = connect(linked, client)
    answer = client.request("connect_callback", "DELETE", f"/v1/connections/{connection['id']}")
    assert answer.json["revoked"] is True, answer.text
    (user,) = linked.world.simulators["facebook"].state()["users"]
    assert user["granted"] == []


def test_a_grant_that_pages_live_on_is_kept_until_the_last_account_of_it(linked: Platforms) -> None:
    """Facebook Pages and linked Instagram accounts are connected by one app, so that one grant carries both."""
    client = Client()
    connections = [connect(linked, client), *linked.connect(client, "facebook")]
    outcomes = [
        client.request("connect_callback", "DELETE", f"/v1/connections/{connection['id']}").json["revoked"]
        for connection in connections
    ]
    assert outcomes == [False] * (len(connections) - 1) + [True]


def test_metas_deauthorize_callback_ends_linked_accounts_and_pages_of_its_subject(linked: Platforms) -> None:
    client = Client()
    connect(linked, client)
    linked.connect(client, "facebook")
    body = signed_request("facebook-app-secret", subject(linked))
    assert Client(None).request("connect_callback", "POST", "/v1/callbacks/meta/deauthorize", raw=body).status == 200
    found = client.request("connect_callback", "GET", "/v1/connections").json["items"]
    assert {(c["platform"], c["status"]) for c in found} == {
        ("facebook", "reauth_required"),
        ("instagram", "reauth_required"),
    }


def test_a_dead_page_token_is_told_to_the_person(linked: Platforms) -> None:
    client = Client()
    connection = connect(linked, client)
    act(linked, "expire_tokens", subcode=460)
    tested = client.request("connect_callback", "POST", f"/v1/connections/{connection['id']}/test").json
    assert (tested["ok"], tested["error_class"], tested["connection"]["status"]) == (False, "reauth", "reauth_required")


def test_the_two_logins_differ_in_what_platforms_says_of_them(linked: Platforms) -> None:
    items = Client().request("connect_callback", "GET", "/v1/platforms").json["items"]
    offers: Mapping[str, Json] = {
        found["registration"]: found for item in items if item["platform"] == "instagram" for found in item["registrations"]
    }
    assert [(name, found["can_delete"], found["can_revoke"]) for name, found in offers.items()] == [
        ("instagram", False, False),
        ("facebook", True, True),
    ]
    sources = {
        (name, kind["kind"], file["sort"]): file["sources"]
        for name, found in offers.items()
        for kind in found["kinds"]
        for file in kind["files"]
    }
    assert {key for key, found in sources.items() if "data" in found and key[2] == "video"} == {
        ("facebook", "reel", "video"),
        ("facebook", "story", "video"),
    }


def test_a_grant_that_facebook_keeps_is_removed_by_hand_at_facebook(linked: Platforms) -> None:
    client = Client()
    connection = connect(linked, client)
    refuse(linked, 2, method="DELETE", path="/me/permissions", times=-1)
    answer = client.request("connect_callback", "DELETE", f"/v1/connections/{connection['id']}").json
    assert (answer["revoked"], "on Facebook" in answer["advice"], "Instagram" in answer["advice"]) == (False, True, False)


def test_E7_with_the_setting_every_call_carries_the_proof_of_its_own_token(
    linked: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("META_APPSECRET_PROOF", "true")
    settings.settings.forget()
    act(linked, "settings", require_proof=1)
    client = Client()
    connection = connect(linked, client)
    assert delete(client, publish(client, connection)) == (True, None)
    assert client.request("connect_callback", "DELETE", f"/v1/connections/{connection['id']}").json["revoked"] is True
    calls = [entry for entry in linked.world.journal if entry.host == "graph.facebook.com" and "authorization" in entry.headers]
    assert calls and all("appsecret_proof=" in call.query for call in calls)
