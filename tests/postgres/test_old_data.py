"""A database that an earlier version filled: migrations take its rows along, and chores bring them up to date."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from noillusion import idempotency
from tests.api.harness import Client, Context, load
from tests.postgres.rows import ALICE, BOB, VALUES, insert
from tests.support.databases import PostgresStore
from tools import migrate
from tools.migrate import ensure, migrations

EARLIER = "20261126090000"
"""The last migration of the version before keys were hashed."""
MARK = "My secret plan: order 66"
TEMPLATE = {"name": "n", "content_mode": "personal", "user_text": "{topic}"}


@pytest.fixture
def old(empty: PostgresStore, monkeypatch: pytest.MonkeyPatch, deploy: Callable[[str], None]) -> Iterator[PostgresStore]:
    """A deployment on a database of the earlier version with a row in every table for two users, migrated since."""
    known = migrations()
    with monkeypatch.context() as before:
        before.setattr(migrate, "migrations", lambda: [m for m in known if m.version <= EARLIER])
        ensure(empty.url)
    for user in (ALICE, BOB):
        for table in VALUES:
            # Nothing wrote schedules then, and their table was another one.
            if table in empty.tables() and table != "schedules":
                empty.execute(insert(user, table))
    for table in idempotency.ONCE_PLAIN:
        empty.execute(f"UPDATE {table} SET idempotency_key = '{MARK}' WHERE user_id <> 'system'")
    # Templates of the product's own may get new versions.
    theirs = "SELECT id FROM {0} t WHERE to_jsonb(t) ->> 'user_id' IS DISTINCT FROM 'system' ORDER BY id"
    rows = {table: empty.fetch(theirs.format(table)) for table in empty.tables()}
    assert ensure(empty.url) == [m.label for m in known if m.version > EARLIER]
    assert {table: empty.fetch(theirs.format(table)) for table in rows} == rows
    deploy(empty.url)
    yield empty


def test_C17_keys_that_were_stored_as_they_came_are_hashed_and_still_known(old: PostgresStore) -> None:
    assert MARK in old.dump()
    assert load("maintain").handler({"task": "retention"}, Context(60))["plain_keys"] == 6
    assert MARK not in old.dump()
    made = old.fetch(f"SELECT id FROM prompt_templates WHERE user_id = '{ALICE}'")
    again = Client(ALICE).request("templates", "POST", "/v1/templates", body=TEMPLATE, headers={"idempotency-key": MARK})
    # The same key with another template: it was recognised.
    assert (again.status, again.json["code"]) == (409, "idempotency_key_reused")
    assert old.fetch(f"SELECT id FROM prompt_templates WHERE user_id = '{ALICE}'") == made


def test_the_chore_finds_plain_keys_by_an_index(old: PostgresStore) -> None:
    old.execute("INSERT INTO posts (user_id, idempotency_key) SELECT 'auth0|c', 'hmac:.' || n FROM generate_series(1, 5000) n")
    old.execute("ANALYZE posts")
    found = idempotency._plain("posts", ("", "00000000-0000-0000-0000-000000000000"))
    from psycopg import sql

    values = {name: sql.Literal(value) for name, value in found.params.items()}
    text = found.text
    for name, value in values.items():
        text = text.replace(f":{name}", value.as_string())
    plan = "\n".join(row[0] for row in old.fetch(f"EXPLAIN {text}"))
    assert "posts_plain_keys" in plan and "Seq Scan" not in plan
