"""The user deletes the usage record of months that are over."""

from __future__ import annotations

from datetime import date

from noillusion.ai import store
from noillusion.ai.money import midnight, month_start
from noillusion.core import clock
from noillusion.core.errors import Invalid, field_error
from noillusion.core.models import RangeDeletion
from noillusion.db import Actor, batches
from noillusion.idempotency import WINDOW


async def forget_usage(user_id: str, before: date, deadline: float) -> RangeDeletion:
    """Delete the attempts from before a day (UTC), as many as the time allows.

    :class:`Invalid` for a day of this month: its attempts are what the budget has been spent on. On the first day of a month the
    month before is kept as well, since an idempotency key protects for a day.
    """
    now = clock.now()
    latest = min(month_start(now), month_start(now - WINDOW))
    if midnight(before) > latest:
        raise Invalid([field_error("before", "usage_needed", latest=f"{latest:%Y-%m-%d}")])
    erased = await batches.erase(
        Actor(user_id),
        lambda size: store.forget_usage(user_id, midnight(before), size),
        lambda most: store.usage_before(user_id, midnight(before), most),
        deadline,
    )
    return RangeDeletion(deleted=erased.done, remaining=erased.left)
