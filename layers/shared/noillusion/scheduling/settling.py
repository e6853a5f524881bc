"""Settles occurrences: the outcome, the notice, the next occurrence and the end of the schedule are one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from noillusion.core import clock
from noillusion.core.records import record
from noillusion.db import Actor, Query, Statement, database
from noillusion.net.queues import MAX_DELAY_S
from noillusion.notices import outbox
from noillusion.notices.notice import notice
from noillusion.notices.rows import InOutbox
from noillusion.scheduling import queue, run_store, store, times
from noillusion.scheduling.outcomes import Outcome
from noillusion.scheduling.rows import OccurrenceRow, ScheduleRow, TargetRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from noillusion.notices.models import NoticeKind

NOTICES: Mapping[str, NoticeKind] = {
    "notified": "schedule_due",
    "missed": "schedule_missed",
    "failed": "schedule_failed",
    "unknown": "schedule_failed",
}
"""State → kind of its notice. Others are told of by nobody: the post says it all."""


@record()
class Job:
    """An occurrence in the hands of a run, with its schedule and its target."""

    occurrence: OccurrenceRow
    schedule: ScheduleRow
    target: TargetRow
    owner: str | None
    """Owner of the lease; ``None`` where a state is left that needs none."""

    @property
    def ends(self) -> datetime:
        """Return until when the occurrence may be published."""
        return self.occurrence.due_at + timedelta(seconds=self.schedule.grace_s)


async def settle(job: Job, outcome: Outcome) -> bool:
    """Leave an occurrence with its outcome. False if somebody else has it in the meantime; then nothing was written but that."""
    now, row = clock.now(), job.occurrence
    wake_at = job.ends if outcome.state == "notified" else outcome.again_at
    left = run_store.leave(
        row,
        job.owner,
        outcome.state,
        now,
        code=outcome.code,
        post_id=outcome.post_id,
        wake_at=wake_at,
        not_before=outcome.again_at if outcome.state == "pending" else None,
        # What was taken although its schedule is paused was to be published now.
        pausable=outcome.state == "pending" and (job.owner is None or job.schedule.status == "active"),
    )
    told = [_notice(job, outcome)] if outcome.state in NOTICES else []
    woken = run_store.wake_next(row.user_id, row.connection_id or "", now + queue.AHEAD, now + queue.CLAIM)
    waking = [woken] if row.connection_id and outcome.state != "pending" else []
    flight = await database().flight(Actor(row.user_id), left, *told, *_following(job, outcome), *waking)
    if not flight.number_of(left):
        return False
    await outbox.tell(row.user_id, flight, told)
    if outcome.state == "processing" and wake_at is not None and wake_at <= now + timedelta(seconds=MAX_DELAY_S):
        await queue.send([queue.message(row.user_id, row.id, wake_at, now)])
    for each in waking:
        await queue.enqueue(flight[each])
    return True


def _following(job: Job, outcome: Outcome) -> Iterator[Statement]:
    """Yield what adds the next occurrence, unless it was added before, and what ends a schedule that has none any more."""
    if outcome.state == "pending":
        return
    row, now = job.occurrence, clock.now()
    time = times.following(job.schedule, row.due_at, row.local_due)
    # Without its account no later one could be published, and where their content comes from is forgotten.
    if time is not None and row.connection_id is not None:
        yield store.add_occurrence(job.target, str(uuid4()), time.due_at, time.local, now, behind=row.due_at)
    yield from run_store.end(row.user_id, row.schedule_id, now)


def _notice(job: Job, outcome: Outcome) -> Query[InOutbox]:
    row = job.occurrence
    return notice(
        row.user_id,
        NOTICES[outcome.state],
        row.id,
        outcome.state,
        clock.now(),
        {
            "platform": job.target.platform,
            "schedule_id": row.schedule_id,
            "post_id": outcome.post_id or row.post_id,
            "way": job.target.way,
            "due_at": row.due_at.isoformat(),
            "code": outcome.code,
            "detail": outcome.detail or None,
        },
        provided=run_store.is_left(row, outcome.state),
    )
