"""Migrate a database to the newest schema: ``DATABASE_URL=… python -m tools.migrate [--dry-run | --logins]``.

With ``--logins`` it also creates the logins of the functions; their passwords come from the environment (``logins.py``).
PostgreSQL gets the migrations that its ledger does not have, one transaction each, each under an advisory lock. The ledger is the
Supabase CLI's own, so ``supabase db push`` works too. SQLite is created from its generated schema.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, LiteralString

from noillusion.settings.errors import SettingsError

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg.rows import TupleRow

ROOT = Path(__file__).resolve().parents[1]
SQLITE_SCHEMA = ROOT / "layers" / "shared" / "noillusion" / "db" / "schema.sqlite.sql"
SUPABASE = ROOT / "supabase"
LOCK = 0x6E6F696C6C757331
"""Key of the advisory lock, which allows one runner at a time."""
LEDGER = """
CREATE SCHEMA IF NOT EXISTS supabase_migrations;
CREATE TABLE IF NOT EXISTS supabase_migrations.schema_migrations (version text PRIMARY KEY);
ALTER TABLE supabase_migrations.schema_migrations
  ADD COLUMN IF NOT EXISTS statements text[], ADD COLUMN IF NOT EXISTS name text;
"""


class SchemaMismatch(Exception):
    """The database has another version of the schema and cannot be migrated."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of ``supabase/migrations``: ``{version}_{name}.sql``."""

    version: str
    name: str
    text: str

    @property
    def label(self) -> str:
        """Return the file name without suffix."""
        return f"{self.version}_{self.name}"


def migrations(directory: Path = SUPABASE / "migrations") -> list[Migration]:
    """Return all migrations in order."""
    found = []
    for path in sorted(directory.glob("*.sql")):
        version, _, name = path.stem.partition("_")
        found.append(Migration(version, name, path.read_text()))
    return found


def ensure(url: str, *, dry_run: bool = False) -> list[str]:
    """Apply missing migrations. Return the names of those that were (or with ``dry_run`` would be) applied."""
    if url.startswith("sqlite:///"):
        return _ensure_sqlite(Path(url.removeprefix("sqlite:///")), dry_run)
    return _ensure_postgres(url, dry_run)


def _ensure_sqlite(path: Path, dry_run: bool) -> list[str]:
    """Create the schema. Raises :class:`SchemaMismatch` if the file has another, because SQLite databases are not migrated."""
    schema = SQLITE_SCHEMA.read_text()
    version = int.from_bytes(hashlib.sha256(schema.encode()).digest()[:4], "big") >> 1
    if dry_run and not path.is_file():
        return ["schema"]
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        found = connection.execute("PRAGMA user_version").fetchone()[0]
        if found == version:
            return []
        if found != 0:
            raise SchemaMismatch(f"{path.name} was made by another version of the schema; delete it to start afresh")
        if not dry_run:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(f"BEGIN IMMEDIATE;\n{schema}\nPRAGMA user_version = {version};\nCOMMIT;")
            path.chmod(0o600)
        return ["schema"]
    finally:
        connection.close()


def _ensure_postgres(url: str, dry_run: bool) -> list[str]:
    import psycopg

    from noillusion.db.url import connection_string

    with psycopg.connect(connection_string(url), autocommit=True, prepare_threshold=None) as connection:
        if dry_run:
            done = _recorded(connection)
            return [migration.label for migration in migrations() if migration.version not in done]
        with _locked(connection):
            connection.execute(LEDGER)
            if _absent(connection, "to_regprocedure('auth.jwt()')"):
                connection.execute((SUPABASE / "shim.sql").read_bytes())
        return [migration.label for migration in migrations() if _apply(connection, migration)]


@contextmanager
def _locked(connection: Connection[TupleRow]) -> Iterator[None]:
    """Open a transaction that excludes other runners. The lock ends with it, so it works with a transaction-mode pooler."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        yield


def _absent(connection: Connection[TupleRow], name: LiteralString) -> bool:
    found = connection.execute(f"SELECT {name}").fetchone()
    return found is None or found[0] is None


def _recorded(connection: Connection[TupleRow]) -> set[str]:
    if _absent(connection, "to_regclass('supabase_migrations.schema_migrations')"):
        return set()
    return {row[0] for row in connection.execute("SELECT version FROM supabase_migrations.schema_migrations")}


def _apply(connection: Connection[TupleRow], migration: Migration) -> bool:
    """Apply and record a migration in one transaction. Return ``False`` if it was already recorded."""
    from psycopg import Error

    with _locked(connection):
        if migration.version in _recorded(connection):
            return False
        try:
            connection.execute(migration.text.encode())
        except Error as error:
            error.add_note(f"in {migration.label}; nothing of it was applied")
            raise
        connection.execute(
            "INSERT INTO supabase_migrations.schema_migrations (version, name, statements) VALUES (%s, %s, %s)",
            (migration.version, migration.name, [migration.text]),
        )
    return True


def main(arguments: Sequence[str]) -> str:
    """Run the command line and return what to print. Raises ``SystemExit`` with a text that never contains the URL.

    The URL comes from the environment, because other users of a machine can read the arguments of processes.
    """
    from psycopg import Error

    address = os.environ.get("DATABASE_URL", "")
    if not address or list(arguments) not in ([], ["--dry-run"], ["--logins"]):
        sys.exit("usage: DATABASE_URL=postgresql://… python -m tools.migrate [--dry-run | --logins]")
    dry_run, made = "--dry-run" in arguments, list[str]()
    try:
        given = _passwords() if "--logins" in arguments else None
        names = ensure(address, dry_run=dry_run)
        if given is not None:
            made = _ensure_logins(address, given)
    except (SettingsError, SchemaMismatch) as error:
        sys.exit(str(error))
    except Error as error:
        # Messages of the server contain names of users and tables, but no passwords.
        sys.exit("\n".join(["The migration failed.", *getattr(error, "__notes__", []), str(error).strip()]))
    applied = [f"{'would apply' if dry_run else 'applied'} {name}" for name in names] or ["Nothing to apply."]
    return "".join(f"{line}\n" for line in (*applied, *made))


def _passwords() -> dict[str, str]:
    from noillusion.db import logins

    try:
        return logins.passwords(os.environ)
    except logins.BadPassword as bad:
        sys.exit(str(bad))


def _ensure_logins(url: str, given: Mapping[str, str]) -> list[str]:
    import psycopg

    from noillusion.db import logins
    from noillusion.db.url import connection_string

    if url.startswith("sqlite:///"):
        sys.exit("SQLite has no logins")
    with psycopg.connect(connection_string(url), autocommit=True, prepare_threshold=None) as connection:
        return logins.ensure_logins(connection, given)


if __name__ == "__main__":
    sys.stdout.write(main(sys.argv[1:]))
