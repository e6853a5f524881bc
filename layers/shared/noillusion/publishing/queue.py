"""The queue of slow publications. A message holds two ids and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from noillusion.core import clock, logs
from noillusion.net import queues
from noillusion.publishing.rows import DueTarget
from noillusion.settings.source import settings


async def enqueue(rows: Sequence[DueTarget]) -> None:
    """Have open targets looked at when they are due. A failure costs nothing but time: the sweep finds them as well, and all that
    are due later than a message can wait."""
    now = clock.now()
    latest = now + timedelta(seconds=queues.MAX_DELAY_S)
    messages = [
        queues.Message({"user_id": row.user_id, "target_id": row.id}, round((row.next_check_at - now).total_seconds()))
        for row in rows
        if row.next_check_at is not None and row.next_check_at <= latest
    ]
    url = settings().values.get("PUBLISH_QUEUE_URL", "")
    if not messages or not url:
        return
    try:
        await queues.send(url, messages)
    except Exception as error:  # noqa: BLE001 - whatever the queue's client raises, the sweep makes up for it
        logs.failure("enqueue_failed", error)
