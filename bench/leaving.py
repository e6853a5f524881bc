"""S13, the deletion: ``python -m bench.leaving [--others 3000000] [--posts 20000] [--readings 90] [--document]``.

A real PostgreSQL with synthetic targets of other users and one large account, which leaves through the product's own code, as the
API role with claims. Database time is what the flights took, from this side: the way there and back over the loopback is in it.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from bench import report
from bench.report import Table
from local.databases.postgres import temporary
from local.stopping import interrupt_on_signals

USER = "auth0|somebody-large"
PAGE = 100_000
SERVER = ("shared_buffers=256MB", "max_wal_size=8GB", "maintenance_work_mem=256MB")
"""As a small project of a hosted PostgreSQL; it writes to the disk as it should."""
BAR_S = 15.0


def settings(url: str) -> None:
    """The settings of a deployment on this database, in the environment."""
    ring = json.dumps({"current": "k1", "keys": {"k1": base64.urlsafe_b64encode(bytes(32)).decode()}})
    key = base64.urlsafe_b64encode(bytes([2]) * 32).decode()
    values = {"STAGE": "bench", "PUBLIC_URL": "https://api.test", "DATABASE_URL": url, "SEALING_KEYS": ring, "SECRETS_ARN": ""}
    os.environ.update({**values, "FINGERPRINT_KEY": key, "STATE_KEY": key})


def fill(connection: psycopg.Connection[Any], user: str, posts: int, readings: int) -> None:
    """Posts with one published target each and some readings of it; ``user`` may be an expression of the post's number ``n``."""
    connection.execute("SET session_replication_role = replica")
    connection.execute("SET synchronous_commit = off")
    for start in range(1, posts + 1, PAGE):
        end = min(start + PAGE - 1, posts)
        # Ids are spread as random ones are.
        made = f"""(SELECT n, {user} AS user_id, md5('{posts}-{readings}-' || n) AS key,
                      now() - interval '1 minute' * ({posts} - n) AS at FROM generate_series({start}, {end}) AS n) AS made"""
        connection.execute(
            f"""INSERT INTO posts (id, user_id, idempotency_key, created_at, updated_at)
                SELECT key::uuid, user_id, key, at, at FROM {made}""".encode()
        )
        connection.execute(
            f"""INSERT INTO post_targets (id, user_id, post_id, platform, account_id, position, kind, status, accepted_id,
                  platform_post_id, permalink, published_at, deadline_at, created_at, updated_at)
                SELECT reverse(key)::uuid, user_id, key::uuid, 'linkedin', 'urn:li:person:x', 0, 'text', 'published', key, key,
                  'https://www.linkedin.com/feed/update/urn:li:share:' || key, at, at, at, at FROM {made}""".encode()
        )
        if readings:
            connection.execute(
                f"""INSERT INTO post_analytics (user_id, target_id, polled_at, views, likes, comments, shares)
                    SELECT user_id, reverse(key)::uuid, at + interval '1 hour' * r, r, r, r, r
                    FROM {made}, generate_series(1, {readings}) AS r""".encode()
            )
        print(f"  {end:,} posts", flush=True)
    connection.execute("RESET session_replication_role")


@contextmanager
def database(others: int, posts: int, readings: int) -> Iterator[str]:
    """A migrated and filled database."""
    from tools.migrate import ensure

    with temporary(SERVER) as server:
        ensure(server.url())
        with psycopg.connect(server.url(), autocommit=True) as connection:
            print("Filling with targets of others…", flush=True)
            fill(connection, "'auth0|user-' || (n % 100000)", others, 0)
            print("Filling the account that leaves…", flush=True)
            fill(connection, f"'{USER}'", posts, readings)
            connection.execute("VACUUM ANALYZE posts, post_targets, post_analytics")
            connection.execute("CHECKPOINT")
        yield server.url()


