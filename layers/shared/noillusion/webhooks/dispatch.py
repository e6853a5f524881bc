"""Finds what is due: notices of the outbox become deliveries, and lanes with due endpoints get messages of the queue."""

from __future__ import annotations

import typing
from collections.abc import Mapping

from noillusion.core import clock, logs
from noillusion.webhooks import crews, fan_out
from noillusion.webhooks.rows import Lane

USERS = 200
LANES: tuple[Lane, ...] = typing.get_args(Lane)


async def dispatch(deadline: float) -> int:
    """Empty the outbox and queue the lanes of endpoints that are due. Return the number of endpoints."""
    while clock.monotonic() < deadline and await fan_out.of_users(USERS) == USERS:
        pass
    queued = await crews.wake(*LANES)
    logs.event("webhooks_queued", due=queued)
    return queued


async def from_message(message: Mapping[str, object], deadline: float) -> None:
    """Do what a message of the queue says: look at a user's outbox, or work on a lane."""
    if isinstance(user_id := message.get("user_id"), str):
        await fan_out.of_user(user_id)
        await crews.work_of(user_id, deadline)
    else:
        for lane in LANES:
            if message.get("lane") == lane:
                await crews.work(lane, deadline)
