"""Health of a deployment: is the database there, is due work picked up. It tells no user's data to anybody."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from noillusion import __version__
from noillusion.core import clock
from noillusion.core.models import Model
from noillusion.db import HEALTH, database
from noillusion.publishing import store


class Health(Model):
    """The state of the service."""

    status: Literal["ok", "late"]
    version: str
    database: Literal["ok"]
    oldest_due_at: datetime | None = Field(description="When the longest waiting unclaimed publication was due")
    late_s: int = Field(description="How late that is, in seconds")


LATE_S = 300


async def check() -> Health:
    """One round trip. Raises ``Unavailable`` when the database cannot be reached."""
    now = clock.now()
    found = (await database().flight(HEALTH, store.oldest_due(now)))[0][0]["next_check_at"]
    # An aggregate has no declared type, so the embedded engine gives it as text.
    oldest = datetime.fromisoformat(found) if isinstance(found, str) else found
    late = max(0, int((now - oldest).total_seconds())) if oldest else 0
    return Health(status="late" if late > LATE_S else "ok", version=__version__, database="ok", oldest_due_at=oldest, late_s=late)
