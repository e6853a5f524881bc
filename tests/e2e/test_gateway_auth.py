"""Who may come in, whose things they see, and how bad requests are refused: on every route of the described API, over HTTP."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import math
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from jose import jwk, jws

from local.demo.samples import PHOTO
from local.demo.tour import Json, Tour
from local.identity import Issuer
from local.options import ROOT
from local.testing import Running
from tests.support import described
from tests.support.spellings import spellings

NIL = "00000000-0000-4000-8000-000000000000"
MARK = "zq-never-repeat-this"
FORM = "multipart/form-data"
PUBLIC = {
    "GET /v1/health",
    "HEAD /v1/health",
    "GET /v1/openapi.json",
    "HEAD /v1/openapi.json",
    "GET /v1/oauth/{platform}/callback",
    "POST /v1/callbacks/meta/deauthorize",
    "POST /v1/callbacks/meta/data-deletion",
    "GET /v1/callbacks/meta/data-deletion/{code}",
    "GET /v1/profile/deletion/{code}",
    "POST /v1/callbacks/tiktok",
    "POST /v1/schedules/links/{token}",
    "GET /v1/calendar.ics",
    "GET /v1/media/{ticket}",
    "HEAD /v1/media/{ticket}",
    "GET /robots.txt",
}
PATHS: dict[str, Any] = json.loads((ROOT / "docs" / "openapi.json").read_text("utf-8"))["paths"]
ROUTES = [f"{method.upper()} {path}" for path, methods in PATHS.items() for method in methods]
AUTHORIZED = [route for route in ROUTES if route not in PUBLIC]
WITH_BODY = [route for route in AUTHORIZED if "requestBody" in PATHS[route.split()[1]][route.split()[0].lower()]]


def filled(route: str, **ids: str) -> tuple[str, str]:
    """Method and path of a route, with ``ids`` or samples for its parameters."""
    method, path = route.split()
    samples = {"platform": "linkedin", "provider": "openai", "code": "none", "handle": "none", "version": "1"}
    return method, path.replace("{", "{0[").replace("}", "]}").format(_Default({**samples, **ids}))


class _Default(dict[str, str]):
    def __missing__(self, _: str) -> str:
        return NIL


# ---- tokens ----------------------------------------------------------------------------------------------------------------


def _part(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _signed(issuer: Issuer, header: Json, claims: Any) -> str:
    """A token that the issuer signed with this header and these claims, whatever they are."""
    return str(jws.sign(json.dumps(claims).encode(), issuer._pem, headers=header, algorithm="RS256"))


def _forged(header: Any, claims: Json, key: bytes | None) -> str:
    signed = f"{_part(header)}.{_part(claims)}"
    signature = _part(hmac.new(key, signed.encode(), hashlib.sha256).digest()) if key else ""
    return f"{signed}.{signature}"


def bad_tokens(issuer: Issuer) -> dict[str, str | None]:
    """Authorization headers that must not be let in."""
    good = issuer.claims("auth0|eve", "openid")
    pem = jwk.construct(issuer.jwk, "RS256").to_pem()
    der = load_pem_public_key(pem).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    head, body, signature = issuer.sign(good).split(".")
    stranger = Issuer(issuer.url, issuer.audience)
    stranger.kid = issuer.kid
    tokens = {
        "expired": issuer.sign({**good, "exp": int(time.time()) - 1}),
        "without an expiry": issuer.sign({name: value for name, value in good.items() if name != "exp"}),
        "not valid yet": issuer.sign({**good, "nbf": int(time.time()) + 86_400}),
        "for another audience": issuer.sign({**good, "aud": "https://other.example"}),
        "of another issuer": issuer.sign({**good, "iss": "https://evil.example/"}),
        "with an expiry that is text": issuer.sign({**good, "exp": str(good["exp"])}),
        "with an expiry that is a list": issuer.sign({**good, "exp": [good["exp"]]}),
        "with an expiry that is true": issuer.sign({**good, "exp": True}),
        "with an expiry that is no number": issuer.sign({**good, "exp": math.nan}),
        "without an end": issuer.sign({**good, "exp": math.inf}),
        "valid from no number on": issuer.sign({**good, "nbf": math.nan}),
        "issued at no number": issuer.sign({**good, "iat": math.nan}),
        "for an audience that is an object": issuer.sign({**good, "aud": {"a": good["aud"]}}),
        "of an issuer that is a list": issuer.sign({**good, "iss": [good["iss"]]}),
        "with claims that are a list": _signed(issuer, {"kid": issuer.kid}, [good]),
        "with a key id that is a list": _signed(issuer, {"kid": [issuer.kid]}, good),
        "with a key id that is an object": _signed(issuer, {"kid": {"kid": issuer.kid}}, good),
        "with a key id that is a number": _signed(issuer, {"kid": 7}, good),
        "without a key id": _signed(issuer, {}, good),
        "with something critical": _signed(issuer, {"kid": issuer.kid, "crit": ["exp"]}, good),
        "with an algorithm that is a list": _forged({"alg": ["RS256"], "kid": issuer.kid}, good, None),
        "with an algorithm that is an object": _forged({"alg": {"RS256": 1}, "kid": issuer.kid}, good, None),
        "with a header that is a list": _forged([], good, None),
        "with a header nested without end": f"{_part(b'[' * 7_000)}.{body}.{signature}",
        "with a header that is no text": f"{_part(bytes(range(128, 255)))}.{body}.{signature}",
        "signed by a stranger under our key id": stranger.sign(good),
        "with an unknown key id": Issuer(issuer.url, issuer.audience).sign(good),
        "with another body": f"{head}.{_part({**good, 'sub': 'auth0|somebody'})}.{signature}",
        "without its signature": f"{head}.{body}.",
        "alg none": _forged({"alg": "none", "typ": "JWT", "kid": issuer.kid}, good, None),
        "alg None": _forged({"alg": "None", "typ": "JWT", "kid": issuer.kid}, good, None),
        "HS256 with the public key": _forged({"alg": "HS256", "typ": "JWT", "kid": issuer.kid}, good, pem),
        "HS256 with the public key as DER": _forged({"alg": "HS256", "typ": "JWT", "kid": issuer.kid}, good, der),
        "HS256 with the published key": _forged({"alg": "HS256", "kid": issuer.kid}, good, issuer.jwk["n"].encode()),
        "no token at all": MARK,
    }
    return {
        "missing": None,
        **{name: f"Bearer {token}" for name, token in tokens.items()},
        "empty": "Bearer",
        "basic": "Basic eA==",
    }


@pytest.fixture
def client(runtime: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=runtime.description["api"], trust_env=False, timeout=40) as opened:
        described.watch(opened, runtime.description["api"])
        yield opened


def test_the_described_routes_are_those_of_this_test() -> None:
    assert set(ROUTES) >= PUBLIC
    assert len(AUTHORIZED) > 35


def said(answer: httpx.Response) -> Any:
    """The body of an answer. That to a HEAD has none."""
    assert (answer.request.method == "HEAD") == (answer.content == b"")
    return answer.json() if answer.content else None


def test_an_authorized_route_lets_nobody_in_without_a_good_token(runtime: Running, client: httpx.Client) -> None:
    issuer = runtime.runtime.issuer
    assert issuer
    tokens = bad_tokens(issuer)

    def refuses(case: tuple[str, str]) -> bool:
        route, name = case
        headers = {} if (authorization := tokens[name]) is None else {"authorization": authorization}
        answer = client.request(*filled(route), headers=headers)
        plain = said(answer) in (None, {"message": "Unauthorized"}) and MARK not in str(answer.headers)
        return answer.status_code == 401 and "www-authenticate" in answer.headers and plain

    cases = [(route, name) for route in AUTHORIZED for name in tokens]

    def stopped() -> bool:
        before = invocations(runtime)
        with ThreadPoolExecutor(8) as pool:
            let_in = [case for case, refused_it in zip(cases, pool.map(refuses, cases), strict=True) if not refused_it]
        assert let_in == []
        return invocations(runtime) == before

    # A queue or the clock can invoke a function meanwhile; a request that got through would do so each time.
    assert any(stopped() for _ in range(3)), "no function has seen any of it"


def invocations(runtime: Running) -> dict[str, Any]:
    functions = httpx.get(f"{runtime.description['control']}/functions", trust_env=False).json()["functions"]
    return {name: function["invocations"] for name, function in functions.items()}


def test_a_good_token_gets_past_the_gateway_on_every_route(person: Tour) -> None:
    refused = [route for route in AUTHORIZED if route != "DELETE /v1/profile" and person.send(*filled(route)).status_code == 401]
    assert refused == []


def test_a_public_route_needs_no_token_and_ignores_a_bad_one(client: httpx.Client) -> None:
    for route in PUBLIC:
        for headers in ({}, {"authorization": "Bearer nonsense"}):
            answer = client.request(*filled(route), headers=headers, json=BODIES.get(route))
            assert answer.status_code in (200, 400, 404), (route, answer.text)
            assert '"message":"Unauthorized"' not in answer.text.replace(" ", "")


def test_an_unknown_route_needs_no_token_and_is_a_problem_document(client: httpx.Client) -> None:
    answer = client.get(f"/v1/{MARK}")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert MARK not in answer.text


def test_no_spelling_of_a_guarded_route_is_let_in_without_a_token(runtime: Running) -> None:
    """Over a connection that sends paths as they are written: a client of a higher kind would tidy them."""
    host, port = urlsplit(runtime.description["api"]).netloc.split(":")
    line = http.client.HTTPConnection(host, int(port), timeout=40)
    let_in = []
    for route in AUTHORIZED:
        method, path = filled(route)
        for written in spellings(path):
            line.request(method, written)
            answer = line.getresponse()
            answer.read()
            if answer.status not in (401, 404, 405):
                let_in.append((method, written, answer.status))
    line.close()
    assert let_in == []


def test_the_subject_comes_from_the_token_and_nowhere_else(person: Tour) -> None:
    headers = {"x-user-id": "auth0|other", "sub": "auth0|other", "x-amzn-oidc-identity": "auth0|other"}
    assert person.send("GET", "/v1/profile", headers=headers).json()["user_id"] == person.sub
    assert person.send("GET", "/v1/profile?user_id=auth0|other&sub=auth0|other", headers=headers).status_code == 422


NOBODY: dict[str, Any] = {
    "the owner of the product's templates": "system",
    "empty": "",
    "null": None,
    "with NUL": "auth0|a\0b",
    "with a line break": "auth0|a\nb",
    "with half a character": "auth0|\ud800",
    "with a direction mark": "auth0|\u202eecila",
    "too long": "auth0|" + "x" * 250,
    "a list": ["auth0|alice"],
    "an object": {"sub": "auth0|alice"},
    "true": True,
}
"""Subjects that a signed token may not have."""


@pytest.mark.parametrize("name", NOBODY)
def test_a_token_whose_subject_is_nobody_is_let_in_nowhere(runtime: Running, client: httpx.Client, name: str) -> None:
    issuer = runtime.runtime.issuer
    assert issuer
    token = issuer.sign({**issuer.claims("auth0|eve", "openid"), "sub": NOBODY[name]})
    for route in AUTHORIZED:
        answer = client.request(*filled(route), headers={"authorization": f"Bearer {token}"})
        assert (answer.status_code, (said(answer) or {"code": "unauthorized"})["code"]) == (401, "unauthorized"), (
            route,
            answer.text,
        )


@pytest.mark.parametrize("sub", ["auth0|" + "x" * 249, "google-oauth2|1", "a@clients", "samlp|Ünï Cödé|漢字 1", "System"])
def test_a_subject_of_another_provider_is_somebody(runtime: Running, client: httpx.Client, sub: str) -> None:
    issuer = runtime.runtime.issuer
    assert issuer
    answer = client.get("/v1/profile", headers={"authorization": f"Bearer {issuer.token(sub)}"})
    assert (answer.status_code, answer.json()["user_id"]) == (200, sub)


# ---- other people's things -------------------------------------------------------------------------------------------------

CONTENT = {"content": {"text": "x"}}
TEMPLATE = {"name": "n", "content_mode": "personal", "user_text": "u"}
BODIES: dict[str, Json] = {
    "PATCH /v1/connections/{connection_id}": {"label": "mine now"},
    "POST /v1/connections/pending/{handle}/confirm": {"account_ids": ["1"]},
    "POST /v1/posts/{post_id}/retry": CONTENT,
    "PATCH /v1/posts/{post_id}": {"text": "mine now"},
    "PUT /v1/connections/{connection_id}/slots": {"time_zone": "UTC", "slots": []},
    "PUT /v1/templates/{id}": TEMPLATE,
    "PUT /v1/templates/{id}/rating": {"stars": 5},
    "PUT /v1/templates/{id}/pin": {"version": None},
    "PUT /v1/templates/{id}/report": {"reason": "spam"},
    "POST /v1/templates/{id}/copy": {},
    "PATCH /v1/schedules/{id}": {"grace_minutes": 30},
    "POST /v1/schedules/links/{token}": CONTENT,
    "PATCH /v1/notifications/{id}": {"unread": False},
    "PATCH /v1/webhooks/{id}": {"active": False},
}
ID_OF = {"connection_id": "connection", "post_id": "post", "handle": "handle", "id": "template"}


def with_ids() -> list[str]:
    """Routes with the id of something that belongs to somebody."""
    return [route for route in AUTHORIZED if any(f"{{{name}}}" in route for name in ID_OF)]


@pytest.fixture
def owned(publisher: Tour) -> dict[str, str]:
    """Ids of what one person owns: a connection, a waiting grant, a post, a template."""
    begun = publisher.call("POST", "/v1/connections/linkedin/authorize", {})
    handle = publisher.follow(publisher.follow(begun["authorization_url"]).headers["location"]).json()["pending_id"]
    connection = publisher.connections["facebook"]["id"]
    body = {"content": {"text": f"mine {publisher.word}"}, "targets": [{"connection_id": connection}]}
    post = publisher.call("POST", "/v1/posts", body, status=201, key=publisher.word)
    template = publisher.call("POST", "/v1/templates", TEMPLATE, status=201)
    return {"connection": connection, "handle": handle, "post": post["id"], "template": template["id"]}


def test_another_persons_ids_are_as_absent_as_made_up_ones(publisher: Tour, owned: dict[str, str], runtime: Running) -> None:
    before = snapshot(publisher, owned)
    assert len(with_ids()) >= 17
    with Tour(runtime.description) as mallory:
        described.watch(mallory.http, runtime.description["api"])
        mallory.sign_in()
        for route in with_ids():
            # Analytics call the id of a post ``id`` as well.
            names = {**ID_OF, "id": "post"} if "analytics" in route else ID_OF
            foreign, absent = (
                mallory.send(*filled(route, **ids), body=BODIES.get(route))
                for ids in ({name: owned[kind] for name, kind in names.items()}, {"handle": "made-up"})
            )
            assert (foreign.status_code, absent.status_code) == (404, 404), (route, foreign.text, absent.text)
            assert nameless(foreign) == nameless(absent)
        for method, path, body in using_foreign_ids(owned):
            answer = mallory.send(method, path, body, {"idempotency-key": "k"})
            assert answer.status_code in (404, 422), (path, answer.text)
            assert not any(value in answer.text for value in owned.values())
        for path in ("/v1/connections", "/v1/posts", "/v1/templates", "/v1/analytics/posts", "/v1/analytics/accounts"):
            assert mallory.call("GET", path)["items"] == []
    assert snapshot(publisher, owned) == before


def nameless(answer: httpx.Response) -> Json:
    return {**answer.json(), "correlation_id": ""}


def using_foreign_ids(owned: dict[str, str]) -> list[tuple[str, str, Json]]:
    """Requests that name somebody else's things in their bodies."""
    target = [{"connection_id": owned["connection"]}]
    return [
        ("POST", "/v1/posts", {**CONTENT, "targets": target}),
        ("POST", "/v1/posts/check", {**CONTENT, "targets": target}),
        ("POST", "/v1/generate", {"task": "generate", "platforms": ["facebook"], "template_id": owned["template"]}),
        ("POST", "/v1/generate/preview", {"task": "generate", "platforms": ["facebook"], "template_id": owned["template"]}),
        ("POST", "/v1/templates/preview", {"template_id": owned["template"]}),
    ]


