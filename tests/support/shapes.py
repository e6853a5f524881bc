"""Read a schema from each engine's catalog and compare: tables, columns, defaults, constraints and B-tree indexes."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlglot
from sqlglot import exp

from tests.support.databases import PostgresStore
from tools.sqlite.ledger import LEDGER

Schema = dict[str, dict[str, Any]]
SYNONYMS = {"int": "integer", "timestamp with time zone": "timestamptz"}
ACTIONS = {"a": "NO ACTION", "c": "CASCADE", "n": "SET NULL", "r": "RESTRICT", "d": "SET DEFAULT"}


CHANGES = {
    "a column": "ALTER TABLE profiles ADD COLUMN pronouns text NOT NULL DEFAULT '' CHECK (length(pronouns) <= 40);",
    "a column with the present time": "ALTER TABLE profiles ADD COLUMN seen_at timestamptz NOT NULL DEFAULT now();",
    "a table that others refer to": "ALTER TABLE posts ADD COLUMN mood text, DROP COLUMN repost_of;",
    "a column's name": "ALTER TABLE posts RENAME COLUMN id TO post_id; ALTER TABLE profiles RENAME COLUMN bio TO about;",
    "a table's name": "ALTER TABLE webhooks RENAME TO hooks; ALTER TABLE posts RENAME TO publications;",
    "a table with a view": "ALTER TABLE prompt_templates ADD COLUMN mood text;",
    "a constraint": "ALTER TABLE profiles ADD CONSTRAINT short CHECK (bio <> 'x'), DROP CONSTRAINT profiles_content_mode_check;",
    "a type": "ALTER TABLE posts ALTER COLUMN answer_status TYPE bigint, ALTER COLUMN answer_status SET DEFAULT 0;",
    "an index": "DROP INDEX posts_user_created; CREATE INDEX posts_by_user ON posts (user_id, created_at);",
    "rows": "UPDATE profiles SET bio = 'new', updated_at = now(); DELETE FROM webhook_deliveries WHERE event = 'publish_failed';",
    "a new table": "CREATE TABLE moods (id uuid PRIMARY KEY, user_id text NOT NULL REFERENCES profiles (user_id));",
    "a table that is gone": "DROP TABLE webhook_deliveries;",
}
"""Migrations by what they change. Both engines have to make the same of them."""


# ---- one spelling for what means the same -----------------------------------------------------------------------------------


def kind(name: str) -> str:
    """A type's name."""
    return SYNONYMS.get(name.lower(), name.lower())


def default(text: str | None) -> str | None:
    """A column's default."""
    if text is None:
        return None
    text = re.sub(r"::\w+", "", text)
    if "randomblob" in text:
        return "gen_random_uuid()"
    if instant := re.match(r"'(\d{4}-\d\d-\d\d[T ][\d:.]+(?:Z|\+00))'", text):
        return datetime.fromisoformat(instant[1]).isoformat()
    return "now()" if "strftime" in text else text.lower()


def condition(text: str) -> str:
    """A check's or an index's condition: without casts, brackets and spaces, lists as ``IN``."""
    text = text.lower().replace("!=", "<>").replace("substring", "substr").replace('"', "")
    text = re.sub(r"::[a-z]+(\[\])?", "", text)
    text = re.sub(r"<>\s*all\s*\(+\s*array\[([^\]]*)\]\)*", r"not in (\1)", text)
    text = re.sub(r"=\s*any\s*\(+\s*array\[([^\]]*)\]\)*", r"in (\1)", text)
    text = re.sub(r"\bnot\s+(\w+)\s+in\b", r"\1 not in", text)
    text = re.sub(r"\bnot\s+(\w+)\s+is null\b", r"\1 is not null", text)
    return re.sub(r"[\s()]", "", text)


# ---- SQLite -----------------------------------------------------------------------------------------------------------------


def of_sqlite(connection: sqlite3.Connection) -> Schema:
    """The schema as SQLite's catalog has it."""
    tables = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    return {name: _sqlite_table(connection, name, text) for name, text in tables if name != LEDGER}


def _sqlite_table(connection: sqlite3.Connection, table: str, text: str) -> dict[str, Any]:
    columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
    indexes = connection.execute(f"PRAGMA index_list({table})").fetchall()
    keys = connection.execute(f"PRAGMA foreign_key_list({table})").fetchall()
    return {
        "columns": [(name, kind(type_), bool(required), default(value)) for _, name, type_, required, value, _ in columns],
        "primary key": [name for _, name, _, _, _, place in sorted(columns, key=lambda c: c[5]) if place],
        "foreign keys": _sqlite_keys(keys),
        "unique": {tuple(_sqlite_columns(connection, name)) for _, name, _, origin, _ in indexes if origin == "u"},
        "indexes": {
            name: _sqlite_index(connection, name, bool(unique)) for _, name, unique, origin, _ in indexes if origin == "c"
        },
        "checks": sorted(condition(check) for check in _checks(text)),
    }


