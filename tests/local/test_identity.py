"""The local issuer as applications and browsers meet it: logins, codes, refresh tokens, devices, machines, logout."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import stat
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest
from jose import jwt
from starlette.applications import Starlette

from local.identity.clients import Clients
from local.identity.issuer import Issuer, kept_key, new_key
from local.identity.provider import Provider
from local.identity.state import DEVICE_S, Person, State
from local.loopback import Guard
from noillusion.api.scopes import SCOPES
from tests.local.browser import VISIT, Browser, Json

BASE = "http://localhost:8001/_identity"
AUDIENCE = "https://api.noillusion.local"
APP = "http://localhost:3000"
BACK = f"{APP}/callback"
REMOTE = "https://app.example"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
SPA = {"client_id": "local-client"}
SERVER = {"client_id": "local-secret-client", "client_secret": "local-secret"}
ASK = {
    **SPA, "redirect_uri": BACK, "response_type": "code", "scope": "openid profile email offline_access", "state": "s&1",
    "nonce": "n-1", "code_challenge": CHALLENGE, "code_challenge_method": "S256", "audience": AUDIENCE,
}  # fmt: skip
PEM = new_key()


class World:
    """A provider behind the guard of its port, with a clock that tests move."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0
        self.issuer = Issuer(f"{BASE}/", AUDIENCE, PEM)
        clients = Clients({"other-client": None, "other-secret-client": "x"}, [APP, REMOTE], ["https://back.example/app"])
        self.provider = Provider(self.issuer, clients, State(lambda: self.now))
        self.app = Guard(Starlette(routes=[self.provider.mount("/_identity")]), "secret", clients.origins)

    def browser(self) -> Browser:
        """Somebody's browser, without cookies."""
        return Browser(self.app, BASE)

    def post(self, path: str, form: Json, **headers: str) -> httpx.Response:
        """What a program sends."""
        return self.browser().send("POST", path, form, headers)

    def token(self, form: Json) -> httpx.Response:
        return self.post("oauth/token", form)


@pytest.fixture
def world() -> World:
    return World()


def code_of(answer: httpx.Response) -> str:
    return returned(answer)["code"]


def returned(answer: httpx.Response) -> dict[str, str]:
    """The parameters with which a browser was sent back."""
    assert answer.status_code == 303, answer.text
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def logged_in(world: World, **changes: str) -> dict[str, Any]:
    """The tokens of a login through the page."""
    asked = {**ASK, **changes}
    code = code_of(world.browser().log_in(asked))
    return dict(redeem(world, code, client_id=asked["client_id"]).json())


def redeem(world: World, issued: str, **changes: str | None) -> httpx.Response:
    form = {"grant_type": "authorization_code", "code": issued, "redirect_uri": BACK, "code_verifier": VERIFIER, **SPA, **changes}
    return world.token({name: value for name, value in form.items() if value is not None})


def refresh(world: World, issued: str, **changes: str) -> httpx.Response:
    return world.token({"grant_type": "refresh_token", "refresh_token": issued, **SPA, **changes})


def error(answer: httpx.Response) -> str:
    """The code of an error answer (RFC 6749, 5.2)."""
    body = answer.json()
    assert set(body) == {"error", "error_description"} and answer.headers["cache-control"] == "no-store", body
    assert answer.status_code == (401 if body["error"] == "invalid_client" else 400), answer.status_code
    return str(body["error"])


# ---- authorization code ----------------------------------------------------------------------------------------------------


def test_a_person_logs_in_and_the_application_gets_their_tokens(world: World) -> None:
    browser = world.browser()
    sent_back = browser.log_in(ASK, "Ada@example.com")
    assert sent_back.headers["location"].startswith(f"{BACK}?") and returned(sent_back)["state"] == "s&1"
    tokens = redeem(world, code_of(sent_back)).json()
    access, identity = (jwt.get_unverified_claims(tokens[name]) for name in ("access_token", "id_token"))
    assert access["sub"] == identity["sub"] == f"auth0|{hashlib.sha256(b'ada@example.com').hexdigest()[:24]}"
    assert (access["aud"], access["azp"], access["iss"]) == ([AUDIENCE, f"{BASE}/userinfo"], "local-client", f"{BASE}/")
    assert (identity["aud"], identity["nonce"], identity["email"]) == ("local-client", "n-1", "Ada@example.com")
    assert "email" not in access, "the API learns the subject and nothing else"
    assert world.issuer.read(tokens["access_token"], AUDIENCE)
    assert (tokens["token_type"], tokens["expires_in"], tokens["scope"]) == ("Bearer", 86_400, ASK["scope"])
    info = browser.send("GET", "userinfo", headers={"authorization": f"Bearer {tokens['access_token']}"}).json()
    assert info == {"sub": access["sub"], "name": "Ada", "nickname": "Ada", "email": "Ada@example.com", "email_verified": True}


