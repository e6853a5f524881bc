"""What the simulated Graph API hosts of Facebook and Instagram share (platforms.md section 0): envelope, versions, field
grammar, paging, tokens, call budgets, batches and signed callbacks. It knows no node or edge of either platform."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import math
import re
import secrets
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from local.simulators.media import is_loopback
from local.simulators.world import Json, Preset, World, bearer

VERSIONS: Final = {
    "v21.0": "2027-01-21",
    "v22.0": "2027-05-20",
    "v23.0": "2027-10-08",
    "v24.0": "2028-02-18",
    "v25.0": "2028-07-29",
    "v26.0": "2030-07-29",
}
"""Version → the day it stops working (platforms.md 0.1); the end of the newest is not announced."""
HOUR: Final = 3600.0
DAY: Final = 86_400.0
BATCH_LIMIT: Final = 50
CRAWLER: Final = "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"
STATUS_OF_CODE: Final = {-1: 500, 1: 500, 2: 500, 3: 403, 4: 403, 10: 403, 17: 403, 32: 403, 368: 403}
NOT_FOUND_TEXT: Final = (
    "Unsupported {method} request. Object with ID '{id}' does not exist, cannot be loaded due to missing permissions, "
    "or does not support this operation"
)
SUBCODE_TEXT: Final = {
    458: "Error validating access token: The user has not authorized application.",
    459: "Error validating access token: You cannot access the app till you log in to www.facebook.com.",
    460: "Error validating access token: The session has been invalidated because the user changed the password.",
    463: "Error validating access token: Session has expired.",
    464: "Error validating access token: Sessions for the user are not allowed because the user is not a confirmed user.",
    467: "Error validating access token: The session is invalid because the user logged out.",
    492: "Error validating access token: The user has no role on the Page.",
}


class GraphError(Exception):
    """An answer in the Graph envelope (platforms.md 0.2)."""

    def __init__(
        self,
        code: int,
        message: str,
        subcode: int | None = None,
        *,
        status: int | None = None,
        kind: str = "OAuthException",
        transient: bool = False,
        text: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code, self.subcode, self.message, self.kind, self.transient, self.text = (
            code,
            subcode,
            message,
            kind,
            transient,
            text,
        )
        self.status = status or (403 if 200 <= code < 300 else STATUS_OF_CODE.get(code, 400))
        self.headers = dict(headers or {})

    def body(self) -> Json:
        """The JSON body, with a fresh trace id."""
        error: Json = {"message": self.message, "type": self.kind, "code": self.code}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        error["is_transient"] = self.transient
        if self.text:
            error |= {"error_user_title": "The request could not be completed", "error_user_msg": self.text}
        return {"error": {**error, "fbtrace_id": secrets.token_urlsafe(9)}}


def invalid(message: str, subcode: int | None = None) -> GraphError:
    """Code 100: a parameter that cannot be accepted."""
    return GraphError(100, f"(#100) {message}", subcode)


def not_found(node: str, method: str = "GET") -> GraphError:
    """Code 100/33: the object is missing or invisible to this token."""
    text = NOT_FOUND_TEXT.format(method=method.lower(), id=node)
    return GraphError(100, text, 33, kind="GraphMethodException")


def preset(code: int, message: str, subcode: int | None = None, **options: Any) -> Preset:
    """A named fault with the envelope of ``GraphError`` and the same options."""
    error = GraphError(code, message, subcode, **options)
    return Preset(error.status, error.body(), error.headers, f"{code}" + (f"/{subcode}" if subcode else ""))


APP_USAGE_FULL: Final = {"X-App-Usage": '{"call_count":100,"total_cputime":41,"total_time":38}'}


def business_usage(account: str, kind: str, percent: int, minutes: int) -> dict[str, str]:
    """The header of a business use case: percent of the budget used and minutes until calls are accepted again."""
    row = {"type": kind, "call_count": percent, "total_cputime": 1, "total_time": 1, "estimated_time_to_regain_access": minutes}
    return {"X-Business-Use-Case-Usage": json.dumps({account: [row]})}


COMMON_PRESETS: Final[dict[str, Preset]] = {
    "expired_token": preset(190, SUBCODE_TEXT[463], 463),
    "invalid_token": preset(190, SUBCODE_TEXT[467], 467),
    "app_removed": preset(190, SUBCODE_TEXT[458], 458),
    "checkpoint": preset(190, SUBCODE_TEXT[459], 459),
    "password_changed": preset(190, SUBCODE_TEXT[460], 460),
    "unconfirmed_account": preset(190, SUBCODE_TEXT[464], 464),
    "no_page_role": preset(190, SUBCODE_TEXT[492], 492),
    "session_key_invalid": preset(102, "Session key invalid or no longer valid"),
    "token_required": preset(104, "Requires valid signature"),
    "permission_denied": preset(10, "(#10) Application does not have permission for this action"),
    "scope_missing": preset(200, "(#200) Permissions error"),
    "no_capability": preset(3, "(#3) Application does not have the capability to make this API call."),
    "development_mode": preset(270, "(#270) This request needs an app with a higher access level"),
    "not_found": preset(100, NOT_FOUND_TEXT.format(method="get", id="0"), 33, kind="GraphMethodException"),
    "invalid_parameter": preset(100, "(#100) Invalid parameter"),
    "unknown_error": preset(1, "An unknown error has occurred."),
    "transient": preset(2, "An unexpected error has occurred. Please retry your request later.", transient=True),
    "transient_flag": preset(-3, "Please try again later.", status=400, transient=True),
    "server_error": Preset(503, "", note="503 with an empty body"),
    "rate_limited": preset(4, "(#4) Application request limit reached", headers=APP_USAGE_FULL),
    "rate_limited_user": preset(17, "(#17) User request limit reached", headers=APP_USAGE_FULL),
    "rate_limited_page": preset(32, "(#32) Page request limit reached", headers={"X-Page-Usage": APP_USAGE_FULL["X-App-Usage"]}),
    "application_limit": preset(341, "(#341) Application limit reached"),
    "call_limit": preset(613, "(#613) Calls to this api have exceeded the rate limit."),
    "malformed_usage": preset(4, "(#4) Application request limit reached", headers={"X-App-Usage": "not json"}),
    "policy_block": preset(368, "The action attempted has been deemed abusive or is otherwise disallowed"),
    "duplicate": preset(506, "(#506) Duplicate status message"),
    "link_not_scraped": preset(1609005, "(#1609005) The link could not be scraped"),
    "list_without_data": Preset(200, {}, note="a list without its data member"),
}


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
        version, path = split_version(request.path_params["path"], world.clock.now())
        token = params.pop("access_token", None) or bearer(request.headers)
        call = Call(host, request.method, version, path, params, files, token)
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
    version, path = split_version(url.path, world.clock.now())
    token = params.pop("access_token", None) or outer.token
    call = Call(outer.host, str(item.get("method", "GET")).upper(), version, path, params, {}, token)
    try:
        code, body = 200, await _one(call, dispatch)
    except GraphError as error:
        code, body = error.status, error.body()
    outer.usage |= call.usage
    if code == 200 and item.get("name") and item.get("omit_response_on_success", True):
        return None
    answer: Json = {"code": code, "body": json.dumps(body)}
    if with_headers:
        answer["headers"] = [{"name": "facebook-api-version", "value": version}]
    return answer


def split_version(path: str, now: float) -> tuple[str, tuple[str, ...]]:
    """The version that serves a path and the segments after it.

    An expired or unknown version is served as the oldest one alive; none at all as the newest, the app's dashboard setting
    (platforms.md 0.1).
    """
    segments = tuple(s for s in path.split("/") if s)
    alive = [v for v, end in VERSIONS.items() if datetime.fromisoformat(end).replace(tzinfo=UTC).timestamp() > now]
    if segments and re.fullmatch(r"v\d+\.\d+", segments[0]):
        asked = segments[0]
        return (asked if asked in alive else (alive or list(VERSIONS))[0]), segments[1:]
    return list(VERSIONS)[-1], segments


@dataclass(frozen=True, slots=True)
class Field:
    """One entry of ``fields``: ``name.modifier(argument){subfields}``."""

    name: str
    args: Mapping[str, str]
    fields: tuple[Field, ...] | None


def parse_fields(text: str) -> tuple[Field, ...]:
    """The entries of a ``fields`` parameter, with field expansion. Raises code 2500 on a syntax error."""
    return tuple(_field(entry) for entry in _split(text) if entry.strip())


def _field(entry: str) -> Field:
    found = re.fullmatch(r"\s*(\w+)((?:\.\w+\([^()]*\))*)\s*(?:\{(.*)\})?\s*", entry, re.S)
    if found is None:
        raise GraphError(2500, f"Syntax error in fields at {entry[:40]!r}")
    args = dict(re.findall(r"\.(\w+)\(([^()]*)\)", found[2]))
    return Field(found[1], args, None if found[3] is None else parse_fields(found[3]))


def _split(text: str) -> Iterator[str]:
    depth, start = 0, 0
    for at, char in enumerate(text):
        depth += (char in "{(") - (char in "})")
        if char == "," and depth == 0:
            yield text[start:at]
            start = at + 1
    if depth:
        raise GraphError(2500, "Syntax error: unbalanced brackets in fields")
    yield text[start:]


def select(value: Any, fields: Sequence[Field] | None) -> Any:
    """The subfields that an expansion asked for; the members of an edge are selected one by one, ``id`` always stays."""
    if fields is None:
        return value
    if isinstance(value, list):
        return [select(item, fields) for item in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("data"), list | dict):
        return {**value, "data": select(value["data"], fields)}
    return choose(value, fields)


def choose(row: Json, fields: Sequence[Field]) -> Json:
    """The asked fields of one node, and its ``id`` in any case."""
    chosen = {f.name: select(row[f.name], f.fields) for f in fields if f.name in row}
    return chosen | ({"id": row["id"]} if "id" in row else {})


def known(fields: Sequence[Field], names: set[str], node_type: str) -> None:
    """Refuse a field that the node does not have."""
    for entry in fields:
        if entry.name not in names:
            raise invalid(f"Tried accessing nonexisting field ({entry.name}) on node type ({node_type})")


def paged(
    world: World,
    call: Call,
    rows: Sequence[Json],
    default: int = 25,
    most: int = 100,
    made_at: Callable[[Json], float] | None = None,
) -> Json:
    """One page of an edge. ``limit`` above ``most`` is cut; ``next`` is a complete URL, token included.

    How a page leads on is the world's to say (platforms.md 0.4). ``made_at`` gives a row's time where paging by time is possible.
    """
    limit = min(max(integer(call.params.get("limit"), "limit", default), 1), most)
    behaviour = world.lists_of(call.host)
    start = 0
    if after := call.params.get("after") or call.params.get("__paging_token"):
        # What stands before every row follows the page without any.
        start = next((n + 1 for n, row in enumerate(rows) if cursor(row) == after), 0 if after == HOLLOW else len(rows))
    size = behaviour.size(limit)
    page = list(rows[start : start + size])
    hollow = behaviour.hollow and not after
    if not page or hollow:
        return {"data": [], "paging": _leading_on(world, call, limit, {"after": HOLLOW}, more=True)} if hollow else {"data": []}
    last, more = cursor(page[-1]), start + size < len(rows)
    if behaviour.paging == "time" and made_at is not None:
        # Only an empty page has no way on: nobody knows whether there is anything older before it was looked for.
        return {"data": page, "paging": _by_time(world, call, limit, made_at(page[0]), made_at(page[-1]), last)}
    return {"data": page, "paging": _leading_on(world, call, limit, {"before": cursor(page[0]), "after": last}, more=more)}


HOLLOW: Final = "QVFIUhollow"
"""The cursor of a page without rows, which leads to the first ones."""


def _leading_on(world: World, call: Call, limit: int, cursors: Json, *, more: bool) -> Json:
    paging: Json = {"cursors": cursors} if world.lists_of(call.host).paging == "cursor" else {}
    if more:
        kept = {k: v for k, v in call.params.items() if k != "__paging_token"}
        paging["next"] = _page_url(call, {**kept, "limit": str(limit), "after": cursors["after"]})
    return paging


def _by_time(world: World, call: Call, limit: int, newest: float, oldest: float, last: str) -> Json:
    kept = {k: v for k, v in call.params.items() if k not in ("after", "since", "until", "__paging_token", "__previous")}
    before = {**kept, "limit": str(limit), "since": str(int(newest)), "__previous": "1"}
    # The second of the last row is asked for again, and the token says where in it to go on.
    following = {**kept, "limit": str(limit), "until": str(int(oldest) + 1), "__paging_token": last}
    if "since" in call.params:
        following["since"] = call.params["since"]
    return {"previous": _page_url(call, before), "next": _page_url(call, following)}


def _page_url(call: Call, params: Mapping[str, str]) -> str:
    query = {"access_token": call.token or "", **params}
    # Of the platform's own host, whatever this one is reached at: nothing that is handed out with a token in it is ever called.
    return f"https://{call.host}/" + "/".join((call.version, *call.path)) + "?" + urlencode(query)


def cursor(row: Json) -> str:
    """An opaque cursor for a row of an edge."""
    return base64.urlsafe_b64encode(f"c:{row.get('id') or row.get('post_id')}".encode()).decode().rstrip("=")


def integer(text: str | None, name: str, default: int) -> int:
    """A whole number, or ``default`` when it is absent."""
    if text is None:
        return default
    if not re.fullmatch(r"-?\d{1,18}", text):
        raise invalid(f"param {name} must be an integer.")
    return int(text)


def moment(text: str | None, name: str, default: float) -> float:
    """A unix time or ISO 8601 date as seconds since the epoch, or ``default`` when it is absent."""
    if text is None:
        return default
    if re.fullmatch(r"\d{1,12}", text):
        return float(text)
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        raise invalid(f"param {name} must be a unix timestamp or a date.") from None
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()


def stamp(at: float) -> str:
    """A time as Graph prints it, e.g. ``2026-11-22T15:04:05+0000``."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def grown(seed: str, age_s: float, ceiling: int) -> int:
    """A number that grows with age towards a limit of at most ``ceiling``, the same for the same seed and age."""
    share = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4]) / 2**32
    return int(ceiling * (0.2 + 0.8 * share) * (1 - math.exp(-max(age_s, 0.0) / (2 * DAY))))


