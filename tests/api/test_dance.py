"""From the authorization URL to the connection, by every login and in every way in which it can end, on both engines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from local.simulators.facebook.oauth import DIALOG_ERRORS as FACEBOOK
from local.simulators.instagram.oauth import DIALOG_ERRORS as INSTAGRAM
from local.simulators.linkedin.oauth import DIALOG_ERRORS as LINKEDIN
from local.simulators.tiktok.oauth import DIALOG_ERRORS as TIKTOK
from noillusion.catalog.platforms import PlatformName
from noillusion.connections import connecting, offered
from noillusion.connections.callback_errors import CATALOG
from noillusion.core import clock
from noillusion.core.errors import Problem
from noillusion.settings import source as settings
from tests.api.conftest import Platforms
from tests.api.harness import Answer, Client
from tests.api.test_patches import at_once

EXPECTED = {
    "access_denied": "unrecognized",
    "app_unavailable": "app_unavailable",
    "blocked": "account_restricted",
    "cancel_login": "declined",
    "deny": "declined",
    "invalid_client": "app_refused",
    "invalid_request": "app_refused",
    "invalid_scope": "scope_refused",
    "server_error": "platform_unavailable",
    "temporarily_unavailable": "platform_unavailable",
    "unauthorized_client": "app_refused",
    "unauthorized_scope_error": "scope_refused",
    "unknown_error": "platform_unavailable",
    "unsupported_response_type": "app_refused",
}
"""Error that a dialog is asked for → what the frontend is told."""


@dataclass(frozen=True)
class Login:
    """A way to connect accounts."""

    platform: str
    errors: Mapping[str, Any]
    """The errors of its dialog."""
    token_path: str
    """Where its code is exchanged."""
    declinable: str = ""
    """A scope that the person can decline, without which nothing can be published."""
    settings: Mapping[str, str] = field(default_factory=dict)
    wanted: Mapping[str, Any] = field(default_factory=dict)
    """What is asked for at authorization."""
    simulator: str = ""
    """The simulator whose dialog it is, if it is not the platform's own."""
    before: tuple[str, Mapping[str, Any]] | None = None
    """An action at the dialog's platform without which there is nothing to connect."""
    empty: Mapping[str, Any] | None = None
    """What the person ticks to give access to no account, where that is possible."""

    @property
    def dialog(self) -> str:
        """The simulator whose dialog it is."""
        return self.simulator or self.platform


LOGINS = {
    "facebook": Login("facebook", FACEBOOK, "oauth/access_token$", "pages_manage_posts", empty={"accounts": []}),
    "facebook business": Login(
        "facebook",
        FACEBOOK,
        "oauth/access_token$",
        settings={"FACEBOOK_CONFIG_ID": "700000000000001"},
        empty={"accounts": []},
    ),
    "instagram": Login("instagram", INSTAGRAM, "access_token$", "instagram_business_content_publish"),
    "instagram by Facebook": Login(
        "instagram",
        FACEBOOK,
        "oauth/access_token$",
        "instagram_content_publish",
        settings={"INSTAGRAM_FACEBOOK_CLIENT_ID": "facebook-app", "INSTAGRAM_FACEBOOK_CLIENT_SECRET": "facebook-app-secret"},
        wanted={"wanted": ["deletion"]},
        simulator="facebook",
        empty={"accounts": []},
        before=("user", {"pages": [{"id": "101000000000001", "instagram": "17841400000000001"}]}),
    ),
    "linkedin share": Login("linkedin", LINKEDIN, "accessToken$"),
    "linkedin community": Login(
        "linkedin",
        LINKEDIN,
        "accessToken$",
        settings={
            "LINKEDIN_COMMUNITY_CLIENT_ID": "linkedin-community-app",
            "LINKEDIN_COMMUNITY_CLIENT_SECRET": "linkedin-community-app-secret",
        },
        wanted={"wanted": ["organizations"]},
    ),
    "tiktok": Login("tiktok", TIKTOK, "oauth/token/$", "video.publish"),
    "tiktok audited": Login(
        "tiktok",
        TIKTOK,
        "oauth/token/$",
        "video.publish",
        settings={"TIKTOK_AUDITED": "true"},
        wanted={"wanted": ["public_posts"]},
    ),
}


