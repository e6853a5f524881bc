"""Spell statements in SQLite's dialect."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import ErrorLevel, exp

NOW = "(strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'))"
UUID = (
    "(lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || "
    "substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))))"
)


@dataclass(frozen=True, slots=True)
class Spelling:
    """How the present time and a random id are written."""

    now: str = NOW
    uuid: str = UUID

    def table(self, node: exp.Create, name: str = "") -> str:
        """Return the definition of a table or index, under another name if ``name`` is not empty."""
        made = node.transform(_type).transform(self._value, copy=False)
        if name:
            made.this.this.set("this", exp.to_identifier(name))
        text = _generate(made, pretty=True, comments=True)
        # In SQLite, a primary key does not imply NOT NULL.
        text = text.replace(" UUID PRIMARY KEY", " UUID NOT NULL PRIMARY KEY")
        return text.replace(" NULLS FIRST", "").replace(" NULLS LAST", "")

    def view(self, node: exp.Create) -> str:
        """Return the definition of a view. SQLite has no properties of views and cannot replace one."""
        made = node.transform(self._value)
        made.set("properties", None)
        made.set("replace", None)
        made.set("exists", True)
        return _generate(made, pretty=True)

    def rows(self, node: exp.Expression) -> str:
        """Return a statement that changes rows, or an expression in one."""
        return _generate(node.transform(self._value))

    def _value(self, node: exp.Expression) -> exp.Expression:
        if isinstance(node, exp.CurrentTimestamp | exp.Uuid):
            return exp.Var(this=self.uuid if isinstance(node, exp.Uuid) else self.now)
        # Literals of these types are texts in SQLite; a cast would make numbers of them.
        return node.this if isinstance(node, exp.Cast) and node.to.this.name in ("JSONB", "UUID") else node


class Unwritten(Spelling):
    """Spells nothing: for a model that only follows what was done already."""

    def table(self, node: exp.Create, name: str = "") -> str:
        """Return nothing."""
        return ""

    def view(self, node: exp.Create) -> str:
        """Return nothing."""
        return ""

    def rows(self, node: exp.Expression) -> str:
        """Return nothing."""
        return ""


def _type(node: exp.Expression) -> exp.Expression:
    # SQLite accepts any type name; PostgreSQL's names let the engine convert values by type.
    if isinstance(node, exp.DataType) and not isinstance(node.parent, exp.Cast):
        return exp.DataType(this=exp.DataType.Type.USERDEFINED, kind=node.sql(dialect="postgres", copy=False).upper())
    if isinstance(node, exp.Ordered):
        return exp.Ordered(this=node.this, desc=node.args.get("desc") or None)
    return node


def _generate(node: exp.Expression, *, pretty: bool = False, comments: bool = False) -> str:
    """Write down a tree that is not used again. Raises ``UnsupportedError`` for what sqlglot knows SQLite to lack."""
    return node.sql(dialect="sqlite", pretty=pretty, comments=comments, unsupported_level=ErrorLevel.RAISE, copy=False)
