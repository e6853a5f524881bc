"""The figures of many posts in few calls: by expansion on a list, together in batches, and apart where one spoils the rest.

One metric that has ended, or one post that a metric does not fit, makes Meta refuse all that is asked for with it (platforms.md
0.1, 1.4, 2.4). What is refused is found by asking for each metric of a post alone; everything else keeps its figures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeAlias

from noillusion.core.records import record
from noillusion.flows.faults import ErrorClass, Fault, PlatformError, UnexpectedShape
from noillusion.flows.measures import PostMetrics, PostRef
from noillusion.flows.protocol import Call, Flow, Reply
from noillusion.platforms.meta.batch import Answer, Together, one_by_one
from noillusion.platforms.meta.lists import PAGE_SIZE, paged
from noillusion.platforms.reading import Row

CONCERNS_ONE_POST: Final = frozenset({ErrorClass.INVALID_CONTENT, ErrorClass.NOT_FOUND, ErrorClass.NOT_READY, ErrorClass.UNKNOWN})
"""Refusals of a whole list that a single post in it can cause (platforms.md 0.1)."""
SLACK_S: Final = 900
"""How far the platform's time of a post can be from ours."""
WORTH: Final = 3
"""Wanted posts on a page that make the next one worth its call."""
FEW: Final = 6
"""Posts that are read alone rather than by lists of parts of them, where the host takes no batches."""
Names: TypeAlias = tuple[str, ...]
Ask: TypeAlias = Callable[[str, Names], "Call | None"]
"""Makes the call that reads one post with the named metrics; ``None`` where there is nothing to read without metrics."""


@record(eq=True)
class Apart:
    """A reader of posts that are asked for by id, as many in a call as the host takes."""

    ask: Ask
    together: Together = one_by_one
    row: Callable[[Reply], Row] = lambda reply: reply.data if reply["id"] else {}

    def read(
        self, ids: Sequence[str], names: Names, *, taken: bool = False
    ) -> Flow[tuple[dict[str, Row], dict[str, Fault], Names]]:
        """Return the rows, why there is none of the other posts, and the metrics that no post takes any more.

        ``taken``: other posts were just read with these metrics.
        """
        rows, faults = yield from self._each(ids, names)
        spoiled = [id for id, fault in faults.items() if names and _unfit(fault)]
        gone: Names = ()
        if spoiled and not rows and not taken:
            gone = yield from self.ended(spoiled, names)
        if gone:
            names = tuple(name for name in names if name not in gone)
            rows, faults_left = yield from self._each(spoiled, names)
            faults = {**{id: fault for id, fault in faults.items() if id not in spoiled}, **faults_left}
            spoiled = [id for id, fault in faults.items() if names and _unfit(fault)]
        for id in spoiled:
            row, fault = yield from self._pieces(id, names)
            if fault is None:
                rows[id] = row
                del faults[id]
        return rows, faults, gone

    def ended(self, ids: Sequence[str], names: Names) -> Flow[Names]:
        """Return the metrics that are refused for one post, and for another one too if there is another."""
        for id in ids[:1] if len(ids) == 1 else (ids[0], ids[-1]):
            calls = [call for name in names if (call := self.ask(id, (name,)))]
            answers = yield from self.together(calls)
            names = tuple(name for name, answer in zip(names, answers, strict=True) if _unfit(answer))
            if not names:
                break
        return names

    def _each(self, ids: Sequence[str], names: Names) -> Flow[tuple[dict[str, Row], dict[str, Fault]]]:
        calls = {id: call for id in ids if (call := self.ask(id, names))}
        answers = dict(zip(calls, (yield from self.together(list(calls.values()))), strict=True)) if calls else {}
        rows: dict[str, Row] = {}
        faults: dict[str, Fault] = {}
        for id, answer in answers.items():
            read = self._read(answer)
            if isinstance(read, Fault):
                faults[id] = read
            else:
                rows[id] = read
        return rows, faults

    def _read(self, answer: Answer) -> Row | Fault:
        try:
            return answer if isinstance(answer, Fault) else self.row(answer)
        except UnexpectedShape as shape:
            return Fault(ErrorClass.UNKNOWN, f"shape:{shape}")

    def _pieces(self, id: str, names: Names) -> Flow[tuple[Row, Fault | None]]:
        """Return what one post gives metric by metric, and why it gives nothing."""
        calls = [call for part in ((), *((name,) for name in names)) if (call := self.ask(id, part))]
        found = [self._read(answer) for answer in (yield from self.together(calls))]
        row: Row = {}
        for part in found:
            row = row if isinstance(part, Fault) else merged(row, part)
        faults = [part for part in found if isinstance(part, Fault)]
        return row, faults[0] if len(faults) == len(found) else None