@dataclass
class Dance:
    """A person who connects an account by one login."""

    platforms: Platforms
    login: Login
    client: Client = field(default_factory=Client)

    @property
    def name(self) -> PlatformName:
        """The platform."""
        return cast("PlatformName", self.login.platform)

    def consent(self, **options: Any) -> None:
        """Set what the person in front of the dialog decides."""
        answer = httpx.post(f"{self.platforms.base}/_control/{self.login.dialog}/consent", json=options).json()
        assert "error" not in answer, answer

    def act(self, action: str, **options: Any) -> None:
        """Something happens at the platform."""
        httpx.post(f"{self.platforms.base}/_control/{self.login.dialog}/{action}", json=options).raise_for_status()

    def authorize(self) -> str:
        """Begin; the URL of the dialog."""
        path = f"/v1/connections/{self.login.platform}/authorize"
        answer = self.client.request("connect_callback", "POST", path, body=dict(self.login.wanted))
        assert answer.status == 200, answer.text
        return str(answer.json["authorization_url"])

    def at_dialog(self, url: str) -> dict[str, str]:
        """Go to the dialog; the parameters with which the browser comes back."""
        answer = httpx.get(url)
        assert answer.status_code == 302, answer.text
        return {key: values[0] for key, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}

    def callback(self, query: Mapping[str, str], seconds: float = 29.0) -> Answer:
        """The browser comes back."""
        path = f"/v1/oauth/{self.login.platform}/callback"
        return Client(None, seconds).request("connect_callback", "GET", path, query=dict(query))

    def go(self) -> Answer:
        """From the authorization to the answer of the callback."""
        return self.callback(self.at_dialog(self.authorize()))

    def pending(self, handle: str) -> Answer:
        """The accounts to choose from."""
        return self.client.request("connect_callback", "GET", f"/v1/connections/pending/{handle}")

    def confirm(self, handle: str, accounts: list[str]) -> Answer:
        """Connect some."""
        path = f"/v1/connections/pending/{handle}/confirm"
        return self.client.request("connect_callback", "POST", path, body={"account_ids": accounts})

    def connect(self) -> list[dict[str, Any]]:
        """The whole way; the connections."""
        handle = self.go().json["pending_id"]
        chosen = [account["id"] for account in self.pending(handle).json["accounts"] if account["can_publish"]]
        answer = self.confirm(handle, chosen)
        assert answer.status == 200, answer.text
        return list(answer.json["items"])

    def connections(self) -> list[dict[str, Any]]:
        """What is connected."""
        return list(self.client.request("connect_callback", "GET", "/v1/connections").json["items"])

    def attempts(self) -> list[tuple[str, str | None, bool]]:
        """State, error and whether a grant is kept, of each attempt."""
        found = self.platforms.database.fetch("SELECT state, error_code, sealed_credentials FROM connection_attempts")
        return [(state, error, sealed is not None) for state, error, sealed in found]


@pytest.fixture(params=LOGINS)
def dance(request: pytest.FixtureRequest, platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> Dance:
    """Each login in turn."""
    login = LOGINS[request.param]
    for name, value in login.settings.items():
        monkeypatch.setenv(name, value)
    settings.settings.forget()
    found = Dance(platforms, login)
    if login.before:
        found.act(login.before[0], **login.before[1])
    return found


def refused(answer: Answer) -> tuple[str | None, bool | None]:
    """The error of a callback and whether starting again can help, which go with the catalog."""
    assert answer.status == 200, answer.text
    error = answer.json["error"]
    entry = CATALOG[error]
    assert (answer.json["advice"], answer.json["retryable"]) == (entry.advice, entry.retryable)
    assert answer.json["pending_id"] is None
    return error, entry.retryable


def later(monkeypatch: pytest.MonkeyPatch, after: timedelta) -> None:
    """Let time pass here."""
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + after)


