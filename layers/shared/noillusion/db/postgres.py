"""The engine for Supabase PostgreSQL: one kept connection, one flight per transaction with its claims, nothing prepared.

It works through a transaction-mode pooler: no session state survives a flight.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import os
import re
import select
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import AsyncConnection, AsyncPipeline, errors
from psycopg.abc import Buffer, PQGen
from psycopg.adapt import AdaptersMap, Loader
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from noillusion import epoch
from noillusion.core import clock, logs
from noillusion.core.errors import AccountDeleted, Unavailable
from noillusion.db.interface import Actor, Duplicate, Flight, Json, Role, Row, Statement, reads_only
from noillusion.db.url import connection_string

API_ROLE = "noillusion_api"
WORKER_ROLE = "noillusion_worker"
HEALTH_ROLE = "noillusion_health"
ROLES: Mapping[Role, str] = {"api": API_ROLE, "worker": WORKER_ROLE, "health": HEALTH_ROLE}
STATEMENT_TIMEOUT_MS = 8_000
FLIGHT_TIMEOUT_S = 10.0
MAX_IDLE = timedelta(minutes=4)
"""A connection idle for longer is replaced: on the way to the server somebody may have forgotten it without a word."""
OPENING = (
    "SELECT set_config('role', %(role)s, true), set_config('request.jwt.claims', %(claims)s, true), "
    f"set_config('statement_timeout', '{STATEMENT_TIMEOUT_MS}', true), set_config('timezone', 'UTC', true)"
)
# Whoever leaves waits for their writes that are under way, and those that come after see that they left: the lock is taken in one
# statement, and the look at departures is the next, which sees what was committed until then.
SHARED, EXCLUSIVE = (f"{OPENING}, pg_advisory_xact_lock{kind}(%(person)s)" for kind in ("_shared", ""))
GUARD = "SELECT refuse_departed(%(traces)s, %(began)s)"
LEFT, LEAVING = "ND001", "ND002"
"""Codes of the errors that the guard raises."""
_NAMED = re.compile(r"(?<![:\w]):([a-z_][a-z0-9_]*)")
_FAILURES = (errors.OperationalError, errors.InternalError, psycopg.InterfaceError, TimeoutError, OSError)
"""What means that the database did not do it, as opposed to mistakes in statements. Poolers answer with internal errors, too."""

# It warns with the texts of errors, and those can quote rows.
logging.getLogger("psycopg").setLevel(logging.CRITICAL)


class _ConnectionLost(Unavailable):
    """The connection broke under a flight that may or may not have arrived."""


class _TextLoader(Loader):
    """Ids as text."""

    def load(self, data: Buffer) -> str:
        return bytes(data).decode()


class _UtcLoader(Loader):
    """Instants in UTC, whatever the session's zone."""

    def load(self, data: Buffer) -> datetime:
        return datetime.fromisoformat(bytes(data).decode()).astimezone(UTC)


def _is_outage(error: Exception) -> bool:
    """Return whether the database did not do it. An error of no kind and code is what libpq makes of a broken connection."""
    return isinstance(error, _FAILURES) or (type(error) is psycopg.DatabaseError and error.sqlstate is None)


@lru_cache(maxsize=512)
def _positional(text: str) -> str:
    """``:name`` parameters in psycopg's spelling."""
    return _NAMED.sub(r"%(\1)s", text.replace("%", "%%"))


def _adapt(value: Any) -> Any:
    return Jsonb(value.value) if isinstance(value, Json) else value