def snapshot(owner: Tour, owned: dict[str, str]) -> list[Any]:
    """Everything of the owner's that somebody else might have changed."""
    paths = ("/v1/connections", f"/v1/posts/{owned['post']}", f"/v1/templates/{owned['template']}")
    pending = owner.call("GET", f"/v1/connections/pending/{owned['handle']}")
    return [*(owner.call("GET", path) for path in paths), pending["accounts"]]


# ---- bad requests ----------------------------------------------------------------------------------------------------------


def refused(answer: httpx.Response, *statuses: int) -> Json:
    """The problem document of a refusal that repeats nothing."""
    assert answer.status_code in statuses, (urlsplit(str(answer.url)).path, answer.status_code, answer.text)
    assert answer.headers["content-type"] == "application/problem+json"
    assert MARK not in answer.text
    problem: Json = answer.json()
    assert problem["status"] == answer.status_code
    assert {"type", "title", "code", "detail", "correlation_id"} <= set(problem)
    return problem


def raw(person: Tour, route: str, content: str, content_type: str = "application/json") -> httpx.Response:
    method, path = filled(route)
    headers = {"authorization": f"Bearer {person.token}", "content-type": content_type, "idempotency-key": "k"}
    return person.http.request(method, f"{person.run['api']}{path}", content=content, headers=headers)


