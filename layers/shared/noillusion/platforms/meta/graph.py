"""What Facebook and Instagram share (platforms.md section 0): errors, wait hints, lists, insights and checks of media.

Decides on parsed codes only, never on a message text, and never fails because of a header.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qsl, urlsplit

from noillusion.flows.names import Kind
from noillusion.flows.protocol import (
    Account,
    Call,
    Draft,
    ErrorClass,
    Fault,
    Flow,
    Issue,
    MediaItem,
    PlatformError,
    PostMetrics,
    Reply,
    UnexpectedShape,
)
from noillusion.platforms.contract import ApiVersion

VERSION: Final = ApiVersion("v26.0", None)
"""Released 2026-07-29, end not announced (platforms.md 0.1)."""
FALLBACK_WAIT_S: Final = 3600.0
"""The wait after a throttle whose headers say nothing: budgets roll over one hour (platforms.md 0.3)."""
PAGE_SIZE: Final = 25
REFUSALS: Final = frozenset(ErrorClass) - {ErrorClass.TRANSIENT, ErrorClass.NOT_FOUND, ErrorClass.UNKNOWN}
"""Classes of documented codes with which the Graph API refuses a call before it does anything. "Not found" is not among them:
objects that exist were read as missing in an outage, and a call can fail so after its work is done (platforms.md 2.7)."""
MEDIA_HOSTS_OF_META: Final = ("fbcdn.net", "cdninstagram.com")
"""Media that lies on Meta's own delivery hosts is refused (platforms.md 1.3)."""

CREDENTIALS: Final = frozenset({"access_token", "appsecret_proof"})
"""Query parameters of a next page's URL that are not taken from it."""

ErrorTable: TypeAlias = Mapping[tuple[int | None, int | None], ErrorClass]
"""(code, subcode) → class; ``None`` stands for any."""
Row: TypeAlias = Mapping[str, Any]


def codes(error_class: ErrorClass, *numbers: int) -> ErrorTable:
    """Rows for codes with any subcode."""
    return {(number, None): error_class for number in numbers}


def subcodes(error_class: ErrorClass, *numbers: int) -> ErrorTable:
    """Rows for subcodes under any code."""
    return {(None, number): error_class for number in numbers}


def either(error_class: ErrorClass, *numbers: int) -> ErrorTable:
    """Rows for numbers that arrive as code or as subcode."""
    return {**codes(error_class, *numbers), **subcodes(error_class, *numbers)}


ERRORS: Final[ErrorTable] = {
    **codes(ErrorClass.REAUTH, 190, 102, 104),
    **codes(ErrorClass.PERMISSION, 3, 10, 270, *range(200, 300)),
    **codes(ErrorClass.INVALID_CONTENT, 100),
    (100, 33): ErrorClass.NOT_FOUND,
    **codes(ErrorClass.TRANSIENT, -1, 1, 2),
    **codes(ErrorClass.RATE_LIMIT, 4, 17, 32, 341, 613, *range(80000, 80015)),
    **codes(ErrorClass.BLOCKED_BY_POLICY, 368),
    **codes(ErrorClass.DUPLICATE, 506),
    **either(ErrorClass.INVALID_CONTENT, 1609005),
}
"""Codes common to both platforms (platforms.md 0.3)."""

TOKEN_ENDPOINT_ERRORS: Final[Mapping[int, ErrorClass]] = {
    400: ErrorClass.REAUTH,
    401: ErrorClass.REAUTH,
    403: ErrorClass.PERMISSION,
    429: ErrorClass.RATE_LIMIT,
}
"""Codes of ``{error_type, code, error_message}``, the shape of api.instagram.com (platforms.md 0.2)."""


