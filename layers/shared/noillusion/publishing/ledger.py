"""Makes the progress of targets durable. Writes that are ready at the same moment travel as one flight."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from noillusion.core import clock, logs
from noillusion.core.errors import AccountDeleted, Unavailable
from noillusion.db import Actor, Duplicate, Flight, Json, Statement, database
from noillusion.flows.faults import ErrorClass, Fault
from noillusion.flows.protocol import Published
from noillusion.platforms.contract import ReadBack
from noillusion.publishing import ledger_store
from noillusion.publishing.rows import LeasedTarget, TargetRow

LONGEST_GAP = timedelta(minutes=10)
"""Between two looks at a platform that is still at work."""


Record: TypeAlias = "tuple[Statement, asyncio.Future[Flight]]"
"""A statement and whoever waits for its flight."""


class LeaseLost(Exception):
    """Somebody else works on this target now; nothing may be sent from here any more."""


class Writer:
    """Collects statements while a flight is under way and sends them together in the next."""

    def __init__(self, user_id: str) -> None:
        self._actor = Actor(user_id)
        self._waiting: list[Record] = []
        self._flight: asyncio.Task[None] | None = None

    async def write(self, statement: Statement) -> Flight:
        """Return the flight that made the statement durable."""
        future: asyncio.Future[Flight] = asyncio.get_running_loop().create_future()
        self._waiting.append((statement, future))
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
            flight = await database().flight(self._actor, *(statement for statement, _ in batch))
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
        self._writer = writer

    async def committing(self, ahead: float | None) -> None:
        """Durable before the commit leaves; :class:`LeaseLost` if it may not leave from here."""
        ahead_ms = None if ahead is None else round(ahead * 1000)
        record = ledger_store.committing(self.user_id, self.target_id, self.owner, clock.now(), ahead_ms)
        if not (await self._writer.write(record)).number_of(record):
            raise LeaseLost
        self.sent = True

    async def not_committed(self) -> None:
        """Durable before anything goes on: the commit did nothing, so from here on there is no outcome that nobody knows."""
        record = ledger_store.not_committed(self.user_id, self.target_id, self.owner, clock.now())
        if not (await self._writer.write(record)).number_of(record):
            raise LeaseLost
        self.sent = False

    async def keep(self, handles: Mapping[str, str]) -> None:
        """Durable before the flow goes on."""
        self.handles.update(handles)
        self.accepted_id = self.handles.get("accepted_id", self.accepted_id)
        accepted = handles.get("accepted_id")
        record = ledger_store.keep_handles(self.user_id, self.target_id, self.owner, self.handles, accepted, clock.now())
        kept = (await self._writer.write(record)).number_of(record)
        if not kept and not accepted:
            raise LeaseLost

    async def published(self, result: Published, *, certain: bool = True) -> TargetRow | None:
        """The platform has it. ``certain`` if it said so in an answer to the commit or by a handle, not only by the text.

        A post that another target holds already is not taken: the outcome is unknown then, and stays so.
        """
        now = clock.now()
        handles = {**self.handles, "accepted_id": result.accepted_id} if certain else self.handles
        try:
            return await self._settle(
                status=result.state,
                accepted_id=result.accepted_id,
                platform_post_id=result.post_id,
                permalink=result.permalink,
                handles=handles,
                published_at=now,
                metrics_due_at=now if result.state == "published" else None,
            )
        except Duplicate:
            self.seen = {"reason": "held_by_another"}
            return await self.unknown(HELD, None)

    async def failed(self, fault: Fault) -> TargetRow | None:
        """Nothing was published, and why."""
        wait = timedelta(seconds=fault.retry_after) if fault.retry_after else None
        return await self._settle(
            status="failed",
            error_class=fault.error_class.value,
            error_code=fault.error_class.value,
            platform_code=fault.code,
            retry_after_at=clock.now() + wait if wait else None,
        )

    async def unknown(self, fault: Fault, again: ReadBack | None) -> TargetRow | None:
        """Nobody knows. It is read back later at the platform's pace (``again``), or never again: everything was tried."""
        if again is None:
            return await self._leave("unknown", fault, None, forget=True)
        gap = again.first_look_s * again.growth ** min(self.row.checks, 20)
        return await self._leave("unknown", fault, clock.now() + timedelta(seconds=min(gap, again.longest_gap_s)))

    async def waiting(self, after: float, *, refused: bool = False) -> TargetRow | None:
        """The platform is still at work. ``refused``: it said so in answer to the commit, which therefore did not happen."""
        return await self._leave("processing", None, clock.now() + self._gap(timedelta(seconds=max(after, 3.0))), unsent=refused)

    def _gap(self, first: timedelta) -> timedelta:
        gap: timedelta = first * 1.5 ** min(self.row.checks, 20)
        return min(gap, LONGEST_GAP)

    async def _settle(self, **columns: Any) -> TargetRow | None:
        record: dict[str, Any] = {
            "user_id": self.user_id,
            "id": self.target_id,
            "owner": self.owner,
            "now": clock.now(),
            **dict.fromkeys(("accepted_id", "platform_post_id", "permalink", "error_class", "error_code", "platform_code")),
            **dict.fromkeys(("retry_after_at", "published_at", "metrics_due_at")),
            "handles": self.handles,
            **columns,
        }
        record["handles"] = Json(record["handles"])
        settle = ledger_store.settle(record)
        settled = (await self._writer.write(settle)).first(settle)
        self._log(record["status"], record["error_class"], record["platform_code"])
        return settled

    async def _leave(
        self, status: str, fault: Fault | None, next_check: datetime | None, *, forget: bool = False, unsent: bool = False
    ) -> TargetRow | None:
        record = {
            "user_id": self.user_id,
            "id": self.target_id,
            "owner": self.owner,
            "now": clock.now(),
            "status": status,
            "error_class": fault.error_class.value if fault else None,
            "error_code": "outcome_unknown" if fault else None,
            "platform_code": fault.code if fault else None,
            "next_check_at": next_check,
            "forget": forget,
            "unsent": unsent,
        }
        leave = ledger_store.leave_open(record)
        left = (await self._writer.write(leave)).first(leave)
        self._log(status, record["error_class"], record["platform_code"])
        return left

    def _log(self, status: str, error_class: Any, platform_code: Any) -> None:
        logs.event(
            "target",
            target_id=self.target_id,
            platform=self.row.platform,
            status=status,
            error_class=error_class,
            code=platform_code,
        )


INTERRUPTED = Fault(ErrorClass.TRANSIENT, "interrupted")
NOT_PUBLISHED = Fault(ErrorClass.TRANSIENT, "not_published")
DEADLINE = Fault(ErrorClass.NOT_READY, "deadline")
HELD = Fault(ErrorClass.UNKNOWN, "held_by_another")
INTERNAL = Fault(ErrorClass.UNKNOWN, "internal")
