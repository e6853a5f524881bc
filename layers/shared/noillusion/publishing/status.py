"""States of targets and the post status that follows from them (failure-classes.md F9)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from noillusion.flows.faults import ErrorClass
from noillusion.publishing.models import PostStatus
from noillusion.publishing.rows import TargetRow

OPEN = frozenset({"pending", "preparing", "committing", "processing"})
SUCCESS = frozenset({"published", "delivered_to_inbox"})
UNSUCCESSFUL = frozenset({"unknown", "failed", "missed", "scheduled", "canceled"})
REASONED = frozenset({"failed", "unknown"})
"""States for which there is a reason."""
BY_WEIGHT: tuple[PostStatus, ...] = ("unknown", "failed")
"""Of the targets of a post that is neither open nor successful, the first one that is there gives its status."""
RETRYABLE = frozenset(
    {
        ErrorClass.TRANSIENT,
        ErrorClass.RATE_LIMIT,
        ErrorClass.MEDIA_FETCH,
        ErrorClass.MEDIA_PROCESSING,
        ErrorClass.NOT_READY,
        ErrorClass.REAUTH,
        ErrorClass.PERMISSION,
        ErrorClass.INVALID_CONTENT,
        ErrorClass.OPERATOR,
        ErrorClass.UNKNOWN,
    }
)


def derive(statuses: Iterable[str]) -> PostStatus:
    """Return the status of a post from those of its current targets."""
    found = set(statuses)
    if found & OPEN:
        return "processing"
    if found & SUCCESS:
        return "published" if found <= SUCCESS else "partially_published"
    return next((status for status in BY_WEIGHT if status in found), "canceled")


def current(rows: Sequence[TargetRow]) -> list[TargetRow]:
    """Return the targets that no later attempt replaces."""
    replaced = {row.retry_of for row in rows if row.retry_of}
    return [row for row in rows if row.id not in replaced]
