"""Sending to SQS queues. Messages hold ids and times and nothing else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

from noillusion.core.records import record

PER_SEND = 10
"""SQS takes ten messages in a call."""
SENDS_AT_ONCE = 8
MAX_DELAY_S = 900
_client: Any = None


@record()
class Message:
    """The body of a message, and how long the queue keeps it back. ``None`` leaves that to the queue."""

    body: Mapping[str, object]
    delay_s: int | None = None


def client() -> Any:
    """Return the client of SQS. It comes with the first message: few requests queue anything."""
    global _client
    if _client is None:
        import boto3

        _client = boto3.client("sqs")
    return _client


async def send(url: str, messages: Sequence[Message]) -> int:
    """Send messages and return the number of those that the queue refused. Raises what its client raises."""
    batches = [messages[start : start + PER_SEND] for start in range(0, len(messages), PER_SEND)]
    refused = 0
    for start in range(0, len(batches), SENDS_AT_ONCE):
        sent = (asyncio.to_thread(_send_batch, url, batch) for batch in batches[start : start + SENDS_AT_ONCE])
        refused += sum(await asyncio.gather(*sent))
    return refused


def _send_batch(url: str, batch: Sequence[Message]) -> int:
    entries = [
        {
            "Id": str(number),
            "MessageBody": json.dumps(message.body),
            **({} if message.delay_s is None else {"DelaySeconds": max(0, min(MAX_DELAY_S, message.delay_s))}),
        }
        for number, message in enumerate(batch)
    ]
    return len(client().send_message_batch(QueueUrl=url, Entries=entries).get("Failed", ()))
