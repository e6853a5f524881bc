"""The database behind one small interface: a list of statements is one transaction and one flight to the server."""

from __future__ import annotations

from functools import lru_cache

from noillusion.db.interface import WORKER, Actor, Database, Duplicate, Json, Row, Statement, sql
from noillusion.settings import SettingsError, settings

__all__ = ["WORKER", "Actor", "Database", "Duplicate", "Json", "Row", "Statement", "connect", "database", "sql"]


def connect(url: str) -> Database:
    """The engine for a database URL: ``postgresql://…`` or ``sqlite:///path``."""
    if url.startswith("sqlite:///"):
        from noillusion.db.sqlite import SQLiteDatabase

        return SQLiteDatabase(url.removeprefix("sqlite:///"))
    if url.startswith(("postgresql://", "postgres://")):
        from noillusion.db.postgres import PostgresDatabase

        return PostgresDatabase(url)
    raise SettingsError("the setting DATABASE_URL must begin with postgresql:// or sqlite:///")


@lru_cache(maxsize=1)
def database() -> Database:
    """The database of this execution environment."""
    return connect(settings().database_url)
