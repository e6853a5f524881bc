"""Deletion of deliveries and previous secrets that are past their time."""

from __future__ import annotations

from datetime import timedelta

from noillusion.core import clock
from noillusion.db import WORKER, batches
from noillusion.db.batches import Erased
from noillusion.webhooks import store

LOG = timedelta(days=30)
"""How long deliveries are kept."""


async def forget_deliveries(deadline: float) -> Erased:
    """Erase deliveries that are older than the log keeps them."""
    before = clock.now() - LOG
    return await batches.erase(
        WORKER, lambda size: store.forget(before, size), lambda most: store.forgettable(before, most), deadline
    )


async def forget_secrets(deadline: float) -> Erased:
    """Erase previous secrets that are not used any more."""
    now = clock.now()
    return await batches.erase(
        WORKER, lambda size: store.forget_secrets(now, size), lambda most: store.forgettable_secrets(now, most), deadline
    )
