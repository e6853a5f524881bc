"""A dead endpoint delays nothing else: consumers of the queue, of which there are fewer than endpoints that never answer.

What hangs here hangs for as long as a test lasts, so whatever arrives has not waited for it.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import httpx
import pytest

from noillusion.core import clock, loop
from noillusion.db import Actor, database
from noillusion.net import client as http
from noillusion.net import guarded
from noillusion.net.queues import Message
from noillusion.notices.notice import notice
from noillusion.settings import source as settings
from noillusion.webhooks import crews, dispatch, sending, sessions
from noillusion.webhooks import queue as webhook_queue
from tests.api.hooked import Clock, hook
from tests.support.databases import Store
from tests.support.receiver import HOST, Receiver, receiver

CONSUMERS = 8
"""The fewest that a deployment can have."""
FOREVER = 3_600.0


class Consumers:
    """A queue, the consumers of its messages, and how many of these are at work on what."""

    def __init__(self) -> None:
        self.messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.later: list[dict[str, Any]] = []
        self.at_work: Counter[str] = Counter()

    async def enqueue(self, messages: Sequence[Message]) -> None:
        for message in messages:
            json.dumps(message.body)
            if message.delay_s:
                self.later.append(dict(message.body))
            else:
                self.messages.put_nowait(dict(message.body))

    async def consume(self) -> None:
        while True:
            message = await self.messages.get()
            kind = str(message.get("lane", "user"))
            self.at_work[kind] += 1
            await dispatch.from_message(message, clock.monotonic() + 3 * FOREVER)
            self.at_work[kind] -= 1

    async def tell(self, *users: str) -> None:
        """Write a notice for each user and queue the user, as the features do."""
        for user in users:
            await database().flight(Actor(user), notice(user, "publish_failed", str(uuid4()), str(uuid4()), clock.now()))
            self.messages.put_nowait({"user_id": user})

    async def idle(self) -> None:
        """Wait until nothing is left to do."""
        await until(lambda: self.messages.empty() and not self.at_work.total())


Started = Callable[[Callable[[Consumers], Coroutine[Any, Any, None]]], None]


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that does happen; the limit is for what hangs."""
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.01)


