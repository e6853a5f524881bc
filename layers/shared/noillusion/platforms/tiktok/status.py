"""The status of a post that TikTok accepted, and its links (platforms.md 4.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, Fault, OutcomeUnknown, PlatformError
from noillusion.flows.protocol import Flow, Published, Reply, Until
from noillusion.platforms.reading import unlisted
from noillusion.platforms.tiktok import calls, errors
from noillusion.platforms.tiktok.facts import DAY, FORMS, STATUS_EVERY, STATUSES


def settle(publish_id: str, username: str) -> Flow[Published]:
    """Wait until TikTok has published, delivered or refused what it accepted; up to a day (failure-classes.md B5, F7)."""
    try:
        reply = yield Until(
            calls.status(publish_id),
            done=lambda reply: outcome(reply, publish_id, username) is not None,
            failed=lambda _: None,
            odd=odd,
            every=STATUS_EVERY,
            at_most=DAY,
            tolerate=frozenset({ErrorClass.NOT_READY, ErrorClass.RATE_LIMIT, ErrorClass.TRANSIENT}),
        )
    except PlatformError as error:
        # Only the question was refused. TikTok goes on with the post, so this is no failure of the post.
        raise OutcomeUnknown(error.fault, Effect.COMMIT) from None
    settled = outcome(reply, publish_id, username)
    if isinstance(settled, Published):
        return settled
    raise PlatformError(settled or Fault(ErrorClass.UNKNOWN, "status"), Effect.COMMIT)


def outcome(reply: Reply, publish_id: str, username: str) -> Published | Fault | None:
    """Return the outcome in a status reply; ``None`` while it is open, and for an unknown status (platforms.md 4.3)."""
    match reply.get("data.status"):
        case "SEND_TO_USER_INBOX":
            return Published(publish_id, state="delivered_to_inbox")
        case "PUBLISH_COMPLETE":
            # Private posts never get a public id; for others it can come hours later. The spelling is TikTok's.
            post_id = FORMS.post_id(reply.get("data.publicaly_available_post_id.0"))
            return Published(publish_id, post_id, permalink(username, post_id, publish_id))
        case "FAILED":
            code = str(reply.get("data.fail_reason", ""))
            return errors.failure(code)
    return None


def odd(reply: Reply) -> str | None:
    """Return a reason that stands beside another status than ``FAILED``, which TikTok does not document, or an unknown status.

    Such a reason ends no wait: TikTok may still publish the post, and it would then have failed here.
    """
    status, reason = reply.get("data.status"), reply.get("data.fail_reason")
    return errors.failure(str(reason)).code if reason and status in STATUSES else unlisted(status, STATUSES)


def permalink(username: str, post_id: str | None, publish_id: str) -> str | None:
    """The link to a post, ``None`` where its id or its author's user name is not known."""
    if not (FORMS.named(username) and post_id):
        return None
    kind = "photo" if publish_id.startswith("p_") else "video"
    return f"https://www.tiktok.com/@{username}/{kind}/{post_id}"


def share_link(video: Mapping[str, Any]) -> str | None:
    """The link that TikTok gives with a video."""
    # Its query only tells TikTok where the visitor came from.
    return str(video.get("share_url") or "").partition("?")[0] or None
