"""The queue of slow publications. A message holds two ids and nothing else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from noillusion.core import clock, logs
from noillusion.publishing.rows import DueTarget
from noillusion.settings.values import settings

MAX_DELAY_S = 900
_client: Any = None


def _sqs() -> Any:
    global _client
    if _client is None:
        import boto3

        _client = boto3.client("sqs")
    return _client


def _send(url: str, entries: Sequence[dict[str, Any]]) -> None:
    for start in range(0, len(entries), 10):
        _sqs().send_message_batch(QueueUrl=url, Entries=list(entries[start : start + 10]))


async def enqueue(rows: Sequence[DueTarget]) -> None:
    """Have these open targets looked at when they are due. A failure costs nothing but time: the sweep finds them as well."""
    now = clock.now()
    entries = [
        {
            "Id": str(i),
            "MessageBody": json.dumps({"user_id": row.user_id, "target_id": row.id}),
            "DelaySeconds": _delay(row.next_check_at, now),
        }
        for i, row in enumerate(rows)
        if row.next_check_at is not None
    ]
    url = settings().values.get("PUBLISH_QUEUE_URL", "")
    if not entries or not url:
        return
    try:
        await asyncio.to_thread(_send, url, entries)
    except Exception as error:  # noqa: BLE001 - whatever the queue's client raises, the sweep makes up for it
        logs.failure("enqueue_failed", error)


def _delay(due: datetime, now: datetime) -> int:
    return max(0, min(MAX_DELAY_S, round((due - now).total_seconds())))
