"""Rest.li 2.0: parameters, keys and pages of a call, and the headers of its answer."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.simulators.linkedin.errors import Refused
from local.simulators.linkedin.state import Token
from local.simulators.world import Json

FIELDS: Final = "fields"
PROJECTION: Final = "projection"


def restli_value(text: str) -> Any:
    """One Rest.li 2.0 value: ``List(a,b)``, ``(k:v)`` or a percent-encoded primitive. ValueError where the syntax is broken."""
    value, end = _restli(text, 0)
    if end != len(text):
        raise ValueError(f"unexpected {text[end]!r}")
    return value


def _restli(text: str, at: int) -> tuple[Any, int]:
    if text.startswith("List(", at):
        return _restli_list(text, at + 5)
    if text.startswith("(", at):
        return _restli_record(text, at + 1)
    found = re.compile(r"[^(),:']*").match(text, at)
    end = found.end() if found else at
    return unquote(text[at:end]), end


def _restli_list(text: str, at: int) -> tuple[list[Any], int]:
    items: list[Any] = []
    if text.startswith(")", at):
        return items, at + 1
    while True:
        item, at = _restli(text, at)
        items.append(item)
        if text.startswith(")", at):
            return items, at + 1
        if not text.startswith(",", at):
            raise ValueError("unfinished list")
        at += 1


def _restli_record(text: str, at: int) -> tuple[Json, int]:
    record: Json = {}
    while True:
        key, at = _restli(text, at)
        if not isinstance(key, str) or not text.startswith(":", at):
            raise ValueError("unfinished record")
        record[key], at = _restli(text, at + 1)
        if text.startswith(")", at):
            return record, at + 1
        if not text.startswith(",", at):
            raise ValueError("unfinished record")
        at += 1


def parameter(name: str, value: str) -> Any:
    """One query parameter. ``fields`` keeps the commas of protocol 1.0, and a projection has a syntax of its own."""
    return unquote(value) if name in (FIELDS, PROJECTION) else restli_value(value)


def projected(fields: str, body: Any) -> Any:
    """Return the asked fields of an entity, or of each entity of a page or batch."""
    while (flat := re.sub(r"\([^()]*\)", "", fields)) != fields:
        fields = flat
    names = {entry.partition(":")[0].strip() for entry in fields.split(",")}

    def entity(row: Any) -> Any:
        return {name: value for name, value in row.items() if name in names} if isinstance(row, dict) else row

    if isinstance(body, dict) and isinstance(body.get("elements"), list):
        return {**body, "elements": [entity(row) for row in body["elements"]]}
    if isinstance(body, dict) and isinstance(body.get("results"), dict):
        return {**body, "results": {key: entity(row) for key, row in body["results"].items()}}
    return entity(body)


@dataclass(slots=True)
class Call:
    """One API request that passed authentication."""

    request: Request
    token: Token
    version: int
    params: dict[str, Any]
    one_of: str | None = None
    """The key that a batch asks for in this call."""

    @property
    def member_urn(self) -> str:
        """The person the token belongs to."""
        return f"urn:li:person:{self.token.member}"

    def key(self, name: str = "key") -> str:
        """A path key, which must arrive percent-encoded: raw ``:`` is Rest.li syntax (3.1)."""
        if self.one_of is not None:
            return self.one_of
        raw = self.request.scope.get("raw_path", b"").decode("latin-1")
        value: str = self.request.path_params[name]
        if quote(value, safe="") not in re.sub(r"%[0-9a-fA-F]{2}", lambda found: found[0].upper(), raw):
            raise Refused(400, "Syntax exception in path variables", "ILLEGAL_ARGUMENT")
        return value

    def allow(self, *names: str) -> None:
        """Refuse parameters the resource does not know. Every resource knows the projection ``fields``."""
        for name in self.params:
            if name not in (*names, FIELDS):
                reason = f"Unpermitted fields present in PARAMETER: Data Processing Exception while processing fields [/{name}]"
                raise Refused(403, reason, "ACCESS_DENIED", serviceErrorCode=100)

    def param(self, name: str, kind: type, default: Any = None) -> Any:
        """A query parameter of one type; 400 when it is missing (and has no default) or of another shape."""
        value = self.params.get(name, default)
        if not isinstance(value, kind):
            raise Refused(400, f"Invalid query parameters passed to request: {name}", "PARAM_INVALID", serviceErrorCode=0)
        return value

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number between 0 and ``most``."""
        value = self.param(name, str, str(default))
        if not value.isdigit() or int(value) > most:
            raise Refused(400, f"Invalid query parameters passed to request: {name}", "PARAM_INVALID", serviceErrorCode=0)
        return int(value)

    async def json(self) -> Json:
        """The body as a JSON object."""
        try:
            body = json.loads(await self.request.body() or b"{}")
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise Refused(400, "Could not parse the request body as a JSON object", "BAD_REQUEST")
        return body


Handler = Callable[[Call], Awaitable[Response]]


async def batch_get(call: Call, get_one: Handler) -> Response:
    """Several entities by their keys. One that is missing is told of in ``errors``; a permission concerns the whole call."""
    keys = call.param("ids", list)
    params = {name: value for name, value in call.params.items() if name not in ("ids", FIELDS)}
    results: Json = {}
    statuses: Json = {}
    errors: Json = {}
    for key in dict.fromkeys(str(key) for key in keys):
        try:
            answer = await get_one(replace(call, params=params, one_of=key))
        except Refused as refused:
            if refused.status == 403:
                raise
            errors[key], statuses[key] = refused.body, refused.status
            continue
        results[key], statuses[key] = json.loads(bytes(answer.body)), answer.status_code
    return respond(200, {"results": results, "statuses": statuses, "errors": errors})


def page_link(call: Call, relation: str, start: int, count: int) -> Json:
    """Return the link to another page of the same list."""
    pairs = call.request.scope["query_string"].decode("latin-1").split("&")
    kept = [pair for pair in pairs if pair and pair.partition("=")[0] not in ("start", "count")]
    path = "/rest/" + call.request.url.path.partition("/rest/")[2]
    return {
        "type": "application/json",
        "rel": relation,
        "href": f"{path}?{'&'.join([*kept, f'count={count}', f'start={start}'])}",
    }


def respond(status: int, body: Any = None, headers: Mapping[str, str] | None = None) -> Response:
    """Return an answer with the headers that every LinkedIn answer has."""
    shown = {
        "x-li-fabric": "prod-lor1",
        "x-li-uuid": uuid.uuid4().hex,
        "x-li-request-id": uuid.uuid4().hex[:16],
        **(headers or {}),
    }
    return Response(status_code=status, headers=shown) if body is None else JSONResponse(body, status, shown)