@pytest.mark.parametrize(
    ("typed", "subject"),
    [("auth0|me", "auth0|me"), (" google-oauth2|1 ", "google-oauth2|1"), ("ada", "auth0|ada"), ("x|Ü 漢", "x|Ü 漢")],
)
def test_a_subject_can_be_entered_as_it_is(world: World, typed: str, subject: str) -> None:
    tokens = redeem(world, code_of(world.browser().log_in(ASK, typed))).json()
    assert jwt.get_unverified_claims(tokens["id_token"])["sub"] == subject


@pytest.mark.parametrize("typed", ["", "   ", "a\0b", "a\u202eb", "x" * 201])
def test_nobody_in_particular_cannot_log_in(world: World, typed: str) -> None:
    answer = world.browser().log_in(ASK, typed)
    assert answer.status_code == 400 and 'role="alert"' in answer.text


def test_scopes_decide_what_is_given(world: World) -> None:
    plain = logged_in(world, scope="")
    assert not {"id_token", "refresh_token"} & set(plain)
    assert "email" not in jwt.get_unverified_claims(logged_in(world, scope="openid")["id_token"])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"code_verifier": None}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"code_verifier": "w" * 64}, "invalid_grant"),
        ({"code_verifier": CHALLENGE}, "invalid_grant"),
        ({"redirect_uri": f"{BACK}/"}, "invalid_grant"),
        ({"redirect_uri": None}, "invalid_grant"),
        ({"client_id": "other-client"}, "invalid_grant"),
        ({"client_id": "local-secret-client"}, "invalid_client"),
        ({"client_id": "nobody"}, "invalid_client"),
        ({"client_id": None}, "invalid_client"),
        ({"code": "x"}, "invalid_grant"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": None}, "unsupported_grant_type"),
    ],
)
def test_a_code_is_worth_nothing_without_what_belongs_to_it(world: World, changes: dict[str, str | None], expected: str) -> None:
    code = code_of(world.browser().log_in(ASK))
    assert error(redeem(world, code, **changes)) == expected


def test_a_code_is_used_once_and_a_second_use_ends_what_the_first_one_got(world: World) -> None:
    code = code_of(world.browser().log_in(ASK))
    tokens = redeem(world, code).json()
    assert error(redeem(world, code)) == "invalid_grant"
    assert error(refresh(world, tokens["refresh_token"])) == "invalid_grant"


def test_a_wrong_verifier_spends_the_code(world: World) -> None:
    code = code_of(world.browser().log_in(ASK))
    redeem(world, code, code_verifier="w" * 64)
    assert error(redeem(world, code)) == "invalid_grant"


def test_a_code_expires(world: World) -> None:
    code = code_of(world.browser().log_in(ASK))
    world.now += 121
    assert error(redeem(world, code)) == "invalid_grant"


def test_a_server_with_a_secret_needs_no_pkce_but_a_verifier_without_challenge_is_refused(world: World) -> None:
    asked = {name: value for name, value in ASK.items() if not name.startswith("code_")} | {"client_id": SERVER["client_id"]}
    first, second = (code_of(world.browser().log_in(asked)) for _ in range(2))
    assert redeem(world, first, **SERVER, code_verifier=None).json()["access_token"]
    assert error(redeem(world, second, **SERVER)) == "invalid_grant"


@pytest.mark.parametrize("secret", ["", "wrong", "local-secre"])
def test_a_server_proves_who_it_is(world: World, secret: str) -> None:
    asked = {**ASK, "client_id": SERVER["client_id"]}
    code = code_of(world.browser().log_in(asked))
    assert error(redeem(world, code, **{**SERVER, "client_secret": secret})) == "invalid_client"
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
    basic = base64.b64encode(f"{SERVER['client_id']}:{SERVER['client_secret']}".encode()).decode()
    assert world.post("oauth/token", form, authorization=f"Basic {basic}").json()["access_token"]


