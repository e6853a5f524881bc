"""Outcomes of a run of an occurrence, and those that follow from the state of its post."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from noillusion.core.records import record
from noillusion.flows.faults import ErrorClass
from noillusion.publishing.ledger import INTERRUPTED
from noillusion.publishing.views import Post, Target
from noillusion.scheduling.states import OccurrenceCode, OccurrenceState

ASK_AGAIN: Final = timedelta(seconds=60)
"""When a post is looked at again whose outcome is open."""
LOOK_AFTER: Final = timedelta(seconds=5)
"""How long after a post was to be looked at its occurrence is."""
LONGEST_WAIT: Final = timedelta(hours=1)
"""Between attempts, unless the platform asks for more."""
MOST_ATTEMPTS: Final = 5
"""Attempts that fail for the moment. Where a limit of the platform is used up, the grace is the bound: it may last for a day."""
TRIED_AGAIN: Final = frozenset({ErrorClass.TRANSIENT, ErrorClass.RATE_LIMIT})
"""Failures after which nothing is public, and which may be over in a moment."""


@record(kw_only=True)
class Outcome:
    """The state in which a run leaves an occurrence, and why. ``pending``: it is run again, not before ``again_at``."""

    state: OccurrenceState
    code: OccurrenceCode | None = None
    detail: str = ""
    """A code that says more, such as that of the first problem with the content."""
    post_id: str | None = None
    again_at: datetime | None = None


def key_of(occurrence_id: str) -> str:
    """Return the idempotency key of the post of an occurrence."""
    return f"schedule-{occurrence_id}"


def target_of(post: Post) -> Target:
    """Return the target of a post for one account."""
    return post.targets[0]


def again_at(post: Post, now: datetime) -> datetime | None:
    """Return when a failed post is tried again, ``None`` if it is not: trying again would not help, or did not."""
    target = target_of(post)
    error = target.error
    if target.status != "failed" or error is None or error.error_class not in TRIED_AGAIN:
        return None
    if target.attempt >= MOST_ATTEMPTS and error.error_class is not ErrorClass.RATE_LIMIT:
        return None
    soon = now + min(ASK_AGAIN * (1 << min(target.attempt - 1, 10)), LONGEST_WAIT)
    return soon if error.retry_after is None else max(soon, error.retry_after)


def of_post(post: Post, now: datetime, in_order_until: datetime) -> Outcome:
    """Return the outcome of an occurrence whose post is as it is.

    Until it is known whether the platform has a post, the next one of its account waits, but not after ``in_order_until``.
    """
    target = target_of(post)
    match target.status:
        case "published":
            return Outcome(state="published", post_id=post.id)
        case "delivered_to_inbox":
            return Outcome(state="published", code="delivered_to_inbox", post_id=post.id)
        case "canceled":
            return Outcome(state="canceled", code="canceled", post_id=post.id)
        case "failed" if target.error and target.error.platform_code == INTERRUPTED.code:
            # Nothing was sent, and it is too late to do so.
            return Outcome(state="missed", code="overdue", post_id=post.id)
        case "failed":
            detail = target.error.error_class.value if target.error else ""
            return Outcome(state="failed", code="publish_failed", detail=detail, post_id=post.id)
        case "unknown" if target.next_check_at is None:
            return Outcome(state="unknown", code="outcome_unknown", post_id=post.id)
    at = max(target.next_check_at or now, now) + LOOK_AFTER
    if target.status == "processing" or now >= in_order_until:
        held = target.status == "processing" and target.publish_at is not None
        return Outcome(state="processing", code="held_by_platform" if held else None, post_id=post.id, again_at=at)
    return Outcome(state="pending", post_id=post.id, again_at=min(at, in_order_until))
