"""Makes the progress of targets durable. Writes that are ready at the same moment travel as one flight."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from noillusion.core import clock, logs
from noillusion.core.errors import AccountDeleted, Unavailable
from noillusion.db import Actor, Duplicate, Flight, Statement, database
from noillusion.flows.faults import ErrorClass, Fault
from noillusion.flows.protocol import HELD, Published
from noillusion.platforms.contract import ReadBack
from noillusion.publishing import ledger_store, metrics
from noillusion.publishing.rows import HeldState, LeasedTarget, OpenState, Outcome, TargetRow

LONGEST_GAP = timedelta(minutes=10)
"""Between two looks at a platform that is still at work."""
SAME_TIME = timedelta(minutes=1)
"""Times of a held post that differ by less are the same."""
FIRST_LOOK, DAILY_LOOK, HELD_RETRY = timedelta(minutes=10), timedelta(days=1), timedelta(hours=1)
"""At a held post before its time: once its media are processed, then each day, and after a look that failed."""
SHORTEST_LATE_GAP = timedelta(seconds=15)
"""Between looks at a held post after its time, which grow with its lateness up to :data:`LONGEST_GAP`."""
HELD_DEADLINE = timedelta(hours=24)
"""How long after its time the platform may take to publish a held post."""


Record: TypeAlias = "tuple[tuple[Statement, ...], asyncio.Future[Flight]]"
"""Statements that belong together, and whoever waits for their flight."""


class LeaseLost(Exception):
    """Somebody else works on this target now, or its account was disconnected; nothing may be sent from here any more."""


class Writer:
    """Collects statements while a flight is under way and sends them together in the next."""

    def __init__(self, user_id: str) -> None:
        self._actor = Actor(user_id)
        self._waiting: list[Record] = []
        self._flight: asyncio.Task[None] | None = None

    async def write(self, *statements: Statement) -> Flight:
        """Return the flight that made the statements durable, all or none of them."""
        future: asyncio.Future[Flight] = asyncio.get_running_loop().create_future()
        self._waiting.append((statements, future))
        if self._flight is None:
            self._flight = asyncio.create_task(self._fly())
        return await future

    async def _fly(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                await self._send(batch)
        finally:
            self._flight = None

    async def _send(self, batch: list[Record]) -> None:
        try:
            flight = await database().flight(self._actor, *(statement for statements, _ in batch for statement in statements))
        except Exception as error:  # noqa: BLE001 - handed to whoever waits
            if len(batch) > 1 and not isinstance(error, Unavailable | AccountDeleted):
                # One record was refused, which undid them all; the others must not suffer for it.
                for record in batch:
                    await self._send([record])
                return
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            return
        for _, future in batch:
            if not future.done():
                future.set_result(flight)


class TargetLedger:
    """The checkpoint of one target, in the hands of one lease's owner."""

    def __init__(self, row: LeasedTarget, owner: str, writer: Writer) -> None:
        self.row = row
        self.user_id, self.target_id, self.owner = row.user_id, row.id, owner
        self.handles: dict[str, str] = dict(row.handles)
        self.accepted_id: str | None = row.accepted_id
        self.sent = row.committing_at is not None
        self.seen: dict[str, str | int] = {}
        """Counts and codes of what was seen of a post whose outcome stays unknown, for the notice."""
        self.moved = False
        """Whether the platform was seen to hold the post until another time than was known."""
        self._writer = writer

    async def committing(self, ahead: float | None) -> None:
        """Record, before the commit leaves, that it does; :class:`LeaseLost` if it may not leave from here."""
        ahead_ms = None if ahead is None else round(ahead * 1000)
        record = ledger_store.committing(self.user_id, self.target_id, self.owner, clock.now(), ahead_ms)
        if not (await self._writer.write(record)).number_of(record):
            raise LeaseLost
        self.sent = True

    async def not_committed(self) -> None:
        """Record that the commit did nothing, so that its outcome is no longer unknown."""
        record = ledger_store.not_committed(self.user_id, self.target_id, self.owner, clock.now())
        if not (await self._writer.write(record)).number_of(record):
            raise LeaseLost
        self.sent = False

    async def keep(self, handles: Mapping[str, str]) -> None:
        """Record handles before the flow goes on."""
        self.handles.update(handles)
        self.accepted_id = self.handles.get("accepted_id", self.accepted_id)
        accepted = handles.get("accepted_id")
        record = ledger_store.keep_handles(self.user_id, self.target_id, self.owner, self.handles, accepted, clock.now())
        kept = (await self._writer.write(record)).number_of(record)
        if not kept and not accepted:
            raise LeaseLost

    async def published(self, result: Published, *, certain: bool = True) -> TargetRow | None:
        """Record that the platform has the post. ``certain`` if it said so in an answer to the commit or by a handle.

        A post that another target holds already is not taken: the outcome is unknown then, and stays so.
        """
        if result.state == "held":
            return await self.held(result, certain=certain)
        now = clock.now()
        handles = {**self.handles, "accepted_id": result.accepted_id} if certain else self.handles
        outcome = Outcome(
            status=result.state,
            handles=handles,
            accepted_id=result.accepted_id,
            platform_post_id=result.post_id,
            permalink=result.permalink,
            first_comment=result.first_comment,
            published_at=now,
        )
        try:
            return await self._settle(outcome)
        except Duplicate:
            self.seen = {"reason": "held_by_another"}
            return await self.unknown(TAKEN, None)

    async def held(self, result: Published, *, certain: bool = True) -> TargetRow | None:
        """Record that the platform holds the post until its time, which is another one where the platform says so."""
        now, expected = clock.now(), self.row.publish_at
        told = None if result.publish_at is None else datetime.fromtimestamp(result.publish_at, UTC)
        due = told or expected or now
        self.moved = expected is not None and abs(due - expected) >= SAME_TIME
        handles = {**self.handles, HELD: self.handles.get(HELD, result.accepted_id)}
        state = HeldState(
            handles={**handles, "accepted_id": result.accepted_id} if certain else handles,
            accepted_id=result.accepted_id,
            platform_post_id=result.post_id,
            publish_at=due if self.moved or expected is None else expected,
            deadline_at=due + HELD_DEADLINE,
            next_check_at=_next_look(due, now, first=self.row.checks == 0),
        )
        record = ledger_store.hold(self.user_id, self.target_id, self.owner, state, now)
        try:
            left = (await self._writer.write(record)).first(record)
        except Duplicate:
            self.seen = {"reason": "held_by_another"}
            return await self.unknown(TAKEN, None)
        logs.event("target", target_id=self.target_id, platform=self.row.platform, status="held", error_class=None, code=None)
        return left

    async def withdrawn(self) -> TargetRow | None:
        """Record that the platform removed a post that it held."""
        return await self._settle(Outcome(status="canceled", handles=self.handles))

    async def failed(self, fault: Fault) -> TargetRow | None:
        """Record that nothing was published, and why."""
        wait = timedelta(seconds=fault.retry_after) if fault.retry_after else None
        return await self._settle(
            Outcome(
                status="failed",
                handles=self.handles,
                error_class=fault.error_class.value,
                error_code=fault.error_class.value,
                platform_code=fault.code,
                retry_after_at=clock.now() + wait if wait else None,
            )
        )

    async def unknown(self, fault: Fault, again: ReadBack | None) -> TargetRow | None:
        """Record an unknown outcome. It is read back at the platform's pace (``again``), or never again: everything was tried."""
        next_check = None
        if again is not None:
            gap = again.first_look_s * again.growth ** min(self.row.checks, 20)
            next_check = clock.now() + timedelta(seconds=min(gap, again.longest_gap_s))
        return await self._leave(
            OpenState(
                status="unknown",
                error_class=fault.error_class.value,
                error_code="outcome_unknown",
                platform_code=fault.code,
                next_check_at=next_check,
                forget=again is None,
                unsent=False,
            )
        )

    async def waiting(self, after: float, *, refused: bool = False) -> TargetRow | None:
        """Record that the platform is still at work. ``refused``: it answered the commit so, which therefore did not happen."""
        now, due = clock.now(), self.row.publish_at
        next_check = now + self._gap(timedelta(seconds=max(after, 3.0)))
        if due is not None and HELD in self.handles and now < due:
            # Nothing can become of it before its time.
            next_check = min(due, now + HELD_RETRY)
        return await self._leave(
            OpenState(
                status="processing",
                error_class=None,
                error_code=None,
                platform_code=None,
                next_check_at=next_check,
                forget=False,
                unsent=refused,
            )
        )

    def _gap(self, first: timedelta) -> timedelta:
        gap: timedelta = first * 1.5 ** min(self.row.checks, 20)
        return min(gap, LONGEST_GAP)

    async def _settle(self, outcome: Outcome) -> TargetRow | None:
        record = ledger_store.settle(self.user_id, self.target_id, self.owner, outcome, clock.now())
        measured = []
        if outcome.status == "published" and outcome.published_at is not None:
            measured.append(metrics.begin(self.user_id, self.target_id, outcome.published_at))
        settled = (await self._writer.write(record, *measured)).first(record)
        self._log(outcome)
        return settled

    async def _leave(self, state: OpenState) -> TargetRow | None:
        record = ledger_store.leave_open(self.user_id, self.target_id, self.owner, state, clock.now())
        left = (await self._writer.write(record)).first(record)
        self._log(state)
        return left

    def _log(self, recorded: Outcome | OpenState) -> None:
        logs.event(
            "target",
            target_id=self.target_id,
            platform=self.row.platform,
            status=recorded.status,
            error_class=recorded.error_class,
            code=recorded.platform_code,
        )


def _next_look(due: datetime, now: datetime, *, first: bool) -> datetime:
    """Return when to look at a held post again."""
    if now < due:
        return min(due, now + (FIRST_LOOK if first else DAILY_LOOK))
    return now + min(max((now - due) / 2, SHORTEST_LATE_GAP), LONGEST_GAP)


INTERRUPTED = Fault(ErrorClass.TRANSIENT, "interrupted")
NOT_PUBLISHED = Fault(ErrorClass.TRANSIENT, "not_published")
DEADLINE = Fault(ErrorClass.NOT_READY, "deadline")
TAKEN = Fault(ErrorClass.UNKNOWN, "held_by_another")
INTERNAL = Fault(ErrorClass.UNKNOWN, "internal")
