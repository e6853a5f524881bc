"""The times that follow the stored occurrences of schedules that recur. They are computed whenever somebody looks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from noillusion.scheduling.calendar_rows import RecurringTarget
from noillusion.scheduling.recurrence import Occurrence, occurrences


def following(
    targets: Sequence[RecurringTarget], after: datetime, before: datetime, limit: int
) -> Iterator[tuple[RecurringTarget, Occurrence]]:
    """Yield the times later than ``after`` and earlier than ``before`` of each target, up to ``limit``."""
    for target in targets:
        last = _instant(target.last_due)
        start = max(after, last) if last else after
        if start >= before:
            continue
        exdates = [datetime.fromisoformat(each) for each in target.exdates]
        local_start = datetime.fromisoformat(target.local_start)
        for each in occurrences(target.rrule, local_start, target.time_zone, exdates, start, limit):
            if each.due_at >= before:
                break
            yield target, each


def _instant(value: datetime | str | None) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value
