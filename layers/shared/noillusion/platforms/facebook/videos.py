"""Videos and reels on Facebook Pages (platforms.md 1.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from noillusion.flows.draft import Draft
from noillusion.flows.protocol import Account, Flow, Lookup, Published, Reading, Reply
from noillusion.platforms.facebook import connect, posts, status, uploads
from noillusion.platforms.facebook.facts import FORMS, REEL, VIDEO
from noillusion.platforms.facebook.options import FacebookOptions


def publish(draft: Draft, account: Account) -> Flow[Published]:
    """A video by URL in one call, whose answer names it; bytes in phases, of which the last one publishes."""
    item = draft.media[0]
    if item.url is not None:
        yield from connect.probe(account)
        fields = {"file_url": item.url, **_said(draft)}
        keep = dict.fromkeys((*posts.ids(draft), VIDEO), "id")
        reply = yield posts.commit(account, "videos", fields, keep=keep, file=item.thumbnail)
        video = str(reply["id"])
    else:
        video, session = yield from uploads.in_phases(item, account)
        fields = {"upload_phase": "finish", "upload_session_id": session, **_said(draft)}
        keep, known = _confirmed(draft, video)
        yield posts.commit(account, "videos", fields, keep=keep, known=known, file=item.thumbnail)
    if draft.publish_at is not None:
        return posts.held(video, draft.publish_at)
    return (yield from settle(video, account))


def publish_reel(draft: Draft, account: Account) -> Flow[Published]:
    """Start, upload, finish. Its description is sent with the finish and kept nowhere, so there is no wait before that."""
    video = yield from uploads.whole(draft.media[0], account, "video_reels", REEL)
    fields = {"upload_phase": "finish", "video_id": video, **_decided(draft), **_described(draft)}
    keep, known = _confirmed(draft, video)
    yield posts.commit(account, "video_reels", fields, keep=keep, known=known)
    if draft.publish_at is not None:
        return posts.held(video, draft.publish_at)
    return (yield from settle_reel(video, account))


def settle(video: str, account: Account) -> Flow[Published]:
    """The post of a video that Facebook accepted, once it is public."""
    return post(video, (yield from status.settled(video)), account)


def settle_reel(video: str, _: Account) -> Flow[Published]:
    """A reel that Facebook accepted, once it is public. It goes by its video's id."""
    return reel(video, (yield from status.settled(video)))


def find(lookup: Lookup, account: Account) -> Flow[Reading]:
    """Ask a video for its state. Of one by URL the id was in the answer that is lost: its post is looked for in the list."""
    video = lookup.handles[VIDEO]
    return status.judged((yield from status.seen(video)), lambda reply: post(video, reply, account))


def find_reel(lookup: Lookup, _: Account) -> Flow[Reading]:
    """Ask a reel for its state: its id is known from the start (platforms.md 1.3, "Reconcile")."""
    video = lookup.handles[REEL]
    return status.judged((yield from status.seen(video)), lambda reply: reel(video, reply))


def _said(draft: Draft) -> Mapping[str, Any]:
    """Return the fields that describe a video, and its time if Facebook is to hold it."""
    return {**_described(draft), **posts.scheduled(draft)}


def _described(draft: Draft) -> Mapping[str, Any]:
    """Return the fields that describe a video or reel."""
    label = "true" if FacebookOptions.of(draft).is_ai_generated else None
    return {"description": draft.text, "title": draft.media[0].title, "is_ai_generated": label}


def _decided(draft: Draft) -> Mapping[str, Any]:
    """Return the state of a reel: public at once, or at its time."""
    if draft.publish_at is None:
        return {"video_state": "PUBLISHED"}
    return {"video_state": "SCHEDULED", "scheduled_publish_time": draft.publish_at}


def _confirmed(draft: Draft, video: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the handles that a success confirms, and their values."""
    return dict.fromkeys(posts.ids(draft), "success"), dict.fromkeys(posts.ids(draft), video)


def post(video: str, reply: Reply, account: Account) -> Published:
    """A public video: its post has a number of its own, by which the Page's posts list it."""
    number = str(reply.get("post_id") or "")
    post = FORMS.post_id(number if "_" in number else f"{account.id}_{number}") or video
    return Published(video, post, posts.permalink(reply.get("permalink_url"), post))


def reel(video: str, reply: Reply) -> Published:
    return Published(video, video, posts.permalink(reply.get("permalink_url") or f"/reel/{video}/", video))