def classify(reply: Reply, errors: ErrorTable) -> Fault | None:
    """The fault in a reply, ``None`` for success: code and subcode, then ``is_transient``, then the status (platforms.md 0.2).

    An error body counts whatever the status; a success without a JSON body is no success.
    """
    error = reply.get("error")
    if isinstance(error, Mapping):
        return _graph_fault(error, reply, errors)
    if reply.get("error_type") is not None:
        return _token_endpoint_fault(reply)
    if reply.status >= 500:
        return Fault(ErrorClass.TRANSIENT, f"http_{reply.status}")
    if reply.status == 429:
        return Fault(ErrorClass.RATE_LIMIT, "http_429", wait_hint(reply.headers))
    if not 200 <= reply.status < 300:
        return Fault(ErrorClass.UNKNOWN, f"http_{reply.status}")
    if reply.data is None:
        return Fault(ErrorClass.TRANSIENT, "empty_body")
    return Fault(ErrorClass.UNKNOWN, "success_false") if reply.get("success") is False else None


def _graph_fault(error: Row, reply: Reply, errors: ErrorTable) -> Fault:
    code, subcode = _code(error.get("code")), _code(error.get("error_subcode"))
    general, exact = errors.get((code, None)), errors.get((code, subcode)) or errors.get((None, subcode))
    found, transient = exact or general, error.get("is_transient")
    if found is None:
        found = ErrorClass.TRANSIENT if transient is True or reply.status >= 500 else ErrorClass.UNKNOWN
    elif found is ErrorClass.TRANSIENT and subcode and not exact and transient is False:
        # An "unknown error" that has a reason of its own and says that it will not pass.
        found = ErrorClass.UNKNOWN
    certain = found in REFUSALS and general is not ErrorClass.TRANSIENT and _refuses(error, reply.status, found)
    wait = wait_hint(reply.headers) if found is ErrorClass.RATE_LIMIT else None
    name = f"http_{reply.status}" if code is None else str(code)
    return Fault(found, f"{name}/{subcode}" if subcode else name, wait, certain=certain)


def _refuses(error: Row, status: int, found: ErrorClass) -> bool:
    """Whether an error says that the call was refused, as opposed to having gone wrong somewhere on its way."""
    passing = error.get("is_transient") is True and found is not ErrorClass.RATE_LIMIT
    # An object that cannot be read, which can be the one just made.
    unread = error.get("type") == "GraphMethodException" and found is ErrorClass.INVALID_CONTENT
    return 400 <= status < 500 and not passing and not unread


def _token_endpoint_fault(reply: Reply) -> Fault:
    code = _code(reply.get("code")) or reply.status
    default = ErrorClass.TRANSIENT if code >= 500 or reply.status >= 500 else ErrorClass.UNKNOWN
    found = TOKEN_ENDPOINT_ERRORS.get(code, default)
    return Fault(found, f"oauth/{code}", wait_hint(reply.headers) if found is ErrorClass.RATE_LIMIT else None)


def _code(value: Any) -> int | None:
    """A code or subcode. They have at most seven digits; a longer number may be one that a person wrote."""
    found = number(value)
    return found if found is not None and -1_000 < found < 10_000_000 else None


def number(value: Any) -> int | None:
    """A whole number, also one written as digits; ``None`` for anything else."""
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,12}", value):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def wait_hint(headers: Mapping[str, str]) -> float:
    """Seconds to wait after a throttle: the longest wait in ``X-Business-Use-Case-Usage``, else one hour (platforms.md 0.3)."""
    try:
        usage = json.loads(headers.get("x-business-use-case-usage", "{}"))
    except ValueError:
        return FALLBACK_WAIT_S
    lists = usage.values() if isinstance(usage, Mapping) else ()
    entries = (entry for rows in lists if isinstance(rows, list) for entry in rows if isinstance(entry, Mapping))
    minutes = [entry.get("estimated_time_to_regain_access") for entry in entries]
    return max((60.0 * m for m in minutes if isinstance(m, int | float) and 0 < m < 1e5), default=FALLBACK_WAIT_S)


def seconds(value: Any) -> int | None:
    """A lifetime as the token endpoints name it; ``None`` when it is absent or zero (zero means no expiry)."""
    return number(value) or None


