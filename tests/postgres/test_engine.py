"""What the engine promises for every flight, and what it leaves behind on a server connection that others use next."""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from psycopg import conninfo

from local.databases.pooler import Pooler
from local.wire import Proxy
from noillusion.core import clock, loop
from noillusion.core.codes import CATALOG
from noillusion.core.errors import Unavailable
from noillusion.db import WORKER, Actor, Duplicate, Json, Statement, postgres, sql
from noillusion.db import url as urls
from noillusion.db.postgres import PostgresDatabase
from noillusion.db.url import connection_string
from noillusion.profiles import store as profiles
from noillusion.settings.errors import SettingsError
from tests.postgres.rows import ALICE, BOB
from tests.support.databases import PostgresStore
from tests.support.logged import logged

Run = Callable[[Coroutine[Any, Any, Any]], Any]
CLAIMS = sql(
    """SELECT current_user AS role, auth.jwt() ->> 'sub' AS sub, current_setting('timezone') AS zone,
         current_setting('statement_timeout') AS timeout, pg_backend_pid() AS pid"""
)


@pytest.fixture
def run(deploy: Callable[[str], None], store: PostgresStore) -> Iterator[Run]:
    # A user's writes are asked whether the user left, by a keyed hash.
    deploy(store.url)
    yield loop.run
    loop.close()


@pytest.fixture(params=["direct", "pooled"])
def engine(request: pytest.FixtureRequest, store: PostgresStore, run: Run) -> Iterator[PostgresDatabase]:
    """The engine, connected to the server or through the pooler."""
    line: Proxy = request.getfixturevalue(request.param)
    # The test looks at claims, which the product's statements never do.
    store.execute("GRANT USAGE ON SCHEMA auth TO noillusion_api, noillusion_worker")
    database = PostgresDatabase(line.url(store.name))
    yield database
    run(database.close())
    store.execute("REVOKE USAGE ON SCHEMA auth FROM noillusion_api, noillusion_worker")


def test_a_flight_acts_for_its_user_in_utc_under_a_time_limit(engine: PostgresDatabase, run: Run) -> None:
    row = run(engine.flight(Actor(ALICE), CLAIMS))[0][0]
    assert (row["role"], row["sub"], row["zone"], row["timeout"]) == ("noillusion_api", ALICE, "UTC", "8s")
    row = run(engine.flight(WORKER, CLAIMS))[0][0]
    assert (row["role"], row["sub"]) == ("noillusion_worker", None)


def test_values_come_back_as_the_interface_says(engine: PostgresDatabase, run: Run) -> None:
    at = datetime(2026, 11, 22, 13, 14, 15, 678901, tzinfo=UTC)
    elsewhere = at.astimezone(datetime.strptime("+0530", "%z").tzinfo)
    insert = sql(
        """INSERT INTO platform_connections (id, user_id, platform, account_id, account_kind, details, sealed_access_token,
             sealing_key_id, token_issued_at, access_expires_at)
           VALUES (:id, :user_id, 'tiktok', 'a%b', 'user', :details, 's', 'k', :at, :none) RETURNING *""",
        id="6f1c9c1e-0000-4000-8000-00000000abcd",
        user_id=ALICE,
        details=Json({"a": [1, None, "ü\u2028"]}),
        at=elsewhere,
        none=None,
    )
    row = run(engine.flight(Actor(ALICE), insert))[0][0]
    assert row["id"] == "6f1c9c1e-0000-4000-8000-00000000abcd"
    assert row["details"] == {"a": [1, None, "ü\u2028"]}
    assert (row["token_issued_at"], row["token_issued_at"].utcoffset()) == (at, timedelta(0))
    assert (row["access_expires_at"], row["credential_version"], row["account_id"]) == (None, 1, "a%b")
    assert run(engine.flight(Actor(ALICE), sql("SELECT :yes AS yes, 5 % 3 AS rest", yes=True))) == [[{"yes": True, "rest": 2}]]


