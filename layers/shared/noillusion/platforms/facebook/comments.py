"""The first comment under a post (platforms.md 1.3)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from noillusion.core.sensitive import Content
from noillusion.flows.draft import CommentState
from noillusion.flows.effects import Effect
from noillusion.flows.faults import PlatformError
from noillusion.flows.protocol import Call, Flow, Published
from noillusion.platforms.facebook.facts import GRAPH

STORED: Final = "20/1772107"
"""The code of a comment that is there and cannot be read (platforms.md 1.5)."""


def added(post: Published, text: Content | None) -> Flow[Published]:
    """The post with the state of its first comment, which is sent once. The post stands whatever comes of it."""
    if not text:
        return post
    return replace(post, first_comment=(yield from _add(post.post_id or post.accepted_id, text)))


def _add(post_id: str, text: Content) -> Flow[CommentState]:
    try:
        # Without ``fields``: asking for some can turn a comment that was stored into an error.
        reply = yield Call("POST", f"{GRAPH}/{post_id}/comments", Effect.FOLLOW_UP, form={"message": text})
    except PlatformError as error:
        if error.fault.code == STORED:
            return "posted"
        return "failed" if error.fault.certain else "unknown"
    return "posted" if reply.get("id") else "unknown"