@pytest.fixture
def at(deployment: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A receiver that the deployment reaches."""
    with receiver() as found:
        monkeypatch.setenv("ENDPOINTS", json.dumps({HOST: found.base}))
        settings.settings.forget()
        yield found
        loop.run(http.close())


@pytest.fixture
def started(at: Receiver, monkeypatch: pytest.MonkeyPatch) -> Started:
    """Run a test with consumers, for whom nothing ever times out."""
    for module in (crews, sending, sessions):
        for name in {"FAST_S", "SLOW_S"} & vars(module).keys():
            monkeypatch.setattr(module, name, FOREVER)
        for name in {"PATIENCE_S"} & vars(module).keys():
            monkeypatch.setattr(module, name, 2 * FOREVER)
        for name in {"LEASE"} & vars(module).keys():
            monkeypatch.setattr(module, name, timedelta(seconds=3 * FOREVER))

    @asynccontextmanager
    async def at_work() -> AsyncIterator[Consumers]:
        found = Consumers()
        monkeypatch.setattr(webhook_queue, "enqueue", found.enqueue)
        # Consumers are environments of their own, each with its connections; here they share one client.
        monkeypatch.setattr(http.client()._transport._pool, "_max_connections", 1_000)  # type: ignore[attr-defined]
        monkeypatch.setattr(guarded, "_PATIENT", httpx.Timeout(None).as_dict())
        tasks = [asyncio.create_task(found.consume()) for _ in range(CONSUMERS)]
        try:
            yield found
        finally:
            at.released.set()
            for task in tasks:
                task.cancel()
            ends = await asyncio.gather(*tasks, return_exceptions=True)
        assert [end for end in ends if not isinstance(end, asyncio.CancelledError)] == []

    def run(test: Callable[[Consumers], Coroutine[Any, Any, None]]) -> None:
        async def all_of_it() -> None:
            async with at_work() as found:
                await test(found)

        loop.run(all_of_it())

    return run


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock."""
    return Clock(monkeypatch)


def people(kind: str, number: int) -> list[str]:
    """Users by name."""
    return [f"auth0|{kind}-{each}" for each in range(number)]


def served(at: Receiver, users: Sequence[str], number: int = 1) -> bool:
    """Whether each user's endpoint had so many events."""
    return all(len(at.at(f"/{user}")) == number for user in users)


def test_endpoints_that_stop_answering_hold_no_consumer_that_others_need(at: Receiver, started: Started) -> None:
    dead, alive = people("dead", 3 * CONSUMERS), people("alive", 6)
    for user in (*dead, *alive):
        hook(f"/{user}", user)

    async def test(consumers: Consumers) -> None:
        # They are trusted, because they answered.
        await consumers.tell(*dead, *alive)
        await until(lambda: served(at, [*dead, *alive]))
        await consumers.idle()
        at.answers.update({f"/{user}": None for user in dead})
        told = 0
        while consumers.at_work["user"] < CONSUMERS:
            # One that waits may take up what another has the message for, which is then free again.
            await consumers.tell(dead[told])
            told += 1
            await until(partial(served, at, dead[:told], 2))
        # Everybody waits for an endpoint. Some more messages of this kind come before those of others.
        await consumers.tell(*dead[told : told + 4])
        await consumers.tell(*alive)
        await until(lambda: served(at, alive, 2))
        assert served(at, dead[:told], 2) and not at.released.is_set()

    started(test)


def test_one_consumer_retries_all_endpoints_that_failed(at: Receiver, started: Started, moved: Clock) -> None:
    """They hang when they are due again. Whoever answered, and whoever is new, has the event before any of them times out."""
    dead = [(user, number) for user in people("dead", 8) for number in range(8)]
    alive, new = people("alive", 4), people("new", 4)
    paths = [f"/{user}/{number}" for user, number in dead]
    for (user, _), path in zip(dead, paths, strict=True):
        hook(path, user)
    for user in alive:
        hook(f"/{user}", user)
    at.answers.update(dict.fromkeys(paths, 500))

    async def test(consumers: Consumers) -> None:
        await consumers.tell(*alive, *people("dead", 8))
        await until(lambda: len(at.requests) == len(dead) + len(alive))
        await consumers.idle()
        assert {message["lane"] for message in consumers.later} == {"failing"}
        at.answers.update(dict.fromkeys(paths, None))
        moved.move(seconds=10)
        # Each failure queued a message of its own, and the scheduled task does as well.
        for message in consumers.later:
            consumers.messages.put_nowait(message)
        await dispatch.dispatch(clock.monotonic() + FOREVER)
        await until(lambda: sum(len(at.at(path)) for path in paths) == len(dead) + crews.REQUESTS)
        await until(lambda: consumers.messages.empty() and consumers.at_work.total() == 1)
        assert consumers.at_work["failing"] == 1
        await consumers.tell(*alive, *new)
        await until(lambda: served(at, alive, 2) and served(at, new))
        assert (consumers.at_work["failing"], at.released.is_set()) == (1, False)
        # However many are due: no more are asked than one consumer can wait for.
        assert sum(len(at.at(path)) for path in paths) == len(dead) + crews.REQUESTS

    for user in new:
        hook(f"/{user}", user)
    started(test)


def test_an_endpoint_that_hangs_holds_up_no_other_of_the_same_user_or_message(at: Receiver, started: Started) -> None:
    """One is new and one was trusted."""
    user = "auth0|one"
    trusted = [hook(f"/trusted/{number}", user) for number in range(3)]

    async def test(consumers: Consumers) -> None:
        await consumers.tell(user)
        await until(lambda: len(at.requests) == len(trusted))
        await consumers.idle()
        at.answers.update({"/trusted/0": None, "/new/0": None})

    async def second(consumers: Consumers) -> None:
        await consumers.tell(user)
        await until(lambda: len(at.requests) == 2 * len(trusted) + 2)
        await consumers.tell(user)
        await until(lambda: all(len(at.at(path)) == 3 for path in ("/trusted/1", "/trusted/2")))
        await until(lambda: len(at.at("/new/1")) == 2)
        # What hangs is not asked again meanwhile.
        assert (len(at.at("/trusted/0")), len(at.at("/new/0")), at.released.is_set()) == (2, 1, False)

    started(test)
    at.released.clear()
    for number in range(2):
        hook(f"/new/{number}", user)
    started(second)
