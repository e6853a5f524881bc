"""Query tunneling: calls whose query is too long for a URL and comes in the body of a POST (section 3.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from starlette.requests import Request
from starlette.routing import BaseRoute, Match, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from local.simulators.linkedin.errors import ERROR_HEADERS, Refused
from local.simulators.linkedin.restli import respond

OVERRIDE: Final = "x-http-method-override"
METHODS: Final = frozenset({"GET", "POST", "PUT", "DELETE"})
QUERY_TYPE: Final = "application/x-www-form-urlencoded"


class Tunnel(BaseRoute):
    """Takes the POSTs that stand for another method and serves them as what they stand for."""

    def __init__(self, routes: Iterable[BaseRoute], not_found: ASGIApp) -> None:
        self.router = Router(list(routes), default=not_found, redirect_slashes=False)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match every POST that names a method in a header."""
        tunneled = scope["method"] == "POST" and OVERRIDE in Request(scope).headers
        return (Match.FULL if tunneled else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the call that came in the body."""
        request = Request(scope, receive)
        try:
            method, query, body, content_type = unpacked(request, await request.body())
        except Refused as refused:
            await respond(refused.status, refused.body, ERROR_HEADERS)(scope, receive, send)
            return
        replaced = (b"content-type", b"content-length", OVERRIDE.encode())
        headers = [(name, value) for name, value in scope["headers"] if name not in replaced]
        if content_type:
            headers.append((b"content-type", content_type.encode("latin-1")))

        async def replay() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        await self.router({**scope, "method": method, "query_string": query, "headers": headers}, replay, send)


def unpacked(request: Request, body: bytes) -> tuple[str, bytes, bytes, str]:
    """Return method, query, body and its type of a tunneled call. Raises Refused."""
    method = request.headers[OVERRIDE].upper()
    if method not in METHODS:
        raise Refused(400, f"The method {method} cannot be tunneled", "BAD_REQUEST")
    kind, _, rest = request.headers.get("content-type", "").partition(";")
    if kind.strip().lower() == QUERY_TYPE:
        return method, body.strip(), b"", ""
    if kind.strip().lower() != "multipart/mixed":
        raise Refused(400, "A tunneled query must be a form or the first part of multipart/mixed", "BAD_REQUEST")
    query, content, content_type = b"", b"", ""
    for found, part in _parts(body, rest):
        if found.startswith(QUERY_TYPE):
            query = part.strip()
        else:
            content, content_type = part, found
    return method, query, content, content_type


def _parts(body: bytes, parameters: str) -> Iterable[tuple[str, bytes]]:
    boundary = re.search(r'boundary="?([^";]+)', parameters)
    if boundary is None:
        raise Refused(400, "multipart/mixed needs a boundary", "BAD_REQUEST")
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary[1].strip().encode("latin-1"))[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        found = re.search(rb"content-type:\s*([^\r\n]+)", head, re.IGNORECASE)
        yield (found[1].decode("latin-1").strip().lower() if found else ""), content


def tunneled(routes: list[BaseRoute], not_found: ASGIApp) -> list[BaseRoute]:
    """Return routes that also take tunneled calls."""
    return [Tunnel(routes, not_found), *routes]
