"""When the work in hand began. A person's departure is an epoch: the database refuses every write of theirs that began before it.

An HTTP request, a batch of a queue and a chore each begin once; their engine's flights carry the instant along (see ``db``).
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
"""The most by which the clocks of two machines are taken to differ."""
REMEMBERED = timedelta(hours=1)
"""For how long a departure is known at least: longer than any unit of work can last."""
LONGEST_COLD_START = timedelta(seconds=60)
"""A gateway's time of arrival further back than this is not that of a request which still waits for its answer."""
_began: ContextVar[datetime | None] = ContextVar("began", default=None)


@contextmanager
def unit(at: datetime | None = None) -> Iterator[None]:
    """One unit of work, which began now or at an earlier instant."""
    token = _began.set(at or clock.now())
    try:
        yield
    finally:
        _began.reset(token)


def began() -> datetime:
    """When the unit of work began; outside of one: at the first call, which an engine makes with the first flight."""
    found = _began.get()
    if found is None:
        found = clock.now()
        _began.set(found)
    return found


def arrival(event: Mapping[str, Any]) -> datetime:
    """When a request reached the gateway. A cold start can be seconds later, and the person may have left meanwhile."""
    now = clock.now()
    stamp = event.get("requestContext", {}).get("timeEpoch")
    if isinstance(stamp, int | float) and 0 <= now.timestamp() - stamp / 1000 <= LONGEST_COLD_START.total_seconds():
        return datetime.fromtimestamp(stamp / 1000, UTC)
    return now


def traces(user_id: str) -> tuple[str, ...]:
    """The keyed hashes by which the receipt of a departure names the person who left."""
    return fingerprints("deleted-user", user_id)
