"""The engine for Supabase PostgreSQL: one persistent connection, one flight per transaction with claims, no prepared statements.

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
from psycopg import AsyncConnection, errors
from psycopg.abc import Buffer
from psycopg.adapt import AdaptersMap, Loader
from psycopg.types.json import Jsonb

from noillusion import epoch
from noillusion.core import clock, logs
from noillusion.core.errors import AccountDeleted, Unavailable
from noillusion.db.exchange import Query, exchange
from noillusion.db.interface import Actor, Duplicate, Flight, Json, Role, Statement, reads_only, repeatable
from noillusion.db.url import connection_string

API_ROLE = "noillusion_api"
WORKER_ROLE = "noillusion_worker"
HEALTH_ROLE = "noillusion_health"
ROLES: Mapping[Role, str] = {"api": API_ROLE, "worker": WORKER_ROLE, "health": HEALTH_ROLE}
STATEMENT_TIMEOUT_MS = 8_000
FLIGHT_TIMEOUT_S = 10.0
MAX_IDLE = timedelta(minutes=4)
"""A connection that was idle for longer is replaced, because something on the way to the server may have dropped it silently."""
OPENING = (
    "SELECT set_config('role', :role, true), set_config('request.jwt.claims', :claims, true), "
    f"set_config('statement_timeout', '{STATEMENT_TIMEOUT_MS}', true), set_config('timezone', 'UTC', true)"
)
# A departure waits for writes in progress, and later writes see the departure: one statement takes the lock, and the next one
# reads departures and sees everything committed until then.
SHARED, EXCLUSIVE = (f"{OPENING}, pg_advisory_xact_lock{kind}(:person)" for kind in ("_shared", ""))
GUARD = "SELECT refuse_departed(:traces, :began)"
LEFT, LEAVING = "ND001", "ND002"
"""Error codes raised by the guard."""
_NAMED = re.compile(r"(?<![:\w]):([a-z_][a-z0-9_]*)")
_FAILURES = (errors.OperationalError, errors.InternalError, psycopg.InterfaceError, TimeoutError, OSError)
"""Errors of an outage, as opposed to errors in statements. Poolers also return internal errors."""

# It logs the texts of errors, which can contain rows.
logging.getLogger("psycopg").setLevel(logging.CRITICAL)


class _ConnectionLost(Unavailable):
    """The connection broke during a flight that may or may not have arrived."""


class _TextLoader(Loader):
    """Load ids as text."""

    def load(self, data: Buffer) -> str:
        return bytes(data).decode()


class _UtcLoader(Loader):
    """Load timestamps in UTC, whatever the time zone of the session."""

    def load(self, data: Buffer) -> datetime:
        return datetime.fromisoformat(bytes(data).decode()).astimezone(UTC)


def _is_outage(error: Exception) -> bool:
    """Return whether an error is an outage. For a broken connection, libpq itself raises an error without class and code."""
    return isinstance(error, _FAILURES) or (type(error) is psycopg.DatabaseError and error.sqlstate is None)


@lru_cache(maxsize=512)
def _positional(text: str) -> str:
    """Return SQL with ``:name`` parameters in psycopg's notation."""
    return _NAMED.sub(r"%(\1)s", text.replace("%", "%%"))


@lru_cache(maxsize=512)
def _numbered(text: str) -> tuple[bytes, tuple[str, ...]]:
    """Return SQL with ``:name`` parameters in the server's notation, and the names by number."""
    numbers: dict[str, int] = {}
    query = _NAMED.sub(lambda found: f"${numbers.setdefault(found[1], len(numbers) + 1)}", text)
    return query.encode(), tuple(numbers)


def _adapt(value: Any) -> Any:
    return Jsonb(value.value) if isinstance(value, Json) else value


