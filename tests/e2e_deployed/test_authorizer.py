"""The deployed authorizer: who gets in, and who does not, on every route that the product describes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from jose import jwt
from jose.backends import RSAKey

PUBLIC = (
    "/v1/health", "/v1/openapi.json", "/v1/oauth/", "/v1/callbacks/", "/v1/profile/deletion/", "/v1/media/", "/robots.txt",
    "/v1/schedules/links/",
    "/v1/calendar.ics",
)  # fmt: skip


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def public_key(run: dict[str, Any]) -> dict[str, Any]:
    (key,) = httpx.get(run["jwks_url"], trust_env=False).json()["keys"]
    return dict(key)


def claims(run: dict[str, Any], **changed: Any) -> dict[str, Any]:
    now = int(time.time())
    return {"iss": run["issuer"], "sub": "auth0|eve", "aud": [run["audience"]], "iat": now, "exp": now + 600, **changed}


def issued(run: dict[str, Any], **query: str) -> str:
    return str(httpx.get(run["token_url"], params=query, trust_env=False).json()["access_token"])


def of_a_stranger(run: dict[str, Any]) -> str:
    answer = httpx.get(f"{run['control']}/stranger/token", trust_env=False).json()
    assert jwt.get_unverified_claims(answer["access_token"])["iss"] != run["issuer"]
    assert jwt.get_unverified_header(answer["access_token"])["kid"] == public_key(run)["kid"]
    return str(answer["access_token"])


def unsigned(run: dict[str, Any]) -> str:
    return f"{part({'alg': 'none', 'typ': 'JWT', 'kid': public_key(run)['kid']})}.{part(claims(run))}."


def signed_with_the_public_key(run: dict[str, Any]) -> str:
    key = public_key(run)
    assert RSAKey is not None
    pem = RSAKey(key, "RS256").to_pem()
    head = f"{part({'alg': 'HS256', 'typ': 'JWT', 'kid': key['kid']})}.{part(claims(run))}"
    mac = hmac.new(pem, head.encode(), hashlib.sha256).digest()
    return f"{head}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def changed_afterwards(run: dict[str, Any]) -> str:
    head, _, signature = issued(run).split(".")
    return f"{head}.{part(claims(run))}.{signature}"


REFUSED: dict[str, Callable[[dict[str, Any]], str]] = {
    "garbage": lambda _: "not-a-token",
    "expired": lambda run: issued(run, expires_in="-60"),
    "other audience": lambda run: issued(run, audience="https://other.example"),
    "other issuer": of_a_stranger,
    "alg none": unsigned,
    "HS256": signed_with_the_public_key,
    "changed": changed_afterwards,
}


@pytest.fixture
def protected(api: httpx.Client) -> list[tuple[str, str]]:
    """Method and path of every route that needs a token, as the product describes itself."""
    described = api.get("/v1/openapi.json").json()["paths"]
    routes = [
        (method.upper(), path.replace("{", "").replace("}", "")) for path, methods in described.items() for method in methods
    ]
    return [(method, path) for method, path in routes if not path.startswith(PUBLIC)]


def test_no_route_answers_without_a_token(api: httpx.Client, protected: list[tuple[str, str]]) -> None:
    assert len(protected) >= 35
    answers = {route: api.request(*route).status_code for route in protected}
    assert answers == dict.fromkeys(protected, 401)


@pytest.mark.parametrize("kind", REFUSED)
def test_a_token_that_is_not_good_is_refused_everywhere(
    run: dict[str, Any], api: httpx.Client, protected: list[tuple[str, str]], kind: str
) -> None:
    headers = {"authorization": f"Bearer {REFUSED[kind](run)}"}
    answers = {route: api.request(*route, headers=headers).status_code for route in protected}
    assert answers == dict.fromkeys(protected, 401)


def test_a_good_token_gets_in_as_its_subject(run: dict[str, Any], api: httpx.Client) -> None:
    answer = api.get("/v1/profile", headers={"authorization": f"Bearer {issued(run, sub='auth0|newcomer')}"})
    assert (answer.status_code, answer.json()["user_id"]) == (200, "auth0|newcomer")


@pytest.mark.parametrize(("path", "scope"), [("/v1/profile", "account"), ("/v1/posts", "posts:read")])
def test_where_scopes_are_required_a_token_needs_that_of_the_route(
    run: dict[str, Any], api: httpx.Client, scopes_required: bool, path: str, scope: str
) -> None:
    def ask(granted: str) -> httpx.Response:
        return api.get(path, headers={"authorization": f"Bearer {issued(run, sub='auth0|scoped', scope=granted)}"})

    for granted in ("openid", f"{scope}x templates"):
        answer = ask(granted)
        if scopes_required:
            assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope"), answer.text
            assert answer.headers["www-authenticate"] == f'Bearer error="insufficient_scope", scope="{scope}"'
        else:
            assert answer.status_code == 200, answer.text
    assert ask(f"openid {scope}").status_code == 200


def test_the_update_turned_scopes_on(request: pytest.FixtureRequest, scopes_required: bool) -> None:
    assert scopes_required == (request.node.callspec.params["run"] == "updated")


def test_public_routes_need_no_token(api: httpx.Client) -> None:
    assert api.get("/v1/health").json()["status"] in ("ok", "late")
    assert api.get("/v1/openapi.json").json()["openapi"].startswith("3.")
    for path in ("/v1/callbacks/meta/deauthorize", "/v1/callbacks/meta/data-deletion", "/v1/callbacks/tiktok"):
        assert api.post(path).status_code == 400
    assert api.get("/v1/callbacks/meta/data-deletion/made-up").status_code == 404
    assert api.get("/v1/oauth/tiktok/callback").status_code == 400
