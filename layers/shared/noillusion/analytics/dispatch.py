"""Due work becomes queue messages of ids, as full as the platforms' lists allow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from noillusion.catalog import platforms
from noillusion.connections import metrics as accounts_due
from noillusion.connections.rows import ConnectionToMeasure
from noillusion.core import clock, logs
from noillusion.db import WORKER, database
from noillusion.net import queues
from noillusion.platforms import catalog
from noillusion.publishing import metrics as targets_due
from noillusion.publishing.rows import TargetToMeasure
from noillusion.settings.source import settings

PollMessage = dict[str, Any]

CLAIM = timedelta(minutes=30)
"""How long claimed work is left to its message before it is due again."""
PAGE = 1000
MOST_PER_RUN = 100_000
MOST_PENDING = 5_000
"""Targets kept back in the hope of fuller messages."""


@dataclass
class PendingTargets:
    """Targets of one run that wait until there are enough of their connection for a full message."""

    until: datetime
    _rows: dict[tuple[str, str], list[TargetToMeasure]] = field(default_factory=lambda: defaultdict(list))
    _count: int = 0

    def add(self, rows: Iterable[TargetToMeasure]) -> list[PollMessage]:
        """Take targets in and return the messages that are full now. Keeps ``MOST_PENDING`` targets at most."""
        touched: set[tuple[str, str]] = set()
        for row in rows:
            key = (row.user_id, row.connection_id)
            self._rows[key].append(row)
            self._count += 1
            touched.add(key)
        messages = [message for key in touched for message in self._cut(key, full_only=True)]
        return messages if self._count <= MOST_PENDING else [*messages, *self.rest()]

    def rest(self) -> list[PollMessage]:
        """Return messages of all targets that are left."""
        return [message for key in list(self._rows) for message in self._cut(key)]

    def _cut(self, key: tuple[str, str], *, full_only: bool = False) -> list[PollMessage]:
        # Neighbours in time stand together in a platform's lists, so they are asked for together.
        rows = sorted(self._rows.pop(key), key=lambda row: row.published_at, reverse=True)
        size = catalog.get(rows[0].platform).capabilities.metrics_batch
        whole = len(rows) - len(rows) % size if full_only else len(rows)
        if rows[whole:]:
            self._rows[key] = rows[whole:]
        self._count -= whole
        shared = {"user_id": key[0], "connection_id": key[1], "claimed_until": self.until.isoformat()}
        return [
            {**shared, "target_ids": [row.target_id for row in rows[i : min(i + size, whole)]]} for i in range(0, whole, size)
        ]


async def queue_due(deadline: float) -> int:
    """Queue what is due, the longest overdue first, as messages of ids. Return the number of targets and accounts.

    Ends at ``deadline`` (``clock.monotonic``) or ``MOST_PER_RUN``; the next run goes on. What is claimed and not queued because
    this run died is due again after ``CLAIM``.
    """
    url = settings().analytics_queue_url
    now = clock.now()
    until = now + CLAIM
    pending = PendingTargets(until)
    taken = 0
    while taken < MOST_PER_RUN and clock.monotonic() < deadline:
        claims = [targets_due.claim(platform, now, until, PAGE) for platform in platforms.NAMES]
        claimed_accounts = accounts_due.claim(now, until, PAGE)
        flight = await database().flight(WORKER, *claims, claimed_accounts)
        targets, accounts = [row for claimed in claims for row in flight[claimed]], flight[claimed_accounts]
        await _send(url, [*pending.add(targets), *(_account_message(row, until) for row in accounts)])
        taken += len(targets) + len(accounts)
        if max(*(len(flight[claimed]) for claimed in claims), len(accounts)) < PAGE:
            break
    await _send(url, pending.rest())
    logs.event("analytics_queued", due=taken)
    return taken


def _account_message(row: ConnectionToMeasure, until: datetime) -> PollMessage:
    return {"user_id": row.user_id, "connection_id": row.id, "account": True, "claimed_until": until.isoformat()}


async def _send(url: str, messages: Sequence[PollMessage]) -> None:
    """Queue messages. One that the queue refuses is due again later; if the queue does not answer at all, the run ends."""
    refused = await queues.send(url, [queues.Message(message) for message in messages])
    if refused:
        logs.event("analytics_not_queued", messages=refused)
