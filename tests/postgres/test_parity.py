"""Both engines have one schema: tables, columns, defaults, constraints and indexes are read from their catalogs and compared."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.databases import PostgresStore
from tests.support.shapes import CHANGES, Schema, differences, of_postgres, of_sqlite
from tools.migrate import SQLITE_SCHEMA, migrations
from tools.sqlite import constraints
from tools.sqlite.model import Schema as Model
from tools.sqlite.statements import read
from tools.sqlite_schema import SUPABASE, generate


def embedded(text: str) -> Schema:
    """The schema that a script makes in SQLite."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(text)
        return of_sqlite(connection)


def test_both_engines_have_the_same_schema(store: PostgresStore) -> None:
    schema = of_postgres(store)
    assert len(schema) == 35
    assert differences(schema, embedded(SQLITE_SCHEMA.read_text())) == []


MUTATIONS = {
    "a column's type": ("bio TEXT NOT NULL", "bio JSONB NOT NULL"),
    "nullability": ("account_id TEXT NOT NULL CHECK (account_id <> '')", "account_id TEXT CHECK (account_id <> '')"),
    "a default": ("DEFAULT 'personal'", "DEFAULT 'business'"),
    "a missing default": ("hint TEXT NOT NULL DEFAULT ''", "hint TEXT NOT NULL"),
    "a default instant": ("(strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'))", "'2026-01-01T00:00:00.000000Z'"),
    "a column more": ("bio TEXT NOT NULL", "mood TEXT, bio TEXT NOT NULL"),
    "a column's name": ("mission_statement", "mission"),
    "a check's list": ("IN ('business', 'influencer', 'personal')", "IN ('business', 'personal')"),
    "a check's absence": ("CHECK (sealed_key <> '')", ""),
    "a primary key that may be null": ("id UUID NOT NULL PRIMARY KEY", "id UUID PRIMARY KEY"),
    "a foreign key's action": ("ON DELETE SET NULL", "ON DELETE CASCADE"),
    "a unique index that is none": (
        "CREATE UNIQUE INDEX IF NOT EXISTS prompt_templates_default",
        "CREATE INDEX prompt_templates_default",
    ),
    "a partial index's condition": ("status = 'waiting';", "status = 'running';"),
    "a partial index that is whole": ("\nWHERE\n  metrics_due_at IS NOT NULL;", ";"),
}


@pytest.mark.parametrize("change", MUTATIONS)
def test_a_change_on_one_side_is_noticed(change: str, store: PostgresStore) -> None:
    text, (old, new) = SQLITE_SCHEMA.read_text(), MUTATIONS[change]
    assert old in text
    assert differences(of_postgres(store), embedded(text.replace(old, new, 1))) != []


POSTGRES_MUTATIONS = [
    "ALTER TABLE posts ALTER COLUMN answer_status TYPE bigint",
    "ALTER TABLE posts ALTER COLUMN answer_status SET NOT NULL",
    "ALTER TABLE profiles ALTER COLUMN locale SET DEFAULT 'de'",
    "ALTER TABLE post_targets DROP CONSTRAINT post_targets_retry_of_key",
    "ALTER TABLE post_targets DROP CONSTRAINT post_targets_post_id_fkey",
    "ALTER TABLE webhooks ADD CHECK (failures >= 0)",
    "DROP INDEX posts_user_created",
    "CREATE TABLE extra (id uuid PRIMARY KEY)",
]


@pytest.mark.parametrize("change", POSTGRES_MUTATIONS)
def test_a_change_on_the_other_side_is_noticed(change: str, own: PostgresStore) -> None:
    own.execute(change)
    assert differences(of_postgres(own), embedded(SQLITE_SCHEMA.read_text())) != []


# ---- later migrations -------------------------------------------------------------------------------------------------------

CONSTRAINTS = """
SELECT conrelid::regclass::text, conname FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND contype <> 'n' ORDER BY 1, 2"""


@pytest.mark.parametrize("change", CHANGES)
def test_both_engines_make_the_same_of_a_migration(change: str, own: PostgresStore, tmp_path: Path) -> None:
    supabase = shutil.copytree(SUPABASE, tmp_path / "supabase")
    (supabase / "migrations" / "20991231000000_change.sql").write_text(CHANGES[change])
    own.execute(CHANGES[change])
    assert differences(of_postgres(own), embedded(generate(supabase))) == []


@pytest.mark.parametrize("change", ["", CHANGES["a constraint"], "ALTER TABLE posts RENAME COLUMN idempotency_key TO key;"])
def test_constraints_have_the_same_names_for_both_engines(change: str, own: PostgresStore) -> None:
    model = Model()
    path = Path("change.sql")
    for found in migrations():
        for step in read(found.path, found.text):
            model.apply(step)
    if change:
        own.execute(change)
        for step in read(path, change):
            model.apply(step)
    known = [(table, name) for table, made in model.tables.items() for name in constraints.names(made.this)]
    assert sorted(known) == [tuple(row) for row in own.fetch(CONSTRAINTS)]
