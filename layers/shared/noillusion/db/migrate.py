"""Brings a database to the newest schema: ``python -m noillusion.db.migrate URL [--dry-run]``.

PostgreSQL gets the migrations that its ledger does not have, one transaction each, under an advisory lock. The ledger is the
Supabase CLI's own, so ``supabase db push`` and this runner know of each other. SQLite is created from its generated schema.
"""

from __future__ import annotations

import hashlib
import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path

SQLITE_SCHEMA = Path(__file__).with_name("schema.sqlite.sql")
SUPABASE = Path(__file__).resolve().parents[4] / "supabase"
LOCK = 0x6E6F696C6C757331
"""Key of the advisory lock: one runner at a time."""
LEDGER = """
CREATE SCHEMA IF NOT EXISTS supabase_migrations;
CREATE TABLE IF NOT EXISTS supabase_migrations.schema_migrations (version text PRIMARY KEY, statements text[], name text);
"""


class SchemaMismatch(Exception):
    """The database was made by another version of the schema and cannot be carried over."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of ``supabase/migrations``: ``{version}_{name}.sql``."""

    version: str
    name: str
    text: str


def migrations(directory: Path = SUPABASE / "migrations") -> list[Migration]:
    """All migrations in their order."""
    found = []
    for path in sorted(directory.glob("*.sql")):
        version, _, name = path.stem.partition("_")
        found.append(Migration(version, name, path.read_text()))
    return found


def ensure(url: str, *, dry_run: bool = False) -> list[str]:
    """Apply what is missing; the names of what was (or with ``dry_run`` would be) applied."""
    if url.startswith("sqlite:///"):
        return _ensure_sqlite(Path(url.removeprefix("sqlite:///")), dry_run)
    return _ensure_postgres(url, dry_run)


def _ensure_sqlite(path: Path, dry_run: bool) -> list[str]:
    """Create the schema. :class:`SchemaMismatch` if the file holds another: a laptop's database is deleted, not migrated."""
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

    from noillusion.db.postgres import connection_string

    # Session state (the lock) needs a direct or session-mode connection; nothing is prepared on the server.
    with psycopg.connect(connection_string(url), autocommit=True, prepare_threshold=None) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        if dry_run:
            present = connection.execute("SELECT to_regclass('supabase_migrations.schema_migrations')").fetchone()
            if present is None or present[0] is None:
                return [f"{m.version}_{m.name}" for m in migrations()]
        else:
            connection.execute(LEDGER)
        done = {row[0] for row in connection.execute("SELECT version FROM supabase_migrations.schema_migrations")}
        missing = [migration for migration in migrations() if migration.version not in done]
        if dry_run:
            return [f"{m.version}_{m.name}" for m in missing]
        has_claims = connection.execute("SELECT to_regprocedure('auth.jwt()')").fetchone()
        if has_claims is None or has_claims[0] is None:
            connection.execute((SUPABASE / "shim.sql").read_bytes())
        for migration in missing:
            with connection.transaction():
                connection.execute(migration.text.encode())
                connection.execute(
                    "INSERT INTO supabase_migrations.schema_migrations (version, name, statements) VALUES (%s, %s, %s)",
                    (migration.version, migration.name, [migration.text]),
                )
        return [f"{m.version}_{m.name}" for m in missing]


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    if len(arguments) != 1:
        sys.exit("usage: python -m noillusion.db.migrate DATABASE_URL [--dry-run]")
    applied = ensure(arguments[0], dry_run="--dry-run" in sys.argv)
    verb = "would apply" if "--dry-run" in sys.argv else "applied"
    sys.stdout.write("".join(f"{verb} {name}\n" for name in applied) or "nothing to apply\n")
