"""Deletion in batches, each within the time limit of a statement, until nothing is due or the time is over."""

from __future__ import annotations

from collections.abc import Callable

from noillusion.core import clock
from noillusion.core.records import record
from noillusion.db import Actor, Query, Statement, database

BATCH = 1_000
COUNTED_AT_MOST = 100_000
"""Maximum number of remaining rows that are counted."""


@record(eq=True)
class Erased:
    """Number of rows deleted, and of rows still due (at most :data:`COUNTED_AT_MOST`)."""

    done: int = 0
    left: int = 0


@record()
class Remaining:
    """The number of rows that are still due."""

    remaining: int


async def erase(
    actor: Actor, batch: Callable[[int], Statement], due: Callable[[int], Query[Remaining]], deadline: float
) -> Erased:
    """Delete what is due until ``deadline`` (``clock.monotonic``).

    ``batch`` returns the statement that deletes up to so many rows and returns one for each; ``due`` returns the one that
    counts up to so many remaining rows. At least one batch is tried.
    """
    done = erased = 0
    size = BATCH
    while not done or clock.monotonic() < deadline:
        deletion = batch(size)
        erased = (await database().flight(actor, deletion)).number_of(deletion)
        done += erased
        if erased < size:
            return Erased(done)
    left = due(COUNTED_AT_MOST)
    return Erased(done, (await database().flight(actor, left)).one(left).remaining)
