"""Due work becomes queue messages of ids, as full as the platforms' lists allow, and fair to platforms and users."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from noillusion.analytics import circuits
from noillusion.analytics.circuits import Circuit
from noillusion.catalog import platforms
from noillusion.catalog.platforms import PlatformName
from noillusion.connections import metrics as accounts_due
from noillusion.connections.rows import ConnectionToMeasure
from noillusion.core import clock, logs
from noillusion.core.records import record
from noillusion.db import WORKER, Query, database
from noillusion.net import queues
from noillusion.net.queues import Message
from noillusion.platforms import catalog
from noillusion.publishing import metrics as targets_due
from noillusion.publishing.rows import TargetsToMeasure
from noillusion.settings.source import settings


@record()
class PollMessage:
    """A message, and the platform whose queue it is for."""

    platform: PlatformName
    body: Mapping[str, Any]


CLAIM = timedelta(minutes=30)
"""How long claimed work is left to its message before it is due again."""
PAGE = 500
"""Rows of due times, and accounts, that are claimed at once."""
MOST_PER_RUN = 100_000
"""Targets of a platform that a run queues."""
MOST_PER_USER = 5_000
"""Targets of a user on a platform after which a run claims no more of them: the rest is left to the next runs, and nobody waits
behind it."""
MOST_PENDING = 5_000
"""Targets kept back in the hope of fuller messages."""
AT_ONCE = 10
"""Messages of a user to a platform's queue that a run sends without a delay. Each further one is a second later, so that others
come between them."""


@dataclass
class PendingTargets:
    """Targets of one run that wait until there are enough of their connection for a full message."""

    until: datetime
    divided: list[tuple[TargetsToMeasure, TargetsToMeasure]] = field(default_factory=list)
    """Rows that end in one message and go on in another: they have to become two before the messages are sent."""
    _rows: dict[tuple[str, str], list[TargetsToMeasure]] = field(default_factory=lambda: defaultdict(list))
    _count: int = 0

    def add(self, rows: Iterable[TargetsToMeasure]) -> list[PollMessage]:
        """Take targets in and return the messages that are full now. Keeps ``MOST_PENDING`` targets at most."""
        touched: set[tuple[str, str]] = set()
        for row in rows:
            key = (row.user_id, row.connection_id)
            self._rows[key].append(row)
            self._count += len(row.ids)
            touched.add(key)
        messages = [message for key in touched for message in self._cut(key, full_only=True)]
        return messages if self._count <= MOST_PENDING else [*messages, *self.rest()]

    def rest(self) -> list[PollMessage]:
        """Return messages of all targets that are left."""
        return [message for key in list(self._rows) for message in self._cut(key)]

    def _cut(self, key: tuple[str, str], *, full_only: bool = False) -> list[PollMessage]:
        # Neighbours in time stand together in a platform's lists, so they are asked for together.
        rows = sorted(self._rows.pop(key), key=lambda row: row.published_at)
        platform = rows[0].platform
        size = catalog.get(platform).capabilities.metrics_batch
        left = sum(len(row.ids) for row in rows)
        shared = {"user_id": key[0], "connection_id": key[1], "claimed_until": self.until.isoformat()}
        messages = []
        while left >= (size if full_only else 1):
            ids = self._take(rows, size)
            left -= len(ids)
            self._count -= len(ids)
            messages.append(PollMessage(platform, {**shared, "target_ids": ids}))
        if rows:
            self._rows[key] = rows
        return messages

    def _take(self, rows: list[TargetsToMeasure], size: int) -> list[str]:
        """Take up to so many targets from the end of rows."""
        ids: list[str] = []
        while rows and len(ids) < size:
            row, room = rows.pop(), size - len(ids)
            if len(row.ids) > room:
                row, rest = row.split(room)
                self.divided.append((row, rest))
                rows.append(rest)
            ids += row.ids
        return ids


class Allowance:
    """The targets of one platform that a run may still queue, in total and of each user."""

    def __init__(self, platform: PlatformName, circuit: Circuit | None, now: datetime) -> None:
        self.platform = platform
        self.probes = circuit is not None and circuit.open_until is not None and not circuit.is_open(now)
        """True if the platform did not answer and is to be asked again, for a few targets."""
        self.left = 0 if circuit is not None and circuit.is_open(now) else MOST_PER_RUN
        if self.probes:
            self.left = circuits.PROBES
        elif circuit is not None:
            self.left = int(self.left * circuit.share(now))
        self._taken: dict[str, int] = defaultdict(int)
        self._since: datetime | None = None

    def page(self) -> int:
        """Return the number of rows to claim next."""
        return min(PAGE, self.left)

    def claim(self, now: datetime, until: datetime, size: int) -> Query[TargetsToMeasure]:
        """Take the next page of rows."""
        if self.probes:
            return targets_due.sample(self.platform, now, until, size)
        full = [user for user, taken in self._taken.items() if taken >= MOST_PER_USER]
        return targets_due.claim(self.platform, now, until, size, self._since, full)

    def take(self, rows: Sequence[TargetsToMeasure], asked: int) -> int:
        """Count the targets that were claimed, and return their number. A page that is not full was the last one."""
        taken = 0
        for row in rows:
            taken += len(row.ids)
            self._taken[row.user_id] += len(row.ids)
        self._since = max((row.due_at for row in rows), default=self._since)
        self.left = 0 if self.probes or len(rows) < asked else max(self.left - taken, 0)
        return taken


async def queue_due(deadline: float) -> int:
    """Queue what is due, the longest overdue first, as messages of ids. Return the number of targets and accounts.

    Ends at ``deadline`` (``clock.monotonic``) or at what platforms and users are allowed in a run; the next run goes on. What is
    claimed and not queued because this run died is due again after ``CLAIM``. Nothing is queued for a platform whose circuit is
    open.
    """
    now = clock.now()
    known = circuits.every()
    broken = {circuit.platform: circuit for circuit in (await database().flight(WORKER, known))[known]}
    run = _Run(now, [Allowance(platform, broken.get(platform), now) for platform in platforms.NAMES])
    while run.goes_on and clock.monotonic() < deadline:
        await run.page()
    await run.end()
    logs.event("analytics_queued", due=run.queued, probes=sum(each.probes for each in run.allowances))
    return run.queued


class _Run:
    def __init__(self, now: datetime, allowances: Sequence[Allowance]) -> None:
        self.now, self.until, self.allowances = now, now + CLAIM, allowances
        self.queued = 0
        self._urls = settings().analytics_queue_urls
        self._pending = PendingTargets(self.until)
        self._sent: dict[tuple[PlatformName, str], int] = defaultdict(int)
        self._probes = frozenset(each.platform for each in allowances if each.probes)
        self._accounts = True
        self._silent = [each.platform for each in allowances if each.probes or not each.left]

    @property
    def goes_on(self) -> bool:
        return self._accounts or any(each.left for each in self.allowances)

    async def page(self) -> None:
        """Claim one page of each platform's targets and one of accounts, and send the messages that are full."""
        asked = [(each, each.page()) for each in self.allowances if each.left]
        claims = [each.claim(self.now, self.until, size) for each, size in asked]
        accounts = accounts_due.claim(self.now, self.until, PAGE if self._accounts else 0, self._silent)
        flight = await database().flight(WORKER, *claims, accounts)
        messages = [_account_message(row, self.until) for row in flight[accounts]]
        self.queued += len(messages)
        self._accounts = len(messages) == PAGE
        for (each, size), claimed in zip(asked, claims, strict=True):
            rows = flight[claimed]
            self.queued += each.take(rows, size)
            if each.probes:
                probe = PendingTargets(self.until, self._pending.divided)
                posts = (*probe.add(rows), *probe.rest())
                messages += [_probing(message) for message in posts or await self._accounts_of(each.platform)]
            else:
                messages += self._pending.add(rows)
        await self._send(messages)

    async def _accounts_of(self, platform: PlatformName) -> list[PollMessage]:
        """Claim a few accounts of a platform, which tell whether it answers again where no post of it is due."""
        others = [name for name in platforms.NAMES if name != platform]
        accounts = accounts_due.claim(self.now, self.until, circuits.PROBES, others)
        messages = [_account_message(row, self.until) for row in (await database().flight(WORKER, accounts))[accounts]]
        self.queued += len(messages)
        return messages

    async def end(self) -> None:
        """Send what is left."""
        await self._send(self._pending.rest())

    async def _send(self, messages: Sequence[PollMessage]) -> None:
        """Queue messages. One that the queue refuses is due again later; if a queue does not answer at all, the run ends."""
        divided, until = self._pending.divided, self.until
        if divided:
            longer = (targets_due.divide(row, rest, until, self.now) for row, rest in divided)
            await database().flight(WORKER, *longer, *(targets_due.shorten(row, rest, until) for row, rest in divided))
            divided.clear()
        by_platform: dict[PlatformName, list[Message]] = defaultdict(list)
        for message in messages:
            by_platform[message.platform].append(Message(message.body, self._delay(message)))
        refused = await asyncio.gather(*(queues.send(self._urls[platform], each) for platform, each in by_platform.items()))
        if sum(refused):
            logs.event("analytics_not_queued", messages=sum(refused))

    def _delay(self, message: PollMessage) -> int | None:
        key = (message.platform, message.body["user_id"])
        sent = self._sent[key]
        self._sent[key] += 1
        return sent - AT_ONCE if sent > AT_ONCE else None


def _probing(message: PollMessage) -> PollMessage:
    return PollMessage(message.platform, {**message.body, "probe": True})


def _account_message(row: ConnectionToMeasure, until: datetime) -> PollMessage:
    body = {"user_id": row.user_id, "connection_id": row.id, "account": True, "claimed_until": until.isoformat()}
    return PollMessage(row.platform, body)
