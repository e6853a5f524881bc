"""The test of a connection: whether it works, whose it is, what it may do now, how long, and how much is left (C8, D2, F10)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from noillusion.catalog.registrations import REGISTRATIONS as REGISTRATIONS_OF_ALL
from noillusion.settings import source as settings
from tests.api.conftest import Platforms
from tests.api.harness import Client

ALL = ("facebook", "instagram", "linkedin", "tiktok")
REGISTRATIONS = [(found.platform, found.name) for found in REGISTRATIONS_OF_ALL]
TELLS_NO_SCOPES = ("instagram", "instagram")
CANARY = "canary-7f3a"


def test_of(connection: dict[str, Any]) -> dict[str, Any]:
    answer = Client().request("connect_callback", "POST", f"/v1/connections/{connection['id']}/test")
    assert answer.status == 200, answer.text
    return dict(answer.json)


test_of.__test__ = False  # type: ignore[attr-defined]


SETTINGS = {
    "business": {"FACEBOOK_CONFIG_ID": "700000000000001"},
    "facebook": {"INSTAGRAM_FACEBOOK_CLIENT_ID": "facebook-app", "INSTAGRAM_FACEBOOK_CLIENT_SECRET": "facebook-app-secret"},
}
"""Registrations that not every deployment of the tests has, and their settings."""


def connected_by(
    platforms: Platforms, monkeypatch: pytest.MonkeyPatch, platform: str, registration: str, sub: str = "auth0|alice"
) -> list[dict[str, Any]]:
    """Connect every account by one registration."""
    for name, value in SETTINGS.get(registration, {}).items():
        monkeypatch.setenv(name, value)
    settings.settings.forget()
    if registration == "facebook":
        pages = [{"id": "101000000000001", "instagram": "17841400000000001"}]
        httpx.post(f"{platforms.base}/_control/facebook/user", json={"pages": pages}).raise_for_status()
    return platforms.connect(Client(sub), platform, registration=registration)


@pytest.mark.parametrize(("platform", "registration"), REGISTRATIONS)
def test_it_tells_latency_identity_permissions_and_ends(
    platforms: Platforms, monkeypatch: pytest.MonkeyPatch, platform: str, registration: str
) -> None:
    *_, connection = connected_by(platforms, monkeypatch, platform, registration)
    told = test_of(connection)
    assert told["ok"] is True and told["error_class"] is None
    assert 0 <= told["latency_ms"] < 10_000
    assert told["identity"]["account_id"] == connection["account_id"]
    assert told["identity"]["name"] == connection["display_name"]
    assert told["scopes_told"] is ((platform, registration) != TELLS_NO_SCOPES)
    assert sorted(told["connection"]["granted_scopes"]) == sorted(connection["granted_scopes"])
    assert told["connection"]["missing_scopes"] == connection["missing_scopes"]
    assert told["connection"]["checked_at"]
    if platform == "linkedin":
        stored = datetime.fromisoformat(connection["access_expires_at"])
        assert abs(datetime.fromisoformat(told["access_expires_at"]) - stored) < timedelta(minutes=1)
    if platform == "facebook":
        # A Page's token does not expire; the access to the person's data does (platforms.md 0.4).
        assert told["access_expires_at"] is None
        assert datetime.fromisoformat(told["data_access_expires_at"]) > datetime.now(UTC) + timedelta(days=80)
    quota = told["quota"]
    assert (quota is not None) is (platform == "instagram")
    assert quota is None or (quota["used"], quota["period_s"]) == (0, 86_400)


def take_back(platforms: Platforms, platform: str, scope: str) -> None:
    """The person takes back one permission in the platform's settings."""
    if platform == "tiktok":
        httpx.post(f"{platforms.base}/_control/tiktok/take_back", json={"scopes": [scope]}).raise_for_status()
        return
    (asked, *_) = (e for e in platforms.world.journal if e.path.endswith("/me/permissions"))
    headers = {"authorization": asked.headers["authorization"]}
    url = f"{platforms.base}/graph.facebook.com/v26.0/me/permissions/{scope}"
    httpx.delete(url, headers=headers).raise_for_status()