class PostgresDatabase:
    """One connection, kept between invocations and replaced when it turns out to be dead."""

    def __init__(self, url: str, setting: str = "DATABASE_URL") -> None:
        self._conninfo = connection_string(url, setting)
        self._connection: AsyncConnection[Row] | None = None
        self._used_at = clock.now()
        self._lock = asyncio.Lock()

    async def flight(self, actor: Actor, *statements: Statement) -> Flight:
        """See :class:`noillusion.db.interface.Database`.

        A flight that only reads is sent again, once, if the connection broke under it. One that writes never is: it may have
        arrived.
        """
        epoch.began()
        async with self._lock:
            try:
                return await self._fly(actor, statements)
            except _ConnectionLost:
                if not reads_only(statements):
                    raise
                return await self._fly(actor, statements)

    async def _fly(self, actor: Actor, statements: tuple[Statement, ...]) -> Flight:
        connection = None
        try:
            connection = await self._open()
            with _time_limit(connection):
                return await self._send(connection, actor, statements)
        except errors.UniqueViolation:
            raise Duplicate from None
        except (*_FAILURES, psycopg.DatabaseError) as error:
            state = getattr(error, "sqlstate", None)
            if state in (LEFT, LEAVING):
                raise AccountDeleted(in_progress=state == LEAVING) from None
            if not _is_outage(error):
                raise
            logs.event("database_failed", error=type(error).__name__, sqlstate=state)
            lost = connection is not None and connection.closed and not isinstance(error, TimeoutError)
            await self.close()
            problem = _ConnectionLost if lost else Unavailable
            raise problem("database_unavailable") from None
        except asyncio.CancelledError:
            # What the server still sends belongs to nobody.
            await self.close()
            raise

    @staticmethod
    async def _send(connection: AsyncConnection[Row], actor: Actor, statements: tuple[Statement, ...]) -> Flight:
        role = ROLES[actor.role]
        claims = json.dumps({"sub": actor.user_id, "role": role} if actor.user_id is not None else {"role": role})
        cursors = []
        connection._pipeline = _OneSync(connection)
        # Statements up to one Sync are one transaction: all of them or none.
        async with connection.pipeline():
            await _opened(connection, actor, {"role": role, "claims": claims}, writes=not reads_only(statements))
            for statement in statements:
                cursor = connection.cursor()
                params = {name: _adapt(value) for name, value in statement.params.items()}
                await cursor.execute(_positional(statement.text), params)
                cursors.append(cursor)
        return Flight(statements, [await cursor.fetchall() if cursor.description else [] for cursor in cursors])

    async def _open(self) -> AsyncConnection[Row]:
        now = clock.now()
        idle, self._used_at = now - self._used_at, now
        connection = self._connection
        if connection is not None and not connection.closed and idle < MAX_IDLE and not _hung_up(connection):
            return connection
        await self.close()
        async with asyncio.timeout(FLIGHT_TIMEOUT_S):
            opened = await AsyncConnection.connect(self._conninfo, autocommit=True, prepare_threshold=None, row_factory=dict_row)
        _register(opened.adapters)
        self._connection = opened
        return opened

    async def close(self) -> None:
        """Let go of the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()


async def _opened(connection: AsyncConnection[Row], actor: Actor, params: dict[str, Any], *, writes: bool) -> None:
    """Queue what every transaction begins with."""
    if actor.user_id is None or not writes:
        await connection.execute(OPENING, params)
        return
    params["person"] = person_key(actor.user_id)
    await connection.execute(EXCLUSIVE if actor.leaving else SHARED, params)
    if not actor.leaving:
        await connection.execute(GUARD, {"traces": list(epoch.traces(actor.user_id)), "began": epoch.began()})


def person_key(user_id: str) -> int:
    """The key of a person's advisory lock. Two persons with one key would only wait for each other."""
    return int.from_bytes(hashlib.sha256(user_id.encode()).digest()[:8], "big", signed=True)


class _OneSync(AsyncPipeline):
    """A pipeline that ends with its Sync.

    psycopg's own sends a Flush after it. If that reaches a transaction-mode pooler behind the Sync's answer, the pooler takes a
    server connection for it, and this client keeps that until its next flight: perhaps minutes, in a frozen environment.
    """

    def _exit_gen(self) -> PQGen[None]:
        self._enqueue_sync()
        try:
            yield from self._communicate_gen()
        finally:
            yield from self._fetch_gen(flush=False)


@contextmanager
def _time_limit(connection: AsyncConnection[Row]) -> Iterator[None]:
    """Hang up after :data:`FLIGHT_TIMEOUT_S`. Asking a server that does not answer to cancel would take as long again."""
    cut: list[bool] = []

    def hang_up() -> None:
        cut.append(True)
        with socket.socket(fileno=os.dup(connection.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)

    timer = asyncio.get_running_loop().call_later(FLIGHT_TIMEOUT_S, hang_up)
    try:
        yield
    except psycopg.DatabaseError:
        if cut:
            raise TimeoutError from None
        raise
    finally:
        timer.cancel()


def _register(adapters: AdaptersMap) -> None:
    adapters.register_loader("uuid", _TextLoader)
    adapters.register_loader("timestamptz", _UtcLoader)


def _hung_up(connection: AsyncConnection[Row]) -> bool:
    """Return whether the other side closed an idle connection: then its socket is readable although nothing was asked."""
    try:
        poller = select.poll()
        poller.register(connection.fileno(), select.POLLIN)
        return bool(poller.poll(0))
    except (OSError, ValueError, psycopg.OperationalError):
        return True
