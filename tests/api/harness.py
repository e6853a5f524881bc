"""Calls handlers in process with API Gateway v2 events, as the deployed API would."""

from __future__ import annotations

import base64
import importlib.util
import json
import re
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from local.aws import template as sam
from local.aws.gateway import Router
from local.aws.specs import Template
from tests.support import described

NIL = "00000000-0000-4000-8000-000000000000"
ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = (
    "profile",
    "health",
    "media",
    "connect_callback",
    "generate",
    "publish",
    "schedules",
    "schedule_run",
    "templates",
    "calendar",
    "analytics",
    "analytics_poll",
    "webhooks",
    "maintain",
)


def load(function: str) -> ModuleType:
    """The function's ``app`` module, imported once under a name of its own."""
    name = f"functions_{function}_app"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, ROOT / "functions" / function / "app.py")
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


class Context:
    """A Lambda context with some seconds left."""

    function_name = "test"
    function_version = "$LATEST"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-central-1:000000000000:function:test"
    log_group_name = "/noillusion/test"
    log_stream_name = "test"

    def __init__(self, seconds: float = 29.0) -> None:
        self.aws_request_id = str(uuid4())
        self._seconds = seconds

    def get_remaining_time_in_millis(self) -> int:
        return int(self._seconds * 1000)


@dataclass
class Answer:
    """What API Gateway would send."""

    status: int
    headers: dict[str, str]
    text: str
    json: Any = field(default=None)
    data: bytes = b""
    """The body of a binary response."""


@cache
def template() -> Template:
    """The product's template."""
    document = sam.read(ROOT / "template.yaml")
    queues = {name: {"Ref": name, "Arn": name} for name in sam.names(document, "AWS::SQS::Queue")}
    return sam.load(document, {"Auth0Domain": "tenant.test", "Auth0Audience": "test"}, queues)


def folder(function: str) -> str:
    """The folder of a function by its name in the template."""
    return template().functions[function].code.strip("/").rpartition("/")[2]


@cache
def _router(function: str) -> Router:
    """The routes that the gateway has for a function, and the one for what nothing else matches."""
    return Router(route for route in template().routes if folder(route.function) == function or "+" in route.path)


def filled(path: str, **values: str) -> str:
    """A path with something for each of its variables: ``values`` by name, a well-known name, or an id of nothing."""
    known = {"platform": "linkedin", "provider": "openai", "handle": "none", "code": "none", "part": "none", **values}
    return re.sub(r"\{(\w+)\}", lambda found: known.get(found[1], NIL), path)


def route_key(function: str, method: str, path: str) -> str:
    """What the gateway calls the route of a function that it matches."""
    found = _router(function).match(method, quote(path))
    return found[0].key if found else "$default"


def event(
    method: str,
    path: str,
    *,
    function: str,
    sub: str | None = "auth0|alice",
    body: Any = None,
    raw: str | None = None,
    headers: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
    claims: dict[str, str] | None = None,
    encoded: bool = False,
) -> dict[str, Any]:
    """An HTTP API event, payload format 2.0."""
    text = raw if raw is not None else (json.dumps(body) if body is not None else None)
    all_headers = {"host": "api.test", **({"content-type": "application/json"} if text is not None else {}), **(headers or {})}
    key = route_key(function, method, path)
    context: dict[str, Any] = {
        "accountId": "000000000000",
        "apiId": "test",
        "domainName": "api.test",
        "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "test"},
        "requestId": str(uuid4()),
        "routeKey": key,
        "stage": "$default",
        "time": "22/Nov/2026:12:00:00 +0000",
        "timeEpoch": 1795348800000,
    }
    if sub is not None:
        context["authorizer"] = {"jwt": {"claims": {"sub": sub, "iss": "https://test/", **(claims or {})}, "scopes": None}}
    return {
        "version": "2.0",
        "routeKey": key,
        "rawPath": path,
        "rawQueryString": urlencode(query or {}),
        "queryStringParameters": query or {},
        "headers": all_headers,
        "requestContext": context,
        "isBase64Encoded": encoded,
        **({"body": text} if text is not None else {}),
    }


class Client:
    """Sends requests of one user to the functions' handlers."""

    def __init__(self, sub: str | None = "auth0|alice", seconds: float = 29.0) -> None:
        self.sub, self.seconds = sub, seconds

    def request(self, function: str, method: str, path: str, **parts: Any) -> Answer:
        """One request; ``parts`` as in :func:`event`."""
        sent = event(method, path, function=function, sub=self.sub, **parts)
        raw = load(function).handler(sent, Context(self.seconds))
        headers = {key.lower(): value for key, value in raw.get("headers", {}).items()}
        # The gateway leaves the body out.
        text = "" if method == "HEAD" else raw.get("body") or ""
        data = base64.b64decode(text) if raw.get("isBase64Encoded") else b""
        media_type = headers.get("content-type", "").partition(";")[0]
        is_json = media_type == "application/json" or media_type.endswith("+json")
        body = json.loads(text) if is_json and text else None
        described.hold(sent["routeKey"], raw["statusCode"], headers, text, body)
        return Answer(raw["statusCode"], headers, text, body, data)
