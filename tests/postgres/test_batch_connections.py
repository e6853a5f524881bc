"""H9: messages that are worked off together do not wait for each other's round trips."""

from __future__ import annotations

import asyncio
import time

from noillusion import epoch
from noillusion.core import loop
from noillusion.db import Actor, sql
from noillusion.db.postgres import PostgresDatabase
from tests.postgres.rows import ALICE
from tests.support.databases import PostgresStore

AT_ONCE = 7
SLEEPING = sql("SELECT pg_sleep(0.2), pg_backend_pid() AS pid")


async def servers(engine: PostgresDatabase) -> set[int]:
    """Server processes that served flights at the same time."""
    found = await asyncio.gather(*(engine.flight(Actor(ALICE), SLEEPING) for _ in range(AT_ONCE)))
    return {flight[0][0]["pid"] for flight in found}


def test_H9_messages_of_a_batch_have_connections_of_their_own_and_everybody_else_has_one(store: PostgresStore) -> None:
    engine = PostgresDatabase(store.url)
    with epoch.unit(connections=5):
        several = loop.run(servers(engine))
        assert len(several) == 5
        # They are kept, and opened only once.
        assert loop.run(servers(engine)) == several
    with epoch.unit():
        assert len(loop.run(servers(engine))) == 1
    loop.run(engine.close())
    left = f"SELECT count(*) FROM pg_stat_activity WHERE pid IN ({', '.join(map(str, several))})"
    until = time.monotonic() + 10
    while store.fetch(left) != [(0,)]:
        assert time.monotonic() < until, "closing leaves connections open"
        time.sleep(0.05)
