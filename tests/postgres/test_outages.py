"""T12: the database goes and comes back. Requests get a 503 that says when to try again, and nothing is ever half-written."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest

from local import wire
from local.databases import postgres
from local.databases.pooler import Pooler
from local.databases.postgres import Server
from local.wire import Proxy
from noillusion.core import clock, loop
from noillusion.core.errors import Unavailable
from noillusion.db import WORKER, Actor, database, sql
from noillusion.idempotency import hashed
from noillusion.profiles import store as profiles
from tests.api.harness import Answer, Client
from tests.postgres.conftest import pooling
from tests.postgres.rows import ALICE
from tests.support import databases
from tests.support.databases import PostgresStore

TEMPLATE = {"name": "n", "content_mode": "personal", "user_text": "{topic}"}
HALVES = """SELECT count(*) FROM prompt_templates t
  WHERE NOT EXISTS (SELECT 1 FROM prompt_template_versions v WHERE v.template_id = t.id AND v.version = t.version)"""
PATIENCE_S = 150


@pytest.fixture(scope="module")
def breakable() -> Iterator[Server]:
    """A server that only these tests stop and start."""
    with postgres.temporary() as server:
        databases.migrate_template(server)
        yield server


@pytest.fixture(scope="module")
def breakable_pooler(breakable: Server) -> Iterator[Pooler]:
    """A pooler in front of it."""
    with pooling(breakable) as running:
        yield running


@pytest.fixture
def own_store(breakable: Server) -> Iterator[PostgresStore]:
    with databases.fresh(breakable) as store:
        yield store
        # Whatever the test did, the server has to be there for the clean-up.
        if not _answers(store):
            breakable.start()


def _answers(store: PostgresStore) -> bool:
    store.close()
    try:
        return store.fetch("SELECT 1") == [(1,)]
    except psycopg.OperationalError:
        return False


@pytest.fixture(params=["direct", "pooled"])
def line(request: pytest.FixtureRequest, breakable: Server) -> Iterator[Proxy]:
    """The way to that server, directly or through its pooler."""
    target = breakable if request.param == "direct" else request.getfixturevalue("breakable_pooler")
    with wire.counting(target.port) as proxy:
        yield proxy


@pytest.fixture
def up(own_store: PostgresStore, line: Proxy, deploy: Callable[[str], None]) -> PostgresStore:
    """A deployment with an open connection."""
    deploy(line.url(own_store.name))
    assert read().status == 200
    line.reset()
    return own_store


def read() -> Answer:
    return Client(ALICE).request("publish", "GET", "/v1/posts")


def write(key: str, user: str = ALICE) -> Answer:
    return Client(user).request("templates", "POST", "/v1/templates", body=TEMPLATE, headers={"idempotency-key": key})


def refused(answer: Answer) -> bool:
    """Whether it is the 503 that it should be; fails if it is anything else than that or a success."""
    if answer.status < 300:
        return False
    assert answer.status == 503, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json["code"] == "database_unavailable"
    assert answer.json["retry_after"] > 0 and int(answer.headers["retry-after"]) > 0
    return True


def kept(store: PostgresStore) -> set[str]:
    """The keys of the templates that are there; none of them may lack its texts."""
    assert store.fetch(HALVES) == [(0,)]
    return {row[0] for row in store.fetch("SELECT idempotency_key FROM prompt_templates WHERE idempotency_key IS NOT NULL")}


def stored(*keys: str) -> set[str]:
    """The form in which keys of templates are kept."""
    return {hashed(ALICE, "templates", key) for key in keys}


def until_it_works(ask: Callable[[], Answer]) -> None:
    """Ask as a client does that follows the answer's advice, only more eagerly."""
    limit = time.monotonic() + PATIENCE_S
    while refused(ask()):
        assert time.monotonic() < limit
        time.sleep(0.1)


def terminate(store: PostgresStore) -> None:
    """Kill every server connection to the database but the test's own."""
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    store.fetch(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {others}")


# ---- away and back ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_T12_while_the_server_is_away_requests_get_503_and_afterwards_all_is_well(
    mode: str, up: PostgresStore, breakable: Server
) -> None:
    assert write("before").status == 201
    breakable.stop(mode)
    up.close()
    assert [
        refused(answer) for answer in (read(), write("while"), read(), Client(None).request("health", "GET", "/v1/health"))
    ] == [True] * 4
    breakable.start()
    until_it_works(read)
    until_it_works(lambda: write("after"))
    assert Client(None).request("health", "GET", "/v1/health").status == 200
    assert kept(up) == stored("before", "after")


def under_traffic(up: PostgresStore, disturb: Callable[[], None]) -> tuple[set[str], set[str]]:
    """Write without pause while something goes wrong; the keys of what was answered with success, and of what with 503."""
    disturbance = threading.Thread(target=disturb)
    done: set[str] = set()
    failed: set[str] = set()
    disturbance.start()
    n, after = 0, 0
    limit = time.monotonic() + PATIENCE_S
    try:
        while after < 10:
            assert time.monotonic() < limit, "not well again"
            n += 1
            key, user = f"k{n}", f"user-{n % 50}"
            outcome = failed if refused(write(key, user)) else done
            outcome.add(hashed(user, "templates", key))
            after = after + 1 if not disturbance.is_alive() and outcome is done else 0
    finally:
        # Whatever was found out here, the next test shall find everything running.
        disturbance.join()
    return done, failed


