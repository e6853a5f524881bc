"""What becomes of history: it is thinned once a post is read no more, and deleted when its platform's contract says so."""

from __future__ import annotations

from datetime import datetime

from noillusion.analytics import history, retention_store
from noillusion.catalog.platforms import PLATFORMS
from noillusion.core import clock
from noillusion.db import WORKER, Query, Statement, batches, database
from noillusion.db.batches import Erased, Remaining

TARGETS = 500
"""Posts of one batch: some ten thousand rows."""


async def thin_history(deadline: float) -> Erased:
    """Thin the history of posts that are read no more. What is still read is thinned with its readings."""
    now = clock.now()
    return await _in_batches(*retention_store.thin_settled(now, now - history.SETTLED, TARGETS), deadline)


async def forget_figures(deadline: float) -> Erased:
    """Delete the figures of posts that may not be kept longer, with their history."""
    now = clock.now()
    return await _in_batches(*retention_store.forget(now, TARGETS), deadline)


async def _in_batches(deletion: Statement, end: Statement, due: Query[Remaining], deadline: float) -> Erased:
    """Work on batches of posts until nothing is due or ``deadline``. Return the number of rows deleted, and of posts left.

    ``end`` ends the work on the posts whose rows ``deletion`` deletes. At least one batch is tried.
    """
    done, first = 0, True
    while first or clock.monotonic() < deadline:
        flight = await database().flight(WORKER, deletion, end)
        done, first = done + flight.number_of(deletion), False
        if flight.number_of(end) < TARGETS:
            return Erased(done)
    return Erased(done, (await database().flight(WORKER, due)).one(due).remaining)


async def forget_account_figures(deadline: float) -> Erased:
    """Delete figures of accounts that may not be kept longer."""
    kept = {platform: entry.figures_kept for platform, entry in PLATFORMS.items() if entry.figures_kept}
    erased = [await _forget_accounts(platform, clock.now() - kept_for, deadline) for platform, kept_for in kept.items()]
    return Erased(sum(each.done for each in erased), sum(each.left for each in erased))


async def _forget_accounts(platform: str, before: datetime, deadline: float) -> Erased:
    return await batches.erase(
        WORKER,
        lambda size: retention_store.forget_accounts(platform, before, size),
        lambda most: retention_store.forgettable_accounts(platform, before, most),
        deadline,
    )
