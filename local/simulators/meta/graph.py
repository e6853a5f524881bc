"""The handler of a Graph API host (platforms.md section 0): parameters, versions, batches, envelope."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.simulators.meta.errors import GraphError, invalid
from local.simulators.world import Json, World, bearer

VERSIONS: Final = {
    "v21.0": "2027-01-21",
    "v22.0": "2027-05-20",
    "v23.0": "2027-10-08",
    "v24.0": "2028-02-18",
    "v25.0": "2028-07-29",
    "v26.0": "2030-07-29",
    "v27.0": "2030-11-04",
}
"""Version → the day it stops working (platforms.md 0.1); the ends of the two newest are not announced."""
EXPIRED: Final = frozenset({
    "v1.0", *(f"v2.{minor}" for minor in range(13)), *(f"v3.{minor}" for minor in range(4)),
    *(f"v{major}.0" for major in range(4, 21)),
})  # fmt: skip
"""Versions that were released and ended before all of those."""
DASHBOARD: Final = "v26.0"
"""The app's setting, which serves calls without a version."""
BATCH_LIMIT: Final = 50


@dataclass(slots=True)
class Call:
    """One Graph call, from the wire or from a batch."""

    host: str
    method: str
    version: str
    path: tuple[str, ...]
    params: dict[str, str]
    files: dict[str, bytes]
    token: str | None
    usage: dict[str, str] = field(default_factory=dict)
    """Headers to add to the answer."""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    """The body as it came, where it is no form."""

    def need(self, name: str) -> str:
        """A required parameter."""
        if not self.params.get(name):
            raise invalid(f"The parameter {name} is required.")
        return self.params[name]

    def flag(self, name: str, default: bool) -> bool:
        """A boolean parameter in any of the spellings Graph accepts."""
        given = self.params.get(name)
        if given is None:
            return default
        if given.lower() not in ("true", "false", "1", "0"):
            raise invalid(f"param {name} must be a boolean.")
        return given.lower() in ("true", "1")

    def structured(self, name: str) -> Any:
        """A JSON parameter; ``None`` when it is absent."""
        given = self.params.get(name)
        try:
            return None if given is None else json.loads(given)
        except ValueError:
            raise invalid(f"param {name} must be an array or object in JSON.") from None


Dispatch = Callable[[Call], Awaitable[Any]]


async def read_form(request: Request) -> tuple[dict[str, str], dict[str, bytes]]:
    """Query and body parameters (url-encoded, multipart or JSON), the body winning, and the uploaded files."""
    params = dict(request.query_params)
    body = await request.body()
    kind, _, rest = request.headers.get("content-type", "").partition(";")
    match kind.strip().lower():
        case "application/x-www-form-urlencoded":
            params |= dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        case "application/json" if body:
            given = json.loads(body)
            params |= {k: v if isinstance(v, str) else json.dumps(v) for k, v in given.items()}
        case "multipart/form-data":
            fields, files = parse_multipart(body, rest)
            return params | fields, files
    return params, {}


def parse_multipart(body: bytes, content_type: str) -> tuple[dict[str, str], dict[str, bytes]]:
    """Fields and files of a ``multipart/form-data`` body (RFC 7578)."""
    found = re.search(r'boundary="?([^";]+)', content_type)
    fields: dict[str, str] = {}
    files: dict[str, bytes] = {}
    if found is None:
        return fields, files
    for part in (b"\r\n" + body).split(b"\r\n--" + found[1].strip().encode())[1:]:
        head, separator, content = part.partition(b"\r\n\r\n")
        name = re.search(rb'\bname="([^"]*)"', head)
        if not separator or name is None:
            continue
        if b"filename=" in head:
            files[name[1].decode()] = content
        else:
            fields[name[1].decode()] = content.decode("utf-8", "replace")
    return fields, files


