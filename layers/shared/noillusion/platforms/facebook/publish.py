"""Publishing on Facebook Pages, going on, reading back, and removing (platforms.md 1.3). Each kind of post has its own room."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from noillusion.flows.draft import Draft, Kind
from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, OutcomeUnknown, PlatformError, UnexpectedShape
from noillusion.flows.protocol import HELD, Account, Call, Flow, Lookup, Published, Reading, Reply
from noillusion.platforms.facebook import comments, connect, holding, photos, posts, stories, videos
from noillusion.platforms.facebook.facts import (
    LABELED_STORY,
    PHOTO,
    PHOTO_HANDLES,
    REEL,
    STORY_PHOTO,
    STORY_VIDEO,
    UPLOADS_AT_ONCE,
    VIDEO,
)
from noillusion.platforms.meta.facts import GRAPH

STORY_HANDLES: Final = frozenset({STORY_PHOTO, STORY_VIDEO, LABELED_STORY})
Room: TypeAlias = "Callable[[Draft, Account], Flow[Published]]"


def publish(draft: Draft, account: Account) -> Flow[Published]:
    """Prepare what there is to prepare, then one call makes the post public (platforms.md 1.3). The comment comes last.

    A post with a time is handed over with that call, and Facebook makes it public.
    """
    result = yield from ROOMS.get(draft.kind, _feed)(draft, account)
    return (yield from comments.added(result, draft.first_comment))


def resume(handles: Mapping[str, str], account: Account) -> Flow[Published]:
    """Go on from what Facebook accepted, and with a story also before that.

    Any other image or video is no post by itself, and its text is not kept.
    """
    if not handles.keys().isdisjoint(STORY_HANDLES):
        return (yield from stories.resume(handles, account))
    if HELD in handles:
        return (yield from holding.look(handles, account))
    if "accepted_id" not in handles:
        raise UnexpectedShape("handles")
    for handle, settle in ((VIDEO, videos.settle), (REEL, videos.settle_reel)):
        if handle in handles:
            return (yield from settle(handles[handle], account))
    return (yield from posts.published(handles["accepted_id"]))


def find(lookup: Lookup, account: Account) -> Flow[Reading]:
    """Ask what was prepared for its post, else list the Page's posts since the commit (platforms.md 1.3, "Reconcile")."""
    if not lookup.handles.keys().isdisjoint(STORY_HANDLES):
        return (yield from stories.find(lookup, account))
    if REEL in lookup.handles:
        return (yield from videos.find_reel(lookup, account))
    if VIDEO in lookup.handles:
        return (yield from videos.find(lookup, account))
    known = lookup.handles.get("accepted_id") or (yield from photos.post_of(lookup.handles.get(PHOTO)))
    if known and lookup.publish_at is not None:
        return (yield from holding.look({HELD: known}, account))
    if known:
        return (yield from posts.published(known))
    return (yield from posts.listing(lookup, account))


def delete(post_id: str) -> Flow[None]:
    """Remove a post. One that is gone already counts as removed (platforms.md 1.3)."""
    try:
        yield Call("DELETE", f"{GRAPH}/{post_id}", Effect.COMMIT)
    except PlatformError as error:
        if error.fault.error_class is not ErrorClass.NOT_FOUND:
            raise


def _feed(draft: Draft, account: Account) -> Flow[Published]:
    """A text, a link, or images, which are uploaded unpublished first: by their ids the post is recognized if the answer is lost.

    The upload, or else a read, turns an outage or a dead token into a clean failure.
    """
    uploaded = yield from (_uploaded(draft, account) if draft.media else _nothing(account))
    try:
        reply = yield _commit(draft, account, uploaded)
    except OutcomeUnknown:
        raise
    except PlatformError:
        yield from photos.discard(uploaded)
        raise
    if draft.publish_at is not None:
        return posts.held(str(reply["id"]), draft.publish_at)
    return (yield from posts.published(str(reply["id"])))


def _uploaded(draft: Draft, account: Account) -> Flow[list[str]]:
    """Upload the images of a draft; their ids in its order."""
    held = draft.publish_at is not None
    calls = [photos.upload(item, account, handle, held=held) for item, handle in zip(draft.media, PHOTO_HANDLES, strict=False)]
    replies: list[Reply] = [(yield calls[0])] if len(calls) == 1 else []
    for at in range(len(replies), len(calls), UPLOADS_AT_ONCE):
        replies += yield calls[at : at + UPLOADS_AT_ONCE]
    return [str(reply["id"]) for reply in replies]


def _nothing(account: Account) -> Flow[list[str]]:
    yield from connect.probe(account)
    return []


def _commit(draft: Draft, account: Account, uploaded: list[str]) -> Call:
    """The call that makes a text, a link or uploaded images public, now or at their time (platforms.md 1.3)."""
    fields = {
        **posts.scheduled(draft),
        "message": draft.text,
        "link": draft.link.url if draft.link else None,
        "attached_media": json.dumps([{"media_fbid": photo} for photo in uploaded]) if uploaded else None,
    }
    return posts.commit(account, "feed", fields, keep=dict.fromkeys(posts.ids(draft), "id"))


ROOMS: Final[Mapping[Kind, Room]] = {"video": videos.publish, "reel": videos.publish_reel, "story": stories.publish}
"""Kinds that are made otherwise than on the Page's feed."""
