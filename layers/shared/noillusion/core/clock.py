"""The one clock. Everything that asks for the time asks here, so that tests can answer."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, in UTC, to the microsecond."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Seconds for measuring durations and deadlines."""
    return time.monotonic()
