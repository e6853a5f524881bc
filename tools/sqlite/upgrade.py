"""Bring an existing SQLite database to the newest schema, with its rows, as the migrations bring PostgreSQL.

A database records its migrations in the table ``schema_migrations``. One from before there was a ledger is recognized by its
tables. All happens in one transaction, and the result must be what a new database has; otherwise nothing is changed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from functools import cache
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp

from tools.sqlite.ledger import LEDGER, MAKE_LEDGER, SchemaMismatch
from tools.sqlite.model import Schema
from tools.sqlite.spelling import Spelling, Unwritten
from tools.sqlite.statements import read

if TYPE_CHECKING:
    from tools.migrate import Migration

Shape = dict[str, str]
"""Definitions of tables, indexes, views and triggers by name, each in one spelling."""


def upgrade(database: sqlite3.Connection, script: str, migrations: Sequence[Migration]) -> list[str]:
    """Apply what is missing, inside the caller's transaction and without foreign keys. Return the names of what was applied.

    ``script`` makes a new database. Raises :class:`SchemaMismatch`, ``UnknownStatement``, or SQLite's error for a statement.
    """
    applied = _recorded(database)
    if applied is None:
        applied = _recognized(database, migrations)
        database.execute(MAKE_LEDGER)
        for migration in migrations:
            if migration.version in applied:
                _record(database, migration)
    _refuse_newer(applied, migrations)
    missing = [migration for migration in migrations if migration.version not in applied]
    if missing:
        _drop(database, "trigger", "view")
        _apply(database, [migration for migration in migrations if migration.version in applied], missing)
        _drop(database, "view")
        _programs(database, script)
        _verify_references(database)
    _verify_shape(database, script)
    return [migration.label for migration in missing]


def _record(database: sqlite3.Connection, migration: Migration) -> None:
    database.execute(f"INSERT INTO {LEDGER} (version, name) VALUES (?, ?)", (migration.version, migration.name))


def _recorded(database: sqlite3.Connection) -> set[str] | None:
    if not database.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (LEDGER,)).fetchone():
        return None
    return {row[0] for row in database.execute(f"SELECT version FROM {LEDGER}")}


def _recognized(database: sqlite3.Connection, migrations: Sequence[Migration]) -> set[str]:
    """Return the migrations after which the tables are as they are here. If there are several such points, the first is taken."""
    found = _shape(database, "table", "index")
    schema, applied = Schema(Unwritten()), set[str]()
    for migration in migrations:
        _follow(schema, migration)
        applied.add(migration.version)
        if found.keys() == schema.tables.keys() | schema.indexes.keys() and not _differences(found, schema):
            return applied
    raise SchemaMismatch("the database was made by a version of the schema that is not known")


def _refuse_newer(applied: set[str], migrations: Sequence[Migration]) -> None:
    if newer := sorted(applied - {migration.version for migration in migrations}):
        raise SchemaMismatch(f"the database has migrations that this version does not know: {', '.join(newer)}")


def _follow(schema: Schema, migration: Migration) -> None:
    for step in read(migration.path, migration.text):
        schema.apply(step)


def _apply(database: sqlite3.Connection, before: Sequence[Migration], missing: Sequence[Migration]) -> None:
    schema = Schema(Unwritten())
    for migration in before:
        _follow(schema, migration)
    _refuse_differences(_differences(_shape(database, "table", "index"), schema))
    schema.spelling = Spelling()
    for migration in missing:
        for step in read(migration.path, migration.text):
            try:
                for statement in schema.apply(step):
                    database.execute(statement)
            except sqlite3.Error as error:
                error.add_note(f"in {migration.label}; nothing of it was applied")
                raise
        _record(database, migration)


def _drop(database: sqlite3.Connection, *kinds: str) -> None:
    for kind in kinds:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = ?", (kind,)).fetchall():
            database.execute(f"DROP {kind} {name}")


def _programs(database: sqlite3.Connection, script: str) -> None:
    """Create the views and triggers as a new database has them."""
    with closing(_new(script)) as fresh:
        for (text,) in fresh.execute("SELECT sql FROM sqlite_master WHERE type IN ('view', 'trigger') ORDER BY rowid"):
            database.execute(text)


def _verify_references(database: sqlite3.Connection) -> None:
    if broken := database.execute("PRAGMA foreign_key_check").fetchone():
        raise SchemaMismatch(f"a row of {broken[0]} refers to a row of {broken[2]} that does not exist")


def _verify_shape(database: sqlite3.Connection, script: str) -> None:
    kinds = ("table", "index", "view", "trigger")
    with closing(_new(script)) as fresh:
        expected = _shape(fresh, *kinds)
    found = _shape(database, *kinds)
    _refuse_differences(name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name))


def _differences(found: Shape, schema: Schema) -> set[str]:
    """Return the tables and indexes that are not as the migrations made them."""
    spelling, nodes = Spelling(), {**schema.tables, **schema.indexes}
    return {
        name
        for name in found.keys() | nodes.keys()
        if found.get(name) != (_canonical(spelling.table(nodes[name])) if name in nodes else None)
    }


def _refuse_differences(names: Iterable[str]) -> None:
    if different := sorted(names):
        raise SchemaMismatch(f"the database differs from the migrations in {', '.join(different)}")


def _new(script: str) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:", isolation_level=None)
    database.executescript(script)
    return database


# ---- one spelling for the same definition -----------------------------------------------------------------------------------


def _shape(database: sqlite3.Connection, *kinds: str) -> Shape:
    rows = database.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> ?", (LEDGER,)).fetchall()
    return {name: " ".join(sql.split()) if kind == "trigger" else _canonical(sql) for kind, name, sql in rows if kind in kinds}


@cache
def _canonical(definition: str) -> str:
    """Return a definition without what differs between a table made by a script and one that was altered.

    Two migrations that were applied in another order leave their columns in another order, which nothing depends on.
    """
    node = sqlglot.parse_one(definition, read="sqlite")
    node.set("exists", None)
    for identifier in node.find_all(exp.Identifier):
        identifier.set("quoted", False)
    if isinstance(node.this, exp.Schema):
        node.this.set("expressions", sorted(node.this.expressions, key=lambda part: part.sql(dialect="sqlite", comments=False)))
    return node.sql(dialect="sqlite", comments=False)
