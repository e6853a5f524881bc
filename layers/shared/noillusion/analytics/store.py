"""SQL of polling. Every statement names ``user_id`` except the two that find due work for the workers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import uuid4

from noillusion.analytics.history import Reading
from noillusion.analytics.rows import (
    ACCOUNT_COUNTS,
    POST_COUNTS,
    AccountReadingRow,
    DueRow,
    FiguresRow,
    MeasuredConnection,
    MeasuredTarget,
)
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


def targets(
    user_id: str, connection_id: str, target_ids: Sequence[str]
) -> tuple[Query[MeasuredTarget], Query[DueRow], Query[FiguresRow]]:
    """Select the named targets of one connection, the rows of due times that they name, and what is known of each target."""
    names, params = _named(target_ids)
    of_user = {"user_id": user_id, **params}
    return (
        query(
            MeasuredTarget,
            f"""SELECT {{columns}} FROM post_targets
                WHERE user_id = :user_id AND connection_id = :connection_id AND id IN ({names}) AND deleted_at IS NULL""",  # noqa: S608 - parameter names
            connection_id=connection_id,
            **of_user,
        ),
        query(
            DueRow,
            f"SELECT {{columns}} FROM post_polls WHERE user_id = :user_id AND target_id IN ({names})",  # noqa: S608 - parameter names
            **of_user,
        ),
        query(
            FiguresRow,
            f"SELECT {{columns}} FROM post_figures WHERE user_id = :user_id AND target_id IN ({names})",  # noqa: S608 - parameter names
            **of_user,
        ),
    )


def account(user_id: str, connection_id: str) -> tuple[Query[AccountReadingRow], Query[AccountReadingRow]]:
    """Select the last row and the last good row of an account's history."""

    def last(only: str) -> Query[AccountReadingRow]:
        return query(
            AccountReadingRow,
            f"""SELECT {{columns}} FROM account_analytics WHERE user_id = :user_id AND connection_id = :connection_id{only}
                ORDER BY polled_at DESC LIMIT 1""",  # noqa: S608 - constants
            user_id=user_id,
            connection_id=connection_id,
        )

    return last(""), last(" AND status = 'ok'")


_STAMPS = ":user_id, :now, :now, :now"


@lru_cache(maxsize=256)
def _rows(columns: tuple[str, ...], count: int, constant: str) -> tuple[str, tuple[tuple[str, ...], ...]]:
    """Return the text of so many rows, which end with what is the same in all of them, and the names of each row's parameters."""
    names = tuple(tuple(_numbered(column, number) for column in columns) for number in range(count))
    return ", ".join(f"({', '.join([*(f':{name}' for name in row), *([constant] if constant else ())])})" for row in names), names


def _valued(columns: tuple[str, ...], rows: Sequence[Sequence[Any]], constant: str = _STAMPS) -> tuple[str, dict[str, Any]]:
    """Return the text of rows of values, and their parameters."""
    text, names = _rows(columns, len(rows), constant)
    return text, {name: value for row, values in zip(names, rows, strict=True) for name, value in zip(row, values, strict=True)}


def add_history(table: str, user_id: str, now: datetime, readings: Mapping[str, Reading]) -> Statement:
    """Insert rows of history in one statement: subject id → reading."""
    subject, counts = _TABLES[table]
    columns = ("id", subject, "status", "reason", *counts, "extra")
    values, params = _valued(
        columns,
        [
            (
                str(uuid4()),
                subject_id,
                "ok" if reason is None else "unavailable",
                reason,
                *map(figures.get, counts),
                _extra(figures),
            )
            for subject_id, (reason, figures) in readings.items()
        ],
    )
    return sql(
        f"""INSERT INTO {table} ({", ".join(columns)}, user_id, polled_at, created_at, updated_at)
            VALUES {values}""",  # noqa: S608 - names from constants
        user_id=user_id,
        now=now,
        **params,
    )


def _extra(figures: Mapping[str, Any]) -> Json:
    return Json(dict(figures.get("extra") or {}))


_PLACES = {name: f"v.column{place}" for place, name in enumerate(("target_id", "reason", *POST_COUNTS, "extra"), 1)}
"""Both engines give the columns of ``VALUES`` these names."""
_GOOD = f"{_PLACES['reason']} IS NULL"
_RENEWED = ", ".join(
    f"{name} = CASE WHEN {_GOOD} THEN {value} ELSE post_figures.{name} END"
    for name, value in {
        # Values that are all unknown have no type otherwise.
        **{count: f"CAST({_PLACES[count]} AS bigint)" for count in POST_COUNTS},
        "extra": _PLACES["extra"],
        "good_at": ":now",
    }.items()
)


def put_figures(
    user_id: str, now: datetime, expires_at: datetime | None, readings: Mapping[str, Reading], known: Collection[str]
) -> list[Statement]:
    """Write the newest figures of targets in one statement, or in two where not all of them have some already (``known``).

    An attempt that brought nothing leaves the last good ones. Figures of a post that had none are kept until ``expires_at``.
    """
    first = {target_id: reading for target_id, reading in readings.items() if target_id not in known}
    later = {target_id: reading for target_id, reading in readings.items() if target_id in known}
    return [
        *([_first_figures(user_id, now, expires_at, first)] if first else ()),
        *([_later_figures(user_id, now, later)] if later else ()),
    ]


def _first_figures(user_id: str, now: datetime, expires_at: datetime | None, readings: Mapping[str, Reading]) -> Statement:
    """Insert figures. Those that somebody else wrote in the meantime stay."""
    columns = ("target_id", "reason", "failures", "good_at", *POST_COUNTS, "extra")
    values, params = _valued(
        columns,
        [
            (target_id, reason, int(bool(reason)), None if reason else now, *map(figures.get, POST_COUNTS), _extra(figures))
            for target_id, (reason, figures) in readings.items()
        ],
        f"{_STAMPS}, :expires_at",
    )
    return sql(
        f"""INSERT INTO post_figures ({", ".join(columns)}, user_id, read_at, created_at, updated_at, expires_at)
            VALUES {values} ON CONFLICT (target_id) DO NOTHING""",  # noqa: S608 - names from constants
        user_id=user_id,
        now=now,
        expires_at=expires_at,
        **params,
    )


def _later_figures(user_id: str, now: datetime, readings: Mapping[str, Reading]) -> Statement:
    """Change figures. An upsert would lock each row before it changes it, and PostgreSQL writes its locks."""
    names, ids = _named(list(readings))
    values, params = _valued(
        tuple(_PLACES),
        [
            (target_id, reason, *map(figures.get, POST_COUNTS), _extra(figures))
            for target_id, (reason, figures) in readings.items()
        ],
        "",
    )
    return sql(
        f"""UPDATE post_figures SET read_at = :now, updated_at = :now, reason = {_PLACES["reason"]},
              failures = CASE WHEN {_GOOD} THEN 0 ELSE post_figures.failures + 1 END, {_RENEWED}
            FROM (VALUES {values}) AS v
            WHERE post_figures.user_id = :user_id AND post_figures.target_id IN ({names})
              AND CAST(post_figures.target_id AS text) = {_PLACES["target_id"]}""",  # noqa: S608 - names from constants
        user_id=user_id,
        now=now,
        **params,
        **ids,
    )
