"""Checks of every API call: token, version, quota and permissions."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response

from local.simulators.linkedin.errors import Refused, error_headers, forbidden
from local.simulators.linkedin.fields import check_urn
from local.simulators.linkedin.restli import FIELDS, Call, Handler, batch_get, page_link, parameter, projected, respond
from local.simulators.linkedin.state import COMMUNITY, State, Token
from local.simulators.world import Json, bearer

DEVELOPMENT_TIER = (100, 500)  # calls per member and per app and day, section 3.5

# Monthly versions and their last day, section 3.1. A month that is not listed never existed.
SUNSET = {
    202609: date(2027, 9, 15),
    202608: date(2027, 8, 17),
    202607: date(2027, 7, 15),
    202606: date(2027, 6, 15),
    202605: date(2027, 5, 15),
    202604: date(2027, 4, 15),
    202603: date(2027, 3, 16),
    202602: date(2027, 2, 15),
    202601: date(2027, 1, 15),
    202511: date(2026, 11, 16),
    202510: date(2026, 10, 15),
}
MAY_POST = frozenset({"ADMINISTRATOR", "CONTENT_ADMINISTRATOR", "CONTENT_ADMIN", "DIRECT_SPONSORED_CONTENT_POSTER"})


class Gate:
    """The checks in front of every handler, and the ones that handlers share."""

    def __init__(self, state: State) -> None:
        self.state = state

    def endpoint(self, handler: Handler, *, versioned: bool = True) -> Callable[[Request], Awaitable[Response]]:
        """Wrap a handler: check token, version and quota first, and answer refusals in the error envelope."""

        async def endpoint(request: Request) -> Response:
            try:
                token = self.token(request)
                version = self._version(request) if versioned else 0
                self._count(token)
                params = self._params(request)
                answer = await handler(Call(request, token, version, params))
            except Refused as refused:
                return respond(refused.status, refused.body, error_headers(refused.status))
            if request.method == "GET" and isinstance(params.get(FIELDS), str):
                return respond(answer.status_code, projected(params[FIELDS], json.loads(bytes(answer.body))))
            return answer

        return endpoint

    def batched(self, resource: str, get_one: Handler, otherwise: Handler | None = None) -> Handler:
        """Return the handler of a collection: ``ids`` ask for a batch, anything else is the finder's."""

        async def collection(call: Call) -> Response:
            if "ids" in call.params:
                if self._development(call.token):
                    raise forbidden(f"{resource}.BATCH_GET")
                return await batch_get(call, get_one)
            if otherwise is None:
                raise Refused(400, "Invalid query parameters passed to request: ids", "PARAM_INVALID", serviceErrorCode=0)
            return await otherwise(call)

        return collection

    def _development(self, token: Token) -> bool:
        return token.app is COMMUNITY and self.state.settings["community_tier"] == "development"

    def token(self, request: Request) -> Token:
        """Return the token of a request; 401 unless it is valid."""
        token = self.state.tokens.get(bearer(request.headers) or "")
        if token is None:
            raise Refused(401, "Invalid access token", "INVALID_ACCESS_TOKEN", serviceErrorCode=65600)
        if token.revoked:
            reason = "The token used in the request has been revoked by the user"
            raise Refused(401, reason, "REVOKED_ACCESS_TOKEN", serviceErrorCode=65601)
        if self.state.now() >= token.expires:
            raise Refused(401, "The token used in the request has expired", "EXPIRED_ACCESS_TOKEN", serviceErrorCode=65602)
        return token

    def _version(self, request: Request) -> int:
        given = request.headers.get("linkedin-version", "")
        if not given:
            reason = "A version must be present. Please specify a version by adding the LinkedIn-Version header."
            raise Refused(400, reason, "VERSION_MISSING")
        # A version may carry a revision after a dot; the answer names it with two digits of it.
        number = int(given[:6]) if re.fullmatch(r"\d{6}(\.\d{2})?", given) else 0
        early = str(number) in self.state.settings["ended_versions"]
        if early or number not in SUNSET or self.state.today() >= SUNSET[number]:
            shown = f"{number}01" if number else given
            raise Refused(426, f"Requested version {shown} is not active", "NONEXISTENT_VERSION")
        return number

    def _count(self, token: Token) -> None:
        per_member, per_app = (
            DEVELOPMENT_TIER if self._development(token) else (token.app.member_calls_a_day, token.app.app_calls_a_day)
        )
        day = self.state.today().isoformat()
        for who, most, scope in ((token.member, per_member, "MEMBER"), ("", per_app, "APPLICATION")):
            if self.state.calls[token.app.client_id, who, day] >= most:
                reason = f"Resource level throttle {scope} DAY limit for calls to this resource is reached."
                raise Refused(429, reason, "TOO_MANY_REQUESTS", serviceErrorCode=101)
        self.state.calls[token.app.client_id, token.member, day] += 1
        self.state.calls[token.app.client_id, "", day] += 1

    def _params(self, request: Request) -> dict[str, Any]:
        protocol = request.headers.get("x-restli-protocol-version", "1.0.0")
        if protocol not in ("1.0.0", "2.0.0"):
            raise Refused(400, f"Rest.li protocol version {protocol} used by the client is not supported!", "BAD_REQUEST")
        raw: str = request.scope["query_string"].decode("latin-1")
        pairs = [pair.partition("=") for pair in raw.split("&") if pair]
        try:
            return {
                unquote(name): parameter(unquote(name), value) if protocol == "2.0.0" else unquote(value)
                for name, _, value in pairs
            }
        except ValueError as broken:
            raise Refused(400, f"Invalid query parameters passed to request: {broken}", "ILLEGAL_ARGUMENT") from None

    def may_write(self, call: Call, author: str, operation: str) -> None:
        """Refuse an author for whom the token may not write."""
        kind, _ = check_urn(author, "/author", ("person", "organization"))
        if kind == "person":
            if "w_member_social" not in call.token.scopes:
                raise Refused(400, "Member permissions must be used when using member as author")
            if author != call.member_urn:
                fields = (
                    "Field Value validation failed in REQUEST_BODY: Data Processing Exception while processing fields [/author]"
                )
                raise Refused(403, fields, "ACCESS_DENIED", serviceErrorCode=100)
            return
        if "w_organization_social" not in call.token.scopes:
            raise Refused(400, "Organization permissions must be used when using organization as author")
        if self.state.role(call.token.member, author) not in MAY_POST:
            raise forbidden(operation)

    def may_read(self, call: Call, author: str, operation: str) -> None:
        """Refuse an author whose posts the token may not read."""
        needed = "r_member_social" if ":person:" in author else "r_organization_social"
        readable = {needed, f"{needed}_feed"} if operation.startswith("social") else {needed}
        if not call.token.scopes & readable or (":organization:" in author and not self.state.role(call.token.member, author)):
            raise forbidden(operation)

    def page(self, call: Call, rows: list[Json], most: int = 100) -> Response:
        """Answer one page of rows, with links to the pages around it."""
        start, count = call.number("start", 0, 10**9), call.number("count", 10, most)
        page = rows[start : start + self.state.lists.size(count)] if count else []
        links = []
        if start:
            links.append(page_link(call, "prev", max(0, start - count), count))
        if page and start + len(page) < len(rows):
            # A page can be shorter than what was asked for; the link goes on behind its last row (3.3).
            links.append(page_link(call, "next", start + len(page), count))
        paging = {"start": start, "count": count, "links": links, "total": len(rows)}
        return respond(200, {"elements": page, "paging": paging})
