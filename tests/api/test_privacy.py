"""Seeing what is held: the data map against the schema."""

from __future__ import annotations

from tests.api.harness import Client
from tests.support.databases import Store

RECEIPTS = "deletion_receipts"


def test_the_data_map_names_every_table_and_nothing_else(deployment: Store) -> None:
    answer = Client(None).request("profile", "GET", "/v1/privacy")
    named = [entry["table"] for entry in answer.json["tables"]]
    assert sorted(named) == sorted(deployment.tables())
    assert all(entry["holds"] and entry["purpose"] and entry["kept"] for entry in answer.json["tables"])
    assert len(answer.json["never_stored"]) >= 6


def test_every_table_but_those_that_outlast_a_person_has_an_owner(deployment: Store) -> None:
    unowned = [table for table in deployment.tables() if "user_id" not in deployment.columns(table)]
    assert unowned == ["ai_operator_spending", RECEIPTS]
    assert all("user_hash" in deployment.columns(table) for table in unowned)
