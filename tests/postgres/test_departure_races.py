"""A departure against writes that are being committed, on real connections: each is deleted or refused, never left behind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from psycopg import errors

from local.wire import Proxy
from noillusion import epoch
from noillusion.core import clock, loop
from noillusion.core.errors import AccountDeleted
from noillusion.db import WORKER, Actor, Statement, sql
from noillusion.db.postgres import API_ROLE, WORKER_ROLE, PostgresDatabase, person_key
from noillusion.privacy import departure
from noillusion.profiles import store as profiles
from tests.postgres.rows import ALICE, BOB
from tests.support.databases import PostgresStore

SLOW = sql("SELECT pg_sleep(0.6)")
SLEEPING = "wait_event = 'PgSleep'"
LOCKED = "wait_event_type = 'Lock'"
WRITES = sql("DELETE FROM webhooks WHERE id IS NULL")


def creates(user_id: str = ALICE) -> Statement:
    return profiles.create_if_absent(user_id, clock.now())


@pytest.fixture(params=["direct", "pooled"])
def engine(request: pytest.FixtureRequest, store: PostgresStore, deploy: Callable[[str], None]) -> Iterator[PostgresDatabase]:
    """A second process: its connection to the database that the departure also uses."""
    line: Proxy = request.getfixturevalue(request.param)
    deploy(line.url(store.name))
    database = PostgresDatabase(line.url(store.name))
    yield database
    loop.run(database.close())


async def see(store: PostgresStore, what: str) -> None:
    """Wait until a connection to the database is at this, as ``pg_stat_activity`` tells."""
    async with asyncio.timeout(60):
        while not store.fetch(f"SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND {what}"):
            await asyncio.sleep(0.01)


def left_of(store: PostgresStore, user_id: str = ALICE) -> int:
    return int(store.fetch(f"SELECT COUNT(*) FROM profiles WHERE user_id = '{user_id}'")[0][0])


def leaving() -> Any:
    return departure.leave(ALICE, clock.monotonic() + 20)


def test_a_departure_waits_for_a_write_that_is_being_committed_and_deletes_it(
    engine: PostgresDatabase, store: PostgresStore
) -> None:
    async def race() -> Any:
        writing = asyncio.create_task(engine.flight(Actor(ALICE), creates(), SLOW))
        await see(store, SLEEPING)
        receipt = await leaving()
        assert writing.done(), "the departure came first"
        return receipt

    receipt = loop.run(race())
    assert receipt.deleted["profiles"] == 1
    assert left_of(store) == 0


def test_a_write_that_waited_for_the_departure_is_refused(engine: PostgresDatabase, store: PostgresStore) -> None:
    async def race() -> None:
        holding = asyncio.create_task(engine.flight(Actor(ALICE, leaving=True), sql("SELECT pg_sleep(2)"), WRITES))
        await see(store, SLEEPING)
        third = PostgresDatabase(engine._conninfo)
        with epoch.unit():
            waiting = asyncio.create_task(third.flight(Actor(ALICE), creates()))
        await see(store, LOCKED)
        assert not waiting.done()
        await holding
        await leaving()
        with pytest.raises(AccountDeleted):
            await third.flight(Actor(ALICE), creates())
        await third.close()

    loop.run(race())
    assert left_of(store) == 0


def test_any_number_of_writers_leave_nothing_behind(engine: PostgresDatabase, store: PostgresStore) -> None:
    async def race() -> tuple[int, int]:
        writers = [PostgresDatabase(engine._conninfo) for _ in range(6)]
        refused = written = 0

        async def write(database: PostgresDatabase, number: int) -> None:
            nonlocal refused, written
            with epoch.unit():
                await asyncio.sleep(number % 5 / 50)
                try:
                    await database.flight(Actor(ALICE), creates(), sql("SELECT pg_sleep(0.02)"))
                    written += 1
                except AccountDeleted:
                    refused += 1

        work = [asyncio.create_task(write(writers[n % 6], n)) for n in range(60)]
        while not written:
            await asyncio.sleep(0.01)
        await leaving()
        await asyncio.gather(*work)
        for database in writers:
            await database.close()
        return written, refused

    written, refused = loop.run(race())
    assert written + refused == 60 and refused > 0 and written > 0
    assert left_of(store) == 0


def test_writes_of_others_and_reads_do_not_wait_for_a_departure(engine: PostgresDatabase, store: PostgresStore) -> None:
    async def race() -> None:
        holding = asyncio.create_task(engine.flight(Actor(ALICE, leaving=True), sql("SELECT pg_sleep(3)"), WRITES))
        await see(store, SLEEPING)
        other = PostgresDatabase(engine._conninfo)
        await other.flight(Actor(BOB), creates(BOB))
        await other.flight(Actor(ALICE), profiles.profile(ALICE))
        await other.flight(WORKER, sql("SELECT 1 AS one"))
        assert not holding.done()
        await other.close()
        await holding

    loop.run(race())
    assert left_of(store, BOB) == 1


def test_no_lock_outlives_its_transaction_and_no_flight_takes_a_second_round_trip(
    engine: PostgresDatabase, store: PostgresStore, direct: Proxy
) -> None:
    loop.run(engine.flight(Actor(BOB), creates(BOB)))
    loop.run(leaving())
    assert store.fetch("SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory'") == [(0,)]
    counted = PostgresDatabase(direct.url(store.name))
    loop.run(counted.flight(Actor(BOB), profiles.profile(BOB)))
    direct.reset()
    loop.run(counted.flight(Actor(BOB), creates(BOB)))
    assert (direct.round_trips, direct.transactions) == (1, 1)
    loop.run(counted.close())


def test_the_key_of_a_person_fits_the_database(store: PostgresStore) -> None:
    for user_id in ("", "a", ALICE, "x" * 500, "\u4e2d"):
        assert store.fetch(f"SELECT pg_try_advisory_xact_lock({person_key(user_id)})") == [(True,)]


def test_nobody_but_the_api_role_asks_the_guard(store: PostgresStore) -> None:
    guard = "SELECT refuse_departed(ARRAY['h'], now())"
    with store.acting(API_ROLE, '{"sub": "auth0|alice"}') as connection:
        connection.execute(guard)
    with pytest.raises(errors.InsufficientPrivilege), store.acting(WORKER_ROLE, "{}") as connection:
        connection.execute(guard)
    public = "SELECT COUNT(*) FROM pg_proc, aclexplode(proacl) a WHERE proname = 'refuse_departed' AND a.grantee = 0"
    assert store.fetch(public) == [(0,)]


def test_the_guard_sees_through_row_level_security_when_it_binds_the_owner(own: PostgresStore) -> None:
    own.execute("INSERT INTO deletion_receipts (user_hash, code_hash, origin, left_at) VALUES ('h', 'c', 'user', now())")
    own.execute("CREATE ROLE bound_owner")
    try:
        own.execute("GRANT CREATE, USAGE ON SCHEMA public TO bound_owner")
        for table in ("departures", "deletion_receipts"):
            own.execute(f"ALTER TABLE {table} OWNER TO bound_owner")
            own.execute(f"ALTER POLICY seen_by_guard ON {table} TO bound_owner")
        own.execute("ALTER FUNCTION refuse_departed(text[], timestamptz) OWNER TO bound_owner")
        with (
            pytest.raises(psycopg.DatabaseError, match="was deleted"),
            own.acting(API_ROLE, '{"sub": "auth0|alice"}') as connection,
        ):
            connection.execute("SELECT refuse_departed(ARRAY['h'], now() - interval '1 hour')")
    finally:
        own.execute("REASSIGN OWNED BY bound_owner TO postgres")
        own.execute("DROP OWNED BY bound_owner")
        own.execute("DROP ROLE bound_owner")
