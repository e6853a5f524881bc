"""Generate the SQLite schema from the migrations: ``python -m tools.sqlite_schema [--check]``.

Only the migrations are edited. They are applied in order, so a later one can change what an earlier one created. Parts that only
PostgreSQL has (roles, policies, functions, triggers, changes of rows) belong in a migration that begins with
:data:`POSTGRES_ONLY`. Anything else that this generator does not know is refused.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import sqlglot
from sqlglot import exp

# sqlglot only warns about statements it cannot parse; here they are refused with the file name.
logging.getLogger("sqlglot").setLevel(logging.ERROR)

ROOT = Path(__file__).resolve().parents[1]
MIGRATIONS = ROOT / "supabase" / "migrations"
TARGET = ROOT / "layers" / "shared" / "noillusion" / "db" / "schema.sqlite.sql"
POSTGRES_ONLY = "-- engine: postgresql"
"""First line of a migration that SQLite skips."""
TRIGGERS = ROOT / "supabase" / "triggers.sqlite.sql"
"""Triggers that keep counters, in place of PostgreSQL functions."""
NOW = "(strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'))"
UUID = (
    "(lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || "
    "substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))))"
)

_ROW_SECURITY = re.compile(r"^ALTER TABLE \w+ ENABLE ROW LEVEL SECURITY$")
"""Omitted, because SQLite has one user."""


class UnknownStatement(Exception):
    """A migration contains something that cannot be converted to SQLite."""


class Schema:
    """Tables, views, indexes and seed rows after some migrations, as syntax trees in order of creation."""

    def __init__(self) -> None:
        self.tables: dict[str, exp.Create] = {}
        self.views: dict[str, exp.Create] = {}
        self.indexes: dict[str, exp.Create] = {}
        self.rows: list[exp.Insert] = []

    def apply(self, node: exp.Expression) -> None:
        """Apply one statement to the schema. Raises :class:`UnknownStatement` if that is not possible."""
        if isinstance(node, exp.Create) and node.kind == "TABLE":
            self.tables.setdefault(node.this.this.name, node)
        elif isinstance(node, exp.Create) and node.kind == "VIEW":
            self.views[node.this.name] = node
        elif isinstance(node, exp.Create) and node.kind == "INDEX":
            self.indexes.setdefault(node.this.name, node)
        elif isinstance(node, exp.Drop) and node.args.get("kind") in ("TABLE", "INDEX"):
            self._drop(node)
        elif isinstance(node, exp.Alter) and node.args.get("kind") == "TABLE":
            for action in node.args["actions"]:
                self._alter(node.this.name, action)
        elif isinstance(node, exp.Insert):
            # Seed rows use the common subset of SQL, so only the spelling changes.
            self.rows.append(node)
        elif not isinstance(node, exp.Command) or not _ROW_SECURITY.search(node.sql(dialect="postgres", comments=False)):
            raise UnknownStatement(node.sql(dialect="postgres", comments=False)[:80])

    def _drop(self, node: exp.Drop) -> None:
        there = self.tables if node.args["kind"] == "TABLE" else self.indexes
        for name in (table.name for table in node.args["tables"]):
            if name not in there and not node.args.get("exists"):
                raise UnknownStatement(f"drops {name}, which is not there")
            there.pop(name, None)
            if there is self.tables:
                self.indexes = {key: made for key, made in self.indexes.items() if _table_of(made) != name}

    def _alter(self, table: str, action: exp.Expression) -> None:
        if table not in self.tables:
            raise UnknownStatement(f"alters {table}, which is not there")
        body = self.tables[table].this
        if isinstance(action, exp.ColumnDef):
            _add_column(body, action)
        elif isinstance(action, exp.AlterColumn):
            _alter_column(_column(body, action.this.name), action)
        elif isinstance(action, exp.AddConstraint):
            body.set("expressions", [*body.expressions, *(constraint.copy() for constraint in action.expressions)])
        elif isinstance(action, exp.Drop) and action.args.get("kind") == "COLUMN":
            for name in (column.name for column in action.args["tables"]):
                body.set("expressions", [part for part in body.expressions if part is not _column(body, name)])
        elif isinstance(action, exp.Drop) and action.args.get("kind") == "CONSTRAINT":
            for name in (constraint.name for constraint in action.args["tables"]):
                _drop_constraint(table, body, name, missing_ok=bool(action.args.get("exists")))
        else:
            raise UnknownStatement(f"{table}: {action.sql(dialect='postgres')[:80]}")

    def statements(self) -> list[str]:
        """Return the schema as SQLite statements: each table with its indexes, then views and rows."""
        made = []
        for name, table in self.tables.items():
            made += [table, *(index for index in self.indexes.values() if _table_of(index) == name)]
        views = map(_view, self.views.values())
        return [*map(_definition, made), *views, *(row.sql(dialect="sqlite", comments=False) for row in self.rows)]


def _table_of(index: exp.Create) -> str:
    return str(index.this.args["table"].name)


def _column(body: exp.Schema, name: str) -> exp.ColumnDef:
    for part in body.expressions:
        if isinstance(part, exp.ColumnDef) and part.name == name:
            return part
    raise UnknownStatement(f"{body.this.name} has no column {name}")


def _add_column(body: exp.Schema, column: exp.ColumnDef) -> None:
    """Add a column after the existing ones and before the constraints."""
    columns = [part for part in body.expressions if isinstance(part, exp.ColumnDef)]
    if any(part.name == column.name for part in columns):
        if not column.args.get("exists"):
            raise UnknownStatement(f"{body.this.name} has a column {column.name} already")
        return
    added = column.copy()
    added.set("exists", None)
    others = [part for part in body.expressions if not isinstance(part, exp.ColumnDef)]
    body.set("expressions", [*columns, added, *others])


def _without(column: exp.ColumnDef, *kinds: type[exp.Expression]) -> list[exp.Expression]:
    return [part for part in column.args.get("constraints") or [] if not isinstance(part.args["kind"], kinds)]


def _alter_column(column: exp.ColumnDef, action: exp.AlterColumn) -> None:
    if "allow_null" in action.args:
        kind: type[exp.Expression] = exp.NotNullColumnConstraint
        added = [] if action.args["allow_null"] else [exp.ColumnConstraint(kind=kind())]
    elif action.args.get("default") is not None or (action.args.get("drop") and not action.args.get("dtype")):
        kind = exp.DefaultColumnConstraint
        value = action.args.get("default")
        added = [exp.ColumnConstraint(kind=kind(this=value.copy()))] if value is not None else []
    else:
        raise UnknownStatement(action.sql(dialect="postgres"))
    column.set("constraints", [*_without(column, kind), *added])


def _drop_constraint(table: str, body: exp.Schema, name: str, *, missing_ok: bool) -> None:
    """Drop a constraint by its name, or by PostgreSQL's default name ``{table}_{columns}_{check|key|fkey}``."""
    for part in body.expressions:
        if name == (part.name if isinstance(part, exp.Constraint) else _implicit_name(table, part)):
            body.set("expressions", [other for other in body.expressions if other is not part])
            return
        kinds = _kinds_by_name(table, part.name) if isinstance(part, exp.ColumnDef) else {}
        if name in kinds and len(_without(part, kinds[name])) < len(part.args["constraints"]):
            part.set("constraints", _without(part, kinds[name]))
            return
    if not missing_ok:
        raise UnknownStatement(f"{table} has no constraint {name}")


