"""The engine for Supabase PostgreSQL: one kept connection, one flight per transaction with its claims, nothing prepared.

It works through a transaction-mode pooler: no session state survives a flight.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import re
import select
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import AsyncConnection, conninfo, errors
from psycopg.abc import Buffer
from psycopg.adapt import AdaptersMap, Loader
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from noillusion import logs
from noillusion.db.interface import Actor, Duplicate, Json, Row, Statement
from noillusion.errors import Unavailable
from noillusion.settings import SettingsError

API_ROLE = "noillusion_api"
WORKER_ROLE = "noillusion_worker"
STATEMENT_TIMEOUT_MS = 8_000
CONNECT_TIMEOUT_S = 5
FLIGHT_TIMEOUT_S = 10.0
RETRY_AFTER_S = 5
SAFE_MODES = ("require", "verify-ca", "verify-full")
OPENING = (
    "SELECT set_config('role', %(role)s, true), set_config('request.jwt.claims', %(claims)s, true), "
    f"set_config('statement_timeout', '{STATEMENT_TIMEOUT_MS}', true), set_config('timezone', 'UTC', true)"
)
_NAMED = re.compile(r"(?<![:\w]):([a-z_][a-z0-9_]*)")


class _TextLoader(Loader):
    """Ids as text."""

    def load(self, data: Buffer) -> str:
        return bytes(data).decode()


class _UtcLoader(Loader):
    """Instants in UTC, whatever the session's zone."""

    def load(self, data: Buffer) -> datetime:
        return datetime.fromisoformat(bytes(data).decode()).astimezone(UTC)


@lru_cache(maxsize=512)
def _positional(text: str) -> str:
    """``:name`` parameters in psycopg's spelling."""
    return _NAMED.sub(r"%(\1)s", text.replace("%", "%%"))


def _adapt(value: Any) -> Any:
    return Jsonb(value.value) if isinstance(value, Json) else value


def connection_string(url: str) -> str:
    """The connection string with encryption required, except on this machine. :class:`SettingsError` if it forbids that."""
    try:
        parts = conninfo.conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise SettingsError("the setting DATABASE_URL is not a valid PostgreSQL connection string") from None
    if not parts.get("host") or not parts.get("dbname"):
        raise SettingsError("the setting DATABASE_URL must name a host and a database")
    if not _is_local(str(parts["host"])):
        mode = parts.setdefault("sslmode", "require")
        if mode not in SAFE_MODES:
            raise SettingsError(f"the setting DATABASE_URL must have an sslmode of {', '.join(SAFE_MODES)}")
    return conninfo.make_conninfo("", **parts, connect_timeout=CONNECT_TIMEOUT_S, application_name="noillusion")


def _is_local(host: str) -> bool:
    if host.startswith("/") or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class PostgresDatabase:
    """One connection, kept between invocations and replaced when it turns out to be dead."""

    def __init__(self, url: str) -> None:
        self._conninfo = connection_string(url)
        self._connection: AsyncConnection[Row] | None = None
        self._lock = asyncio.Lock()

    async def flight(self, actor: Actor, *statements: Statement) -> list[list[Row]]:
        """See :class:`noillusion.db.interface.Database`. Only a flight that reads is repeated on a fresh connection."""
        reads_only = all(statement.text.lstrip()[:6].upper() == "SELECT" for statement in statements)
        async with self._lock:
            try:
                return await self._fly(actor, statements)
            except Unavailable:
                if not reads_only:
                    raise
                return await self._fly(actor, statements)

    async def _fly(self, actor: Actor, statements: tuple[Statement, ...]) -> list[list[Row]]:
        try:
            async with asyncio.timeout(FLIGHT_TIMEOUT_S):
                connection = await self._open()
                return await self._send(connection, actor, statements)
        except errors.UniqueViolation:
            raise Duplicate from None
        except (errors.OperationalError, psycopg.InterfaceError, TimeoutError, OSError) as error:
            logs.event("database_failed", error=type(error).__name__, sqlstate=getattr(error, "sqlstate", None))
            await self.close()
            raise Unavailable("database_unavailable", "The database cannot be reached.", retry_after=RETRY_AFTER_S) from None
        except asyncio.CancelledError:
            # What the server still sends belongs to nobody.
            await self.close()
            raise

    @staticmethod
    async def _send(connection: AsyncConnection[Row], actor: Actor, statements: tuple[Statement, ...]) -> list[list[Row]]:
        role = WORKER_ROLE if actor.user_id is None else API_ROLE
        claims = json.dumps({"sub": actor.user_id, "role": role} if actor.user_id is not None else {"role": role})
        cursors = []
        # Statements up to one Sync are one transaction: all of them or none.
        async with connection.pipeline():
            await connection.execute(OPENING, {"role": role, "claims": claims})
            for statement in statements:
                cursor = connection.cursor()
                params = {name: _adapt(value) for name, value in statement.params.items()}
                await cursor.execute(_positional(statement.text), params)
                cursors.append(cursor)
        return [await cursor.fetchall() if cursor.description else [] for cursor in cursors]

    async def _open(self) -> AsyncConnection[Row]:
        connection = self._connection
        if connection is not None and not connection.closed and not _hung_up(connection):
            return connection
        await self.close()
        opened = await AsyncConnection.connect(self._conninfo, autocommit=True, prepare_threshold=None, row_factory=dict_row)
        _register(opened.adapters)
        self._connection = opened
        return opened

    async def close(self) -> None:
        """Let go of the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()


def _register(adapters: AdaptersMap) -> None:
    adapters.register_loader("uuid", _TextLoader)
    adapters.register_loader("timestamptz", _UtcLoader)


def _hung_up(connection: AsyncConnection[Row]) -> bool:
    """Whether the other side closed an idle connection: then its socket is readable although nothing was asked."""
    try:
        return bool(select.select([connection.fileno()], [], [], 0)[0])
    except (OSError, ValueError, psycopg.OperationalError):
        return True
