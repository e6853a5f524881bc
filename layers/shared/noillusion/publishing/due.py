"""Accounts for which something is due. Whatever will act through accounts later adds its query to :data:`SOURCES`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from noillusion.db import Statement, sql


def open_publications(until: datetime) -> Statement:
    """Select the connections of publications that go on by then (workers only)."""
    return sql(
        """SELECT connection_id FROM post_targets WHERE connection_id IS NOT NULL AND next_check_at <= :due_until
             AND next_check_at IS NOT NULL AND status IN ('pending', 'preparing', 'committing', 'processing', 'unknown')""",
        due_until=until,
    )


SOURCES: Final[Sequence[Callable[[datetime], Statement]]] = (open_publications,)
"""Queries of the ids of connections with something due until a time."""


def connections(until: datetime) -> list[Statement]:
    """Return the queries of the ids of connections with something due by then."""
    return [source(until) for source in SOURCES]
