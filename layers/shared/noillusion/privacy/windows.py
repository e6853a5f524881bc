"""Windows of a user's rows for deletion: children before their parents, each window a range of an index of the table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from noillusion.core.records import record
from noillusion.db import Query, query
from noillusion.privacy.data_map import TABLES
from noillusion.privacy.rows import WindowEnd

SIZE = 5_000
"""Rows of the first window: a few hundredths of a second for a database, far below any time limit."""
LEAST, MOST = 500, 150_000
"""Rows of a window for a slow and for a fast database; larger windows read the same pages less often."""
QUICK_S, SLOW_S = 0.7, 2.5
ORDER: tuple[str, ...] = tuple(entry.table for entry in TABLES)
KEYS: Mapping[str, tuple[str, ...]] = {
    "post_analytics": ("target_id", "polled_at"),
    "post_figures": ("target_id",),
    "post_polls": ("connection_id", "target_id"),
    "account_analytics": ("connection_id", "polled_at"),
    # Attempts refer to earlier ones of the same post, so a window never separates them.
    "post_targets": ("post_id",),
    "platform_connections": ("platform", "account_id"),
    "ai_provider_keys": ("provider",),
    "ai_provider_state": ("provider", "model"),
    "ai_spending": ("month",),
    "request_counts": ("kind",),
    "slot_plans": ("connection_id",),
    "schedule_targets": ("schedule_id", "id"),
    "prompt_template_choices": ("template_id",),
    "prompt_template_ratings": ("template_id",),
    "prompt_template_versions": ("template_id", "version"),
}
"""Columns that order a table, if not the creation time of its rows; they follow ``user_id`` in an index."""
_PLAIN = ("created_at", "id")


@record()
class Window:
    """Rows of a user in one table: those whose keys are greater than ``after`` and at most ``upto`` (``None``: no such bound)."""

    table: str
    after: tuple[Any, ...] | None = None
    upto: tuple[Any, ...] | None = None
    rows: int | None = None
    """Number of rows, if known: a full window of a table with unique keys has as many as were skipped."""

    def condition(self) -> tuple[str, dict[str, Any]]:
        """Return the SQL condition for these rows, and its parameters in addition to ``:user_id``."""
        text = "user_id = :user_id"
        params: dict[str, Any] = {}
        for name, comparison, bound in (("after", ">", self.after), ("upto", "<=", self.upto)):
            if bound is not None:
                names = [f"{self.table}_{name}_{column}" for column in keys(self.table)]
                text += f" AND ({', '.join(keys(self.table))}) {comparison} ({', '.join(':' + n for n in names)})"
                params |= dict(zip(names, bound, strict=True))
        return text, params


def keys(table: str) -> tuple[str, ...]:
    """Return the one or two columns that order a table."""
    return KEYS.get(table, _PLAIN)


def known_rows(table: str, size: int) -> int | None:
    """Return the number of rows of a full window, if its keys determine it."""
    return None if table in ("post_targets",) else size


def next_size(size: int, seconds: float) -> int:
    """Return the size of the next window after one of this size that took so long."""
    if seconds < QUICK_S:
        return min(2 * size, MOST)
    return max(size // 2, LEAST) if seconds > SLOW_S else size


def written(values: tuple[Any, ...]) -> list[Any]:
    """Return a key as JSON."""
    return [{"at": value.isoformat()} if isinstance(value, datetime) else value for value in values]


def read(values: list[Any]) -> tuple[Any, ...]:
    """Return a key from :func:`written`."""
    return tuple(datetime.fromisoformat(value["at"]) if isinstance(value, dict) else value for value in values)


def end_of_window(user_id: str, table: str, after: tuple[Any, ...] | None = None, size: int | None = None) -> Query[WindowEnd]:
    """Select the key of the last row of a full window after ``after``. No row if fewer rows are left."""
    condition, params = Window(table, after).condition()
    first, *second = keys(table)
    return query(
        WindowEnd,
        f"""SELECT {first} AS first, {second[0] if second else "NULL"} AS second FROM {table} WHERE {condition}
            ORDER BY {", ".join(keys(table))} LIMIT 1 OFFSET :skipped""",  # noqa: S608 - names above
        user_id=user_id,
        skipped=(size or SIZE) - 1,
        **params,
    )


def end(table: str, row: WindowEnd | None) -> tuple[Any, ...] | None:
    """Return the key of the window's last row."""
    return None if row is None else (row.first, row.second)[: len(keys(table))]
