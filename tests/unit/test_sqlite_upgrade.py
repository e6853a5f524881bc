"""An existing SQLite database gets what it lacks, keeps its rows and ends with the newest schema, or it stays as it was."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.postgres.rows import ALICE, BOB, VALUES
from tests.postgres.rows import insert as insertion
from tests.support.shapes import CHANGES, of_sqlite
from tools import migrate
from tools.migrate import Migration, ensure, migrations
from tools.sqlite.ledger import LEDGER, MAKE_LEDGER, SchemaMismatch
from tools.sqlite.model import Schema
from tools.sqlite.statements import read
from tools.sqlite_schema import SUPABASE, TARGET, TRIGGERS, generate

UNSAFE = "PRAGMA synchronous = OFF"
"""Nobody needs the databases of a test after a power cut."""
NOW = "strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')"
KNOWN = migrations()


def insert(user: str, table: str) -> str:
    return insertion(user, table).replace("now()", NOW)


def contents(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: [dict(row) for row in database.execute(f"SELECT * FROM {name} ORDER BY rowid")] for name in names}


UNUSED = {"status", "updated_at"}
"""Columns of schedules that a migration changed in rows that no version wrote."""


def in_old_form(statement: str, columns: set[str]) -> str:
    """The insertion of a schedule for a table from before schedules were made of targets."""
    if "strategy" not in columns:
        return statement
    return statement.replace("due_at)", "due_at, strategy)").removesuffix(")") + ", 'notify')"


def kept(before: dict[str, list[dict[str, Any]]], after: dict[str, list[dict[str, Any]]]) -> bool:
    """Whether every row is still there with every value that its columns had, if the column is.

    A release may bring a new version of the product's own templates, or the words by which they are found, and the first figures
    may be older than their row.
    """

    def free(table: str, name: str, row: dict[str, Any]) -> bool:
        if table == "prompt_templates" and row["user_id"] == "system":
            return name in ("version", "updated_at", "search_text", "is_searchable")
        if table == "post_figures":
            return name in ("created_at", "expires_at")
        return table == "schedules" and name in UNUSED

    return all(
        any(
            all(name not in now or now[name] == value or free(table, name, row) for name, value in row.items())
            for now in after[table]
        )
        for table, rows in before.items()
        for row in rows
    )


TRIGGER = re.compile(r"CREATE TRIGGER .*? ON (\w+)\b.*?\nEND;", re.DOTALL)


def add_triggers(database: sqlite3.Connection) -> None:
    """Make the triggers that a new database of this age got: those that find their tables and columns."""
    for trigger in TRIGGER.finditer((SUPABASE / TRIGGERS).read_text()):
        database.execute("SAVEPOINT before")
        try:
            database.execute(trigger[0])
            database.execute(f"EXPLAIN INSERT INTO {trigger[1]} DEFAULT VALUES")
            if " UPDATE ON " in trigger[0]:
                database.execute(f"EXPLAIN UPDATE {trigger[1]} SET id = id")
        except sqlite3.OperationalError as error:
            assert "no such" in str(error)
            database.execute("ROLLBACK TO before")
        database.execute("RELEASE before")


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A database with two users' rows as it was when each migration was the newest, by the migration's name. It has no ledger,
    like those of the first release."""
    folder, made, schema = tmp_path_factory.mktemp("history"), {}, Schema()
    with closing(sqlite3.connect(folder / "database", isolation_level=None)) as database:
        database.execute(UNSAFE)
        for migration in KNOWN:
            for step in read(migration.path, migration.text):
                for statement in schema.apply(step):
                    database.execute(statement)
            made[migration.label] = folder / migration.label
            with closing(sqlite3.connect(made[migration.label])) as copy:
                copy.execute(UNSAFE)
                database.backup(copy)
                add_triggers(copy)
                for user in (ALICE, BOB):
                    for table in VALUES:
                        if table in schema.tables:
                            there = {column for _, column, *_ in copy.execute(f"PRAGMA table_info({table})")}
                            made_for = in_old_form(insert(user, table), there) if table == "schedules" else insert(user, table)
                            copy.execute(made_for)
                copy.commit()
    return made


LABELS = [migration.label for migration in KNOWN]
WITH_LEDGER = "20261127160000"
"""The first migration that came to databases with a ledger."""
CHANGING = [known for known in KNOWN if known is KNOWN[-1] or read(known.path, known.text)]
AGES = [(known.label, True) for known in CHANGING]
AGES += [(known.label, False) for known in CHANGING if known.version < WITH_LEDGER]
"""Databases of any age with a ledger, and older ones without. What SQLite skips leaves no new age."""


def record(path: Path, label: str) -> None:
    """Write the ledger of a database for which a migration was the newest."""
    with closing(sqlite3.connect(path)) as database:
        database.execute(MAKE_LEDGER)
        rows = [(migration.version, migration.name) for migration in KNOWN[: LABELS.index(label) + 1]]
        database.executemany(f"INSERT INTO {LEDGER} VALUES (?, ?)", rows)
        database.commit()


