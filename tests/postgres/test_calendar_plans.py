"""A page of the calendar costs the same, however much a user has scheduled and published.

Looked at as the API role with its claims: row-level security is part of the plan.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.databases.postgres import Server
from noillusion.db import Statement, postgres
from noillusion.scheduling import calendar_store, slot_store
from noillusion.scheduling.calendar_store import Span
from tests.support import databases
from tests.support.databases import PostgresStore

ALICE = "auth0|alice"
ROWS, OTHERS, LIMIT = 6_000, 6_000, 101
START = datetime(2027, 1, 1, tzinfo=UTC)
MIDDLE = START + timedelta(hours=ROWS // 2)
MOST = 1_200
"""Buffers that a statement of one page may look at. Without the indexes it would be more than 10,000."""

FILL = f"""
CREATE TEMP TABLE hours AS
  SELECT n, CASE WHEN n <= {ROWS} THEN '{ALICE}' ELSE 'auth0|' || n % 40 END AS who,
    timestamptz '2027-01-01T00:00:00Z' + make_interval(hours => n % {ROWS}) AS at
  FROM generate_series(1, {ROWS + OTHERS}) n;
INSERT INTO platform_connections
  (user_id, platform, account_id, account_kind, sealed_access_token, sealing_key_id, token_issued_at)
  SELECT DISTINCT who, 'tiktok', 'account', 'user', 'v1.k1.x', 'k1', now() FROM hours;
INSERT INTO schedules (user_id, due_at, client_reference) SELECT who, at, n::text FROM hours ORDER BY random();
INSERT INTO schedule_targets (user_id, schedule_id, connection_id, platform, position, way)
  SELECT s.user_id, s.id, c.id, 'tiktok', 0, 'pull' FROM schedules s JOIN platform_connections c ON c.user_id = s.user_id
  ORDER BY random();
INSERT INTO schedule_occurrences (user_id, schedule_id, target_id, connection_id, due_at, local_due, state)
  SELECT t.user_id, t.schedule_id, t.id, t.connection_id, s.due_at, 'local', 'published'
  FROM schedule_targets t JOIN schedules s ON s.id = t.schedule_id ORDER BY random();
INSERT INTO posts (user_id, idempotency_key) SELECT who, n::text FROM hours ORDER BY random();
INSERT INTO post_targets
  (user_id, post_id, platform, account_id, position, kind, status, accepted_id, deadline_at, published_at)
  SELECT p.user_id, p.id, 'tiktok', 'account', 0, 'video', 'published', 'a', h.at, h.at
  FROM posts p JOIN hours h ON h.n::text = p.idempotency_key ORDER BY random();
UPDATE schedules SET rrule = 'FREQ=DAILY' WHERE client_reference::int % 600 = 0;
INSERT INTO slot_plans (user_id, connection_id, time_zone) SELECT user_id, id, 'UTC' FROM platform_connections;
"""


@pytest.fixture(scope="module")
def history(postgres_server: Server) -> Iterator[PostgresStore]:
    """One user with much in the calendar among others."""
    with databases.fresh(postgres_server) as store:
        for statement in FILL.split(";\n"):
            if statement.strip():
                store.execute(statement)
        store.execute("VACUUM ANALYZE")
        yield store


def taken(store: PostgresStore, statement: Statement) -> tuple[int, int]:
    """Rows and buffers of a statement, as the API role."""
    with store.acting(postgres.API_ROLE, json.dumps({"sub": ALICE})) as connection:
        text = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {postgres._positional(statement.text)}"
        row = connection.execute(text.encode(), statement.params).fetchone()
    assert row is not None
    plan: dict[str, Any] = row[0][0]["Plan"]
    return plan["Actual Rows"], plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]


@pytest.mark.parametrize("after", [None, (MIDDLE, ""), (MIDDLE, "00000000-0000-4000-8000-000000000000")])
@pytest.mark.parametrize("read", [calendar_store.scheduled, calendar_store.published])
def test_a_page_of_the_calendar_costs_the_same_however_much_there_is(history: PostgresStore, read: Any, after: Any) -> None:
    span = Span(MIDDLE - timedelta(days=5), MIDDLE + timedelta(days=87), after)
    rows, buffers = taken(history, read(ALICE, {}, span, LIMIT))
    assert rows == LIMIT and buffers <= MOST


def test_a_filter_reads_no_more_than_the_period(history: PostgresStore) -> None:
    span = Span(MIDDLE, MIDDLE + timedelta(days=10), None)
    for filters in ({"platform": "facebook"}, {"state": "missed"}):
        assert taken(history, calendar_store.scheduled(ALICE, filters, span, LIMIT)) <= (0, 2 * MOST)


def test_what_takes_slots_and_what_recurs_is_found_in_indexes(history: PostgresStore) -> None:
    rows, buffers = taken(history, calendar_store.recurring(ALICE, {}))
    assert rows == 10 and buffers <= MOST
    assert taken(history, slot_store.taken(ALICE, MIDDLE, MIDDLE + timedelta(days=10))) <= (0, MOST)
    assert taken(history, slot_store.plans(ALICE, {})) <= (1, 20)
