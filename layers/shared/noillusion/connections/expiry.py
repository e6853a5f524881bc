"""Expiry of attempts to connect: those past their time are forgotten, and the grants they hold are withdrawn."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

from noillusion.catalog import registrations
from noillusion.connections import attempt_store, grants
from noillusion.connections.rows import ClaimedGrant
from noillusion.core import clock, logs
from noillusion.core.errors import AccountDeleted
from noillusion.db import WORKER, Actor, database
from noillusion.notices.notice import notice

BATCH = 500
PER_RUN = 100
"""Grants that one run withdraws."""
TRIES = 3
RETRY_AFTER = timedelta(minutes=2)
"""How soon a grant that the platform did not withdraw is tried again."""


async def expire(deadline: float) -> Counter[str]:
    """Forget attempts past their time, and withdraw the grants they held. What is left is for the next run."""
    done: Counter[str] = Counter()
    forgotten = BATCH
    while forgotten == BATCH and clock.monotonic() < deadline:
        deletion = attempt_store.forget_attempts(clock.now(), BATCH)
        forgotten = (await database().flight(WORKER, deletion)).number_of(deletion)
        done["forgotten"] += forgotten
    now = clock.now()
    expired = attempt_store.claim_expired_grants(now, now + RETRY_AFTER, PER_RUN)
    claimed = (await database().flight(WORKER, expired))[expired]
    for start in range(0, len(claimed), grants.AT_ONCE):
        if clock.monotonic() > deadline:
            # What is left is due again after a while.
            break
        done.update(await asyncio.gather(*(_drop(row, deadline) for row in claimed[start : start + grants.AT_ONCE])))
    if done.total():
        logs.event("attempts_expired", **done)
    return done


async def _drop(row: ClaimedGrant, deadline: float) -> str:
    """Withdraw one grant and forget it; after some failures forget it anyway and tell its user."""
    try:
        return await drop(row, deadline, give_up=row.revoke_tries >= TRIES)
    except AccountDeleted:
        # The departure withdraws and names it.
        return "left"
    except Exception as error:  # noqa: BLE001 - whatever one grant meets, the others are due as well
        logs.failure("grant_not_dropped", error)
        return "postponed"


async def drop(row: ClaimedGrant, deadline: float, *, give_up: bool = False) -> str:
    """Withdraw the grant of a claimed attempt and forget it: ``withdrawn``, ``in_use``, ``given_up`` or ``postponed``."""
    grant, user_id = grants.of_attempt(row), row.user_id
    outcome, registration = "withdrawn", registrations.get(row.platform, row.registration)
    if grant.subject and await grants.has_connection(registration, grant.subject):
        # The person has connected an account by another grant of theirs, which withdrawing this one might end.
        outcome = "in_use"
    elif not grants.can_withdraw(grant):
        outcome = "given_up"
    elif not (await grants.withdraw([grant], deadline))[0]:
        outcome = "given_up" if give_up else "postponed"
    if outcome == "postponed":
        return outcome
    told = []
    if outcome == "given_up":
        told = [notice(user_id, "grant_not_withdrawn", row.id, "expired", clock.now(), {"platform": grant.platform})]
    await database().flight(Actor(user_id), attempt_store.forget_attempt(user_id, row.id), *told)
    return outcome
