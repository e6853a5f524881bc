"""SQL of notices: pages and deletion by range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from noillusion.db import Query, Statement, query, sql
from noillusion.db.batches import Remaining
from noillusion.notices.rows import NoticeRow, UnreadRow

_RANGE = "user_id = :user_id AND created_at < :before"
_FILTERS = {
    "kind": "kind = :kind",
    "subject": "subject_id = :subject",
    "start": "created_at >= :start",
    "end": "created_at < :end",
}
COUNTED_AT_MOST = 1_000
"""Maximum number of unread notices that are counted."""


def page(user_id: str, filters: Mapping[str, object], after: Sequence[str] | None, limit: int) -> Query[NoticeRow]:
    """Select notices, unread ones first, then newest first, and one more than the page has.

    ``filters``: ``kind``, ``unread``, ``subject``, ``start`` and ``end`` (exclusive); ``None`` does not filter. ``after``:
    whether the last notice of the previous page was unread, when it was created, and its id. Each part is read along an index.
    """
    params: dict[str, Any] = {name: filters[name] for name in _FILTERS if filters.get(name) is not None}
    condition = "".join(f" AND {_FILTERS[name]}" for name in params)
    wanted, last = filters.get("unread"), None if after is None else after[0] == "1"
    behind = " AND (created_at, id) < (:created_at, :id)"
    parts = [
        f"""SELECT {{columns}} FROM (SELECT {{columns}} FROM notifications
              WHERE user_id = :user_id AND unread = {str(unread).lower()}{condition}{behind if unread is last else ""}
              ORDER BY created_at DESC, id DESC LIMIT :limit) AS {name}"""  # noqa: S608 - constants
        for unread, name in ((True, "new"), (False, "old"))
        if wanted in (None, unread) and not (unread and last is False)
    ]
    if after is not None:
        params |= {"created_at": datetime.fromisoformat(after[1]), "id": after[2]}
    return query(
        NoticeRow,
        f"{' UNION ALL '.join(parts)} ORDER BY unread DESC, created_at DESC, id DESC LIMIT :limit",
        user_id=user_id,
        limit=limit + 1,
        **params,
    )


def unread(user_id: str) -> Query[UnreadRow]:
    """Count the newest unread notices by their kind, up to one more than :data:`COUNTED_AT_MOST`."""
    return query(
        UnreadRow,
        """SELECT kind, COUNT(*) AS number, MAX(created_at) AS newest_at FROM
             (SELECT kind, created_at FROM notifications WHERE user_id = :user_id AND unread = true
              ORDER BY created_at DESC, id DESC LIMIT :limit) AS newest
           GROUP BY kind ORDER BY kind""",
        user_id=user_id,
        limit=COUNTED_AT_MOST + 1,
    )


def mark(user_id: str, notice_id: str, unread: bool, now: datetime) -> Query[NoticeRow]:
    """Mark a notice as read or unread. One that was read before keeps the time."""
    return query(
        NoticeRow,
        """UPDATE notifications SET unread = :unread, read_at = CASE WHEN :unread THEN NULL ELSE COALESCE(read_at, :now) END
           WHERE user_id = :user_id AND id = :id RETURNING {columns}""",
        user_id=user_id,
        id=notice_id,
        unread=unread,
        now=now,
    )


def mark_all(user_id: str, unread: bool, until: datetime, now: datetime, limit: int) -> Statement:
    """Mark up to ``limit`` notices created until an instant as read or unread. Returns a row for each."""
    return sql(
        """UPDATE notifications SET unread = :unread, read_at = CASE WHEN :unread THEN NULL ELSE :now END
           WHERE user_id = :user_id AND id IN
             (SELECT id FROM notifications WHERE user_id = :user_id AND unread = :other AND created_at <= :until
              ORDER BY created_at LIMIT :limit)
           RETURNING id""",
        user_id=user_id,
        unread=unread,
        other=not unread,
        until=until,
        now=now,
        limit=limit,
    )


def to_mark(user_id: str, unread: bool, until: datetime, limit: int) -> Query[Remaining]:
    """Count the notices created until an instant that are not yet marked so, up to ``limit``."""
    return query(
        Remaining,
        """SELECT COUNT(*) AS remaining FROM (SELECT 1 FROM notifications
             WHERE user_id = :user_id AND unread = :other AND created_at <= :until LIMIT :limit) AS found""",
        user_id=user_id,
        other=not unread,
        until=until,
        limit=limit,
    )


def delete_one(user_id: str, notice_id: str) -> Statement:
    """Delete a notice. Returns a row if there was one."""
    return sql("DELETE FROM notifications WHERE user_id = :user_id AND id = :id RETURNING id", user_id=user_id, id=notice_id)


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