MALFORMED = (
    f'{{"a": "{MARK}"',
    f"{MARK}",
    f'{{"a": NaN, "b": "{MARK}"}}',
    f"\ufeff{{}}{MARK}",
    "[" * 5_000 + MARK,
    f"{{'a': '{MARK}'}}",
)


def test_malformed_json_is_refused_on_every_route(person: Tour) -> None:
    for route in WITH_BODY:
        for content in MALFORMED:
            problem = refused(raw(person, route, content), 400)
            assert (problem["code"], problem["errors"][0]["field"]) == ("malformed_json", "body")


def test_another_media_type_is_refused_on_every_route(person: Tour) -> None:
    for route in WITH_BODY:
        for content_type in ("text/plain", "application/x-www-form-urlencoded", ""):
            assert refused(raw(person, route, f'{{"a": "{MARK}"}}', content_type), 415)["code"] == "unsupported_media_type"
        path, method = route.split()[1], route.split()[0].lower()
        wanted = (
            (400, "malformed_form") if FORM in PATHS[path][method]["requestBody"]["content"] else (415, "unsupported_media_type")
        )
        status, code = wanted
        assert refused(raw(person, route, f'{{"a": "{MARK}"}}', f"{FORM}; boundary=x"), status)["code"] == code


def test_a_body_that_is_no_object_and_unknown_fields_are_refused_on_every_route(person: Tour) -> None:
    for route in WITH_BODY:
        for content in (f'["{MARK}"]', f'"{MARK}"', "7", "true"):
            problem = refused(raw(person, route, content), 422)
            assert problem["errors"][0]["field"] == "body"
        problem = refused(raw(person, route, json.dumps({"surprise": MARK})), 422)
        # A name that the sender made up could be anything, so it is not repeated either.
        assert ("*", "extra_forbidden") in [(e["field"], e["code"]) for e in problem["errors"]]


