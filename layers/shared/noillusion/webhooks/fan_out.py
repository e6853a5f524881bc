"""Make the notices of the outbox deliveries."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta

from noillusion.core import clock
from noillusion.core.errors import AccountDeleted
from noillusion.db import WORKER, Actor, database
from noillusion.notices import outbox
from noillusion.webhooks import queue_store

KEPT_TRYING = timedelta(hours=24)
"""How long an event is tried."""
OUTBOX_BATCH = 200
USERS_AT_ONCE = 8


async def of_user(user_id: str) -> int:
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


async def of_users(limit: int) -> int:
    """Do the same for users whose notices wait. Return the number of users."""
    told = outbox.users(limit)
    users = [row.user_id for row in (await database().flight(WORKER, told))[told]]
    room = asyncio.Semaphore(USERS_AT_ONCE)

    async def one(user_id: str) -> None:
        async with room:
            # The outbox of a user who has left is deleted with them.
            with suppress(AccountDeleted):
                await of_user(user_id)

    await asyncio.gather(*map(one, users))
    return len(users)