def moment(value: Any) -> float | None:
    """A Graph time such as ``2026-11-22T15:04:05+0000`` as seconds since the epoch, ``None`` if it is none."""
    try:
        return datetime.fromisoformat(value).timestamp()
    except (TypeError, ValueError):
        return None


def rows(reply: Reply) -> list[Row]:
    """The rows of a list. :class:`UnexpectedShape` where there is none: that is not an empty list (platforms.md 1.7)."""
    data = reply.get("data")
    if not isinstance(data, list):
        raise UnexpectedShape("data")
    return [row for row in data if isinstance(row, Mapping)]


def paged(call: Call, at_most: int, enough: Callable[[list[Row]], bool] = lambda _: False) -> Flow[tuple[list[Row], bool]]:
    """The rows of up to ``at_most`` pages, and whether that was all that is wanted or all that there is.

    A list ends where ``paging.next`` is absent, and nowhere else: a page can be empty or short and have a next one, and pages
    by time have no cursors. Of ``next`` only the query is used, and of that never the access token.
    """
    found: list[Row] = []
    first = call
    for _ in range(at_most):
        reply = yield call
        found += rows(reply)
        following = reply.get("paging.next")
        if enough(found) or following is None:
            return found, True
        # On the first page's query: what led to this page need not lead to the next.
        query = {**first.query, **_next_query(following, call.url)}
        if query == call.query:
            break
        call = replace(call, query=query)
    return found, False


def _next_query(following: Any, url: str) -> dict[str, str]:
    """The query of the next page without its access token; empty if that page is not on the host of this one."""
    try:
        parts = urlsplit(str(following))
    except ValueError:
        return {}
    if parts.scheme != "https" or parts.netloc != urlsplit(url).netloc:
        return {}
    return {name: value for name, value in parse_qsl(parts.query) if name not in CREDENTIALS}


@dataclass(frozen=True, slots=True)
class Metric:
    """An insights metric and where its figure goes: a field of the uniform metrics, or ``extra`` when ``field`` is empty."""

    name: str
    field: str = ""
    introduced: date | None = None
    """``None``: before every version that still lives."""


def figures(metrics: Iterable[Metric], insights: Any) -> dict[str, Any]:
    """The figures in an insights list as keyword arguments, ``extra`` among them. A metric without data has no entry."""
    given = insights.get("data") if isinstance(insights, Mapping) else insights
    values = {row.get("name"): _value(row) for row in given if isinstance(row, Mapping)} if isinstance(given, list) else {}
    known = [(metric, value) for metric in metrics if (value := values.get(metric.name)) is not None]
    extra = {metric.name: value for metric, value in known if not metric.field}
    return {**{metric.field: value for metric, value in known if metric.field}, "extra": extra}


def _value(row: Row) -> int | None:
    """The last value of an insights row; a breakdown counts as its sum."""
    total, series = row.get("total_value"), row.get("values")
    entry = total if isinstance(total, Mapping) else series[-1] if isinstance(series, list) and series else None
    value = entry.get("value") if isinstance(entry, Mapping) else None
    return sum(n for part in value.values() if (n := number(part))) if isinstance(value, Mapping) else number(value)


def isolating(names: tuple[str, ...], read: Callable[[tuple[str, ...]], Flow[None]]) -> Flow[None]:
    """Read with all metric names; where Meta refuses a parameter, halve until the bad names stand alone and are left out.

    One retired name fails a whole request (platforms.md 1.4, failure-classes.md G1). ``read`` with no names must be possible.
    """
    try:
        yield from read(names)
    except PlatformError as error:
        if not names or error.fault.error_class is not ErrorClass.INVALID_CONTENT:
            raise
        middle = len(names) // 2
        for part in (names[:middle], names[middle:]) if middle else ((),):
            yield from isolating(part, read)


