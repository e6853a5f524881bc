"""When figures are read next: often while a post is young, rarely later, never once it is old."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zlib import crc32

CADENCE = (
    (timedelta(hours=1), timedelta(minutes=10)),
    (timedelta(hours=24), timedelta(hours=1)),
    (timedelta(days=7), timedelta(hours=6)),
    (timedelta(days=30), timedelta(days=1)),
    (timedelta(days=90), timedelta(days=7)),
)
"""Posts younger than the first of a pair are read at intervals of the second; older ones than all no more."""
ACCOUNT_EVERY = timedelta(days=1)
"""The platforms renew most account figures once a day (platforms.md 1.4, 2.4)."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def interval(age: timedelta) -> timedelta | None:
    """The interval between readings of a post of this age, ``None`` when it is too old."""
    return next((every for limit, every in CADENCE if age < limit), None)


def slot(now: datetime, every: timedelta, connection_id: str) -> datetime:
    """The connection's next slot: all its posts of one interval share slots, so that one call reads many of them.

    Connections are spread over the interval. The slot is a quarter to five quarters of the interval away: a reading that comes
    a little late does not skip the next slot.
    """
    shift = timedelta(seconds=crc32(connection_id.encode()) % int(every.total_seconds()))
    passed = (now + every / 4 - _EPOCH - shift) // every
    return _EPOCH + shift + every * (passed + 1)


def next_reading(now: datetime, published_at: datetime, connection_id: str) -> datetime | None:
    """When a post is due next; ``None``: never again."""
    every = interval(now - published_at)
    return None if every is None else slot(now, every, connection_id)
