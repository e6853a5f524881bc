"""Work on one endpoint: its due deliveries, a few at once and in the order of each subject, until it fails or nothing is due."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from noillusion.core import clock, logs
from noillusion.db import Actor, Statement, database
from noillusion.net.queues import MAX_DELAY_S, Message
from noillusion.notices.notice import notice
from noillusion.webhooks import queue_store, store
from noillusion.webhooks.rows import DueDelivery, Lane, WebhookRow
from noillusion.webhooks.sending import FAST_S, SLOW_S, Outcome, attempt, jitter, wait

AT_ONCE = 4
"""Requests to one endpoint at once. One that is not proven gets a single one."""
LEASE = timedelta(seconds=30)
PATIENCE_S = 12.0
"""Seconds after which the rest of an endpoint's deliveries goes back to the queue, so that others have their turn."""
DISABLED_AFTER = timedelta(days=3)
"""How long every attempt has to fail until an endpoint is disabled."""


def patience(row: WebhookRow) -> float:
    """Return the seconds that an endpoint may take for an answer."""
    return FAST_S if row.proven else SLOW_S


class Session:
    """The work of one process on one endpoint."""

    def __init__(self, user_id: str, webhook_id: str, room: asyncio.Semaphore) -> None:
        self.user_id, self.webhook_id, self.room = user_id, webhook_id, room
        self.owner, self.share = str(uuid4()), jitter()
        self.retry_at: datetime | None = None
        self.idle = False

    async def run(self, claimed: str, until: float) -> Message | None:
        """Send what is due. Return a message for what is due later, ``None`` if nothing is, or the claim is not valid."""
        now = clock.now()
        taken = queue_store.take(self.user_id, self.webhook_id, claimed, self.owner, now, now + LEASE)
        expired = queue_store.expire(self.user_id, self.webhook_id, now)
        row = (await database().flight(Actor(self.user_id), taken, expired)).first(taken)
        if row is None:
            return None
        while not self.idle and self.retry_at is None and clock.monotonic() + (seconds := patience(row)) <= until:
            row = await self._round(row, seconds)
            if row is None:
                return None
        released = queue_store.release(self.user_id, self.webhook_id, self.owner, self.retry_at)
        left = (await database().flight(Actor(self.user_id), released)).first(released)
        return _later(row, left.due_at if left else None)

    async def _round(self, row: WebhookRow, seconds: float) -> WebhookRow | None:
        """Send one delivery of some subjects. Return the endpoint as it is now, ``None`` if it is disabled or no longer ours."""
        now = clock.now()
        heads = queue_store.heads(self.user_id, self.webhook_id, now, AT_ONCE if row.proven else 1)
        due = (await database().flight(Actor(self.user_id), heads))[heads]
        if not due:
            self.idle = True
            return row
        outcomes = await asyncio.gather(*(self._attempt(row, delivery, seconds) for delivery in due))
        ended = clock.now()
        judgment = self._judgment(row, outcomes, ended)
        judged = queue_store.judge(self.user_id, self.webhook_id, self.owner, judgment, ended + LEASE)
        settled = [self._settled(delivery, outcome, ended) for delivery, outcome in zip(due, outcomes, strict=True)]
        after = store.one(self.user_id, self.webhook_id)
        flight = await database().flight(Actor(self.user_id), judged, *settled, *self._disabling(row, judgment), after)
        for outcome in outcomes:
            logs.event(
                "webhook_attempt", webhook_id=self.webhook_id, code=outcome.code, status=outcome.status, ms=outcome.duration_ms
            )
        return flight.first(after) if flight.number_of(judged) and judgment.get("active", True) else None

    async def _attempt(self, row: WebhookRow, delivery: DueDelivery, seconds: float) -> Outcome:
        async with self.room:
            return await attempt(row, delivery, seconds)

    def _judgment(self, row: WebhookRow, outcomes: Sequence[Outcome], now: datetime) -> dict[str, Any]:
        """Return the columns of the endpoint after attempts: one that was successful means that it works."""
        if any(outcome.code == "gone" for outcome in outcomes):
            return {"active": False, "disabled_reason": "gone", "failures": row.failures + 1, "proven": False}
        if any(outcome.delivered for outcome in outcomes):
            quick = all(outcome.delivered and outcome.duration_ms < FAST_S * 1000 for outcome in outcomes)
            return {"failures": 0, "failing_since": None, "proven": quick}
        since = row.failing_since or min(outcome.began for outcome in outcomes)
        columns: dict[str, Any] = {"failures": min(row.failures + 1, 1_000), "failing_since": since, "proven": False}
        if now - since >= DISABLED_AFTER:
            return {**columns, "active": False, "disabled_reason": "failing"}
        asked = max((outcome.retry_after or 0.0 for outcome in outcomes), default=0.0)
        self.retry_at = now + wait(columns["failures"], self.share, asked)
        return columns

    def _settled(self, delivery: DueDelivery, outcome: Outcome, now: datetime) -> Statement:
        columns: dict[str, Any] = {
            "code": outcome.code,
            "status": outcome.status,
            "duration_ms": outcome.duration_ms,
            "attempted_at": outcome.began,
            "next_at": None,
        }
        if outcome.delivered:
            columns["state"] = "delivered"
        elif (again := now + wait(delivery.attempts + 1, self.share, outcome.retry_after)) > delivery.expires_at:
            columns["state"] = "failed"
        else:
            columns["next_at"] = again
        return queue_store.settle(self.user_id, delivery.id, columns, now)

    def _disabling(self, row: WebhookRow, judgment: dict[str, Any]) -> list[Statement]:
        """Return statements that cancel what waits for a disabled endpoint, and tell the user."""
        if judgment.get("active", True):
            return []
        now, reason = clock.now(), str(judgment["disabled_reason"])
        # One notice each time that the endpoint was enabled.
        told = notice(self.user_id, "webhook_disabled", self.webhook_id, row.updated_at.isoformat(), now, {"reason": reason})
        stop = store.change(self.user_id, self.webhook_id, {"due_at": None, "lease_owner": None, "lease_until": None}, now)
        return [stop, store.cancel(self.user_id, self.webhook_id, now), told]


def _later(row: WebhookRow, due_at: datetime | None) -> Message | None:
    """Return a message that comes when the endpoint is due, if that is soon; the scheduled task finds it otherwise."""
    if due_at is None:
        return None
    lane: Lane = "proven" if row.proven else "failing" if row.failures else "unknown"
    seconds = max(0, round((due_at - clock.now()).total_seconds() + 0.5))
    return Message({"lane": lane}, seconds) if seconds <= MAX_DELAY_S else None
