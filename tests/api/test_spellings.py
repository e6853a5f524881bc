"""However the path of a guarded route is written, without a token nothing behind the guard answers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.aws.events import HttpRequest, http_event
from local.aws.gateway import Router
from local.aws.specs import RouteSpec
from tests.api.harness import Context, filled, folder, load, template
from tests.support.spellings import spellings

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

pytestmark = pytest.mark.usefixtures("deployment")


def call(function: str, method: str, path: str, route: RouteSpec) -> dict[str, Any]:
    """What a function answers to a request that the gateway gave to it without a token."""
    body = b"{}" if method in ("POST", "PUT", "PATCH") else b""
    request = HttpRequest(method, path, "", [("host", "api.test"), ("content-type", "application/json")], body, "127.0.0.1")
    answer: dict[str, Any] = load(folder(function)).handler(http_event(request, route, {}, None, "id"), Context())
    return answer


GUARDED = [route for route in template().routes if route.authorized]


@pytest.mark.parametrize("route", GUARDED, ids=[route.key for route in GUARDED])
def test_no_spelling_of_a_guarded_route_answers_without_a_token(route: RouteSpec) -> None:
    router, path = Router(template().routes), filled(route.path)
    let_through = []
    for written in spellings(path):
        found = router.match(route.method, written)
        assert found is not None
        if found[0].authorized:
            continue
        answer = call(found[0].function, route.method, written, found[0])
        refused = answer["statusCode"] in (404, 405) and json.loads(answer["body"])["code"] in (
            "unknown_route",
            "method_not_allowed",
        )
        if found[0].function != "HealthFunction" or not refused:
            let_through.append((written, found[0].function, answer["statusCode"]))
    assert let_through == []


@pytest.mark.parametrize("route", GUARDED, ids=[route.key for route in GUARDED])
def test_a_function_serves_a_route_only_where_the_gateway_matched_that_route(route: RouteSpec) -> None:
    open_route = RouteSpec(route.method, "/{proxy+}", route.function, authorized=False)
    answer = call(route.function, route.method, filled(route.path), open_route)
    assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (404, "unknown_route")


def test_what_the_gateway_lets_through_ends_in_a_function_without_guarded_routes() -> None:
    unmatched = {route.function for route in template().routes if "+" in route.path}
    assert unmatched == {"HealthFunction"}
    assert {route.key for route in template().routes if route.function == "HealthFunction"} == {
        *(f"{method} /v1/{name}" for method in ("GET", "HEAD") for name in ("health", "openapi.json")),
        *(f"{method} /{{proxy+}}" for method in (*METHODS, "HEAD")),
    }  # fmt: skip
