"""Erasing in batches, each short enough for a statement's time limit, until nothing is due or the time is up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from noillusion.core import clock
from noillusion.db import Actor, Query, Statement, database

BATCH = 1_000
COUNTED_AT_MOST = 100_000
"""Rows that are counted where some are left."""


@dataclass(frozen=True, slots=True)
class Erased:
    """Rows that were erased, and rows that are due and left (0: none; at most :data:`COUNTED_AT_MOST`)."""

    done: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class Remaining:
    """The number of rows that are due and left."""

    remaining: int


async def erase(
    actor: Actor, batch: Callable[[int], Statement], due: Callable[[int], Query[Remaining]], deadline: float
) -> Erased:
    """Erase what is due until ``deadline`` (``clock.monotonic``).

    ``batch`` makes the statement that erases up to so many rows and returns one row for each; ``due`` the one that counts up to
    so many of those that are left. At least one batch is tried.
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
