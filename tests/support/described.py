"""Holds answers against the OpenAPI document: status, headers, problem code and body of every response must be described."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import httpx
from jsonschema_rs import Draft202012Validator

from noillusion.api import openapi

DOCUMENT: dict[str, Any] = openapi.document()
ALWAYS = {"content-type", "content-length", "cache-control", "x-correlation-id"}
"""Headers of every response; problems have no others to describe."""
SERVERS = {"date", "server", "connection", "apigw-requestid", "vary"}
"""Headers that the gateway and its server add to a response, besides those of CORS."""


@cache
def _operations() -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {re.sub(r'{[^}]+}', '{}', path)}": operation
        for path, methods in DOCUMENT["paths"].items()
        for method, operation in methods.items()
    }


def operation_of(route_key: str) -> dict[str, Any] | None:
    """The operation of a route of the gateway, ``None`` for what is no route of the API."""
    return _operations().get(re.sub(r"{[^}]+}", "{}", route_key))


def followed(part: Any) -> Any:
    """A part of the document, or what it refers to."""
    if "$ref" not in part:
        return part
    found: Any = DOCUMENT
    for name in part["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    return found


@cache
def _strict() -> dict[str, Any]:
    """The components, with objects that have no other fields than the described ones."""
    strict: dict[str, Any] = json.loads(json.dumps({"schemas": DOCUMENT["components"]["schemas"]}))
    for schema in strict["schemas"].values():
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
    return strict


@cache
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator({**json.loads(schema), "components": _strict()})


def faults_of(value: Any, schema: Mapping[str, Any]) -> list[str]:
    """What is wrong with a value by a schema of the document, and which fields it does not describe."""
    found = _validator(json.dumps(schema, sort_keys=True))
    return [f"{_path(error.instance_path)}: {error.message}"[:300] for error in found.iter_errors(value)]


def _path(parts: Sequence[str | int]) -> str:
    """A place in a value, as ``$.targets[0].id``."""
    return "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)


def hold(route_key: str, status: int, headers: Mapping[str, str], text: str, body: Any) -> None:
    """Fail where the document does not describe a response."""
    operation = operation_of(route_key)
    if operation is None:
        return
    told = f"{operation['operationId']} {status}"
    assert str(status) in operation["responses"], f"{told}: the status is not described: {text[:300]}"
    response = followed(operation["responses"][str(status)])
    unknown = headers.keys() - response.get("headers", {}).keys() - ALWAYS
    assert not unknown, f"{told}: headers are not described: {unknown}"
    if status in (204, 304) or "content" not in response or route_key.startswith("HEAD "):
        assert text == ""
        return
    media_type = headers["content-type"].partition(";")[0]
    if not text and status == 303:
        return
    assert media_type in response["content"], f"{told}: {media_type} is not described"
    described = response["content"][media_type]
    if media_type == "application/problem+json":
        assert body["code"] in described["examples"], f"{told}: {body['code']} is not in tools/openapi/problems.py"
    faults = faults_of(body if re.search(r"[/+]json$", media_type) else text, described["schema"])
    assert faults == [], f"{told}: {faults}"


def route_of(method: str, path: str) -> str | None:
    """The route of the document for a request, ``None`` if it has none. A literal part of a path goes before a variable."""
    for known in sorted(DOCUMENT["paths"], key=lambda known: known.count("{")):
        if method.lower() in DOCUMENT["paths"][known] and re.fullmatch(re.sub(r"{[^}]+}", "[^/]+", known), path):
            return f"{method} {known}"
    return None


def hold_http(answer: httpx.Response) -> None:
    """Fail where the document does not describe a response that came over HTTP."""
    if (route := route_of(answer.request.method, answer.request.url.path)) is None:
        return
    answer.read()
    headers = {n: v for n, v in answer.headers.items() if n not in SERVERS and not n.startswith("access-control-")}
    is_json = re.search(r"[/+]json$", headers.get("content-type", "").partition(";")[0])
    hold(route, answer.status_code, headers, answer.text, answer.json() if is_json and answer.content else None)


def watch(client: httpx.Client, api: str) -> None:
    """Hold every response of the API at ``api`` that a client gets."""

    def held(answer: httpx.Response) -> None:
        if str(answer.request.url).startswith(f"{api}/"):
            hold_http(answer)

    client.event_hooks["response"].append(held)
