"""Queue consumers. Messages fail individually, and logs and errors contain nothing of a message."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

from noillusion import epoch
from noillusion.core import clock, logs, loop
from noillusion.core.errors import AccountDeleted
from noillusion.settings.source import settings

RESERVE_S = 3.0
Work = Callable[[Mapping[str, object], float], Awaitable[None]]


def _names_rows(message: Mapping[str, object]) -> bool:
    """Return whether the ids of a message are UUIDs. The database would repeat any other value in its log."""
    for name, value in message.items():
        if name.endswith(("_id", "_ids")) and name != "user_id":
            try:
                for one in value if isinstance(value, list) else [value]:
                    UUID(str(one))
            except ValueError:
                return False
    return True


def consume(event: Mapping[str, Any], context: Any, work: Work, *, connections: int = 1) -> dict[str, Any]:
    """Call ``work(message, deadline)`` for every record. Return the messages that must be delivered again.

    ``connections``: of the database at most, where messages would wait for each other otherwise. Messages that are not ours are
    dropped, because a repeat would not change them.
    """
    logs.bind(correlation_id=context.aws_request_id)
    settings.refresh()
    deadline = clock.monotonic() + max(1.0, context.get_remaining_time_in_millis() / 1000 - RESERVE_S)

    async def one(record: Mapping[str, Any]) -> bool:
        try:
            message = json.loads(record["body"])
            if isinstance(message, dict) and _names_rows(message):
                await work(message, deadline)
        except AccountDeleted:
            # The user is gone, so a repeat of the message would fail in the same way.
            logs.event("message_dropped", code="account_deleted", message_id=str(record.get("messageId", "")))
        except Exception as error:  # noqa: BLE001 - the queue brings the message again; the others go on
            logs.failure("message_failed", error, message_id=str(record.get("messageId", "")))
            return False
        return True

    async def everything() -> list[bool]:
        return list(await asyncio.gather(*(one(record) for record in event["Records"])))

    with epoch.unit(connections=connections):
        done = loop.run(everything())
    failed = [{"itemIdentifier": r["messageId"]} for r, ok in zip(event["Records"], done, strict=True) if not ok]
    return {"batchItemFailures": failed}
