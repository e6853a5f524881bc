"""A browser of the tests: it keeps cookies, sends what browsers send, and submits the forms that it was shown."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from html import unescape
from typing import Any
from urllib.parse import urlencode

import httpx
from starlette.types import ASGIApp

Json = dict[str, Any]
Pairs = Mapping[str, str] | None
VISIT = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
FORM = {"content-type": "application/x-www-form-urlencoded"}


class Browser:
    """One browser in front of an ASGI application; ``base`` is the issuer's URL without its final slash."""

    def __init__(self, app: ASGIApp, base: str) -> None:
        self._app, self.base = app, base
        self.cookies = httpx.Cookies()

    def send(
        self,
        method: str,
        path: str,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        content: str = "",
    ) -> httpx.Response:
        """Send one request and keep the cookies of the answer."""

        async def work() -> httpx.Response:
            transport = httpx.ASGITransport(self._app, raise_app_exceptions=True)
            async with httpx.AsyncClient(transport=transport, cookies=self.cookies) as client:
                body = urlencode(form) if form is not None else content
                kind = FORM if form is not None else {}
                answer = await client.request(method, f"{self.base}/{path}", content=body, headers={**kind, **(headers or {})})
                self.cookies = client.cookies
                return answer

        return asyncio.run(work())

    def visit(
        self, path: str, asked: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Go to a page, from a link on a page elsewhere."""
        return self.send("GET", f"{path}?{urlencode(asked or {})}", headers=VISIT if headers is None else headers)

    def submit(
        self, page: httpx.Response, entered: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Press a button of a page's form."""
        action = re.search(r'<form method="post" action="(\w+)"', page.text)
        assert action, page.text
        hidden = {
            name: unescape(value) for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text)
        }
        own = {"origin": self.base.rpartition("/")[0], **VISIT, "sec-fetch-site": "same-origin"}
        return self.send("POST", action[1], {**hidden, **entered}, own if headers is None else headers)

    def log_in(self, asked: Mapping[str, str], who: str = "auth0|ada", action: str = "login") -> httpx.Response:
        """Go to the login page, enter a name and press a button."""
        page = self.visit("authorize", asked)
        assert page.status_code == 200, page.text
        return self.submit(page, {"who": who, "action": action})
