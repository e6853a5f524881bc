"""What is over never changes: on both engines a trigger refuses each column of it but those that are learned later."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from tests.support.databases import Store, fly
from tests.support.rows import insert, rows

ALICE = "auth0|alice"
REFUSED = (sqlite3.IntegrityError, psycopg.errors.CheckViolation)
IDS = {"id", "post_id", "retry_of", "schedule_id", "target_id", "connection_id", "lease_owner"}
NUMBERS = {"position", "attempt", "checks", "platform_ahead_ms", "check_stage", "check_changes"}
LEARNED = {
    "post_targets": {
        "connection_id",
        "deleted_at",
        "metrics_due_at",
        "updated_at",
        "lease_owner",
        "lease_until",
        "next_check_at",
    },
    "schedule_occurrences": {"post_id", "connection_id", "updated_at"},
}
"""Columns that may change afterwards."""
EDITED = {"permalink", "edited_at", "edit_status", "edit_error_class", "edit_code"}
"""Those of a target that is public."""
ONCE = {"platform_post_id", "post_created_at", "request_fingerprint"}
"""Those that may be learned, or erased."""


def another(column: str) -> str:
    """Another value of a column. Triggers come before other rules, so that it need not be a valid one."""
    if column in IDS:
        return f"'{uuid4()}'"
    if column in NUMBERS:
        return "77"
    if column.endswith("_at") or column == "lease_until":
        return "'2031-01-01T00:00:00.000000Z'"
    return {"handles": """'["x"]'""", "slot": "true"}.get(column, "'another'")


def over(table: str, state: str) -> str:
    """A row that is over, and what it refers to."""
    made: dict[str, Any] = rows()
    if table == "post_targets":
        row = {**made[table], "status": state, "accepted_id": "a", "platform_post_id": "p", "request_fingerprint": "f"}
        row |= {"error_class": "transient"} if state == "failed" else {}
        fly(insert("posts", ALICE, **made["posts"]), insert(table, ALICE, **row))
    else:
        row = {"id": str(uuid4()), **made[table], "state": state}
        fly(*(insert(name, ALICE, **made[name]) for name in ("schedules", "schedule_targets")), insert(table, ALICE, **row))
    return str(row["id"])


def changes(deployment: Store, table: str, state: str) -> Iterator[str]:
    """The columns that a row refuses to change."""
    for column in deployment.columns(table):
        free = LEARNED[table] | (EDITED if state in ("published", "delivered_to_inbox") else set())
        if column not in free and column not in ("post_created_at",):
            yield column


@pytest.mark.parametrize(
    ("table", "state"),
    [
        *(("post_targets", state) for state in ("published", "delivered_to_inbox", "failed", "canceled", "missed")),
        *(("schedule_occurrences", state) for state in ("published", "missed", "failed", "unknown", "canceled", "skipped")),
    ],
)
def test_B10_nothing_of_what_is_over_changes_but_what_is_learned_later(deployment: Store, table: str, state: str) -> None:
    row = over(table, state)
    for column in changes(deployment, table, state):
        with pytest.raises(REFUSED, match="does not change"):
            deployment.execute(f"UPDATE {table} SET {column} = {another(column)} WHERE id = '{row}'")
    for column in ("updated_at", "connection_id") if table == "schedule_occurrences" else ("updated_at", "deleted_at"):
        value = "NULL" if column == "connection_id" else another(column)
        deployment.execute(f"UPDATE {table} SET {column} = {value} WHERE id = '{row}'")


def test_B10_what_is_learned_of_a_target_afterwards_is_kept(deployment: Store) -> None:
    row = over("post_targets", "published")
    for column in ("request_fingerprint", "permalink", "connection_id"):
        deployment.execute(f"UPDATE post_targets SET {column} = NULL WHERE id = '{row}'")
    for column in sorted(EDITED - {"edit_status"}):
        deployment.execute(f"UPDATE post_targets SET {column} = {another(column)} WHERE id = '{row}'")
    assert deployment.fetch("SELECT permalink, status FROM post_targets") == [("another", "published")]
