"""The database behind one small interface: a list of statements is one transaction and one flight to the server."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import lru_cache

from noillusion.core import logs, loop
from noillusion.db.interface import (
    HEALTH,
    LOCKED,
    SKIP_LOCKED,
    WORKER,
    Actor,
    Database,
    Duplicate,
    Flight,
    Json,
    Query,
    Row,
    Statement,
    among,
    columns,
    query,
    record,
    sql,
)
from noillusion.settings.errors import SettingsError
from noillusion.settings.source import settings
from noillusion.settings.values import LOGIN_SETTINGS, Settings

__all__ = [
    "HEALTH",
    "LOCKED",
    "SKIP_LOCKED",
    "WORKER",
    "Actor",
    "Database",
    "Duplicate",
    "Flight",
    "Json",
    "Query",
    "Row",
    "Statement",
    "among",
    "columns",
    "connect",
    "database",
    "query",
    "record",
    "sql",
]


def connect(url: str, setting: str = "DATABASE_URL") -> Database:
    """Return the engine for a database URL, ``postgresql://…`` or ``sqlite:///path``. Raises :class:`SettingsError`."""
    if url.startswith("sqlite:///"):
        from noillusion.db.sqlite import SQLiteDatabase

        return SQLiteDatabase(url.removeprefix("sqlite:///"))
    if url.startswith(("postgresql://", "postgres://")):
        from noillusion.db.postgres import PostgresDatabase

        return PostgresDatabase(url, setting)
    raise SettingsError(setting, "must begin with postgresql:// or sqlite:///")


class ByLogin:
    """One database with several logins, each for one role. A login connects only when it is used."""

    def __init__(self, engines: Mapping[str, Database]) -> None:
        self._engines = engines

    async def flight(self, actor: Actor, *statements: Statement) -> Flight:
        """See :class:`noillusion.db.interface.Database`."""
        if actor.role not in self._engines:
            raise LookupError(f"this function has no login for the role {actor.role}")
        return await self._engines[actor.role].flight(actor, *statements)

    async def close(self) -> None:
        """Close all connections."""
        for engine in self._engines.values():
            await engine.close()


@lru_cache(maxsize=1)
def database() -> Database:
    """Return the database of this execution environment."""
    logins = settings().logins
    engines = {url: connect(url, name) for name, url in logins.values()}
    if "worker" in logins and logins["worker"] == logins.get("api") and not logins["worker"][1].startswith("sqlite"):
        # Sufficient on a laptop. In a deployment, the login for requests of users could become a worker.
        logs.event("one_database_login")
    if len(engines) == 1 and logins.keys() == LOGIN_SETTINGS.keys():
        return next(iter(engines.values()))
    return ByLogin({role: engines[url] for role, (_, url) in logins.items()})


def _address_changed(old: Settings, new: Settings) -> None:
    """Switch to the engine of the new URL. Running work may finish on the old one."""
    if old.logins == new.logins or not database.cache_info().currsize:
        return
    engine = database()
    database.cache_clear()
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        loop.run(engine.close())


def _usable(found: Settings) -> None:
    """Refuse settings with a URL that the engine refuses, so that it does not replace one that works."""
    for name, url in found.logins.values():
        connect(url, name)


settings.follow(_address_changed)
settings.require(_usable)
