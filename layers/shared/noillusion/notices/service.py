"""Listing and deletion of notices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from noillusion.api import paging
from noillusion.core.models import RangeDeletion
from noillusion.db import Actor, batches, database
from noillusion.notices import store
from noillusion.notices.models import Notice


async def listing(user_id: str, filters: Mapping[str, object], cursor: str | None, limit: int) -> paging.Page[Notice]:
    """Return the user's notices of a ``kind`` and a period (``start``, ``end``), newest first. One round trip."""
    place = paging.Listing("notifications", user_id, filters)
    page = store.page(user_id, filters, place.position(cursor, 2), limit)
    rows = (await database().flight(Actor(user_id), page))[page]
    following = place.cursor(rows[limit - 1].created_at, rows[limit - 1].id) if len(rows) > limit else None
    return paging.Page[Notice](items=[Notice.of(row) for row in rows[:limit]], next_cursor=following)


async def delete(user_id: str, before: datetime, deadline: float) -> RangeDeletion:
    """Delete the notices created before an instant, as many as the time allows."""
    erased = await batches.erase(
        Actor(user_id),
        lambda size: store.delete(user_id, before, size),
        lambda most: store.left(user_id, before, most),
        deadline,
    )
    return RangeDeletion(deleted=erased.done, remaining=erased.left)
