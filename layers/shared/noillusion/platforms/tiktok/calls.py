"""TikTok's requests, for every flow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from noillusion.flows.faults import UnexpectedShape
from noillusion.flows.names import Effect
from noillusion.flows.protocol import Call, Reply
from noillusion.platforms.tiktok.facts import API


def post(
    path: str, body: Any, effect: Effect = Effect.READ, *, keep: Mapping[str, str] | None = None, timeout: float = 10.0
) -> Call:
    """A call of the API; its path ends with a slash."""
    return Call("POST", API + path, effect, json=body, keep=keep or {}, timeout=timeout)


def status(publish_id: str) -> Call:
    """Ask what became of an accepted post."""
    return post("/post/publish/status/fetch/", {"publish_id": publish_id})


def user_info(fields: Iterable[str]) -> Call:
    """A field whose scope was not granted fails the whole call: ask for no more than is granted (platforms.md 4.2)."""
    return Call("GET", f"{API}/user/info/?fields={','.join(fields)}")


def videos(reply: Reply) -> list[Mapping[str, Any]]:
    """The videos of a list. :class:`UnexpectedShape` where it is none."""
    listed = reply.get("data.videos", [])
    if not isinstance(listed, list):
        raise UnexpectedShape("data.videos")
    return [video for video in listed if isinstance(video, Mapping)]


def number(value: object) -> int | None:
    """A whole number, ``None`` for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None
