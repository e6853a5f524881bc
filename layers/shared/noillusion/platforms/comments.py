"""The first comment of a post, which is sent once the post is public."""

from __future__ import annotations

from collections.abc import Container

from noillusion.flows.draft import CommentState
from noillusion.flows.faults import OutcomeUnknown, PlatformError
from noillusion.flows.protocol import Call, Flow


def first_comment(call: Call, named: str = "", stored: Container[str] = ()) -> Flow[CommentState]:
    """Send a comment, a call with the effect ``FOLLOW_UP``, and return its state. The post stands whatever comes of it.

    ``named``: where a success has the comment's id, without which it is none: a page of a proxy can be one as well. ``stored``:
    codes of errors that come once the comment is there.
    """
    try:
        reply = yield call
    except PlatformError as error:
        if error.fault.code in stored:
            return "posted"
        lost = isinstance(error, OutcomeUnknown) or not error.fault.certain
        return "unknown" if lost else "failed"
    return "unknown" if named and not reply.get(named) else "posted"
