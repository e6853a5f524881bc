"""Images that are uploaded where nobody sees them, for posts and stories (platforms.md 1.3)."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from noillusion.flows.draft import MediaItem
from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, PlatformError
from noillusion.flows.protocol import Account, Call, Flow
from noillusion.platforms.calls import filled
from noillusion.platforms.facebook.facts import FETCH_TIMEOUT_S
from noillusion.platforms.meta.facts import GRAPH


def upload(image: MediaItem, account: Account, handle: str, *, held: bool = False) -> Call:
    """The call that uploads one image, by URL or as bytes. Its id is the handle. ``held``: it is for a post that is held."""
    fields = {"alt_text_custom": image.alt_text, "published": "false", "temporary": "true" if held else None}
    body: dict[str, Any]
    if image.url is not None:
        body = {"form": filled({"url": image.url, **fields})}
    else:
        body = {"multipart": filled({"source": image, **fields})}
    url, keep = f"{GRAPH}/{account.id}/photos", {handle: "id"}
    return Call("POST", url, Effect.PREPARE, keep=keep, timeout=FETCH_TIMEOUT_S, **body)


def discard(photos: Iterable[str]) -> Flow[None]:
    """Remove images whose post was refused for certain. One that cannot be removed stays where nobody sees it."""
    for photo in photos:
        with suppress(PlatformError):
            yield Call("DELETE", f"{GRAPH}/{photo}", Effect.PREPARE)


def post_of(photo: str | None) -> Flow[str | None]:
    """The post or story that an image is in, ``None`` if it is in none or does not tell."""
    if photo is None:
        return None
    try:
        reply = yield Call("GET", f"{GRAPH}/{photo}", query={"fields": "page_story_id"})
    except PlatformError as error:
        if error.fault.error_class not in (ErrorClass.NOT_FOUND, ErrorClass.INVALID_CONTENT):
            raise
        return None
    story = reply.get("page_story_id")
    return story if isinstance(story, str) and story else None
