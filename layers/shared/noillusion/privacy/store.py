"""SQL of deletion. Table names come from the data map only."""

from __future__ import annotations

from datetime import datetime

from noillusion.db import Statement, sql
from noillusion.privacy.data_map import TABLES

_KNOWN = frozenset(entry.table for entry in TABLES)


def counts(user_id: str) -> Statement:
    """How many rows of each table belong to the user."""
    columns = ", ".join(f"{_count(entry.table)} AS {entry.table}" for entry in TABLES)
    return sql(f"SELECT {columns}", user_id=user_id)


def _count(table: str) -> str:
    return f"(SELECT COUNT(*) FROM {_known(table)} WHERE user_id = :user_id)"  # noqa: S608 - names of the data map


def delete(user_id: str, table: str) -> Statement:
    """Delete the user's rows of one table, and what hangs on them."""
    return sql(f"DELETE FROM {_known(table)} WHERE user_id = :user_id", user_id=user_id)  # noqa: S608


def _known(table: str) -> str:
    if table not in _KNOWN:
        raise ValueError("not a table of the data map")
    return table


def receipt(user_id: str, receipt_id: str, user_hash: str, code_hash: str, state: str, now: datetime) -> Statement:
    """Proof of a deletion, without the user's id. It counts the rows itself, so it stands before them in their flight.

    What a deletion returns would not do as a count: rows that go with their parents are not among it.
    """
    pairs = ", ".join(f"'{entry.table}', {_count(entry.table)}" for entry in TABLES)
    return sql(
        f"""INSERT INTO deletion_receipts (id, user_hash, code_hash, origin, state, counts, created_at, updated_at)
           VALUES (:id, :user_hash, :code_hash, 'user', :state, jsonb_build_object({pairs}), :now, :now)""",  # noqa: S608
        user_id=user_id,
        id=receipt_id,
        user_hash=user_hash,
        code_hash=code_hash,
        state=state,
        now=now,
    )
