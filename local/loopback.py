"""Keeps web pages away from ports of this machine: a page anywhere can have the browser send requests here.

A request is refused that names another host (a page whose name was rebound to this machine), that comes from a page of another
site, or that a browser sends to change something without the secret of this run. Programs send none of a browser's headers.

The issuer serves browsers as well: its pages may be visited from anywhere but submitted from themselves only, and pages of
allowed origins may call its endpoints.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

SECRET_HEADER = "x-local-secret"
GUARDED = ("/_lambda", "/_control", "/_identity")
PUBLIC = ("/_identity/.well-known/",)
"""The paths that an issuer publishes."""
ENDPOINTS = ("/_identity/oauth/", "/_identity/userinfo")
"""The paths of an issuer that a frontend calls."""
PAGES = tuple(f"/_identity/{name}" for name in ("authorize", "login", "activate", "v2/logout", "oidc/logout"))
"""The paths of an issuer that a person visits."""
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


def refusal(
    method: str, path: str, headers: Mapping[str, str], secret: str, origins: Collection[str] = frozenset()
) -> str | None:
    """Return the reason to refuse a request, or ``None``. ``headers`` by lower-case name; an empty secret fits nothing.

    Pages of ``origins`` may read and call the issuer.
    """
    if not is_loopback(headers.get("host", "")):
        return "The host must be this machine: localhost, 127.0.0.1 or [::1]."
    origin = headers.get("origin")
    if origin in origins and path.startswith((*PUBLIC, *ENDPOINTS)):
        return None
    if origin is not None and not is_loopback(urlsplit(origin).netloc):
        return "Pages of other sites have no business here."
    if not path.startswith(GUARDED) or path.startswith(PUBLIC):
        return None
    if path.startswith(ENDPOINTS):
        return _of_endpoint(headers)
    if path in PAGES:
        return _of_page(method, headers)
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


def _of_endpoint(headers: Mapping[str, str]) -> str | None:
    """Return the reason to refuse a call of the issuer. Servers may call it, though some send one of a browser's headers."""
    if "origin" in headers or headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        return "The page's origin is not in ALLOWED_ORIGINS."
    return None


def _of_page(method: str, headers: Mapping[str, str]) -> str | None:
    """Return the reason to refuse a visit. Only the issuer's own page may send a form, only a person's browser may visit."""
    if headers.get("sec-fetch-mode", "navigate") != "navigate":
        return "This is a page for people: open it in a browser's window."
    if method in ("GET", "HEAD"):
        return None
    own = headers.get("origin", f"http://{headers.get('host')}") == f"http://{headers.get('host')}"
    if not own or headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        return "This form can only be sent by the page that shows it."
    return None


class Guard:
    """An ASGI application behind :func:`refusal`."""

    def __init__(self, app: ASGIApp, secret: str, origins: Collection[str] = frozenset()) -> None:
        self.app, self._secret, self._origins = app, secret, origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it with 403."""
        if scope["type"] == "http":
            why = refusal(scope["method"], scope["path"], _headers(scope["headers"]), self._secret, self._origins)
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
