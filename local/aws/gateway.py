"""API Gateway's HTTP API in front of the functions: routes, JWT authorizer, CORS, limits, events of payload format 2.0.

It must never put anything of a request or answer into a log, and its errors say no more than AWS's do.
"""

from __future__ import annotations

import asyncio
import base64
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from local.aws.authorizer import Authorizer, Unauthorized
from local.aws.events import Headers, HttpRequest, InvalidAnswer, Reply, http_event, translate
from local.aws.functions import PayloadTooLarge
from local.aws.runtime_api import InvokeResult
from local.aws.specs import CorsSpec, RouteSpec
from local.loopback import is_loopback

MAX_BODY = 10_485_760  # bytes (HTTP API quotas)
MAX_HEADERS = 10_240  # bytes of request line and header values together (HTTP API quotas)
INTEGRATION_TIMEOUT_S = 29.0
DRAIN = 8 * MAX_BODY  # a refused body is read up to here, so that the client sees the answer and not a reset


class Invoke(Protocol):
    """The gateway's way to a function."""

    async def invoke(self, name: str, event: Any) -> InvokeResult:
        """See ``environments.Functions.invoke``."""
        ...


def _message(status: int, text: str, headers: Headers = ()) -> Reply:
    body = json.dumps({"message": text}, separators=(",", ":")).encode()
    return Reply(status, [("content-type", "application/json"), *headers], body)


FORBIDDEN = _message(403, "Forbidden")
NOT_FOUND = _message(404, "Not Found")
TOO_LARGE = _message(413, "Request Entity Too Large")
HEADERS_TOO_LARGE = _message(431, "Request Header Fields Too Large")
INTERNAL = _message(500, "Internal Server Error")
UNAVAILABLE = _message(503, "Service Unavailable")


class Router:
    """Finds a route by API Gateway's precedence: literal, variable, greedy segment; method before ANY; ``$default`` last."""

    def __init__(self, routes: Iterable[RouteSpec]) -> None:
        every = list(routes)
        self._default = next((route for route in every if route.path == "$default"), None)
        self._routes = sorted((route for route in every if route.path != "$default"), key=_precedence)

    def match(self, method: str, path: str) -> tuple[RouteSpec, dict[str, str]] | None:
        """The route and its path parameters, still percent-encoded; None when nothing matches."""
        segments = path.split("/")[1:]
        for route in self._routes:
            if route.method in (method, "ANY") and (found := _bind(route.path.split("/")[1:], segments)) is not None:
                return route, found
        return (self._default, {}) if self._default else None


def _precedence(route: RouteSpec) -> tuple[list[int], bool]:
    ranks = [2 if part.endswith("+}") else 1 if part.startswith("{") else 0 for part in route.path.split("/")[1:]]
    return ranks, route.method == "ANY"


def _bind(pattern: list[str], segments: list[str]) -> dict[str, str] | None:
    bound: dict[str, str] = {}
    for index, part in enumerate(pattern):
        if index >= len(segments):
            return None
        if part.endswith("+}"):
            rest = "/".join(segments[index:])
            return {**bound, part[1:-2]: rest} if rest else None
        if part.startswith("{"):
            if not segments[index]:
                return None
            bound[part[1:-1]] = segments[index]
        elif part != segments[index]:
            return None
    return bound if len(pattern) == len(segments) else None


@dataclass(frozen=True, slots=True)
class Cors:
    """The API's CORS configuration at work (API Gateway guide, "Configure CORS for HTTP APIs")."""

    spec: CorsSpec

    def is_preflight(self, request: HttpRequest) -> bool:
        """Tell whether API Gateway answers this request without a function."""
        return bool(request.method == "OPTIONS" and request.header("origin") and request.header("access-control-request-method"))

    def preflight(self, request: HttpRequest) -> Reply:
        """204, with the configuration only if the origin, method and headers asked for are allowed."""
        wanted = [name.strip().lower() for name in request.header("access-control-request-headers").split(",") if name.strip()]
        method = request.header("access-control-request-method").upper()
        headers = self._origin(request)
        if not headers or not _covers(self.spec.methods, [method]) or not _covers(self.spec.headers, wanted):
            return Reply(204)
        optional = {
            "access-control-allow-methods": ",".join(self.spec.methods),
            "access-control-allow-headers": ",".join(self.spec.headers),
            "access-control-max-age": "" if self.spec.max_age_s is None else str(self.spec.max_age_s),
        }
        return Reply(204, [*headers, *((name, value) for name, value in optional.items() if value)])

    def apply(self, request: HttpRequest, reply: Reply) -> Reply:
        """The reply with the configured headers instead of the function's own CORS headers, which are ignored."""
        headers = [(name, value) for name, value in reply.headers if not name.startswith("access-control-")]
        if allowed := self._origin(request):
            headers += allowed
            if self.spec.expose:
                headers.append(("access-control-expose-headers", ",".join(self.spec.expose)))
        return replace(reply, headers=headers)

    def _origin(self, request: HttpRequest) -> list[tuple[str, str]]:
        origin = request.header("origin")
        if not origin:
            return []
        if "*" in self.spec.origins:
            return [("access-control-allow-origin", "*")]
        schemes = [allowed[:-1] for allowed in self.spec.origins if allowed in ("https://*", "http://*")]
        if origin not in self.spec.origins and not any(origin.startswith(scheme) for scheme in schemes):
            return []
        headers = [("access-control-allow-origin", origin), ("vary", "Origin")]
        return [*headers, ("access-control-allow-credentials", "true")] if self.spec.credentials else headers


