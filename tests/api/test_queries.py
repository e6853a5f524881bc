"""Query parameters, and headers of the API's own document."""

from __future__ import annotations

import re

import pytest

from local.aws import template as sam
from noillusion.api.openapi import document
from tests.api.harness import ROOT, Client, filled, folder, template
from tests.support.databases import Store

ROUTES = sorted({(folder(r.function), r.method, r.path) for r in template().routes if "+" not in r.path and r.path != "$default"})
FOREIGN = ("/v1/oauth/", "/v1/callbacks/", "/v1/media/", "/v1/calendar.ics", "/robots.txt")
"""Routes that platforms and calendars call, which may add parameters of their own."""


@pytest.mark.parametrize(("function", "method", "path"), [r for r in ROUTES if not r[2].startswith(FOREIGN)])
def test_a_query_parameter_that_a_route_does_not_have_is_refused(
    deployment: Store, function: str, method: str, path: str
) -> None:
    body: dict[str, str] | None = {} if method in ("POST", "PUT", "PATCH") else None
    answer = Client().request(function, method, filled(path), query={"private-word": "1"}, body=body)
    operations = {re.sub(r"\{\w+\}", "{}", known): found for known, found in document()["paths"].items()}
    operation = operations[re.sub(r"\{\w+\}", "{}", path)][method.lower()]
    allowed = [p["name"] for p in operation.get("parameters", ()) if p["in"] == "query"]
    assert answer.status == 422, answer.text
    if method == "HEAD":
        assert answer.text == ""
        return
    error = answer.json["errors"][0]
    assert (error["field"], error["code"]) == ("*", "unknown_parameter")
    assert error.get("params", {"allowed": []})["allowed"] == allowed
    assert all(name in error["message"] for name in allowed) and "private-word" not in answer.text


def test_a_name_that_the_api_knows_is_told(deployment: Store) -> None:
    answer = Client().request("templates", "GET", "/v1/templates", query={"kind": "x", "private-word": "1"})
    assert [error["field"] for error in answer.json["errors"]] == ["kind", "*"]


def test_platforms_may_add_parameters_to_their_callbacks(deployment: Store) -> None:
    answer = Client(sub=None).request("connect_callback", "GET", "/v1/oauth/tiktok/callback", query={"private-word": "1"})
    assert (answer.status, answer.json["code"]) == (400, "invalid_state")


def test_platforms_may_add_parameters_to_what_they_fetch(deployment: Store) -> None:
    for path, status in (("/robots.txt", 200), ("/v1/media/none", 404)):
        assert Client(sub=None).request("media", "GET", path, query={"private-word": "1"}).status == status


@pytest.mark.parametrize("weak", ["", "W/"])
def test_the_document_is_sent_once(deployment: Store, weak: str) -> None:
    client = Client(sub=None)
    first = client.request("health", "GET", "/v1/openapi.json")
    assert first.json == document() and first.headers["cache-control"] == "public, max-age=300"
    tags = f'"other", {weak}{first.headers["etag"]}'
    again = client.request("health", "GET", "/v1/openapi.json", headers={"if-none-match": tags})
    assert (again.status, again.text, again.headers["etag"]) == (304, "", first.headers["etag"])
    other = client.request("health", "GET", "/v1/openapi.json", headers={"if-none-match": '"other"'})
    assert (other.status, other.json == first.json) == (200, True)
    assert client.request("health", "GET", "/v1/health").headers["cache-control"] == "no-store"


def test_head_tells_what_get_would_without_the_body(deployment: Store) -> None:
    client = Client(sub=None)
    for path in ("/v1/health", "/v1/openapi.json"):
        got, headed = client.request("health", "GET", path), client.request("health", "HEAD", path)
        assert (headed.status, headed.text) == (got.status, "") == (200, "")
        same = ("content-type", "etag", "cache-control")
        assert [headed.headers.get(name) for name in same] == [got.headers.get(name) for name in same]


def test_head_of_the_document_is_conditional_too(deployment: Store) -> None:
    client = Client(sub=None)
    tag = client.request("health", "HEAD", "/v1/openapi.json").headers["etag"]
    assert client.request("health", "HEAD", "/v1/openapi.json", headers={"if-none-match": tag}).status == 304


def test_head_of_a_route_without_it_says_what_there_is(deployment: Store) -> None:
    answer = Client(sub=None).request("health", "HEAD", "/v1/posts")
    assert (answer.status, answer.headers["allow"], answer.text) == (405, "GET, POST", "")


def test_pages_can_read_the_headers_that_the_api_sends() -> None:
    cors = sam.read(ROOT / "template.yaml")["Resources"]["Api"]["Properties"]["CorsConfiguration"]
    for name in (
        "etag",
        "location",
        "retry-after",
        "allow",
        "www-authenticate",
        "apigw-requestid",
        "x-correlation-id",
        "ratelimit",
    ):
        assert name in cors["ExposeHeaders"]
    assert {"if-match", "if-none-match", "idempotency-key"} <= set(cors["AllowHeaders"])
