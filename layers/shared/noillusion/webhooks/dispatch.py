"""Finds what is due: notices of the outbox become deliveries, and due endpoints become messages of the queue.

Endpoints that have always answered fast are in other messages than the rest, of which only some are worked on at once. So an
endpoint that does not answer holds up no other for longer than one short attempt.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

from noillusion.core import clock, logs
from noillusion.core.errors import AccountDeleted
from noillusion.db import WORKER, Actor, database
from noillusion.net.queues import Message
from noillusion.notices import outbox
from noillusion.webhooks import queue, queue_store, sessions
from noillusion.webhooks.rows import ClaimedRow

KEPT_TRYING = timedelta(hours=24)
"""How long an event is tried."""
OUTBOX_BATCH = 200
USERS = 200
USERS_AT_ONCE = 8
PER_MESSAGE = {True: 50, False: 10}
"""Endpoints of a message, by whether they are proven. Those of one message are worked on at the same time, so the more there are
of the proven ones, the fewer wait behind one that has just stopped answering."""
CLAIM = timedelta(seconds=90)
"""How long a claimed endpoint is left to its message."""
PAGE = 500
MOST_UNPROVEN = 40
"""Endpoints that are not known to answer fast and are worked on at once."""


async def dispatch(deadline: float) -> int:
    """Empty the outbox and queue every endpoint that is due. Return the number of endpoints."""
    told = outbox.users(USERS)
    while clock.monotonic() < deadline:
        users = [row.user_id for row in (await database().flight(WORKER, told))[told]]
        room = asyncio.Semaphore(USERS_AT_ONCE)

        async def one(user_id: str, room: asyncio.Semaphore = room) -> None:
            async with room:
                # The outbox of a user who has left is deleted with them.
                with suppress(AccountDeleted):
                    await fan_out(user_id)

        await asyncio.gather(*map(one, users))
        if len(users) < USERS:
            break
    queued = await claim(proven=False)
    while clock.monotonic() < deadline:
        found = await claim(proven=True)
        queued += found
        if found < PAGE:
            break
    logs.event("webhooks_queued", due=queued)
    return queued


async def claim(*, proven: bool) -> int:
    """Claim due endpoints and queue them. Return their number."""
    now, owner = clock.now(), str(uuid4())
    limit = PAGE
    if not proven:
        working = queue_store.in_flight(now)
        limit = max(0, MOST_UNPROVEN - (await database().flight(WORKER, working)).one(working).unproven)
        if not limit:
            return 0
    claimed = queue_store.claim(proven, owner, now, now + CLAIM, limit)
    rows = (await database().flight(WORKER, claimed))[claimed]
    await queue.enqueue(batches(rows, owner, proven=proven))
    return len(rows)


def batches(rows: Sequence[ClaimedRow], owner: str, *, proven: bool) -> list[Message]:
    """Return messages for claimed endpoints."""
    size = PER_MESSAGE[proven]
    groups = (rows[start : start + size] for start in range(0, len(rows), size))
    return [Message({"claim_id": owner, "webhook_ids": [row.id for row in group], "proven": proven}) for group in groups]


async def fan_out(user_id: str) -> int:
    """Make the notices of a user's outbox deliveries. Return the number of notices."""
    done = 0
    while True:
        waiting = outbox.waiting(user_id, OUTBOX_BATCH)
        ids = [row.id for row in (await database().flight(Actor(user_id), waiting))[waiting]]
        if not ids:
            return done
        now = clock.now()
        await database().flight(Actor(user_id), *queue_store.fan_out(user_id, ids, now, now + KEPT_TRYING))
        done += len(ids)


async def from_message(message: Mapping[str, object], deadline: float) -> None:
    """Do what a message of the queue says: send to claimed endpoints, or look at a user's outbox, or at one endpoint."""
    ids, owner = message.get("webhook_ids"), message.get("claim_id")
    if isinstance(ids, list) and isinstance(owner, str):
        mine = queue_store.owners([str(each) for each in ids])
        rows = (await database().flight(WORKER, mine))[mine]
        await sessions.work(rows, owner, deadline)
        if not message.get("proven"):
            # There is room for others now.
            await claim(proven=False)
        return
    user_id, webhook_id = message.get("user_id"), message.get("webhook_id")
    if isinstance(user_id, str):
        await _look(user_id, webhook_id if isinstance(webhook_id, str) else None, deadline)


async def _look(user_id: str, webhook_id: str | None, deadline: float) -> None:
    await fan_out(user_id)
    now, owner = clock.now(), str(uuid4())
    claimed = queue_store.claim_of(user_id, owner, now, now + CLAIM, webhook_id)
    await sessions.work((await database().flight(Actor(user_id), claimed))[claimed], owner, deadline)
    if webhook_id is None:
        # Those that may not answer are not waited for here.
        await claim(proven=False)
