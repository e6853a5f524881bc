"""The first comment under a post (platforms.md 1.3)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from noillusion.core.sensitive import Content
from noillusion.flows.effects import Effect
from noillusion.flows.protocol import Call, Flow, Published
from noillusion.platforms.comments import first_comment
from noillusion.platforms.meta.facts import GRAPH

STORED: Final = frozenset({"20/1772107"})
"""The code of a comment that is there and cannot be read (platforms.md 1.5)."""


def added(post: Published, text: Content | None) -> Flow[Published]:
    """The post with the state of its first comment, which is sent once. The post stands whatever comes of it."""
    if not text:
        return post
    # Without ``fields``: asking for some can turn a comment that was stored into an error.
    url = f"{GRAPH}/{post.post_id or post.accepted_id}/comments"
    call = Call("POST", url, Effect.FOLLOW_UP, form={"message": text})
    return replace(post, first_comment=(yield from first_comment(call, "id", STORED)))
