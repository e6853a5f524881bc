"""SQL of polling. Every statement names ``user_id`` except the two that find due work for the workers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from noillusion.analytics.rows import ACCOUNT_COUNTS, POST_COUNTS, DueAccount, DueTarget, MeasuredConnection, MeasuredTarget
from noillusion.db import Json, Query, Statement, query, sql

_TABLES = {"post_analytics": ("target_id", POST_COUNTS), "account_analytics": ("connection_id", ACCOUNT_COUNTS)}
_LETTERS = str.maketrans("0123456789", "abcdefghij")


def _numbered(name: str, i: int) -> str:
    """Return a parameter's name with a number, written in letters: names have no digits."""
    return f"{name}_{str(i).translate(_LETTERS)}"


def _named(values: Sequence[str]) -> tuple[str, dict[str, str]]:
    """Return a list of parameters for ``IN`` and their values."""
    params = {_numbered("id", i): value for i, value in enumerate(values)}
    return ", ".join(f":{name}" for name in params), params


def claim_targets(now: datetime, until: datetime, limit: int) -> Query[DueTarget]:
    """Take due targets, the longest overdue first, by moving them to ``until`` (workers only).

    Two runs never take the same one; what is lost on the way is due again at ``until``. A target without a connection is
    never due again.
    """
    return query(
        DueTarget,
        """UPDATE post_targets SET metrics_due_at = CASE WHEN connection_id IS NULL THEN NULL ELSE :until END
           WHERE metrics_due_at <= :now AND id IN (
             SELECT id FROM post_targets WHERE metrics_due_at IS NOT NULL AND metrics_due_at <= :now
             ORDER BY metrics_due_at LIMIT :limit)
           RETURNING {columns}""",
        now=now,
        until=until,
        limit=limit,
    )


def claim_accounts(now: datetime, until: datetime, limit: int) -> Query[DueAccount]:
    """Take working connections whose account figures are due, in the same way (workers only)."""
    return query(
        DueAccount,
        """UPDATE platform_connections SET metrics_due_at = :until
           WHERE status = 'active' AND metrics_due_at <= :now AND id IN (
             SELECT id FROM platform_connections WHERE status = 'active' AND metrics_due_at IS NOT NULL AND metrics_due_at <= :now
             ORDER BY metrics_due_at LIMIT :limit)
           RETURNING {columns}""",
        now=now,
        until=until,
        limit=limit,
    )


def connection(user_id: str, connection_id: str) -> Query[MeasuredConnection]:
    """Select one connection with its sealed tokens."""
    return query(
        MeasuredConnection,
        "SELECT {columns} FROM platform_connections WHERE user_id = :user_id AND id = :id",
        user_id=user_id,
        id=connection_id,
    )


def targets(user_id: str, connection_id: str, target_ids: Sequence[str]) -> Query[MeasuredTarget]:
    """Select the named targets of one connection that are to be read at all."""
    names, params = _named(target_ids)
    return query(
        MeasuredTarget,
        f"""SELECT {{columns}} FROM post_targets
            WHERE user_id = :user_id AND connection_id = :connection_id AND metrics_due_at IS NOT NULL
              AND id IN ({names})""",  # noqa: S608 - parameter names
        user_id=user_id,
        connection_id=connection_id,
        **params,
    )


def add_readings(
    table: str, user_id: str, now: datetime, readings: Mapping[str, tuple[str | None, Mapping[str, Any]]]
) -> Statement:
    """Insert all readings of a message in one statement: subject id → (reason why unavailable, counts and ``extra``)."""
    subject, counts = _TABLES[table]
    columns = ("id", subject, "status", "reason", *counts, "extra")
    rows: list[str] = []
    params: dict[str, Any] = {}
    for i, (subject_id, (reason, figures)) in enumerate(readings.items()):
        status = "ok" if reason is None else "unavailable"
        values = (
            str(uuid4()),
            subject_id,
            status,
            reason,
            *(figures.get(name) for name in counts),
            Json(dict(figures.get("extra") or {})),
        )
        names = [_numbered(column, i) for column in columns]
        params |= dict(zip(names, values, strict=True))
        rows.append(f"({', '.join(f':{name}' for name in names)}, :user_id, :now, :now, :now)")
    return sql(
        f"""INSERT INTO {table} ({", ".join(columns)}, user_id, polled_at, created_at, updated_at)
            VALUES {", ".join(rows)}""",  # noqa: S608 - names from constants
        user_id=user_id,
        now=now,
        **params,
    )


def schedule_targets(user_id: str, target_ids: Sequence[str], due: datetime | None) -> Statement:
    """Set when these are read next. One that was deleted in the meantime stays without a time."""
    names, params = _named(target_ids)
    return sql(
        f"""UPDATE post_targets SET metrics_due_at = :due
            WHERE user_id = :user_id AND metrics_due_at IS NOT NULL AND id IN ({names})""",  # noqa: S608 - parameter names
        user_id=user_id,
        due=due,
        **params,
    )


def schedule_account(user_id: str, connection_id: str, due: datetime) -> Statement:
    """Set when an account is read next. A connection that died in the meantime stays without a time."""
    return sql(
        """UPDATE platform_connections SET metrics_due_at = :due
           WHERE user_id = :user_id AND id = :id AND metrics_due_at IS NOT NULL""",
        user_id=user_id,
        id=connection_id,
        due=due,
    )


def postpone(user_id: str, connection_id: str, until: datetime) -> tuple[Statement, Statement]:
    """Leave a connection alone until then: whatever of it is due earlier waits."""
    params = {"user_id": user_id, "connection_id": connection_id, "until": until}
    return (
        Statement(
            """UPDATE post_targets SET metrics_due_at = :until
               WHERE user_id = :user_id AND connection_id = :connection_id AND metrics_due_at < :until""",
            params,
        ),
        Statement(
            """UPDATE platform_connections SET metrics_due_at = :until
               WHERE user_id = :user_id AND id = :connection_id AND metrics_due_at < :until""",
            params,
        ),
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
