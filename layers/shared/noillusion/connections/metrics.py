"""Statements for analytics: when the figures of connected accounts are due. They hold no figures."""

from __future__ import annotations

from datetime import datetime

from noillusion.connections.rows import ConnectionToMeasure
from noillusion.db import Query, Statement, query, sql


def claim(now: datetime, until: datetime, limit: int) -> Query[ConnectionToMeasure]:
    """Take working connections whose account figures are due, the longest overdue first, by moving them to ``until``
    (workers only)."""
    return query(
        ConnectionToMeasure,
        """UPDATE platform_connections SET metrics_due_at = :until
           WHERE status = 'active' AND metrics_due_at <= :now AND id IN (
             SELECT id FROM platform_connections WHERE status = 'active' AND metrics_due_at IS NOT NULL AND metrics_due_at <= :now
             ORDER BY metrics_due_at LIMIT :limit)
           RETURNING {columns}""",
        now=now,
        until=until,
        limit=limit,
    )


def schedule(user_id: str, connection_id: str, due: datetime) -> Statement:
    """Set when an account is read next. A connection that died in the meantime stays without a time."""
    return sql(
        """UPDATE platform_connections SET metrics_due_at = :due
           WHERE user_id = :user_id AND id = :id AND metrics_due_at IS NOT NULL""",
        user_id=user_id,
        id=connection_id,
        due=due,
    )


def postpone(user_id: str, connection_id: str, until: datetime) -> Statement:
    """Leave an account alone until then, if it is due earlier."""
    return sql(
        """UPDATE platform_connections SET metrics_due_at = :until
           WHERE user_id = :user_id AND id = :connection_id AND metrics_due_at < :until""",
        user_id=user_id,
        connection_id=connection_id,
        until=until,
    )
