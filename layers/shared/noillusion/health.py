"""Health of a deployment: the database is reachable and due work is picked up. It shows no data of any user."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from noillusion import __version__
from noillusion.core import clock
from noillusion.core.models import Model
from noillusion.db import HEALTH, database
from noillusion.publishing import lateness_store
from noillusion.scheduling import lateness_store as schedule_lateness

HealthStatus = Literal["ok", "late"]


class Health(Model):
    """Health of the service."""

    status: HealthStatus
    version: str
    database: Literal["ok"]
    oldest_due_at: datetime | None = Field(
        description="Due time of the publication or the scheduled post that has been waiting the longest to be picked up"
    )
    late_s: int = Field(description="Seconds since that time")


LATE_S = 300


async def check() -> Health:
    """Return the health of the service in one round trip. Raises ``Unavailable`` if the database cannot be reached."""
    now = clock.now()
    oldest_due, oldest_wake = lateness_store.oldest_due(now), schedule_lateness.oldest_wake(now)
    flight = await database().flight(HEALTH, oldest_due, oldest_wake)
    found = [_instant(at) for at in (flight.one(oldest_due).next_check_at, flight.one(oldest_wake).wake_at) if at is not None]
    oldest = min(found, default=None)
    late = max(0, int((now - oldest).total_seconds())) if oldest else 0
    return Health(status="late" if late > LATE_S else "ok", version=__version__, database="ok", oldest_due_at=oldest, late_s=late)


def _instant(at: datetime | str) -> datetime:
    """Return a time that the embedded engine gives as text."""
    return datetime.fromisoformat(at) if isinstance(at, str) else at
