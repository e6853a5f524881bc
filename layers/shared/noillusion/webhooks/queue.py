"""The queue of endpoints that are due. Messages hold ids and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from noillusion.core import logs
from noillusion.net import queues
from noillusion.net.queues import Message
from noillusion.settings.source import settings


async def enqueue(messages: Sequence[Message]) -> None:
    """Queue messages. A failure costs nothing but time: leases end, and the scheduled task finds what is due."""
    url = settings().values.get("WEBHOOK_QUEUE_URL", "")
    if not messages or not url:
        return
    try:
        await queues.send(url, messages)
    except Exception as error:  # noqa: BLE001 - whatever the queue's client raises, the scheduled task makes up for it
        logs.failure("webhooks_not_queued", error)
