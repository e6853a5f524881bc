"""The gateway over HTTP, in front of stub functions."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import httpx
import pytest
from jose import jwt

from local.testing import Running


def raw(api: httpx.Client, answer: Any) -> httpx.Response:
    """The gateway's response to a function that answers this."""
    return api.post("/open?do=raw", json=answer)


class TestEvents:
    def test_event_has_the_documented_shape(self, api: httpx.Client) -> None:
        url = "/open?parameter1=value1&parameter1=value2&parameter2=a%20b"
        headers = [
            ("Header1", "value1"),
            ("header2", "x"),
            ("Header2", "y"),
            ("Cookie", "cookie1=1; cookie2=2"),
            ("User-Agent", "agent"),
        ]
        event = api.post(url, headers=headers, content='{"a": "ü"}', extensions={}).json()
        assert event["version"] == "2.0"
        assert event["routeKey"] == "ANY /open"
        assert event["rawPath"] == "/open"
        assert event["rawQueryString"] == "parameter1=value1&parameter1=value2&parameter2=a%20b"
        assert event["queryStringParameters"] == {"parameter1": "value1,value2", "parameter2": "a b"}
        assert event["cookies"] == ["cookie1=1", "cookie2=2"]
        assert "cookie" not in event["headers"]
        assert event["headers"]["header1"] == "value1"
        assert event["headers"]["header2"] == "x,y"
        assert event["headers"]["x-forwarded-for"] == "127.0.0.1"
        context = event["requestContext"]
        assert context["http"] == {
            "method": "POST", "path": "/open", "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "agent",
        }  # fmt: skip
        assert context["stage"] == "$default"
        assert context["routeKey"] == "ANY /open"
        assert context["timeEpoch"] == pytest.approx(time.time() * 1000, abs=5000)
        assert time.strptime(context["time"], "%d/%b/%Y:%H:%M:%S +0000")
        assert "authorizer" not in context
        assert "pathParameters" not in event

    def test_absent_parts_are_absent(self, api: httpx.Client) -> None:
        event = api.get("/open").json()
        assert not {"body", "cookies", "queryStringParameters", "pathParameters"} & set(event)
        assert event["rawQueryString"] == ""
        assert event["isBase64Encoded"] is False

    def test_path_parameters_are_decoded(self, api: httpx.Client) -> None:
        event = api.get("/items/a%20b%C3%BC").json()
        assert event["pathParameters"] == {"id": "a bü"}
        assert event["rawPath"] == "/items/a bü"
        assert event["routeKey"] == "GET /items/{id}"

    def test_literal_segments_win_over_variables(self, api: httpx.Client) -> None:
        assert api.get("/items/latest").json()["routeKey"] == "GET /items/latest"

    def test_greedy_variables_take_the_rest(self, api: httpx.Client) -> None:
        assert api.get("/files/a/b/c").json()["pathParameters"] == {"rest": "a/b/c"}

    @pytest.mark.parametrize(
        ("content_type", "is_base64"),
        [
            ("application/json", False),
            ("text/plain; charset=utf-8", False),
            ("application/xml", False),
            ("application/x-www-form-urlencoded", True),
            ("application/octet-stream", True),
            (None, True),
        ],
    )
    def test_body_is_text_only_for_text_types(self, api: httpx.Client, content_type: str | None, is_base64: bool) -> None:
        headers = {"content-type": content_type} if content_type else {}
        event = api.post("/open", content=b"a=b", headers=headers).json()
        assert event["isBase64Encoded"] is is_base64
        assert event["body"] == (base64.b64encode(b"a=b").decode() if is_base64 else "a=b")

    def test_text_that_is_not_utf8_is_base64(self, api: httpx.Client) -> None:
        event = api.post("/open", content=b"\xff", headers={"content-type": "application/json"}).json()
        assert (event["body"], event["isBase64Encoded"]) == ("/w==", True)


