"""Finishes open targets from ids alone: waits, resumes from handles, reads unknown outcomes back, keeps deadlines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from math import inf

from noillusion.connections import credentials
from noillusion.connections.rows import CredentialRow
from noillusion.core import clock, logs
from noillusion.db import WORKER, database
from noillusion.db.batches import COUNTED_AT_MOST, Erased
from noillusion.flows.faults import ErrorClass, Fault, PlatformError, UnexpectedShape
from noillusion.flows.protocol import Flow, Published
from noillusion.platforms.catalog import get
from noillusion.publishing import execute, handover, leases, outcomes, queue, readback, store
from noillusion.publishing.ledger import DEADLINE, INTERRUPTED, NOT_PUBLISHED, LeaseLost, TargetLedger, Writer
from noillusion.publishing.rows import DueTarget, LeasedTarget, TargetRow

SWEEP_BATCH = 200


async def advance(user_id: str, target_id: str, deadline: float) -> TargetRow | None:
    """Take an open target one step further. Returns it as it was left, ``None`` if there is nothing to do here."""
    lease = leases.new(deadline)
    taken = await leases.take(user_id, target_id, lease)
    if taken is None:
        return None
    row, connection = taken
    ledger = TargetLedger(row, lease.owner, Writer(user_id))
    left = await _step(row, connection, ledger, deadline)
    if left is not None:
        await after(left, ledger)
    return left


async def _step(row: LeasedTarget, connection: CredentialRow | None, ledger: TargetLedger, deadline: float) -> TargetRow | None:
    if connection is None:
        gone = Fault(ErrorClass.REAUTH, "disconnected")
        return await (ledger.unknown(gone, None) if ledger.sent else ledger.failed(gone))
    if clock.now() > row.deadline_at:
        return await (ledger.unknown(DEADLINE, None) if ledger.sent else ledger.failed(DEADLINE))
    if ledger.accepted_id is None and ledger.sent:
        outcome = await readback.look(row, connection, ledger, deadline)
        if isinstance(outcome, readback.NotPublished):
            return await _after_absence(connection, ledger, deadline)
        return outcome
    if not ledger.handles:
        return await ledger.failed(INTERRUPTED)
    return await _resume(connection, ledger, deadline)


async def _resume(connection: CredentialRow, ledger: TargetLedger, deadline: float) -> TargetRow | None:
    platform = get(connection.platform, connection.registration)
    flow = platform.resume(ledger.handles, credentials.account_of(connection))
    return await execute.drive(connection, _or_accepted(flow, ledger), ledger, deadline)


def _or_accepted(flow: Flow[Published], ledger: TargetLedger) -> Flow[Published]:
    """Settle a flow that cannot go on from its handles: an accepted post is published, anything else was interrupted."""
    try:
        return (yield from flow)
    except UnexpectedShape:
        if ledger.accepted_id is not None:
            return Published(ledger.accepted_id, ledger.accepted_id)
        raise PlatformError(INTERRUPTED) from None


async def _after_absence(connection: CredentialRow, ledger: TargetLedger, deadline: float) -> TargetRow | None:
    """Go on after a commit that did nothing. What was prepared is still there and unused, so this makes no second post."""
    if not ledger.handles:
        return await ledger.failed(NOT_PUBLISHED)
    try:
        await ledger.not_committed()
        return await _resume(connection, ledger, deadline)
    except LeaseLost:
        return None


async def after(row: TargetRow, ledger: TargetLedger) -> None:
    """Have an open target looked at again; tell the user of one that ended late or badly, or whose time is another one."""
    if row.next_check_at is not None:
        await queue.enqueue([row])
        if ledger.moved:
            await outcomes.tell(row.user_id, [outcomes.notice_of_move(row, clock.now())])
        return
    await handover.withdraw_settled([row])
    await outcomes.tell(row.user_id, [outcomes.notice_of(row, ledger.seen, clock.now())])


async def from_message(message: Mapping[str, object], deadline: float) -> None:
    """Advance the open target whose ids a queue message holds."""
    user_id, target_id = message.get("user_id"), message.get("target_id")
    if isinstance(user_id, str) and isinstance(target_id, str):
        await advance(user_id, target_id, deadline)


async def sweep(deadline: float = inf) -> Erased:
    """Queue every overdue open target: lost messages, dead runs, leases that ran out.

    Returns how many were queued, and how many are left for the next run because ``deadline`` (``clock.monotonic``) was reached.
    """
    now, queued, left, late = clock.now(), 0, 0, timedelta(0)
    last: DueTarget | None = None
    while True:
        batch = store.open_and_due(now, last, SWEEP_BATCH)
        due = (await database().flight(WORKER, batch))[batch]
        await queue.enqueue([replace(row, next_check_at=now) for row in due])
        queued += len(due)
        late = max(late, *(now - row.next_check_at for row in due if row.next_check_at is not None), timedelta(0))
        if len(due) < SWEEP_BATCH:
            break
        last = due[-1]
        if clock.monotonic() > deadline:
            overdue = store.overdue(now, COUNTED_AT_MOST)
            left = max((await database().flight(WORKER, overdue)).one(overdue).remaining - queued, 0)
            break
    logs.event("swept", due=queued, oldest_late_s=round(late.total_seconds(), 1), left=left)
    return Erased(queued, left)
