"""S14, reads of analytics: ``python -m bench.reads [--rows 1000000] [--readings 1] [--document]``.

A real PostgreSQL with synthetic targets of other users, and users with 10, 1,000 and 20,000 posts in 30 and in 366 days. Buffers
are those of the product's own statements, as the API role with claims; times are of the product's summary, warm, from this side.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from datetime import timedelta
from typing import Any

import psycopg

from bench import filling, plans, report
from bench.leaving import SERVER, settings
from bench.report import Table
from local.databases.postgres import temporary
from local.stopping import interrupt_on_signals

POSTS, DAYS, READINGS, RUNS = (10, 1_000, 20_000), (30, 366), 14, 7
PER_POST, PAGE_BAR, MS_BAR = 25, 500, 50.0


def name(posts: int, days: int) -> str:
    """The user with so many posts in so many days."""
    return f"auth0|reader-{posts}-{days}"


def statements(user: str, days: int) -> tuple[list[Any], list[Any]]:
    """The statements of a summary, and of pages of posts: the newest and those with the most views."""
    from noillusion.analytics import queries
    from noillusion.core import clock

    now, length = clock.now(), timedelta(days=days)
    scope = queries.scope(user, now - length, now, now, None)
    earlier = queries.scope(user, now - 2 * length, now - length, now - length, None)
    summary = [queries.totals(scope), queries.totals_then(earlier)]
    return summary, [queries.top(scope, "published_at", None, 26), queries.top(scope, "views", None, 26)]


async def times(user: str, days: int) -> list[float]:
    """Milliseconds of warm summaries."""
    from noillusion.analytics import service
    from noillusion.core import clock

    found = []
    for _ in range(RUNS + 2):
        began = time.perf_counter()
        now = clock.now()
        answer = await service.summary(user, now - timedelta(days=days), now, None)
        answer.model_dump_json()
        found.append((time.perf_counter() - began) * 1000)
    return found[2:]


async def close() -> None:
    """Close the product's connections."""
    from noillusion.db import database

    await database().close()


def look(connection: psycopg.Connection[Any], runner: asyncio.Runner, posts: int, days: int) -> dict[str, Any]:
    """What one user's reads touch and take."""
    from noillusion.db.postgres import API_ROLE

    user = name(posts, days)
    summary, pages = statements(user, days)
    page, by_views = (plans.explain(connection, API_ROLE, user, each).buffers for each in pages)
    looked = sum(plans.explain(connection, API_ROLE, user, each).buffers for each in summary)
    taken = runner.run(times(user, days))
    return {"posts": posts, "days": days, "summary": looked, "page": page, "by_views": by_views, "ms": taken}


def line(found: dict[str, Any]) -> list[str]:
    """A line of the table."""
    posts, looked, median = found["posts"], found["summary"], statistics.median(found["ms"])
    return [
        *(f"{posts:,}", str(found["days"]), f"{looked:,}", f"{looked / posts:.1f}", str(found["page"]), f"{found['by_views']:,}"),
        report.Spread.of(found["ms"]).show(1),
        # A fixed part is due to any statement, however few posts there are.
        report.verdict(looked, max(PER_POST * posts, PAGE_BAR)),
        *(report.verdict(found["page"], PAGE_BAR), report.verdict(median, MS_BAR)),
    ]


def measure(rows: int, readings: int) -> Table:
    """Fill, read, and tell."""
    from tools.migrate import ensure

    users = [(posts, days) for posts in POSTS for days in DAYS]
    with temporary(SERVER) as server:
        ensure(server.url())
        settings(server.url())
        with psycopg.connect(server.url(), autocommit=True) as connection, asyncio.Runner() as runner:
            print(f"Filling with {rows:,} targets of others…", flush=True)
            with filling.quickly(connection):
                filling.fill(connection, "others", rows, days=366, users=max(rows // 100, 1), readings=readings)
            for posts, days in users:
                filling.fill(connection, name(posts, days), posts, days=days, user=name(posts, days), readings=READINGS)
            connection.execute("VACUUM ANALYZE")
            data = [look(connection, runner, posts, days) for posts, days in users]
            runner.run(close())
    heads = ["posts", "days", "buffers of a summary", "per post (bar 25)", "page of the newest (bar 500)", "page by views"]
    heads += ["summary, warm (ms, bar 50)", "summary kept", "page kept", "time kept"]
    notes = [
        f"Beside {rows:,} targets of others. As the API role with claims, under row-level security. A page by views has to look "
        "at each post of the period."
    ]
    return Table(
        "S14",
        "S14: reads of analytics",
        heads,
        [line(each) for each in data],
        notes,
        {"rows": rows, "readings": readings, "measured": data},
    )


def main() -> None:
    """Measure once; a large run takes minutes to fill the database."""
    parser = argparse.ArgumentParser(prog="python -m bench.reads", description=str(__doc__).splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000, help="targets of others")
    parser.add_argument("--readings", type=int, default=1, help="rows of history of each of these")
    parser.add_argument("--document", action="store_true", help="put the table into docs/benchmarks.md")
    given = parser.parse_args()
    report.run(lambda: measure(given.rows, given.readings), document_it=given.document)


if __name__ == "__main__":
    interrupt_on_signals()
    main()
