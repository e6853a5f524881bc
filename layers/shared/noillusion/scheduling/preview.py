"""The next times of a schedule, before it is created."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from noillusion.core.errors import Invalid, field_error
from noillusion.scheduling.calendar_models import PreviewedTime, PreviewInput, SchedulePreview
from noillusion.scheduling.recurrence import MAX_YEARS, Occurrence, occurrences, on_the_clock

MOST = 20


def preview(given: PreviewInput) -> SchedulePreview:
    """Return the next times. Raises :class:`Invalid` for a rule that has none."""
    zone = ZoneInfo(given.time_zone)
    # Without its zone, but with its fold: the second of two equal hours remains the second.
    start = given.due_at.replace(microsecond=0).astimezone(zone).replace(tzinfo=None)
    recurrence = given.recurrence
    rule, exdates = (recurrence.rrule, recurrence.exdates) if recurrence else (None, [])
    excluded = [datetime.fromisoformat(each) for each in exdates]
    found = occurrences(rule, start, given.time_zone, excluded, given.due_at - timedelta(seconds=1), MOST)
    if not found:
        raise Invalid([field_error("recurrence.rrule", "rrule_never", limit=MAX_YEARS)])
    return SchedulePreview(time_zone=given.time_zone, recurrence=recurrence, items=[_shown(each, zone) for each in found])


def _shown(each: Occurrence, zone: ZoneInfo) -> PreviewedTime:
    local = on_the_clock(each.due_at, zone)
    return PreviewedTime(due_at=each.due_at, local_due_at=local, moved=local != each.local.isoformat(timespec="seconds"))