def test_a_flight_that_fails_in_the_middle_leaves_nothing(engine: PostgresDatabase, run: Run, store: PostgresStore) -> None:
    alice, now = Actor(ALICE), clock.now()
    with pytest.raises(psycopg.errors.DivisionByZero):
        run(engine.flight(alice, profiles.create_if_absent(ALICE, now), sql("SELECT 1 / 0"), profiles.profile(ALICE)))
    plain = sql("INSERT INTO profiles (user_id) VALUES (:user_id)", user_id=ALICE)
    with pytest.raises(Duplicate):
        run(
            engine.flight(
                alice,
                profiles.put_key(ALICE, "openai", str(clock.now().year).zfill(32), "s", "k", "", "working", None, now),
                plain,
                plain,
            )
        )
    assert store.fetch("SELECT (SELECT count(*) FROM profiles), (SELECT count(*) FROM ai_provider_keys)") == [(0, 0)]
    assert run(engine.flight(alice, plain, profiles.profile(ALICE)))[1][0]["user_id"] == ALICE


def test_nothing_of_a_flight_stays_on_the_server_connection(engine: PostgresDatabase, run: Run, store: PostgresStore) -> None:
    for n in range(30):
        run(engine.flight(Actor(ALICE), sql("SELECT :n AS n", n=n), profiles.profile(ALICE)))
    after = sql(
        """SELECT (SELECT count(*) FROM pg_prepared_statements) AS prepared, (SELECT count(*) FROM pg_cursors) AS cursors,
             (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory') AS locks"""
    )
    row = run(engine.flight(WORKER, after))[0][0]
    assert (row["prepared"], row["locks"]) == (0, 0)


def test_claims_do_not_pass_from_one_client_to_the_next_on_a_shared_connection(
    store: PostgresStore, pooler: Pooler, run: Run
) -> None:
    """Through the pooler: a client that sets nothing gets the connection that a user's flight was on a moment ago."""
    alice, bob = (PostgresDatabase(pooler.url(store.name)) for _ in range(2))
    store.execute("GRANT USAGE ON SCHEMA auth TO noillusion_api")
    seen: dict[int, set[str]] = {}
    with psycopg.connect(pooler.url(store.name), autocommit=True, prepare_threshold=None) as bare:
        for _ in range(20):
            for engine, sub in ((alice, ALICE), (bob, BOB)):
                row = run(engine.flight(Actor(sub), CLAIMS))[0][0]
                assert row["sub"] == sub
                seen.setdefault(row["pid"], set()).add(sub)
            found = bare.execute(
                """SELECT current_user::text, current_setting('request.jwt.claims', true), current_setting('statement_timeout'),
                     pg_backend_pid()"""
            ).fetchone()
            assert found is not None
            assert (found[0], found[1] or "", found[2]) == ("postgres", "", "0")
            seen.setdefault(found[3], set()).add("bare")
    run(alice.close())
    run(bob.close())
    store.execute("REVOKE USAGE ON SCHEMA auth FROM noillusion_api")
    assert {ALICE, BOB, "bare"} in seen.values()


def test_many_clients_share_the_poolers_few_connections(store: PostgresStore, pooler: Pooler, run: Run) -> None:
    engines = [PostgresDatabase(pooler.url(store.name)) for _ in range(12)]
    pid = sql("SELECT pg_backend_pid() AS pid")

    async def flights(engine: PostgresDatabase, user: str) -> set[int]:
        pids = set()
        for _ in range(15):
            written, read = await engine.flight(Actor(user), profiles.create_if_absent(user, clock.now()), pid)
            assert written == []
            pids.add(read[0]["pid"])
        return pids

    async def all_at_once() -> list[set[int]]:
        found = await asyncio.gather(*(flights(engine, f"user-{n}") for n, engine in enumerate(engines)))
        await asyncio.gather(*(engine.close() for engine in engines))
        return found

    pids = run(all_at_once())
    assert len(set().union(*pids)) == 2
    assert store.fetch("SELECT count(*) FROM profiles") == [(12,)]


def test_flights_at_the_same_time_on_one_engine_keep_their_order_and_their_user(engine: PostgresDatabase, run: Run) -> None:
    async def both() -> list[Any]:
        return await asyncio.gather(*(engine.flight(Actor(f"user-{n}"), CLAIMS, sql("SELECT :n AS n", n=n)) for n in range(40)))

    assert [(claims[0]["sub"], row[0]["n"]) for claims, row in run(both())] == [(f"user-{n}", n) for n in range(40)]


