"""The only source of time, so that tests can control it."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def now() -> datetime:
    """Return the current time in UTC, with microseconds."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Return seconds for measuring durations and deadlines."""
    return time.monotonic()
