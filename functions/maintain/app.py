"""Scheduled chores. Each is safe to run twice and repairs what an earlier run missed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from noillusion import clock, logs, loop
from noillusion.connections import service as connections
from noillusion.publishing import advance

RESERVE_S = 5.0


async def sweep(_: float) -> None:
    """Queue open publications that nobody looked at in time."""
    await advance.sweep()


async def refresh_tokens(deadline: float) -> None:
    """Refresh what is due and warn of what cannot be refreshed."""
    await connections.refresh_due(deadline)
    await connections.warn_expiring()


async def retention(_: float) -> None:
    """Erase what is past its time."""
    await connections.forget_attempts()
    await advance.forget()


TASKS: Mapping[str, Callable[[float], Awaitable[None]]] = {
    "sweep": sweep,
    "refresh_tokens": refresh_tokens,
    "retention": retention,
}


class ChoreFailed(Exception):
    """A chore did not finish; the scheduler may run it again. Its cause is in the log, by type and place only."""


def handler(event: Mapping[str, Any], context: Any) -> dict[str, str]:
    """One scheduled event: ``{"task": name}``."""
    logs.bind(correlation_id=context.aws_request_id)
    task = str(event.get("task", ""))
    chore = TASKS.get(task)
    if chore is None:
        raise ChoreFailed("unknown task")
    deadline = clock.monotonic() + max(1.0, context.get_remaining_time_in_millis() / 1000 - RESERVE_S)

    async def run() -> None:
        await chore(deadline)

    try:
        loop.run(run())
    except Exception as error:  # noqa: BLE001 - its text must not reach the runtime's own log
        logs.failure("chore_failed", error, task=task)
        raise ChoreFailed(task) from None
    return {"task": task}
