"""Statements for analytics: when figures of targets are due, and what a reading shows of a post. They hold no figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from noillusion.db import Query, Statement, among, query, sql
from noillusion.publishing.rows import TargetToMeasure


def claim(now: datetime, until: datetime, limit: int) -> Query[TargetToMeasure]:
    """Take due targets, the longest overdue first, by moving them to ``until`` (workers only).

    Two runs never take the same one; what is lost on the way is due again at ``until``. A target without a connection is
    never due again.
    """
    return query(
        TargetToMeasure,
        """UPDATE post_targets SET metrics_due_at = CASE WHEN connection_id IS NULL THEN NULL ELSE :until END
           WHERE metrics_due_at <= :now AND id IN (
             SELECT id FROM post_targets WHERE metrics_due_at IS NOT NULL AND metrics_due_at <= :now
             ORDER BY metrics_due_at LIMIT :limit)
           RETURNING {columns}""",
        now=now,
        until=until,
        limit=limit,
    )


def schedule(user_id: str, target_ids: Sequence[str], due: datetime | None) -> Statement:
    """Set when targets are read next. One that was deleted in the meantime stays without a time."""
    names, params = among("id", target_ids)
    return sql(
        f"""UPDATE post_targets SET metrics_due_at = :due
            WHERE user_id = :user_id AND metrics_due_at IS NOT NULL AND id IN ({names})""",  # noqa: S608 - parameter names
        user_id=user_id,
        due=due,
        **params,
    )


def postpone(user_id: str, connection_id: str, until: datetime) -> Statement:
    """Leave the targets of a connection alone until then: whatever is due earlier waits."""
    return sql(
        """UPDATE post_targets SET metrics_due_at = :until
           WHERE user_id = :user_id AND connection_id = :connection_id AND metrics_due_at < :until""",
        user_id=user_id,
        connection_id=connection_id,
        until=until,
    )


def reveal(user_id: str, target_id: str, post_id: str | None, permalink: str | None, now: datetime) -> Statement:
    """Write the public id or the link that a reading showed (failure-classes.md G6). What is known already stays."""
    return sql(
        """UPDATE post_targets SET platform_post_id = COALESCE(platform_post_id, :post_id),
             permalink = COALESCE(permalink, :permalink), updated_at = :now
           WHERE user_id = :user_id AND id = :id""",
        user_id=user_id,
        id=target_id,
        post_id=post_id,
        permalink=permalink,
        now=now,
    )
