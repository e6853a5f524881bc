"""Seeing and taking: the data map and the export."""

from __future__ import annotations

from typing import Any

import pytest

from noillusion import db
from tests.api.harness import Answer, Client
from tests.databases import Store, fly
from tests.rows import PRINT, SEALED, one_of_each

ALICE, BOB = "auth0|alice", "auth0|bob"
RECEIPTS = "deletion_receipts"


def owned(deployment: Store, user_id: str) -> dict[str, int]:
    """How many rows of each table belong to a user."""
    return {
        table: deployment.fetch(f"SELECT COUNT(*) FROM {table} WHERE user_id = '{user_id}'")[0][0]
        for table in deployment.tables()
        if "user_id" in deployment.columns(table)
    }


def export(user_id: str = ALICE) -> Answer:
    """What a user takes along."""
    return Client(user_id).request("profile", "GET", "/v1/profile/export")


def test_the_data_map_names_every_table_and_nothing_else(deployment: Store) -> None:
    answer = Client(None).request("profile", "GET", "/v1/privacy")
    named = [entry["table"] for entry in answer.json["tables"]]
    assert sorted(named) == sorted(deployment.tables())
    assert all(entry["holds"] and entry["purpose"] and entry["kept"] for entry in answer.json["tables"])
    assert len(answer.json["never_stored"]) >= 6


def test_every_table_but_the_receipts_has_an_owner(deployment: Store) -> None:
    assert [table for table in deployment.tables() if "user_id" not in deployment.columns(table)] == [RECEIPTS]


def test_the_export_holds_every_table_with_the_users_rows_only(deployment: Store) -> None:
    fly(*one_of_each(ALICE), *one_of_each(BOB))
    answer = export()
    assert answer.status == 200, answer.text
    assert answer.json["user_id"] == ALICE and BOB not in answer.text
    assert {table: len(found) for table, found in answer.json["tables"].items()} == owned(deployment, ALICE)
    assert set(answer.json["tables"]) == set(deployment.tables()) - {RECEIPTS}


HIDDEN = ("sealed", "sealing", "fingerprint", "_hash", "lease_")


def test_the_export_holds_every_column_but_credentials_and_inner_workings(deployment: Store) -> None:
    fly(*one_of_each(ALICE))
    answer = export()
    for table, found in answer.json["tables"].items():
        shown = [name for name in deployment.columns(table) if not any(part in name for part in HIDDEN)]
        assert sorted(found[0]) == sorted(shown), table
    assert SEALED not in answer.text and PRINT not in answer.text and "sealed-marker" not in answer.text
    assert answer.json["tables"]["profiles"][0]["bio"] == "bio"


def test_the_export_of_somebody_unknown_is_empty(deployment: Store) -> None:
    assert {len(found) for found in export("auth0|nobody").json["tables"].values()} == {0}


def test_the_export_travels_in_one_flight(deployment: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    engine, flights = db.database(), []
    real = engine.flight

    async def counted(*arguments: Any) -> Any:
        flights.append(arguments)
        return await real(*arguments)

    monkeypatch.setattr(engine, "flight", counted)
    assert export().status == 200
    assert len(flights) == 1
