"""A page of posts of one platform or connection costs the same, however many posts a user has and however rare those are.

Looked at as the API role with its claims: row-level security is part of the plan.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from local.databases.postgres import Server
from noillusion.db import postgres
from noillusion.publishing import store as posts
from noillusion.publishing.filters import Filters
from tests.support import databases
from tests.support.databases import PostgresStore

ALICE = "auth0|alice"
POSTS, OTHERS, LIMIT = 4_000, 8_000, 20
MOST = 300
"""Buffers that a statement for one page may look at. Reading all posts of the user takes more than 10,000."""
MOST_BY_REFERENCE = 100
"""The same for the posts of a reference. Without its index all rows of posts, which are short, are read: 133 buffers."""

FILL = f"""
CREATE TEMP TABLE people AS
  SELECT n, CASE WHEN n <= {POSTS} THEN '{ALICE}' ELSE 'auth0|' || n % 40 END AS who, now() - make_interval(mins => n) AS at
  FROM generate_series(1, {POSTS + OTHERS}) n;
INSERT INTO platform_connections
  (user_id, platform, account_id, account_kind, sealed_access_token, sealing_key_id, token_issued_at)
  SELECT DISTINCT who, p, 'account', 'user', 'v1.k1.x', 'k1', now()
  FROM people, (VALUES ('facebook'), ('instagram'), ('linkedin'), ('tiktok')) AS v(p);
INSERT INTO posts (user_id, idempotency_key, created_at, client_reference)
  SELECT who, n::text, at, CASE WHEN n = {POSTS} THEN 'oldest' WHEN n % 2 = 0 THEN 'half' END FROM people ORDER BY random();
INSERT INTO post_targets
  (user_id, post_id, connection_id, platform, account_id, position, kind, status, accepted_id, deadline_at, created_at)
  SELECT p.user_id, p.id, c.id, c.platform, 'account', 0, 'video', 'published', 'a', p.created_at, p.created_at
  FROM posts p JOIN platform_connections c ON c.user_id = p.user_id AND c.platform = CASE
    WHEN p.user_id = '{ALICE}' AND p.idempotency_key = '{POSTS}' THEN 'tiktok'
    WHEN p.user_id = '{ALICE}' AND p.idempotency_key::int > {POSTS - 30} THEN 'linkedin'
    WHEN p.user_id = '{ALICE}' THEN 'facebook'
    ELSE (ARRAY['facebook', 'instagram', 'linkedin', 'tiktok'])[1 + p.idempotency_key::int % 4] END
  ORDER BY random();
"""
FOUND = {"facebook": LIMIT + 1, "linkedin": LIMIT + 1, "tiktok": 1, "instagram": 0}
"""Rows of a first page and one more: of nearly all posts, of the 29 before the oldest, of the oldest, of none."""


@pytest.fixture(scope="module")
def history(postgres_server: Server) -> Iterator[PostgresStore]:
    """One user with many posts among others."""
    with databases.fresh(postgres_server) as store:
        for statement in FILL.split(";\n"):
            if statement.strip():
                store.execute(statement)
        store.execute("VACUUM ANALYZE")
        yield store


def plans(store: PostgresStore, filters: Filters, after: tuple[str, str] | None = None) -> Iterator[dict[str, Any]]:
    """What each statement of a page took, as the API role."""
    for statement in posts.page(ALICE, filters, after, LIMIT):
        with store.acting(postgres.API_ROLE, json.dumps({"sub": ALICE})) as connection:
            text = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {postgres._positional(statement.text)}"
            row = connection.execute(text.encode(), statement.params).fetchone()
        assert row is not None
        yield dict(row[0][0]["Plan"])


def filters(store: PostgresStore, name: str, platform: str) -> Filters:
    """The filter by a platform, or by the user's connection there."""
    ((connection,),) = store.fetch(f"SELECT id FROM platform_connections WHERE user_id = '{ALICE}' AND platform = '{platform}'")
    both = {"platform": platform, "connection_id": str(connection)}
    return Filters(**(both if name == "both" else {name: both[name]}))  # type: ignore[arg-type]


@pytest.mark.parametrize("platform", FOUND)
@pytest.mark.parametrize("name", ["platform", "connection_id", "both"])
def test_H2_a_page_of_an_account_costs_the_same_however_many_posts_there_are(
    history: PostgresStore, name: str, platform: str
) -> None:
    for plan in plans(history, filters(history, name, platform)):
        assert plan["Actual Rows"] == FOUND[platform]
        assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] <= MOST, plan


@pytest.mark.parametrize("name", ["platform", "connection_id"])
def test_H2_a_later_page_of_an_account_costs_no_more(history: PostgresStore, name: str) -> None:
    middle = f"SELECT created_at, id FROM posts WHERE user_id = '{ALICE}' ORDER BY created_at OFFSET {POSTS // 2} LIMIT 1"
    ((at, post_id),) = history.fetch(middle)
    assert isinstance(at, datetime)
    for plan in plans(history, filters(history, name, "facebook"), (at.isoformat(), str(post_id))):
        assert plan["Actual Rows"] == LIMIT + 1
        assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] <= MOST, plan


@pytest.mark.parametrize(("reference", "rows"), [("half", LIMIT + 1), ("oldest", 1), ("nowhere", 0)])
def test_H2_a_page_of_a_reference_costs_the_same_however_many_posts_there_are(
    history: PostgresStore, reference: str, rows: int
) -> None:
    for plan in plans(history, Filters(client_reference=reference)):
        assert plan["Actual Rows"] == rows
        assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] <= MOST_BY_REFERENCE, plan


def test_H2_a_later_page_of_a_reference_costs_no_more(history: PostgresStore) -> None:
    middle = f"SELECT created_at, id FROM posts WHERE user_id = '{ALICE}' ORDER BY created_at OFFSET {POSTS // 2} LIMIT 1"
    ((at, post_id),) = history.fetch(middle)
    assert isinstance(at, datetime)
    for plan in plans(history, Filters(client_reference="half"), (at.isoformat(), str(post_id))):
        assert plan["Actual Rows"] == LIMIT + 1
        assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] <= MOST_BY_REFERENCE, plan


def test_H2_the_post_of_a_key_is_looked_up_in_an_index(history: PostgresStore) -> None:
    for plan in plans(history, Filters(keys=("7", "no such key"))):
        assert plan["Actual Rows"] == 1
        assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] <= MOST_BY_REFERENCE, plan
