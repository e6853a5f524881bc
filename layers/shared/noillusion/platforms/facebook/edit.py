"""Changing a published post on Facebook Pages, and reading its link again (platforms.md 1.3)."""

from __future__ import annotations

from noillusion.core.sensitive import Content
from noillusion.flows.effects import Effect
from noillusion.flows.faults import UnexpectedShape
from noillusion.flows.measures import PostRef
from noillusion.flows.protocol import Call, Flow, Published
from noillusion.platforms.facebook.posts import permalink
from noillusion.platforms.meta.facts import GRAPH


def edit(post_id: str, text: Content) -> Flow[None]:
    """Replace the message. Facebook allows it for posts of the same app only."""
    reply = yield Call("POST", f"{GRAPH}/{post_id}", Effect.COMMIT, form={"message": text})
    if reply.get("success") is not True:
        raise UnexpectedShape("success")


def locate(post: PostRef) -> Flow[Published]:
    """Read the link of a post whose id is known."""
    accepted = post.handles.get("accepted_id", post.post_id)
    if not post.post_id:
        yield from ()
        return Published(accepted)
    reply = yield Call("GET", f"{GRAPH}/{post.post_id}", query={"fields": "permalink_url"})
    return Published(accepted, post.post_id, permalink(reply["permalink_url"], post.post_id))
