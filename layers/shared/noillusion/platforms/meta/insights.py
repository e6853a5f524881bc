"""Figures of posts and accounts from the Graph API's insights (platforms.md 1.4, 2.4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from noillusion.core.records import record
from noillusion.flows.faults import ErrorClass, PlatformError, UnexpectedShape
from noillusion.flows.measures import PostMetrics
from noillusion.flows.protocol import Call, Flow
from noillusion.platforms import reading
from noillusion.platforms.meta.lists import PAGE_SIZE, paged
from noillusion.platforms.reading import Row


def figures(metrics: Mapping[str, str], insights: Any) -> dict[str, Any]:
    """The figures in an insights list as keyword arguments, ``extra`` among them. A metric without data has no entry.

    ``metrics``: name → the field of the uniform metrics that it fills, empty for ``extra``.
    """
    given = insights.get("data") if isinstance(insights, Mapping) else insights
    values = {row.get("name"): _value(row) for row in given if isinstance(row, Mapping)} if isinstance(given, list) else {}
    known = [(name, field, value) for name, field in metrics.items() if (value := values.get(name)) is not None]
    extra = {name: value for name, field, value in known if not field}
    return {**{field: value for _, field, value in known if field}, "extra": extra}


def _value(row: Row) -> int | None:
    """The last value of an insights row; a breakdown counts as its sum."""
    total, series = row.get("total_value"), row.get("values")
    entry = total if isinstance(total, Mapping) else series[-1] if isinstance(series, list) and series else None
    value = entry.get("value") if isinstance(entry, Mapping) else None
    return (
        sum(n for part in value.values() if (n := reading.number(part))) if isinstance(value, Mapping) else reading.number(value)
    )


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


@record(eq=True)
class Figures:
    """A reader of posts' figures: by expansion on ``edge``, and one by one where that gives nothing."""

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

    def one(self, post_id: str, measured: Callable[[Row], PostMetrics]) -> Flow[PostMetrics]:
        """Metrics of one post, without a look at the list."""
        found: dict[str, Row] = {}
        reason = yield from self._single(post_id, found)
        return PostMetrics(unavailable=reason) if reason else measured(found[post_id])

    def _walk(self, names: tuple[str, ...], wanted: Sequence[str], found: dict[str, Row]) -> Flow[None]:
        def complete(listed: list[Row]) -> bool:
            return set(wanted) <= {str(row.get("id")) for row in listed}

        call = Call("GET", self.edge, query={**self.query(names), "limit": PAGE_SIZE})
        listed, _ = yield from paged(call, self.pages, complete)
        for row in listed:
            if (post_id := str(row.get("id"))) in wanted:
                found[post_id] = _merged(found.get(post_id, {}), row)

    def _single(self, post_id: str, found: dict[str, Row]) -> Flow[ErrorClass | None]:
        def read(names: tuple[str, ...]) -> Flow[None]:
            reply = yield Call("GET", self.node.format(id=post_id), query=self.query(names))
            found[post_id] = _merged(found.get(post_id, {}), reply.data if isinstance(reply.data, Mapping) else {})

        try:
            yield from isolating(self.metrics, read)
        except PlatformError as error:
            if error.fault.error_class in GIVES_UP:
                raise
            return error.fault.error_class
        return None


def _merged(one: Row, other: Row) -> Row:
    """Two readings of a post as one: the newer fields, the insights of both."""
    insights = [row for part in (one, other) for row in _insight_rows(part)]
    return {**one, **other, "insights": {"data": insights}}


def _insight_rows(row: Row) -> list[Any]:
    insights = row.get("insights")
    data = insights.get("data") if isinstance(insights, Mapping) else None
    return data if isinstance(data, list) else []
