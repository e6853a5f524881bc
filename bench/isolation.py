"""S15: ``python -m bench.isolation [--users 100] [--large 5000] [--runs 3] [--document]``.

Due posts of many users on two platforms, each read by three consumers: as ever, while one platform accepts calls and does not
answer, and beside a user with very much due. What the others' messages wait, on PostgreSQL, with calls of 150 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import statistics
from typing import Any

from bench import polling_load as load
from bench import report
from bench.report import Table, verdict
from local.stopping import interrupt_on_signals

POSTS = 10
"""Due posts of a user."""
CONSUMERS = 3
"""Of each platform's queue (template.yaml)."""
BAR = 1.5
CASES = ("as ever", "one platform hangs", "one user has very much")


async def once(case: str, users: int, large: int) -> dict[str, list[float]]:
    """One run on a database of its own: when each owner's messages were done, in seconds."""
    platforms = load.Platforms()
    with load.postgres() as url:
        async with load.serving(url, platforms):
            await load.fill(url, "linkedin", users, POSTS)
            await load.fill(url, "tiktok", users, POSTS)
            if case == CASES[1]:
                platforms.hanging.add("tiktok")
            if case == CASES[2]:
                await load.fill(url, "tiktok", 1, large, "large")
            queues = load.Queues(aside="large")
            await queues.dispatch()
            return await load.consume(queues, CONSUMERS)


def measure(users: int, large: int, runs: int) -> Table:
    """Take the benchmark: the cases in turn."""
    found: dict[str, list[dict[str, list[float]]]] = {case: [] for case in CASES}
    # What is loaded and opened only once.
    asyncio.run(once(CASES[0], 2, 1))
    for _ in range(runs):
        for case in CASES:
            found[case].append(asyncio.run(once(case, users, large)))
            print(f"  {case}", flush=True)

    def of(case: str, owners: tuple[str, ...]) -> tuple[float, float]:
        times = [[at for owner in owners for at in run[owner]] for run in found[case]]
        return statistics.median(map(statistics.median, times)), statistics.median(map(max, times))

    linkedin, both = ("auth0|user-linkedin",), ("auth0|user-linkedin", "auth0|user-tiktok")
    rows, data = [], dict[str, Any]()
    for case, owners in ((CASES[1], linkedin), (CASES[2], both)):
        (half, last), (half_before, last_before) = of(case, owners), of(CASES[0], owners)
        ratios = half / half_before, last / last_before
        data[case] = {"median_s": half, "last_s": last, "median_as_ever_s": half_before, "last_as_ever_s": last_before}
        rows.append(
            [case, *(f"{value:.1f}" for value in (half_before, half, last_before, last)),
             *(f"{value:.2f}" for value in ratios), f"{BAR}", verdict(max(ratios), BAR)]
        )  # fmt: skip
    return Table(
        name="S15",
        title=f"S15: {2 * users} users with {POSTS} due posts each on two platforms; the others' messages, in s",
        heads=["case", "median as ever", "median", "last as ever", "last", "ratio", "ratio of last", "bar", "kept"],
        rows=rows,
        notes=[
            f"{runs} runs of each in turn. The user with very much has {large:,} due posts. Others are those on the platform "
            f"that answers, and all other users. Each platform's queue has {CONSUMERS} consumers with {load.BATCH} messages "
            "each, in one process on one connection: in a deployment each has its own.",
        ],
        data=data,
    )


def main() -> None:
    """Read the arguments, take the benchmark, print and write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("users", 100), ("large", 5_000), ("runs", 3)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--document", action="store_true")
    given = parser.parse_args()
    logging.disable(logging.INFO)
    before = report.load()
    table = measure(given.users, given.large, given.runs)
    taken_on = {**report.machine(), "load": f"{before:.2f} before, {report.load():.2f} after"}
    print(f"\n{table.markdown()}\n\nwrote {report.save(table, taken_on).relative_to(report.ROOT)}")
    if given.document:
        report.document(table, taken_on)


if __name__ == "__main__":
    interrupt_on_signals()
    main()
