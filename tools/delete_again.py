"""Repeat deletions after a restore: ``python -m tools.delete_again receipts.csv [--do]``.

``receipts.csv`` contains the rows of ``deletion_receipts`` from after that point. ``DATABASE_URL`` is the restored database and
``FINGERPRINT_KEYS`` (or ``FINGERPRINT_KEY``) the keys of its keyed hashes. Without ``--do`` it only shows what it would do.

A row created after its user's receipt is never deleted: a user who returned before the restored point keeps the new account, even
if the file contains more receipts than it should.
"""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from noillusion.catalog.accounts import ERASED
from noillusion.connections.grants import SUBJECT
from noillusion.db.url import connection_string
from noillusion.privacy import windows
from noillusion.settings.values import Settings
from noillusion.vault.sealer import fingerprints

COLUMNS = ("id", "user_hash", "code_hash", "origin", "state", "counts", "revocations", "left_at", "created_at", "updated_at")
_CHILDREN = ("post_analytics", "post_figures", "post_polls", "account_analytics")
# Rows of the other tables refer to rows of these.
OWNERS = [table for table in windows.ORDER if table not in (*_CHILDREN, "post_targets")]

Receipt = dict[str, str]


def main(path: Path, *, do: bool) -> None:
    """Read the receipts and repeat their deletions."""
    with path.open(newline="") as file:
        receipts = [row for row in csv.DictReader(file) if row["user_hash"]]
    ring = Settings(os.environ).fingerprint_keys
    with psycopg.connect(connection_string(os.environ["DATABASE_URL"]), autocommit=True) as connection:
        people = _people(connection, receipts, ring)
        for user_id, left_at in people.items():
            print(f"{'deleting' if do else 'would delete'} the data of a user from before {left_at.isoformat()}")
            if do:
                _delete(connection, user_id, left_at)
        persons = _persons(connection, receipts, ring)
        print(f"{'requesting' if do else 'would request'} the erasure of {len(persons)} accounts; the chore `leaving` does it")
        if do:
            with connection.transaction():
                _put_back(connection, receipts, {receipt_id for receipt_id, _ in persons})
                _ask(connection, persons)


def _people(connection: psycopg.Connection[Any], receipts: Iterable[Receipt], ring: Any) -> dict[str, datetime]:
    """Return users of the restored database who left later, with the time."""
    left: dict[str, datetime] = {}
    for receipt in receipts:
        if receipt["origin"] == "user":
            at = datetime.fromisoformat(receipt["left_at"] or receipt["created_at"])
            left[receipt["user_hash"]] = max(at, left.get(receipt["user_hash"], at))
    found = connection.execute(" UNION ".join(f"SELECT user_id FROM {table}" for table in OWNERS).encode()).fetchall()
    people = {}
    for (user_id,) in found:
        known = [left[trace] for trace in fingerprints("deleted-user", user_id, ring=ring) if trace in left]
        if known:
            people[user_id] = max(known)
    return people


def _delete(connection: psycopg.Connection[Any], user_id: str, left_at: datetime) -> None:
    with connection.transaction():
        for table in windows.ORDER:
            connection.execute(f"DELETE FROM {table} WHERE user_id = %s AND created_at <= %s".encode(), (user_id, left_at))


def _persons(connection: psycopg.Connection[Any], receipts: Iterable[Receipt], ring: Any) -> list[tuple[str, str]]:
    """Return requests of Meta with the connections concerned."""
    asked = {receipt["user_hash"]: receipt for receipt in receipts if receipt["origin"] == "meta"}
    rows = connection.execute("SELECT id::text, platform, grant_subject, token_issued_at FROM platform_connections").fetchall()
    return [
        (asked[trace]["id"], connection_id)
        for connection_id, platform, subject, issued_at in rows
        for trace in fingerprints(SUBJECT, platform, subject, ring=ring)
        if trace in asked and issued_at <= datetime.fromisoformat(asked[trace]["created_at"])
    ]


def _put_back(connection: psycopg.Connection[Any], receipts: Iterable[Receipt], open_again: set[str]) -> None:
    """Restore the receipts, so that their codes can be found."""
    names, marks = ", ".join(COLUMNS), ", ".join(["%s"] * len(COLUMNS))
    for receipt in receipts:
        values = {**receipt, "state": "deleting" if receipt["id"] in open_again else receipt["state"]}
        connection.execute(
            f"INSERT INTO deletion_receipts ({names}) VALUES ({marks}) ON CONFLICT (id) DO NOTHING".encode(),
            [values[column] or None for column in COLUMNS],
        )


def _ask(connection: psycopg.Connection[Any], persons: Iterable[tuple[str, str]]) -> None:
    for receipt_id, connection_id in persons:
        connection.execute(
            """INSERT INTO former_accounts (id, user_id, platform, account_id, connection_id, subject_hash, erasure_id, asked_at)
               SELECT %s, user_id, platform, account_id, c.id, r.user_hash, r.id, r.created_at
               FROM platform_connections c, deletion_receipts r WHERE c.id = %s AND r.id = %s
               ON CONFLICT (connection_id) DO NOTHING""",
            (uuid4(), connection_id, receipt_id),
        )
        connection.execute(
            """UPDATE platform_connections SET status = 'reauth_required', status_reason = %s, refresh_due_at = NULL,
                 metrics_due_at = NULL WHERE id = %s""",
            (ERASED, connection_id),
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), do="--do" in sys.argv)
