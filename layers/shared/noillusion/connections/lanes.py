"""Work on many connections: each platform has a lane of its own, so that one that hangs holds nobody else up."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from typing import Final

from noillusion.catalog.platforms import PLATFORMS, PlatformName
from noillusion.connections.rows import CredentialRow
from noillusion.core import clock, logs
from noillusion.core.errors import AccountDeleted

AT_ONCE: Final = 8
"""Connections of a platform that are worked on side by side."""
Batches = Callable[[PlatformName, CredentialRow | None], Awaitable[list[CredentialRow]]]
"""Selects the next connections of a platform that are due, behind the last one of the batch before; none at the end."""


async def run(batches: Batches, work: Callable[[CredentialRow], Awaitable[str]], deadline: float) -> Counter[str]:
    """Work on all connections that are due, each on its own: one that fails never stops the others (failure-classes.md C4).

    Returns how many had which outcome: what ``work`` says, ``failed`` for those that raised, and ``left`` for those selected for
    which there was no time.
    """
    done: Counter[str] = Counter()

    async def lane(platform: PlatformName) -> None:
        last: CredentialRow | None = None
        while clock.monotonic() < deadline and (rows := await batches(platform, last)):
            last, waiting = rows[-1], iter(rows)
            await asyncio.gather(*(drain(waiting) for _ in range(min(AT_ONCE, len(rows)))))

    async def drain(waiting: Iterator[CredentialRow]) -> None:
        for row in waiting:
            done[await one(row) if clock.monotonic() < deadline else "left"] += 1

    async def one(row: CredentialRow) -> str:
        try:
            return await work(row)
        except AccountDeleted:
            return "leaving"
        except Exception as error:  # noqa: BLE001 - whatever one connection meets, the others are due as well
            logs.failure("connection_failed", error, connection_id=row.id)
            return "failed"

    await asyncio.gather(*map(lane, PLATFORMS))
    return done