@pytest.mark.parametrize(
    ("platform", "scope"),
    [("facebook", "pages_manage_posts"), ("tiktok", "video.list"), ("tiktok", "user.info.stats")],
)
def test_D2_a_permission_that_was_taken_back_is_missing_from_then_on(platforms: Platforms, platform: str, scope: str) -> None:
    client = Client()
    connection, *_ = platforms.connect(client, platform)
    assert scope in connection["granted_scopes"]
    take_back(platforms, platform, scope)
    told = test_of(connection)
    assert told["ok"] is True and told["scopes_told"] is True
    assert scope not in told["connection"]["granted_scopes"]
    missing = {cost["scope"]: cost["feature"] for cost in told["connection"]["missing_scopes"]}
    assert missing[scope]
    listed = client.request("connect_callback", "GET", f"/v1/connections/{connection['id']}").json
    assert listed["granted_scopes"] == told["connection"]["granted_scopes"] and listed["status"] == "active"


@pytest.mark.parametrize(
    ("platform", "path", "fault"),
    [
        ("facebook", "debug_token", {"status": 500, "body": "<html>"}),
        ("facebook", "debug_token", {"status": 200, "body": {"data": {"is_valid": False, "scopes": []}}}),
        ("facebook", "debug_token", {"status": 200, "body": {"data": {"is_valid": True, "scopes": "all"}}}),
        ("linkedin", "introspectToken", {"status": 503, "body": ""}),
        ("linkedin", "introspectToken", {"status": 200, "body": {"active": False}}),
        ("linkedin", "introspectToken", {"status": 200, "body": {"active": True, "scope": "", "expires_at": 10**14}}),
        ("tiktok", "video/list", {"status": 500, "body": ""}),
        ("instagram", "content_publishing_limit", {"status": 500, "body": ""}),
    ],
)
def test_C8_what_is_not_told_changes_nothing(platforms: Platforms, platform: str, path: str, fault: dict[str, Any]) -> None:
    connection, *_ = platforms.connect(Client(), platform)
    platforms.fault(platform=platform, path=path, times=-1, **fault)
    told = test_of(connection)
    assert told["ok"] is True and told["quota"] is None
    assert sorted(told["connection"]["granted_scopes"]) == sorted(connection["granted_scopes"])
    assert told["scopes_told"] is (platform == "tiktok")
    assert told["connection"]["status"] == "active"


@pytest.mark.parametrize(
    ("platform", "path", "body"),
    [
        ("facebook", "v26.0/[0-9]+$", {"id": "1", "name": "Another"}),
        ("instagram", "/me$", {"user_id": "1", "username": "another"}),
        ("linkedin", "/userinfo", {"sub": "another", "name": "Another"}),
        ("tiktok", "/user/info/", {"data": {"user": {"open_id": "another"}}, "error": {"code": "ok"}}),
    ],
)
def test_a_token_of_another_account_is_no_working_connection(
    platforms: Platforms, platform: str, path: str, body: dict[str, Any]
) -> None:
    connection, *_ = platforms.connect(Client(), platform)
    platforms.fault(platform=platform, path=path, status=200, body=body, times=-1)
    told = test_of(connection)
    assert (told["ok"], told["error_class"], told["platform_code"]) == (False, "reauth", "another_account")
    assert told["advice"] and told["identity"]["account_id"] in ("1", "another")
    assert told["connection"]["status"] == "active" and told["connection"]["checked_at"] is None


@pytest.mark.parametrize("platform", ALL)
def test_a_test_that_fails_tells_no_identity_and_what_to_do(platforms: Platforms, platform: str) -> None:
    connection, *_ = platforms.connect(Client(), platform)
    platforms.fault(platform=platform, path="", status=503, body="", times=-1)
    told = test_of(connection)
    assert (told["ok"], told["error_class"], told["identity"], told["latency_ms"]) == (False, "transient", None, None)
    assert told["advice"] and told["connection"]["status"] == "active"


def test_the_names_of_the_account_are_neither_stored_nor_logged(platforms: Platforms, capsys: pytest.CaptureFixture[str]) -> None:
    (connection,) = platforms.connect(Client(), "tiktok")
    httpx.post(f"{platforms.base}/_control/tiktok/user", json={"display_name": CANARY}).raise_for_status()
    assert test_of(connection)["identity"]["name"] == CANARY
    assert CANARY not in platforms.database.dump()
    assert CANARY not in "".join(capsys.readouterr())
