"""The embedded engine for laptops and tests: SQLite with the schema generated from the migrations.

What is deleted is overwritten, in the file and in its write-ahead log.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from noillusion import epoch
from noillusion.core.errors import AccountDeleted, Unavailable
from noillusion.db.interface import LOCKED, SKIP_LOCKED, Actor, Duplicate, Flight, Json, Statement, reads_only

BUSY_TIMEOUT_MS = 10_000
SYNCHRONOUS = "NORMAL"
"""When the file is forced onto the disk, which only matters if the whole machine stops."""

sqlite3.register_converter("TIMESTAMPTZ", lambda raw: datetime.fromisoformat(raw.decode()))
sqlite3.register_converter("JSONB", json.loads)
sqlite3.register_converter("BOOLEAN", lambda raw: raw == b"1")


def _adapt(value: Any) -> Any:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            # It would be read as this machine's local time (failure-classes.md I1).
            raise ValueError("a time without an offset cannot be stored")
        # Fixed width, so that text order is time order.
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, Json):
        return json.dumps(value.value, separators=(",", ":"))
    return value


def _jsonb_build_object(*pairs: Any) -> str:
    """PostgreSQL's function of this name."""
    return json.dumps(dict(zip(pairs[::2], pairs[1::2], strict=True)), separators=(",", ":"))


def _refuse_departed(connection: sqlite3.Connection, user_id: str) -> None:
    """Do what the function of this name does in PostgreSQL. Here writers are one at a time anyway."""
    if connection.execute("SELECT 1 FROM departures WHERE user_id = ?", (user_id,)).fetchone():
        raise AccountDeleted(in_progress=True)
    hashes = epoch.traces(user_id)
    since = f"user_hash IN ({', '.join('?' * len(hashes))}) AND left_at > ?"
    if connection.execute(f"SELECT 1 FROM deletion_receipts WHERE {since}", (*hashes, _adapt(epoch.began()))).fetchone():  # noqa: S608
        raise AccountDeleted


def _jsonb_concat(first: str, second: str) -> str:
    """PostgreSQL's function of this name: what its ``||`` does."""
    before, after = json.loads(first), json.loads(second)
    return json.dumps(before + after if isinstance(before, list) else before | after, separators=(",", ":"))


def _jsonb_exists(array: str, text: str) -> bool:
    """PostgreSQL's function of this name, for arrays of strings: what its ``?`` does."""
    return text in json.loads(array)


def _jsonb_contained(array: str, other: str) -> bool:
    """PostgreSQL's function of this name, for arrays of strings: what its ``<@`` does."""
    return set(json.loads(array)) <= set(json.loads(other))


def _jsonb_delete(array: str, text: str) -> str:
    """PostgreSQL's function of this name, for arrays of strings: what its ``-`` does."""
    return json.dumps([each for each in json.loads(array) if each != text], separators=(",", ":"))


def _date_part(unit: str, at: str | None) -> float | None:
    """PostgreSQL's function of this name: the seconds since 1970."""
    if unit != "epoch":
        raise ValueError("only the seconds since 1970 are to be had")
    return None if at is None else datetime.fromisoformat(at).timestamp()


def _strpos(text: str, sought: str) -> int:
    """PostgreSQL's function of this name: the place of the first occurrence, from 1 on, or 0."""
    return text.find(sought) + 1


def _identity(path: str) -> tuple[int, int] | None:
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _date_trunc(unit: str, moment: str, zone: str) -> str:
    """Do as PostgreSQL's function of this name does for days and weeks (ISO, from Monday)."""
    local = datetime.fromisoformat(moment).astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    return (local - timedelta(days=local.weekday() if unit == "week" else 0)).isoformat()


class SQLiteDatabase:
    """One connection to one file. Several processes may share the file (WAL)."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None

    def _open(self) -> sqlite3.Connection:
        file = _identity(self._path)
        if file != self._file:
            # Deleted or replaced: the old connection would go on with a file that nobody else sees.
            self._drop()
        if self._connection is None:
            if self._path != ":memory:" and file is None:
                raise Unavailable("database_unavailable")
            connection = self._connection = sqlite3.connect(
                self._path, detect_types=sqlite3.PARSE_DECLTYPES, isolation_level=None, check_same_thread=False
            )
            self._file = file
            connection.row_factory = sqlite3.Row
            # PostgreSQL's collation of this name: by code points.
            connection.create_collation("C", lambda one, other: (one > other) - (one < other))
            connection.create_function("jsonb_build_object", -1, _jsonb_build_object, deterministic=True)
            connection.create_function("jsonb_concat", 2, _jsonb_concat, deterministic=True)
            connection.create_function("jsonb_exists", 2, _jsonb_exists, deterministic=True)
            connection.create_function("jsonb_contained", 2, _jsonb_contained, deterministic=True)
            connection.create_function("jsonb_delete", 2, _jsonb_delete, deterministic=True)
            connection.create_function("date_trunc", 3, _date_trunc, deterministic=True)
            connection.create_function("date_part", 2, _date_part, deterministic=True)
            connection.create_function("strpos", 2, _strpos, deterministic=True)
            for pragma in (
                f"busy_timeout = {BUSY_TIMEOUT_MS}",
                "journal_mode = WAL",
                f"synchronous = {SYNCHRONOUS}",
                "foreign_keys = ON",
                "secure_delete = ON",
            ):
                connection.execute(f"PRAGMA {pragma}")
        return self._connection

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = self._file = None

    async def flight(self, actor: Actor, *statements: Statement) -> Flight:
        """See :class:`noillusion.db.interface.Database`. SQLite has no roles: the statements' own ``user_id`` is the wall."""
        epoch.began()
        try:
            connection = self._open()
            results = self._transaction(connection, actor, statements)
            if any(statement.text.lstrip()[:6].upper() == "DELETE" for statement in statements):
                self._forget(connection)
            return results
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorname in ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"):
                raise Duplicate from None
            raise
        except sqlite3.DatabaseError as error:
            # The class itself says that the file is no database; subclasses but for this one are mistakes in the code.
            if type(error) not in (sqlite3.DatabaseError, sqlite3.OperationalError):
                raise
            self._drop()
            raise Unavailable("database_unavailable") from None

    @staticmethod
    def _transaction(connection: sqlite3.Connection, actor: Actor, statements: tuple[Statement, ...]) -> Flight:
        writes = not reads_only(statements)
        connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
        try:
            if writes and actor.user_id is not None and not actor.leaving:
                _refuse_departed(connection, actor.user_id)
            results = []
            for statement in statements:
                text = statement.text.replace(SKIP_LOCKED, "").replace(LOCKED, "")
                cursor = connection.execute(text, {key: _adapt(value) for key, value in statement.params.items()})
                results.append([dict(row) for row in cursor.fetchall()])
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return Flight(statements, results)

    @staticmethod
    def _forget(connection: sqlite3.Connection) -> None:
        """Empty the write-ahead log, which still has the rows as they were. Where others are reading, the next deletion does."""
        with suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    async def close(self) -> None:
        """Close the file."""
        self._drop()
