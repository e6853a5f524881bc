"""Posts, videos and reels that Facebook holds until their time (platforms.md 1.3, "Held posts")."""

from __future__ import annotations

from collections.abc import Mapping

from noillusion.core.sensitive import Content
from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, Fault, PlatformError, UnexpectedShape
from noillusion.flows.protocol import HELD, Account, Call, Flow, Published, Reply
from noillusion.platforms.calls import filled
from noillusion.platforms.facebook import connect, posts, status, videos
from noillusion.platforms.facebook.facts import REEL, VIDEO
from noillusion.platforms.holding import REMOVED
from noillusion.platforms.meta.facts import GRAPH

OF_POST = "is_published,scheduled_publish_time,permalink_url"
OF_VIDEO = "status,permalink_url,post_id,scheduled_publish_time"


def look(handles: Mapping[str, str], account: Account) -> Flow[Published]:
    """Look at what Facebook holds: public by now, still held and until when, or gone, which is a certain refusal."""
    node, is_video = handles[HELD], _is_video(handles)
    try:
        reply: Reply = yield Call("GET", f"{GRAPH}/{node}", query={"fields": OF_VIDEO if is_video else OF_POST})
    except PlatformError as error:
        if error.fault.error_class is not ErrorClass.NOT_FOUND:
            raise
        yield from _proof_of_absence(node, account, error, is_video=is_video)
        raise PlatformError(Fault(ErrorClass.NOT_FOUND, REMOVED, certain=True), Effect.COMMIT) from None
    return _video(handles, reply, account) if is_video else _post(node, reply)


def change(handles: Mapping[str, str], text: Content | None, publish_at: int | None) -> Flow[None]:
    """Replace the text or the time of what Facebook holds. The rest of it cannot be changed."""
    fields = {"description" if _is_video(handles) else "message": text, "scheduled_publish_time": publish_at}
    yield from _told(handles, filled(fields))


def release(handles: Mapping[str, str]) -> Flow[None]:
    """Make public at once what Facebook holds."""
    yield from _told(handles, {"published" if _is_video(handles) else "is_published": "true"})


def _is_video(handles: Mapping[str, str]) -> bool:
    """Return whether the id is that of a video or reel. A video whose id was lost goes by that of its post."""
    return handles[HELD] in (handles.get(VIDEO), handles.get(REEL))


def _told(handles: Mapping[str, str], form: Mapping[str, object]) -> Flow[None]:
    reply = yield Call("POST", f"{GRAPH}/{handles[HELD]}", Effect.COMMIT, form=form)
    if reply.get("success") is not True:
        raise UnexpectedShape("success")


def _post(post_id: str, reply: Reply) -> Published:
    if reply.get("is_published") is True:
        return Published(post_id, post_id, posts.permalink(reply.get("permalink_url"), post_id))
    return posts.held(post_id, posts.publish_time(reply.get("scheduled_publish_time")))


def _video(handles: Mapping[str, str], reply: Reply, account: Account) -> Published:
    """A video or reel in its state. Of one whose processing failed nothing will ever be public."""
    video = handles[HELD]
    if status.is_public(reply):
        return videos.reel(video, reply) if REEL in handles else videos.post(video, reply, account)
    if fault := status.failure(reply):
        raise PlatformError(fault, Effect.COMMIT)
    return posts.held(video, posts.publish_time(reply.get("scheduled_publish_time")))


def _proof_of_absence(node: str, account: Account, refusal: PlatformError, *, is_video: bool) -> Flow[None]:
    """Raise the refusal again unless the account can be read otherwise: a missing permission looks like a missing post.

    A post would stand in the list of those that Facebook holds. Videos and reels need not.
    """
    if is_video:
        yield from connect.probe(account)
        return
    listed, complete = yield from posts.held_list(account, "id")
    if not complete or any(str(row.get("id")) == node for row in listed):
        raise refusal
