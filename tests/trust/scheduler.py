"""A scheduler that can be killed: the clock and the consumers of its queue, again and again, in lives that end at random.

The process loads everything once. Each life is a child of it, which is killed (SIGKILL) after a while. The time of all is the
real one and an offset that a file contains. Messages live and die with the life that has them, so what is lost is found in the
database.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from noillusion.core import clock, loop
from noillusion.core.sensitive import Content
from noillusion.net.queues import Message
from noillusion.publishing import advance
from noillusion.publishing import queue as publish_queue
from noillusion.publishing.content import ContentInput
from noillusion.publishing.models import PostRequest, TargetInput
from noillusion.scheduling import chores, queue, running, ways
from noillusion.scheduling.rows import OccurrenceRow, TargetRow
from noillusion.scheduling.ways import notify

SECONDS = 8.0
"""How long one message may take."""
AT_ONCE = 3
STOP, OFFSET = "stop", "offset"


class Written:
    """A way whose content names its occurrence, so that what a platform has can be told apart."""

    NEEDS_NOTHING = True
    reason, fits, source, verify = (staticmethod(each) for each in (notify.reason, notify.fits, notify.source, notify.verify))

    @staticmethod
    async def content(occurrence: OccurrenceRow, target: TargetRow, _deadline: float) -> PostRequest:
        """The text of an occurrence."""
        given = TargetInput(connection_id=str(occurrence.connection_id), kind=target.kind)
        return PostRequest(content=ContentInput(text=Content(f"item {occurrence.id}")), targets=[given])


class Life:
    """What one life knows: its messages and when their time comes."""

    def __init__(self) -> None:
        self.waiting: list[tuple[datetime, Callable[[Mapping[str, object], float], Awaitable[None]], Mapping[str, object]]] = []

    async def send(self, messages: Sequence[Message]) -> int:
        """Take messages as SQS does."""
        self.waiting += [(clock.now() + timedelta(seconds=m.delay_s or 0), running.from_message, m.body) for m in messages]
        return len(messages)

    async def enqueue(self, rows: Sequence[Any]) -> None:
        """Take open targets as the queue of slow publications does."""
        for row in rows:
            body = {"user_id": row.user_id, "target_id": row.id}
            self.waiting.append((row.next_check_at or clock.now(), advance.from_message, body))

    async def live(self) -> None:
        """Ask what is due and work on it until the end comes."""
        while True:
            await chores.queue_due(clock.monotonic() + SECONDS)
            await advance.sweep()
            now = clock.now()
            ready = [each for each in self.waiting if each[0] <= now]
            self.waiting = [each for each in self.waiting if each[0] > now]
            for start in range(0, len(ready), AT_ONCE):
                some = ready[start : start + AT_ONCE]
                await asyncio.gather(*(work(body, clock.monotonic() + SECONDS) for _, work, body in some), return_exceptions=True)
            await asyncio.sleep(0.05)


def be_born(folder: Path) -> None:
    """Live until killed."""
    life = Life()

    def now() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float((folder / OFFSET).read_text() or "0"))

    clock.now = now
    queue.send = life.send
    publish_queue.enqueue = life.enqueue
    ways.get = lambda _: Written  # type: ignore[assignment, return-value]
    loop.run(life.live())


def main() -> None:
    """Fork lives, kill each after a while, and end when the folder says so; the last one may live on for a while."""
    folder, seed, shortest, longest = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])
    chance = random.Random(seed)
    (folder / f"ready-{seed}").touch()
    while not (folder / STOP).exists():
        child = os.fork()
        if child == 0:
            be_born(folder)
            os._exit(1)
        end = time.monotonic() + chance.uniform(shortest, longest)
        while time.monotonic() < end and not (folder / STOP).exists():
            time.sleep(0.05)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