def test_success(dance: Dance) -> None:
    connected = dance.connect()
    assert connected and {c["status"] for c in connected} == {"active"}
    assert {c["id"] for c in dance.connections()} == {c["id"] for c in connected}
    for connection in connected:
        tested = dance.client.request("connect_callback", "POST", f"/v1/connections/{connection['id']}/test")
        assert tested.json["ok"] is True, tested.text
    assert dance.attempts() == [("completed", None, False)]


def test_E8_each_error_of_the_dialog(dance: Dance) -> None:
    for name in dance.login.errors:
        dance.consent(decision=name)
        error = "declined" if (dance.login.dialog, name) == ("tiktok", "access_denied") else EXPECTED[name]
        assert refused(dance.go()) == (error, CATALOG[error].retryable), name  # type: ignore[index]
    assert dance.connections() == [] and {state for state, _, _ in dance.attempts()} == {"failed"}
    assert not [e for e in dance.platforms.world.journal if e.path.endswith(dance.login.token_path.rstrip("$"))]
    dance.consent(decision="grant")
    assert dance.connect(), "starting again works"


def test_partial_consent_is_told_with_what_it_costs(dance: Dance) -> None:
    if not dance.login.declinable:
        return
    dance.consent(declined_scopes=[dance.login.declinable])
    found = dance.pending(dance.go().json["pending_id"]).json
    assert dance.login.declinable in [missing["scope"] for missing in found["missing_scopes"]]
    assert all(missing["feature"] for missing in found["missing_scopes"])
    assert dance.login.declinable not in found["granted_scopes"]


def test_no_accounts_says_why_and_can_be_withdrawn(dance: Dance) -> None:
    if dance.login.empty is None:
        return
    dance.consent(**dance.login.empty)
    handle = dance.go().json["pending_id"]
    found = dance.pending(handle).json
    assert found["accounts"] == [] and found["empty_reason"]
    assert dance.confirm(handle, ["1"]).status == 422
    declined = dance.client.request("connect_callback", "DELETE", f"/v1/connections/pending/{handle}")
    assert (declined.status, declined.json["revoked"]) == (200, True)
    assert dance.attempts() == [] and dance.connections() == []


