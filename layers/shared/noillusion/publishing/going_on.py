"""Publishes a request that was handed over to an asynchronous invocation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from noillusion import epoch
from noillusion.connections import credentials
from noillusion.core import clock, logs, loop
from noillusion.core.errors import AccountDeleted
from noillusion.db import Actor, database
from noillusion.publishing import background, leases, outcomes, planning, preflight, store
from noillusion.publishing.background import Work
from noillusion.publishing.create import keep_answer
from noillusion.publishing.listing import get_post
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
    user_id, lease = work.user_id, leases.new(deadline)
    taken = store.take_handed_over(user_id, work.post_id, work.owner, lease)
    owned = store.own_handed_over(user_id, work.post_id, work.owner, lease)
    connected = credentials.of_user(user_id)
    results = await database().flight(Actor(user_id), owned, taken, connected)
    if not results.number_of(taken):
        background.dropped("used")
        return
    known = {connection.id for connection in results[connected]}
    present = [target for target in work.request.targets if target.connection_id in known]
    plans = await preflight.look(planning.plans(work.request.model_copy(update={"targets": present}), results[connected]))
    by_connection = {plan.connection.id: plan for plan in plans}
    pairs = [(row, plan) for row in results[taken] if (plan := by_connection.get(row.connection_id or ""))]
    left = await run(user_id, lease.owner, pairs, deadline)
    # No response tells the person how these ended. The run tells of those that it gave up.
    ended = [row for row in left or () if row.next_check_at is None and row.status != "unknown"]
    if ended:
        await outcomes.tell(user_id, [outcomes.notice_of(row, {}, clock.now()) for row in ended])
    await keep_answer(user_id, await get_post(user_id, work.post_id))
