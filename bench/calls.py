"""S9: ``python -m bench.calls [--rates 0.3 1 3 10 30] [--days 3] [--document]``.

Platform calls for 1,000 posts whose figures are read: for full messages, and in the steady state of the product's own cadence.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bench import polled, report
from bench.report import Table, verdict
from local.simulators.world import World
from local.stopping import interrupt_on_signals

STEADY = 2.5
"""How many times the bar calls may be in the steady state."""
RUN = timedelta(minutes=5)
"""How often due work is queued."""
KEPT = timedelta(days=90)
CONNECTION = "8f0e3c1a-2f64-4c3e-9a5b-6d0f2b7c9e11"


def due_by_run(times: dict[str, datetime], start: datetime, end: datetime) -> dict[datetime, list[str]]:
    """Return the posts that each run of the schedule finds due between two times, by the product's cadence."""
    from noillusion.analytics import cadence

    runs: dict[datetime, list[str]] = defaultdict(list)
    for id, published in times.items():
        at: datetime | None = published
        while at is not None and at < end:
            run = at + (start - at) % RUN
            if run >= start:
                runs[run].append(id)
            at = cadence.next_reading(run, published, CONNECTION)
    return dict(sorted(runs.items()))


async def steady(world: World, place: polled.Place, rate: float, days: float) -> tuple[float, float]:
    """Return calls for 1,000 readings of an account with ``rate`` posts a day, and the runs at which anything was due."""
    now = datetime.now(UTC)
    start = now - timedelta(days=max(days, 6 / rate))
    gap = timedelta(days=1 / rate)
    published = [now - gap * n - gap / 3 for n in range(int(rate * (KEPT + (now - start)).days), 0, -1)]
    times = polled.seeded(place, now, [at for at in published if at < now])
    readings = calls = 0
    runs = due_by_run(times, start, now)
    for run, due in runs.items():
        world.clock.offset = (run - now).total_seconds()
        readings += len(due)
        calls += await polled.calls_of(world, place, polled.messages_of(place, due, times), times)
    world.clock.offset = 0.0
    return 1000 * calls / readings, 1000 * len(runs) / readings


async def full(world: World, place: polled.Place) -> tuple[int, int]:
    """Return calls for the newest 100 posts of 10 accounts, and for 1,000 posts of one account."""
    now = datetime.now(UTC)
    times = polled.seeded(place, now, [now - timedelta(hours=2 * n + 1) for n in range(1_000, 0, -1)])
    first = await polled.calls_of(world, place, polled.messages_of(place, list(times)[-100:], times), times)
    return 10 * first, await polled.calls_of(world, place, polled.messages_of(place, list(times), times), times)


async def _rows(rates: Sequence[float], days: float) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for name in polled.BARS:
        async with polled.served() as world:
            ten, one = await full(world, dict(polled.places(world))[name])
        found[name] = {"ten accounts": ten, "one account": one, "steady": {}}
        for rate in rates:
            # An empty platform each time: posts of one rate must not stand between those of another.
            async with polled.served() as world:
                found[name]["steady"][rate] = await steady(world, dict(polled.places(world))[name], rate, days)
            print(f"  {name}, {rate:g} posts a day: {found[name]['steady'][rate][0]:.0f}", flush=True)
    return found


def measure(rates: Sequence[float], days: float) -> Table:
    """Take the benchmark."""
    found = asyncio.run(_rows(rates, days))
    return Table(
        name="S9",
        title="S9: platform calls for 1,000 posts whose figures are read",
        heads=["platform", "posts", "calls", "bar", "kept", "runs with anything due"],
        rows=list(_lines(found)),
        notes=[
            "Counted by the simulated platforms, which enforce the platforms' limits. Full messages: the newest 100 posts of 10 "
            "accounts, and 1,000 posts of one. Otherwise an account that publishes at this rate is followed by the product's own "
            "cadence, and due work is queued every five minutes. The last column counts the runs that find anything due: without "
            "reading posts before they are due, no account can be read in fewer calls.",
        ],
        data=found,
    )


def _lines(found: dict[str, dict[str, Any]]) -> Iterator[list[str]]:
    for name, figures in found.items():
        bar = polled.BARS[name]
        for label, key in (("newest 100 of 10 accounts", "ten accounts"), ("1,000 of one account", "one account")):
            yield [name, label, f"{figures[key]}", f"{bar}", verdict(figures[key], bar), ""]
        for rate, (calls, runs) in figures["steady"].items():
            kept = verdict(calls, STEADY * bar)
            yield [name, f"{rate:g} a day", f"{calls:.0f}", f"{STEADY * bar:g}", kept, f"{runs:.0f}"]


def main() -> None:
    """Read the arguments, take the benchmark, print and write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rates", type=float, nargs="+", default=[0.3, 1, 3, 10, 30], help="posts a day; default: %(default)s")
    parser.add_argument("--days", type=float, default=3, help="days to follow, at least six posts; default: %(default)s")
    parser.add_argument("--document", action="store_true")
    given = parser.parse_args()
    logging.disable(logging.INFO)
    before = report.load()
    table = measure(given.rates, given.days)
    taken_on = {**report.machine(), "load": f"{before:.2f} before, {report.load():.2f} after"}
    print(f"\n{table.markdown()}\n\nwrote {report.save(table, taken_on).relative_to(report.ROOT)}")
    if given.document:
        report.document(table, taken_on)


if __name__ == "__main__":
    interrupt_on_signals()
    main()
