"""Checks of every API call: token, scope and rate."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.simulators.tiktok.errors import Refused
from local.simulators.tiktok.state import State, Token
from local.simulators.world import Json, bearer

RATES = {"init": 6, "creator_info": 20, "status": 30, "display": 600}  # calls per user token and sliding minute, 4.3 and 4.4


@dataclass(slots=True)
class Call:
    """One API request that passed the gate."""

    request: Request
    token: Token
    user: Json

    async def json(self, code: str) -> Json:
        """The body as a JSON object; ``code`` is the spelling of this endpoint's parameter error."""
        if not self.request.headers.get("content-type", "").startswith("application/json"):
            raise Refused(code, "Only Content-Type application/json is supported")
        try:
            body = json.loads(await self.request.body() or b"{}")
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise Refused(code, "The request body is not a JSON object")
        return body


Handler = Callable[[Call], Awaitable[Json]]


class Gate:
    """The checks in front of every handler, and the envelope of its answer."""

    def __init__(self, state: State) -> None:
        self.state = state

    def envelope(self, status: int, data: Json, code: str = "ok", message: str = "") -> Response:
        """Answer in the envelope of the data endpoints."""
        return JSONResponse({"data": data, "error": {"code": code, "message": message, "log_id": self.state.log_id()}}, status)

    def endpoint(
        self, path: str, handler: Handler, scopes: frozenset[str], rate: str
    ) -> Callable[[Request], Awaitable[Response]]:
        """Wrap a handler: check token, scope and rate first, and answer refusals in the envelope."""

        async def endpoint(request: Request) -> Response:
            try:
                call = self._admit(request, path, scopes, rate)
                return self.envelope(200, await handler(call))
            except Refused as refused:
                return self.envelope(refused.status, {}, refused.code, refused.message)

        return endpoint

    def _admit(self, request: Request, path: str, scopes: frozenset[str], rate: str) -> Call:
        now = self.state.now()
        token = self.state.tokens.get(bearer(request.headers) or "")
        if token is None or token.revoked or now >= token.expires:
            raise Refused("access_token_invalid", "The access token is invalid or not found in the request.")
        if not token.scopes & scopes:
            raise Refused("scope_not_authorized", "The user did not authorize the scope required for completing this request.")
        calls = self.state.recent[token.value, path]
        while calls and calls[0] <= now - 60:
            calls.popleft()
        if len(calls) >= RATES[rate]:
            raise Refused("rate_limit_exceeded", "The API rate limit was exceeded. Please try again later.")
        calls.append(now)
        return Call(request, token, self.state.users[token.user])