def test_the_token_endpoint_takes_json_as_auth0_does(world: World) -> None:
    form = {"grant_type": "client_credentials", **SERVER}
    answer = world.browser().send("POST", "oauth/token", headers={"content-type": "application/json"}, content=json.dumps(form))
    assert answer.json()["access_token"]
    for bad in ("[]", "{", '{"grant_type": 1}'):
        answer = world.browser().send("POST", "oauth/token", headers={"content-type": "application/json"}, content=bad)
        assert error(answer) == "invalid_request"


# ---- authorization requests ------------------------------------------------------------------------------------------------


EVIL = [
    "javascript:alert(1)", "https://evil.example/", "//evil.example", "http://localhost.evil.example/",
    "http://user@localhost/", "http://localhost@evil.example/",
    "http://evil.example\\@localhost/", "https://app.example.evil.example/", "https://app.example:444/", "http://app.example/",
    "http://localhost:3000/#x", "http://localhost:3000/ x", "https://back.example/", "https://back.example/application",
    "https://back.example/app/../evil", "https://back.example/app/%2e%2e/evil", "data:text/html,x", "", "/callback",
    "http://localhost:port/", "https://evil.example/?http://localhost", "http://0.0.0.0/", "http://10.0.0.1/", "myapp://callback",
]  # fmt: skip


@pytest.mark.parametrize("url", EVIL)
def test_nobody_is_sent_to_an_address_that_is_not_allowed(world: World, url: str) -> None:
    browser = world.browser()
    browser.log_in(ASK)
    for changes in ({}, {"prompt": "none"}, {"prompt": "none", "response_mode": "web_message"}, {"response_type": "token"}):
        answer = browser.visit("authorize", {**ASK, "redirect_uri": url, **changes})
        assert (answer.status_code, "location" in answer.headers) == (400, False)
        assert "ALLOWED_ORIGINS" in answer.text and "<script" not in answer.text
    for path, name in (("v2/logout", "returnTo"), ("oidc/logout", "post_logout_redirect_uri")):
        if url:
            answer = browser.visit(path, {name: url})
            assert (answer.status_code, "location" in answer.headers) == (400, False)


@pytest.mark.parametrize(
    "url",
    ["http://localhost/", "http://127.0.0.1:5173/a?b=c", "http://[::1]:1/", f"{REMOTE}/callback", "https://back.example/app",
     "https://back.example/app/x", "https://back.example/app?x"],
)  # fmt: skip
def test_a_frontend_of_this_machine_or_of_the_lists_gets_its_answer(world: World, url: str) -> None:
    answer = world.browser().log_in({**ASK, "redirect_uri": url})
    assert answer.headers["location"].startswith(f"{url}{'&' if '?' in url else '?'}code=")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": ""}, "unsupported_response_type"),
        ({"response_mode": "form_post"}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "nobody"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"audience": "https://other.example"}, "access_denied"),
        ({"scope": "openid\tx"}, "invalid_scope"),
        ({"request": "x"}, "request_not_supported"),
    ],
)
def test_what_an_application_asks_wrongly_it_is_told(world: World, changes: dict[str, str], expected: str) -> None:
    told = returned(world.browser().visit("authorize", {**ASK, **changes}))
    assert (told["error"], told["state"]) == (expected, "s&1") and told["error_description"]


def test_an_unknown_application_and_a_repeated_parameter_get_a_page(world: World) -> None:
    answer = world.browser().visit("authorize", {**ASK, "client_id": "nobody"})
    assert answer.status_code == 400 and "local-client" in answer.text and "LOCAL_CLIENTS" in answer.text
    twice = f"{urlencode(ASK)}&redirect_uri=https://evil.example/"
    assert world.browser().send("GET", f"authorize?{twice}").status_code == 400


