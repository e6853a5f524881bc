"""Limits of requests a minute on the engine of production: no number of connections passes one, and counting takes an index."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from noillusion.db import Actor, Statement, postgres
from noillusion.db.postgres import PostgresDatabase
from noillusion.publishing import limit_store
from noillusion.publishing import store as posts
from noillusion.publishing.rows import NewPost
from tests.support.databases import PostgresStore

ALICE = "auth0|alice"
NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
OVER = NOW - timedelta(minutes=1)
MOST, AT_ONCE = 3, 12
FEW = 100
"""Buffers that a statement may look at, catalog and triggers included. Every table here has more than 250."""


def claim(key: str) -> tuple[Statement, Statement]:
    """A request for a post: it is counted, and then its key is taken."""
    post = NewPost(str(uuid4()), ALICE, key, "f", None, None, None, str(uuid4()), NOW, NOW)
    return limit_store.count(ALICE, "posts", MOST, NOW, OVER, key), posts.claim(post, MOST)


def test_requests_over_many_connections_do_not_pass_the_limit_together(
    store: PostgresStore, deploy: Callable[[str], None]
) -> None:
    deploy(store.url)

    async def request(number: int) -> int:
        count, taken = claim(f"key-{number}")
        database = PostgresDatabase(store.url)
        try:
            return (await database.flight(Actor(ALICE), count, taken)).number_of(taken)
        finally:
            await database.close()

    async def at_once() -> list[int]:
        return await asyncio.gather(*map(request, range(AT_ONCE)))

    assert sum(asyncio.run(at_once())) == MOST
    assert store.fetch("SELECT COUNT(*) FROM posts") == [(MOST,)]
    assert store.fetch("SELECT requests FROM request_counts") == [(MOST + 1,)]


def buffers(store: PostgresStore, role: str, statement: Statement) -> int:
    """How many buffers a statement looks at in a role, as Alice where it acts for users."""
    claims = {"sub": ALICE} if role == postgres.API_ROLE else {"role": role}
    with store.acting(role, json.dumps(claims)) as connection:
        text = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {postgres._positional(statement.text)}"
        row = connection.execute(text.encode(), statement.params).fetchone()
    assert row is not None
    plan = row[0][0]["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def test_counting_costs_the_same_however_many_users_and_posts_there_are(own: PostgresStore) -> None:
    own.execute(
        f"""INSERT INTO request_counts (user_id, kind, window_start, requests)
            SELECT CASE WHEN n = 1 THEN '{ALICE}' ELSE 'auth0|' || n END, kind, '{NOW.isoformat()}', 1
            FROM generate_series(1, 20000) n, (VALUES ('posts'), ('checks')) AS k(kind)"""
    )
    own.execute(f"INSERT INTO posts (user_id, idempotency_key) SELECT '{ALICE}', n::text FROM generate_series(1, 20000) n")
    own.execute("VACUUM ANALYZE")
    count, taken = claim("key")
    current = limit_store.current(ALICE, "posts", OVER)
    assert buffers(own, postgres.API_ROLE, current) <= FEW
    assert buffers(own, postgres.API_ROLE, count) <= FEW
    assert buffers(own, postgres.API_ROLE, taken) <= FEW
    # Nothing is due, and finding that out does not read the table.
    assert buffers(own, postgres.WORKER_ROLE, limit_store.forget(OVER, 500)) <= FEW


def test_nobody_counts_or_sees_requests_of_somebody_else(store: PostgresStore) -> None:
    store.execute(f"INSERT INTO request_counts (user_id, kind, window_start, requests) VALUES ('auth0|bob', 'posts', '{NOW}', 2)")
    with store.acting(postgres.API_ROLE, json.dumps({"sub": ALICE})) as connection:
        assert connection.execute("SELECT * FROM request_counts").fetchall() == []
        assert connection.execute("UPDATE request_counts SET requests = 0").rowcount == 0
        assert connection.execute("DELETE FROM request_counts").rowcount == 0
