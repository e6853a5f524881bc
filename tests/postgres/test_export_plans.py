"""A part of an export costs what it holds, however long the history before and behind it and whatever others have.

Looked at as the API role with its claims: row-level security is part of the plan.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local.databases.postgres import Server
from noillusion.db import postgres
from noillusion.privacy import data_map, export_store
from noillusion.privacy.export_store import Place
from tests.support import databases
from tests.support.databases import PostgresStore

ALICE = "auth0|alice"
POSTS, OTHERS, READINGS = 4_000, 4_000, 4
LIMIT = 200

FILL = f"""
INSERT INTO profiles (user_id) SELECT 'auth0|' || n FROM generate_series(1, 20) n;
INSERT INTO profiles (user_id) VALUES ('{ALICE}');
CREATE TEMP TABLE people AS
  SELECT n, CASE WHEN n <= {POSTS} THEN '{ALICE}' ELSE 'auth0|' || n % 20 END AS who, now() - make_interval(mins => n) AS at
  FROM generate_series(1, {POSTS + OTHERS}) n;
INSERT INTO platform_connections
  (user_id, platform, account_id, account_kind, sealed_access_token, sealing_key_id, token_issued_at)
  SELECT DISTINCT who, 'tiktok', 'account', 'user', 'v1.k1.x', 'k1', now() FROM people;
INSERT INTO posts (user_id, idempotency_key, created_at) SELECT who, n::text, at FROM people ORDER BY random();
INSERT INTO post_targets (user_id, post_id, platform, account_id, position, kind, deadline_at, created_at)
  SELECT user_id, id, 'tiktok', 'account', 0, 'video', created_at, created_at FROM posts ORDER BY random();
INSERT INTO post_analytics (user_id, target_id, polled_at, views, created_at)
  SELECT t.user_id, t.id, t.created_at + make_interval(hours => n), n, t.created_at + make_interval(hours => n)
  FROM generate_series(1, {READINGS}) n, post_targets t;
INSERT INTO post_figures (user_id, target_id, read_at, good_at, views)
  SELECT user_id, id, now(), now(), 1 FROM post_targets ORDER BY random();
INSERT INTO post_polls (user_id, target_id, connection_id, platform, published_at, due_at)
  SELECT t.user_id, t.id, c.id, t.platform, t.created_at, now()
  FROM post_targets t JOIN platform_connections c ON c.user_id = t.user_id ORDER BY random();
INSERT INTO account_analytics (user_id, connection_id, polled_at, followers, created_at)
  SELECT c.user_id, c.id, p.at, p.n, p.at FROM people p JOIN platform_connections c ON c.user_id = p.who;
INSERT INTO ai_usage_tracking (user_id, request_id, task, attempt, provider, model, key_source, outcome, created_at)
  SELECT who, gen_random_uuid(), 'generate', 1, 'openai', 'm', 'stored', 'ok', at FROM people ORDER BY random();
INSERT INTO notifications (user_id, kind, dedupe_key, created_at) SELECT who, 'kind', n::text, at FROM people ORDER BY random();
INSERT INTO webhooks (user_id, sealed_url, sealed_secret, sealing_key_id) SELECT DISTINCT who, 'u', 's', 'k1' FROM people;
INSERT INTO webhook_deliveries (user_id, webhook_id, event, queued_at, expires_at, created_at)
  SELECT who, w.id, 'kind', at, at, at FROM people JOIN webhooks w ON w.user_id = who ORDER BY random();
INSERT INTO prompt_templates (user_id, name, content_mode, created_at)
  SELECT who, 'name', 'personal', at FROM people ORDER BY random();
INSERT INTO prompt_template_versions (user_id, template_id, version, user_text, created_at)
  SELECT user_id, id, 1, 'text', created_at FROM prompt_templates WHERE user_id <> 'system' ORDER BY random();
INSERT INTO prompt_template_ratings (user_id, template_id, stars, created_at)
  SELECT '{ALICE}', id, 3, created_at FROM prompt_templates WHERE user_id <> '{ALICE}' ORDER BY random();