class TestResponses:
    def test_full_form(self, api: httpx.Client) -> None:
        answer = {"statusCode": 201, "headers": {"X-One": "1", "X-Number": 2}, "cookies": ["a=1", "b=2; Secure"], "body": "made"}
        response = raw(api, answer)
        assert (response.status_code, response.text) == (201, "made")
        assert (response.headers["x-one"], response.headers["x-number"]) == ("1", "2")
        assert response.headers.get_list("set-cookie") == ["a=1", "b=2; Secure"]
        assert response.headers["content-type"] == "text/plain;charset=UTF-8"
        assert response.headers["apigw-requestid"]

    def test_answers_without_status_are_bodies(self, api: httpx.Client) -> None:
        response = raw(api, {"message": "hi"})
        assert (response.status_code, response.json()) == (200, {"message": "hi"})
        assert response.headers["content-type"] == "application/json"
        assert raw(api, "just text").text == "just text"

    def test_binary_answers_are_decoded(self, api: httpx.Client) -> None:
        response = api.get("/open?do=binary")
        assert response.content == bytes(range(256))
        assert response.headers["content-type"] == "image/png"

    @pytest.mark.parametrize("text", ["", "hello"])
    def test_head_has_the_length_of_the_body_that_it_leaves_out(self, api: httpx.Client, text: str) -> None:
        answer = {"statusCode": 200, "headers": {"content-length": "77"}, "body": text}
        got, headed = (api.request(method, "/open?do=raw", json=answer) for method in ("GET", "HEAD"))
        assert (got.text, headed.content) == (text, b"")
        assert headed.headers["content-length"] == got.headers["content-length"] == str(len(text))

    def test_no_content_has_no_body(self, api: httpx.Client) -> None:
        response = raw(api, {"statusCode": 204})
        assert (response.status_code, response.content) == (204, b"")

    @pytest.mark.parametrize(
        "answer",
        [
            {"statusCode": "abc"},
            {"statusCode": 200, "body": {"not": "text"}},
            {"statusCode": 200, "body": "%%%", "isBase64Encoded": True},
            {"statusCode": 200, "headers": ["x"]},
            {"statusCode": 900},
        ],
    )
    def test_malformed_answers_are_internal_errors(self, api: httpx.Client, answer: Any) -> None:
        response = raw(api, answer)
        assert (response.status_code, response.json()) == (500, {"message": "Internal Server Error"})

    @pytest.mark.parametrize("do", ["raise", "exit", "huge"])
    def test_failing_functions_are_internal_errors_without_detail(self, api: httpx.Client, do: str) -> None:
        response = api.get(f"/open?do={do}")
        assert (response.status_code, response.json()) == (500, {"message": "Internal Server Error"})

    def test_functions_that_cannot_start_are_internal_errors(self, api: httpx.Client) -> None:
        assert api.get("/broken").status_code == 500

    def test_integration_time_limit(self, api: httpx.Client) -> None:
        response = api.get("/open?do=sleep&s=2.5")
        assert (response.status_code, response.json()) == (503, {"message": "Service Unavailable"})


class TestLimits:
    @pytest.mark.parametrize(
        ("method", "path"), [("GET", "/nowhere"), ("POST", "/items/1"), ("GET", "/open/"), ("GET", "/items/")]
    )
    def test_unknown_routes_and_methods_are_not_found(self, api: httpx.Client, method: str, path: str) -> None:
        response = api.request(method, path)
        assert (response.status_code, response.json()) == (404, {"message": "Not Found"})

    @pytest.mark.parametrize("size", [10_485_761, 6_291_456])
    def test_too_large_bodies(self, api: httpx.Client, size: int) -> None:
        """Over API Gateway's 10 MB, and over Lambda's 6 MB once the event is built around it."""
        response = api.post("/open", content=b"x" * size, headers={"content-type": "text/plain"})
        assert (response.status_code, response.json()) == (413, {"message": "Request Entity Too Large"})

    def test_too_large_headers(self, api: httpx.Client) -> None:
        assert api.get("/open", headers={"x-large": "x" * 10_240}).status_code == 431
        assert api.get("/open", headers={"x-large": "x" * 9_000}).status_code == 200


class TestCors:
    def preflight(self, api: httpx.Client, origin: str, method: str = "POST", headers: str = "authorization") -> httpx.Response:
        asked = {"origin": origin, "access-control-request-method": method, "access-control-request-headers": headers}
        return api.options("/private", headers=asked)

    def test_preflight_is_answered_without_a_token(self, api: httpx.Client) -> None:
        response = self.preflight(api, "https://app.example.com")
        assert response.status_code == 204
        assert response.headers["access-control-allow-origin"] == "https://app.example.com"
        assert response.headers["access-control-allow-methods"] == "GET,POST"
        assert response.headers["access-control-allow-headers"] == "authorization,content-type"
        assert response.headers["access-control-max-age"] == "600"

    @pytest.mark.parametrize(
        "asked", [("https://evil.example.com",), ("http://localhost:3000", "DELETE"), ("http://localhost:3000", "GET", "x-other")]
    )
    def test_what_is_not_configured_is_not_allowed(self, api: httpx.Client, asked: tuple[str, ...]) -> None:
        response = self.preflight(api, *asked)
        assert response.status_code == 204
        assert not [name for name in response.headers if name.startswith("access-control")]

    def test_configured_headers_replace_the_functions_own(self, api: httpx.Client) -> None:
        answer = {"statusCode": 200, "headers": {"access-control-allow-origin": "*"}, "body": ""}
        response = api.post("/open?do=raw", json=answer, headers={"origin": "http://localhost:3000"})
        assert response.headers["access-control-allow-origin"] == "http://localhost:3000"
        assert response.headers["access-control-expose-headers"] == "retry-after"
        assert "access-control-allow-origin" not in raw(api, answer).headers

    def test_refusals_carry_cors_headers(self, api: httpx.Client) -> None:
        response = api.get("/private", headers={"origin": "http://localhost:3000"})
        assert response.status_code == 401
        assert response.headers["access-control-allow-origin"] == "http://localhost:3000"


