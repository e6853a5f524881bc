"""Migrate a database to the newest schema: ``DATABASE_URL=… python -m tools.migrate [--dry-run | --logins]``.

With ``--logins`` it also creates the logins of the functions; their passwords come from the environment (``logins.py``).
PostgreSQL gets the migrations that its ledger does not have, one transaction each, each under an advisory lock. The ledger is the
Supabase CLI's own, so ``supabase db push`` works too. SQLite is created from its generated schema; an existing database gets the
migrations that it does not have, in one transaction (``tools/sqlite/upgrade.py``).
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, LiteralString

from noillusion.settings.errors import SettingsError
from tools.sqlite.ledger import LEDGER as SQLITE_LEDGER
from tools.sqlite.ledger import MAKE_LEDGER, SchemaMismatch, digest

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


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of ``supabase/migrations``: ``{version}_{name}.sql``."""

    version: str
    name: str
    text: str
    path: Path = Path()

    @property
    def label(self) -> str:
        """Return the file name without suffix."""
        return f"{self.version}_{self.name}"


def migrations(directory: Path = SUPABASE / "migrations") -> list[Migration]:
    """Return all migrations in order."""
    found = []
    for path in sorted(directory.glob("*.sql")):
        version, _, name = path.stem.partition("_")
        found.append(Migration(version, name, path.read_text(), path))
    return found


def ensure(url: str, *, dry_run: bool = False) -> list[str]:
    """Apply missing migrations. Return the names of those that were (or with ``dry_run`` would be) applied."""
    if url.startswith("sqlite:///"):
        return _ensure_sqlite(Path(url.removeprefix("sqlite:///")), dry_run)
    return _ensure_postgres(url, dry_run)


def _ensure_sqlite(path: Path, dry_run: bool) -> list[str]:
    """Create the schema or bring it up to date. Raises :class:`SchemaMismatch` and changes nothing if that is not possible."""
    schema, known = SQLITE_SCHEMA.read_text(), migrations()
    if digest(migration.path for migration in known) not in schema.splitlines()[:2]:
        raise SchemaMismatch(f"{SQLITE_SCHEMA.name} is not of these migrations; run `make schema`")
    version = int.from_bytes(hashlib.sha256(schema.encode()).digest()[:4], "big") >> 1
    if dry_run and not path.is_file():
        return [migration.label for migration in known]
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None, timeout=60)) as database:
        if database.execute("PRAGMA user_version").fetchone()[0] == version:
            return []
        if database.execute("SELECT 1 FROM sqlite_master").fetchone():
            return _upgrade_sqlite(database, path.name, schema, known, None if dry_run else version)
        if not dry_run:
            database.execute("PRAGMA journal_mode = WAL")
            rows = "".join(f"INSERT OR IGNORE INTO {SQLITE_LEDGER} VALUES ('{each.version}', '{each.name}');\n" for each in known)
            made = f"{schema}\n{MAKE_LEDGER};\n{rows}PRAGMA user_version = {version};"
            database.executescript(f"BEGIN IMMEDIATE;\n{made}\nCOMMIT;")
            path.chmod(0o600)
        return [migration.label for migration in known]


def _upgrade_sqlite(
    database: sqlite3.Connection, name: str, schema: str, known: Sequence[Migration], version: int | None
) -> list[str]:
    """Upgrade an existing database; without ``version``, only report. What is deleted on the way is overwritten."""
    from tools.sqlite.upgrade import upgrade

    for pragma in ("foreign_keys = OFF", "secure_delete = ON"):
        database.execute(f"PRAGMA {pragma}")
    database.execute("BEGIN IMMEDIATE")
    try:
        applied = upgrade(database, schema, known)
        if version is None:
            database.execute("ROLLBACK")
            return applied
        database.execute(f"PRAGMA user_version = {version}")
        database.execute("COMMIT")
    except SchemaMismatch as mismatch:
        raise SchemaMismatch(f"{name}: {mismatch}. Nothing was changed; delete it to start afresh") from None
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return applied


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
    except (Error, sqlite3.Error) as error:
        # Messages of the database contain names of users and tables, but no passwords.
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
