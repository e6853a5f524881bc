"""Webhooks beside others that hang: ``python -m bench.webhooks [--endpoints 1000] [--dead 100] [--runs 3] [--document]``.

How long an event takes from its notice to the endpoint, with and without endpoints that do not answer. The product's own
dispatcher and sessions run on SQLite against a receiver on loopback. Consumers of the queue are tasks, as many as Lambda would
run, each with one message at a time.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import logging
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from bench import report
from bench.report import Table, verdict
from local.stopping import interrupt_on_signals

HOST = "hooks.example.com"
CONSUMERS = 20
PER_USER = 10
LATENCY_S = 0.02
"""How long an endpoint that works takes to answer."""
EVERY_S = 60
"""How often the scheduled task runs."""
BAR = 1.25
"""Of the 99th percentile with dead endpoints over that without them."""
ANSWER = b"HTTP/1.1 204 No Content\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class Receiver:
    """Endpoints by path. Dead ones read the request and never answer."""

    def __init__(self) -> None:
        self.dead: set[str] = set()
        self.arrived: dict[tuple[str, str], float] = {}

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            lines = head.split("\r\n")
            path = lines[0].split(" ")[1]
            headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
            await reader.readexactly(int(headers.get("content-length", 0)))
            if path in self.dead:
                await reader.read()
                return
            self.arrived.setdefault((path, headers["webhook-id"]), time.monotonic())
            await asyncio.sleep(LATENCY_S)
            writer.write(ANSWER)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


def settings(url: str, base: str) -> None:
    """The settings of a deployment, in the environment."""
    ring = json.dumps({"current": "k1", "keys": {"k1": base64.urlsafe_b64encode(bytes(32)).decode()}})
    key = base64.urlsafe_b64encode(bytes([2]) * 32).decode()
    values = {"STAGE": "bench", "PUBLIC_URL": "https://api.test", "DATABASE_URL": url, "SEALING_KEYS": ring, "SECRETS_ARN": ""}
    os.environ.update({**values, "FINGERPRINT_KEY": key, "STATE_KEY": key, "ENDPOINTS": json.dumps({HOST: base})})


class Run:
    """One deployment with endpoints, of which some stop answering after the first round."""

    def __init__(self, endpoints: int, dead: int, rounds: int) -> None:
        self.users = [f"auth0|user-{number}" for number in range(endpoints // PER_USER)]
        self.dead_number, self.rounds = dead, rounds
        self.receiver, self.messages = Receiver(), asyncio.Queue[Any]()
        self.late: list[float] = []

    async def take(self) -> list[float]:
        """Return how long each event took to each endpoint that works, in milliseconds."""
        from noillusion.db import database
        from noillusion.net import client as http
        from noillusion.webhooks import queue

        async def enqueue(messages: Sequence[Any]) -> None:
            for message in messages:
                asyncio.get_running_loop().call_later(message.delay_s or 0, self.messages.put_nowait, dict(message.body))

        queue.enqueue = enqueue
        # Consumers are environments of their own, each with its connections; here they share one client.
        http.client()._transport._pool._max_connections = 10_000  # type: ignore[attr-defined]
        await self._create()
        consumers = [asyncio.create_task(self._consume()) for _ in range(CONSUMERS)]
        consumers.append(asyncio.create_task(self._tick()))
        try:
            await self._round()
            self.late.clear()
            paths = [f"/{user}/{number}" for user in self.users for number in range(PER_USER)]
            self.receiver.dead = set(paths[:: len(paths) // self.dead_number]) if self.dead_number else set()
            for _ in range(self.rounds):
                await self._round()
        finally:
            for consumer in consumers:
                consumer.cancel()
            await asyncio.gather(*consumers, return_exceptions=True)
            await http.close()
            await database().close()
        return self.late

    async def _create(self) -> None:
        from noillusion.core.sensitive import Content
        from noillusion.webhooks import service
        from noillusion.webhooks.models import WebhookInput

        for user in self.users:
            for number in range(PER_USER):
                await service.create(user, WebhookInput(url=Content(f"https://{HOST}/{user}/{number}")), None)

    async def _consume(self) -> None:
        from noillusion.core import clock
        from noillusion.webhooks import dispatch

        while True:
            message = await self.messages.get()
            await dispatch.from_message(message, clock.monotonic() + 26)

    async def _tick(self) -> None:
        from noillusion.core import clock
        from noillusion.webhooks import dispatch

        while True:
            await asyncio.sleep(EVERY_S)
            await dispatch.dispatch(clock.monotonic() + EVERY_S)

    async def _round(self) -> None:
        """One event for each user, until all endpoints that work have it."""
        from noillusion.core import clock
        from noillusion.db import Actor, database
        from noillusion.notices.notice import notice
        from noillusion.webhooks import dispatch

        told = {}
        for user in self.users:
            written = notice(user, "publish_failed", str(uuid4()), "1", clock.now())
            await database().flight(Actor(user), written)
            told[user] = f"msg_{written.params['notice_id']}"
        began = time.monotonic()
        await dispatch.dispatch(clock.monotonic() + 100)
        wanted = {
            (path, message)
            for user, message in told.items()
            for path in (f"/{user}/{number}" for number in range(PER_USER))
            if path not in self.receiver.dead
        }
        while missing := wanted - self.receiver.arrived.keys():
            if time.monotonic() - began > 600:
                raise SystemExit(f"{len(missing)} events did not arrive")
            await asyncio.sleep(0.05)
        self.late += [(self.receiver.arrived[each] - began) * 1000 for each in wanted]


def once(endpoints: int, dead: int, rounds: int) -> list[float]:
    """One run on a database of its own."""
    from tools.migrate import ensure

    async def go(folder: str) -> list[float]:
        run = Run(endpoints, dead, rounds)
        server = await asyncio.start_server(run.receiver.take, "127.0.0.1", 0, backlog=2048)
        port = server.sockets[0].getsockname()[1]
        url = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        ensure(url)
        settings(url, f"http://127.0.0.1:{port}")
        from noillusion import db
        from noillusion.settings import source
        from noillusion.vault import sealer

        source.settings.forget()
        sealer.sealer.cache_clear()
        db.database.cache_clear()
        try:
            return await run.take()
        finally:
            server.close()

    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(go(folder))


def measure(endpoints: int, dead: int, rounds: int, runs: int) -> Table:
    """Take the benchmark: runs without and with dead endpoints in turn."""
    without, among = list[list[float]](), list[list[float]]()
    for _ in range(runs):
        without.append(once(endpoints, 0, rounds))
        among.append(once(endpoints, dead, rounds))

    def figures(found: list[list[float]]) -> tuple[float, float]:
        return tuple(statistics.median(statistics.quantiles(one, n=100)[at] for one in found) for at in (49, 98))  # type: ignore[return-value]

    (half, most), (dead_half, dead_most) = figures(without), figures(among)
    against = dead_most / most
    return Table(
        name="webhooks",
        title=f"Events to {endpoints:,} webhooks of which {dead} hang, in ms from the dispatch to the endpoint",
        heads=["webhooks that work", "p50", "p99", "ratio of p99", "bar", "kept"],
        rows=[
            ["no other hangs", f"{half:.0f}", f"{most:.0f}", "", "", ""],
            [f"{dead} others hang", f"{dead_half:.0f}", f"{dead_most:.0f}", f"{against:.2f}", f"{BAR}", verdict(against, BAR)],
        ],
        notes=[
            f"{runs} runs of each in turn, {rounds} events to each webhook. Those that hang answered before, so the first "
            f"of these events finds them trusted. {CONSUMERS} consumers, on SQLite.",
        ],
        data={"p50_ms": half, "p99_ms": most, "dead_p50_ms": dead_half, "dead_p99_ms": dead_most, "ratio": against},
    )


def main() -> None:
    """Read the arguments, take the benchmark, print and write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("endpoints", 1_000), ("dead", 100), ("rounds", 5), ("runs", 3)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--document", action="store_true")
    given = parser.parse_args()
    logging.disable(logging.INFO)
    before = report.load()
    table = measure(given.endpoints, given.dead, given.rounds, given.runs)
    taken_on = {**report.machine(), "load": f"{before:.2f} before, {report.load():.2f} after"}
    print(f"\n{table.markdown()}\n\nwrote {report.save(table, taken_on).relative_to(report.ROOT)}")
    if given.document:
        report.document(table, taken_on)


if __name__ == "__main__":
    interrupt_on_signals()
    main()
