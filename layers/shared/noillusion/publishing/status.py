"""States of targets and the post status that follows from them (failure-classes.md F9)."""

from __future__ import annotations

from collections.abc import Iterable

from noillusion.flows.faults import ErrorClass
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
UNKNOWN_MESSAGE = "The platform's answer was lost. We are checking whether the post went out; do not publish it again meanwhile."
UNKNOWN_FINAL_MESSAGE = "We could not find out whether the post went out. Look at the account before you publish it again."
SEEN = {
    "several_posts": "The account shows several posts that could be it.",
    "several_commits": "Another post with the same text was sent at about the same time, and the account shows only one of them.",
    "nothing_to_compare": "The account shows a post that could be it, and there is no text to tell.",
    "time_does_not_fit": "The account shows a post with this text, made at another time.",
    "held_by_another": "The platform named a post that is recorded already.",
}
"""Why an outcome stayed unknown → what was seen, in words. Other codes are the platform's and say nothing about the account."""


def unknown_message(code: str | None, *, final: bool) -> str:
    """What to tell about an unknown outcome."""
    if not final:
        return UNKNOWN_MESSAGE
    return f"{SEEN[code]} {UNKNOWN_FINAL_MESSAGE}" if code in SEEN else UNKNOWN_FINAL_MESSAGE


def derive(statuses: Iterable[str]) -> PostStatus:
    """The status of a post from those of its current targets."""
    found = set(statuses)
    if found & OPEN:
        return "processing"
    if found & SUCCESS:
        return "published" if found <= SUCCESS else "partially_published"
    by_weight: tuple[PostStatus, ...] = ("unknown", "failed", "missed", "scheduled")
    return next((status for status in by_weight if status in found), "canceled")
