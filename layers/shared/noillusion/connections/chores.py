"""Chores that keep connections alive: tokens are refreshed before they expire, and owners are warned where only they can help."""

from __future__ import annotations

from collections import Counter
from typing import Final

from noillusion.catalog.platforms import PlatformName
from noillusion.connections import changes, credential_store, credentials, lanes, life_store, renewal
from noillusion.connections.rows import ConnectionRow, CredentialRow
from noillusion.core import clock
from noillusion.core.errors import AccountDeleted
from noillusion.db import WORKER, Actor, database
from noillusion.flows.faults import PlatformError

BATCH: Final = 100
MOST_COUNTED: Final = 100_000
"""Connections that are counted when there was no time for them."""


async def refresh_due(deadline: float) -> Counter[str]:
    """Refresh all credentials that are due, longest overdue first: ``refreshed``, ``failed``, and ``left`` for the next run."""
    now = clock.now()

    async def batches(platform: PlatformName, last: CredentialRow | None) -> list[CredentialRow]:
        due = credential_store.due_for_refresh(platform, now, last, BATCH)
        return (await database().flight(WORKER, due))[due]

    async def refresh(row: CredentialRow) -> str:
        try:
            return "failed" if await credentials.refresh(row, deadline) is None else "refreshed"
        except PlatformError:
            return "failed"

    return await lanes.run(batches, refresh, deadline)


async def warn_expiring(deadline: float) -> Counter[str]:
    """Tell each owner once of a connection that ends within a week and that only they can renew (failure-classes.md C11).

    Returns how many were ``warned``, and how many are ``left`` for the next run because there was no time for them.
    """
    done, more = Counter[str](), True
    while more:
        now = clock.now()
        if clock.monotonic() >= deadline:
            left = life_store.left_expiring(now, now + renewal.WARN_BEFORE, MOST_COUNTED)
            done["left"] = (await database().flight(WORKER, left)).one(left).remaining
            break
        expiring = life_store.expiring(now, now + renewal.WARN_BEFORE, BATCH)
        warned = [await _warn(row) for row in (await database().flight(WORKER, expiring))[expiring]]
        done["warned"], more = done["warned"] + sum(warned), any(warned)
    return done


async def _warn(row: ConnectionRow) -> bool:
    """Record that a connection is about to end, with a notice. False if its owner is leaving or its credential has changed."""
    now, ends = clock.now(), min(end for end in renewal.ends(row, expiring=True))
    marked = life_store.mark_expiring(row.user_id, row.id, row.credential_version, now)
    told = changes.began_to_expire(row.user_id, row.platform, row.id, ends, now)
    try:
        return bool((await database().flight(Actor(row.user_id), marked, told)).number_of(marked))
    except AccountDeleted:
        return False