def test_a_parameter_can_be_named_twice_and_signs_of_percent_are_themselves(engine: PostgresDatabase, run: Run) -> None:
    text = "SELECT '100%s' || :word || :word AS found, 7 % :by AS rest, '%' LIKE '%%' AS alike, :by::text AS cast"
    expected = {"found": "100%saa", "rest": 3, "alike": True, "cast": "4"}
    assert run(engine.flight(WORKER, sql(text, by=4, word="a"))) == [[expected]]


def profile(user: str = ALICE) -> Statement:
    return sql("INSERT INTO profiles (user_id) VALUES (:user_id)", user_id=user)


def test_a_flight_with_a_value_that_cannot_be_sent_writes_nothing(
    engine: PostgresDatabase, run: Run, store: PostgresStore
) -> None:
    with pytest.raises(psycopg.ProgrammingError):
        run(engine.flight(Actor(ALICE), profile(), sql("SELECT :value AS value", value=object())))
    assert store.fetch("SELECT count(*) FROM profiles") == [(0,)]
    assert run(engine.flight(Actor(ALICE), profile())) == [[]]


def test_the_statement_that_was_refused_is_told_however_many_follow_it(
    engine: PostgresDatabase, run: Run, store: PostgresStore
) -> None:
    long = [sql("SELECT repeat('x', 100000) AS word") for _ in range(60)]
    with pytest.raises(Duplicate):
        run(engine.flight(Actor(ALICE), *long, profile(), profile(), *long))
    assert store.fetch("SELECT count(*) FROM profiles") == [(0,)]
    assert len(run(engine.flight(Actor(ALICE), *long, profile(), *long))) == 121


def test_a_statement_over_its_time_is_unavailable_and_is_not_tried_again(
    engine: PostgresDatabase, run: Run, store: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "OPENING", postgres.OPENING.replace("8000", "300"))
    # What a sequence counts outlives the transaction.
    store.execute("CREATE SEQUENCE tries; GRANT USAGE ON SEQUENCE tries TO noillusion_worker")
    began = time.monotonic()
    with pytest.raises(Unavailable) as failed:
        run(engine.flight(WORKER, sql("SELECT nextval('tries'), pg_sleep(60)")))
    assert time.monotonic() - began < 30
    assert store.fetch("SELECT last_value, is_called FROM tries") == [(1, True)]
    store.execute("DROP SEQUENCE tries")
    assert failed.value.retry_after == CATALOG["database_unavailable"].retry_after
    assert run(engine.flight(WORKER, sql("SELECT 1 AS one"))) == [[{"one": 1}]]


def test_a_server_that_falls_silent_is_given_up_in_time(
    direct: Proxy, store: PostgresStore, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "FLIGHT_TIMEOUT_S", 0.5)
    engine = PostgresDatabase(direct.url(store.name))
    run(engine.flight(WORKER, sql("SELECT 1 AS one")))
    direct.swallow = True
    began = time.monotonic()
    with pytest.raises(Unavailable):
        run(engine.flight(WORKER, sql("SELECT 1 AS one")))
    with pytest.raises(Unavailable):
        run(engine.flight(WORKER, sql("SELECT 1 AS one")))
    assert time.monotonic() - began < 15
    direct.swallow = False
    assert run(engine.flight(WORKER, sql("SELECT 1 AS one"))) == [[{"one": 1}]]
    run(engine.close())


