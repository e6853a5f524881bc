"""The clock: asks the table what is due and queues it (failure-classes.md B2). A missed run is repaired by the next one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from noillusion.core import clock, logs
from noillusion.db import WORKER, Statement, database, sql
from noillusion.scheduling import clock_store, queue

BATCH = 500
MOST_PER_RUN = 50_000


async def queue_due(deadline: float) -> int:
    """Queue what is due now or within a minute, the longest overdue first, until ``deadline`` (``clock.monotonic``).

    Return the number of occurrences queued. Of each account only the first one is: the others follow when it is over.
    """
    taken, late_s = 0, 0.0
    while taken < MOST_PER_RUN and clock.monotonic() < deadline:
        now = clock.now()
        claimed = clock_store.claim(now, now + queue.AHEAD, now + queue.CLAIM, BATCH)
        rows = (await database().flight(WORKER, claimed))[claimed]
        await queue.enqueue(sorted(rows, key=lambda row: row.due_at))
        taken += len(rows)
        late_s = max([late_s, *((now - row.due_at).total_seconds() for row in rows)])
        if len(rows) < BATCH:
            break
    logs.event("schedules_queued", due=taken, oldest_late_s=round(late_s, 1))
    return taken


def connections(until: datetime) -> Sequence[Statement]:
    """Return the queries of the ids of connections with something scheduled by then (workers only)."""
    return [
        sql(
            """SELECT connection_id FROM schedule_occurrences WHERE connection_id IS NOT NULL
                 AND state IN ('pending', 'running') AND wake_at IS NOT NULL AND wake_at <= :due_until""",
            due_until=until,
        )
    ]