def test_prompt_none_asks_nobody(world: World) -> None:
    browser = world.browser()
    assert returned(browser.visit("authorize", {**ASK, "prompt": "none"}))["error"] == "login_required"
    browser.log_in(ASK)
    assert "code" in returned(browser.visit("authorize", {**ASK, "prompt": "none"}))
    assert returned(world.browser().visit("authorize", {**ASK, "prompt": "none"}))["error"] == "login_required"
    world.now += 8 * 86_400
    assert returned(browser.visit("authorize", {**ASK, "prompt": "none"}))["error"] == "login_required"


def test_who_is_logged_in_is_asked_again_only_on_request(world: World) -> None:
    browser = world.browser()
    browser.log_in(ASK)
    assert "code" in returned(browser.visit("authorize", ASK))
    world.now += 60
    for more in ({"prompt": "login"}, {"max_age": "30"}, {"prompt": "select_account"}):
        page = browser.visit("authorize", {**ASK, **more, "login_hint": 'eve"><script>'})
        assert page.status_code == 200 and 'value="eve&quot;&gt;&lt;script&gt;"' in page.text
    assert "code" in returned(browser.visit("authorize", {**ASK, "max_age": "90"}))


def test_an_answer_can_come_in_the_fragment_or_as_a_message_to_its_application_only(world: World) -> None:
    browser = world.browser()
    location = browser.log_in({**ASK, "response_mode": "fragment"}).headers["location"]
    assert location.startswith(f"{BACK}#code=")
    state = "</script><script>alert(1)</script>"
    page = browser.visit("authorize", {**ASK, "response_mode": "web_message", "prompt": "none", "state": state})
    assert page.text.count("<script") == 1 and 'postMessage({"type": "authorization_response"' in page.text
    assert page.text.count(f'"{APP}"') == 1, "no other origin receives the message"
    assert f"frame-ancestors {APP};" in page.headers["content-security-policy"]
    refused = world.browser().visit("authorize", {**ASK, "response_mode": "web_message", "prompt": "none"})
    assert "login_required" in refused.text


def test_a_person_can_cancel(world: World) -> None:
    assert returned(world.browser().log_in(ASK, "", action="cancel")) == {
        "error": "access_denied", "error_description": "The person cancelled.", "state": "s&1",
    }  # fmt: skip


# ---- what other pages may do -----------------------------------------------------------------------------------------------


CROSS = {
    "origin": "https://evil.example",
    "sec-fetch-site": "cross-site",
    "sec-fetch-mode": "navigate",
    "sec-fetch-dest": "document",
}
NEIGHBOUR = {**VISIT, "origin": APP, "sec-fetch-site": "same-site"}


OLDER = {"origin": APP}
"""What a browser sends that does not say where a request comes from."""


@pytest.mark.parametrize(
    "page", [CROSS, NEIGHBOUR, OLDER, {"origin": "null"}], ids=["foreign", "neighbour", "older", "no origin"]
)
def test_no_other_page_presses_the_button(world: World, page: dict[str, str]) -> None:
    browser = world.browser()
    shown = browser.visit("authorize", ASK)
    answer = browser.submit(shown, {"who": "eve", "action": "login"}, page)
    assert answer.status_code == 403
    assert "code" in returned(browser.submit(shown, {"who": "ada", "action": "login"})), "the person still can"


def test_a_form_belongs_to_the_browser_that_was_shown_it(world: World) -> None:
    shown = world.browser().visit("authorize", ASK)
    for other in (world.browser(), world.browser()):
        other.visit("authorize", ASK)
        answer = other.submit(shown, {"who": "eve", "action": "login"})
        assert answer.status_code == 400 and "location" not in answer.headers


def test_the_form_of_a_finished_login_is_worth_nothing(world: World) -> None:
    browser = world.browser()
    shown = browser.visit("authorize", ASK)
    browser.submit(shown, {"who": "ada", "action": "login"})
    assert browser.submit(shown, {"who": "eve", "action": "login"}).status_code == 400


@pytest.mark.parametrize("path", ["authorize", "activate", "v2/logout", "oidc/logout"])
def test_no_script_or_image_of_another_page_visits_for_a_person(world: World, path: str) -> None:
    browser = world.browser()
    browser.log_in(ASK)
    for mode, dest in (("no-cors", "image"), ("no-cors", "empty"), ("cors", "empty")):
        headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": mode, "sec-fetch-dest": dest}
        assert browser.visit(path, {**ASK, "prompt": "none"}, headers).status_code == 403
    assert browser.visit(path, ASK, {"origin": "https://evil.example"}).status_code == 403


