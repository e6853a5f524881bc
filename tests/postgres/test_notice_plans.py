"""A page of notices costs the same, however many a user has and however few of them are unread.

Looked at as the API role with its claims: row-level security is part of the plan.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import pytest

from local.databases.postgres import Server
from noillusion.db import Statement, postgres
from noillusion.notices import store as notices
from tests.support import databases
from tests.support.databases import PostgresStore

ALICE = "auth0|alice"
NOTICES, OTHERS, LIMIT = 6_000, 12_000, 20
UNREAD = 15
"""The oldest of Alice's are the unread ones."""
MOST = 100
"""Pages that a statement may look at. Reading all notices of the user takes thousands."""
SUBJECT = "00000000-0000-4000-8000-000000000001"
FILL = f"""
INSERT INTO notifications (user_id, kind, subject_id, dedupe_key, unread, created_at)
  SELECT CASE WHEN n <= {NOTICES} THEN '{ALICE}' ELSE 'auth0|' || n % 40 END,
    CASE WHEN n % 100 = 0 THEN 'schedule_problem' ELSE 'publish_finished' END, '{SUBJECT}', n::text,
    n > {NOTICES} OR n > {NOTICES - UNREAD}, timestamptz '2026-11-28Z' - make_interval(mins => n)
  FROM generate_series(1, {NOTICES + OTHERS}) n ORDER BY random()
"""
NONE: Mapping[str, object] = {}


@pytest.fixture(scope="module")
def told(postgres_server: Server) -> Iterator[PostgresStore]:
    """One user with many notices among others."""
    with databases.fresh(postgres_server) as store:
        store.execute(FILL)
        store.execute("VACUUM ANALYZE")
        yield store


def plan(store: PostgresStore, statement: Statement) -> dict[str, Any]:
    """What a statement took, as the API role."""
    with store.acting(postgres.API_ROLE, json.dumps({"sub": ALICE})) as connection:
        text = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {postgres._positional(statement.text)}"
        row = connection.execute(text.encode(), statement.params).fetchone()
    assert row is not None
    return dict(row[0][0]["Plan"])


def cheap(store: PostgresStore, statement: Statement, rows: int) -> None:
    taken = plan(store, statement)
    assert taken["Actual Rows"] == rows
    assert taken["Shared Hit Blocks"] + taken["Shared Read Blocks"] <= MOST, taken


@pytest.mark.parametrize(
    ("filters", "rows"),
    [({}, LIMIT + 1), ({"unread": True}, UNREAD), ({"unread": False}, LIMIT + 1), ({"kind": "schedule_problem"}, LIMIT + 1)],
)
def test_S11_the_first_page_of_notices_costs_the_same_however_many_there_are(
    told: PostgresStore, filters: Mapping[str, object], rows: int
) -> None:
    cheap(told, notices.page(ALICE, filters, None, LIMIT), rows)


@pytest.mark.parametrize("of", ["unread", "read"])
def test_S11_a_later_page_of_notices_costs_no_more(told: PostgresStore, of: str) -> None:
    unread, offset, rows = (True, 5, LIMIT + 1) if of == "unread" else (False, NOTICES // 2, LIMIT + 1)
    last = f"""SELECT created_at, id FROM notifications WHERE user_id = '{ALICE}' AND unread = {unread}
               ORDER BY created_at DESC, id DESC OFFSET {offset} LIMIT 1"""
    ((at, notice_id),) = told.fetch(last)
    assert isinstance(at, datetime)
    cheap(told, notices.page(ALICE, NONE, (str(int(unread)), at.isoformat(), str(notice_id)), LIMIT), rows)


def test_S11_counting_unread_notices_reads_them_alone(told: PostgresStore) -> None:
    cheap(told, notices.unread(ALICE), 2)