INSERT INTO schedules (user_id, due_at, created_at) SELECT who, at, at FROM people ORDER BY random();
INSERT INTO schedule_targets (user_id, schedule_id, platform, position, way, created_at)
  SELECT user_id, id, 'tiktok', 0, 'notify', created_at FROM schedules ORDER BY random();
INSERT INTO schedule_occurrences (user_id, schedule_id, target_id, due_at, local_due, created_at)
  SELECT user_id, schedule_id, id, created_at, 'local', created_at FROM schedule_targets ORDER BY random();
"""
LONG = (
    "posts",
    "post_targets",
    "post_analytics",
    "post_figures",
    "ai_usage_tracking",
    "notifications",
    "webhook_deliveries",
    "prompt_template_ratings",
    "schedules",
    "schedule_targets",
    "schedule_occurrences",
)
"""Tables in which a user may have any number of rows."""
SHORT = {
    # One for each template of others that somebody chose a version of, or reported.
    "prompt_template_choices",
    # Some readings a day and account; read by the account's own index, at most all that are left of one account at a time.
    "account_analytics",
    # One for each post of the last 90 days, read in the same way.
    "post_polls",
    "profiles",
    "ai_provider_keys",
    "ai_provider_state",
    "ai_spending",
    "request_counts",
    "platform_connections",
    "former_accounts",
    "connection_attempts",
    "webhooks",
    # Each is made by hand.
    "schedule_requests",
    # At most one for each account, and one.
    "slot_plans",
    "calendar_tokens",
    # At most 500 templates, with versions that a person wrote.
    "prompt_templates",
    "prompt_template_versions",
}
"""Tables that hold few rows of a user."""


@pytest.fixture(scope="module")
def history(postgres_server: Server) -> Iterator[PostgresStore]:
    """One user with a long history among others."""
    with databases.fresh(postgres_server) as store:
        for statement in FILL.split(";\n"):
            if statement.strip():
                store.execute(statement)
        store.execute("VACUUM ANALYZE")
        yield store


def places(store: PostgresStore, table: str) -> list[Place | None]:
    """Where parts could begin: at the start, in the middle, near the end."""
    by = export_store.key(table)
    found = store.fetch(f"SELECT {by.first}, {by.second} FROM {table} WHERE user_id = '{ALICE}' ORDER BY {by.first}, {by.second}")
    assert len(found) >= POSTS, table
    return [None, found[len(found) // 2], found[-LIMIT - 1]]


def explain(store: PostgresStore, table: str, after: Place | None) -> dict[str, Any]:
    """The plan of one read with what it took, as the API role."""
    statement = export_store.rows(ALICE, table, after, LIMIT)
    with store.acting(postgres.API_ROLE, json.dumps({"sub": ALICE})) as connection:
        text = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {postgres._positional(statement.text)}"
        row = connection.execute(text.encode(), statement.params).fetchone()
    assert row is not None
    return dict(row[0][0]["Plan"])


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A plan's nodes."""
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def test_every_table_is_long_or_short() -> None:
    assert {*LONG} | SHORT == {entry.table for entry in data_map.TABLES}


@pytest.mark.parametrize("table", LONG)
def test_H2_a_part_costs_what_it_holds_wherever_it_begins(history: PostgresStore, table: str) -> None:
    for after in places(history, table):
        plan = explain(history, table, after)
        scans = [node for node in nodes(plan) if node.get("Relation Name") == table]
        assert scans and all(node["Node Type"] != "Seq Scan" for node in scans), plan
        assert plan["Actual Rows"] == LIMIT
        # Rows of others between the user's may be read in vain, where an index without the user is the better one. Rows before
        # the place are not, nor those far behind it.
        assert sum(node["Actual Rows"] + node.get("Rows Removed by Filter", 0) for node in scans) <= 3 * LIMIT, plan
        assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] <= 3 * LIMIT, plan