def test_pages_cannot_be_framed_and_run_nothing(world: World) -> None:
    browser = world.browser()
    for page in (
        browser.visit("authorize", ASK),
        browser.visit("activate"),
        browser.visit("oidc/logout"),
        browser.visit("authorize"),
    ):
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "script-src" not in policy
        assert (page.headers["x-frame-options"], page.headers["cache-control"]) == ("DENY", "no-store")
        assert "<script" not in page.text and '<html lang="en">' in page.text and "<h1>" in page.text
        labelled = set(re.findall(r'<label for="(\w+)"', page.text))
        assert set(re.findall(r'<input id="(\w+)"', page.text)) == labelled, "every field has a label"


def test_the_cookie_is_for_the_issuer_only(world: World) -> None:
    cookie = world.browser().visit("authorize", ASK).headers["set-cookie"]
    assert {"HttpOnly", "SameSite=lax", "Path=/_identity"} <= set(cookie.split("; ")) and cookie.startswith("local_issuer_8001=")


@pytest.mark.parametrize("path", ["oauth/token", "oauth/revoke", "oauth/device/code", "userinfo"])
def test_only_pages_of_allowed_origins_call_the_endpoints(world: World, path: str) -> None:
    method = "GET" if path == "userinfo" else "POST"
    fetched = {"sec-fetch-mode": "cors", "sec-fetch-dest": "empty"}
    for origin, allowed in (
        (APP, True),
        (REMOTE, True),
        ("http://localhost:3001", False),
        ("https://evil.example", False),
        ("null", False),
    ):
        headers = {"origin": origin, "sec-fetch-site": "cross-site", **fetched}
        assert (
            world.browser().send(method, path, {} if method == "POST" else None, {"origin": origin}).status_code != 403
        ) is allowed
        answer = world.browser().send(method, path, {"grant_type": "x"} if method == "POST" else None, headers)
        asked = {"access-control-request-method": method, "access-control-request-headers": "auth0-client,authorization"}
        preflight = world.browser().send("OPTIONS", path, headers={**headers, **asked})
        assert (answer.status_code != 403) is allowed
        assert (preflight.status_code == 200) is allowed
        for each in (answer, preflight):
            assert each.headers.get("access-control-allow-origin") == (origin if allowed else None)


def test_a_server_may_call_although_it_sends_one_of_a_browsers_headers(world: World) -> None:
    answer = world.post("oauth/token", {"grant_type": "client_credentials", **SERVER}, **{"sec-fetch-mode": "cors"})
    assert answer.status_code == 200


def test_discovery_is_complete_and_true(world: World) -> None:
    document = world.browser().send("GET", ".well-known/openid-configuration", headers={"origin": REMOTE}).json()
    assert document["issuer"] == f"{BASE}/"
    for name, url in document.items():
        if name.endswith(("_endpoint", "_uri")):
            path = url.removeprefix(f"{BASE}/")
            answers = {method: world.browser().send(method, path).status_code for method in ("GET", "POST")}
            assert url.startswith(f"{BASE}/") and 404 not in answers.values() and set(answers.values()) != {405}, (name, answers)
    for path in (".well-known/openid-configuration", ".well-known/jwks.json"):
        answer = world.browser().send("GET", path, headers={"origin": REMOTE})
        assert answer.headers["access-control-allow-origin"] == REMOTE
        assert world.browser().send("GET", path, headers={"origin": "https://evil.example"}).status_code == 403


# ---- refresh, revocation, userinfo -----------------------------------------------------------------------------------------


def test_a_refresh_token_changes_with_each_use(world: World) -> None:
    first = logged_in(world)
    second = refresh(world, first["refresh_token"]).json()
    third = refresh(world, second["refresh_token"], scope="openid profile").json()
    assert len({one["refresh_token"] for one in (first, second, third)}) == 3
    assert third["scope"] == "openid profile"
    claims = [jwt.get_unverified_claims(one["id_token"]) for one in (first, second)]
    assert [claims[0][name] for name in ("sub", "auth_time", "sid")] == [claims[1][name] for name in ("sub", "auth_time", "sid")]
    assert "nonce" not in claims[1]