async def leave() -> dict[str, Any]:
    """Delete the account as requests and the chore do, and say what it took."""
    from noillusion.core import clock
    from noillusion.db import database as engine
    from noillusion.privacy import departure

    flights: list[float] = []
    real = engine().flight

    async def timed(*arguments: Any) -> Any:
        began = time.perf_counter()
        try:
            return await real(*arguments)
        finally:
            flights.append(time.perf_counter() - began)

    setattr(engine(), "flight", timed)  # noqa: B010 - counted, not changed
    began = time.perf_counter()
    receipt = await departure.leave(USER, clock.monotonic() + 27)
    in_request, runs = time.perf_counter() - began, 0
    while receipt.state == "deleting":
        runs += 1
        await departure.resume(clock.monotonic() + 115)
        receipt = await departure.status(receipt.code)
    wall = time.perf_counter() - began
    await engine().close()
    return {
        "flights": len(flights),
        "database_s": sum(flights),
        "longest_s": max(flights),
        "wall_s": wall,
        "in_request_s": in_request,
        "runs_of_the_chore": runs,
        "deleted": {table: number for table, number in receipt.deleted.items() if number},
    }


def buffers(url: str) -> dict[str, int]:
    """Blocks that the database has looked at so far."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_stat_force_next_flush()")
        query = "SELECT blks_hit, blks_read FROM pg_stat_database WHERE datname = current_database()"
        row = connection.execute(query).fetchone()
        assert row is not None
        return {"hit": row[0], "read": row[1]}


def measure(others: int, posts: int, readings: int) -> Table:
    """Fill, leave, and tell."""
    with database(others, posts, readings) as url:
        settings(url)
        before = buffers(url)
        print("Leaving…", flush=True)
        found = asyncio.run(leave())
        after = buffers(url)
        with psycopg.connect(url) as connection:
            left = connection.execute("SELECT COUNT(*) FROM post_targets WHERE user_id = %s", (USER,)).fetchone()
    looked = {name: after[name] - before[name] for name in before}
    expected = {"posts": posts, "post_targets": posts, "post_analytics": posts * readings}
    exact = found["deleted"] == {table: number for table, number in expected.items() if number}
    rows = [
        ["database time (s)", f"{found['database_s']:.1f}", f"{BAR_S:.0f}", report.verdict(found["database_s"], BAR_S)],
        ["longest transaction (s)", f"{found['longest_s']:.2f}", "8", report.verdict(found["longest_s"], 8)],
        ["rows left", str(left[0] if left else "?"), "0", report.verdict(left[0] if left else 1, 0)],
        ["counts of the receipt", "exact" if exact else "wrong", "exact", "yes" if exact else "**no**"],
        ["transactions", f"{found['flights']:,}", "", ""],
        ["in the request (s)", f"{found['in_request_s']:.1f}", "", ""],
        ["runs of the chore after it", str(found["runs_of_the_chore"]), "", ""],
        ["buffers looked at", f"{looked['hit'] + looked['read']:,}", "", ""],
        ["of those read from outside", f"{looked['read']:,}", "", ""],
    ]
    title = f"S13: leaving with {posts:,} posts × {readings} readings beside {others:,} targets of others"
    notes = ["Durable writes, 256 MB of shared buffers; one run. The bar counts database time, seen from the client."]
    data = {"others": others, "posts": posts, "readings": readings, **found, "buffers": looked}
    return Table("S13", title, ["what", "figure", "bar", "kept"], rows, notes, data)


def main() -> None:
    """Measure once; a large run takes minutes to fill the database."""
    parser = argparse.ArgumentParser(prog="python -m bench.leaving", description=str(__doc__).splitlines()[0])
    parser.add_argument("--others", type=int, default=3_000_000)
    parser.add_argument("--posts", type=int, default=20_000)
    parser.add_argument("--readings", type=int, default=90)
    parser.add_argument("--document", action="store_true", help="put the table into docs/benchmarks.md")
    given = parser.parse_args()
    interrupt_on_signals()
    machine, before = report.machine(), report.load()
    table = measure(given.others, given.posts, given.readings)
    taken_on = {**machine, "load": f"{before:.2f} before, {report.load():.2f} after"}
    print(f"\n{table.markdown()}\n\nwrote {report.save(table, taken_on).relative_to(report.ROOT)}")
    if given.document:
        report.document(table, taken_on)


if __name__ == "__main__":
    main()
