"""``/docs`` on the gateway's port: the reference page of the API, built by ``make api-page``. Nothing of it exists in AWS."""

from __future__ import annotations

import hashlib
import html
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from local.loopback import is_loopback

HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
READ = 4096
"""Bytes at the start of the page that contain the checksum of its document."""
MISSING = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Reference page</title></head>
<body><h1>The reference page is not built</h1>
<p>{reason} Run <code>make api-page</code> (it needs Node 20 or later) and load this page again.</p>
<p>The document itself is at <a href="/v1/openapi.json">/v1/openapi.json</a>.</p></body></html>
"""


class Reference:
    """An ASGI application in front of the gateway that answers ``/docs`` and ``/docs/openapi.json`` itself."""

    def __init__(self, app: ASGIApp, docs: Path) -> None:
        self.app, self._page, self._document = app, docs / "api.html", docs / "openapi.json"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        app: ASGIApp = self.app
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and is_loopback(Request(scope).headers.get("host", "")):
            app = self._answer(scope["path"]) or app
        await app(scope, receive, send)

    def _answer(self, path: str) -> Response | None:
        if path == "/docs/openapi.json":
            return FileResponse(self._document, headers=HEADERS)
        if path not in ("/docs", "/docs/"):
            return None
        if reason := self._missing():
            return HTMLResponse(MISSING.format(reason=html.escape(reason)), 404, HEADERS)
        return FileResponse(self._page, headers=HEADERS)

    def _missing(self) -> str:
        """Return why the page cannot be shown, or nothing. A page of another document would be wrong without saying so."""
        if not self._page.is_file():
            return "It is not part of the repository, because it contains a megabyte of scripts."
        checksum = hashlib.sha256(self._document.read_bytes()).hexdigest()
        with self._page.open("rb") as page:
            return "" if checksum.encode() in page.read(READ) else "The API has changed since it was built."
