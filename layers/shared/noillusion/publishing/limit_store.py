"""SQL of the limits of requests a minute: one row for each user and kind of request, whose window begins again when it is over.

The statement that counts holds the row, so those after it in the same flight know whether there was room.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import ClassVar
from uuid import uuid4

from noillusion.core.records import record
from noillusion.db import Query, Statement, query, sql
from noillusion.db.batches import Remaining

NO_LIMIT = 2**31 - 1
HAS_ROOM = """NOT EXISTS (SELECT 1 FROM request_counts r
  WHERE r.user_id = :user_id AND r.kind = 'posts' AND r.requests > :most_requests)"""
"""Condition on a statement that comes after :func:`count` in a flight."""
_TAKEN = "EXISTS (SELECT 1 FROM posts p WHERE p.user_id = :user_id AND p.idempotency_key = :key)"


@record()
class RequestCount:
    """The requests of a user since a window began, those that were refused left out but for one."""

    TABLE: ClassVar = "request_counts"

    requests: int
    window_start: datetime


def current(user_id: str, kind: str, over: datetime) -> Query[RequestCount]:
    """Select the count of a window that began after ``over``; no row if there is none."""
    return query(
        RequestCount,
        "SELECT {columns} FROM request_counts WHERE user_id = :user_id AND kind = :kind AND window_start > :over",
        user_id=user_id,
        kind=kind,
        over=over,
    )


def count(user_id: str, kind: str, most: int, now: datetime, over: datetime, key: str | None = None) -> Query[RequestCount]:
    """Count a request, unless a post has its idempotency key by now. A window that began at ``over`` or before begins again."""
    counted = f"CASE WHEN {_TAKEN} THEN 0 ELSE 1 END" if key is not None else "1"
    statement = query(
        RequestCount,
        f"""INSERT INTO request_counts (id, user_id, kind, window_start, requests, created_at, updated_at)
            VALUES (:id, :user_id, :kind, :now, {counted}, :now, :now)
            ON CONFLICT (user_id, kind) DO UPDATE SET
              window_start = CASE WHEN request_counts.window_start <= :over THEN excluded.window_start
                ELSE request_counts.window_start END,
              requests = CASE WHEN request_counts.window_start <= :over THEN excluded.requests
                WHEN request_counts.requests > :most THEN request_counts.requests
                ELSE request_counts.requests + excluded.requests END,
              updated_at = excluded.updated_at
            RETURNING {{columns}}""",  # noqa: S608 - a constant
        id=str(uuid4()),
        user_id=user_id,
        kind=kind,
        most=most,
        now=now,
        over=over,
        **({} if key is None else {"key": key}),
    )
    return replace(statement, repeatable=True)


def forget(over: datetime, limit: int) -> Statement:
    """Erase counts of windows that are over (workers only)."""
    return sql(
        """DELETE FROM request_counts WHERE id IN (
             SELECT id FROM request_counts WHERE window_start <= :over ORDER BY window_start LIMIT :limit) RETURNING id""",
        over=over,
        limit=limit,
    )


def forgettable(over: datetime, limit: int) -> Query[Remaining]:
    """Count the windows that are over, up to a limit."""
    return query(
        Remaining,
        "SELECT COUNT(*) AS remaining FROM (SELECT 1 FROM request_counts WHERE window_start <= :over LIMIT :limit) AS due",
        over=over,
        limit=limit,
    )