@dataclass(slots=True)
class Token:
    """An access token. ``expires_at`` 0 means never; ``dead`` is the subcode with which it is refused."""

    value: str
    kind: str
    user: str
    account: str
    scopes: frozenset[str]
    issued_at: float
    expires_at: float
    long_lived: bool = False
    dead: int | None = None


@dataclass(slots=True)
class Code:
    """An authorization code, good for one exchange."""

    client_id: str
    redirect_uri: str
    user: str
    scopes: frozenset[str]
    accounts: frozenset[str]
    expires_at: float
    used: bool = False


class Tokens:
    """Access tokens and authorization codes of one platform."""

    def __init__(self, world: World, prefix: str) -> None:
        self.world, self.prefix = world, prefix
        self.tokens: dict[str, Token] = {}
        self.codes: dict[str, Code] = {}

    def issue(self, kind: str, user: str, account: str, scopes: frozenset[str], life_s: float, long_lived: bool = False) -> Token:
        """A new token that lives ``life_s`` seconds (0: for ever)."""
        now = self.world.clock.now()
        value = self.prefix + secrets.token_hex(48)
        token = Token(value, kind, user, account, scopes, now, now + life_s if life_s else 0.0, long_lived)
        self.tokens[value] = token
        return token

    def issue_code(self, code: Code) -> str:
        """A new authorization code."""
        value = "AQ" + secrets.token_urlsafe(60)
        self.codes[value] = code
        return value

    def problem(self, value: str) -> tuple[int, str] | None:
        """Why a token is refused, as subcode (0: none) and message; ``None`` while it is good."""
        token = self.tokens.get(value)
        if token is None:
            return 0, "Invalid OAuth access token - Cannot parse access token"
        if token.dead:
            return token.dead, SUBCODE_TEXT[token.dead]
        if token.expires_at and self.world.clock.now() >= token.expires_at:
            return 463, SUBCODE_TEXT[463]
        return None

    def check(self, value: str | None) -> Token:
        """The token of a call. Raises 104 without one and 190 for one that is not good."""
        if not value:
            raise GraphError(104, "An access token is required to request this resource.")
        if problem := self.problem(value):
            raise GraphError(190, problem[1], problem[0] or None)
        return self.tokens[value]

    def kill(self, subcode: int, user: str | None = None, accounts: frozenset[str] | None = None) -> int:
        """Refuse all tokens of a user (of everybody: ``None``) from now on; returns how many."""
        hit = [
            t
            for t in self.tokens.values()
            if not t.dead and (user is None or t.user == user) and (accounts is None or t.account in accounts)
        ]
        for token in hit:
            token.dead = subcode
        return len(hit)


