"""Which readings are kept as history: those that changed something, and the first of a day. A day is one of UTC."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

FINE, DAILY = timedelta(hours=48), timedelta(days=30)
"""Of rows older than the first, the last of a day is kept; of those older than the second, the last of a week (ISO)."""
SETTLED = timedelta(days=130)
"""A post first read before that is read no more, and all its rows are older than :data:`DAILY`."""


class Reading(NamedTuple):
    """What a reading brought: counts and ``extra``, or why it brought nothing."""

    reason: str | None
    figures: Mapping[str, Any]


class Before(NamedTuple):
    """What was known before a reading: the outcome of the last attempt, and when and what the last good one read."""

    reason: str | None
    good_at: datetime | None
    figures: Mapping[str, Any]


def keeps(before: Before | None, reading: Reading, now: datetime) -> bool:
    """Return whether a reading becomes a row of history.

    Of attempts that bring nothing only the first after a good one does, or the first with another reason. A good one does that
    changed a figure, ended such a gap, or is the first of its day: between two rows nothing changed.
    """
    if before is None or before.reason != reading.reason:
        return True
    if reading.reason is not None:
        return False
    assert before.good_at is not None
    return _day(before.good_at) != _day(now) or _known(before.figures) != _known(reading.figures)


def begins_day(before: Before | None, reading: Reading, now: datetime) -> bool:
    """Return whether a reading is the first good one of a day that is not the post's first."""
    return before is not None and before.good_at is not None and reading.reason is None and _day(before.good_at) != _day(now)


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()


def _known(figures: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in figures.items() if value is not None and value != {}}
