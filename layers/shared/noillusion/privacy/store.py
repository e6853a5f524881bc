"""SQL of export and deletion. Table names come from the data map only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from noillusion.db import Json, Statement, sql
from noillusion.privacy.data_map import TABLES

_KNOWN = frozenset(entry.table for entry in TABLES)


def everything(user_id: str, table: str) -> Statement:
    """Every row of one table that belongs to the user."""
    return sql(f"SELECT * FROM {_known(table)} WHERE user_id = :user_id ORDER BY created_at, id", user_id=user_id)  # noqa: S608


def delete(user_id: str, table: str) -> Statement:
    """Delete the user's rows of one table; returns their ids for counting."""
    return sql(f"DELETE FROM {_known(table)} WHERE user_id = :user_id RETURNING id", user_id=user_id)  # noqa: S608


def _known(table: str) -> str:
    if table not in _KNOWN:
        raise ValueError("not a table of the data map")
    return table


def receipt(receipt_id: str, user_hash: str, code_hash: str, state: str, counts: Mapping[str, int], now: datetime) -> Statement:
    """Proof of a deletion, without the user's id."""
    return sql(
        """INSERT INTO deletion_receipts (id, user_hash, code_hash, origin, state, counts, created_at, updated_at)
           VALUES (:id, :user_hash, :code_hash, 'user', :state, :counts, :now, :now)""",
        id=receipt_id,
        user_hash=user_hash,
        code_hash=code_hash,
        state=state,
        counts=Json(dict(counts)),
        now=now,
    )
