"""SQL of looking at occurrences before they are due."""

from __future__ import annotations

from datetime import datetime

from noillusion.db import SKIP_LOCKED, Query, Statement, query, sql
from noillusion.scheduling.rows import ClaimedOccurrence, OccurrenceRow


def claim(now: datetime, until: datetime, limit: int) -> Query[ClaimedOccurrence]:
    """Claim occurrences to look at, the nearest due first (workers only)."""
    return query(
        ClaimedOccurrence,
        f"""UPDATE schedule_occurrences SET check_due_at = :until
            WHERE check_due_at IS NOT NULL AND check_due_at <= :now AND id IN (
              SELECT id FROM schedule_occurrences WHERE check_due_at IS NOT NULL AND check_due_at <= :now AND state = 'pending'
              ORDER BY check_due_at, id LIMIT :limit {SKIP_LOCKED})
            RETURNING {{columns}}""",  # noqa: S608 - a constant
        now=now,
        until=until,
        limit=limit,
    )


def done(row: OccurrenceRow, codes: str | None, stage: int, following: datetime | None, now: datetime) -> Statement:
    """Record that an occurrence was looked at, the problems that were found, and when it is looked at next."""
    return sql(
        """UPDATE schedule_occurrences SET check_codes = :codes, check_changes = :changes, check_stage = :stage,
             check_due_at = :following, updated_at = :now
           WHERE user_id = :user_id AND id = :id AND state = 'pending' AND due_at = :due_at""",
        user_id=row.user_id,
        id=row.id,
        due_at=row.due_at,
        codes=codes,
        changes=row.check_changes + (codes != row.check_codes),
        stage=stage,
        following=following,
        now=now,
    )
