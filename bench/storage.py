"""S16, what a post's figures take: ``python -m bench.storage [--targets 500] [--document]``.

Posts are read for 90 days at the product's own cadence, through its own statements as its own roles, on a real PostgreSQL.
Figures grow quickly at first and slowly later, or change at every reading, which is the worst there is. The tables are vacuumed
every few readings, as autovacuum does.
"""

from __future__ import annotations

import argparse
import asyncio
import math
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg

from bench import report
from bench.leaving import SERVER, settings
from bench.report import Table
from local.databases.postgres import temporary
from local.stopping import interrupt_on_signals

if TYPE_CHECKING:
    from noillusion.publishing.rows import TargetsToMeasure

TABLES = ("post_polls", "post_figures", "post_analytics")
USER, MESSAGE = "auth0|measured", 50
START = datetime(2026, 9, 1, 9, tzinfo=UTC)
ROWS_BAR, BYTES_BAR, WAL_BAR = 25, 6_000, 600
GROWTH = ("as posts grow", "at every reading")


def target_id(number: int) -> str:
    """The id of a target, spread as random ones are."""
    return str(UUID(int=(number * 0x9E3779B97F4A7C15F39CC0605CEDC835) % 2**128))


def views(number: int, age: timedelta, reading: int, growth: str) -> int:
    """The views of a post at an age."""
    if growth == GROWTH[1]:
        return reading
    return round((1000 + number % 900) * (1 - math.exp(-age / timedelta(days=3))))


def fill(connection: psycopg.Connection[Any], targets: int) -> None:
    """Published targets that are due."""
    connection.execute("SET session_replication_role = replica")
    connection.execute(
        """INSERT INTO platform_connections
             (id, user_id, platform, account_id, account_kind, sealed_access_token, sealing_key_id, token_issued_at)
           VALUES (%s, %s, 'tiktok', '1', 'creator', 'v2.k1.x', 'k1', now())""",
        (target_id(0), USER),
    )
    for number in range(1, targets + 1):
        row = {
            "id": target_id(number),
            "user": USER,
            "connection": target_id(0),
            "at": START,
            "post": target_id(-number),
            "key": str(number),
        }
        connection.execute("""INSERT INTO posts (id, user_id, idempotency_key) VALUES (%(post)s, %(user)s, %(key)s)""", row)
        connection.execute(
            """INSERT INTO post_targets (id, user_id, post_id, connection_id, platform, account_id, position, kind, status,
                 accepted_id, published_at, deadline_at)
               VALUES (%(id)s, %(user)s, %(post)s, %(connection)s, 'tiktok', '1', 0, 'video', 'published', %(key)s, %(at)s,
                 %(at)s)""",
            row,
        )
        connection.execute(
            """INSERT INTO post_polls (target_id, user_id, connection_id, platform, published_at, due_at)
               VALUES (%(id)s, %(user)s, %(connection)s, 'tiktok', %(at)s, %(at)s)""",
            row,
        )
    connection.execute("RESET session_replication_role")


def one(connection: psycopg.Connection[Any], query: str) -> Any:
    """The one value of a query."""
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def messages(claimed: Sequence[TargetsToMeasure]) -> Iterator[list[TargetsToMeasure]]:
    """Rows of due times by the message."""
    rows: list[TargetsToMeasure] = []
    for row in claimed:
        if rows and sum(len(each.ids) for each in (*rows, row)) > MESSAGE:
            yield rows
            rows = []
        rows.append(row)
    yield rows


