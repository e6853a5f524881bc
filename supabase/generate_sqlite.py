"""Writes the embedded engine's schema from the migrations: ``python supabase/generate_sqlite.py [--check]``.

The migrations are the only schema anybody edits; what PostgreSQL alone has (roles, policies, functions, triggers) is left out.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import sqlglot
from sqlglot import exp

# What only PostgreSQL has becomes a command without structure, with a warning, and is left out. Mistakes are raised all the same.
logging.getLogger("sqlglot").setLevel(logging.ERROR)

ROOT = Path(__file__).resolve().parent
TARGET = ROOT.parent / "layers" / "shared" / "noillusion" / "db" / "schema.sqlite.sql"
POSTGRES_ONLY = "-- engine: postgresql"
"""The first line of a migration that the embedded engine has nothing of."""
NOW = "(strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'))"
UUID = (
    "(lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || "
    "substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))))"
)


def _type(node: exp.Expression) -> exp.Expression:
    # SQLite takes any type name; keeping PostgreSQL's lets the engine convert values by it.
    if isinstance(node, exp.DataType):
        return exp.DataType(this=exp.DataType.Type.USERDEFINED, kind=node.sql(dialect="postgres").upper())
    if isinstance(node, exp.Ordered):
        return exp.Ordered(this=node.this, desc=node.args.get("desc") or None)
    return node


def _statement(node: exp.Expression) -> str | None:
    if isinstance(node, exp.Insert):
        # Rows that come with the product. They are written in the common subset, so only the spelling changes.
        return node.sql(dialect="sqlite", comments=False)
    if not isinstance(node, exp.Create) or node.kind not in ("TABLE", "INDEX"):
        return None
    text = node.transform(_type).sql(dialect="sqlite", pretty=True)
    text = text.replace("DEFAULT CURRENT_TIMESTAMP", f"DEFAULT {NOW}").replace("DEFAULT UUID()", f"DEFAULT {UUID}")
    # In SQLite a primary key does not imply it.
    text = text.replace(" UUID PRIMARY KEY", " UUID NOT NULL PRIMARY KEY")
    return text.replace(" NULLS FIRST", "").replace(" NULLS LAST", "")


def generate() -> str:
    """The SQLite schema of all migrations, in their order."""
    parts = ["-- Generated from supabase/migrations by supabase/generate_sqlite.py. Do not edit."]
    for path in sorted((ROOT / "migrations").glob("*.sql")):
        text = path.read_text()
        if text.startswith(POSTGRES_ONLY):
            continue
        for node in sqlglot.parse(text, read="postgres"):
            statement = _statement(node) if node is not None else None
            if statement:
                parts.append(statement + ";")
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    schema = generate()
    if "--check" in sys.argv:
        if not TARGET.is_file() or TARGET.read_text() != schema:
            sys.exit("schema.sqlite.sql is not what the migrations give: run `make schema`")
    else:
        TARGET.write_text(schema)