def test_T12_a_server_that_restarts_under_traffic_loses_nothing_that_was_answered(up: PostgresStore, breakable: Server) -> None:
    def restart() -> None:
        for mode in ("fast", "immediate"):
            time.sleep(0.3)
            breakable.stop(mode)
            time.sleep(0.3)
            breakable.start()

    done, failed = under_traffic(up, restart)
    assert _answers(up)
    assert done <= kept(up) <= done | failed


def test_T12_connections_killed_under_traffic_lose_nothing_that_was_answered(up: PostgresStore) -> None:
    def kill() -> None:
        for _ in range(25):
            time.sleep(0.01)
            terminate(up)

    done, failed = under_traffic(up, kill)
    assert done <= kept(up) <= done | failed


def test_T12_a_pooler_that_restarts_under_traffic_loses_nothing_that_was_answered(
    own_store: PostgresStore, breakable_pooler: Pooler, deploy: Callable[[str], None]
) -> None:
    deploy(breakable_pooler.url(own_store.name))
    assert read().status == 200

    def restart() -> None:
        for _ in range(3):
            time.sleep(0.2)
            breakable_pooler.stop()
            time.sleep(0.2)
            breakable_pooler.start()

    done, failed = under_traffic(own_store, restart)
    assert failed
    assert done <= kept(own_store) <= done | failed


# ---- broken connections -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("request_", [read, lambda: write("k")], ids=["read", "write"])
def test_T12_a_connection_closed_while_idle_costs_no_request(
    request_: Callable[[], Answer], up: PostgresStore, line: Proxy
) -> None:
    line.cut()
    time.sleep(0.05)
    assert not refused(request_())
    assert line.connections == 1


@pytest.mark.parametrize("request_", [read, lambda: write("k")], ids=["read", "write"])
def test_T12_a_server_connection_killed_while_idle_costs_no_request(
    request_: Callable[[], Answer], up: PostgresStore, line: Proxy
) -> None:
    terminate(up)
    time.sleep(0.05)
    assert not refused(request_())


def test_T12_a_killed_connection_undoes_the_whole_flight(up: PostgresStore, line: Proxy) -> None:
    insert = sql("INSERT INTO profiles (user_id) VALUES (:user_id)", user_id=ALICE)
    started = threading.Event()

    def kill() -> None:
        while not up.fetch("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"):
            time.sleep(0.01)
        started.set()
        terminate(up)

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(Unavailable):
        loop.run(database().flight(Actor(ALICE), insert, sql("SELECT pg_sleep(10)"), profiles.profile(ALICE)))
    killer.join()
    assert started.is_set()
    assert up.fetch("SELECT count(*) FROM profiles") == [(0,)]
    assert line.transactions == 1, "a write was sent again"
    assert loop.run(database().flight(Actor(ALICE), insert)) == [[]]


def test_T12_a_read_whose_connection_breaks_is_sent_once_more(up: PostgresStore, line: Proxy) -> None:
    line.before_answer = line.cut
    assert read().status == 200
    assert (line.transactions, line.connections) == (2, 1)


def test_T12_a_read_that_breaks_twice_is_refused(up: PostgresStore, line: Proxy) -> None:
    def again() -> None:
        line.before_answer = line.cut
        line.cut()

    line.before_answer = again
    assert refused(read())
    assert line.transactions == 2
    assert not refused(read())


def test_T12_a_write_whose_answer_is_lost_is_never_sent_again(up: PostgresStore, line: Proxy) -> None:
    line.lose_answer = True
    insert = sql("INSERT INTO notifications (user_id, kind, dedupe_key) VALUES (:user_id, 'k', :key)", user_id=ALICE, key="one")
    with pytest.raises(Unavailable):
        loop.run(database().flight(Actor(ALICE), insert))
    assert (line.transactions, line.connections) == (1, 0)
    assert up.fetch("SELECT dedupe_key FROM notifications") == [("one",)]


def test_T12_a_request_repeated_after_a_lost_answer_is_recognised(up: PostgresStore, line: Proxy) -> None:
    line.lose_answer = True
    assert refused(write("same"))
    assert write("same").status == 201
    assert kept(up) == stored("same")
    assert up.fetch("SELECT count(*) FROM prompt_templates WHERE user_id <> 'system'") == [(1,)]


def test_T12_workers_are_told_too(up: PostgresStore, breakable: Server) -> None:
    breakable.stop("immediate")
    up.close()
    with pytest.raises(Unavailable) as away:
        loop.run(database().flight(WORKER, sql("SELECT :now AS now", now=clock.now())))
    assert away.value.retry_after
    breakable.start()


def test_T12_no_more_connections_than_the_server_allows_is_a_503(own_store: PostgresStore, deploy: Callable[[str], None]) -> None:
    own_store.execute(f'ALTER DATABASE "{own_store.name}" CONNECTION LIMIT 0')
    own_store.execute("CREATE ROLE plain LOGIN IN ROLE noillusion_api, noillusion_worker")
    try:
        deploy(own_store.server.url(own_store.name, "plain"))
        assert refused(read())
        own_store.execute(f'ALTER DATABASE "{own_store.name}" CONNECTION LIMIT -1')
        assert read().status == 200
    finally:
        loop.run(database().close())
        own_store.execute("DROP ROLE plain")