TARGET: Json = {"connection_id": NIL}
GENERATE: Json = {"task": "generate", "platforms": ["facebook"], "topic": "t"}
INLINE: Json = {"data": MARK, "content_type": "image/png"}
NEW_YEAR = "2030-01-01T00:00:00Z"
BAD_VALUES: tuple[tuple[str, Json, str, str], ...] = (
    ("PATCH /v1/profile", {"display_name": 7}, "display_name", "string_type"),
    ("PATCH /v1/profile", {"display_name": MARK * 20}, "display_name", "string_too_long"),
    ("PATCH /v1/profile", {"bio": MARK * 200}, "bio", "string_too_long"),
    ("PATCH /v1/profile", {"skills": MARK}, "skills", "list_type"),
    ("PATCH /v1/profile", {"skills": [MARK, MARK]}, "skills", "duplicates"),
    ("PATCH /v1/profile", {"time_zone": MARK}, "time_zone", "time_zone"),
    ("PATCH /v1/profile", {"content_mode": MARK}, "content_mode", "literal_error"),
    ("PATCH /v1/profile", {"ai_preferences": {"fallback": MARK}}, "ai_preferences.fallback", "bool_type"),
    ("PUT /v1/profile/ai-keys/{provider}", {"key": "short"}, "key", "too_short"),
    ("PUT /v1/profile/ai-keys/{provider}", {"key": MARK * 40}, "key", "too_long"),
    ("PUT /v1/profile/ai-keys/{provider}", {"key": {MARK: MARK}}, "key", "string_type"),
    ("POST /v1/connections/{platform}/authorize", {"return_url": f"https://evil.example/{MARK}"}, "return_url", "not_allowed"),
    ("POST /v1/generate", {**GENERATE, "platforms": [MARK]}, "platforms.0", "literal_error"),
    ("POST /v1/generate", {**GENERATE, "platforms": []}, "platforms", "too_short"),
    ("POST /v1/generate", {**GENERATE, "topic": MARK * 300}, "topic", "too_long"),
    ("POST /v1/generate", {**GENERATE, "tone": [MARK]}, "tone", "string_type"),
    ("POST /v1/generate", {**GENERATE, "max_output_tokens": MARK}, "max_output_tokens", "int_type"),
    ("POST /v1/generate/preview", {**GENERATE, "models": {"openai": f"{MARK}/ü"}}, "models.openai", "string_pattern_mismatch"),
    ("POST /v1/templates", {**TEMPLATE, "user_text": MARK * 900}, "user_text", "string_too_long"),
    ("POST /v1/templates", {**TEMPLATE, "platforms": [MARK]}, "platforms.0", "literal_error"),
    ("POST /v1/templates/preview", {"template": {"user_text": "u"}, "topic": MARK * 900}, "topic", "too_long"),
    ("PUT /v1/templates/{id}/rating", {"stars": MARK}, "stars", "int_type"),
    ("POST /v1/schedules/preview", {"due_at": NEW_YEAR, "recurrence": {"rrule": MARK}}, "recurrence.rrule", "rrule_format"),
    ("POST /v1/posts", {"content": {"text": MARK * 9_000}, "targets": [TARGET]}, "content.text", "too_long"),
    ("POST /v1/posts", {"content": {"text": [MARK]}, "targets": [TARGET]}, "content.text", "string_type"),
    ("POST /v1/posts", {"content": {"texte": MARK}, "targets": [TARGET]}, "content.*", "extra_forbidden"),
    ("POST /v1/posts", {**CONTENT, "targets": [{"connection_id": MARK}]}, "targets.0.connection_id", "string_pattern_mismatch"),
    ("POST /v1/posts", {**CONTENT, "targets": MARK}, "targets", "list_type"),
    ("POST /v1/posts", {"content": {"media": [{"url": MARK}]}, "targets": [TARGET]}, "content.media.0.url", "url"),
    ("POST /v1/posts", {"content": {"link": {"url": f"js:{MARK}"}}, "targets": [TARGET]}, "content.link.url", "url"),
    ("POST /v1/posts/check", {"content": {"media": [INLINE]}, "targets": [TARGET]}, "content.media.0.data", "base64"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("route", "body", "field", "code"), BAD_VALUES, ids=[f"{case[0]} {case[2]} {case[3]}" for case in BAD_VALUES]
)
def test_a_bad_value_names_its_field_and_is_not_repeated(person: Tour, route: str, body: Json, field: str, code: str) -> None:
    problem = refused(raw(person, route, json.dumps(body)), 422)
    assert (field, code) in [(error["field"], error["code"]) for error in problem["errors"]], problem
    assert all(error["message"] for error in problem["errors"])


def test_too_long_a_text_for_its_platform_names_the_target(publisher: Tour) -> None:
    limits = {"linkedin": 3_000, "instagram": 2_200, "tiktok": 4_000}
    for platform, limit in limits.items():
        content = {"text": MARK + "x" * limit, "media": [{"url": PHOTO}]}
        target = {"connection_id": publisher.connections[platform]["id"], "content": content}
        problem = refused(publisher.send("POST", "/v1/posts", {"targets": [target]}, {"idempotency-key": platform}), 422)
        assert ("targets.0.content.text", "too_long") in [(error["field"], error["code"]) for error in problem["errors"]], problem


@pytest.mark.parametrize(
    ("method", "path", "field"),
    [
        ("POST", f"/v1/connections/{MARK}/authorize", "platform"),
        ("PUT", f"/v1/profile/ai-keys/{MARK}", "provider"),
        ("GET", f"/v1/templates?platform={MARK}", "platform"),
        ("GET", f"/v1/templates?sort={MARK}", "sort"),
        ("GET", f"/v1/posts?limit={MARK}", "limit"),
        ("GET", "/v1/posts?limit=101", "limit"),
        ("GET", f"/v1/posts?cursor={MARK}", "cursor"),
        ("GET", f"/v1/ai/usage?from={MARK}", "from"),
        ("GET", f"/v1/calendar?from=2026-11-01T00:00:00Z&to=2026-11-02T00:00:00Z&time_zone={MARK}", "time_zone"),
        ("GET", f"/v1/analytics/summary?platform={MARK}", "platform"),
        ("GET", "/v1/analytics/summary?from=2026-11-01T00:00:00", "from"),
    ],
)
def test_an_unknown_platform_or_bad_parameter_is_named_and_not_repeated(person: Tour, method: str, path: str, field: str) -> None:
    body = {"key": "sk-good-enough"} if method == "PUT" else {} if method == "POST" else None
    problem = refused(person.send(method, path, body), 422)
    assert field in [error["field"] for error in problem["errors"]], problem


@pytest.mark.parametrize("route", WITH_BODY)
def test_a_body_over_the_routes_limit_is_refused_before_it_is_read(person: Tour, route: str) -> None:
    size = 5_900_000 if "posts" in route or route == "POST /v1/schedules" else 300_000
    problem = refused(raw(person, route, json.dumps({"x": MARK + "x" * size})), 413)
    assert (problem["code"], problem["errors"][0]["field"]) == ("body_too_large", "body")


@pytest.mark.parametrize("size", [6_400_000, 11 * 1024 * 1024])
def test_a_body_over_lambdas_or_the_gateways_limit_is_refused_by_the_gateway(person: Tour, size: int) -> None:
    answer = raw(person, "POST /v1/posts", json.dumps({"x": MARK + "x" * size}))
    assert (answer.status_code, answer.json()) == (413, {"message": "Request Entity Too Large"})


@pytest.mark.parametrize("key", ["", "x" * 129, "é"])
def test_an_idempotency_key_that_is_none_is_refused(person: Tour, key: str) -> None:
    body = {**CONTENT, "targets": [TARGET]}
    headers = {"authorization": f"Bearer {person.token}", "idempotency-key": key.encode()}
    answer = person.http.post(f"{person.run['api']}/v1/posts", json=body, headers=headers)  # type: ignore[arg-type]
    assert refused(answer, 400, 422)["errors"][0]["field"].lower() == "idempotency-key"