GIVES_UP: Final = frozenset({ErrorClass.REAUTH, ErrorClass.RATE_LIMIT, ErrorClass.BLOCKED_BY_POLICY})
"""Refusals of one post's figures after which asking for the next post is pointless or harmful."""
CONCERNS_ONE_POST: Final = frozenset({ErrorClass.INVALID_CONTENT, ErrorClass.NOT_FOUND, ErrorClass.UNKNOWN})
"""Refusals of a whole list that a single post in it can cause (platforms.md 0.1)."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How a platform's posts are measured: by expansion on ``edge``, and one by one where that gives nothing."""

    edge: str
    node: str
    """URL of one post, with ``{id}`` in it."""
    fields: tuple[str, ...]
    metrics: tuple[str, ...]
    pages: int = 4

    def query(self, names: Sequence[str]) -> dict[str, Any]:
        """The query that asks for the fields and for the named insights."""
        insights = (f"insights.metric({','.join(names)}){{name,values}}",) if names else ()
        return {"fields": ",".join((*self.fields, *insights))}

    def measure(self, wanted: Sequence[str], measured: Callable[[Row], PostMetrics]) -> Flow[dict[str, PostMetrics]]:
        """Metrics of every wanted post: ``measured(row)``, or ``unavailable`` with the class of the refusal."""
        found: dict[str, Row] = {}
        if not wanted:
            return {}
        try:
            yield from isolating(self.metrics, lambda names: self._walk(names, wanted, found))
        except PlatformError as error:
            if error.fault.error_class not in CONCERNS_ONE_POST:
                raise
        except UnexpectedShape:
            pass
        result: dict[str, PostMetrics] = {}
        for post_id in wanted:
            reason = None if post_id in found else (yield from self._single(post_id, found))
            result[post_id] = PostMetrics(unavailable=reason) if reason else measured(found[post_id])
        return result

    def _walk(self, names: tuple[str, ...], wanted: Sequence[str], found: dict[str, Row]) -> Flow[None]:
        def complete(listed: list[Row]) -> bool:
            return set(wanted) <= {str(row.get("id")) for row in listed}

        call = Call("GET", self.edge, query={**self.query(names), "limit": PAGE_SIZE})
        listed, _ = yield from paged(call, self.pages, complete)
        for row in listed:
            if (post_id := str(row.get("id"))) in wanted:
                found[post_id] = _merged(found.get(post_id, {}), row)

    def _single(self, post_id: str, found: dict[str, Row]) -> Flow[str | None]:
        def read(names: tuple[str, ...]) -> Flow[None]:
            reply = yield Call("GET", self.node.format(id=post_id), query=self.query(names))
            found[post_id] = _merged(found.get(post_id, {}), reply.data if isinstance(reply.data, Mapping) else {})

        try:
            yield from isolating(self.metrics, read)
        except PlatformError as error:
            if error.fault.error_class in GIVES_UP:
                raise
            return error.fault.error_class.value
        return None


def _merged(one: Row, other: Row) -> Row:
    """Two readings of a post as one: the newer fields, the insights of both."""
    insights = [row for part in (one, other) for row in _insight_rows(part)]
    return {**one, **other, "insights": {"data": insights}}


def _insight_rows(row: Row) -> list[Any]:
    insights = row.get("insights")
    data = insights.get("data") if isinstance(insights, Mapping) else None
    return data if isinstance(data, list) else []


@dataclass(frozen=True, slots=True)
class ImageRules:
    """What a platform accepts as an image. Sizes in bytes."""

    formats: tuple[str, ...]
    schemes: tuple[str, ...]
    largest: int
    inline: bool = True
    ascii_url: bool = False
    alt_limit: int | None = None


def shape_issues(draft: Draft, kinds: tuple[Kind, ...], needs: Mapping[Kind, str], title: str) -> Iterator[Issue]:
    """Problems with the kind, and with parts that it needs or does not use. ``needs``: kind → text, link or media."""
    if draft.kind not in kinds:
        yield Issue("kind", "not_supported", f"{title} accepts these kinds here: {', '.join(kinds)}.")
        return
    need = needs[draft.kind]
    given = {"text": draft.says_something, "link": draft.link is not None, "media": bool(draft.media)}
    if not given[need]:
        yield Issue(need, "required", f"A {draft.kind} post on {title} needs {need}.")
    for part in ("link", "media"):
        if given[part] and part != need:
            yield Issue(part, "not_allowed", f"A {draft.kind} post on {title} has no {part}.")
    if need == "media" and len(draft.media) > 1:
        yield Issue("media", "wrong_count", f"A {draft.kind} post on {title} has exactly 1 item.")


