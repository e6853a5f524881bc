"""Photo and video stories on Facebook Pages (platforms.md 1.3).

A story has no text, so it can be finished from what was kept, and its photo or video tells whether it was.
"""

from __future__ import annotations

from collections.abc import Mapping

from noillusion.flows.draft import Draft, MediaItem
from noillusion.flows.faults import OutcomeUnknown, PlatformError, UnexpectedShape
from noillusion.flows.protocol import Absent, Account, Call, Flow, Lookup, Published, Reading, Reply, Unreadable
from noillusion.platforms.checks import granted
from noillusion.platforms.facebook import photos, posts, status, uploads
from noillusion.platforms.facebook.facts import FORMS, LABELED_STORY, PAGES_OF_POSTS, READ_SCOPE, STORY_PHOTO, STORY_VIDEO
from noillusion.platforms.facebook.options import FacebookOptions
from noillusion.platforms.meta.facts import GRAPH, WWW
from noillusion.platforms.meta.lists import PAGE_SIZE, paged
from noillusion.platforms.reading import Row


def publish(draft: Draft, account: Account) -> Flow[Published]:
    """Upload the photo or video unseen, then make a story of it."""
    item = draft.media[0]
    if item.kind == "image":
        return (yield from _photo(item, account))
    handle = LABELED_STORY if FacebookOptions.of(draft).is_ai_generated else STORY_VIDEO
    video = yield from uploads.whole(item, account, "video_stories", handle)
    return (yield from _finish(video, account, labeled=handle == LABELED_STORY))


def resume(handles: Mapping[str, str], account: Account) -> Flow[Published]:
    """Go on from an uploaded photo or video, or from the story that Facebook accepted. The handle's name tells of the label."""
    accepted, photo = handles.get("accepted_id"), handles.get(STORY_PHOTO)
    video = _video_of(handles)
    if accepted is not None:
        return (yield from (_story(accepted, account) if video is None else _settle(video, accepted, account)))
    if photo is not None:
        return (yield from _use(photo, account))
    if video is None:
        raise UnexpectedShape("handles")
    return (yield from _finish(video, account, labeled=LABELED_STORY in handles))


def find(lookup: Lookup, account: Account) -> Flow[Reading]:
    """Ask a photo for its story, else the Page's stories, which name their photos and videos."""
    photo, video = lookup.handles.get(STORY_PHOTO), _video_of(lookup.handles)
    told = yield from photos.post_of(photo)
    if told:
        return (yield from _story(told, account))
    if not granted(account, READ_SCOPE):
        return Unreadable("scope_missing")
    rows, complete = yield from _listed(lookup, account)
    mine = next((row for row in rows if str(row.get("media_id")) in (photo, video)), None)
    if mine is not None:
        post_id = str(mine["post_id"])
        return Published(post_id, post_id, _link(mine.get("url"), post_id, account))
    if video is None:
        return Absent(final=complete)
    return status.judged((yield from status.seen(video)), lambda reply: _of_video(video, reply, account))


def _video_of(handles: Mapping[str, str]) -> str | None:
    return handles.get(STORY_VIDEO) or handles.get(LABELED_STORY)


def _photo(item: MediaItem, account: Account) -> Flow[Published]:
    uploaded = yield photos.upload(item, account, STORY_PHOTO)
    photo = str(uploaded["id"])
    try:
        return (yield from _use(photo, account))
    except OutcomeUnknown:
        raise
    except PlatformError:
        yield from photos.discard([photo])
        raise


def _use(photo: str, account: Account) -> Flow[Published]:
    reply = yield posts.commit(account, "photo_stories", {"photo_id": photo}, keep={"accepted_id": "post_id"})
    return (yield from _story(str(reply["post_id"]), account))


def _finish(video: str, account: Account, *, labeled: bool) -> Flow[Published]:
    """Finish a video story, which Facebook refuses before it has all of the video (platforms.md 1.3)."""
    yield status.until_uploaded(video)
    fields = {"upload_phase": "finish", "video_id": video, "is_ai_generated": "true" if labeled else None}
    reply = yield posts.commit(account, "video_stories", fields, keep={"accepted_id": "post_id"})
    return (yield from _settle(video, str(reply["post_id"]), account))


def _settle(video: str, post_id: str, account: Account) -> Flow[Published]:
    yield from status.settled(video)
    return (yield from _story(post_id, account))


def _of_video(video: str, reply: Reply, account: Account) -> Published:
    post_id = FORMS.post_id(reply.get("post_id")) or video
    return Published(post_id, post_id, _link(None, post_id, account))


def _story(post_id: str, account: Account) -> Flow[Published]:
    """The accepted story with its link, which is decoration and stands in the list alone."""
    try:
        reply = yield Call("GET", f"{GRAPH}/{account.id}/stories", query={"limit": PAGE_SIZE})
        listed = reply.get("data")
    except PlatformError:
        listed = None
    rows = listed if isinstance(listed, list) else []
    url = next((row.get("url") for row in rows if isinstance(row, dict) and str(row.get("post_id")) == post_id), None)
    return Published(post_id, post_id, _link(url, post_id, account))


def _link(given: object, post_id: str, account: Account) -> str:
    return FORMS.permalink(given) or f"{WWW}/stories/{account.id}/{post_id}"


def _listed(lookup: Lookup, account: Account) -> Flow[tuple[list[Row], bool]]:
    query = {"since": int(lookup.since), "limit": PAGE_SIZE}
    listed, complete = yield from paged(Call("GET", f"{GRAPH}/{account.id}/stories", query=query), PAGES_OF_POSTS)
    named = [row for row in listed if row.get("post_id") and row.get("media_id")]
    # A story that does not name its media could be ours.
    return named, complete and len(named) == len(listed)
