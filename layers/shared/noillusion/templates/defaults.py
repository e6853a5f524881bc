"""Flights that may make a template the default of its content mode, of which there is one."""

from __future__ import annotations

from contextlib import suppress

from noillusion.core.errors import Conflict
from noillusion.db import Actor, Duplicate, Flight, Statement, database

MOST_TRIES = 10
"""How often a flight is done again because another default came first. One of those that meet always succeeds."""


async def fly(user_id: str, *statements: Statement) -> Flight:
    """Run the statements. Of two defaults at once the later one finds the earlier one the next time, and takes its place."""
    for _ in range(MOST_TRIES):
        with suppress(Duplicate):
            return await database().flight(Actor(user_id), *statements)
    raise Conflict("changed_at_once")
