"""Listing, marking and deletion of notices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from noillusion.api import paging
from noillusion.core import clock
from noillusion.core.errors import NotFound
from noillusion.core.models import RangeDeletion
from noillusion.core.preconditions import etag
from noillusion.db import Actor, batches, database
from noillusion.notices import store
from noillusion.notices.models import MarkedNotices, Notice, UnreadNotices


async def listing(user_id: str, filters: Mapping[str, object], cursor: str | None, limit: int) -> paging.Page[Notice]:
    """Return the user's notices, the unread ones first, then newest first. One round trip.

    ``filters``: ``kind``, ``unread``, ``subject``, and a period (``start``, ``end``).
    """
    place = paging.Listing("unread_notices", user_id, filters)
    page = store.page(user_id, filters, place.position(cursor, 3), limit)
    rows = (await database().flight(Actor(user_id), page))[page]
    last = rows[limit - 1] if len(rows) > limit else None
    following = place.cursor(int(last.unread), last.created_at, last.id) if last else None
    return paging.Page[Notice](items=[Notice.of(row) for row in rows[:limit]], next_cursor=following)


async def unread(user_id: str) -> UnreadNotices:
    """Count the user's unread notices."""
    found = store.unread(user_id)
    rows = (await database().flight(Actor(user_id), found))[found]
    number = sum(row.number for row in rows)
    return UnreadNotices(
        unread=min(number, store.COUNTED_AT_MOST),
        more=number > store.COUNTED_AT_MOST,
        by_kind={row.kind: row.number for row in rows},
        newest_at=max((row.newest_at for row in rows), default=None),
    )


def tag(found: UnreadNotices) -> str:
    """Return the entity tag of the number of unread notices."""
    return etag(found)


async def mark(user_id: str, notice_id: str, unread: bool) -> Notice:
    """Mark a notice as read or unread."""
    marked = store.mark(user_id, notice_id, unread, clock.now())
    row = (await database().flight(Actor(user_id), marked)).first(marked)
    if row is None:
        raise NotFound
    return Notice.of(row)


async def mark_all(user_id: str, unread: bool, until: datetime, deadline: float) -> MarkedNotices:
    """Mark the notices created until an instant, as many as the time allows."""
    now = clock.now()
    marked = await batches.erase(
        Actor(user_id),
        lambda size: store.mark_all(user_id, unread, until, now, size),
        lambda most: store.to_mark(user_id, unread, until, most),
        deadline,
    )
    return MarkedNotices(changed=marked.done, remaining=marked.left)


async def delete_one(user_id: str, notice_id: str) -> None:
    """Delete a notice. Raises :class:`NotFound` if there is none."""
    deletion = store.delete_one(user_id, notice_id)
    if not (await database().flight(Actor(user_id), deletion)).number_of(deletion):
        raise NotFound


async def delete(user_id: str, before: datetime, deadline: float) -> RangeDeletion:
    """Delete the notices created before an instant, as many as the time allows."""
    erased = await batches.erase(
        Actor(user_id),
        lambda size: store.delete(user_id, before, size),
        lambda most: store.left(user_id, before, most),
        deadline,
    )
    return RangeDeletion(deleted=erased.done, remaining=erased.left)
