"""SQL of the oldest due target. It is apart from the ledger's, so that health can read it without the models of posts."""

from __future__ import annotations

from datetime import datetime

from noillusion.db import Query, query
from noillusion.publishing.rows import OldestDue


def oldest_due(now: datetime) -> Query[OldestDue]:
    """Select when the longest overdue unclaimed target was due (health)."""
    return query(
        OldestDue,
        """SELECT MIN(next_check_at) AS next_check_at FROM post_targets
           WHERE status IN ('pending', 'preparing', 'committing', 'processing', 'unknown')
             AND next_check_at IS NOT NULL AND next_check_at <= :now AND (lease_until IS NULL OR lease_until < :now)""",
        now=now,
    )
