"""Time that passes for a running instance, and the fingerprints of requests that it stores until then."""

from __future__ import annotations

import contextlib
import sqlite3

import psycopg

from local.testing import Running
from noillusion.idempotency import TABLES
from tests.privacy import search
from tests.support.databases import unguarded

SQLITE = "UPDATE {} SET created_at = strftime('%Y-%m-%dT%H:%M:%f000Z', created_at, '-25 hours')"
POSTGRES = "UPDATE {} SET created_at = created_at - interval '25 hours'"


def fingerprints(runtime: Running) -> dict[str, set[bytes]]:
    """The hashes of requests by table."""
    stored = {table: _run(runtime, f"SELECT request_fingerprint FROM {table}", True) for table in TABLES}
    return {table: {bytes.fromhex(text.rpartition(".")[2]) for (text,) in rows} for table, rows in stored.items()}


def pass_by(runtime: Running) -> None:
    """Make everything that keyed requests made a day older, and run the chore that erases what is past its time."""
    statement = SQLITE if search.engine(runtime) == "sqlite" else POSTGRES
    for table in TABLES:
        _run(runtime, statement.format(table))
    scheduler = runtime.runtime.scheduler
    (retention,) = (name for name, spec in scheduler.specs.items() if '"retention"' in spec.input)
    done = runtime.call(scheduler.fire(retention))
    assert done.function_error is None and done.json()["left"] == 0, done


def end_pauses(runtime: Running) -> None:
    """Let accounts be called again whose platform said that a limit is reached, as if the time had passed."""
    _run(runtime, "UPDATE platform_connections SET posts_paused_until = NULL, calls_paused_until = NULL")


def dump(runtime: Running) -> str:
    """Every row of every table, as text."""
    (place,) = (place for place in search.places(runtime) if place.name == "database dump")
    return "\n".join(content.decode() for _, content in place.read(runtime))


def _run(runtime: Running, statement: str, reads: bool = False) -> list[tuple[str]]:
    if search.engine(runtime) == "sqlite":
        path = runtime.runtime.directory / "noillusion.sqlite3"
        with contextlib.closing(sqlite3.connect(path, timeout=30)) as database, database:
            found = database.execute(statement).fetchall() if reads else unguarded(database, statement)
        return [row for row in found if row[0] is not None]
    with psycopg.connect(runtime.runtime.options.database) as connection:
        # Past the trigger that keeps finished targets as they are.
        connection.execute("SET session_replication_role = replica")
        done = connection.execute(statement.encode())
        return [row for row in done.fetchall() if row[0] is not None] if reads else []
