"""The databases that tests run on: a fresh one for each test, on either engine, looked into from the side."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from local.databases.postgres import Server
from noillusion.core import loop
from noillusion.db import WORKER, Flight, Statement, postgres, sqlite
from tools.migrate import SUPABASE, ensure
from tools.sqlite.ledger import LEDGER

ENGINES = ("sqlite", "postgres")
REFERENCE = ("platforms", "ai_providers")
"""Tables whose rows only migrations write. They hold nothing of anybody."""
CIRCUITS = "platform_circuits"
"""How platforms answered lately, which workers tell each other. It holds nothing of anybody either."""
LIBRARY = "template_library"
"""What lists show of shared templates, without whose they are. Triggers write it."""
TEMPLATE = "noillusion_template"
SYSTEM_TEMPLATES = sorted((SUPABASE / "migrations").glob("*_system_template*.sql"))
UNSAFE = "OFF"
"""A test's database need not survive a power cut: no file is forced onto the disk."""
_serial = count(1)
_present: list[Store] = []


def unguarded(connection: sqlite3.Connection, statement: str) -> list[tuple[Any, ...]]:
    """Run one statement past the triggers that keep what is over, and return what it found."""
    guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'guard%'").fetchall()
    for name, _ in guards:
        connection.execute(f"DROP TRIGGER {name}")
    found = connection.execute(statement).fetchall()
    for _, text in guards:
        connection.execute(text)
    return found


class Store(Protocol):
    """A test's database, seen past roles and policies."""

    engine: str

    @property
    def url(self) -> str:
        """The database URL, as the product's settings take it."""
        ...

    def fetch(self, query: str) -> list[tuple[Any, ...]]:
        """Rows, with the same types on both engines: str for ids, aware datetime, bool, parsed JSON."""
        ...

    def execute(self, statement: str) -> None:
        """Run one statement that returns nothing."""
        ...

    def force(self, statement: str) -> None:
        """Run one statement past the triggers that would refuse it, to arrange what the product never would."""
        ...

    def fly(self, *statements: Statement) -> Flight:
        """What an engine's flight does, past roles and policies: for arranging rows and looking at them."""
        ...

    def tables(self) -> list[str]:
        """Names of the product's tables, without those of :data:`REFERENCE`, :data:`CIRCUITS` and :data:`LIBRARY`."""
        ...

    def columns(self, table: str) -> list[str]:
        """Names of a table's columns."""
        ...

    def references(self, table: str) -> set[str]:
        """The tables that a table's foreign keys point to, without those of :data:`REFERENCE`."""
        ...

    def dump(self) -> str:
        """Every row of every table as text, to search for what must not be there."""
        ...

    def leave(self) -> None:
        """Be gone, until :meth:`come_back`."""
        ...

    def come_back(self) -> None:
        """Be there again with everything that was written."""
        ...