class Budget:
    """Calls in a rolling window, per key."""

    def __init__(self) -> None:
        self.calls: dict[str, deque[float]] = {}

    def charge(self, key: str, now: float, window_s: float, limit: int) -> tuple[int, float]:
        """Count one call. Returns percent of ``limit`` used (over 100: refused) and seconds until the oldest call leaves."""
        calls = self.calls.setdefault(key, deque())
        while calls and calls[0] <= now - window_s:
            calls.popleft()
        calls.append(now)
        return math.ceil(100 * len(calls) / limit), calls[0] + window_s - now


@dataclass(slots=True)
class Consent:
    """What the person in front of the dialog does."""

    decision: str = "grant"
    declined_scopes: frozenset[str] = frozenset()
    user: str | None = None
    accounts: frozenset[str] | None = None

    @classmethod
    def of(cls, given: Json) -> Consent:
        """From the JSON of the control action ``consent``."""
        accounts = given.get("accounts")
        return cls(
            str(given.get("decision", "grant")),
            frozenset(given.get("declined_scopes", ())),
            given.get("user"),
            None if accounts is None else frozenset(accounts),
        )


def redirect_allowed(uri: str) -> bool:
    """Whether a redirect URI is registered: every https URL, and http on this machine."""
    parts = urlsplit(uri)
    host = parts.hostname or ""
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))) and not parts.fragment


