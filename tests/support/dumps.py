"""Dumps of released schemas: ``python -m tests.support.dumps VERSION [TREE]`` writes ``tests/schemas/VERSION``.

Each is a database as the source tree of that version makes it, with rows of two users in every table, for both engines. Tests
migrate them to the newest schema.
"""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg

from local.databases.postgres import Server, temporary
from tests.postgres.rows import ALICE, BOB, VALUES, insert
from tools.migrate import LEDGER, ROOT, migrations
from tools.sqlite.ledger import LEDGER as SQLITE_LEDGER
from tools.sqlite.ledger import MAKE_LEDGER

SCHEMAS = ROOT / "tests" / "schemas"
AT = "'2026-11-25T12:00:00.000000Z'"
"""The time of every row."""


def dump(version: str, tree: Path) -> None:
    """Write the dumps of a tree's schema for both engines."""
    folder = SCHEMAS / version
    folder.mkdir(parents=True, exist_ok=True)
    (script,) = tree.glob("layers/**/schema.sqlite.sql")
    (folder / "sqlite.sql").write_text(of_sqlite(script.read_text(), tree / "supabase" / "migrations"))
    with temporary() as server:
        (folder / "postgres.sql").write_text(of_postgres(server, tree / "supabase"))


def statements(tables: set[str]) -> list[str]:
    """Return the statements that fill these tables."""
    wanted = [(user, table) for user in (ALICE, BOB) for table in VALUES if table in tables]
    return [insert(user, table).replace("now()", AT) for user, table in wanted]


def of_sqlite(script: str, directory: Path) -> str:
    """Return a dump of a SQLite database. Versions that keep a ledger say so by the first lines of their schema."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        database.executescript(script)
        tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for statement in statements(tables):
            database.execute(statement)
        if "-- Migrations: " in script[:200]:
            database.execute(MAKE_LEDGER)
            for each in migrations(directory):
                database.execute(f"INSERT INTO {SQLITE_LEDGER} VALUES (?, ?)", (each.version, each.name))
        return "\n".join([*database.iterdump(), ""])


def of_postgres(server: Server, supabase: Path) -> str:
    """Return a dump of a PostgreSQL database, without the texts of migrations that its ledger has."""
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute((supabase / "shim.sql").read_bytes())
        connection.execute(LEDGER.encode())
        for each in migrations(supabase / "migrations"):
            connection.execute(each.text.encode())
            row = (each.version, each.name)
            connection.execute("INSERT INTO supabase_migrations.schema_migrations (version, name) VALUES (%s, %s)", row)
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for statement in statements({row[0] for row in found}):
            connection.execute(statement.encode())
    command = [str(server.binaries / "pg_dump"), "--no-owner", "--rows-per-insert=20", "--dbname", server.url()]
    made = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    # Commands of psql, and what differs from run to run.
    kept = [line for line in made.splitlines() if not re.match(r"\\|-- Dumped |SET transaction_timeout", line)]
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"^--\n-- .*\n--\n", "", "\n".join([*kept, ""]), flags=re.MULTILINE)).lstrip()


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3) or not re.fullmatch(r"[0-9a-z.+-]+", sys.argv[1]):
        sys.exit("usage: python -m tests.support.dumps VERSION [TREE]")
    dump(sys.argv[1], Path(sys.argv[2]) if len(sys.argv) == 3 else ROOT)
    sys.stdout.write(json.dumps({path.name: path.stat().st_size for path in (SCHEMAS / sys.argv[1]).iterdir()}) + "\n")