@pytest.mark.parametrize(("label", "ledger"), AGES, ids=[f"{label}-{'' if ledger else 'no '}ledger" for label, ledger in AGES])
def test_a_filled_database_of_any_age_ends_like_a_new_one_with_its_rows(
    label: str, ledger: bool, history: dict[str, Path], tmp_path: Path
) -> None:
    path = Path(shutil.copy(history[label], tmp_path / "old.sqlite3"))
    before = contents(path)
    assert before["profiles"]
    newer = LABELS[LABELS.index(label) + 1 :]
    if ledger:
        record(path, label)
        assert ensure(f"sqlite:///{path}") == newer
    else:
        # Migrations that leave tables as they are cannot be told from its tables, so they are applied once more.
        applied = ensure(f"sqlite:///{path}")
        assert applied == LABELS[len(LABELS) - len(applied) :] and len(applied) >= len(newer)
    assert ensure(f"sqlite:///{path}") == []
    assert kept(before, contents(path))
    new = tmp_path / "new.sqlite3"
    ensure(f"sqlite:///{new}")
    with closing(sqlite3.connect(path)) as old, closing(sqlite3.connect(new)) as fresh:
        assert of_sqlite(old) == of_sqlite(fresh)
        programs = "SELECT type, name FROM sqlite_master WHERE type IN ('view', 'trigger') ORDER BY name"
        assert old.execute(programs).fetchall() == fresh.execute(programs).fetchall() != []
        assert (
            old.execute("SELECT * FROM schema_migrations").fetchall()
            == fresh.execute("SELECT * FROM schema_migrations").fetchall()
        )
        # The database works: keys are guarded, counters count.
        old.execute("PRAGMA foreign_keys = ON")
        with pytest.raises(sqlite3.IntegrityError):
            old.execute("UPDATE post_targets SET post_id = 'absent'")
        assert old.execute("SELECT rating_count FROM prompt_templates WHERE rating_count > 0").fetchall() in ([(2,)], [])
        stars = old.execute("SELECT rating_sum FROM prompt_templates WHERE id LIKE '7e3a1c00-0001%'").fetchone()[0]
        old.execute("UPDATE prompt_template_ratings SET stars = 5 WHERE user_id = ?", (ALICE,))
        assert old.execute("SELECT rating_sum FROM prompt_templates WHERE id LIKE '7e3a1c00-0001%'").fetchone() == (stars + 2,)


# ---- a migration more -------------------------------------------------------------------------------------------------------


@dataclass
class Project:
    """Migrations that a test may add to, and a filled database from before."""

    supabase: Path
    database: Path

    @property
    def url(self) -> str:
        return f"sqlite:///{self.database}"

    def add(self, text: str, version: str = "20991231000000", *, generated: bool = True) -> None:
        """Write a migration and, as ``make schema`` does, the schema."""
        (self.supabase / "migrations" / f"{version}_added.sql").write_text(text)
        if generated:
            migrate.SQLITE_SCHEMA.write_text(generate(self.supabase))

    def fetch(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.database)) as database:
            return database.execute(query).fetchall()

    def dump(self) -> list[str]:
        with closing(sqlite3.connect(self.database)) as database:
            return [*database.iterdump(), *map(str, database.execute("PRAGMA user_version"))]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    made = Project(shutil.copytree(SUPABASE, tmp_path / "supabase"), tmp_path / "database.sqlite3")
    ensure(made.url)
    with closing(sqlite3.connect(made.database)) as database:
        for user in (ALICE, BOB):
            for table in VALUES:
                database.execute(insert(user, table))
        database.commit()
    schema = Path(shutil.copy(TARGET, tmp_path))
    monkeypatch.setattr(migrate, "SQLITE_SCHEMA", schema)
    monkeypatch.setattr(migrate, "migrations", lambda: migrations(made.supabase / "migrations"))
    yield made


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_reaches_a_filled_database(change: str, project: Project, tmp_path: Path) -> None:
    before = {table: len(rows) for table, rows in contents(project.database).items()}
    project.add(CHANGES[change])
    assert ensure(project.url) == ["20991231000000_added"]
    assert ensure(project.url) == []
    new = tmp_path / "new.sqlite3"
    ensure(f"sqlite:///{new}")
    with closing(sqlite3.connect(project.database)) as old, closing(sqlite3.connect(new)) as fresh:
        assert of_sqlite(old) == of_sqlite(fresh)
        assert old.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert old.execute("PRAGMA foreign_key_check").fetchall() == []
    after = {table: len(rows) for table, rows in contents(project.database).items()}
    lost = {table for table, count in before.items() if after.get(table, -1) < count + (table == "schema_migrations")}
    assert lost == {
        "a table's name": {"webhooks", "posts"},
        "rows": {"webhook_deliveries"},
        "a table that is gone": {"webhook_deliveries"},
    }.get(change, set())


def test_a_new_column_has_its_default_in_old_rows(project: Project) -> None:
    project.add("ALTER TABLE profiles ADD COLUMN pronouns text NOT NULL DEFAULT 'they';")
    ensure(project.url)
    assert project.fetch("SELECT user_id, pronouns FROM profiles ORDER BY user_id") == [(ALICE, "they"), (BOB, "they")]


