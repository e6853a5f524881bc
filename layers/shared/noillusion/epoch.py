"""Start times of work. A deletion is an epoch: the database refuses every write for that user by work that began before it.

An HTTP request, a batch of a queue and a scheduled task each have one start time, which all their flights carry (see ``db``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from typing import Any

from noillusion.core import clock
from noillusion.vault.sealer import fingerprints

CLOCKS = timedelta(milliseconds=250)
"""Maximum assumed difference between the clocks of two machines."""
REMEMBERED = timedelta(hours=1)
"""Minimum time for which a deletion is remembered; longer than any unit of work can take."""
LONGEST_COLD_START = timedelta(seconds=60)
"""Maximum age of a gateway's arrival time for a request that still waits for its response."""
_began: ContextVar[datetime | None] = ContextVar("began", default=None)
_connections: ContextVar[int] = ContextVar("connections", default=1)


@contextmanager
def unit(at: datetime | None = None, *, connections: int = 1) -> Iterator[None]:
    """Run one unit of work that began now or at an earlier time, with so many database connections at most."""
    token, allowed = _began.set(at or clock.now()), _connections.set(connections)
    try:
        yield
    finally:
        _began.reset(token)
        _connections.reset(allowed)


def connections() -> int:
    """Return how many connections the unit of work can have at once."""
    return _connections.get()


def began() -> datetime:
    """Return when the unit of work began. Outside of a unit, it begins with the first call, which is the first flight."""
    instant = _began.get()
    if instant is None:
        instant = clock.now()
        _began.set(instant)
    return instant


def arrival(event: Mapping[str, Any]) -> datetime:
    """Return when a request reached the gateway. A cold start can delay it by seconds, in which the user may have left."""
    now = clock.now()
    stamp = event.get("requestContext", {}).get("timeEpoch")
    if isinstance(stamp, int | float) and 0 <= now.timestamp() - stamp / 1000 <= LONGEST_COLD_START.total_seconds():
        return datetime.fromtimestamp(stamp / 1000, UTC)
    return now


def traces(user_id: str) -> tuple[str, ...]:
    """Return the keyed hashes by which a deletion receipt identifies the user."""
    return fingerprints("deleted-user", user_id)