def endpoint(world: World, host: str, dispatch: Dispatch, *, batches: bool) -> Callable[[Request], Awaitable[Response]]:
    """The handler of one Graph host: version, parameters, batches, envelope and the headers of every answer."""

    async def handle(request: Request) -> Response:
        try:
            params, files = await read_form(request)
        except (ValueError, AttributeError):
            return _rendered(GraphError(100, "The request body could not be parsed."), "", {})
        try:
            version, path = split_version(request.path_params["path"], world.clock.now())
        except GraphError as error:
            return _rendered(error, "", {})
        token = params.pop("access_token", None) or bearer(request.headers)
        call = Call(host, request.method, version, path, params, files, token, headers=request.headers, body=await request.body())
        try:
            if batches and not path and request.method == "POST" and "batch" in params:
                result: Any = await _batch(world, call, dispatch)
            else:
                result = await _one(call, dispatch)
        except GraphError as error:
            return _rendered(error, version, call.usage)
        return JSONResponse(result, headers={"facebook-api-version": version, **call.usage})

    return handle


def _rendered(error: GraphError, version: str, usage: Mapping[str, str]) -> Response:
    headers = {"facebook-api-version": version, **usage, **error.headers}
    return JSONResponse(error.body(), error.status, headers)


async def _one(call: Call, dispatch: Dispatch) -> Any:
    for removed in ("ids", "date_format"):
        if removed in call.params:
            raise invalid(f"The parameter {removed} is deprecated and no longer supported.")
    return await dispatch(call)


async def _batch(world: World, call: Call, dispatch: Dispatch) -> list[Json | None]:
    items = call.structured("batch")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise invalid("param batch must be an array.")
    if len(items) > BATCH_LIMIT:
        raise GraphError(100, f"Too many requests in batch message. Maximum batch size is {BATCH_LIMIT}")
    with_headers = call.flag("include_headers", True)
    return [await _batch_item(world, call, item, dispatch, with_headers) for item in items]


async def _batch_item(world: World, outer: Call, item: Json, dispatch: Dispatch, with_headers: bool) -> Json | None:
    url = urlsplit("/" + str(item.get("relative_url", "")).lstrip("/"))
    params = dict(parse_qsl(url.query, keep_blank_values=True)) | dict(
        parse_qsl(str(item.get("body", "")), keep_blank_values=True)
    )
    token = params.pop("access_token", None) or outer.token
    names = str(item.get("attached_files", "")).split(",")
    files = {name: outer.files[name] for name in names if name in outer.files}
    call = Call(outer.host, str(item.get("method", "GET")).upper(), outer.version, (), params, files, token)
    fault = world.fault_of_part(call.host, call.method, f"{call.host}{url.path}")
    if fault is not None and fault.drop:
        # It took too long (platforms.md 0.1).
        return None
    if fault is not None:
        preset = world.preset_of(call.host, fault)
        return {"code": preset.status, "body": json.dumps(preset.body)}
    try:
        versioned = re.match(r"/v\d+\.\d+(/|$)", url.path)
        # An item without a version is of the batch's.
        call.version, call.path = split_version(url.path if versioned else f"/{outer.version}{url.path}", world.clock.now())
        code, body = 200, await _one(call, dispatch)
    except GraphError as error:
        code, body = error.status, error.body()
    outer.usage |= call.usage
    if code == 200 and item.get("name") and item.get("omit_response_on_success", True):
        return None
    answer: Json = {"code": code, "body": json.dumps(body)}
    if with_headers:
        answer["headers"] = [{"name": "facebook-api-version", "value": call.version}]
    return answer


def split_version(path: str, now: float) -> tuple[str, tuple[str, ...]]:
    """The version that serves a path and the segments after it.

    An expired version is served as the oldest one alive, none at all as the app's dashboard setting; one that was never released
    is refused (platforms.md 0.1).
    """
    segments = tuple(s for s in path.split("/") if s)
    alive = [v for v, end in VERSIONS.items() if datetime.fromisoformat(end).replace(tzinfo=UTC).timestamp() > now]
    if segments and re.fullmatch(r"v\d+\.\d+", segments[0]):
        asked = segments[0]
        if asked not in VERSIONS and asked not in EXPIRED:
            raise GraphError(2500, f"Unknown path components: /{'/'.join(segments[1:])}")
        return (asked if asked in alive else (alive or list(VERSIONS))[0]), segments[1:]
    return DASHBOARD, segments