async def read_all(connection: psycopg.Connection[Any], targets: int, growth: str) -> dict[str, float]:
    """Read everything until it is read no more. Return the readings, and the rows of history at the worst and over time."""
    from noillusion.analytics import cadence, history, retention_store, store
    from noillusion.analytics.history import Before, Reading
    from noillusion.db import WORKER, Actor, database
    from noillusion.publishing import metrics

    now: datetime | None = START
    before: dict[str, Before] = {}
    number = {target_id(n): n for n in range(1, targets + 1)}
    readings, last, weighed, most = 0, START, 0.0, 0.0
    while now is not None:
        claim = metrics.claim("tiktok", now, now + timedelta(minutes=30), targets)
        claimed = (await database().flight(WORKER, claim))[claim]
        due = cadence.next_reading(now, START, target_id(0))
        for rows in messages(claimed):
            read = {
                id: Reading(None, {"views": (v := views(number[id], now - START, readings, growth)), "likes": v // 20})
                for row in rows
                for id in row.ids
            }
            kept = {key: reading for key, reading in read.items() if history.keeps(before.get(key), reading, now)}
            aged = [key for key, reading in read.items() if history.begins_day(before.get(key), reading, now)]
            await database().flight(
                Actor(USER),
                *store.put_figures(USER, now, None, read, before.keys()),
                *([store.add_history("post_analytics", USER, now, kept)] if kept else ()),
                *([retention_store.thin(USER, aged, now)] if aged else ()),
                *metrics.arrange(USER, {due: sorted(read)} if due else {}, [row.target_id for row in rows], read, now),
            )
            before |= {key: Before(None, now, reading.figures) for key, reading in read.items()}
        readings += 1
        if readings % 5 == 0:
            connection.execute(f"VACUUM {', '.join(TABLES)}".encode())
        rows = one(connection, "SELECT count(*) FROM post_analytics") / targets
        most, weighed = max(most, rows), weighed + rows * ((due or now) - now).total_seconds()
        last, now = due or now, due
    return {"readings": readings, "rows_most": most, "rows_mean": weighed / (last - START).total_seconds()}


async def close() -> None:
    """Close the product's connections."""
    from noillusion.db import database

    await database().close()


def measure_one(connection: psycopg.Connection[Any], runner: asyncio.Runner, targets: int, growth: str) -> dict[str, float]:
    """What one way of growing takes."""
    connection.execute(f"TRUNCATE posts, platform_connections, {', '.join(TABLES)} CASCADE".encode())
    fill(connection, targets)
    connection.execute("CHECKPOINT")
    began = one(connection, "SELECT pg_current_wal_lsn()::text")
    found = runner.run(read_all(connection, targets, growth))
    wal = float(one(connection, f"SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '{began}')"))
    hot = "100.0 * n_tup_hot_upd / greatest(n_tup_upd, 1)"
    found["hot_percent"] = float(one(connection, f"SELECT {hot} FROM pg_stat_user_tables WHERE relname = 'post_figures'"))
    connection.execute("VACUUM")
    found["rows_end"] = one(connection, "SELECT count(*) FROM post_analytics") / targets
    for name, statement in (("bytes", "VACUUM {}"), ("bytes_live", "VACUUM FULL {}")):
        for table in TABLES:
            connection.execute(statement.format(table).encode())
        found[name] = sum(one(connection, f"SELECT pg_total_relation_size('{table}')") for table in TABLES) / targets
    return {**found, "wal": wal / targets / found["readings"]}


def line(growth: str, figures: dict[str, float]) -> list[str]:
    """A line of the table."""
    kept = (figures["rows_mean"] <= ROWS_BAR and figures["bytes_live"] <= BYTES_BAR, figures["wal"] <= WAL_BAR)
    return [
        *(growth, f"{figures['readings']:.0f}"),
        *(f"{figures[name]:.1f}" for name in ("rows_mean", "rows_most", "rows_end")),
        *(f"{figures[name]:,.0f}" for name in ("bytes", "bytes_live", "wal")),
        f"{figures['hot_percent']:.0f} %",
        *("yes" if each else "**no**" for each in kept),
    ]


def measure(targets: int) -> Table:
    """Read, and tell."""
    from tools.migrate import ensure

    with temporary((*SERVER, "checkpoint_timeout=1h")) as server:
        ensure(server.url())
        settings(server.url())
        with psycopg.connect(server.url(), autocommit=True) as connection, asyncio.Runner() as runner:
            found = {growth: measure_one(connection, runner, targets, growth) for growth in GROWTH}
            runner.run(close())
    heads = [
        "figures change",
        "readings",
        "rows, mean over 90 days (bar 25)",
        "at the most",
        "at the end",
        "bytes at the end",
    ]
    heads += [
        "of these in use (bar 6,000)",
        "WAL per reading (B, bar 600)",
        "HOT updates of the figures",
        "rows and bytes kept",
        "WAL kept",
    ]
    notes = [
        f"{targets:,} targets, published at the same moment, read by {MESSAGE} at once. Bytes are those of the three tables that "
        "only measuring fills, with their indexes; the space that is not in use at the end is what younger posts would use."
    ]
    return Table(
        "S16",
        "S16: what a published target's figures take",
        heads,
        [line(growth, figures) for growth, figures in found.items()],
        notes,
        {"targets": targets, "measured": found},
    )


def main() -> None:
    """Measure both ways of growing once."""
    parser = argparse.ArgumentParser(prog="python -m bench.storage", description=str(__doc__).splitlines()[0])
    parser.add_argument("--targets", type=int, default=500)
    parser.add_argument("--document", action="store_true", help="put the table into docs/benchmarks.md")
    given = parser.parse_args()
    report.run(lambda: measure(given.targets), document_it=given.document)


if __name__ == "__main__":
    interrupt_on_signals()
    main()
