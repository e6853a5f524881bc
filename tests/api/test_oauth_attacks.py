"""T10: attacks on connecting. Each is refused, and nothing is stored for anybody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from jose import jwt

from noillusion.core import clock
from tests.api.conftest import Platforms
from tests.api.harness import Answer, Client

ALICE, MALLORY = Client("auth0|alice"), Client("auth0|mallory")
ALL = ("facebook", "instagram", "linkedin", "tiktok")


def begin(client: Client, platform: str) -> str:
    """The URL of the dialog."""
    answer = client.request("connect_callback", "POST", f"/v1/connections/{platform}/authorize", body={})
    return str(answer.json["authorization_url"])


def agreed(url: str) -> dict[str, str]:
    """What the browser brings back from a dialog that the person agreed to."""
    location = httpx.get(url).headers["location"]
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def state_of(url: str) -> str:
    """The state in the URL of a dialog."""
    return parse_qs(urlsplit(url).query)["state"][0]


def come_back(platform: str, query: dict[str, str]) -> Answer:
    """Somebody's browser opens the callback."""
    return Client(None).request("connect_callback", "GET", f"/v1/oauth/{platform}/callback", query=query)


def grants(platforms: Platforms) -> int:
    """How many grants and connections are stored."""
    kept = "SELECT COUNT(*) FROM connection_attempts WHERE sealed_credentials IS NOT NULL"
    found = [platforms.database.fetch(query)[0][0] for query in (kept, "SELECT COUNT(*) FROM platform_connections")]
    return int(sum(found))


def refused(answer: Answer) -> bool:
    """Whether a callback was refused for its state."""
    return (answer.status, answer.json["code"]) == (400, "invalid_state")


@pytest.mark.parametrize("platform", ALL)
def test_T10_a_state_of_another_deployment_is_refused(platforms: Platforms, platform: str) -> None:
    back = agreed(begin(ALICE, platform))
    foreign = jwt.encode(jwt.get_unverified_claims(back["state"]), "another deployment's key of enough length", algorithm="HS256")
    assert refused(come_back(platform, {**back, "state": foreign}))
    assert grants(platforms) == 0
    assert come_back(platform, back).status == 200, "with its own signature it is good"


@pytest.mark.parametrize("platform", ALL)
def test_T10_a_state_that_was_used_is_refused(platforms: Platforms, platform: str) -> None:
    back = agreed(begin(ALICE, platform))
    assert come_back(platform, back).status == 200
    before = platforms.database.fetch("SELECT state, sealed_credentials FROM connection_attempts")
    assert refused(come_back(platform, back))
    assert refused(come_back(platform, {**back, "code": agreed(begin(ALICE, platform))["code"]}))
    assert before[0] in platforms.database.fetch("SELECT state, sealed_credentials FROM connection_attempts")
    assert grants(platforms) == 1


@pytest.mark.parametrize("platform", ALL)
def test_T10_a_state_past_its_ten_minutes_is_refused(
    platforms: Platforms, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = agreed(begin(ALICE, platform))
    later = datetime.now(UTC) + timedelta(minutes=10, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert refused(come_back(platform, back))
    assert grants(platforms) == 0


@pytest.mark.parametrize("platform", ALL)
def test_T10_a_state_of_another_platform_is_refused(platforms: Platforms, platform: str) -> None:
    back = agreed(begin(ALICE, platform))
    for other in ALL:
        if other != platform:
            assert refused(come_back(other, back))
    assert grants(platforms) == 0


@pytest.mark.parametrize("platform", ALL)
def test_T10_a_victims_browser_that_ends_the_attackers_dialog_gets_the_attacker_nothing_of_the_victims(
    platforms: Platforms, platform: str
) -> None:
    handle = come_back(platform, agreed(begin(MALLORY, platform))).json["pending_id"]
    path = f"/v1/connections/pending/{handle}"
    for method, suffix, body in (("GET", "", None), ("POST", "/confirm", {"account_ids": ["1"]}), ("DELETE", "", None)):
        assert ALICE.request("connect_callback", method, f"{path}{suffix}", body=body).status == 404
    assert ALICE.request("connect_callback", "GET", "/v1/connections").json["items"] == []


@pytest.mark.parametrize("platform", ALL)
def test_T10_a_grant_is_nothing_before_the_user_who_began_confirms_it(platforms: Platforms, platform: str) -> None:
    # A victim who was sent to the attacker's dialog brings a grant under the attacker's attempt. Its handle goes to the victim's
    # browser, which the attacker does not have.
    come_back(platform, agreed(begin(MALLORY, platform)))
    assert MALLORY.request("connect_callback", "GET", "/v1/connections").json["items"] == []
    assert platforms.database.fetch("SELECT COUNT(*) FROM platform_connections") == [(0,)]


@pytest.mark.parametrize("platform", ALL)
def test_T10_a_code_is_exchanged_once_whoever_brings_it(platforms: Platforms, platform: str) -> None:
    stolen = agreed(begin(ALICE, platform))
    assert come_back(platform, stolen).status == 200
    injected = come_back(platform, {**stolen, "state": state_of(begin(MALLORY, platform))})
    assert injected.json["pending_id"] is None and injected.json["error"], injected.text
    assert grants(platforms) == 1


@pytest.mark.parametrize("url", ["https://evil.test/", "//app.test/", "https://app.test@evil.test/", "javascript:alert(1)"])
def test_T10_the_browser_is_sent_nowhere_else(platforms: Platforms, url: str) -> None:
    body = {"return_url": url}
    answer = ALICE.request("connect_callback", "POST", "/v1/connections/tiktok/authorize", body=body)
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "return_url")
    assert platforms.database.fetch("SELECT COUNT(*) FROM connection_attempts") == [(0,)]
    forged = come_back("tiktok", {"state": "x", "code": "x", "return_url": url})
    assert refused(forged) and "location" not in forged.headers
