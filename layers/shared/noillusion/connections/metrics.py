"""Statements for analytics: when the figures of connected accounts are due. They hold no figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from noillusion.connections.rows import ConnectionToMeasure
from noillusion.db import Query, Statement, among, query, sql


def claim(now: datetime, until: datetime, limit: int, left_out: Sequence[str] = ()) -> Query[ConnectionToMeasure]:
    """Take working connections whose account figures are due, the longest overdue first, by moving them to ``until``
    (workers only). ``left_out``: platforms of which none is taken."""
    names, params = among("left_out", left_out)
    others = f" AND platform NOT IN ({names})" if left_out else ""
    return query(
        ConnectionToMeasure,
        f"""UPDATE platform_connections SET metrics_due_at = :until
            WHERE status = 'active' AND metrics_due_at <= :now AND id IN (
              SELECT id FROM platform_connections WHERE status = 'active' AND metrics_due_at IS NOT NULL
                AND metrics_due_at <= :now{others}
              ORDER BY metrics_due_at LIMIT :limit)
            RETURNING {{columns}}""",  # noqa: S608 - parameter names
        now=now,
        until=until,
        limit=limit,
        **params,
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
