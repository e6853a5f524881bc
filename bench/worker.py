"""S10: ``python -m bench.worker [--posts 10000] [--runs 7] [--document]``.

The analytics worker as one consumer: due posts on TikTok, whose calls take 150 ms, read through the product's dispatcher and
consumer, on PostgreSQL next to it and 3 ms away. The floor is what the calls alone take, as many at once as a batch has messages.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import resource
import time
from typing import Any

from bench import polling_load as load
from bench import report
from bench.report import Spread, Table, verdict
from local.stopping import interrupt_on_signals

USERS = 100
LINES = {"next to it": (0.0, 1.25), "3 ms away": (0.0015, 1.35)}
"""Where the database is: one way in seconds, and the bar."""


async def once(posts: int, delay_s: float) -> dict[str, Any]:
    """One run on a database of its own."""
    platforms = load.Platforms()
    with load.postgres() as url:
        async with load.serving(url, platforms, delay_s):
            await load.fill(url, "tiktok", USERS, posts // USERS)
            queues = load.Queues()
            await queues.dispatch()
            began = time.monotonic()
            await load.consume(queues, 1)
            took = time.monotonic() - began
    floor = platforms.calls * load.LATENCY_S / load.BATCH
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"took_s": took, "floor_s": floor, "calls": platforms.calls, "ratio": took / floor, "peak_mib": peak}


def measure(posts: int, runs: int) -> Table:
    """Take the benchmark: both lines in turn."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in LINES}
    # What is loaded and opened only once.
    asyncio.run(once(USERS, 0.0))
    for _ in range(runs):
        for name, (delay_s, _) in LINES.items():
            found[name].append(asyncio.run(once(posts, delay_s)))
            print(f"  {name}: {found[name][-1]['ratio']:.2f}", flush=True)
    rows = []
    for name, (_, bar) in LINES.items():
        ratio = Spread.of([each["ratio"] for each in found[name]])
        last = found[name][-1]
        rows.append([name, f"{last['calls']}", f"{last['floor_s']:.1f}", ratio.show(2), f"{bar}", verdict(ratio.median, bar)])
    return Table(
        name="S10",
        title=f"S10: the analytics worker, {posts:,} due posts, calls of 150 ms, five messages at once",
        heads=["the database is", "calls", "floor (s)", "time over floor", "bar", "kept"],
        rows=rows,
        notes=[f"{runs} runs of each in turn. {USERS} accounts on TikTok. The floor is calls x 150 ms / 5."],
        data=found,
    )


def main() -> None:
    """Read the arguments, take the benchmark, print and write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--document", action="store_true")
    given = parser.parse_args()
    logging.disable(logging.INFO)
    before = report.load()
    table = measure(given.posts, given.runs)
    taken_on = {**report.machine(), "load": f"{before:.2f} before, {report.load():.2f} after"}
    print(f"\n{table.markdown()}\n\nwrote {report.save(table, taken_on).relative_to(report.ROOT)}")
    if given.document:
        report.document(table, taken_on)


if __name__ == "__main__":
    interrupt_on_signals()
    main()
