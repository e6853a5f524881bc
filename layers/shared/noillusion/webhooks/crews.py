"""Work on due endpoints, until none is due. A consumer of the queue that waits for one takes up others that become due meanwhile.

Proven endpoints have as many consumers as there are. Of each other lane one consumer works on all endpoints, so those that do not
answer hold up neither the proven ones nor, where they have failed before, those that are new.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from uuid import uuid4

from noillusion.core import clock, logs
from noillusion.core.errors import AccountDeleted
from noillusion.db import WORKER, Actor, database
from noillusion.net.queues import Message
from noillusion.webhooks import fan_out, queue, queue_store
from noillusion.webhooks.rows import ClaimedRow, Lane
from noillusion.webhooks.sending import FAST_S, SLOW_S
from noillusion.webhooks.sessions import LEASE, PATIENCE_S, Session

REQUESTS = 48
"""Endpoints and requests of a consumer at once: fewer than the connections of the HTTP client, so that none waits for one in its
own time."""
LULL_S: Mapping[Lane, float] = {"proven": 0.25, "unknown": 0.25, "failing": 1.0}
"""Seconds without an end of all sessions, after which a consumer looks for more to do."""
COUNTED = 1_000
"""Endpoints that are counted at most."""
USERS = 50
"""Users whose outbox a waiting consumer empties at once."""


async def wake(*lanes: Lane) -> int:
    """Queue messages for lanes whose endpoints are due. Return the number of those endpoints."""
    now = clock.now()
    states = [queue_store.lane_state(lane, now, now + LEASE, COUNTED) for lane in lanes]
    flight = await database().flight(WORKER, *states)
    messages, due = list[Message](), 0
    for lane, state in zip(lanes, states, strict=True):
        found = flight.one(state)
        due += found.due
        if lane == "proven":
            messages += [Message({"lane": lane})] * -(-found.due // REQUESTS)
        elif found.due and not found.leased:
            messages.append(Message({"lane": lane}))
    await queue.enqueue(messages)
    return due


async def work(lane: Lane, deadline: float) -> None:
    """Work on the due endpoints of a lane. Whoever works on one that is not proven works on all of that lane."""
    if lane == "proven":
        await Crew(lane, deadline).run()
        return
    now, owner = clock.now(), str(uuid4())
    claimed = queue_store.claim(lane, owner, now, now + LEASE, REQUESTS, alone=True)
    flight = await database().flight(WORKER, queue_store.longest_due(lane, now), claimed)
    if rows := flight[claimed]:
        await Crew(lane, deadline).run(owner, rows)


async def work_of(user_id: str, deadline: float) -> None:
    """Work on the due endpoints of a user, and have those that may not answer worked on elsewhere."""
    await wake("unknown", "failing")
    now, owner = clock.now(), str(uuid4())
    claimed = queue_store.claim_of(user_id, owner, now, now + LEASE)
    await Crew("proven", deadline).run(owner, (await database().flight(Actor(user_id), claimed))[claimed])


class Crew:
    """The sessions of one consumer."""

    def __init__(self, lane: Lane, deadline: float) -> None:
        self.lane, self.deadline = lane, deadline
        self.last = deadline - (FAST_S if lane == "proven" else SLOW_S) - 1.0
        self.room = asyncio.Semaphore(REQUESTS)
        self.sessions: set[asyncio.Task[Message | None]] = set()

    async def run(self, owner: str = "", rows: Sequence[ClaimedRow] = ()) -> None:
        """Work on claimed endpoints and on all others of the lane, until none is due or there is no time for another."""
        self._start(owner, rows)
        try:
            while await self._more():
                ended, self.sessions = await asyncio.wait(self.sessions, timeout=LULL_S[self.lane])
                await _come_back([message for session in ended if (message := session.result())])
        finally:
            await asyncio.gather(*self.sessions)
        if clock.monotonic() >= self.last:
            await wake(self.lane)

    async def _more(self) -> bool:
        """Claim what is due. Return whether there is anything to wait for."""
        if clock.monotonic() < self.last and len(self.sessions) < REQUESTS:
            if self.lane == "proven" and self.sessions and await fan_out.of_users(USERS):
                # The messages about these users may wait behind consumers that wait.
                await wake("unknown")
            owner, now = str(uuid4()), clock.now()
            claimed = queue_store.claim(self.lane, owner, now, now + LEASE, REQUESTS - len(self.sessions))
            self._start(owner, (await database().flight(WORKER, claimed))[claimed])
        return bool(self.sessions)

    def _start(self, owner: str, rows: Sequence[ClaimedRow]) -> None:
        self.sessions |= {asyncio.create_task(self._guarded(row, owner)) for row in rows}

    async def _guarded(self, row: ClaimedRow, owner: str) -> Message | None:
        """Work on an endpoint; what one meets does not concern the others. Its lease ends."""
        until = min(self.deadline, clock.monotonic() + PATIENCE_S)
        try:
            return await Session(row.user_id, row.id, self.room).run(owner, until)
        except AccountDeleted:
            logs.event("message_dropped", code="account_deleted")
        except Exception as error:  # noqa: BLE001 - the scheduled task finds it when the lease has ended
            logs.failure("webhook_failed", error, webhook_id=row.id)
        return None


async def _come_back(messages: Sequence[Message]) -> None:
    """Queue the lanes of endpoints that are due later: one message for those of the same second."""
    distinct = {(str(message.body["lane"]), message.delay_s): message for message in messages}
    await queue.enqueue(list(distinct.values()))