def dialog_error(title: str, text: str) -> Response:
    """The page a person sees when the app's request itself is wrong. There is no redirect then."""
    return HTMLResponse(f"<!doctype html><title>Error</title><h1>{title}</h1><p>{text}</p>", 400)


def redirect(uri: str, params: Mapping[str, str], fragment: str = "") -> Response:
    """Send the browser back to the app."""
    glue = "&" if urlsplit(uri).query else "?"
    return RedirectResponse(f"{uri}{glue}{urlencode(params)}{fragment}", 302)


def signed_request(payload: Json, secret: str) -> str:
    """A ``signed_request`` as Meta sends it: unpadded base64url of the signature, a dot, and of the JSON (platforms.md 0.5)."""
    encoded = base64.urlsafe_b64encode(json.dumps(payload).encode()).rstrip(b"=")
    signature = hmac.new(secret.encode(), encoded, hashlib.sha256).digest()
    return (base64.urlsafe_b64encode(signature).rstrip(b"=") + b"." + encoded).decode()


async def post_signed_request(world: World, url: str, user: str, secret: str) -> Json:
    """Call an app's deauthorize or data-deletion callback; returns what it answered."""
    now = int(world.clock.now())
    payload = {"algorithm": "HMAC-SHA256", "expires": now + 3600, "issued_at": now, "user_id": user}
    async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
        answer = await client.post(url, data={"signed_request": signed_request(payload, secret)})
    try:
        body: Any = answer.json()
    except ValueError:
        body = answer.text
    return {"status": answer.status_code, "body": body}


def counter(start: int) -> Iterator[int]:
    """Ids in the order of creation, with gaps like real ones."""
    return itertools.count(start, 7)
