"""The queue of due occurrences. A message holds two ids and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil

from noillusion.core import clock, logs
from noillusion.net import queues
from noillusion.scheduling.rows import ClaimedOccurrence
from noillusion.settings.source import settings

AHEAD = timedelta(seconds=60)
"""How long before its time an occurrence is queued, so that it is run on time: as often as the clock asks what is due."""
CLAIM = AHEAD + timedelta(seconds=30)
"""How long a claimed occurrence is left to its message before the clock looks at it again."""


def message(user_id: str, occurrence_id: str, at: datetime | None, now: datetime) -> queues.Message:
    """Return the message by which an occurrence is looked at, not before its time."""
    delay = ceil((at - now).total_seconds()) if at is not None else 0
    return queues.Message({"user_id": user_id, "occurrence_id": occurrence_id}, max(0, delay))


async def enqueue(rows: Sequence[ClaimedOccurrence]) -> int:
    """Queue claimed occurrences for their times. Return how many were queued."""
    now = clock.now()
    return await send([message(row.user_id, row.id, max(row.due_at, row.lease_until or row.due_at), now) for row in rows])


async def send(messages: Sequence[queues.Message]) -> int:
    """Queue messages. A failure costs nothing but time: the clock finds their occurrences again."""
    url = settings().values.get("SCHEDULE_QUEUE_URL", "")
    if not messages or not url:
        return 0
    try:
        return len(messages) - await queues.send(url, messages)
    except Exception as error:  # noqa: BLE001 - whatever the queue's client raises, the clock makes up for it
        logs.failure("schedule_not_queued", error)
        return 0
