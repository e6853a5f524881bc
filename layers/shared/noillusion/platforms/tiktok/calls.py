"""TikTok's requests, for every flow."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from noillusion.flows.effects import Effect
from noillusion.flows.protocol import Call, Reply
from noillusion.platforms.reading import Row, rows
from noillusion.platforms.tiktok.facts import API


def post(path: str, body: Any, effect: Effect = Effect.READ, **more: Any) -> Call:
    """A call of the API; its path ends with a slash. ``more`` as in :class:`Call`."""
    return Call("POST", API + path, effect, json=body, **more)


def status(publish_id: str) -> Call:
    """Ask for the status of an accepted post."""
    return post("/post/publish/status/fetch/", {"publish_id": publish_id})


def user_info(fields: Iterable[str]) -> Call:
    """A field whose scope was not granted fails the whole call: ask for no more than is granted (platforms.md 4.2)."""
    return Call("GET", f"{API}/user/info/?fields={','.join(fields)}")


def videos(reply: Reply) -> list[Row]:
    """The videos of a list, which is absent where there are none. :class:`UnexpectedShape` where it is none."""
    return [] if reply.get("data.videos") is None else rows(reply, "data.videos")
