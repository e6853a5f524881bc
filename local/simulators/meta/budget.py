"""Call budgets and the headers that tell of them (platforms.md 0.3)."""

from __future__ import annotations

import json
import math
from collections import deque


def business_usage(account: str, kind: str, percent: int, minutes: int) -> dict[str, str]:
    """The header of a business use case: percent of the budget used and minutes until calls are accepted again."""
    row = {"type": kind, "call_count": percent, "total_cputime": 1, "total_time": 1, "estimated_time_to_regain_access": minutes}
    return {"X-Business-Use-Case-Usage": json.dumps({account: [row]})}


class Budget:
    """Calls in a rolling window, per key."""

    def __init__(self) -> None:
        self.calls: dict[str, deque[float]] = {}

    def charge(self, key: str, now: float, window_s: float, limit: int) -> tuple[int, float]:
        """Count one call. Returns percent of ``limit`` used (over 100: refused) and seconds until the oldest call leaves."""
        calls = self.calls.setdefault(key, deque())
        while calls and calls[0] <= now - window_s:
            calls.popleft()
        calls.append(now)
        return math.ceil(100 * len(calls) / limit), calls[0] + window_s - now
