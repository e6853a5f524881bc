"""SQL of the export: rows of one table in an order that never changes, so that parts have no gaps or overlaps.

Table names come only from the data map.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from noillusion.core.records import record
from noillusion.db import Query, Row, Statement, query, sql
from noillusion.privacy import data_map

Place = tuple[Any, Any]
"""Position of a row in its table: the values of its key."""
COUNTED_AT_MOST = 5_000_000
"""Maximum number of rows counted in one table. Counting more could exceed the time limit of a statement."""


@record()
class Key:
    """Two columns that order a user's rows. They never change and are unique together. With ``user_id`` before them they begin
    an index, or few rows have the same first one."""

    first: str
    second: str
    read_first: Callable[[str], Any]
    read_second: Callable[[str], Any]

    def of(self, row: Row) -> Place:
        """Return the position of a row."""
        return row[self.first], row[self.second]

    def parse(self, first: str, second: str) -> Place:
        """Return the position from its text form."""
        return self.read_first(first), self.read_second(second)


@record()
class RowCount:
    """The number of rows of a table."""

    rows: int


_instant = datetime.fromisoformat
BY_CREATION = Key("created_at", "id", _instant, str)
KEYS: Mapping[str, Key] = {
    # Large tables are read along an index that exists anyway.
    "post_analytics": Key("target_id", "polled_at", str, _instant),
    "post_figures": Key("target_id", "id", str, str),
    "post_polls": Key("connection_id", "target_id", str, str),
    "account_analytics": Key("connection_id", "polled_at", str, _instant),
    "post_targets": Key("post_id", "id", str, str),
    "schedule_targets": Key("schedule_id", "id", str, str),
    "prompt_template_versions": Key("template_id", "version", str, int),
    "prompt_template_ratings": Key("template_id", "id", str, str),
    "prompt_template_choices": Key("template_id", "id", str, str),
}


def key(table: str) -> Key:
    """Return the key by which a table is read."""
    return KEYS.get(table, BY_CREATION)


def rows(user_id: str, table: str, after: Place | None, limit: int) -> Statement:
    """Read up to ``limit`` of the user's rows after a position."""
    by = key(table)
    params: dict[str, Any] = {"user_id": user_id, "limit": limit}
    behind = ""
    if after is not None:
        behind = f"AND ({by.first}, {by.second}) > (:first, :second)"
        params |= {"first": after[0], "second": after[1]}
    return sql(
        f"""SELECT * FROM {_known(table)} WHERE user_id = :user_id {behind}
            ORDER BY {by.first}, {by.second} LIMIT :limit""",  # noqa: S608 - names of the data map and of the keys above
        **params,
    )


def count(user_id: str, table: str) -> Query[RowCount]:
    """Count the user's rows of one table, up to :data:`COUNTED_AT_MOST`."""
    return query(
        RowCount,
        f"SELECT COUNT(*) AS rows FROM (SELECT 1 FROM {_known(table)} WHERE user_id = :user_id LIMIT :most) AS found",  # noqa: S608
        user_id=user_id,
        most=COUNTED_AT_MOST,
    )


def _known(table: str) -> str:
    if all(table != entry.table for entry in data_map.TABLES):
        raise ValueError("not a table of the data map")
    return table
