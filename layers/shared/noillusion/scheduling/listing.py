"""Schedules as their user reads them: one, or a page of them, each with its targets and their next or last occurrences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from noillusion.api import paging
from noillusion.core.errors import NotFound
from noillusion.core.preconditions import etag
from noillusion.db import Actor, database
from noillusion.scheduling import links, messages, store, times
from noillusion.scheduling.models import Occurrence, Schedule, ScheduleTarget
from noillusion.scheduling.rows import OccurrenceRow, ScheduleRow, TargetRow
from noillusion.scheduling.time_models import Recurrence

OPEN = ("pending", "paused", "running", "processing", "notified")


def to_occurrence(row: OccurrenceRow, zone: str) -> Occurrence:
    """Return the API shape of an occurrence of a schedule in a time zone."""
    return Occurrence.of(
        row,
        local_due_at=times.local_text(row.due_at, zone),
        message=messages.CODES.get(row.code or ""),
        link=links.path_of(row.id) if row.state == "notified" else None,
    )


def to_schedule(row: ScheduleRow, targets: Sequence[TargetRow], occurrences: Sequence[OccurrenceRow]) -> Schedule:
    """Return the API shape of a schedule."""
    shown: dict[str, OccurrenceRow] = {}
    for each in occurrences:
        # In the order of their times: the first one that is open, else the last one.
        if each.target_id not in shown or shown[each.target_id].state not in OPEN:
            shown[each.target_id] = each
    return Schedule.of(
        row,
        starts_at=row.due_at,
        local_starts_at=times.local_text(row.due_at, row.time_zone),
        recurrence=Recurrence(rrule=row.rrule, exdates=row.exdates) if row.rrule else None,
        grace_minutes=row.grace_s // 60,
        targets=[_to_target(each, shown.get(each.id), row.time_zone) for each in targets],
    )


def _to_target(row: TargetRow, occurrence: OccurrenceRow | None, zone: str) -> ScheduleTarget:
    return ScheduleTarget.of(
        row, source_sha256=row.source_hash, occurrence=to_occurrence(occurrence, zone) if occurrence else None
    )


def tag(schedule: Schedule) -> str:
    """Return the entity tag of a schedule."""
    return etag(schedule)


async def get(user_id: str, schedule_id: str) -> Schedule:
    """Return one schedule. One round trip."""
    schedule, _ = await read(user_id, schedule_id)
    return schedule


async def read(user_id: str, schedule_id: str) -> tuple[Schedule, ScheduleRow]:
    """Return one schedule, and its row. Raises :class:`NotFound`."""
    row, targets = store.one(user_id, schedule_id), store.targets(user_id, [schedule_id])
    occurrences = store.current_occurrences(user_id, [schedule_id])
    flight = await database().flight(Actor(user_id), row, targets, occurrences)
    found = flight.first(row)
    if found is None:
        raise NotFound
    return to_schedule(found, flight[targets], flight[occurrences]), found


async def listing(user_id: str, filters: Mapping[str, object], cursor: str | None, limit: int) -> paging.Page[Schedule]:
    """Return a page of the user's schedules that the filters leave, newest first. Two round trips."""
    place = paging.Listing("schedules", user_id, filters)
    page = store.page(user_id, filters, place.position(cursor, 2), limit)
    rows = (await database().flight(Actor(user_id), page))[page]
    shown = rows[:limit]
    by_schedule, due = defaultdict[str, list[TargetRow]](list), defaultdict[str, list[OccurrenceRow]](list)
    if shown:
        ids = [row.id for row in shown]
        targets, occurrences = store.targets(user_id, ids), store.current_occurrences(user_id, ids)
        flight = await database().flight(Actor(user_id), targets, occurrences)
        for target in flight[targets]:
            by_schedule[target.schedule_id].append(target)
        for occurrence in flight[occurrences]:
            due[occurrence.schedule_id].append(occurrence)
    following = place.cursor(shown[-1].created_at, shown[-1].id) if len(rows) > limit else None
    return paging.Page[Schedule](
        items=[to_schedule(row, by_schedule[row.id], due[row.id]) for row in shown], next_cursor=following
    )