def test_an_old_refresh_token_ends_all_that_follow_from_its_login(world: World) -> None:
    first, other = logged_in(world), logged_in(world)
    second = refresh(world, first["refresh_token"]).json()
    assert error(refresh(world, first["refresh_token"])) == "invalid_grant"
    assert error(refresh(world, second["refresh_token"])) == "invalid_grant", "thief and owner both have to log in again"
    assert refresh(world, other["refresh_token"]).status_code == 200


@pytest.mark.parametrize(
    "changes", [{"client_id": "other-client"}, {"refresh_token": "x"}, {"refresh_token": ""}, {"refresh_token": "é"}]
)
def test_a_refresh_token_belongs_to_its_application(world: World, changes: dict[str, str]) -> None:
    token = logged_in(world)["refresh_token"]
    assert error(refresh(world, token, **changes)) == "invalid_grant"
    assert refresh(world, token).status_code == 200


def test_a_refresh_token_gives_no_more_than_was_agreed(world: World) -> None:
    token = logged_in(world)["refresh_token"]
    assert error(refresh(world, token, scope="openid admin")) == "invalid_scope"
    assert error(refresh(world, token, audience="https://other.example")) == "access_denied"
    assert refresh(world, token).status_code == 200, "nothing was spent"


def test_a_revoked_or_old_refresh_token_is_refused(world: World) -> None:
    first, second = logged_in(world)["refresh_token"], logged_in(world)["refresh_token"]
    assert world.post("oauth/revoke", {"token": first, "client_id": "other-client"}).status_code == 200
    assert (first := refresh(world, first).json()["refresh_token"]), "another application cannot revoke it"
    assert world.post("oauth/revoke", {"token": first, **SPA}).status_code == 200
    assert error(refresh(world, first)) == "invalid_grant"
    assert world.post("oauth/revoke", {"token": "unknown", **SPA}).status_code == 200
    world.now += 31 * 86_400
    assert error(refresh(world, second)) == "invalid_grant"


def test_userinfo_needs_a_token_of_this_issuer(world: World) -> None:
    stranger = Issuer(f"{BASE}/", AUDIENCE)
    stranger.kid = world.issuer.kid
    old = world.issuer.sign(world.issuer.claims("auth0|a", "openid", expires_in=-1))
    machine = world.token({"grant_type": "client_credentials", **SERVER}).json()["access_token"]
    for header in (
        "",
        "Bearer",
        "Bearer x",
        f"Bearer {stranger.token()}",
        f"Bearer {old}",
        f"Basic {world.issuer.token()}",
        f"Bearer {machine}",
    ):
        answer = world.browser().send("GET", "userinfo", headers={"authorization": header} if header else {})
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")
        assert answer.headers["www-authenticate"].startswith("Bearer")


# ---- machines and devices --------------------------------------------------------------------------------------------------


def test_a_machine_gets_a_token_of_its_own(world: World) -> None:
    answer = world.token({"grant_type": "client_credentials", "audience": AUDIENCE, "scope": "posts:read", **SERVER}).json()
    claims = jwt.get_unverified_claims(answer["access_token"])
    assert claims["sub"] == "local-secret-client@clients" and claims["gty"] == "client-credentials"
    assert (claims["aud"], claims["azp"], claims["scope"]) == (AUDIENCE, "local-secret-client", "posts:read")
    assert not {"refresh_token", "id_token"} & set(answer)
    everything = world.token({"grant_type": "client_credentials", **SERVER}).json()["scope"]
    assert everything.split() == list(SCOPES), "without a wish it gets all that there is"
    assert error(world.token({"grant_type": "client_credentials", **SPA})) == "unauthorized_client"
    assert (
        error(world.token({"grant_type": "client_credentials", **SERVER, "audience": "https://other.example"})) == "access_denied"
    )


def start_device(world: World) -> dict[str, Any]:
    return dict(world.post("oauth/device/code", {**SPA, "scope": "openid offline_access", "audience": AUDIENCE}).json())


def poll(world: World, device: Json, **changes: str) -> httpx.Response:
    kind = "urn:ietf:params:oauth:grant-type:device_code"
    return world.token({"grant_type": kind, "device_code": device["device_code"], **SPA, **changes})


