"""The embedded schema follows the migrations in their order: later ones change earlier ones, unknown statements are refused."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tools.sqlite import statements
from tools.sqlite.ledger import own
from tools.sqlite.statements import POSTGRES_ONLY, UnknownStatement
from tools.sqlite_schema import SUPABASE, TARGET, generate

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

    folder = tmp_path / "migrations"
    folder.mkdir()

    def write(*texts: str) -> str:
        for number, text in enumerate(texts):
            (folder / f"2026010{number}_step.sql").write_text(text)
        return generate(tmp_path)

    return write


def test_a_column_added_by_a_later_migration_is_there(migrated: Callable[..., str]) -> None:
    schema = migrated(
        FIRST, "ALTER TABLE notes ADD COLUMN IF NOT EXISTS colour text NOT NULL DEFAULT 'red' CHECK (colour <> '');"
    )
    assert list(columns(schema)) == ["id", "kind", "owner", "colour"]
    assert columns(schema)["colour"] == ("TEXT", True, "'red'")


def test_a_column_added_to_the_product_s_own_schema_is_there(tmp_path: Path) -> None:
    copy = shutil.copytree(SUPABASE, tmp_path / "supabase")
    added = copy / "migrations" / "20991231000000_motto.sql"
    added.write_text("ALTER TABLE profiles ADD COLUMN motto text NOT NULL DEFAULT '';")
    schema = generate(copy)
    assert columns(schema, "profiles")["motto"] == ("TEXT", True, "''")


@pytest.mark.parametrize(
    ("change", "holds"),
    [
        ("ALTER TABLE notes DROP COLUMN id, ADD COLUMN size bigint;", "size BIGINT"),
        ("ALTER TABLE notes DROP CONSTRAINT notes_kind_check, ADD CONSTRAINT kinds CHECK (kind IN ('c'));", "kind IN ('c')"),
        ("ALTER TABLE notes ALTER COLUMN owner SET NOT NULL;", "owner TEXT NOT NULL"),
        ("ALTER TABLE notes ALTER COLUMN owner SET DEFAULT 'me';", "owner TEXT DEFAULT 'me'"),
        ("ALTER TABLE notes ALTER COLUMN owner TYPE bigint USING length(owner);", "owner BIGINT"),
        ("CREATE INDEX notes_kind ON notes (kind); CREATE INDEX other ON notes (owner); DROP INDEX other;", "notes_kind"),
    ],
)
def test_a_change_is_carried_over(migrated: Callable[..., str], change: str, holds: str) -> None:
    schema = migrated(FIRST, change)
    columns(schema)
    assert holds in schema
    assert "other" not in schema
    assert "kind IN ('a', 'b')" in schema or "notes_kind_check" in change


def test_constraints_go_by_the_names_that_postgresql_gives_them(migrated: Callable[..., str]) -> None:
    first = "CREATE TABLE notes (a text UNIQUE CHECK (a <> ''), b text, CHECK (a <> b), CHECK (b <> ''), UNIQUE (a, b));"
    names = ("notes_a_key", "notes_a_check", "notes_check", "notes_b_check", "notes_a_b_key")
    schema = migrated(first, f"ALTER TABLE notes {', '.join(f'DROP CONSTRAINT {name}' for name in names)};")
    assert "CHECK" not in schema and "UNIQUE" not in schema


def test_a_dropped_column_takes_its_constraints_and_indexes_along(migrated: Callable[..., str]) -> None:
    schema = migrated(FIRST, "CREATE INDEX gone ON notes (kind) WHERE owner IS NOT NULL;", "ALTER TABLE notes DROP COLUMN owner;")
    assert list(columns(schema)) == ["id", "kind"]
    assert "UNIQUE" not in schema and "gone" not in schema


RENAMED = """
CREATE TABLE replies (note_id uuid REFERENCES notes (id));
CREATE INDEX notes_owner ON notes (owner) WHERE owner <> '';
ALTER TABLE notes RENAME COLUMN owner TO person;
ALTER TABLE notes RENAME COLUMN id TO note_id;
ALTER TABLE notes RENAME TO letters;
ALTER INDEX notes_owner RENAME TO letters_person;
ALTER TABLE letters DROP CONSTRAINT notes_owner_key;
"""


def test_a_renamed_table_and_column_go_by_their_new_names_everywhere(migrated: Callable[..., str]) -> None:
    schema = migrated(FIRST, RENAMED)
    assert list(columns(schema, "letters")) == ["note_id", "kind", "person"]
    assert "owner" not in schema and "notes" not in schema and "UNIQUE" not in schema
    assert "INDEX letters_person ON letters(person)" in schema


def test_rows_are_what_the_migrations_leave(migrated: Callable[..., str]) -> None:
    schema = migrated(
        "CREATE TABLE moods (name text PRIMARY KEY, shown boolean NOT NULL DEFAULT true, at timestamptz NOT NULL DEFAULT now());",
        "INSERT INTO moods (name) VALUES ('calm'), ('bold'), ('raw') ON CONFLICT DO NOTHING;",
        "UPDATE moods SET shown = false WHERE name = 'bold'; DELETE FROM moods WHERE name = 'raw';",
        "ALTER TABLE moods RENAME COLUMN name TO mood;",
    )
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(schema)
        found = connection.execute("SELECT mood, shown, at LIKE '20__-__-__T%Z' FROM moods").fetchall()
    assert found == [("calm", 1, 1), ("bold", 0, 1)]


REFUSED = [
    "CREATE POLICY own ON notes USING (true);",
    "GRANT SELECT ON notes TO somebody;",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;",
    "DO $$ BEGIN NULL; END $$;",
    "CREATE TRIGGER t BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION f();",
    "COMMENT ON TABLE notes IS 'x';",
    "TRUNCATE notes;",
    "SELECT 1;",
    "CREATE TYPE mood AS ENUM ('a');",
    "CREATE SEQUENCE s;",
    "CREATE TABLE copies AS SELECT 1 AS x;",
    "CREATE TABLE copies (LIKE notes);",
    "CREATE UNLOGGED TABLE copies (x int);",
    "CREATE TABLE copies (x int) PARTITION BY RANGE (x);",
    "CREATE TABLE copies (x int GENERATED ALWAYS AS (1) STORED);",
    "CREATE TABLE copies (x int GENERATED ALWAYS AS IDENTITY);",
    "CREATE TABLE copies (x varchar(10));",
    "CREATE TABLE copies (x numeric(10, 2));",
    "CREATE TABLE copies (x text[]);",
    "CREATE TABLE copies (x serial);",
    "CREATE TABLE copies (x int, EXCLUDE USING gist (x WITH =));",
    "CREATE TABLE copies (x text, UNIQUE NULLS NOT DISTINCT (x));",
    "CREATE TABLE copies (x uuid REFERENCES notes (id) DEFERRABLE);",
    "CREATE TABLE copies (x uuid REFERENCES notes);",
    'CREATE TABLE copies (x text COLLATE "C");',
    "CREATE TABLE copies (x text CHECK (x ~ 'a'));",
    "CREATE TABLE copies (x text CHECK (f(x) = 'a'));",
    "CREATE TABLE copies (x timestamptz DEFAULT '2026-01-01'::timestamptz);",
    "CREATE TABLE notes (x text);",
    "CREATE MATERIALIZED VIEW seen AS SELECT 1;",
    "CREATE VIEW seen WITH (security_invoker = true) AS SELECT 1;",
    "CREATE INDEX i ON notes USING gin (kind);",
    "CREATE INDEX i ON notes (kind text_pattern_ops);",
    "CREATE INDEX i ON notes (kind) INCLUDE (owner);",
    "CREATE INDEX i ON absent (kind);",
    "ALTER TABLE notes SET (fillfactor = 70);",
    "ALTER TABLE notes OWNER TO somebody;",
    "ALTER TABLE notes FORCE ROW LEVEL SECURITY;",
    "ALTER TABLE notes ADD COLUMN x text, ENABLE ROW LEVEL SECURITY;",
    "ALTER TABLE notes ADD CONSTRAINT k CHECK (kind <> '') NOT VALID;",
    "ALTER TABLE notes RENAME CONSTRAINT notes_kind_check TO other;",
    "ALTER TABLE notes ALTER COLUMN owner TYPE bigint;",
    "ALTER TABLE notes ALTER COLUMN owner SET STATISTICS 5;",
    "ALTER TABLE notes DROP COLUMN owner CASCADE;",
    "ALTER TABLE IF EXISTS notes ADD COLUMN x text;",
    "ALTER TABLE public.notes ADD COLUMN x text;",
    "ALTER TABLE notes ADD COLUMN owner text;",
    "ALTER TABLE absent ADD COLUMN x text;",
    "ALTER TABLE notes DROP COLUMN absent;",
    "ALTER TABLE notes DROP CONSTRAINT absent;",
    "DROP TABLE absent;",
    "DROP INDEX absent;",
    "DROP FUNCTION f();",
    "CREATE TABLE replies (note_id uuid REFERENCES notes (id)); DROP TABLE notes;",
    "CREATE TABLE replies (note_id uuid REFERENCES notes (id)); ALTER TABLE notes DROP COLUMN id;",
    "CREATE VIEW seen AS SELECT owner FROM notes; ALTER TABLE notes RENAME COLUMN owner TO person;",
    "CREATE VIEW seen AS SELECT owner FROM notes; DROP TABLE notes;",
    "INSERT INTO absent (x) VALUES (1);",
    "UPDATE notes SET kind = jsonb_build_object('a', 1)::text;",
    "WITH gone AS (DELETE FROM notes RETURNING id) INSERT INTO notes (id, kind) SELECT id, 'a' FROM gone;",
    "MERGE INTO notes USING notes AS n ON notes.id = n.id WHEN MATCHED THEN DELETE;",
]


@pytest.mark.parametrize("change", REFUSED)
def test_what_cannot_be_carried_over_is_refused_with_file_and_statement(migrated: Callable[..., str], change: str) -> None:
    last = change.rstrip(";").split("; ")[-1]
    shown = change.rstrip(";") if "$$" in change else last
    with pytest.raises(UnknownStatement, match=r"20260101_step\.sql: " + re.escape(shown[:60])):
        migrated(FIRST, change)


def test_what_only_postgresql_has_stays_out_of_it(migrated: Callable[..., str]) -> None:
    only = f"{POSTGRES_ONLY}\nALTER TABLE notes ENABLE ROW LEVEL SECURITY; GRANT SELECT ON notes TO somebody;"
    assert list(columns(migrated(FIRST, only))) == ["id", "kind", "owner"]


HIDDEN = [
    "ALTER TABLE notes ADD COLUMN colour text;",
    "CREATE TABLE others (id uuid PRIMARY KEY);",
    "CREATE UNIQUE INDEX i ON notes (kind);",
    "UPDATE notes SET kind = 'b';",
    "WITH x AS (SELECT 1) DELETE FROM notes;",
    "ALTER TABLE notes ADD COLUMN colour text, ENABLE ROW LEVEL SECURITY;",
    "DO $$ BEGIN ALTER TABLE notes ADD COLUMN colour text; END $$;",
    "DO $$ BEGIN UPDATE public.notes SET kind = 'b'; END $$;",
    "SELECT 1;",
]


@pytest.mark.parametrize("change", HIDDEN)
def test_tables_and_rows_do_not_change_behind_sqlite_s_back(migrated: Callable[..., str], change: str, tmp_path: Path) -> None:
    with pytest.raises(UnknownStatement, match=r"20260101_step\.sql: .*supabase/sqlite/20260101_step\.sql"):
        migrated(FIRST, f"{POSTGRES_ONLY}\nGRANT SELECT ON notes TO somebody;\n{change}")
    instead = tmp_path / "sqlite" / "20260101_step.sql"
    instead.parent.mkdir()
    instead.write_text("-- The same in SQLite.\nINSERT INTO notes (id, kind) VALUES ('1', 'a');")
    assert "INSERT INTO notes (id, kind)" in migrated(FIRST, f"{POSTGRES_ONLY}\n{change}")
    instead.write_text("ALTER TABLE notes ADD COLUMN colour text;")
    with pytest.raises(UnknownStatement, match="only rows can be changed here"):
        migrated(FIRST, f"{POSTGRES_ONLY}\n{change}")


def test_every_statement_of_the_migrations_is_either_carried_over_or_about_access() -> None:
    """No statement is left out without a reason: what gives no step is skipped by PostgreSQL's marker and has no meaning here."""
    for path in (SUPABASE / "migrations").glob("*.sql"):
        text = path.read_text()
        written = list(statements.split(text))
        if not text.startswith(POSTGRES_ONLY):
            assert len(statements.read(path, text)) == len(written)
        elif not own(path).is_file():
            assert all(map(statements.only_postgres, written))
            assert statements.read(path, text) == []


def test_the_schema_is_the_same_to_the_byte_every_time(tmp_path: Path) -> None:
    code = "import sys; from tools.sqlite_schema import generate; sys.stdout.write(generate())"
    paths = os.pathsep.join(sys.path)
    made = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": paths},
            cwd=tmp_path,
        ).stdout
        for seed, zone in (("0", "UTC"), ("1", "Asia/Tokyo"))
    }
    assert made == {TARGET.read_bytes()}
