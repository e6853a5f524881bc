"""S11: what the clock's question costs follows from what is due, not from what is scheduled. ``ROWS`` sets another size."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from bench import filling
from local.databases.postgres import Server
from noillusion.db import Statement, postgres
from noillusion.scheduling import chores, clock_store, lateness_store
from tests.support import databases
from tests.support.databases import PostgresStore

FEW, MANY = 1_000, int(os.environ.get("ROWS", "100000"))
DUE, BACKLOG = 100, 500
"""Occurrences of different accounts that are due, and of one account."""
NOW = datetime(2026, 12, 1, tzinfo=UTC)
FILL = """
INSERT INTO platform_connections
  (user_id, platform, account_id, account_kind, sealed_access_token, sealing_key_id, token_issued_at)
  SELECT 'auth0|' || n, 'linkedin', 'account', 'member', 'v1.k1.x', 'k1', now() FROM generate_series(1, {accounts}) n;
CREATE TABLE numbered AS SELECT row_number() OVER (ORDER BY id) - 1 AS n, id, user_id FROM platform_connections;
CREATE UNIQUE INDEX ON numbered (n);
INSERT INTO schedules (user_id, due_at) SELECT user_id, now() FROM numbered;
INSERT INTO schedule_targets (user_id, schedule_id, connection_id, platform, position, way)
  SELECT s.user_id, s.id, c.id, 'linkedin', 0, 'notify' FROM schedules s JOIN numbered c ON c.user_id = s.user_id;
INSERT INTO schedule_occurrences (user_id, schedule_id, target_id, connection_id, due_at, local_due, state, wake_at)
  SELECT t.user_id, t.schedule_id, t.id, t.connection_id, d.at, d.n::text, d.state,
    CASE WHEN d.state = 'pending' THEN d.at END
  FROM (SELECT n, CASE WHEN n % 2 = 0 THEN 'published' ELSE 'pending' END AS state,
      timestamptz '2026-12-01Z' + make_interval(mins => CASE WHEN n % 2 = 0 THEN -n ELSE 60 + n END) AS at
    FROM generate_series(1, {rows}) n) d
  JOIN numbered c ON c.n = d.n % {accounts} JOIN schedule_targets t ON t.connection_id = c.id;
INSERT INTO schedule_occurrences (user_id, schedule_id, target_id, connection_id, due_at, local_due, wake_at)
  SELECT t.user_id, t.schedule_id, t.id, t.connection_id, timestamptz '2026-12-01Z' - make_interval(secs => d.n), 'due ' || d.n,
    timestamptz '2026-12-01Z' - make_interval(secs => d.n)
  FROM (SELECT n, CASE WHEN n > {due} THEN 0 ELSE n END AS account FROM generate_series(1, {due} + {backlog}) n) d
  JOIN numbered c ON c.n = d.account JOIN schedule_targets t ON t.connection_id = c.id;
DROP TABLE numbered"""


def filled(server: Server, rows: int) -> Iterator[PostgresStore]:
    """Occurrences that are over or in the future, and a few that are due."""
    accounts = max(DUE + 1, min(rows // 10, 10_000))
    with databases.fresh(server) as store:
        with psycopg.connect(server.url(store.name), autocommit=True) as owner, filling.quickly(owner, ["schedule_occurrences"]):
            for statement in FILL.format(rows=rows, accounts=accounts, due=DUE, backlog=BACKLOG).split(";\n"):
                owner.execute(statement.encode())
        store.execute("VACUUM ANALYZE")
        yield store


@pytest.fixture(scope="module")
def few(postgres_server: Server) -> Iterator[PostgresStore]:
    """A small table."""
    yield from filled(postgres_server, FEW)


@pytest.fixture(scope="module")
def many(postgres_server: Server) -> Iterator[PostgresStore]:
    """A large table."""
    yield from filled(postgres_server, MANY)


def explain(store: PostgresStore, role: str, statement: Statement) -> dict[str, Any]:
    """The plan of a statement with what it took. What it writes is taken back."""
    text, row = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {postgres._positional(statement.text)}", None
    with store.acting(role, json.dumps({})) as connection:
        row = connection.execute(text.encode(), statement.params).fetchone()
        raise psycopg.Rollback

    assert row is not None
    return dict(row[0][0]["Plan"])


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A plan's steps."""
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def read(plan: dict[str, Any]) -> int:
    """How many pages a plan touched."""
    return int(plan["Shared Hit Blocks"]) + int(plan["Shared Read Blocks"])


def claim() -> Statement:
    """What the clock asks."""
    return clock_store.claim(NOW, NOW + timedelta(minutes=1), NOW + timedelta(minutes=2), chores.BATCH)


def test_S11_the_clock_reads_what_is_due_however_much_is_scheduled(few: PostgresStore, many: PostgresStore) -> None:
    small, large = (explain(store, postgres.WORKER_ROLE, claim()) for store in (few, many))
    assert [node["Node Type"] for node in nodes(large) if node["Node Type"] == "Seq Scan"] == []
    assert {plan["Actual Rows"] for plan in (small, large)} == {DUE + 1}, "of each account the first"
    print(f"S11: {FEW} rows {read(small)} pages, {MANY} rows {read(large)} pages")
    assert read(large) <= 2 * read(small), (read(small), read(large))


def test_S11_how_late_the_clock_is_costs_a_few_pages(many: PostgresStore) -> None:
    plan = explain(many, postgres.HEALTH_ROLE, lateness_store.oldest_wake(NOW))
    assert [node["Node Type"] for node in nodes(plan) if node["Node Type"] == "Seq Scan"] == []
    assert read(plan) <= 10


def test_two_clocks_claim_different_occurrences_and_do_not_wait_for_each_other(few: PostgresStore) -> None:
    statement, claimed = claim(), []
    with psycopg.connect(few.url) as first, psycopg.connect(few.url) as second:
        for connection in (first, second):
            connection.execute(f"SET ROLE {postgres.WORKER_ROLE}; SET lock_timeout = '2s'".encode())
            text = postgres._positional(statement.text).encode()
            claimed.append({row[0] for row in connection.execute(text, {**statement.params, "limit": 40}).fetchall()})
        first.rollback()
        second.rollback()
    one, other = claimed
    assert len(one) == len(other) == 40 and not one & other
