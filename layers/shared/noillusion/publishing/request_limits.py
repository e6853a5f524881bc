"""Limits of posts and checks a minute for each user, which are settings of the deployment.

A request is counted in a flight that it needs anyway, and refused in the same flight. A repeat of a request under its idempotency
key is neither counted nor refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Literal

from noillusion.core import clock, quotas
from noillusion.core.errors import TooManyRequests
from noillusion.core.quotas import Quota
from noillusion.core.records import record
from noillusion.db import WORKER, Flight, Query, batches
from noillusion.db.batches import Erased
from noillusion.publishing import limit_store
from noillusion.publishing.limit_store import NO_LIMIT, RequestCount
from noillusion.settings.source import settings

WINDOW = timedelta(minutes=1)


@record(eq=True)
class RequestLimit:
    """The limit for one request: at most so many of its kind a minute; ``NO_LIMIT`` if the deployment has none."""

    user_id: str
    kind: Literal["posts", "checks", "webhook_tests"]
    most: int
    now: datetime

    def current(self) -> Sequence[Query[RequestCount]]:
        """Return the statement that reads what is used up; none if there is no limit."""
        return () if self.most == NO_LIMIT else (limit_store.current(self.user_id, self.kind, self.now - WINDOW),)

    def count(self, key: str | None = None) -> Sequence[Query[RequestCount]]:
        """Return the statement that counts the request, whose idempotency key is stored as ``key``; none if there is no limit."""
        if self.most == NO_LIMIT:
            return ()
        return (limit_store.count(self.user_id, self.kind, self.most, self.now, self.now - WINDOW, key),)

    def tell(self, results: Flight, statements: Sequence[Query[RequestCount]]) -> None:
        """Tell the caller what is left after a flight with :meth:`current` or :meth:`count`."""
        for statement in statements:
            row = results.first(statement)
            used = row.requests if row else 0
            quotas.tell(Quota(self.kind, self.most, ceil(WINDOW.total_seconds()), max(0, self.most - used), self._resets_in(row)))

    def check_room(self, results: Flight, statements: Sequence[Query[RequestCount]], *, counted: bool) -> None:
        """Raise :class:`TooManyRequests` if there is no room for the request, which is ``counted`` or not yet."""
        for statement in statements:
            row = results.first(statement)
            if row is not None and row.requests >= self.most + counted:
                raise TooManyRequests("too_many_requests", limit=self.most, retry_after=self._resets_in(row))

    def _resets_in(self, row: RequestCount | None) -> int:
        """Return the seconds after which the window is over; those of a whole one if none has begun."""
        start = row.window_start if row else self.now
        return max(1, ceil((start + WINDOW - self.now).total_seconds()))


def of_posts(user_id: str) -> RequestLimit:
    """Return the limit for a request that publishes, first or again."""
    return RequestLimit(user_id, "posts", settings().posts_per_minute or NO_LIMIT, clock.now())


def of_checks(user_id: str) -> RequestLimit:
    """Return the limit for a request that checks a post."""
    return RequestLimit(user_id, "checks", settings().checks_per_minute or NO_LIMIT, clock.now())


async def forget_windows(deadline: float) -> Erased:
    """Erase counts of minutes that are over, until ``deadline`` (``clock.monotonic``)."""
    over = clock.now() - WINDOW
    return await batches.erase(
        WORKER, lambda size: limit_store.forget(over, size), lambda most: limit_store.forgettable(over, most), deadline
    )
