"""Queue slots: the times of a week at which an account publishes, on the wall clock of the plan's zone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Literal, TypeAlias, get_args
from zoneinfo import ZoneInfo

from noillusion.core.records import record
from noillusion.scheduling.recurrence import Occurrence, instant

Weekday: TypeAlias = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
"""In the order of ``datetime.weekday``."""
_DAY = timedelta(days=1)


@record(eq=True)
class WeeklySlot:
    """A time of the week."""

    weekday: int
    at: time


def upcoming(slots: Sequence[WeeklySlot], zone: str, after: datetime, until: datetime) -> Iterator[Occurrence]:
    """Yield the slots later than ``after`` and before ``until``, in order.

    A slot whose time is skipped when clocks change is moved as a recurrence is. Two that become one instant are one.
    """
    place = ZoneInfo(zone)
    day = after.astimezone(place).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None) - _DAY
    last, seen = until.astimezone(place).replace(tzinfo=None) + _DAY, after
    while slots and day <= last:
        days = [datetime.combine(day, slot.at) for slot in slots if slot.weekday == day.weekday()]
        for due_at, local in sorted((instant(local, place), local) for local in days):
            if seen < due_at < until:
                seen = due_at
                yield Occurrence(due_at, local)
        day += _DAY