class PostgresDatabase:
    """One connection, kept between invocations and replaced if it is broken; several where a unit of work may have them."""

    def __init__(self, url: str, setting: str = "DATABASE_URL") -> None:
        self._conninfo = connection_string(url, setting)
        self._connection: AsyncConnection[Any] | None = None
        self._used_at = clock.now()
        self._lock = asyncio.Lock()
        self._url, self._setting, self._others = url, setting, list[PostgresDatabase]()

    async def flight(self, actor: Actor, *statements: Statement) -> Flight:
        """See :class:`noillusion.db.interface.Database`.

        A flight that only reads is repeated once if the connection breaks. One that writes is not, because it may have
        arrived, unless writing twice does no harm. Any is repeated once if a row that it refers to was deleted meanwhile.
        """
        epoch.began()
        return await self._idle()._in_turn(actor, statements)

    def _idle(self) -> PostgresDatabase:
        """Return this connection, or another one if it is busy and the unit of work may have several."""
        most = epoch.connections()
        if most == 1 or not self._lock.locked():
            return self
        idle = next((other for other in self._others if not other._lock.locked()), None)
        if idle is None and len(self._others) + 1 < most:
            idle = PostgresDatabase(self._url, self._setting)
            self._others.append(idle)
        return idle or self

    async def _in_turn(self, actor: Actor, statements: tuple[Statement, ...]) -> Flight:
        async with self._lock:
            try:
                return await self._fly(actor, statements)
            except _ConnectionLost:
                if not repeatable(statements):
                    raise
                return await self._fly(actor, statements)
            except errors.ForeignKeyViolation:
                # A row was deleted after a statement had found it. Nothing was written, and the next time it is not found.
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
            await self._hang_up()
            problem = _ConnectionLost if lost else Unavailable
            raise problem("database_unavailable") from None
        except asyncio.CancelledError:
            # Nobody will read what the server still sends.
            await self._hang_up()
            raise

    @staticmethod
    async def _send(connection: AsyncConnection[Any], actor: Actor, statements: tuple[Statement, ...]) -> Flight:
        role = ROLES[actor.role]
        claims = json.dumps({"sub": actor.user_id, "role": role} if actor.user_id is not None else {"role": role})
        opening = _opening(actor, {"role": role, "claims": claims}, writes=not reads_only(statements))
        queries = [_query(statement.text, statement.params) for statement in statements]
        results = await connection.wait(exchange(connection, opening, queries))
        return Flight(statements, results)

    async def _open(self) -> AsyncConnection[Any]:
        now = clock.now()
        idle, self._used_at = now - self._used_at, now
        connection = self._connection
        if connection is not None and not connection.closed and idle < MAX_IDLE and not _hung_up(connection):
            return connection
        await self._hang_up()
        async with asyncio.timeout(FLIGHT_TIMEOUT_S):
            opened = await AsyncConnection.connect(self._conninfo, autocommit=True, prepare_threshold=None)
        _register(opened.adapters)
        self._connection = opened
        return opened

    async def close(self) -> None:
        """Let go of all connections."""
        others, self._others = self._others, []
        for each in (self, *others):
            await each._hang_up()

    async def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()


def _opening(actor: Actor, params: dict[str, Any], *, writes: bool) -> list[Query]:
    """Return the queries that every transaction begins with."""
    if actor.user_id is None or not writes:
        return [_query(OPENING, params)]
    locking = _query(EXCLUSIVE if actor.leaving else SHARED, params | {"person": person_key(actor.user_id)})
    if actor.leaving:
        return [locking]
    return [locking, _query(GUARD, {"traces": list(epoch.traces(actor.user_id)), "began": epoch.began()})]


def _query(text: str, params: Mapping[str, Any]) -> Query:
    query, names = _numbered(text)
    return query, [_adapt(params[name]) for name in names]


def person_key(user_id: str) -> int:
    """Return the key of a person's advisory lock. Two persons with the same key would only wait for each other."""
    return int.from_bytes(hashlib.sha256(user_id.encode()).digest()[:8], "big", signed=True)


@contextmanager
def _time_limit(connection: AsyncConnection[Any]) -> Iterator[None]:
    """Close the connection after :data:`FLIGHT_TIMEOUT_S`. Canceling at an unresponsive server would take as long again."""
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


def _hung_up(connection: AsyncConnection[Any]) -> bool:
    """Return whether the server closed an idle connection: its socket is then readable although nothing was requested."""
    try:
        poller = select.poll()
        poller.register(connection.fileno(), select.POLLIN)
        return bool(poller.poll(0))
    except (OSError, ValueError, psycopg.OperationalError):
        return True
