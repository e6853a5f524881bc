"""A database of every released schema is migrated on both engines: its rows are kept, and it ends like a new one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.postgres.test_migrations import CATALOG
from tests.support.databases import PostgresStore
from tests.support.dumps import SCHEMAS
from tests.support.shapes import differences, of_postgres, of_sqlite
from tools.migrate import ensure, migrations

RELEASED = sorted(path.name for path in SCHEMAS.iterdir() if path.is_dir())
PRIVILEGES = """
SELECT attrelid::regclass::text, attname, attacl::text FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
WHERE c.relnamespace = 'public'::regnamespace AND attacl IS NOT NULL"""
TEXTS = "SELECT id, system_text, user_text FROM prompt_template_versions WHERE user_id = 'system'"
CHANGED = {
    *(("prompt_template_versions", "system_text"), ("prompt_template_versions", "updated_at")),
    *(("prompt_templates", "version"), ("prompt_templates", "updated_at")),
    *(("schedules", "status"), ("schedules", "updated_at")),
}
"""Columns that a migration changed on purpose: the product's own templates, and a table that no release wrote."""
NEWEST = migrations()[-1].label

Rows = dict[str, dict[Any, dict[str, Any]]]


def lost(before: Rows, after: Rows) -> list[tuple[str, str]]:
    """Tables and columns that do not have what they had. The schemas are compared elsewhere, so a dropped column is not lost."""
    found = set()
    for table, rows in before.items():
        for key, row in rows.items():
            now = after[table].get(key)
            found |= {(table, name) for name, value in row.items() if now is None or (name in now and now[name] != value)}
    return sorted(found - CHANGED)


def access(store: PostgresStore) -> list[set[tuple[Any, ...]]]:
    """Privileges, policies, triggers and functions, and the texts of the product's templates."""
    queries = (*CATALOG[:-1], PRIVILEGES, TEXTS)
    return [{(*row[:2], *(privileges(cell) for cell in row[2:])) for row in store.fetch(query)} for query in queries]


def privileges(value: Any) -> Any:
    """A list of privileges without its order, which says when they were granted."""
    return frozenset(value.strip("{}").split(",")) if isinstance(value, str) and value.startswith("{") and "=" in value else value


def postgres_rows(store: PostgresStore) -> Rows:
    return {
        table: {row[0]["id"]: row[0] for row in store.fetch(f'SELECT row_to_json(t) FROM "{table}" t')}
        for table in store.tables()
    }


def sqlite_rows(database: sqlite3.Connection) -> Rows:
    tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found: Rows = {}
    for table in (name for name in tables if name != "schema_migrations"):
        cursor = database.execute(f"SELECT * FROM {table}")
        names = [column[0] for column in cursor.description]
        found[table] = {row[0]: dict(zip(names, row, strict=True)) for row in cursor}
    return found


def test_the_first_release_is_here() -> None:
    assert "0.1.0" in RELEASED
    assert {path.name for name in RELEASED for path in (SCHEMAS / name).iterdir()} == {"sqlite.sql", "postgres.sql"}


@pytest.mark.parametrize("version", RELEASED)
def test_a_released_postgresql_database_is_brought_up_to_date(version: str, empty: PostgresStore, store: PostgresStore) -> None:
    empty.execute((SCHEMAS / version / "postgres.sql").read_text())
    empty.execute("RESET ALL")
    before = postgres_rows(empty)
    assert len(before["profiles"]) == 2
    assert NEWEST in ensure(empty.url)
    assert ensure(empty.url) == []
    assert lost(before, postgres_rows(empty)) == []
    assert differences(of_postgres(empty), of_postgres(store)) == []
    for found, expected in zip(access(empty), access(store), strict=True):
        assert sorted(map(str, found - expected)) == [] and sorted(map(str, expected - found)) == []


@pytest.mark.parametrize("version", RELEASED)
def test_a_released_sqlite_database_is_brought_up_to_date(version: str, tmp_path: Path) -> None:
    path, new = tmp_path / "old.sqlite3", tmp_path / "new.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        database.executescript((SCHEMAS / version / "sqlite.sql").read_text())
        before = sqlite_rows(database)
    assert len(before["profiles"]) == 2
    assert NEWEST in ensure(f"sqlite:///{path}")
    assert ensure(f"sqlite:///{path}") == []
    ensure(f"sqlite:///{new}")
    with closing(sqlite3.connect(path)) as database, closing(sqlite3.connect(new)) as fresh:
        after, expected = sqlite_rows(database), sqlite_rows(fresh)
        assert lost(before, after) == []
        assert differences(of_sqlite(database), of_sqlite(fresh)) == []
        for table in ("platforms", "ai_providers"):
            assert after[table] == expected[table]
        texts = [{key: row["system_text"] for key, row in rows["prompt_template_versions"].items()} for rows in (after, expected)]
        assert texts[1].items() <= texts[0].items()
