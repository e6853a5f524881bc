"""Time limits by the kind of event, for a function whose own limit is that of its longest work."""

from __future__ import annotations

from typing import Any

from noillusion.core import clock

REQUEST_S = 29.0
"""The limit of a request and of a batch of messages. API Gateway waits for 30 s."""


class Limited:
    """A Lambda context whose time is up no later than in some seconds, however long the function may take."""

    def __init__(self, context: Any, seconds: float) -> None:
        self._context, self._end = context, clock.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        """Return what is left, as Lambda's own context does."""
        left, all_left = int((self._end - clock.monotonic()) * 1000), int(self._context.get_remaining_time_in_millis())
        return max(0, min(left, all_left))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)