class TestTokens:
    def get(self, api: httpx.Client, token: str) -> httpx.Response:
        return api.get("/private", headers={"authorization": f"Bearer {token}"})

    def forged(self, stub: Running, **changes: Any) -> str:
        assert stub.runtime.issuer is not None
        claims = {**stub.runtime.issuer.claims("auth0|a", "openid"), **changes}
        return stub.runtime.issuer.sign({name: value for name, value in claims.items() if value is not None})

    def test_token_of_the_issuer_passes_with_its_claims_as_text(self, stub: Running, api: httpx.Client) -> None:
        asked = httpx.get(stub.description["token_url"], params={"sub": "auth0|ann", "scope": "a b", "expires_in": "60"})
        assert asked.json()["token_type"] == "Bearer"
        assert asked.json()["expires_in"] == 60
        authorizer = self.get(api, asked.json()["access_token"]).json()["requestContext"]["authorizer"]
        claims = authorizer["jwt"]["claims"]
        assert authorizer["jwt"]["scopes"] is None
        assert claims["sub"] == "auth0|ann"
        assert claims["scope"] == "a b"
        assert claims["aud"] == f"[{stub.description['audience']} {stub.description['issuer']}userinfo]"
        assert claims["exp"] == str(int(claims["iat"]) + 60)

    def test_client_id_counts_when_there_is_no_audience(self, stub: Running, api: httpx.Client) -> None:
        assert self.get(api, self.forged(stub, aud=None, client_id=stub.description["audience"])).status_code == 200
        assert self.get(api, self.forged(stub, aud="other", client_id=stub.description["audience"])).status_code == 401

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"exp": int(time.time()) - 1}, "expired"),
            ({"exp": None}, "expired"),
            ({"exp": "soon"}, "expired"),
            ({"aud": "https://other.example"}, "audience"),
            ({"aud": None}, "audience"),
            ({"iss": "https://other.example/"}, "issuer"),
            ({"nbf": int(time.time()) + 86_400}, "not valid yet"),
            ({"iat": int(time.time()) + 86_400}, "not valid yet"),
        ],
    )
    def test_wrong_claims_are_refused(self, stub: Running, api: httpx.Client, changes: dict[str, Any], reason: str) -> None:
        response = self.get(api, self.forged(stub, **changes))
        assert (response.status_code, response.json()) == (401, {"message": "Unauthorized"})
        assert response.headers["www-authenticate"].startswith('Bearer scope="" error="invalid_token"')
        assert reason in response.headers["www-authenticate"]

    def test_missing_token_is_refused(self, api: httpx.Client) -> None:
        response = api.get("/private")
        assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")

    @pytest.mark.parametrize("token", ["x", "a.b.c", "Basic abc", "..", "é"])
    def test_garbage_is_refused(self, api: httpx.Client, token: str) -> None:
        assert api.get("/private", headers=[(b"authorization", f"Bearer {token}".encode())]).status_code == 401

    def test_unsigned_token_is_refused(self, stub: Running, api: httpx.Client) -> None:
        assert stub.runtime.issuer is not None
        header = {"alg": "none", "typ": "JWT", "kid": stub.runtime.issuer.kid}
        parts = [header, stub.runtime.issuer.claims("auth0|a", "")]
        token = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts) + "."
        assert self.get(api, token).status_code == 401

    def test_token_signed_with_the_public_key_as_a_secret_is_refused(self, stub: Running, api: httpx.Client) -> None:
        issuer = stub.runtime.issuer
        assert issuer is not None
        public = base64.b64decode(issuer.jwk["n"] + "==", altchars="-_")
        token = jwt.encode(issuer.claims("auth0|a", ""), public, algorithm="HS256", headers={"kid": issuer.kid})
        assert self.get(api, token).status_code == 401

    def test_key_of_somebody_else_is_refused(self, stub: Running, api: httpx.Client) -> None:
        from local.identity import Issuer

        own, other = stub.runtime.issuer, Issuer(stub.description["issuer"], stub.description["audience"])
        assert own is not None
        assert self.get(api, other.token()).status_code == 401  # a key id the issuer does not publish
        other.kid = own.kid
        assert self.get(api, other.token()).status_code == 401  # the right key id, the wrong signature

    def test_changed_payload_is_refused(self, stub: Running, api: httpx.Client) -> None:
        head, _, signature = self.forged(stub).split(".")
        assert stub.runtime.issuer is not None
        claims = stub.runtime.issuer.claims("auth0|other", "")
        payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
        assert self.get(api, f"{head}.{payload}.{signature}").status_code == 401