@dataclass
class SQLiteStore:
    """A file."""

    path: Path
    engine: str = "sqlite"

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}"

    def _connect(self) -> sqlite3.Connection:
        assert sqlite.BUSY_TIMEOUT_MS  # its import registers the converters
        connection = sqlite3.connect(self.path, detect_types=sqlite3.PARSE_DECLTYPES, isolation_level=None)
        connection.execute(f"PRAGMA synchronous = {UNSAFE}")
        return connection

    def fetch(self, query: str) -> list[tuple[Any, ...]]:
        with closing(self._connect()) as connection:
            return connection.execute(query).fetchall()

    def execute(self, statement: str) -> None:
        with closing(self._connect()) as connection:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute(statement)

    def force(self, statement: str) -> None:
        with closing(sqlite3.connect(self.path, timeout=30)) as connection, connection:
            unguarded(connection, statement)

    def fly(self, *statements: Statement) -> Flight:
        async def once() -> Flight:
            database = sqlite.SQLiteDatabase(str(self.path))
            try:
                return await database.flight(WORKER, *statements)
            finally:
                await database.close()

        return loop.run(once())

    def tables(self) -> list[str]:
        found = self.fetch("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        return [name for (name,) in found if name not in (*REFERENCE, CIRCUITS, LIBRARY, LEDGER)]

    def columns(self, table: str) -> list[str]:
        return [row[1] for row in self.fetch(f"PRAGMA table_info({table})")]

    def references(self, table: str) -> set[str]:
        return {row[2] for row in self.fetch(f"PRAGMA foreign_key_list({table})")} - set(REFERENCE)

    def dump(self) -> str:
        with closing(self._connect()) as connection:
            return "\n".join(connection.iterdump())

    def leave(self) -> None:
        self.path.rename(self.path.with_suffix(".gone"))

    def come_back(self) -> None:
        self.path.with_suffix(".gone").rename(self.path)


@dataclass
class PostgresStore:
    """A database of a server that all tests share."""

    server: Server
    name: str
    url: str
    engine: str = "postgres"
    _kept: psycopg.Connection[Any] | None = field(default=None, repr=False)

    @property
    def _connection(self) -> psycopg.Connection[Any]:
        if self._kept is None or self._kept.closed:
            self._kept = psycopg.connect(self.server.url(self.name), autocommit=True)
            postgres._register(self._kept.adapters)
        return self._kept

    def fetch(self, query: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(query.encode()).fetchall()

    def execute(self, statement: str) -> None:
        self._connection.execute(statement.encode())

    def force(self, statement: str) -> None:
        with self._connection.transaction():
            self._connection.execute("SET LOCAL session_replication_role = replica")
            self._connection.execute(statement.encode())

    def fly(self, *statements: Statement) -> Flight:
        results = []
        with self._connection.transaction(), self._connection.cursor(row_factory=dict_row) as cursor:
            for statement in statements:
                params = {name: postgres._adapt(value) for name, value in statement.params.items()}
                cursor.execute(postgres._positional(statement.text).encode(), params)
                results.append(cursor.fetchall() if cursor.description else [])
        return Flight(statements, results)

    def columns(self, table: str) -> list[str]:
        where = f"attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped"
        return [row[0] for row in self.fetch(f"SELECT attname FROM pg_attribute WHERE {where} ORDER BY attnum")]

    def references(self, table: str) -> set[str]:
        where = f"conrelid = '{table}'::regclass AND contype = 'f'"
        found = self.fetch(f"SELECT confrelid::regclass::text FROM pg_constraint WHERE {where}")
        return {name for (name,) in found} - set(REFERENCE)

    def tables(self) -> list[str]:
        found = self.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        return [name for (name,) in found if name not in (*REFERENCE, CIRCUITS, LIBRARY)]

    def dump(self) -> str:
        rows = [self.fetch(f'SELECT row_to_json(t)::text FROM "{table}" t') for table in (*self.tables(), LIBRARY)]
        return "\n".join(row[0] for found in rows for row in found)

    @contextmanager
    def acting(self, role: str, claims: str) -> Iterator[psycopg.Connection[Any]]:
        """One transaction as a role, with these claims."""
        with self._connection.transaction():
            self._connection.execute(
                "SELECT set_config('role', %s, true), set_config('request.jwt.claims', %s, true)", (role, claims)
            )
            yield self._connection

    def close(self) -> None:
        if self._kept is not None:
            self._kept.close()

    def leave(self) -> None:
        self.close()
        with administrator(self.server) as connection:
            connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(sql.Identifier(self.name)))
            connection.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", (self.name,))

    def come_back(self) -> None:
        with administrator(self.server) as connection:
            connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(sql.Identifier(self.name)))


@contextmanager
def present(store: Store) -> Iterator[Store]:
    """Make a store the one that :func:`fly` means."""
    _present.append(store)
    try:
        yield store
    finally:
        _present.pop()


def fly(*statements: Statement) -> Flight:
    """Arrange rows in the database of this test's deployment, or look at them: :meth:`Store.fly`."""
    return _present[-1].fly(*statements)


@contextmanager
def administrator(server: Server) -> Iterator[psycopg.Connection[Any]]:
    """A connection that may create and drop databases and roles."""
    with psycopg.connect(server.url(), autocommit=True) as connection:
        yield connection


def migrate_file(path: Path) -> None:
    """Make a migrated SQLite database: a copy of one that was migrated once in a process."""
    path.write_bytes(_migrated_file())
    path.chmod(0o600)


@cache
def _migrated_file() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.sqlite3"
        ensure(f"sqlite:///{path}")
        return path.read_bytes()


def migrate_template(server: Server) -> None:
    """Make the database that every test's database is a copy of."""
    with administrator(server) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
    ensure(server.url(TEMPLATE))


def clean(store: PostgresStore) -> None:
    """Bring a used database back to how the migrations left it: a fraction of the time that a new one takes."""
    # Somebody who is still there would be holding locks.
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    store.execute(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {others}")
    deletions = "".join(f'DELETE FROM "{table}";' for table in (*store.tables(), CIRCUITS))
    store.execute(deletions + "".join(path.read_text() for path in SYSTEM_TEMPLATES))


@contextmanager
def fresh(server: Server, template: str = TEMPLATE) -> Iterator[PostgresStore]:
    """A copy of the template (``template0``: an empty database) for the time of the block."""
    name = f"test_{next(_serial)}"
    database = sql.Identifier(name)
    with administrator(server) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(database, sql.Identifier(template)))
    store = PostgresStore(server, name, server.url(name))
    try:
        yield store
    finally:
        store.close()
        with administrator(server) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(database))
