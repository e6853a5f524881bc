"""Brings a database to the newest schema. The embedded engine is created from its generated schema."""

from __future__ import annotations

import hashlib
import sqlite3
import sys
from pathlib import Path

SQLITE_SCHEMA = Path(__file__).with_name("schema.sqlite.sql")


class SchemaMismatch(Exception):
    """The database was made by another version of the schema and cannot be carried over."""


def ensure(url: str) -> bool:
    """Create the schema in ``sqlite:///path`` if it is not there. True if something was created.

    Raises :class:`SchemaMismatch` if the file holds another version: an embedded database is a laptop's, so it is deleted
    by hand rather than migrated.
    """
    path = Path(url.removeprefix("sqlite:///"))
    path.parent.mkdir(parents=True, exist_ok=True)
    schema = SQLITE_SCHEMA.read_text()
    version = int.from_bytes(hashlib.sha256(schema.encode()).digest()[:4], "big") >> 1
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        found = connection.execute("PRAGMA user_version").fetchone()[0]
        if found == version:
            return False
        if found != 0:
            raise SchemaMismatch(f"{path.name} was made by another version of the schema; delete it to start afresh")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(f"BEGIN IMMEDIATE;\n{schema}\nPRAGMA user_version = {version};\nCOMMIT;")
        path.chmod(0o600)
        return True
    finally:
        connection.close()


if __name__ == "__main__":
    ensure(sys.argv[1])