def media_issues(draft: Draft, rules: ImageRules, title: str) -> Iterator[Issue]:
    """Problems with the images of a draft, each with the item's field path."""
    for at, item in enumerate(draft.media):
        yield from _image_issues(item, f"media.{at}", rules, title)


def _image_issues(item: MediaItem, field: str, rules: ImageRules, title: str) -> Iterator[Issue]:
    formats = ", ".join(name.removeprefix("image/") for name in rules.formats)
    if item.kind != "image":
        yield Issue(f"{field}.kind", "not_supported", f"{title} accepts an image here.")
    elif item.content_type and item.content_type not in rules.formats:
        yield Issue(f"{field}.content_type", "not_supported", f"{title} accepts images as {formats}.")
    if item.url is not None:
        yield from url_issues(item.url.reveal(), f"{field}.url", rules.schemes, ascii_only=rules.ascii_url)
        if on_meta(item.url.reveal()):
            yield Issue(f"{field}.url", "host_refused", f"{title} does not fetch media from Meta's own delivery hosts.")
    elif not rules.inline:
        yield Issue(f"{field}.url", "url_required", f"{title} fetches media itself and needs a public URL; it takes no uploads.")
    elif not item.data:
        yield Issue(field, "required", "A media item needs a URL or data.")
    elif len(item.data) > rules.largest:
        yield Issue(f"{field}.data", "too_large", f"{title} accepts images of at most {rules.largest // 1_000_000} MB.")
    if rules.alt_limit and item.alt_text is not None and len(item.alt_text.reveal()) > rules.alt_limit:
        yield Issue(f"{field}.alt_text", "too_long", f"{title} accepts alt texts of at most {rules.alt_limit} characters.")


def url_issues(value: str, field: str, schemes: tuple[str, ...], *, ascii_only: bool = False) -> Iterator[Issue]:
    """Problems with a URL that Meta has to fetch without help: scheme, host, no credentials, no blanks."""
    try:
        parts = urlsplit(value)
        host, named = parts.hostname, parts.username is not None or parts.password is not None
    except ValueError:
        host, named = None, False
    if not host or parts.scheme not in schemes or named or re.search(r"[\s\x00-\x1f\x7f]", value):
        yield Issue(field, "invalid", f"A public {' or '.join(schemes)} URL without user name and blanks is needed.")
    elif ascii_only and not value.isascii():
        yield Issue(field, "not_ascii", "The URL must consist of ASCII characters: percent-encode all others.")


def on_meta(url: str) -> bool:
    """Whether a URL lies on Meta's own media hosts."""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return False
    return any(host == suffix or host.endswith(f".{suffix}") for suffix in MEDIA_HOSTS_OF_META)


def length_issues(text: str, limit: int, title: str) -> Iterator[Issue]:
    """A text that is too long."""
    if len(text) > limit:
        yield Issue("text", "too_long", f"{title} accepts at most {limit} characters.")


def scope_issues(account: Account, needed: Iterable[str]) -> Iterator[Issue]:
    """Scopes that publishing needs and the account lacks. An account without any known scope is left to the platform."""
    for scope in (scope for scope in needed if not granted(account, scope)):
        yield Issue("account", "scope_missing", f"The connection lacks the permission {scope}: reconnect and grant it.")


def granted(account: Account, scope: str) -> bool:
    """Whether the account has a scope; an account without any known scope is taken to have it."""
    return not account.scopes or scope in account.scopes


def compact(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that have a value: an empty one is never sent (failure-classes.md E2)."""
    return {name: value for name, value in fields.items() if value}
