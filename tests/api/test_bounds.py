"""Whatever comes, the answer is short, quick and never an accident; names that the sender made up are not repeated."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from local.aws.gateway import Router
from noillusion.api import problems
from noillusion.api.bodies import MAX_VALUES
from noillusion.api.problems import MAX_ERRORS, field_path
from noillusion.core.errors import FieldError, Invalid
from tests.api.conftest import Platforms
from tests.api.harness import ROOT, Answer, Client, filled, folder, template

MARK = "zq_never_repeat_this"
LONGEST_ANSWER = 16_000
QUICK_S = 3.0
LAMBDA_LIMIT, GATEWAY_LIMIT = 6_291_456, 10_485_760
"""Bytes of an event and of a request (quotas of Lambda and of HTTP APIs)."""

DESCRIBED: dict[str, Any] = json.loads((ROOT / "docs" / "openapi.json").read_text("utf-8"))


def routes(*, with_body: bool) -> list[str]:
    """The routes with a JSON body, or all others."""
    return [
        f"{method.upper()} {path}"
        for path, methods in DESCRIBED["paths"].items()
        for method, operation in methods.items()
        if ("application/json" in operation.get("requestBody", {}).get("content", ())) is with_body
    ]


def properties(route: str) -> list[str]:
    """The names that a route's body may have."""
    method, path = route.split()
    schema = DESCRIBED["paths"][path][method.lower()]["requestBody"]["content"]["application/json"]["schema"]
    (named,) = [one["$ref"] for one in schema.get("anyOf", [schema]) if "$ref" in one]
    return list(DESCRIBED["components"]["schemas"][named.rpartition("/")[2]]["properties"])


def send(route: str, raw: str | None = None, **parts: Any) -> tuple[Answer, float]:
    """The answer to a signed-in person, and the seconds of processor time that it took."""
    method, path = route.split()
    path = filled(path)
    found = Router(template().routes).match(method, path)
    assert found
    parts["headers"] = {"idempotency-key": "k", **parts.get("headers", {})}
    began = time.process_time()
    answer = Client().request(folder(found[0].function), method, path, raw=raw, **parts)
    return answer, time.process_time() - began


def hostile(names: list[str]) -> Iterator[tuple[str, Callable[[], str]]]:
    """Bodies that are made to be large, deep or odd; each as a name and what makes its text."""
    many = {f"{MARK}_{i}": i for i in range(80_000)}
    first = names[0]
    some = {f"{MARK}_{i}": i for i in range(3_000)}
    yield "some unknown names", lambda: json.dumps(some)
    yield "very many unknown names", lambda: json.dumps(many)
    yield "more names than a body may have", lambda: json.dumps({f"{MARK}{i}": 0 for i in range(230_000)})
    yield "a name of a megabyte", lambda: json.dumps({MARK * 50_000: 1})
    yield "a name of half a character", lambda: f'{{"{MARK}\\ud83d": 1, "{MARK}\\u0000": 1}}'
    yield "deep lists", lambda: f'{{"{first}": {"[" * 800}"{MARK}"{"]" * 800}}}'
    yield "deep objects", lambda: f'{{"{first}": ' + f'{{"{MARK}": ' * 800 + "1" + "}" * 801
    yield "deeper than a parser goes", lambda: f'{{"{first}": {"[" * 100_000}'
    yield "a number of 5,000 digits", lambda: f'{{"{first}": {"9" * 5_000}}}'
    yield "a number of 4,000 digits", lambda: json.dumps(dict.fromkeys(names, "#")).replace('"#"', "9" * 4_000)
    yield "a number beyond numbers", lambda: json.dumps(dict.fromkeys(names, "#")).replace('"#"', "1e999")
    for name in names:
        yield f"{name}: a long list of nothing", _of(name, lambda: [None] * 200_000)
        yield f"{name}: a list of wrong things", _of(name, lambda: [{MARK: MARK}] * 2_000)
        yield f"{name}: a wide object", _of(name, lambda: some)
        yield f"{name}: wide objects in a list", _of(name, lambda: [some])
        yield f"{name}: a long text", _of(name, lambda: MARK * 12_000)


def _of(name: str, value: Callable[[], Any]) -> Callable[[], str]:
    return lambda: json.dumps({name: value()})


@pytest.mark.parametrize("deployment", ["sqlite"], indirect=True)
@pytest.mark.parametrize("route", routes(with_body=True))
def test_no_body_makes_a_long_a_slow_or_an_accidental_answer(deployment: object, route: str) -> None:
    for name, text in hostile(properties(route)):
        answer, seconds = send(route, text())
        assert 400 <= answer.status < 500, (name, answer.status, answer.text[:300])
        assert len(answer.text) <= LONGEST_ANSWER, (name, len(answer.text))
        assert len(answer.json.get("errors", ())) <= MAX_ERRORS
        assert MARK not in answer.text, (name, answer.text[:300])
        assert seconds < QUICK_S, (name, seconds)