def test_a_changed_column_has_its_old_values_in_the_new_form(project: Project) -> None:
    change = "ALTER COLUMN locale DROP DEFAULT, ALTER COLUMN locale TYPE bigint USING length(locale)"
    project.add(f"ALTER TABLE profiles {change};")
    ensure(project.url)
    assert project.fetch("SELECT DISTINCT locale FROM profiles") == [(2,)]


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE profiles ADD COLUMN pronouns text NOT NULL;",
        "ALTER TABLE profiles ADD CONSTRAINT none CHECK (user_id = 'auth0|alice');",
        "UPDATE profiles SET content_mode = 'other';",
        "CREATE UNIQUE INDEX one ON profiles (content_mode);",
        "ALTER TABLE posts ADD COLUMN kept text; DELETE FROM platform_connections; DELETE FROM posts;",
    ],
)
def test_a_migration_that_the_rows_do_not_allow_changes_nothing(change: str, project: Project) -> None:
    before = project.dump()
    project.add("ALTER TABLE profiles ADD COLUMN motto text;", "20991230000000")
    project.add(change)
    with pytest.raises((sqlite3.IntegrityError, SchemaMismatch)) as refused:
        ensure(project.url)
    said = str(refused.value) + "".join(getattr(refused.value, "__notes__", []))
    assert "20991231000000_added" in said or "refers to a row" in said
    assert project.dump() == before


def test_a_dry_run_tells_and_does_nothing(project: Project) -> None:
    before = project.dump()
    project.add("ALTER TABLE profiles ADD COLUMN pronouns text;")
    assert ensure(project.url, dry_run=True) == ["20991231000000_added"]
    assert project.dump() == before


def test_an_older_migration_that_arrives_later_is_applied(project: Project) -> None:
    project.add("ALTER TABLE profiles ADD COLUMN second text;")
    ensure(project.url)
    project.add("ALTER TABLE profiles ADD COLUMN first text;", "20991230000000")
    assert ensure(project.url) == ["20991230000000_added"]
    assert project.fetch("SELECT first, second FROM profiles") == [(None, None)] * 2
    project.add("ALTER TABLE profiles DROP COLUMN second;", "20991231000001")
    assert ensure(project.url) == ["20991231000001_added"]


def test_a_schema_that_was_not_generated_is_refused_instead_of_losing_the_column(project: Project, tmp_path: Path) -> None:
    project.add("ALTER TABLE profiles ADD COLUMN pronouns text;", generated=False)
    for database in (project.database, tmp_path / "new.sqlite3"):
        with pytest.raises(SchemaMismatch, match="run `make schema`"):
            ensure(f"sqlite:///{database}")


def test_a_database_of_a_newer_version_is_refused(project: Project) -> None:
    before = shutil.copytree(project.supabase, project.supabase.with_name("before"))
    project.add("ALTER TABLE profiles ADD COLUMN pronouns text;")
    ensure(project.url)
    shutil.rmtree(project.supabase)
    before.rename(project.supabase)
    migrate.SQLITE_SCHEMA.write_text(generate(project.supabase))
    with pytest.raises(SchemaMismatch, match="20991231000000"):
        ensure(project.url)


@pytest.mark.parametrize("ledger", [True, False])
def test_a_database_that_was_altered_by_hand_is_refused(ledger: bool, project: Project) -> None:
    with closing(sqlite3.connect(project.database)) as database:
        database.execute("ALTER TABLE profiles ADD COLUMN own TEXT")
        if not ledger:
            database.execute("DROP TABLE schema_migrations")
    project.add("ALTER TABLE profiles ADD COLUMN pronouns text;")
    before = project.dump()
    with pytest.raises(SchemaMismatch, match=r"database\.sqlite3: .*(profiles|not known)"):
        ensure(project.url)
    assert project.dump() == before


def test_runners_at_the_same_time_apply_a_migration_once(project: Project) -> None:
    project.add("ALTER TABLE profiles ADD COLUMN pronouns text;")
    with ThreadPoolExecutor(4) as pool:
        applied = list(pool.map(lambda _: ensure(project.url), range(4)))
    assert sorted(map(len, applied)) == [0, 0, 0, 1]


def test_what_a_migration_drops_is_not_left_in_the_file(project: Project) -> None:
    with closing(sqlite3.connect(project.database)) as database:
        database.execute("UPDATE profiles SET bio = 'a bio that nobody keeps'")
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"that nobody keeps" in project.database.read_bytes()
    project.add("ALTER TABLE profiles DROP COLUMN bio;")
    ensure(project.url)
    files = list(project.database.parent.glob("database.sqlite3*"))
    assert all(b"that nobody keeps" not in path.read_bytes() for path in files)


def test_a_migration_knows_its_file() -> None:
    assert all(isinstance(migration, Migration) and migration.path.read_text() == migration.text for migration in KNOWN)


def test_every_migration_has_a_version_of_its_own() -> None:
    """The second of two with one version would be skipped without a word."""
    assert len({migration.version for migration in KNOWN}) == len(KNOWN)
