"""States of targets and the post status that follows from them (failure-classes.md F9)."""

from __future__ import annotations

from collections.abc import Iterable

from noillusion.platforms.flow import ErrorClass
from noillusion.publishing.models import PostStatus

OPEN = frozenset({"pending", "preparing", "committing", "processing"})
SUCCESS = frozenset({"published", "delivered_to_inbox"})
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
MESSAGES = {
    ErrorClass.REAUTH: "The connection does not work any more. Connect the account again, then retry.",
    ErrorClass.PERMISSION: "A permission is missing. Connect the account again and grant it, then retry.",
    ErrorClass.RATE_LIMIT: "The platform's limit is used up for now. Retry later.",
    ErrorClass.BLOCKED_BY_POLICY: "The platform blocked this. Look for a message in the platform's own app.",
    ErrorClass.DUPLICATE: "The platform says that the same post exists already.",
    ErrorClass.INVALID_CONTENT: "The platform does not accept this content. Change it, then retry.",
    ErrorClass.MEDIA_FETCH: "A medium could not be fetched from its address. Make it publicly reachable, then retry.",
    ErrorClass.MEDIA_PROCESSING: "The platform could not process a medium. Retry, or use another file.",
    ErrorClass.NOT_READY: "The platform was not ready in time. Retry.",
    ErrorClass.NOT_FOUND: "The platform does not know the account or object any more.",
    ErrorClass.TRANSIENT: "The platform did not answer properly. Nothing was published. Retry.",
    ErrorClass.OPERATOR: "The operator's registration at the platform does not allow this.",
    ErrorClass.UNKNOWN: "The platform refused for a reason that is not documented.",
}
UNKNOWN_MESSAGE = "No trustworthy answer came. It is being found out by reading back whether the post exists."
UNKNOWN_FINAL_MESSAGE = "Whether the post exists could not be found out. Look at the account before you publish again."


def derive(statuses: Iterable[str]) -> PostStatus:
    """The status of a post from those of its current targets."""
    found = set(statuses)
    if found & OPEN:
        return "processing"
    if found & SUCCESS:
        return "published" if found <= SUCCESS else "partially_published"
    by_weight: tuple[PostStatus, ...] = ("unknown", "failed", "missed", "scheduled")
    return next((status for status in by_weight if status in found), "canceled")
