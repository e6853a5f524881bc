"""SQL of notices: pages and deletion by range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from noillusion.db import Query, Statement, query, sql
from noillusion.db.batches import Remaining
from noillusion.notices.rows import NoticeRow

_RANGE = "user_id = :user_id AND created_at < :before"


_FILTERS = {"kind": "kind = :kind", "start": "created_at >= :start", "end": "created_at < :end"}


def page(user_id: str, filters: Mapping[str, object], after: Sequence[str] | None, limit: int) -> Query[NoticeRow]:
    """Select notices, newest first, and one more than the page to know whether there is a next one.

    ``filters``: ``kind``, ``start`` and ``end`` (exclusive); ``None`` does not filter.
    """
    params: dict[str, Any] = {name: filters[name] for name in _FILTERS if filters.get(name) is not None}
    behind = "".join(f" AND {_FILTERS[name]}" for name in params)
    if after is not None:
        behind += " AND (created_at, id) < (:created_at, :id)"
        params |= {"created_at": datetime.fromisoformat(after[0]), "id": after[1]}
    return query(
        NoticeRow,
        f"""SELECT {{columns}} FROM notifications WHERE user_id = :user_id{behind}
            ORDER BY created_at DESC, id DESC LIMIT :limit""",  # noqa: S608 - constants
        user_id=user_id,
        limit=limit + 1,
        **params,
    )


def delete(user_id: str, before: datetime, limit: int) -> Statement:
    """Delete up to ``limit`` notices created before an instant, oldest first. Returns a row for each."""
    return sql(
        f"""DELETE FROM notifications WHERE user_id = :user_id AND id IN
              (SELECT id FROM notifications WHERE {_RANGE} ORDER BY created_at LIMIT :limit)
            RETURNING id""",  # noqa: S608 - a constant
        user_id=user_id,
        before=before,
        limit=limit,
    )


def left(user_id: str, before: datetime, limit: int) -> Query[Remaining]:
    """Count the notices created before an instant, up to ``limit``."""
    return query(
        Remaining,
        f"SELECT COUNT(*) AS remaining FROM (SELECT 1 FROM notifications WHERE {_RANGE} LIMIT :limit) AS found",  # noqa: S608
        user_id=user_id,
        before=before,
        limit=limit,
    )
