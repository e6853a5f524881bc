"""Erases what generation keeps for a time only."""

from __future__ import annotations

from datetime import timedelta

from noillusion.ai import spending
from noillusion.ai.money import month_name
from noillusion.core import clock
from noillusion.db import WORKER, batches
from noillusion.db.batches import Erased

LATE = timedelta(minutes=5)
"""An attempt that was reserved in one month may be settled in the next."""


async def forget_months(deadline: float) -> Erased:
    """Erase what was spent on the operator's keys in months that are over."""
    month = month_name(clock.now() - LATE)
    return await batches.erase(
        WORKER,
        lambda size: spending.forget(month, size),
        lambda most: spending.forgettable(month, most),
        deadline,
    )
