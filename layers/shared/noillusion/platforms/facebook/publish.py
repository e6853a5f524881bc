"""Publishing on Facebook Pages, reading back, and removing (platforms.md 1.3)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from noillusion.flows.draft import Draft, Kind, MediaItem
from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, OutcomeUnknown, PlatformError, UnexpectedShape
from noillusion.flows.protocol import Account, Call, Flow, ListedPost, Listing, Lookup, Published, Reading, Reply, Unreadable
from noillusion.platforms import reading
from noillusion.platforms.calls import filled
from noillusion.platforms.checks import granted
from noillusion.platforms.facebook import connect
from noillusion.platforms.facebook.facts import (
    FETCH_TIMEOUT_S,
    FORMS,
    GRAPH,
    LISTED_FIELDS,
    PAGES_OF_POSTS,
    READ_SCOPE,
    UPLOADED,
    WWW,
)
from noillusion.platforms.meta.lists import PAGE_SIZE, paged
from noillusion.platforms.reading import Row


def publish(draft: Draft, account: Account) -> Flow[Published]:
    """Prepare what there is to prepare, then one call makes the post public (platforms.md 1.3).

    An image is uploaded unpublished first: its id is the handle by which the post is recognized if the answer is lost. The
    upload, or else a read, turns an outage or a dead token into a clean failure.
    """
    photo = yield from (_upload(draft.media[0], account) if draft.media else connect.probe(account))
    try:
        reply = yield _feed(draft, account, photo)
    except OutcomeUnknown:
        raise
    except PlatformError:
        yield from _discard(photo)
        raise
    return (yield from _published(str(reply["id"])))


def resume(handles: Mapping[str, str]) -> Flow[Published]:
    """Only an accepted post can be gone on with: a photo alone is no post, and its text is not kept."""
    if "accepted_id" not in handles:
        raise UnexpectedShape("handles")
    return (yield from _published(handles["accepted_id"]))


def find(lookup: Lookup, account: Account) -> Flow[Reading]:
    """Ask the photo for its post, else list the Page's posts since the commit (platforms.md 1.3, "Reconcile")."""
    known = lookup.handles.get("accepted_id") or (yield from _post_of(lookup.handles.get("photo_id")))
    if known:
        return (yield from _published(known))
    if not granted(account, READ_SCOPE):
        return Unreadable("scope_missing")
    query = {"fields": LISTED_FIELDS, "since": int(lookup.since), "limit": PAGE_SIZE}
    call = Call("GET", f"{GRAPH}/{account.id}/published_posts", query=query)
    listed, complete = yield from paged(call, PAGES_OF_POSTS)
    return Listing(tuple(_listed(row) for row in listed if row.get("id")), complete)


def delete(post_id: str) -> Flow[None]:
    """Remove a post. One that is gone already counts as removed (platforms.md 1.3)."""
    try:
        yield Call("DELETE", f"{GRAPH}/{post_id}", Effect.COMMIT)
    except PlatformError as error:
        if error.fault.error_class is not ErrorClass.NOT_FOUND:
            raise


def _upload(image: MediaItem, account: Account) -> Flow[str]:
    """Upload an image that nobody sees yet; its id."""
    reply = yield _photo(image, account)
    return str(reply["id"])


def _published(post_id: str) -> Flow[Published]:
    """The accepted post with its link, which is decoration: without an answer it is built (platforms.md 1.3)."""
    try:
        reply = yield Call("GET", f"{GRAPH}/{post_id}", query={"fields": "permalink_url"})
        given = reply.get("permalink_url")
    except PlatformError:
        given = None
    return Published(post_id, post_id, permalink(given, post_id))


def _feed(draft: Draft, account: Account, photo: str | None) -> Call:
    """The call that makes a text, a link or an uploaded image public (platforms.md 1.3)."""
    form = {
        "message": draft.text,
        "link": draft.link.url if draft.link else None,
        "attached_media": json.dumps([{"media_fbid": photo}]) if photo else None,
    }
    url, keep = f"{GRAPH}/{account.id}/feed", {"accepted_id": "id"}
    return Call("POST", url, Effect.COMMIT, form=filled(form), keep=keep, timeout=FETCH_TIMEOUT_S)


def _photo(image: MediaItem, account: Account) -> Call:
    """One image, by URL or as bytes, that nobody sees yet (platforms.md 1.3)."""
    fields = {"alt_text_custom": image.alt_text, "published": "false"}
    body: dict[str, Any]
    if image.url is not None:
        body = {"form": filled({"url": image.url, **fields})}
    else:
        body = {"multipart": filled({"source": image, **fields})}
    url, keep = f"{GRAPH}/{account.id}/photos", {"photo_id": "id"}
    return Call("POST", url, Effect.PREPARE, keep=keep, timeout=FETCH_TIMEOUT_S, **body)


def _discard(photo: str | None) -> Flow[None]:
    """Remove a photo whose post was refused for certain. If that fails, it stays where nobody sees it."""
    if photo:
        with suppress(PlatformError):
            yield Call("DELETE", f"{GRAPH}/{photo}", Effect.PREPARE)


def _post_of(photo: str | None) -> Flow[str | None]:
    """The post that a photo is in, ``None`` if it is in none or does not tell."""
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


def permalink(given: Any, post_id: str) -> str:
    """An absolute permalink: the given one may be a path, and a post's id always makes one."""
    path = given if isinstance(given, str) and given.startswith("/") else f"/{post_id}"
    return FORMS.permalink(given) or FORMS.permalink(f"{WWW}{path}") or f"{WWW}/{post_id}"


def _listed(post: Row) -> ListedPost:
    post_id, attached = str(post["id"]), Reply(200, data=post).get("attachments.data")
    attachments = [Reply(200, data=one) for one in attached] if isinstance(attached, list) else []
    photos = (one.get("target.id") for one in attachments if one.get("media_type") == "photo")
    return ListedPost(
        post_id,
        str(post.get("message") or ""),
        reading.moment(post.get("created_time")),
        permalink(post.get("permalink_url"), post_id),
        _kinds(str(post.get("status_type")), {str(one.get("media_type")) for one in attachments}),
        frozenset(photo for photo in photos if isinstance(photo, str)),
    )


def _kinds(status_type: str, media_types: set[str]) -> frozenset[Kind]:
    """The kinds that a listed post can be. A text or a link can show a card with an image or a video of the page it leads to."""
    if status_type in UPLOADED:
        return UPLOADED[status_type]
    return frozenset({"text", "link", "video"}) if media_types and not media_types & {"photo", "album"} else frozenset()
