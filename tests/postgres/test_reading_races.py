"""A post that is deleted while a reading of it is written: nothing of it stays, whoever comes first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import psycopg
import pytest

from noillusion.analytics import store as readings
from noillusion.analytics.history import Reading
from noillusion.core import loop
from noillusion.db import Actor, Flight, Statement, sql
from noillusion.db.postgres import API_ROLE, PostgresDatabase
from noillusion.publishing import metrics
from tests.postgres.rows import ALICE, VALUES, insert, row_id
from tests.postgres.test_access import acting
from tests.postgres.test_departure_races import SLEEPING, SLOW, see
from tests.support.databases import PostgresStore

TARGET, POST = row_id(ALICE, "post_targets"), row_id(ALICE, "posts")
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
OF_THE_POST = ("post_targets", "post_figures", "post_analytics", "post_polls")
DELETION = sql("DELETE FROM posts WHERE id = :id RETURNING id", id=POST)


@pytest.fixture(params=[True, False], ids=["figures known", "first figures"])
def reading(request: pytest.FixtureRequest, store: PostgresStore, deploy: Callable[[str], None]) -> list[Statement]:
    """What a reading of the post writes. The post has figures already, or none."""
    deploy(store.url)
    tables = [table for table in VALUES if table in ("platform_connections", "posts", *OF_THE_POST)]
    with acting(store, API_ROLE, ALICE) as connection:
        connection.execute(";".join(insert(ALICE, table) for table in tables).encode())
        if not request.param:
            connection.execute(f"DELETE FROM post_figures WHERE target_id = '{TARGET}'".encode())
    read = {TARGET: Reading(None, {"views": 9})}
    return [
        *readings.put_figures(ALICE, NOW, None, read, read if request.param else ()),
        readings.add_history("post_analytics", ALICE, NOW, read),
        *metrics.arrange(ALICE, {NOW: [TARGET]}, [TARGET], [TARGET], NOW),
    ]


async def raced(
    store: PostgresStore, first: list[Statement], second: list[Statement]
) -> tuple[Flight | BaseException, Flight | BaseException]:
    """What becomes of a flight that takes its time before it commits, and of one that begins meanwhile."""
    engines = [PostgresDatabase(store.url) for _ in range(2)]
    try:
        slow = asyncio.create_task(engines[0].flight(Actor(ALICE), *first, SLOW))
        await see(store, SLEEPING)
        return await asyncio.gather(slow, engines[1].flight(Actor(ALICE), *second), return_exceptions=True)
    finally:
        for engine in engines:
            await engine.close()


def left(store: PostgresStore) -> dict[str, int]:
    return {table: store.fetch(f"SELECT count(*) FROM {table}")[0][0] for table in OF_THE_POST}


def test_S16_a_deletion_that_meets_a_reading_waits_for_it_and_takes_all(store: PostgresStore, reading: list[Statement]) -> None:
    read, deleted = loop.run(raced(store, reading, [DELETION]))
    assert isinstance(read, Flight) and isinstance(deleted, Flight) and deleted.number_of(DELETION) == 1
    assert left(store) == dict.fromkeys(OF_THE_POST, 0)


def test_S16_a_reading_that_meets_a_deletion_waits_for_it_and_writes_nothing(
    store: PostgresStore, reading: list[Statement]
) -> None:
    deleted, read = loop.run(raced(store, [DELETION], reading))
    assert isinstance(deleted, Flight) and isinstance(read, psycopg.errors.ForeignKeyViolation)
    assert left(store) == dict.fromkeys(OF_THE_POST, 0)
