"""The database behind one small interface: a list of statements is one transaction and one flight to the server."""

from __future__ import annotations

import asyncio
from functools import lru_cache

from noillusion import loop
from noillusion.db.interface import WORKER, Actor, Database, Duplicate, Json, Row, Statement, among, sql
from noillusion.settings import Settings, SettingsError, follow, require, settings

__all__ = ["WORKER", "Actor", "Database", "Duplicate", "Json", "Row", "Statement", "among", "connect", "database", "sql"]


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


def _address_changed(old: Settings, new: Settings) -> None:
    """Go on with the engine of the new address. Work that still holds the old one may end on it."""
    if old.database_url == new.database_url or not database.cache_info().currsize:
        return
    engine = database()
    database.cache_clear()
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        loop.run(engine.close())


follow(_address_changed)
# What an address must be is known by its engine, and a bad one must not replace one that works.
require(lambda found: connect(found.database_url))
