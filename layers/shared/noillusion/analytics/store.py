"""SQL of polling. Every statement names ``user_id`` except the two that find due work for the workers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from noillusion.analytics.rows import ACCOUNT_COUNTS, POST_COUNTS, MeasuredConnection, MeasuredTarget
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
