"""Publishes a request that was handed over to an asynchronous invocation."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from noillusion import epoch
from noillusion.connections import credentials
from noillusion.connections.rows import CredentialRow
from noillusion.core import clock, logs, loop
from noillusion.core.errors import AccountDeleted
from noillusion.db import Actor, database
from noillusion.publishing import background, leases, outcomes, planning, preflight, store
from noillusion.publishing.background import Work
from noillusion.publishing.create import keep_answer
from noillusion.publishing.listing import get_post
from noillusion.publishing.rows import LeasedTarget, TargetRow
from noillusion.publishing.running import run
from noillusion.settings.source import settings

RESERVE_S = 3.0


def handle(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Publish what an event holds. Never raises: nothing of the event may get into the runtime's own log, nor be repeated."""
    logs.bind(correlation_id=context.aws_request_id)
    settings.refresh()
    deadline = clock.monotonic() + max(1.0, context.get_remaining_time_in_millis() / 1000 - RESERVE_S)
    try:
        given = event[background.MEMBER]
        work = background.take(given) if isinstance(given, Mapping) else None
        if work is not None:
            # The work began with the request: who left since then gets no post.
            with epoch.unit(work.since):
                loop.run(publish(work, deadline))
    except AccountDeleted:
        logs.event("background_dropped", code="account_deleted")
    except Exception as error:  # noqa: BLE001 - the sweep finds what is left open
        logs.failure("background_failed", error)
    return {}


async def publish(work: Work, deadline: float) -> None:
    """Take the targets up, publish them, and keep the answer for repeats of the request."""
    user_id, lease = work.user_id, leases.renewed()
    taken = store.take_handed_over(user_id, work.post_id, work.owner, lease)
    owned = store.own_handed_over(user_id, work.post_id, work.owner, lease)
    connected = credentials.of_user(user_id)
    results = await database().flight(Actor(user_id), owned, taken, connected)
    if not results.number_of(taken):
        background.dropped("used")
        return
    async with _renewal(user_id, work.post_id, lease.owner):
        left = await _run(work, results[taken], results[connected], lease.owner, deadline)
    # No response tells the person how these ended. The run tells of those that it gave up.
    ended = [row for row in left or () if row.next_check_at is None and row.status != "unknown"]
    if ended:
        await outcomes.tell(user_id, [outcomes.notice_of(row, {}, clock.now()) for row in ended])
    await keep_answer(user_id, await get_post(user_id, work.post_id))


async def _run(
    work: Work, taken: Sequence[LeasedTarget], connected: Sequence[CredentialRow], owner: str, deadline: float
) -> list[TargetRow] | None:
    """Publish the targets whose connections are still there."""
    known = {connection.id for connection in connected}
    present = [target for target in work.request.targets if target.connection_id in known]
    plans = await preflight.look(planning.plans(work.request.model_copy(update={"targets": present}), connected))
    by_connection = {plan.connection.id: plan for plan in plans}
    pairs = [(row, plan) for row in taken if (plan := by_connection.get(row.connection_id or ""))]
    return await run(work.user_id, owner, pairs, deadline)


@asynccontextmanager
async def _renewal(user_id: str, post_id: str, owner: str) -> AsyncIterator[None]:
    """Renew the leases of a post and its targets as long as the work on them goes on."""
    over = asyncio.Event()
    renewing = asyncio.ensure_future(_renew(user_id, post_id, owner, over))
    try:
        yield
    finally:
        # Not canceled: that could be in the middle of a flight.
        over.set()
        await renewing


async def _renew(user_id: str, post_id: str, owner: str, over: asyncio.Event) -> None:
    while True:
        try:
            await asyncio.wait_for(over.wait(), leases.RENEWED_S)
            return
        except TimeoutError:
            pass
        try:
            await database().flight(Actor(user_id), *store.renew(user_id, post_id, leases.renewed(owner)))
        except Exception as error:  # noqa: BLE001 - the next one may succeed; without a lease nothing is committed
            logs.failure("lease_not_renewed", error)
