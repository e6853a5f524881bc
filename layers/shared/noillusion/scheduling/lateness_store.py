"""SQL of the longest overdue occurrence. It is apart from the clock's, so that health loads nothing else."""

from __future__ import annotations

from datetime import datetime

from noillusion.db import Query, query
from noillusion.scheduling.rows import OldestWake


def oldest_wake(now: datetime) -> Query[OldestWake]:
    """Select since when the longest overdue occurrence has been waiting to be looked at (health)."""
    return query(
        OldestWake,
        "SELECT MIN(wake_at) AS wake_at FROM schedule_occurrences WHERE wake_at IS NOT NULL AND wake_at <= :now",
        now=now,
    )
