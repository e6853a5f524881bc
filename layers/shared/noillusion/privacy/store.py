"""SQL of a departure: its record, the deletion of a user's rows in windows, and the receipt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from noillusion.db import Json, Query, Statement, among, query, sql
from noillusion.privacy.rows import DepartureReceipt, DepartureRow, DueDeparture, TargetId
from noillusion.privacy.windows import Window, written

# The row shows that this departure is in progress. Without it nothing may be deleted, because the user may have returned.
_GOING_ON = "EXISTS (SELECT 1 FROM departures WHERE id = :departure_id AND user_id = :user_id)"


def record(departure_id: str, user_id: str, code_hash: str, now: datetime) -> Statement:
    """Record that the user leaves, unless a departure is already in progress."""
    return sql(
        """INSERT INTO departures (id, user_id, code_hash, left_at, created_at, updated_at)
           VALUES (:id, :user_id, :code_hash, :now, :now, :now) ON CONFLICT (user_id) DO NOTHING""",
        id=departure_id,
        user_id=user_id,
        code_hash=code_hash,
        now=now,
    )


def take(user_id: str, now: datetime, until: datetime) -> Query[DepartureRow]:
    """Lease the user's departure, unless another process works on it."""
    return query(
        DepartureRow,
        """UPDATE departures SET lease_until = :until
           WHERE user_id = :user_id AND (lease_until IS NULL OR lease_until < :now) RETURNING {columns}""",
        user_id=user_id,
        now=now,
        until=until,
    )


def going_on(user_id: str) -> Query[DepartureRow]:
    """Select the user's departure."""
    return query(DepartureRow, "SELECT {columns} FROM departures WHERE user_id = :user_id", user_id=user_id)


def let_go(user_id: str, departure_id: str) -> Statement:
    """Release the lease, so that another process can continue."""
    return sql("UPDATE departures SET lease_until = NULL WHERE user_id = :user_id AND id = :id", user_id=user_id, id=departure_id)


def open_targets(user_id: str, limit: int) -> Query[TargetId]:
    """Select targets that are still worked on. Files may wait for their platforms."""
    return query(
        TargetId,
        """SELECT {columns} FROM post_targets WHERE user_id = :user_id AND next_check_at IS NOT NULL ORDER BY next_check_at
           LIMIT :limit""",
        user_id=user_id,
        limit=limit,
    )


def settle_grants(user_id: str, departure_id: str, revocations: Sequence[dict[str, Any]], settled_at: datetime) -> Statement:
    """Add the results for the grants. A grant that arrived during the departure may already be there."""
    return sql(
        """UPDATE departures SET revocations = jsonb_concat(revocations, :revocations), grants_settled_at = :settled_at
           WHERE user_id = :user_id AND id = :id""",
        user_id=user_id,
        id=departure_id,
        revocations=Json(list(revocations)),
        settled_at=settled_at,
    )


def count(user_id: str, departure_id: str, windows: Sequence[Window], until: datetime, now: datetime) -> Statement:
    """Add the rows of windows to the counts of the receipt, and record the progress. It precedes the deletion in the same flight.

    The result of a deletion cannot be used as a count, because it does not include rows deleted with their parents.
    """
    added: list[str] = []
    params: dict[str, Any] = {}
    for window in windows:
        condition, bounds = window.condition()
        before = f"COALESCE(CAST(counts ->> '{window.table}' AS bigint), 0)"
        if window.rows is not None:
            added.append(f"'{window.table}', {before} + CAST(:{window.table}_rows AS bigint)")
            params[f"{window.table}_rows"] = window.rows
            continue
        added.append(f"'{window.table}', {before} + (SELECT COUNT(*) FROM {window.table} WHERE {condition})")  # noqa: S608
        params |= bounds
    return sql(
        f"""UPDATE departures SET counts = jsonb_concat(counts, jsonb_build_object({", ".join(added)})), reached = :reached,
              lease_until = :until, updated_at = :now
            WHERE user_id = :user_id AND id = :departure_id""",  # noqa: S608 - tables and columns of the data map
        user_id=user_id,
        departure_id=departure_id,
        reached=Json({"table": windows[-1].table, "after": written(windows[-1].upto or ())}),
        until=until,
        now=now,
        **params,
    )


def delete(user_id: str, departure_id: str, window: Window) -> Statement:
    """Delete the rows of a window while the departure is in progress."""
    condition, bounds = window.condition()
    return sql(
        f"DELETE FROM {window.table} WHERE {condition} AND {_GOING_ON}",  # noqa: S608 - tables of the data map
        user_id=user_id,
        departure_id=departure_id,
        **bounds,
    )


def write_receipt(user_id: str, departure_id: str, user_hash: str, state: str, left_at: datetime, now: datetime) -> Statement:
    """Insert the receipt from the departure's row: proof of the deletion without the user's id.

    ``left_at`` is the end of the deletion, because work that began before it may have read rows that still existed.
    """
    return sql(
        """INSERT INTO deletion_receipts
             (id, user_hash, code_hash, origin, state, counts, revocations, left_at, created_at, updated_at)
           SELECT id, :user_hash, code_hash, 'user', :state, counts, revocations, :left_at, :now, :now
           FROM departures WHERE user_id = :user_id AND id = :id""",
        user_id=user_id,
        id=departure_id,
        user_hash=user_hash,
        state=state,
        left_at=left_at,
        now=now,
    )


def end(user_id: str, departure_id: str) -> Query[DepartureRow]:
    """End the departure and return its row as it was."""
    return query(
        DepartureRow,
        "DELETE FROM departures WHERE user_id = :user_id AND id = :id RETURNING {columns}",
        user_id=user_id,
        id=departure_id,
    )


def due(now: datetime, limit: int) -> Query[DueDeparture]:
    """Select departures that nobody works on, oldest first (workers only)."""
    return query(
        DueDeparture,
        """SELECT {columns} FROM departures WHERE lease_until IS NULL OR lease_until < :now
           ORDER BY created_at LIMIT :limit""",
        now=now,
        limit=limit,
    )


def by_code(code_hashes: Sequence[str]) -> tuple[Query[DepartureRow], Query[DepartureReceipt]]:
    """Select the departure or the receipt of a code; one of them exists (workers only)."""
    listed, hashes = among("code_hash", code_hashes)
    return (
        query(DepartureRow, f"SELECT {{columns}} FROM departures WHERE code_hash IN ({listed})", **hashes),  # noqa: S608 - names of parameters
        query(
            DepartureReceipt,
            f"""SELECT {{columns}} FROM deletion_receipts
                WHERE origin = 'user' AND code_hash IN ({listed})""",  # noqa: S608 - names of parameters
            **hashes,
        ),
    )
