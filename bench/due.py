"""S11, the query for due figures: ``python -m bench.due [--rows 100000] [--document]``.

A real PostgreSQL with 1,000 targets, then 100,000 and as many as ``--rows`` says, of which a page is due. The claim runs as the
workers' role and is undone; the rows that it leaves behind are removed before it runs again.
"""

from __future__ import annotations

import argparse
import re
import statistics
from typing import Any

import psycopg

from bench import plans, report
from bench.leaving import SERVER, settings
from bench.report import Table
from local.databases.postgres import temporary
from local.stopping import interrupt_on_signals

FIND = re.compile(r"IN \((\s*SELECT target_id FROM post_polls.*?LIMIT :limit)\)", re.DOTALL)
"""The query within the claim."""
SIZES, RUNS, GROWTH_BAR = (1_000, 100_000, 10_000_000), 7, 2.0


def fill(connection: psycopg.Connection[Any], first: int, last: int) -> None:
    """Add due times of targets. Nobody looks whether there are such targets."""
    connection.execute("SET session_replication_role = replica")
    connection.execute("SET synchronous_commit = off")
    for start in range(first, last + 1, 500_000):
        end = min(start + 499_999, last)
        connection.execute(
            f"""INSERT INTO post_polls (target_id, user_id, connection_id, platform, published_at, due_at)
                SELECT md5('t' || n)::uuid, 'auth0|user-' || n % 100000, md5('c' || n % 200000)::uuid, 'tiktok', now(),
                  now() + interval '1 second' * n * CASE WHEN n <= 1000 THEN -1 ELSE 1 END
                    + CASE WHEN n <= 1000 THEN interval '0' ELSE interval '1 day' END
                FROM generate_series({start}, {end}) AS n""".encode()
        )
    connection.execute("RESET session_replication_role")


def look(connection: psycopg.Connection[Any], size: int) -> dict[str, Any]:
    """Run the query and the claim some times, and say what they took."""
    from datetime import timedelta

    from noillusion.analytics import dispatch
    from noillusion.core import clock
    from noillusion.db import sql
    from noillusion.db.postgres import WORKER_ROLE
    from noillusion.publishing import metrics

    found, claimed = [], []
    for _ in range(RUNS):
        # An autovacuum would come in time; a benchmark does not wait for it.
        connection.execute("VACUUM (ANALYZE) post_polls")
        claim = metrics.claim("tiktok", clock.now(), clock.now() + timedelta(minutes=30), dispatch.PAGE)
        claimed.append(plans.explain(connection, WORKER_ROLE, None, claim))
        within = FIND.search(claim.text)
        assert within is not None
        find = sql(within[1], **{name: claim.params[name] for name in ("platform", "now", "since", "limit")})
        found.append(plans.explain(connection, WORKER_ROLE, None, find))
    return {
        "rows": size,
        "ms": [plan.milliseconds for plan in found],
        "buffers": [plan.buffers for plan in found],
        "claim_ms": [plan.milliseconds for plan in claimed],
        "claim_buffers": [plan.buffers for plan in claimed],
        "by_indexes": not any(plan.scanned() for plan in (*found, *claimed)) or size == SIZES[0],
        "plans": [found[-1].tree, claimed[-1].tree],
    }


def line(found: dict[str, Any], first: dict[str, Any]) -> list[str]:
    """A line of the table."""
    longer, growth = (statistics.median(found[name]) / statistics.median(first[name]) for name in ("ms", "buffers"))
    kept = max(growth, longer) <= GROWTH_BAR and found["by_indexes"]
    return [
        *(f"{found['rows']:,}", report.Spread.of(found["ms"]).show(2), f"{statistics.median(found['buffers']):,.0f}"),
        *(f"{longer:.2f}", f"{growth:.2f}", "yes" if kept else "**no**", report.Spread.of(found["claim_ms"]).show(1)),
        f"{statistics.median(found['claim_buffers']):,.0f}",
    ]


def measure(rows: int) -> Table:
    """Fill, claim, and tell."""
    from tools.migrate import ensure

    data: list[dict[str, Any]] = []
    with temporary(SERVER) as server:
        ensure(server.url())
        settings(server.url())
        with psycopg.connect(server.url(), autocommit=True) as connection:
            for size in sorted({size for size in (*SIZES, rows) if size <= rows}):
                fill(connection, data[-1]["rows"] + 1 if data else 1, size)
                data.append(look(connection, size))
    heads = [
        "targets",
        "query for a page (ms)",
        "buffers",
        "time against the first (bar 2)",
        "buffers against it",
        "kept",
    ]
    heads += ["claim of them (ms)", "buffers of the claim"]
    notes = [
        "Each target has a row of its own, which is the worst there is. 1,000 are due, and a page is 500 rows. No statement "
        "reads a table from beginning to end (of 1,000 rows, PostgreSQL may choose to). "
        "The claim finds them by the query and moves them; it is undone, so each run finds the same ones."
    ]
    return Table(
        "S11",
        "S11: what is due, by the number of targets",
        heads,
        [line(each, data[0]) for each in data],
        notes,
        {"measured": data},
    )


def main() -> None:
    """Measure once; ten million rows take minutes to fill."""
    parser = argparse.ArgumentParser(prog="python -m bench.due", description=str(__doc__).splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000, help="the largest number of targets")
    parser.add_argument("--document", action="store_true", help="put the table into docs/benchmarks.md")
    given = parser.parse_args()
    report.run(lambda: measure(given.rows), document_it=given.document)


if __name__ == "__main__":
    interrupt_on_signals()
    main()