def test_an_answer_that_breaks_off_anywhere_is_unavailable(direct: Proxy, store: PostgresStore, run: Run) -> None:
    engine = PostgresDatabase(direct.url(store.name))
    written = sql("INSERT INTO posts (user_id, idempotency_key) VALUES (:user, gen_random_uuid()) RETURNING id", user=ALICE)
    run(engine.flight(Actor(ALICE), written))
    for missing in range(1, 400, 5):
        direct.withhold = missing
        with pytest.raises(Unavailable):
            run(engine.flight(Actor(ALICE), written))
        assert len(run(engine.flight(Actor(ALICE), written))[0]) == 1
    run(engine.close())


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        # libpq makes errors without a code of broken connections; psycopg gives them the base class.
        (psycopg.DatabaseError, Unavailable),
        (psycopg.OperationalError, Unavailable),
        (psycopg.InternalError, Unavailable),
        (psycopg.errors.UniqueViolation, Duplicate),
        (psycopg.ProgrammingError, psycopg.ProgrammingError),
        (psycopg.DataError, psycopg.DataError),
    ],
)
def test_only_what_the_database_did_not_do_is_unavailable(
    raised: type[Exception],
    expected: type[Exception],
    direct: Proxy,
    store: PostgresStore,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fail(*_: object) -> None:
        raise raised

    engine = PostgresDatabase(direct.url(store.name))
    monkeypatch.setattr(engine, "_send", fail)
    with pytest.raises(expected) as failed:
        run(engine.flight(WORKER, sql("SELECT 1 AS one")))
    assert type(failed.value) is expected or isinstance(failed.value, Unavailable)
    run(engine.close())


def test_a_cancelled_flight_leaves_no_answer_for_the_next(engine: PostgresDatabase, run: Run, store: PostgresStore) -> None:
    # Longer than the server lets a statement run: where the request to cancel comes too early, it must not end well meanwhile.
    slow = sql("INSERT INTO profiles (user_id) SELECT :user_id FROM pg_sleep(60)", user_id=ALICE)

    async def cancel_in_the_middle() -> list[list[dict[str, Any]]]:
        await engine.flight(WORKER, sql("SELECT 0 AS n"))
        for n in range(5):
            task = asyncio.create_task(engine.flight(Actor(ALICE), sql("SELECT :n AS stale", n=n), slow))
            await asyncio.sleep(0.02 * n)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert await engine.flight(WORKER, sql("SELECT :n AS n", n=n)) == [[{"n": n}]]
        return await engine.flight(Actor(ALICE), profiles.profile(ALICE))

    assert run(cancel_in_the_middle()) == [[]]
    assert store.fetch("SELECT count(*) FROM profiles") == [(0,)]


def test_a_connection_that_was_idle_for_long_is_replaced_before_it_is_trusted(
    direct: Proxy, store: PostgresStore, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, one = PostgresDatabase(direct.url(store.name)), sql("SELECT 1 AS one")
    run(engine.flight(WORKER, one))
    run(engine.flight(WORKER, one))
    assert direct.connections == 1
    later = clock.now() + postgres.MAX_IDLE
    monkeypatch.setattr(clock, "now", lambda: later)
    run(engine.flight(WORKER, one))
    assert direct.connections == 2
    run(engine.close())


# ---- the address ------------------------------------------------------------------------------------------------------------

LOCAL = ["127.0.0.1", "localhost", "[::1]", "%2Ftmp"]


@pytest.mark.parametrize("host", LOCAL)
def test_on_this_machine_encryption_is_left_open(host: str) -> None:
    assert "sslmode" not in connection_string(f"postgresql://u@{host}/db")


@pytest.mark.parametrize(
    ("tail", "mode"),
    [
        ("", "require"),
        ("?sslmode=require", "require"),
        ("?sslmode=verify-full", "verify-full"),
        ("?sslmode=verify-ca", "verify-ca"),
    ],
)
def test_elsewhere_encryption_is_required(tail: str, mode: str) -> None:
    assert f"sslmode={mode}" in connection_string(f"postgresql://u:pw@db.example.com:6543/postgres{tail}")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:s3cret@db.example.com/app?sslmode=disable",
        "postgresql://u:s3cret@db.example.com/app?sslmode=allow",
        "postgresql://u:s3cret@db.example.com/app?sslmode=prefer",
        "postgresql://u:s3cret@localhost/app?hostaddr=203.0.113.5&sslmode=prefer",
        "postgresql://u:s3cret@127.0.0.1,db.example.com/app?sslmode=disable",
        "postgresql://u:s3cret@db.example.com/app?sslmode=s3cret",
        "postgresql://u:s3cret@db.example.com/app?unheard_of=1",
        "postgresql://u:s3cret@db.example.com:s3cret/app",
        "postgresql://u:s3cret@/app",
        "postgresql://u:s3cret@db.example.com",
        "postgresql://u:s3cret%zz@db.example.com/app",
        "postgresql://u:s3cret@[db.example.com/app",
        "postgresql://u:p@s3cret#w0rd@db.example.com/app",
        "postgresql://u:p@s3cret@db.example.com/app",
        "postgresql://u:1/s3cret@db.example.com/app",
        "postgresql://u:1?s3cret=@db.example.com/app",
        "postgresql://u:p@1/s3cret@db.example.com/app",
        "postgresql://u:p@s3cret/db.example.com/app",
        "postgresql://u:p@s3cret word@db.example.com/app",
        "postgresql://u:p@db.example.com/app#s3cret",
        "postgresql://u:p@db.example.com/app?s3cret",
        "postgresql://u:p@db.example.com/app?sslmode=require?s3cret",
        "postgresql://u:p@db.example.com/app?sslmode=require&password=a@s3cret",
        "postgresql://u:s3cret@db.example.com/app?sslkeylogfile=/tmp/keys",
    ],
)
def test_a_url_that_cannot_be_used_is_named_and_not_repeated(url: str) -> None:
    with pytest.raises(SettingsError) as refused:
        PostgresDatabase(url)
    assert "DATABASE_URL" in str(refused.value)
    assert "s3cret" not in "".join(traceback.format_exception(refused.value)) + repr(refused.value)