def _implicit_name(table: str, part: exp.Expression) -> str | None:
    if isinstance(part, exp.UniqueColumnConstraint):
        return "_".join([table, *(column.name for column in part.this.expressions), "key"])
    return None


def _kinds_by_name(table: str, column: str) -> dict[str, type[exp.Expression]]:
    return {
        f"{table}_{column}_check": exp.CheckColumnConstraint,
        f"{table}_{column}_key": exp.UniqueColumnConstraint,
        f"{table}_{column}_fkey": exp.Reference,
    }


def _type(node: exp.Expression) -> exp.Expression:
    # SQLite accepts any type name; PostgreSQL's names let the engine convert values by type.
    if isinstance(node, exp.DataType):
        return exp.DataType(this=exp.DataType.Type.USERDEFINED, kind=node.sql(dialect="postgres").upper())
    if isinstance(node, exp.Ordered):
        return exp.Ordered(this=node.this, desc=node.args.get("desc") or None)
    return node


def _definition(node: exp.Create) -> str:
    text = node.transform(_type).sql(dialect="sqlite", pretty=True)
    text = text.replace("DEFAULT CURRENT_TIMESTAMP", f"DEFAULT {NOW}").replace("DEFAULT UUID()", f"DEFAULT {UUID}")
    # In SQLite, a primary key does not imply NOT NULL.
    text = text.replace(" UUID PRIMARY KEY", " UUID NOT NULL PRIMARY KEY")
    return text.replace(" NULLS FIRST", "").replace(" NULLS LAST", "")


def _view(node: exp.Create) -> str:
    """Convert a view. SQLite has no properties of views and cannot replace one."""
    made = node.copy()
    made.set("properties", None)
    made.set("replace", None)
    made.set("exists", True)
    return made.sql(dialect="sqlite", pretty=True, comments=False)


def generate(paths: Iterable[Path] | None = None) -> str:
    """Return the SQLite schema of migrations in order; by default of all of them, with triggers."""
    schema = Schema()
    triggers = [TRIGGERS.read_text()] if paths is None else []
    for path in sorted(paths if paths is not None else MIGRATIONS.glob("*.sql"), key=lambda path: path.name):
        text = path.read_text()
        if not text.startswith(POSTGRES_ONLY):
            _read(path.name, text, schema.apply)
    heading = "-- Generated from supabase/migrations by tools/sqlite_schema.py. Do not edit."
    return "\n\n".join([heading, *(f"{statement};" for statement in schema.statements()), *triggers]).rstrip() + "\n"


def _read(name: str, text: str, apply: Callable[[exp.Expression], None]) -> None:
    for node in sqlglot.parse(text, read="postgres"):
        # A comment after the last statement is a node without a statement.
        if not isinstance(node, exp.Expression) or isinstance(node, exp.Semicolon):
            continue
        try:
            apply(node)
        except UnknownStatement as unknown:
            raise UnknownStatement(
                f"{name}: {unknown}. If only PostgreSQL has it, put it into a migration that begins with {POSTGRES_ONLY!r}."
            ) from None


if __name__ == "__main__":
    schema = generate()
    if "--check" in sys.argv:
        if not TARGET.is_file() or TARGET.read_text() != schema:
            sys.exit("schema.sqlite.sql is out of date; run `make schema`")
    else:
        TARGET.write_text(schema)
