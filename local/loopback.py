"""Keeps web pages away from ports of this machine: a page anywhere can have the browser send requests here.

A request is refused that names another host (a page whose name was rebound to this machine), that comes from a page of another
site, or that a browser sends to change something without the secret of this run. Programs send none of a browser's headers.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

SECRET_HEADER = "x-local-secret"
GUARDED = ("/_lambda", "/_control", "/_identity")
PUBLIC = ("/_identity/.well-known/",)
"""The paths that an issuer publishes."""
BROWSERS_OWN = ("origin", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest")
SIMPLE = ("text/plain", "multipart/form-data")
"""Types that a page can send without asking first, and that nobody uses here."""


def is_loopback(netloc: str) -> bool:
    """Tell whether a host with or without a port is this machine."""
    try:
        host = urlsplit(f"//{netloc}").hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def refusal(method: str, path: str, headers: Mapping[str, str], secret: str) -> str | None:
    """Return the reason to refuse a request, or ``None``. ``headers`` by lower-case name; an empty secret fits nothing."""
    if not is_loopback(headers.get("host", "")):
        return "The host must be this machine: localhost, 127.0.0.1 or [::1]."
    origin = headers.get("origin")
    if origin is not None and not is_loopback(urlsplit(origin).netloc):
        return "Pages of other sites have no business here."
    if not path.startswith(GUARDED) or path.startswith(PUBLIC):
        return None
    if secret and hmac.compare_digest(headers.get(SECRET_HEADER, "").encode(), secret.encode()):
        return None
    if method in ("GET", "HEAD") and origin is None and headers.get("sec-fetch-site", "none") == "none":
        # A program, or what a person typed into the address line.
        return None
    if any(name in headers for name in BROWSERS_OWN):
        return f"A browser needs the header {SECRET_HEADER}, whose value is `secret` in run.json."
    if headers.get("content-type", "").partition(";")[0].strip().lower() in SIMPLE:
        return "Send JSON: this type can come from any page."
    return None


class Guard:
    """An ASGI application behind :func:`refusal`."""

    def __init__(self, app: ASGIApp, secret: str) -> None:
        self.app, self._secret = app, secret

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it with 403."""
        if scope["type"] == "http":
            why = refusal(scope["method"], scope["path"], _headers(scope["headers"]), self._secret)
            if why:
                await JSONResponse({"error": why}, 403)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _headers(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in pairs}


def guarded_wsgi(app: Any) -> Any:
    """A WSGI application that only programs of this machine reach."""

    def serve(environ: Mapping[str, Any], start_response: Any) -> Any:
        headers = {key[5:].replace("_", "-").lower(): str(value) for key, value in environ.items() if key.startswith("HTTP_")}
        if not is_program(headers):
            start_response("403 Forbidden", [("Content-Type", "text/plain")])
            return [b"Only programs of this machine are served here."]
        return app(environ, start_response)

    return serve


def is_program(headers: Mapping[str, str]) -> bool:
    """Tell whether a request names this machine and has none of a browser's headers, in lower case."""
    return is_loopback(headers.get("host", "")) and not any(name in headers for name in BROWSERS_OWN)