def test_a_device_waits_until_a_person_approves(world: World) -> None:
    device = start_device(world)
    assert re.fullmatch(r"[B-Z]{4}-[B-Z]{4}", device["user_code"]) and (device["interval"], device["expires_in"]) == (5, DEVICE_S)
    assert device["verification_uri_complete"] == f"{BASE}/activate?user_code={device['user_code']}"
    assert error(poll(world, device)) == "authorization_pending"
    browser = world.browser()
    page = browser.visit("activate", {"user_code": device["user_code"]})
    assert f'value="{device["user_code"]}"' in page.text
    typed = device["user_code"].replace("-", "").lower()
    assert "Approved" in browser.submit(page, {"user_code": typed, "who": "auth0|ada", "action": "allow"}).text
    world.now += 5
    tokens = poll(world, device).json()
    assert jwt.get_unverified_claims(tokens["access_token"])["sub"] == "auth0|ada"
    assert refresh(world, tokens["refresh_token"]).status_code == 200
    world.now += 5
    assert error(poll(world, device)) == "invalid_grant", "a device logs in once"


def test_a_device_that_asks_too_often_is_slowed_down(world: World) -> None:
    device = start_device(world)
    assert error(poll(world, device)) == "authorization_pending"
    world.now += 4
    assert error(poll(world, device)) == "slow_down"
    world.now += 9
    assert error(poll(world, device)) == "slow_down", "the interval has grown by five seconds"
    world.now += 15
    assert error(poll(world, device)) == "authorization_pending"


def test_a_device_code_expires(world: World) -> None:
    device = start_device(world)
    world.now += DEVICE_S + 1
    browser = world.browser()
    page = browser.visit("activate")
    late = browser.submit(page, {"user_code": device["user_code"], "who": "ada", "action": "allow"})
    assert late.status_code == 400 and 'role="alert"' in late.text
    assert error(poll(world, device)) == "expired_token"


def test_a_person_can_decline_a_device_and_strangers_get_nothing(world: World) -> None:
    device = start_device(world)
    for changes in ({"device_code": "x"}, {"client_id": "other-client"}):
        assert error(poll(world, device, **changes)) == "invalid_grant"
    browser = world.browser()
    page = browser.visit("activate")
    assert browser.submit(page, {"user_code": device["user_code"], "who": "eve", "action": "allow"}, CROSS).status_code == 403
    assert world.browser().submit(page, {"user_code": device["user_code"], "who": "eve", "action": "allow"}).status_code == 400
    assert "Declined" in browser.submit(page, {"user_code": device["user_code"], "action": "deny"}).text
    assert error(poll(world, device)) == "access_denied"


# ---- logout, keys ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "asked", "target"),
    [
        ("v2/logout", {"client_id": "local-client", "returnTo": APP}, APP),
        ("oidc/logout", {"post_logout_redirect_uri": f"{APP}/bye?x=1", "state": "a b"}, f"{APP}/bye?x=1&state=a+b"),
        ("oidc/logout", {}, ""),
    ],
)
def test_logout_ends_the_login_at_this_browser(world: World, path: str, asked: dict[str, str], target: str) -> None:
    browser, other = world.browser(), world.browser()
    for each in (browser, other):
        each.log_in(ASK)
    answer = browser.visit(path, asked)
    assert (answer.status_code, answer.headers.get("location", "")) == (302 if target else 200, target)
    assert returned(browser.visit("authorize", {**ASK, "prompt": "none"}))["error"] == "login_required"
    assert "code" in returned(other.visit("authorize", {**ASK, "prompt": "none"}))


def test_tokens_survive_a_restart_and_the_key_is_private(tmp_path: Path) -> None:
    path = tmp_path / "issuer.pem"
    before, after = (Issuer(f"{BASE}/", AUDIENCE, kept_key(path)) for _ in range(2))
    assert (before.jwk, after.read(before.token("auth0|ada"), AUDIENCE) is not None) == (after.jwk, True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Issuer(f"{BASE}/", AUDIENCE).kid != before.kid


def test_a_subject_does_not_contain_an_address() -> None:
    people = [Person.typed(text) for text in ("Ada@Example.com", " ada@example.com ")]
    (subject,) = {person.subject for person in people if person}
    assert re.fullmatch(r"auth0\|[0-9a-f]{24}", subject), "however its letters are written"
