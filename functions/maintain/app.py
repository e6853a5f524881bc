"""Scheduled tasks. Each can safely run twice and repairs what an earlier run missed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import Any

from noillusion import epoch
from noillusion import rotation as sealing
from noillusion.connections import chores as connections
from noillusion.connections import expiry, verification
from noillusion.core import clock, logs, loop
from noillusion.privacy import departure, erasure
from noillusion.privacy import retention as retention_rules
from noillusion.publishing import advance, due
from noillusion.scheduling import chores as scheduling
from noillusion.scheduling import preflight as looks
from noillusion.settings.source import settings
from noillusion.webhooks import dispatch

RESERVE_S = 5.0
Counts = Mapping[str, int]


async def sweep(deadline: float) -> Counts:
    """Queue open publications that are overdue."""
    swept = await advance.sweep(deadline)
    return {"due": swept.done, "left": swept.left}


async def schedules(deadline: float) -> Counts:
    """Queue scheduled posts that are due now or within a minute."""
    return {"due": await scheduling.queue_due(deadline)}


async def refresh_tokens(deadline: float) -> Counts:
    """Refresh tokens that are due and warn about those that cannot be refreshed."""
    done = await connections.refresh_due(deadline)
    told = await connections.warn_expiring(deadline)
    return {"refreshed": done["refreshed"], "failed": done["failed"], "left": done["left"] + told["left"]}


async def verify_connections(deadline: float) -> Counts:
    """Verify connections, earlier where something is due."""
    until = clock.now() + verification.AHEAD
    return await verification.verify_due([*due.connections(until), *scheduling.connections(until)], deadline)


async def preflight(deadline: float) -> Counts:
    """Look at scheduled posts 72, 24 and 1 hour before they are due, and tell their owners of problems."""
    return await looks.run(deadline)


async def reseal(deadline: float) -> Counts:
    """Reseal credentials that use an older key or format."""
    return asdict(await sealing.reseal(deadline))


async def retention(deadline: float) -> Counts:
    """Delete data whose retention time is over."""
    return await retention_rules.run(deadline)


async def leaving(deadline: float) -> Counts:
    """Continue deletions and erasures that did not fit their request; revoke grants that were not confirmed."""
    taken, ended = await departure.resume(deadline)
    erased = await erasure.resume(deadline)
    return {"departures": taken, "ended": ended, "erased": erased, **await expiry.expire(deadline)}


async def webhooks(deadline: float) -> Counts:
    """Queue webhooks to which something is to be sent."""
    return {"due": await dispatch.dispatch(deadline)}


TASKS: Mapping[str, Callable[[float], Awaitable[Counts]]] = {
    "sweep": sweep,
    "schedules": schedules,
    "leaving": leaving,
    "refresh_tokens": refresh_tokens,
    "verify_connections": verify_connections,
    "preflight": preflight,
    "reseal": reseal,
    "retention": retention,
    "webhooks": webhooks,
}


class ChoreFailed(Exception):
    """A task did not finish; the scheduler may run it again. The log contains the cause, by type and location only."""


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Run the task of a scheduled event, ``{"task": name}``. Return what was done, in numbers."""
    logs.bind(correlation_id=context.aws_request_id)
    settings.refresh()
    task = str(event.get("task", ""))
    chore = TASKS.get(task)
    if chore is None:
        raise ChoreFailed("unknown task")
    deadline = clock.monotonic() + max(1.0, context.get_remaining_time_in_millis() / 1000 - RESERVE_S)

    async def run() -> Counts:
        return await chore(deadline)

    try:
        with epoch.unit():
            done = loop.run(run())
    except Exception as error:  # noqa: BLE001 - its text must not reach the runtime's own log
        logs.failure("chore_failed", error, task=task)
        raise ChoreFailed(task) from None
    # An alarm hears of chores that leave something behind run after run.
    logs.event("chore_done", task=task, left=done.get("left", 0))
    return {"task": task, **{name: number for name, number in done.items() if name != "left" or number or task == "retention"}}