def _covers(allowed: tuple[str, ...], wanted: list[str]) -> bool:
    return "*" in allowed or set(wanted) <= set(allowed)


class Gateway:
    """The ASGI application."""

    def __init__(
        self,
        routes: Iterable[RouteSpec],
        functions: Invoke,
        authorizer: Authorizer | None,
        cors: CorsSpec | None,
        timeout_s: float = INTEGRATION_TIMEOUT_S,
        public_url: str = "",
    ) -> None:
        self.router, self.functions, self.authorizer, self.timeout_s = Router(routes), functions, authorizer, timeout_s
        self.cors = Cors(cors) if cors else None
        self._public = urlsplit(public_url).netloc
        self._running: set[asyncio.Task[InvokeResult]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one HTTP request."""
        try:
            reply = await self._reply(Request(scope, receive))
        except ClientDisconnect:
            return
        response = Response(reply.body, reply.status)
        response.raw_headers += [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in reply.headers]
        await response(scope, receive, send)

    async def _reply(self, incoming: Request) -> Reply:
        request_id = base64.b64encode(secrets.token_bytes(11)).decode()
        body = await _read(incoming)
        request = _request(incoming, body or b"")
        if not self._is_own(request.header("host")):
            reply = FORBIDDEN
        elif self.cors and self.cors.is_preflight(request):
            reply = self.cors.preflight(request)
        else:
            reply = TOO_LARGE if body is None else await self._answer(request, request_id)
            reply = self.cors.apply(request, reply) if self.cors else reply
        return replace(reply, headers=[*reply.headers, ("apigw-requestid", request_id)])

    def _is_own(self, host: str) -> bool:
        """Tell whether a host is this API: API Gateway knows its domain names, and a page may have made its own lead here."""
        return is_loopback(host) or (bool(self._public) and host == self._public)

    async def _answer(self, request: HttpRequest, request_id: str) -> Reply:
        if _header_bytes(request) > MAX_HEADERS:
            return HEADERS_TOO_LARGE
        found = self.router.match(request.method, request.path)
        if found is None:
            return NOT_FOUND
        route, path_parameters = found
        claims: Mapping[str, Any] | None = None
        if route.authorized and self.authorizer:
            try:
                claims = await self.authorizer.claims(request.header("authorization"))
            except Unauthorized as refused:
                return _message(401, "Unauthorized", [("www-authenticate", refused.challenge)])
        return await self._integrate(route.function, http_event(request, route, path_parameters, claims, request_id))

    async def _integrate(self, function: str, event: Mapping[str, Any]) -> Reply:
        """Invoke and translate. The function goes on when the gateway or the client has stopped waiting, as at AWS."""
        task = asyncio.ensure_future(self.functions.invoke(function, event))
        self._running.add(task)
        task.add_done_callback(self._settled)
        finished, _ = await asyncio.wait([task], timeout=self.timeout_s)
        if not finished:
            return UNAVAILABLE
        try:
            result = task.result()
            return INTERNAL if result.function_error else translate(result.payload)
        except PayloadTooLarge:
            return TOO_LARGE
        except InvalidAnswer:
            return INTERNAL

    def _settled(self, task: asyncio.Task[InvokeResult]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()

    async def close(self) -> None:
        """Forget invocations that nobody waits for any more."""
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)


async def _read(incoming: Request) -> bytes | None:
    """The body, or None if it is over the limit."""
    body, seen = bytearray(), 0
    async for chunk in incoming.stream():
        seen += len(chunk)
        if seen <= MAX_BODY:
            body += chunk
        elif seen > DRAIN:
            break
    return bytes(body) if seen <= MAX_BODY else None


def _request(incoming: Request, body: bytes) -> HttpRequest:
    scope = incoming.scope
    return HttpRequest(
        method=scope["method"],
        path=scope["raw_path"].decode("latin-1").partition("?")[0],
        query=scope["query_string"].decode("latin-1"),
        headers=[(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]],
        body=body,
        source_ip=scope["client"][0] if scope.get("client") else "127.0.0.1",
        protocol=f"HTTP/{scope['http_version']}",
        scheme=scope["scheme"],
    )


def _header_bytes(request: HttpRequest) -> int:
    line = len(request.method) + len(request.path) + len(request.query) + len(request.protocol) + 3
    return line + sum(len(value) for _, value in request.headers)
