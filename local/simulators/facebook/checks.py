"""Checks of a new post's text, link and time (platforms.md 1.3)."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from local.simulators import media
from local.simulators.facebook.state import Post
from local.simulators.meta.errors import GraphError, invalid
from local.simulators.meta.fields import moment
from local.simulators.meta.figures import DAY
from local.simulators.meta.graph import Call

MESSAGE_LENGTH: Final = 63_206
SCHEDULE_FROM_S: Final = 600.0
SCHEDULE_UNTIL_S: Final = {"feed": 30 * DAY, "videos": 183 * DAY, "video_reels": 29 * DAY}


def check_message(message: str) -> None:
    """Refuse a message beyond the limit."""
    if len(message) > MESSAGE_LENGTH:
        raise invalid(f"The message is longer than {MESSAGE_LENGTH} characters.")


def timing(call: Call, endpoint: str, now: float) -> tuple[float | None, bool]:
    """When the post becomes public (``None``: never automatically) and whether it is scheduled."""
    published, kind = call.flag("published", True), call.params.get("unpublished_content_type")
    given = call.params.get("scheduled_publish_time")
    if kind not in (None, "SCHEDULED", "DRAFT", "ADS_POST", "PUBLISHED"):
        raise invalid("param unpublished_content_type must be one of SCHEDULED, DRAFT, ADS_POST.")
    if published:
        if given or kind not in (None, "PUBLISHED"):
            raise invalid("A published post cannot have a scheduled publish time or an unpublished content type.")
        return now, False
    if given is None:
        if kind == "SCHEDULED":
            raise invalid("The parameter scheduled_publish_time is required.")
        return None, False
    return schedule(given, endpoint, now), True


def schedule(given: str, endpoint: str, now: float) -> float:
    """Return a scheduled time within the limits of an endpoint."""
    at = moment(given, "scheduled_publish_time", 0)
    ahead = at - now
    if not SCHEDULE_FROM_S <= ahead <= SCHEDULE_UNTIL_S[endpoint]:
        days = int(SCHEDULE_UNTIL_S[endpoint] / DAY)
        raise invalid(f"The scheduled publish time must be between 10 minutes and {days} days from now.")
    return at


def replan(call: Call, post: Post, endpoint: str, now: float, *, published: bool) -> None:
    """Give a scheduled post another time, or make a post public that is not."""
    live, given = post.live_at is not None and post.live_at <= now, call.params.get("scheduled_publish_time")
    if given is not None:
        if live or not post.scheduled:
            raise invalid("The scheduled publish time of a post that is not scheduled cannot be changed.")
        if published:
            raise invalid("A published post cannot have a scheduled publish time.")
        post.live_at = schedule(given, endpoint, now)
    if published and not live:
        post.live_at, post.scheduled = now, False


def check_link(link: str) -> None:
    """Refuse links that cannot be posted."""
    parts = urlsplit(link)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host:
        raise invalid("The URL is not valid", 2061006)
    if host == "facebook.com" or host.endswith(".facebook.com"):
        raise invalid("Links to facebook.com cannot be posted", 1609008)
    if "unscrapable" in parts.path and (media.is_loopback(host) or media.is_reserved(host)):
        raise GraphError(1609005, "(#1609005) The link could not be scraped")
