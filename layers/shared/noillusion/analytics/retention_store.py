"""SQL of thinning and deleting history. Each statement names rows by an index and has a bound."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

from noillusion.analytics import history
from noillusion.db import Query, Statement, among, query, sql
from noillusion.db.batches import Remaining

_UNIT = "CASE WHEN post_analytics.polled_at < :coarse THEN 'week' ELSE 'day' END"
_SUPERSEDED = f"""post_analytics.polled_at < :fine AND EXISTS (
  SELECT 1 FROM post_analytics later WHERE later.user_id = post_analytics.user_id AND later.target_id = post_analytics.target_id
    AND later.polled_at > post_analytics.polled_at AND later.status = post_analytics.status
    AND date_trunc({_UNIT}, later.polled_at, 'UTC') = date_trunc({_UNIT}, post_analytics.polled_at, 'UTC'))"""  # noqa: S608 - constant
"""Rows that are not the last good one, or the last of the others, of their day or of their week."""


Batch: TypeAlias = tuple[Statement, Statement, Query[Remaining]]
"""A deletion, what ends the work on its posts, and the number of posts that are still due."""


def thin(user_id: str, target_ids: Sequence[str], now: datetime) -> Statement:
    """Thin the history of targets."""
    names, params = among("id", target_ids)
    return sql(
        f"""DELETE FROM post_analytics WHERE user_id = :user_id AND target_id IN ({names}) AND {_SUPERSEDED}""",  # noqa: S608 - constants
        user_id=user_id,
        fine=now - history.FINE,
        coarse=now - history.DAILY,
        **params,
    )


def thin_settled(now: datetime, before: datetime, limit: int) -> Batch:
    """Thin the history of posts first read before then, for good (workers only)."""
    due = "thinned_at IS NULL AND created_at < :before"
    chosen = f"SELECT user_id, target_id FROM post_figures WHERE {due} ORDER BY created_at, target_id LIMIT :limit"  # noqa: S608 - constant
    params = {"before": before, "limit": limit}
    return (
        sql(
            f"DELETE FROM post_analytics WHERE (user_id, target_id) IN ({chosen}) AND {_SUPERSEDED} RETURNING id",  # noqa: S608 - constants
            fine=now - history.FINE,
            coarse=now - history.DAILY,
            **params,
        ),
        sql(
            f"UPDATE post_figures SET thinned_at = :now WHERE (user_id, target_id) IN ({chosen}) RETURNING id",  # noqa: S608
            now=now,
            **params,
        ),
        _left(due, before=before),
    )


def forget(now: datetime, limit: int) -> Batch:
    """Delete the figures of posts that expired, with their history (workers only)."""
    due = "expires_at IS NOT NULL AND expires_at <= :now"
    chosen = f"SELECT user_id, target_id FROM post_figures WHERE {due} ORDER BY expires_at, target_id LIMIT :limit"  # noqa: S608 - constant
    return (
        sql(f"DELETE FROM post_analytics WHERE (user_id, target_id) IN ({chosen}) RETURNING id", now=now, limit=limit),  # noqa: S608
        sql(f"DELETE FROM post_figures WHERE (user_id, target_id) IN ({chosen}) RETURNING id", now=now, limit=limit),  # noqa: S608
        _left(due, now=now),
    )


def _left(due: str, **params: datetime) -> Query[Remaining]:
    return query(
        Remaining,
        f"SELECT COUNT(*) AS remaining FROM (SELECT 1 FROM post_figures WHERE {due} LIMIT 100000) AS found",  # noqa: S608 - constant
        **params,
    )


_OF_ACCOUNTS = """FROM platform_connections c JOIN account_analytics a ON a.connection_id = c.id
  WHERE c.platform = :platform AND a.polled_at < :before LIMIT :limit"""


def forget_accounts(platform: str, before: datetime, limit: int) -> Statement:
    """Delete figures of a platform's accounts that were read before then (workers only)."""
    return sql(
        f"DELETE FROM account_analytics WHERE id IN (SELECT a.id {_OF_ACCOUNTS}) RETURNING id",  # noqa: S608 - constant
        platform=platform,
        before=before,
        limit=limit,
    )


def forgettable_accounts(platform: str, before: datetime, limit: int) -> Query[Remaining]:
    """Count figures of a platform's accounts that were read before then (workers only)."""
    return query(
        Remaining,
        f"SELECT COUNT(*) AS remaining FROM (SELECT a.id {_OF_ACCOUNTS}) AS found",  # noqa: S608 - constant
        platform=platform,
        before=before,
        limit=limit,
    )
