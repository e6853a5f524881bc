"""The attempts at a target and what happens next with it, told from the rows that exist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from noillusion.flows.faults import ErrorClass
from noillusion.platforms import catalog
from noillusion.publishing import status
from noillusion.publishing.readback import UNREADABLE_AFTER
from noillusion.publishing.rows import TargetRow
from noillusion.publishing.views import NextStep, PublishAttempt

SOONEST_S, LATEST_S = 1, 60
"""Bounds of the time after which a client looks again."""


def attempts(row: TargetRow, rows: Mapping[str, TargetRow]) -> list[PublishAttempt]:
    """Return the attempts that led to a target, the first one first. ``rows``: targets of its post, by id."""
    chain = [row]
    while (earlier := rows.get(chain[-1].retry_of or "")) is not None:
        chain.append(earlier)
    return [_attempt(each) for each in reversed(chain)]


def _attempt(row: TargetRow) -> PublishAttempt:
    failed = row.status in status.REASONED and row.error_class is not None
    return PublishAttempt(
        target_id=row.id,
        attempt=row.attempt,
        status=row.status,
        started_at=row.created_at,
        sent_at=row.committing_at,
        ended_at=None if is_open(row) else row.published_at or row.updated_at,
        checks=row.checks,
        error_class=ErrorClass(row.error_class) if failed and row.error_class else None,
        platform_code=row.platform_code if failed else None,
    )


def is_open(row: TargetRow) -> bool:
    """Return whether the outcome of a target can still change."""
    return row.status in status.OPEN or (row.status == "unknown" and row.next_check_at is not None)


def next_step(row: TargetRow) -> NextStep | None:
    """Return what happens next with a target, ``None`` if nothing does."""
    match row.status:
        case "pending" | "preparing" | "committing":
            return NextStep(action="publish", by="service", at=row.next_check_at, gives_up_at=row.deadline_at)
        case "processing" if row.publish_at is not None and row.accepted_id is not None:
            return NextStep(action="publish", by="platform", at=row.publish_at, gives_up_at=row.deadline_at)
        case "processing":
            return NextStep(action="ask_platform", by="service", at=row.next_check_at, gives_up_at=row.deadline_at)
        case "unknown" if row.next_check_at is not None:
            return NextStep(action="look_for_post", by="service", at=row.next_check_at, gives_up_at=_gives_up_at(row))
        case "unknown":
            return NextStep(action="decide", by="client", at=None, gives_up_at=None)
        case "failed" if row.error_class and ErrorClass(row.error_class) in status.RETRYABLE:
            return NextStep(action="retry", by="client", at=row.retry_after_at, gives_up_at=None)
        case "delivered_to_inbox" if row.platform_post_id is None:
            return NextStep(action="finish_in_app", by="person", at=None, gives_up_at=None)
    return None


def _gives_up_at(row: TargetRow) -> datetime:
    """Return by when a post is looked for: a platform that cannot be read is asked for longer."""
    if row.committing_at is None:
        return row.deadline_at
    seconds = catalog.get(row.platform).capabilities.read_back.gives_up_after_s
    return min(row.deadline_at, row.committing_at + max(UNREADABLE_AFTER, timedelta(seconds=seconds)))


def retry_after(post: Mapping[str, Any], now: datetime) -> int:
    """Return the seconds after which a post that is still being published, as it was answered, is worth another look."""
    due = [datetime.fromisoformat(target["next_check_at"]) for target in post["targets"] if target["next_check_at"]]
    seconds = ceil(min((at - now).total_seconds() for at in due)) if due else SOONEST_S
    return max(SOONEST_S, min(seconds, LATEST_S))


def by_id(rows: Sequence[TargetRow]) -> dict[str, TargetRow]:
    """Return targets by their id."""
    return {row.id: row for row in rows}
