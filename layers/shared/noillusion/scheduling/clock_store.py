"""SQL of the clock: what is due, across users (workers only)."""

from __future__ import annotations

from datetime import datetime

from noillusion.db import SKIP_LOCKED, Query, query
from noillusion.scheduling.rows import ClaimedOccurrence, Owner
from noillusion.scheduling.run_store import FIRST_OF_ACCOUNT


def claim(now: datetime, ahead: datetime, until: datetime, limit: int) -> Query[ClaimedOccurrence]:
    """Claim what has to be looked at now or, if it waits for its time, by ``ahead``; the longest overdue first.

    Whatever becomes of a claim, its occurrence is looked at again at ``until``. Of one account only the first is claimed.
    """
    return query(
        ClaimedOccurrence,
        f"""UPDATE schedule_occurrences SET wake_at = :until
            WHERE wake_at IS NOT NULL AND wake_at <= :ahead AND id IN (
              SELECT o.id FROM schedule_occurrences o
              WHERE o.wake_at IS NOT NULL AND o.wake_at <= :ahead AND (o.wake_at <= :now OR o.state = 'pending')
                AND (o.state NOT IN ('pending', 'running') OR {FIRST_OF_ACCOUNT.format(row="o")})
              ORDER BY o.wake_at, o.id LIMIT :limit {SKIP_LOCKED})
            RETURNING {{columns}}""",  # noqa: S608 - constants
        now=now,
        ahead=ahead,
        until=until,
        limit=limit,
    )


def owner(occurrence_id: str) -> Query[Owner]:
    """Select whose an occurrence is, for its link (workers only)."""
    return query(Owner, "SELECT {columns} FROM schedule_occurrences WHERE id = :id", id=occurrence_id)
