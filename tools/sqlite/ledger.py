"""Which migrations a SQLite database has, and which the generated schema has."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

LEDGER = "schema_migrations"
"""Table with the migrations that were applied to a database."""
MAKE_LEDGER = f"CREATE TABLE IF NOT EXISTS {LEDGER} (version TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL)"
DIGEST = "-- Migrations: "
"""Begins the line of the generated schema that says what it was generated from."""


class SchemaMismatch(Exception):
    """The database has another version of the schema and cannot be migrated."""


def digest(paths: Iterable[Path]) -> str:
    """Return the line that identifies the migrations, with SQLite's own files, by their contents."""
    found = hashlib.sha256()
    for path in sorted(paths, key=lambda path: path.name):
        for file in (path, own(path)):
            if file.is_file():
                found.update(f"{file.parent.name}/{file.name}\0".encode() + file.read_bytes() + b"\0")
    return f"{DIGEST}{found.hexdigest()}"


def own(path: Path) -> Path:
    """Return where SQLite's own version of a migration is, if there is one."""
    return path.parent.parent / "sqlite" / path.name
