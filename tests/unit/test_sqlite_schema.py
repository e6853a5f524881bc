"""The embedded schema follows the migrations in their order: later ones change earlier ones, unknown statements are refused."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tools.sqlite_schema import MIGRATIONS, POSTGRES_ONLY, UnknownStatement, generate

FIRST = "CREATE TABLE notes (id uuid PRIMARY KEY, kind text NOT NULL CHECK (kind IN ('a', 'b')), owner text, UNIQUE (owner));"


def columns(schema: str, table: str = "notes") -> dict[str, tuple[str, bool, str | None]]:
    """Type, whether it is required, and default of each column."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(schema)
        rows = connection.execute(f"PRAGMA table_info({table})").fetchall()
    return {name: (kind, bool(required), value) for _, name, kind, required, value, _ in rows}


@pytest.fixture
def migrated(tmp_path: Path) -> Callable[..., str]:
    """Writes migrations and generates from them."""

    def write(*texts: str) -> str:
        for number, text in enumerate(texts):
            (tmp_path / f"2026010{number}_step.sql").write_text(text)
        return generate(tmp_path.glob("*.sql"))

    return write


def test_a_column_added_by_a_later_migration_is_there(migrated: Callable[..., str]) -> None:
    schema = migrated(
        FIRST, "ALTER TABLE notes ADD COLUMN IF NOT EXISTS colour text NOT NULL DEFAULT 'red' CHECK (colour <> '');"
    )
    assert list(columns(schema)) == ["id", "kind", "owner", "colour"]
    assert columns(schema)["colour"] == ("TEXT", True, "'red'")


def test_a_column_added_to_the_product_s_own_schema_is_there(tmp_path: Path) -> None:
    added = tmp_path / "20991231000000_motto.sql"
    added.write_text("ALTER TABLE profiles ADD COLUMN motto text NOT NULL DEFAULT '';")
    schema = generate([*MIGRATIONS.glob("*.sql"), added])
    assert columns(schema, "profiles")["motto"] == ("TEXT", True, "''")


@pytest.mark.parametrize(
    ("change", "holds"),
    [
        ("ALTER TABLE notes DROP COLUMN id, ADD COLUMN size bigint;", "size BIGINT"),
        ("ALTER TABLE notes DROP CONSTRAINT notes_kind_check, ADD CONSTRAINT kinds CHECK (kind IN ('c'));", "kind IN ('c')"),
        ("ALTER TABLE notes ALTER COLUMN owner SET NOT NULL;", "owner TEXT NOT NULL"),
        ("ALTER TABLE notes ALTER COLUMN owner SET DEFAULT 'me';", "owner TEXT DEFAULT 'me'"),
        ("CREATE INDEX notes_kind ON notes (kind); CREATE INDEX other ON notes (owner); DROP INDEX other;", "notes_kind"),
    ],
)
def test_a_change_is_carried_over(migrated: Callable[..., str], change: str, holds: str) -> None:
    schema = migrated(FIRST, change)
    columns(schema)
    assert holds in schema
    assert "other" not in schema
    assert "kind IN ('a', 'b')" in schema or "notes_kind_check" in change


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE notes SET kind = 'b';",
        "CREATE POLICY own ON notes USING (true);",
        "ALTER TABLE notes RENAME COLUMN owner TO person;",
        "ALTER TABLE absent ADD COLUMN x text;",
        "ALTER TABLE notes DROP COLUMN absent;",
        "ALTER TABLE notes DROP CONSTRAINT absent;",
        "GRANT SELECT ON notes TO somebody;",
    ],
)
def test_what_cannot_be_carried_over_is_refused_by_the_file_s_name(migrated: Callable[..., str], change: str) -> None:
    with pytest.raises(UnknownStatement, match=r"20260101_step\.sql"):
        migrated(FIRST, change)


def test_what_only_postgresql_has_stays_out_of_it(migrated: Callable[..., str]) -> None:
    assert "colour" not in migrated(FIRST, f"{POSTGRES_ONLY}\nALTER TABLE notes ADD COLUMN colour text;")
