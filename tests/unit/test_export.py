"""What the export leaves out is named, and the examples of the API's description verify as a client would verify an export."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from importlib.resources import files

import pytest

from noillusion.privacy import data_map, export, export_store
from noillusion.privacy.models import ExportLastLine, ExportLine, ExportManifest
from tools.openapi.examples import EXPORT_PART, MANIFEST

CREDENTIALS = ("sealed", "sealing", "hash", "fingerprint", "lease", "secret", "token_", "nonce")
"""What a column that must not be given out has in its name."""
GIVEN_OUT = {"platform_connections": {"token_issued_at"}, "webhooks": {"old_secret_until"}}


@pytest.fixture(scope="module")
def columns() -> dict[str, list[str]]:
    """The columns of every table."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(files("noillusion.db").joinpath("schema.sqlite.sql").read_text())
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {table: [row[1] for row in database.execute(f"PRAGMA table_info({table})")] for table in tables}


def test_every_column_that_is_held_back_is_named_in_the_manifest(columns: dict[str, list[str]]) -> None:
    held_back = {entry.table: sorted(name for name in columns[entry.table] if export.hidden(name)) for entry in data_map.TABLES}
    assert {table: names for table, names in held_back.items() if names} == {
        table: sorted(names) for table, names in export.WITHHELD.items()
    }


def test_no_column_with_the_name_of_a_credential_is_given_out(columns: dict[str, list[str]]) -> None:
    for entry in data_map.TABLES:
        shown = {name for name in columns[entry.table] if not export.hidden(name)}
        suspicious = {name for name in shown if any(word in name for word in CREDENTIALS)}
        assert suspicious == GIVEN_OUT.get(entry.table, set()) & shown, entry.table


def test_every_key_is_of_columns_that_exist(columns: dict[str, list[str]]) -> None:
    for entry in data_map.TABLES:
        assert {export_store.key(entry.table).first, export_store.key(entry.table).second} <= set(columns[entry.table])


def test_the_example_of_an_export_verifies() -> None:
    manifest = MANIFEST
    part = EXPORT_PART
    described = ExportManifest.model_validate(manifest)
    *lines, last = part.splitlines(keepends=True)
    shown = [ExportLine.model_validate_json(line) for line in lines]
    end = ExportLastLine.model_validate_json(last).part
    assert [(line.table, 1) for line in shown] == [(table.table, table.rows) for table in described.tables]
    assert end.sha256 == hashlib.sha256("".join(lines).encode()).hexdigest()
    before = hashlib.sha256(described.export_id.encode()).hexdigest()
    assert end.chain_sha256 == hashlib.sha256(f"{before}{end.sha256}".encode()).hexdigest()
    assert end.rows == end.total_rows == {table.table: table.rows for table in described.tables}
    for table in described.tables:
        assert tuple(table.withheld) == export.WITHHELD.get(table.table, ())


def test_the_example_of_an_export_names_the_columns_that_exist(columns: dict[str, list[str]]) -> None:
    part = EXPORT_PART
    for line in part.splitlines()[:-1]:
        parsed = json.loads(line)
        assert list(parsed["row"]) == [name for name in columns[parsed["table"]] if not export.hidden(name)]
