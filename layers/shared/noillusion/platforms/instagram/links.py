"""Reading the link of a published post on Instagram again (platforms.md 2.3)."""

from __future__ import annotations

from noillusion.flows.measures import PostRef
from noillusion.flows.protocol import Account, Call, Flow, Published
from noillusion.platforms.instagram.paths import path_of


def locate(post: PostRef, account: Account) -> Flow[Published]:
    """Read the link of a post, which only Instagram itself knows."""
    if not post.post_id:
        # Published, and its id was never told: a container does not lead to its post.
        yield from ()
        return Published(post.handles["accepted_id"])
    reply = yield Call("GET", f"{path_of(account).graph}/{post.post_id}", query={"fields": "permalink"})
    return Published(post.handles.get("accepted_id", post.post_id), post.post_id, reply["permalink"])