@pytest.mark.parametrize("name", ["connection_limit", "schema", "statement_cache_size"])
def test_a_parameter_that_is_not_understood_is_named_without_its_value(name: str) -> None:
    with pytest.raises(SettingsError, match=rf"DATABASE_URL has the parameter {name}, which is not understood") as refused:
        connection_string(f"postgresql://u:pw@db.example.com/app?sslmode=require&{name}=s3cret")
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize("tail", ["?pgbouncer=true", "?sslmode=verify-full&pgbouncer=1", "?pgbouncer=true&sslmode=verify-full"])
def test_a_parameter_for_other_clients_is_dropped_with_a_line_that_says_so(tail: str) -> None:
    with logged() as lines:
        text = connection_string(f"postgresql://u:pw@db.example.com:6543/postgres{tail}")
    assert "pgbouncer" not in text and f"sslmode={'verify-full' if 'verify' in tail else 'require'}" in text
    assert '"database_url_parameter_dropped"' in lines.getvalue() and '"pgbouncer"' in lines.getvalue()


@pytest.mark.parametrize("password", ["p@ss#w0rd", "a/b?c:d", "per%cent", "blank here", "ü"])
def test_a_password_of_any_characters_can_be_written_escaped(password: str) -> None:
    text = connection_string(f"postgresql://u:{quote(password, safe='')}@db.example.com/app?sslmode=require")
    assert conninfo.conninfo_to_dict(text)["password"] == password


def test_a_server_without_encryption_is_refused_elsewhere_than_here(
    store: PostgresStore, direct: Proxy, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(urls, "is_local", lambda _: False)
    with pytest.raises(Unavailable):
        run(PostgresDatabase(direct.url(store.name)).flight(WORKER, sql("SELECT 1")))
    assert direct.round_trips == 0


def test_a_url_may_set_its_own_time_to_connect_and_name() -> None:
    text = connection_string("postgresql://u@127.0.0.1/db?connect_timeout=3&application_name=mine")
    assert "connect_timeout=3" in text and "application_name=noillusion" in text


def test_a_refused_login_keeps_the_password_out_of_errors_and_logs(
    store: PostgresStore, run: Run, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    url = store.url.replace("postgres@", "nobody:s3cret@")
    with pytest.raises(Unavailable) as refused:
        run(PostgresDatabase(url).flight(WORKER, sql("SELECT 1")))
    logged = "".join(f"{vars(record)}" for record in caplog.records)
    assert "s3cret" not in f"{refused.value!r}{capfd.readouterr()}{logged}" and "database_failed" in logged


def test_texts_of_refused_rows_reach_no_log(
    engine: PostgresDatabase, run: Run, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    twice = sql("INSERT INTO profiles (user_id, bio) VALUES (:user_id, 'marker-bio')", user_id="marker-user")
    with pytest.raises(Duplicate) as refused:
        run(engine.flight(Actor("marker-user"), twice, twice, twice))
    logged = "".join(f"{vars(record)}" for record in caplog.records)
    assert "marker" not in f"{refused.value!r}{refused.value.__cause__!r}{capfd.readouterr()}{logged}"
    # The driver's own warnings carry texts of errors.
    assert not logging.getLogger("psycopg").isEnabledFor(logging.ERROR)