def test_a_grant_that_is_revoked_in_between_is_told_and_forgotten(dance: Dance, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (dance.go().json["pending_id"] for _ in range(2))
    (account, *_) = dance.pending(second).json["accounts"]
    dance.act("revoke")
    young = dance.pending(first)
    assert (young.status, young.json["code"], young.json["retry_after"]) == (502, "accounts_unavailable", 10)
    later(monkeypatch, offered.SETTLES_WITHIN + timedelta(seconds=1))
    seen = dance.pending(first), dance.confirm(second, [account["id"]])
    assert [(answer.status, answer.json["code"]) for answer in seen] == [(409, "grant_revoked")] * 2
    assert [dance.pending(handle).status for handle in (first, second)] == [404, 404]
    assert dance.attempts() == [] and dance.connections() == []
    notices = dance.client.request("profile", "GET", "/v1/notifications").json["items"]
    assert notices == [], "nobody is asked to remove what is gone"


def test_D6_a_code_is_used_once(dance: Dance) -> None:
    first = dance.at_dialog(dance.authorize())
    assert dance.callback(first).json["pending_id"]
    replayed = dance.callback(first)
    assert (replayed.status, replayed.json["code"]) == (400, "invalid_state")
    asked = len(dance.platforms.world.journal)
    other = {**dance.at_dialog(dance.authorize()), "code": first["code"]}
    assert len(dance.platforms.world.journal) == asked + 1
    assert refused(dance.callback(other)) == ("code_refused", True)
    assert sorted(state for state, _, _ in dance.attempts()) == ["authorised", "failed"]


def test_D6_a_state_that_comes_back_several_times_at_once_is_used_once(dance: Dance) -> None:
    returned = dance.at_dialog(dance.authorize())
    deadline = clock.monotonic() + 20
    results = at_once(*(connecting.callback(dance.name, returned, deadline) for _ in range(6)))
    refused_ones = [result for result in results if isinstance(result, Problem)]
    assert [problem.code for problem in refused_ones] == ["invalid_state"] * 5
    ((_, result),) = (result for result in results if not isinstance(result, Problem))
    assert result.pending_id and dance.attempts() == [("authorised", None, True)]


def test_D6_a_code_without_the_state_of_a_started_attempt_is_never_sent_to_the_platform(dance: Dance) -> None:
    returned = dance.at_dialog(dance.authorize())
    asked = len(dance.platforms.world.journal)
    other = "linkedin" if dance.login.platform != "linkedin" else "tiktok"
    for query in ({"code": returned["code"]}, {**returned, "state": "x"}, {**returned, "state": f"{returned['state']}x"}):
        assert dance.callback(query).status == 400
    elsewhere = Client(None).request("connect_callback", "GET", f"/v1/oauth/{other}/callback", query=returned)
    assert (elsewhere.status, elsewhere.json["code"]) == (400, "invalid_state")
    assert len(dance.platforms.world.journal) == asked
    assert dance.callback(returned).json["pending_id"], "the right one still works"


FAULTS: Mapping[str, tuple[dict[str, Any], str]] = {
    "failing": ({"status": 503, "body": "", "times": -1}, "platform_unavailable"),
    "a page of a proxy": ({"status": 502, "body": "<html>502</html>", "times": -1}, "platform_unavailable"),
    "cut off": ({"drop": True, "times": -1}, "platform_unavailable"),
    "cut off after it acted": ({"drop": True, "times": 1, "when": "after"}, "code_refused"),
    "no tokens in the reply": ({"status": 200, "body": {}, "times": -1}, "unrecognized"),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_a_failing_token_endpoint_ends_the_attempt_and_stores_nothing(dance: Dance, kind: str) -> None:
    fault, error = FAULTS[kind]
    dance.platforms.fault(platform=dance.login.dialog, path=dance.login.token_path, **fault)
    assert refused(dance.go())[0] == error
    assert dance.attempts() == [("failed", error, False)] and dance.connections() == []
    httpx.delete(f"{dance.platforms.base}/_control/faults").raise_for_status()
    assert dance.connect(), "starting again works"


def test_a_token_endpoint_that_fails_once_is_asked_again(dance: Dance) -> None:
    dance.platforms.fault(platform=dance.login.dialog, path=dance.login.token_path, status=503, body="", times=1)
    assert dance.go().json["pending_id"]


def test_a_slow_token_endpoint_ends_with_the_request(dance: Dance) -> None:
    dance.platforms.fault(platform=dance.login.dialog, path=dance.login.token_path, delay_ms=5_000, times=-1)
    returned = dance.at_dialog(dance.authorize())
    began = clock.monotonic()
    assert refused(dance.callback(returned, seconds=2.0))[0] == "platform_unavailable"
    assert clock.monotonic() - began < 4
    assert dance.attempts() == [("failed", "platform_unavailable", False)]


def test_a_platform_that_lists_no_accounts_for_a_moment_is_asked_again(dance: Dance) -> None:
    handle = dance.go().json["pending_id"]
    dance.platforms.fault(platform=dance.login.dialog, method="GET", status=503, body="", times=-1)
    failed = dance.pending(handle)
    assert (failed.status, failed.json["code"]) == (502, "accounts_unavailable")
    httpx.delete(f"{dance.platforms.base}/_control/faults").raise_for_status()
    (account, *_) = dance.pending(handle).json["accounts"]
    assert dance.confirm(handle, [account["id"]]).status == 200


def test_D6_no_dialog_is_asked_for_pkce_which_no_platform_has_for_web_applications(dance: Dance) -> None:
    asked = parse_qs(urlsplit(dance.authorize()).query)
    assert not {"code_challenge", "code_challenge_method", "nonce"} & set(asked)
    assert asked["state"] and asked["response_type"] == ["code"]
