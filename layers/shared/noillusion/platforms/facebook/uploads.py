"""Bytes of videos on their way to Facebook; nothing of them is public (platforms.md 1.3)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from noillusion.flows.draft import MediaItem
from noillusion.flows.effects import Effect
from noillusion.flows.faults import UnexpectedShape
from noillusion.flows.protocol import Account, Call, Flow, Reply
from noillusion.platforms.calls import filled
from noillusion.platforms.facebook.facts import CHUNK_BYTES, FETCH_TIMEOUT_S, UPLOADS, VIDEO
from noillusion.platforms.meta.facts import GRAPH
from noillusion.platforms.meta.uploads import TIMEOUT_S, begun_again, send
from noillusion.platforms.reading import number


def whole(item: MediaItem, account: Account, edge: str, handle: str) -> Flow[str]:
    """Upload a reel or a video story, by URL or as bytes; the video's id, which is the handle."""

    def once() -> Flow[str]:
        started = yield _start(account, edge, {}, {handle: "video_id"})
        video = str(started["video_id"])
        yield send(f"{UPLOADS}/{video}", item)
        return video

    return begun_again(once)


def in_phases(item: MediaItem, account: Account) -> Flow[tuple[str, str]]:
    """Upload a video of the request part by part; the ids of the video and of the session that finishes it."""

    def once() -> Flow[tuple[str, str]]:
        data = item.data or b""
        started = yield _start(account, "videos", {"file_size": len(data)}, {VIDEO: "video_id"})
        session = str(started["upload_session_id"])
        first, end = _wanted(started)
        while first < end:
            part = replace(item, data=data[first : min(end, first + CHUNK_BYTES)])
            reply = yield _transfer(account, session, first, part)
            following, end = _wanted(reply)
            if following <= first:
                raise UnexpectedShape("start_offset")
            first = following
        return str(started["video_id"]), session

    return begun_again(once)


def _start(account: Account, edge: str, fields: dict[str, Any], keep: dict[str, str]) -> Call:
    form = {"upload_phase": "start", **fields}
    return Call("POST", f"{GRAPH}/{account.id}/{edge}", Effect.PREPARE, form=form, keep=keep, timeout=FETCH_TIMEOUT_S)


def _transfer(account: Account, session: str, first: int, part: MediaItem) -> Call:
    fields = {"upload_phase": "transfer", "upload_session_id": session, "start_offset": first, "video_file_chunk": part}
    url = f"{GRAPH}/{account.id}/videos"
    return Call("POST", url, Effect.PREPARE, multipart=filled(fields), timeout=TIMEOUT_S)


def _wanted(reply: Reply) -> tuple[int, int]:
    """The part that Facebook wants next; an empty one after the last."""
    first, end = number(reply.get("start_offset")), number(reply.get("end_offset"))
    if first is None or end is None:
        raise UnexpectedShape("start_offset")
    return first, end
