"""Generate the SQLite schema from the migrations: ``python -m tools.sqlite_schema [--check]``.

Only the migrations are edited. They are applied in order to an empty SQLite database and to a model of its tables. The schema is
the model's tables, the rows that the migrations left, and the triggers that stand in for PostgreSQL's functions. What SQLite
cannot do is refused with the file and the statement (``tools/sqlite/statements.py``).
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from tools.sqlite.ledger import digest
from tools.sqlite.model import Schema
from tools.sqlite.spelling import NOW, UUID, Spelling
from tools.sqlite.statements import read

ROOT = Path(__file__).resolve().parents[1]
SUPABASE = ROOT / "supabase"
TARGET = ROOT / "layers" / "shared" / "noillusion" / "db" / "schema.sqlite.sql"
TRIGGERS = "triggers.sqlite.sql"
"""Name of the file with the triggers that keep counters, in place of PostgreSQL functions."""
HEADING = "-- Generated from supabase/migrations by tools/sqlite_schema.py. Do not edit."
_MARKS = {"'@now'": NOW, "'@uuid'": UUID}
"""What stands for the present time and a random id while migrations are applied, so that the schema is always the same."""


def generate(directory: Path = SUPABASE) -> str:
    """Return the SQLite schema of a directory's migrations in order, with its triggers."""
    files = sorted((directory / "migrations").glob("*.sql"))
    triggers = [path.read_text() for path in directory.glob(TRIGGERS)]
    schema = Schema(Spelling(*_MARKS))
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        for path in files:
            for step in read(path, path.read_text()):
                try:
                    for statement in schema.apply(step):
                        database.execute(statement)
                except sqlite3.Error as error:
                    raise step.refused(f"SQLite says {error}") from None
        rows = [row for table in schema.tables for row in _rows(database, table)]
    schema.spelling = Spelling()
    statements = [f"{statement};" for statement in (*schema.statements(), *rows)]
    return "\n\n".join([f"{HEADING}\n{digest(files)}", *statements, *triggers]).rstrip() + "\n"


def _rows(database: sqlite3.Connection, table: str) -> Iterator[str]:
    """Yield statements that insert a table's rows, each without the columns that have their default or nothing."""
    columns = {name: default for _, name, _, _, default, _ in database.execute(f"PRAGMA table_info({table})")}
    quoted = ", ".join(f"quote({name})" for name in columns)
    found: list[tuple[tuple[str, ...], list[str]]] = []
    for row in database.execute(f"SELECT {quoted} FROM {table} ORDER BY rowid"):
        values = {name: value for name, value in zip(columns, row, strict=True) if value != (columns[name] or "NULL")}
        if not found or found[-1][0] != tuple(values):
            found.append((tuple(values), []))
        found[-1][1].append(f"({', '.join(_MARKS.get(value, value) for value in values.values())})")
    for names, rows in found:
        yield "\n".join([f"INSERT INTO {table} ({', '.join(names)}) VALUES", ",\n".join(rows), "ON CONFLICT DO NOTHING"])


if __name__ == "__main__":
    schema = generate()
    if "--check" in sys.argv:
        if not TARGET.is_file() or TARGET.read_text() != schema:
            sys.exit("schema.sqlite.sql is out of date; run `make schema`")
    else:
        TARGET.write_text(schema)
