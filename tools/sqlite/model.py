"""A model of the tables after some migrations, and what brings a SQLite database from one to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlglot import exp
from sqlglot.errors import UnsupportedError

from tools.sqlite import constraints
from tools.sqlite.constraints import Refused
from tools.sqlite.spelling import Spelling
from tools.sqlite.statements import Step

REBUILT = "upgraded_"
"""Prefix of a table's name while it is rebuilt."""


class Schema:
    """Tables, views and indexes as syntax trees in order of creation."""

    def __init__(self, spelling: Spelling | None = None) -> None:
        self.tables: dict[str, exp.Create] = {}
        self.views: dict[str, exp.Create] = {}
        self.indexes: dict[str, exp.Create] = {}
        self.spelling = spelling or Spelling()

    def apply(self, step: Step) -> list[str]:
        """Apply a step and return what does the same to a database. Raises :class:`UnknownStatement`."""
        if step.node is None:
            # Either SQLite's own statement, or one without a meaning for SQLite.
            return [step.text] if step.source.startswith("sqlite/") else []
        try:
            return self._apply(step.node.copy())
        except (Refused, UnsupportedError) as refused:
            raise step.refused(refused) from None

    def _apply(self, node: exp.Expression) -> list[str]:
        if isinstance(node, exp.Create):
            return self._create(node)
        if isinstance(node, exp.Drop):
            return [statement for table in node.args["tables"] for statement in self._drop(node, table.name)]
        if isinstance(node, exp.Alter) and node.args["kind"] == "TABLE":
            return self._alter_table(node)
        if isinstance(node, exp.Alter) and node.args["kind"] == "INDEX":
            return self._rename_index(node)
        if isinstance(node, exp.Insert | exp.Update | exp.Delete):
            return [self.spelling.rows(node)]
        raise Refused(f"{type(node).__name__} is not known")

    # ---- tables, views, indexes ------------------------------------------------------------------------------------------

    def _create(self, node: exp.Create) -> list[str]:
        if node.kind == "TABLE" and isinstance(node.this, exp.Schema):
            there, name, text = self.tables, node.this.this.name, self.spelling.table
            if name not in there:
                constraints.name_all(name, node.this)
        elif node.kind == "VIEW" and isinstance(node.this, exp.Table):
            return self._create_view(node)
        elif node.kind == "INDEX":
            there, name, text = self.indexes, node.this.name, self.spelling.table
            self._table(table_of(node))
        else:
            raise Refused(f"CREATE {node.kind} of this form is not known")
        if name in there:
            if node.args.get("exists"):
                return []
            raise Refused(f"{name} is there already")
        there[name] = node
        return [text(node)]

    def _create_view(self, node: exp.Create) -> list[str]:
        name = node.this.name
        if name in self.views and not node.args.get("replace"):
            raise Refused(f"{name} is there already")
        self.views[name] = node
        return [f"DROP VIEW IF EXISTS {name}", self.spelling.view(node)]

    def _drop(self, node: exp.Drop, name: str) -> list[str]:
        kind = str(node.args["kind"])
        there = {"TABLE": self.tables, "VIEW": self.views, "INDEX": self.indexes}.get(kind)
        if there is None:
            raise Refused(f"DROP {kind} is not known")
        if name not in there:
            if node.args.get("exists"):
                return []
            raise Refused(f"there is no {name}")
        if there is self.tables:
            self._refuse_views(name)
            children = [other for other, table in self.tables.items() if name in constraints.parents(table.this)]
            if used := [other for other in children if other != name]:
                raise Refused(f"{', '.join(used)} refers to it")
            self.indexes = {key: made for key, made in self.indexes.items() if table_of(made) != name}
        del there[name]
        return [f"DROP {kind} {name}"]

    def _rename_index(self, node: exp.Alter) -> list[str]:
        old, (action,) = node.this.name, node.args["actions"]
        if old not in self.indexes or not isinstance(action, exp.AlterRename):
            raise Refused(f"there is no {old}, or this change of an index is not known")
        new = action.this.name
        self.indexes = {new if key == old else key: made for key, made in self.indexes.items()}
        self.indexes[new].this.set("this", exp.to_identifier(new))
        return [f"DROP INDEX {old}", self.spelling.table(self.indexes[new])]

    # ---- changes of a table ----------------------------------------------------------------------------------------------

    def _alter_table(self, node: exp.Alter) -> list[str]:
        name, actions = node.this.name, node.args["actions"]
        self._table(name)
        if isinstance(actions[0], exp.AlterRename):
            return self._without_views(lambda: self._rename_table(name, actions[0].this.name))
        if isinstance(actions[0], exp.RenameColumn):
            old, new = actions[0].this.name, actions[0].args["to"].name
            return self._without_views(lambda: self._rename_column(name, old, new))
        return self._without_views(lambda: self._rebuild(name, actions))

    def _rebuild(self, name: str, actions: Iterable[exp.Expression]) -> list[str]:
        """Alter a table as SQLite's documentation advises: make the new one, copy the rows, drop the old one, rename."""
        body = self._table(name).this
        before = [column.name for column in constraints.columns(body)]
        values = {column: column for column in before}
        changed = [self._alter(name, body, action, values) for action in actions]
        if not any(changed):
            return []
        kept = [column.name for column in constraints.columns(body) if column.name in values]
        copied = ", ".join(values[column] for column in kept)
        made = f"{REBUILT}{name}"
        return [
            self.spelling.table(self.tables[name], made),
            f"INSERT INTO {made} ({', '.join(kept)}) SELECT {copied} FROM {name}",
            f"DROP TABLE {name}",
            f"ALTER TABLE {made} RENAME TO {name}",
            *(self.spelling.table(index) for index in self.indexes.values() if table_of(index) == name),
        ]

    def _alter(self, table: str, body: exp.Schema, action: exp.Expression, values: dict[str, str]) -> bool:
        """Change a table's tree. ``values`` says where a column's values come from. Return whether anything changed."""
        if isinstance(action, exp.ColumnDef):
            return constraints.add_column(table, body, action)
        if isinstance(action, exp.AlterColumn):
            if using := constraints.alter_column(constraints.column(body, action.this.name), action):
                values[action.this.name] = self.spelling.rows(using)
            return True
        if isinstance(action, exp.AddConstraint):
            return constraints.add(table, body, action.expressions)
        if isinstance(action, exp.Drop) and action.args.get("kind") == "CONSTRAINT":
            (constraint,) = action.args["tables"]
            return constraints.drop(table, body, constraint.name, bool(action.args.get("exists")))
        if isinstance(action, exp.Drop) and action.args.get("kind") == "COLUMN":
            (column,) = action.args["tables"]
            return self._drop_column(table, body, column.name, bool(action.args.get("exists")))
        raise Refused(f"{type(action).__name__} is not known here")

    def _drop_column(self, table: str, body: exp.Schema, name: str, exists: bool) -> bool:
        if exists and name not in [column.name for column in constraints.columns(body)]:
            return False
        if used := [other for other, made in self.tables.items() if (table, name) in constraints.referred(made.this)]:
            raise Refused(f"{', '.join(used)} refers to {name}")
        constraints.drop_column(body, name)
        gone = {key for key, made in self.indexes.items() if table_of(made) == table and constraints.mentions(made, name)}
        self.indexes = {key: made for key, made in self.indexes.items() if key not in gone}
        return True

    def _rename_table(self, old: str, new: str) -> list[str]:
        self._refuse_views(old)
        if new in self.tables:
            raise Refused(f"{new} is there already")
        self.tables = {new if name == old else name: made for name, made in self.tables.items()}
        for tree in (*self.tables.values(), *self.indexes.values()):
            for found in tree.find_all(exp.Table):
                if found.name == old:
                    found.set("this", exp.to_identifier(new))
        return [f"ALTER TABLE {old} RENAME TO {new}"]

    def _rename_column(self, table: str, old: str, new: str) -> list[str]:
        self._refuse_views(table)
        body = self._table(table).this
        constraints.column(body, old)
        if new in [column.name for column in constraints.columns(body)]:
            raise Refused(f"{table} has a column {new} already")
        for other in self.tables.values():
            constraints.rename_column(other.this, table, old, new)
        for index in self.indexes.values():
            if table_of(index) == table:
                constraints.rename_in(index, old, new)
        return [f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}"]

    # ---- helpers ---------------------------------------------------------------------------------------------------------

    def _table(self, name: str) -> exp.Create:
        if name not in self.tables:
            raise Refused(f"there is no table {name}")
        return self.tables[name]

    def _refuse_views(self, table: str) -> None:
        for name, view in self.views.items():
            if any(found.name == table for found in view.expression.find_all(exp.Table)):
                raise Refused(f"the view {name} reads {table}; drop it before and create it again afterwards")

    def _without_views(self, change: Callable[[], list[str]]) -> list[str]:
        """Make a change while there are no views, because SQLite checks them when a table is renamed."""
        made = change()
        if not made:
            return []
        dropped = [f"DROP VIEW IF EXISTS {name}" for name in self.views]
        return [*dropped, *made, *map(self.spelling.view, self.views.values())]

    def statements(self) -> list[str]:
        """Return the schema as SQLite statements: each table with its indexes, then views."""
        made = []
        for name, table in self.tables.items():
            made += [table, *(index for index in self.indexes.values() if table_of(index) == name)]
        return [*map(self.spelling.table, made), *map(self.spelling.view, self.views.values())]


def table_of(index: exp.Create) -> str:
    """Return the name of an index's table."""
    return str(index.this.args["table"].name)