@record(eq=True)
class Listed:
    """A reader of posts by expansion on the list that they stand in. What is not in it is read apart."""

    edge: str
    fields: tuple[str, ...]
    metrics: Names
    apart: Apart
    pages: int = 8

    def query(self, names: Sequence[str]) -> dict[str, Any]:
        """The query that asks for the fields and for the named insights."""
        return asking(self.fields, names)

    def measure(self, posts: Sequence[PostRef], measured: Callable[[Row], PostMetrics]) -> Flow[dict[str, PostMetrics]]:
        """Metrics of every post: ``measured(row)``, or ``unavailable`` with the class of the refusal."""
        if not posts:
            return {}
        found: dict[str, Row] = {}
        ended: Names = ()
        fault = yield from self._walk(self.metrics, posts, found)
        if fault and fault.error_class is ErrorClass.INVALID_CONTENT and self.metrics:
            ended = yield from self.apart.ended([post.post_id for post in posts], self.metrics)
            if ended:
                fault = yield from self._walk(self._without(ended), posts, found)
        if fault and self.apart.together is one_by_one:
            yield from self._halves(self._without(ended), posts, found)
        missing = [post.post_id for post in posts if post.post_id not in found]
        rows, faults, gone = yield from self.apart.read(missing, self._without(ended), taken=bool(found))
        found |= rows
        refused = (*ended, *gone)
        return {
            post.post_id: replace(measured(found[post.post_id]), refused=refused)
            if post.post_id in found
            else PostMetrics(unavailable=faults[post.post_id].error_class, refused=refused)
            for post in posts
        }

    def _without(self, ended: Names) -> Names:
        return tuple(name for name in self.metrics if name not in ended)

    def _walk(self, names: Names, posts: Sequence[PostRef], found: dict[str, Row]) -> Flow[Fault | None]:
        """Fill in what the list has of the posts. Returns the fault of a list that one post can have spoiled."""
        missing, seen = {post.post_id for post in posts}, [0]

        def enough(listed: list[Row]) -> bool:
            page, seen[0] = listed[seen[0] :], len(listed)
            worth = min(WORTH, len(missing))
            new = {id: row for row in page if (id := str(row.get("id"))) in missing}
            found.update(new)
            missing.difference_update(new)
            return not missing or (bool(page) and len(new) < worth)

        query = {**self.query(names), **window(posts), "limit": PAGE_SIZE}
        try:
            yield from paged(Call("GET", self.edge, query=query), self.pages, enough)
        except PlatformError as error:
            if error.fault.error_class not in CONCERNS_ONE_POST:
                raise
            return error.fault
        except UnexpectedShape:
            pass
        return None

    def _halves(self, names: Names, posts: Sequence[PostRef], found: dict[str, Row]) -> Flow[None]:
        """List the posts in parts, so that one that spoils a list does so for a few others only."""
        posts = [post for post in posts if post.post_id not in found]
        middle = len(posts) // 2
        for half in (posts[:middle], posts[middle:]) if len(posts) > FEW and window(posts) else ():
            if (yield from self._walk(names, half, found)):
                yield from self._halves(names, half, found)


def asking(fields: Sequence[str], names: Sequence[str]) -> dict[str, Any]:
    """The query of fields and of the named insights."""
    insights = (f"insights.metric({','.join(names)}){{name,values}}",) if names else ()
    return {"fields": ",".join((*fields, *insights))}


def window(posts: Sequence[PostRef]) -> dict[str, int]:
    """The part of a list in which posts stand; all of it where a time is not known."""
    times = [post.published_at for post in posts if post.published_at is not None]
    return {"since": min(times) - SLACK_S, "until": max(times) + SLACK_S} if posts and len(times) == len(posts) else {}


def merged(one: Row, other: Row) -> Row:
    """Two readings of a post as one: the newer fields, the insights of both."""
    insights = [row for part in (one, other) for row in _insight_rows(part)]
    return {**one, **other, "insights": {"data": insights}}


def _insight_rows(row: Row) -> list[Any]:
    insights = row.get("insights")
    data = insights.get("data") if isinstance(insights, Mapping) else None
    return data if isinstance(data, list) else []


def _unfit(answer: Answer) -> bool:
    return isinstance(answer, Fault) and answer.error_class is ErrorClass.INVALID_CONTENT
