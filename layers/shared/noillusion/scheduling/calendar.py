"""The calendar of a period: what is due, done and missed, later times of schedules that recur, free slots, and posts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from noillusion.api import paging
from noillusion.core import clock
from noillusion.core.errors import Invalid, field_error
from noillusion.core.preconditions import etag
from noillusion.core.records import record
from noillusion.db import Actor, database
from noillusion.scheduling import ahead, calendar_store, slot_store
from noillusion.scheduling.calendar_models import Calendar, CalendarEntry, EntryType
from noillusion.scheduling.calendar_rows import PlannedAccount, PublishedEntry, RecurringTarget, ScheduledEntry
from noillusion.scheduling.calendar_store import Span
from noillusion.scheduling.recurrence import on_the_clock
from noillusion.scheduling.slot_plans import week
from noillusion.scheduling.slots import upcoming

MAX_DAYS = 92
_RANKS: Mapping[EntryType, int] = {"occurrence": 0, "recurrence": 1, "slot": 2, "post": 3}
"""The order of entries at the same time."""
_INSTANT = timedelta(microseconds=1)
Key = tuple[datetime, int, str]


@record()
class Asked:
    """What a calendar is asked for."""

    start: datetime
    end: datetime
    time_zone: str | None
    """``None``: that of the profile."""
    filters: Mapping[str, object]
    """``platform``, ``connection_id`` and ``state``; ``None`` does not filter."""


@record()
class _Found:
    """An entry and its place in the order."""

    key: Key
    entry: CalendarEntry


async def listing(user_id: str, asked: Asked, cursor: str | None, limit: int) -> Calendar:
    """Return a page of a period. One round trip."""
    _check(asked)
    period = {"start": asked.start, "end": asked.end, "time_zone": asked.time_zone}
    place = paging.Listing("calendar", user_id, {**period, **asked.filters})
    after = _key(place.position(cursor, 3))
    scheduled = calendar_store.scheduled(user_id, asked.filters, _span(asked, after, "occurrence"), limit + 1)
    published = calendar_store.published(user_id, asked.filters, _span(asked, after, "post"), limit + 1)
    recurring, plans = calendar_store.recurring(user_id, {}), slot_store.plans(user_id, asked.filters)
    taken, zone = slot_store.taken(user_id, asked.start, asked.end), calendar_store.time_zone(user_id)
    flight = await database().flight(Actor(user_id), scheduled, published, recurring, plans, taken, zone)
    profile = flight.first(zone)
    name = asked.time_zone or (profile.time_zone if profile else "UTC")
    look = _Look(asked, after, limit + 1, ZoneInfo(name))
    busy = {(each.connection_id, each.due_at) for each in flight[taken]}
    found = sorted(
        [
            *look.scheduled(flight[scheduled]),
            *look.published(flight[published]),
            *look.recurring(flight[recurring]),
            *look.slots(flight[plans], flight[recurring], busy),
        ],
        key=lambda each: each.key,
    )
    last = found[limit - 1].key if len(found) > limit else None
    return Calendar(
        time_zone=name,
        items=[each.entry for each in found[:limit]],
        next_cursor=place.cursor(*last) if last else None,
    )


def tag(page: Calendar) -> str:
    """Return the entity tag of a page."""
    return etag(page)


def _check(asked: Asked) -> None:
    if asked.start >= asked.end:
        raise Invalid([field_error("from", "period_empty")])
    if asked.end - asked.start > timedelta(days=MAX_DAYS):
        raise Invalid([field_error("to", "period_too_long", limit=MAX_DAYS, unit="days")])


def _key(position: Sequence[str] | None) -> Key | None:
    return None if position is None else (datetime.fromisoformat(position[0]), int(position[1]), position[2])


def _span(asked: Asked, after: Key | None, kind: EntryType) -> Span:
    """Return where the rows of one type begin. At the time of the last entry, types of a later rank are still to come."""
    if after is None:
        return Span(asked.start, asked.end, None)
    at, rank, row_id = after
    if rank > _RANKS[kind]:
        at, row_id = at + _INSTANT, ""
    elif rank < _RANKS[kind]:
        row_id = ""
    return Span(asked.start, asked.end, (at, row_id))


class _Look:
    """Turns rows into entries behind a place in the order."""

    def __init__(self, asked: Asked, after: Key | None, most: int, zone: ZoneInfo) -> None:
        self._asked, self._after, self._most, self._zone = asked, after, most, zone
        # Instants are exclusive: what is due at the start belongs to the period.
        self._begin = (after[0] if after else asked.start) - _INSTANT
        self._state = asked.filters.get("state")

    def scheduled(self, rows: Iterable[ScheduledEntry]) -> Iterator[_Found]:
        """Yield occurrences that are rows."""
        for row in rows:
            yield self._found("occurrence", row.due_at, row.id, row, state=row.state, code=row.code, occurrence_id=row.id)

    def published(self, rows: Iterable[PublishedEntry]) -> Iterator[_Found]:
        """Yield posts that no schedule made."""
        for row in rows:
            yield self._found("post", row.published_at, row.id, row, state=row.status, target_id=row.id)

    def recurring(self, targets: Sequence[RecurringTarget]) -> Iterator[_Found]:
        """Yield later times of schedules that recur. Those of a paused schedule are paused."""
        chosen = [target for target in targets if self._wanted(target) and self._state in (None, _planned(target))]
        for target, each in ahead.following(chosen, self._begin, self._asked.end, self._most + 1):
            if self._is_behind((each.due_at, _RANKS["recurrence"], target.target_id)):
                yield self._found("recurrence", each.due_at, target.target_id, target, state=_planned(target))

    def slots(
        self, plans: Sequence[PlannedAccount], targets: Sequence[RecurringTarget], taken: set[tuple[str, datetime]]
    ) -> Iterator[_Found]:
        """Yield free slots that are still to come."""
        if self._state not in (None, "free"):
            return
        begin, planned = max(self._begin, clock.now()), {plan.connection_id for plan in plans}
        recurring = [target for target in targets if target.connection_id in planned]
        later = ahead.following(recurring, begin, self._asked.end, 24 * MAX_DAYS)
        busy = taken | {(target.connection_id or "", each.due_at) for target, each in later}
        for plan in plans:
            number = 0
            for each in upcoming(week(plan), plan.time_zone, begin, self._asked.end):
                key = (each.due_at, _RANKS["slot"], plan.connection_id)
                if (plan.connection_id, each.due_at) not in busy and self._is_behind(key):
                    yield self._found("slot", each.due_at, plan.connection_id, plan, state="free")
                    number += 1
                if number == self._most:
                    break

    def _wanted(self, target: RecurringTarget) -> bool:
        named = {"platform": target.platform, "connection_id": target.connection_id}
        return all(self._asked.filters.get(name) in (None, value) for name, value in named.items())

    def _is_behind(self, key: Key) -> bool:
        return self._after is None or key > self._after

    def _found(self, kind: EntryType, at: datetime, row_id: str, row: object, **more: object) -> _Found:
        entry = {
            "type": kind,
            "at": at,
            "local_at": on_the_clock(at, self._zone),
            "occurrence_id": None,
            "code": None,
            **{name: getattr(row, name, None) for name in ("platform", "kind", "way", "connection_id", "schedule_id")},
            **{name: getattr(row, name, None) for name in ("target_id", "post_id")},
            **more,
        }
        return _Found((at, _RANKS[kind], row_id), CalendarEntry.model_validate(entry))


def _planned(target: RecurringTarget) -> str:
    return "paused" if target.status == "paused" else "planned"
