"""Connecting that fails for a side reason, by the rows D of the page of failure classes in docs/reference, over HTTP."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from noillusion.catalog.platforms import NAMES
from noillusion.connections import connecting
from noillusion.core import clock
from noillusion.settings import source as settings
from tests.api.conftest import Platforms
from tests.api.harness import Answer, Client
from tests.api.test_publishing import PHOTO, TIKTOK, Publisher


def authorize(client: Client, platform: str, **body: object) -> Answer:
    """Begin to connect."""
    return client.request("connect_callback", "POST", f"/v1/connections/{platform}/authorize", body=body)


def query_of(answer: Answer) -> dict[str, str]:
    """The parameters of the dialog's URL."""
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.json["authorization_url"]).query).items()}


def test_D2_a_person_is_asked_only_for_what_the_login_needs_and_is_told_what_each_scope_is_for(platforms: Platforms) -> None:
    answer = authorize(Client(), "linkedin")
    asked = query_of(answer)["scope"].split()
    assert asked == ["openid", "profile", "w_member_social"], "no scope of organizations, which would be refused"
    assert [scope["scope"] for scope in answer.json["scopes"]] == asked
    assert all(scope["feature"] for scope in answer.json["scopes"])


@pytest.mark.parametrize(("platform", "scope"), [("facebook", "read_insights"), ("tiktok", "video.list")])
def test_D2_a_scope_that_is_missing_costs_its_feature_and_nothing_else(platforms: Platforms, platform: str, scope: str) -> None:
    platforms.world.simulators[platform].actions["consent"]({"declined_scopes": [scope]})
    connected = platforms.connect(Client(), platform)
    assert connected and {c["status"] for c in connected} == {"active"}
    missing = [missing for c in connected for missing in c["missing_scopes"]]
    assert {m["scope"] for m in missing} == {scope} and all(m["feature"] for m in missing)


def test_D5_a_post_on_tiktok_needs_a_chosen_audience_and_a_consent(platforms: Platforms) -> None:
    publisher = Publisher(platforms)
    target = {"connection_id": publisher.connections["tiktok"], "content": {"text": "Hello", "media": [PHOTO]}}
    for options in ({}, {"privacy_level": "SELF_ONLY"}, {"consent": True}, {"privacy_level": "SELF_ONLY", "consent": False}):
        body = {"targets": [{**target, "options": {"tiktok": options}}]}
        checked = publisher.client.request("publish", "POST", "/v1/posts/check", body=body)
        problems = checked.json.get("errors") or checked.json["targets"][0]["problems"]
        assert checked.status == 422 or problems, options
    assert platforms.posts("tiktok") == []


def test_D5_the_audiences_are_those_that_the_creator_has(platforms: Platforms) -> None:
    publisher = Publisher(platforms)
    path = f"/v1/connections/{publisher.connections['tiktok']}/publishing-options"
    assert "PUBLIC_TO_EVERYONE" in publisher.client.request("connect_callback", "GET", path).json["privacy_levels"]
    platforms.world.simulators["tiktok"].actions["user"]({"private": True})
    levels = publisher.client.request("connect_callback", "GET", path).json["privacy_levels"]
    assert levels and "PUBLIC_TO_EVERYONE" not in levels
    body = publisher.body("tiktok")
    assert body["targets"][0]["options"] == TIKTOK
    refused = publisher.publish("k", body)
    (target,) = refused.json["targets"]
    assert (target["status"], target["error"]["platform_code"]) == ("failed", "privacy_level_option_mismatch")
    assert platforms.posts("tiktok") == []


def test_D5_an_app_without_the_audit_offers_no_public_posts_and_says_why(
    platforms: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    for audited, status in (("true", 200), ("false", 422)):
        monkeypatch.setenv("TIKTOK_AUDITED", audited)
        settings.settings.forget()
        answer = authorize(Client(), "tiktok", wanted=["public_posts"])
        assert answer.status == status, answer.text
    (error,) = answer.json["errors"]
    assert error["field"].startswith("wanted") and "TikTok's audit" in error["message"]
    assert authorize(Client(), "tiktok", wanted=["creator"]).status == 200, "the account can be connected all the same"


@pytest.mark.parametrize("platform", NAMES)
def test_D6_a_state_is_of_one_attempt_one_platform_and_ten_minutes(
    platforms: Platforms, monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    client = Client()
    states = [query_of(authorize(client, platform))["state"] for _ in range(2)]
    assert len(set(states)) == 2
    now = clock.now()
    for after, status in ((connecting.ATTEMPT_LIFE - timedelta(seconds=5), 200), (connecting.ATTEMPT_LIFE, 400)):
        monkeypatch.setattr(clock, "now", lambda after=after: now + after)
        query = {"state": states.pop(), "error": "server_error"}
        answer = Client(None).request("connect_callback", "GET", f"/v1/oauth/{platform}/callback", query=query)
        assert answer.status == status, answer.text
    assert answer.json["code"] == "invalid_state"


def test_D6_a_state_that_is_altered_anywhere_is_refused(platforms: Platforms) -> None:
    state = query_of(authorize(Client(), "tiktok"))["state"]
    for position in range(0, len(state) - 1, 7):
        letter = "A" if state[position] != "A" else "B"
        altered = state[:position] + letter + state[position + 1 :]
        query = {"state": altered, "code": "c"}
        answer = Client(None).request("connect_callback", "GET", "/v1/oauth/tiktok/callback", query=query)
        assert (answer.status, answer.json["code"]) == (400, "invalid_state"), position
    assert platforms.requests("tiktok", "token") == 0


def test_D6_the_grant_is_given_to_the_user_who_started_and_the_browser_that_came_back(platforms: Platforms) -> None:
    # Mallory starts, and has Alice finish at the platform: neither can confirm.
    begun = authorize(Client("auth0|mallory"), "tiktok").json
    handle = platforms.come_back(Client("auth0|alice"), "tiktok", begun["authorization_url"]).json["pending_id"]
    path = f"/v1/connections/pending/{handle}"
    assert Client("auth0|alice").request("connect_callback", "GET", path).status == 404
    assert handle not in str(begun), "Mallory never learns the handle"
    stored = platforms.database.fetch("SELECT handle_hash FROM connection_attempts")
    assert all(handle not in str(row) for row in stored)
