"""Rows are dataclasses. Each that stands for a table agrees with it on both engines: columns, types, and what may be NULL."""

from __future__ import annotations

import dataclasses
import importlib
import sqlite3
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from noillusion.db import Flight, columns, query, sql
from tests.support.databases import PostgresStore
from tools.migrate import SQLITE_SCHEMA

PACKAGE = Path(SQLITE_SCHEMA).parents[1]
TYPES: dict[str, set[Any]] = {
    "uuid": {str},
    "text": {str},
    "boolean": {bool},
    "int": {int},
    "integer": {int},
    "bigint": {int},
    "timestamptz": {datetime},
    "timestamp with time zone": {datetime},
    "jsonb": {dict, list, object, Mapping, Sequence},
    "array": {list, tuple},
}
"""SQL types and what a field of theirs may be."""


def shapes() -> Iterator[type]:
    """Every dataclass that stands for a table."""
    for path in sorted(path for path in PACKAGE.rglob("*.py") if "    TABLE: ClassVar" in path.read_text()):
        module = importlib.import_module(".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts))
        for value in vars(module).values():
            if isinstance(value, type) and value.__module__ == module.__name__ and "TABLE" in vars(value):
                yield value


SHAPES = list(shapes())


def declared(shape: type) -> dict[str, tuple[type, bool]]:
    """Field → its type, and whether it may be ``None``."""
    hints = typing.get_type_hints(shape)
    found = {}
    for each in dataclasses.fields(shape):
        hint = hints[each.name]
        options = typing.get_args(hint) if typing.get_origin(hint) in (typing.Union, types.UnionType) else (hint,)
        # A union of closed sets is one of strings.
        (kind,) = {_plain(option) for option in options if option is not type(None)}
        found[each.name] = (kind, type(None) in options)
    return found


def _plain(kind: Any) -> type:
    """The type of a column's values."""
    plain: Any = object if kind is Any else typing.get_origin(kind) or kind
    return str if plain is typing.Literal or issubclass(plain, str) else plain


def embedded(table: str) -> dict[str, tuple[str, bool]]:
    """Column → its type, and whether it may be NULL, of the embedded engine's table."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(SQLITE_SCHEMA.read_text())
        rows = connection.execute(f"PRAGMA table_info({table})").fetchall()
    return {name: (kind.lower(), not required and not key) for _, name, kind, required, _, key in rows}


def migrated(store: PostgresStore, table: str) -> dict[str, tuple[str, bool]]:
    """The same of PostgreSQL's."""
    found = store.fetch(
        f"SELECT column_name, data_type, is_nullable FROM information_schema.columns WHERE table_name = '{table}'"
    )
    return {name: (kind.lower(), nullable == "YES") for name, kind, nullable in found}


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_a_row_agrees_with_its_table(shape: type, store: PostgresStore) -> None:
    # Columns that may be NULL in the table, and never are in the rows that a statement selects for this shape.
    required = getattr(shape, "NOT_NULL", ())
    assert set(required) <= declared(shape).keys()
    for known in (embedded(shape.TABLE), migrated(store, shape.TABLE)):  # type: ignore[attr-defined]
        assert known, f"no table {shape.TABLE}"  # type: ignore[attr-defined]
        for name, (kind, optional) in declared(shape).items():
            column, nullable = known[name]
            assert kind in TYPES[column], f"{name} is {column}"
            assert optional == (nullable and name not in required), f"{name} may be NULL: {nullable}"
            assert nullable or name not in required, f"{name} is never NULL anyway"


def test_there_are_rows_to_compare() -> None:
    assert {shape.__name__ for shape in SHAPES} >= {
        "NoticeRow",
        "ProfileRow",
        "AIKeyRow",
        "Author",
        "TemplateColumns",
        "TextsRow",
    }


@dataclasses.dataclass(frozen=True, slots=True)
class Pair:
    """Two columns."""

    id: str
    size: int


def test_a_flight_is_read_by_its_statements() -> None:
    pairs, none, gone = query(Pair, "SELECT {columns} FROM pairs"), query(Pair, "SELECT 1"), sql("DELETE FROM pairs RETURNING id")
    flight = Flight([gone, pairs, none], [[{"id": "x"}, {"id": "y"}], [{"id": "a", "size": 1}, {"id": "b", "size": 2}], []])
    assert pairs.text == "SELECT id, size FROM pairs" and columns(Pair, "p") == "p.id, p.size"
    assert flight[pairs] == [Pair("a", 1), Pair("b", 2)]
    assert flight.first(pairs) == flight.one(pairs) == Pair("a", 1)
    assert flight.first(none) is None and flight[none] == []
    assert flight.number_of(gone) == 2
    with pytest.raises(LookupError):
        flight.one(none)
