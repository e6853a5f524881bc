"""Times of occurrences: the instant that is stored, and the same time by the clocks of the schedule's zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from noillusion.core.records import record
from noillusion.scheduling import recurrence
from noillusion.scheduling.rows import ScheduleRow

_SECOND = timedelta(seconds=1)


@record(eq=True)
class Time:
    """A time of a schedule: in UTC, and on the wall clock as its rule names it."""

    due_at: datetime
    local: str


def local_text(instant: datetime, zone: str) -> str:
    """Return an instant as the wall clock of a zone shows it, ``YYYY-MM-DDTHH:MM:SS``."""
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None).isoformat(timespec="seconds")


def whole(instant: datetime) -> datetime:
    """Return an instant as it is stored: in UTC, without fractions of a second."""
    return instant.astimezone(UTC).replace(microsecond=0)


def after(schedule: ScheduleRow, instant: datetime, limit: int = 1) -> list[Time]:
    """Return the first times of a schedule later than an instant."""
    start = schedule.due_at.astimezone(ZoneInfo(schedule.time_zone)).replace(tzinfo=None)
    exdates: Sequence[datetime] = [datetime.fromisoformat(text) for text in schedule.exdates]
    found = recurrence.occurrences(schedule.rrule, start, schedule.time_zone, exdates, instant, limit)
    return [Time(each.due_at, each.local.isoformat(timespec="seconds")) for each in found]


def first(schedule: ScheduleRow) -> Time | None:
    """Return the first time of a schedule, ``None`` if its rule has none."""
    return next(iter(after(schedule, schedule.due_at - _SECOND)), None)


def following(schedule: ScheduleRow, due_at: datetime, local_due: str) -> Time | None:
    """Return the time after an occurrence, which may have been published earlier than its rule says; ``None`` if none follows."""
    named = recurrence.instant(datetime.fromisoformat(local_due), ZoneInfo(schedule.time_zone))
    return next(iter(after(schedule, max(due_at, named))), None) if schedule.rrule else None
