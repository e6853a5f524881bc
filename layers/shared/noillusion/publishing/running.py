"""Runs the targets of one request side by side, each its own failure domain, and hands over what is still open."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from noillusion.core import clock, logs
from noillusion.core.errors import AccountDeleted, Conflict, NotFound
from noillusion.db import Actor, Duplicate, database
from noillusion.publishing import execute, handover, leases, outcomes, planning, queue, store
from noillusion.publishing.drafts import PublishPlan
from noillusion.publishing.leases import Lease
from noillusion.publishing.ledger import INTERRUPTED, TargetLedger, Writer
from noillusion.publishing.rows import LeasedTarget, TargetRow
from noillusion.publishing.status import current


async def run(
    user_id: str, owner: str, work: Sequence[tuple[LeasedTarget, PublishPlan]], deadline: float
) -> list[TargetRow] | None:
    """Run targets side by side, then hand over what is still open.

    Returns the targets as they were left, in the order of ``work``; ``None`` if one of them has to be read again.
    """
    writer = Writer(user_id)
    ledgers = [TargetLedger(row, owner, writer) for row, _ in work]
    results = await asyncio.gather(
        *(execute.publish(p.connection, p.draft, ledger, deadline) for ledger, (_, p) in zip(ledgers, work, strict=True)),
        return_exceptions=True,
    )
    await handover.withdraw(
        {
            row.id: len(handover.files(p.platform, p.draft))
            for (row, p), result in zip(work, results, strict=True)
            if _over(result)
        }
    )
    for result in results:
        if isinstance(result, AccountDeleted):
            raise result
        if isinstance(result, BaseException):
            logs.failure("target_not_recorded", result)
    left = [row for row in results if isinstance(row, TargetRow)]
    await queue.enqueue(left)
    now, seen = clock.now(), {ledger.target_id: ledger.seen for ledger in ledgers}
    given_up = [row for row in left if row.status == "unknown" and row.next_check_at is None]
    if given_up:
        # Everything else that ends here is told by the answer itself; this one a person has to look into later.
        await outcomes.tell(user_id, [outcomes.notice_of(row, seen[row.id], now) for row in given_up])
    return left if len(left) == len(work) else None


def _over(result: TargetRow | BaseException | None) -> bool:
    """Return whether nobody will go on with a target. Where its record failed, the sweep does."""
    return isinstance(result, AccountDeleted) or (isinstance(result, TargetRow) and result.next_check_at is None)


async def interrupted(
    user_id: str, lease: Lease, post_id: str, plans: Sequence[PublishPlan]
) -> list[tuple[LeasedTarget, PublishPlan]]:
    """Take up the targets of a post whose run died, as far as nothing of them was sent."""
    by_connection = {plan.connection.id: plan for plan in plans}
    targets = store.targets(user_id, post_id)
    work: list[tuple[LeasedTarget, PublishPlan]] = []
    again: list[tuple[TargetRow, PublishPlan]] = []
    for row in current((await database().flight(Actor(user_id), targets))[targets]):
        plan = by_connection.get(row.connection_id or "")
        if plan is None:
            continue
        if row.status == "failed" and row.platform_code == INTERRUPTED.code and row.committing_at is None:
            # The sweep came first and knew that nothing was sent. A new attempt has the content again.
            again.append((row, plan))
        elif row.status in ("pending", "preparing") and (taken := await leases.take(user_id, row.id, lease)) is not None:
            if planning.is_of(taken[0], plan):
                work.append((taken[0], plan))
            elif (left := await TargetLedger(taken[0], lease.owner, Writer(user_id)).failed(INTERRUPTED)) is not None:
                # It was to send another text, by which its post would be looked for if the answer were lost.
                again.append((left, plan))
    return work + await _again(user_id, lease, post_id, again)


async def _again(
    user_id: str, lease: Lease, post_id: str, interrupted: Sequence[tuple[TargetRow, PublishPlan]]
) -> list[tuple[LeasedTarget, PublishPlan]]:
    """Add an attempt for each target that was interrupted."""
    additions = [
        planning.add_target(user_id, post_id, lease, plan, position=row.position, attempt=row.attempt + 1, retry_of=row.id)
        for row, plan in interrupted
    ]
    if not additions:
        return []
    try:
        added = await database().flight(Actor(user_id), *additions)
    except Duplicate:
        raise Conflict("idempotency_in_progress") from None
    rows = [row for addition in additions if (row := added.first(addition)) is not None]
    if len(rows) < len(additions):
        # The post was forgotten meanwhile.
        raise NotFound
    return list(zip(rows, [plan for _, plan in interrupted], strict=True))
