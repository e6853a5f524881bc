"""Has something happen in the middle of a piece of work, where another process would have done it."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import httpx2
import pytest

from noillusion import db
from noillusion.core import clock, loop
from noillusion.db.interface import reads_only
from noillusion.privacy import departure
from noillusion.privacy.models import DeletionReceipt

Deed = Callable[[], Awaitable[Any]]


class Meanwhile:
    """Watches a piece of work pass its points: before each flight that writes, and before and after each call to the outside.

    At point number ``at`` it does the deed, once and in a context of its own.
    """

    def __init__(self, deed: Deed, at: int | None) -> None:
        self._deed, self.at = deed, at
        self._thread = threading.get_ident()
        self._busy = False
        self.points: list[str] = []
        self.result: Any = None

    @property
    def happened(self) -> bool:
        """Whether the work came to the point."""
        return self.at is not None and len(self.points) > self.at

    async def reach(self, point: str) -> None:
        """The work is at a point."""
        if self._busy or threading.get_ident() != self._thread:
            return
        self.points.append(point)
        if len(self.points) - 1 == self.at:
            self._busy = True
            try:
                self.result = await contextvars.Context().run(lambda: asyncio.ensure_future(self._deed()))
            finally:
                self._busy = False


@contextmanager
def meanwhile(monkeypatch: pytest.MonkeyPatch, deed: Deed, at: int | None = None) -> Iterator[Meanwhile]:
    """Within the block, the deed is done at the given point of whatever work is done (``None``: points are only counted)."""
    watch, engine = Meanwhile(deed, at), db.database()
    flight = engine.flight

    async def watched_flight(actor: Any, *statements: Any) -> Any:
        if not reads_only(statements):
            await watch.reach("before a write")
        return await flight(actor, *statements)

    def watched(send: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def watched_send(*arguments: Any, **more: Any) -> Any:
            await watch.reach("before a call")
            reply = await send(*arguments, **more)
            await watch.reach("after a call")
            return reply

        return watched_send

    with monkeypatch.context() as patched:
        patched.setattr(engine, "flight", watched_flight)
        for client in (httpx.AsyncClient, httpx2.AsyncClient):
            patched.setattr(client, "send", watched(client.send))
        yield watch


async def leaves(user_id: str = "auth0|alice") -> DeletionReceipt:
    """The user deletes everything."""
    return await departure.leave(user_id, clock.monotonic() + 20)


def run(work: Awaitable[Any]) -> Any:
    """Do asynchronous work on the environment's loop."""

    async def go() -> Any:
        return await work

    return loop.run(go())