def _sqlite_keys(rows: list[Any]) -> set[tuple[Any, ...]]:
    """Foreign keys: columns, table and columns that they refer to, actions."""
    found: dict[int, list[Any]] = {}
    for row in sorted(rows):
        found.setdefault(row[0], []).append(row)
    return {
        (tuple(part[3] for part in parts), parts[0][2], tuple(part[4] for part in parts), parts[0][6], parts[0][5])
        for parts in found.values()
    }


def _sqlite_columns(connection: sqlite3.Connection, index: str) -> list[str | None]:
    """The columns of an index; ``None`` stands for an expression."""
    rows = connection.execute(f"PRAGMA index_xinfo({index})")
    return [name and name + (" desc" if descending else "") for _, _, name, descending, _, is_key in rows if is_key]


def _sqlite_index(connection: sqlite3.Connection, name: str, unique: bool) -> tuple[Any, ...]:
    text = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0]
    where = re.split(r"\bWHERE\b", text)[1:]
    expressions = (_keyed(column) for column in _expressions(text))
    columns = [next(expressions) if column is None else column for column in _sqlite_columns(connection, name)]
    return unique, columns, condition(where[0]) if where else None


def _expressions(text: str) -> Iterator[str]:
    """The columns of an index that are no columns of the table."""
    for column in sqlglot.parse_one(text, read="sqlite").find(exp.IndexParameters).args["columns"]:  # type: ignore[union-attr]
        if not isinstance(column.this, exp.Column):
            yield column.this.sql(dialect="sqlite")


def _keyed(column: str) -> str:
    """A column of an index, or the expression that stands for one."""
    return column if re.fullmatch(r"\w+( desc)?", column) else condition(column)


def _checks(text: str) -> Iterator[str]:
    for match in re.finditer(r"\bCHECK\s*\(", text):
        depth, start = 1, match.end()
        end = start
        while depth:
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            end += 1
        yield text[start : end - 1]


# ---- PostgreSQL -------------------------------------------------------------------------------------------------------------

COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY c.relname, a.attnum"""
CONSTRAINTS = """
SELECT c.relname, k.contype::text, pg_get_expr(k.conbin, k.conrelid), f.relname, k.confdeltype::text, k.confupdtype::text,
  ARRAY(SELECT attname::text FROM unnest(k.conkey) WITH ORDINALITY u(n, i)
        JOIN pg_attribute ON attrelid = k.conrelid AND attnum = n ORDER BY i),
  ARRAY(SELECT attname::text FROM unnest(k.confkey) WITH ORDINALITY u(n, i)
        JOIN pg_attribute ON attrelid = k.confrelid AND attnum = n ORDER BY i)
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid LEFT JOIN pg_class f ON f.oid = k.confrelid
WHERE k.connamespace = 'public'::regnamespace AND k.contype <> 'n'"""
INDEXES = """
SELECT c.relname, i.relname, x.indisunique, pg_get_expr(x.indpred, x.indrelid),
  ARRAY(SELECT trim('"' from pg_get_indexdef(i.oid, n, false)) ||
          CASE WHEN pg_index_column_has_property(i.oid, n, 'desc') THEN ' desc' ELSE '' END
        FROM generate_series(1, x.indnkeyatts) n ORDER BY n)
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid AND i.relam = (SELECT oid FROM pg_am WHERE amname = 'btree')
JOIN pg_class c ON c.oid = x.indrelid
WHERE c.relnamespace = 'public'::regnamespace AND '"C"'::regcollation::oid <> ALL (x.indcollation) AND NOT EXISTS (
  SELECT 1 FROM pg_constraint k WHERE k.conindid = i.oid AND k.contype <> 'f')"""
"""Without those by code points, which only PostgreSQL has (20261128080000_sealed_heads_access.sql)."""


def of_postgres(store: PostgresStore) -> Schema:
    """The schema as PostgreSQL's catalog has it."""
    schema: Schema = {}
    for table, name, type_, required, value in store.fetch(COLUMNS):
        empty: dict[str, Any] = {
            "columns": [],
            "primary key": [],
            "foreign keys": set(),
            "unique": set(),
            "indexes": {},
            "checks": [],
        }
        schema.setdefault(table, empty)["columns"].append((name, kind(type_), required, default(value)))
    for table, sort, check, other, delete, update, columns, others in store.fetch(CONSTRAINTS):
        found = schema[table]
        if sort == "p":
            found["primary key"] = columns
        elif sort == "u":
            found["unique"].add(tuple(columns))
        elif sort == "f":
            found["foreign keys"].add((tuple(columns), other, tuple(others), ACTIONS[delete], ACTIONS[update]))
        else:
            found["checks"] = sorted([*found["checks"], condition(check)])
    for table, name, unique, where, columns in store.fetch(INDEXES):
        schema[table]["indexes"][name] = (unique, [_keyed(column) for column in columns], condition(where) if where else None)
    return schema


# ---- the comparison ---------------------------------------------------------------------------------------------------------


def differences(one: Schema, other: Schema) -> list[str]:
    """What differs, in words."""
    found = [f"only one has {table}" for table in sorted(set(one) ^ set(other))]
    for table in sorted(set(one) & set(other)):
        found += [
            f"{table}, {part}: {one[table][part]} / {other[table][part]}"
            for part in one[table]
            if one[table][part] != other[table][part]
        ]
    return found
