"""Where a deployment requires scopes, a token does what its scopes name and nothing else; elsewhere scopes change nothing."""

from __future__ import annotations

import json
import re
from typing import get_args

import pytest

from local.aws.events import render_claim
from local.aws.specs import RouteSpec
from noillusion.api import scopes
from noillusion.api.authority import RouteWithoutScope, check, granted
from noillusion.api.scopes import NEEDED, SCOPES, Scope, needed
from noillusion.settings import source as settings
from noillusion.settings.errors import SettingsError
from noillusion.settings.values import Settings
from tests.api.harness import ROOT, Answer, Client, filled, folder, template
from tests.support.databases import Store

GUARDED = [route for route in template().routes if route.authorized]
PUBLIC = [route for route in template().routes if not route.authorized]
EVERY = " ".join(SCOPES)


@pytest.fixture
def required(deployment: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A deployment that requires scopes."""
    monkeypatch.setenv("REQUIRE_SCOPES", "true")
    settings.settings.forget()
    return deployment


def ask(route: RouteSpec, claims: dict[str, str], sub: str = "auth0|alice") -> Answer:
    path = filled(route.path)
    body: dict[str, str] | None = {} if route.method in ("POST", "PUT", "PATCH") else None
    return Client(sub).request(folder(route.function), route.method, path, body=body, claims=claims)


def plain(key: str) -> str:
    return re.sub(r"\{\w+\}", "{}", key)


def refused(answer: Answer) -> bool:
    # The answer to a HEAD has no body.
    return answer.status == 403 and (answer.text == "" or answer.json["code"] == "insufficient_scope")


# ---- the table --------------------------------------------------------------------------------------------------------------


def test_every_route_that_takes_a_token_has_a_scope_and_no_other_has() -> None:
    assert {route.key for route in GUARDED if needed(route.key) is None} == set()
    assert {route.key for route in PUBLIC if needed(route.key) is not None} == set()
    assert len(NEEDED) == len(GUARDED) > 40


def test_every_scope_is_described_and_needed_somewhere() -> None:
    assert set(NEEDED.values()) == set(SCOPES) == set(get_args(Scope))


def test_a_scope_to_read_allows_no_change() -> None:
    changes = {route for route, scope in NEEDED.items() if scope.endswith(":read") and not route.startswith("GET ")}
    assert changes == set()


def test_the_security_page_lists_every_scope() -> None:
    page = (ROOT / "docs" / "security.md").read_text()
    assert re.findall(r"^\| `([a-z:]+)` \|", page, re.MULTILINE) == list(SCOPES)


# ---- the check --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: route.key)
def test_a_route_needs_its_scope_and_only_that(route: RouteSpec, required: Store) -> None:
    scope = needed(route.key)
    assert scope
    before = required.dump()
    for others in ({}, {"scope": ""}, {"scope": "openid profile"}, {"scope": EVERY.replace(scope, f"{scope}x x{scope}")}):
        answer = ask(route, others)
        assert refused(answer), (others, answer.text)
        assert answer.headers["www-authenticate"] == f'Bearer error="insufficient_scope", scope="{scope}"'
        assert answer.headers["cache-control"] == "no-store" and (route.method == "HEAD" or scope in answer.json["detail"])
    assert required.dump() == before
    assert not refused(ask(route, {"scope": f"openid {scope}"}))


@pytest.mark.parametrize("route", PUBLIC, ids=lambda route: route.key)
def test_a_public_route_needs_none(route: RouteSpec, required: Store) -> None:
    path = filled(route.path.replace("{proxy+}", "nowhere"))
    body: dict[str, str] | None = {} if route.method in ("POST", "PUT", "PATCH") else None
    assert not refused(Client(None).request(folder(route.function), route.method, path, body=body))


@pytest.mark.parametrize("route", [GUARDED[0], GUARDED[-1]], ids=lambda route: route.key)
def test_a_route_that_is_missing_from_the_table_lets_nobody_in(
    route: RouteSpec, required: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = required.dump()
    monkeypatch.setattr(scopes, "NEEDED", {key: scope for key, scope in NEEDED.items() if key != plain(route.key)})
    for claims in ({}, {"scope": EVERY}):
        answer = ask(route, claims)
        assert (answer.status, answer.json["code"]) == (500, "internal_error")
    assert required.dump() == before


@pytest.mark.parametrize("key", ["", "$default", "GET /v1/nowhere", "get /v1/profile", "GET  /v1/profile"])
def test_a_key_that_is_no_route_lets_nobody_in(key: str, required: Store) -> None:
    with pytest.raises(RouteWithoutScope):
        check(key, {"scope": EVERY})


def test_without_the_parameter_no_scope_is_needed(deployment: Store) -> None:
    assert [route.key for route in GUARDED if refused(ask(route, {}))] == []


def test_a_token_without_a_valid_user_is_refused_before_its_scopes_are_read(required: Store) -> None:
    answer = ask(GUARDED[0], {"scope": EVERY}, sub="system")
    assert (answer.status, answer.json["code"]) == (401, "unauthorized")


def test_scopes_of_a_machine_lead_to_its_own_data_only(required: Store) -> None:
    machine = Client("machine@clients")
    body = {"display_name": "Robot"}
    assert machine.request("profile", "PATCH", "/v1/profile", body=body, claims={"scope": "account"}).status == 200
    seen = machine.request("profile", "GET", "/v1/profile", claims={"scope": "account"})
    assert seen.json["display_name"] == "Robot"
    other = Client("auth0|alice").request("profile", "GET", "/v1/profile", claims={"scope": "account"})
    assert other.json["display_name"] == ""


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"scope": "posts:read generate"}, {"posts:read", "generate"}),
        ({"scp": render_claim(["posts:read", "generate"])}, {"posts:read", "generate"}),
        ({"scope": render_claim(["posts:read", "generate"])}, {"posts:read", "generate"}),
        ({"scope": "posts:read", "scp": "generate"}, {"posts:read"}),
        ({"permissions": render_claim(["posts:read"])}, set()),
        ({"scope": "  "}, set()),
        ({}, set()),
    ],
)
def test_scopes_are_read_as_issuers_write_them(claims: dict[str, str], expected: set[str]) -> None:
    assert granted(claims) == expected


@pytest.mark.parametrize(("text", "expected"), [("true", True), ("1", True), ("false", False), ("0", False), ("", False)])
def test_the_setting_is_read(text: str, expected: bool) -> None:
    assert Settings({"REQUIRE_SCOPES": text}).require_scopes is expected


@pytest.mark.parametrize("text", ["yes", "maybe", "on"])
def test_a_setting_that_could_mean_anything_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="REQUIRE_SCOPES must be true or false"):
        Settings({"REQUIRE_SCOPES": text}).check()


def test_the_refusal_says_nothing_of_the_token(required: Store) -> None:
    answer = ask(GUARDED[0], {"scope": "a-scope-that-nobody-knows"})
    assert "nobody-knows" not in json.dumps([answer.text, answer.headers])
