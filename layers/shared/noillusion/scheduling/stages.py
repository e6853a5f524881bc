"""When occurrences are looked at before they are due."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

STAGES: Final = (72, 24, 1)
"""Hours before the due time."""
LEAST = timedelta(minutes=5)
"""An occurrence that was just scheduled was looked at then."""


def following(due_at: datetime, now: datetime) -> datetime | None:
    """Return when an occurrence is looked at next, ``None`` if not before it is due."""
    times = (due_at - timedelta(hours=hours) for hours in STAGES)
    return next((time for time in times if time > now + LEAST), None)


def stage(due_at: datetime, now: datetime) -> int:
    """Return the stage of a look that takes place now: how many of the hours before it has reached, 0 for none."""
    return next((hours for hours in reversed(STAGES) if due_at - timedelta(hours=hours) <= now), 0)