@pytest.mark.parametrize("deployment", ["sqlite"], indirect=True)
@pytest.mark.parametrize("size", [LAMBDA_LIMIT, GATEWAY_LIMIT])
def test_no_size_of_body_is_an_accident(deployment: object, size: int) -> None:
    texts = [
        "a" * size,
        '"' + "a" * (size - 2) + '"',
        "[" + "0," * (size // 2 - 2) + "0]",
        "[" + "{}," * (size // 3 - 2) + "{}]",
        "[" * size,
        "\u00e9" * (size // 2),
    ]
    for route in routes(with_body=True):
        for text in texts:
            answer, seconds = send(route, text)
            assert (answer.status, answer.json["code"]) == (413, "body_too_large"), (route, answer.text[:200])
            assert seconds < QUICK_S


@pytest.mark.parametrize(("count", "told", "more"), [(1, 1, None), (50, 50, None), (51, 50, 1), (80_000, 50, 79_950)])
def test_at_most_fifty_errors_are_told_and_how_many_more_there_are(count: int, told: int, more: int | None) -> None:
    problem = Invalid([FieldError(f"targets.{i}.kind", "missing", "This field is required.") for i in range(count)])
    document = problems.body(problem, "id")
    assert (len(document["errors"]), document.get("more_errors")) == (told, more)


@pytest.mark.parametrize("deployment", ["sqlite"], indirect=True)
def test_a_post_with_many_mistakes_is_told_of_fifty(deployment: object) -> None:
    media = [{"url": f"ftp://{MARK}/{i}", "alt_text": i} for i in range(35)]
    targets = [{"connection_id": f"{MARK}{i}"} for i in range(20)]
    answer, _ = send("POST /v1/posts", json.dumps({"content": {"media": media}, "targets": targets}))
    assert (answer.status, len(answer.json["errors"]), answer.json["more_errors"]) == (422, 50, 35 * 2 + 20 - 50)


@pytest.mark.parametrize("deployment", ["sqlite"], indirect=True)
def test_a_body_of_too_many_values_is_refused_before_each_is_looked_at(deployment: object) -> None:
    fits = json.dumps({"targets": [0] * (MAX_VALUES - 1)})
    assert send("POST /v1/posts", fits)[0].json["errors"][0]["code"] == "too_long"
    answer, _ = send("POST /v1/posts", json.dumps({"targets": [0] * MAX_VALUES}))
    (error,) = answer.json["errors"]
    assert (answer.status, error["field"], error["code"], error["params"]["limit"]) == (
        422,
        "body",
        "too_many_values",
        MAX_VALUES,
    )


@pytest.mark.parametrize("deployment", ["sqlite"], indirect=True)
@pytest.mark.parametrize("route", routes(with_body=False))
def test_no_query_and_no_header_makes_a_long_or_accidental_answer(deployment: object, route: str) -> None:
    declared = [
        parameter["name"]
        for parameter in DESCRIBED["paths"][route.split()[1]][route.split()[0].lower()].get("parameters", [])
        if parameter["in"] == "query"
    ]
    if route in ("DELETE /v1/profile", "GET /v1/openapi.json"):
        return
    for query in (
        {f"{MARK}{i}": MARK for i in range(300)},
        {MARK * 400: MARK},
        dict.fromkeys(declared, ",".join([MARK] * 400)),
        dict.fromkeys(declared, MARK),
        dict.fromkeys(declared, "\x00"),
        dict.fromkeys(declared, "9" * 5_000),
    ):
        headers = {f"x-{MARK}-{i}": MARK for i in range(200)} | {"accept": f"{MARK}," * 900}
        answer, seconds = send(route, query=query, headers=headers)
        assert answer.status < 500, (query, answer.text[:300])
        if answer.status >= 400:
            assert len(answer.text) <= LONGEST_ANSWER and MARK not in answer.text, answer.text[:300]
        assert seconds < QUICK_S


@pytest.mark.parametrize(
    ("location", "unknown", "path"),
    [
        (("body", "content", "media", 3, "url"), False, "content.media.3.url"),
        (("body", "content", MARK), True, "content.*"),
        (("body", "content", "topic"), True, "content.*"),
        (("body", "variables", MARK, "str"), False, "variables.*"),
        (("body", "variables", MARK, "[key]"), False, "variables.*"),
        (("body", "variables", "function-after[_whole(), str]"), False, "variables.*"),
        (("body", "models", "openai"), False, "models.openai"),
        (("header", "idempotency-key"), False, "idempotency-key"),
        (("query", "cursor"), False, "cursor"),
        (("body",), False, "body"),
        ((), False, "body"),
        (("body", *(["content"] * 500)), False, ".".join(["content"] * 12)),
    ],
)
def test_a_path_names_what_the_api_names_and_nothing_else(location: tuple[Any, ...], unknown: bool, path: str) -> None:
    assert field_path(location, unknown=unknown) == path


def test_names_of_variables_are_not_repeated(platforms: Platforms) -> None:
    generate = {"task": "generate", "platforms": ["linkedin"], "topic": "t"}
    preview = {"template": {"user_text": "{v}"}}
    for function, path, base in (
        ("generate", "/v1/generate", generate),
        ("generate", "/v1/generate/preview", generate),
        ("templates", "/v1/templates/preview", preview),
    ):
        for variables in (
            {MARK: "x"},
            {MARK: None},
            {MARK: ["x"]},
            {MARK: "x" * 5_000},
            {f"{MARK} with a blank": "x"},
            {f"{MARK}{i}": "x" for i in range(61)},
            {"x" * 5_000: "x"},
        ):
            answer = Client().request(function, "POST", path, body={**base, "variables": variables})
            if answer.status == 200:
                continue
            assert answer.status == 422, answer.text
            assert MARK not in answer.text and "xxxx" not in answer.text
            assert {error["field"] for error in answer.json["errors"]} <= {"variables", "variables.*"}, answer.text
