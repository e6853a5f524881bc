"""Read migrations as statements. What SQLite cannot do, or would do differently, is refused with its file and its text.

A migration is written in PostgreSQL's dialect. Parts that only PostgreSQL has (roles, policies, functions, triggers) go into a
migration that begins with :data:`POSTGRES_ONLY`. If such a migration also changes tables or rows, ``supabase/sqlite`` has a file
of the same name with what SQLite does instead, which may be nothing but a comment with the reason.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.dialects.postgres import Postgres
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import TokenType

from tools.sqlite.ledger import own

# sqlglot only warns about statements that it cannot parse; here they are refused.
logging.getLogger("sqlglot").setLevel(logging.ERROR)

POSTGRES_ONLY = "-- engine: postgresql"
"""First line of a migration that SQLite skips."""

ACCESS = re.compile(
    r"""^(?:DO\b|GRANT\b|REVOKE\b|COMMENT\ ON\b
    | (?:CREATE|ALTER|DROP)\ (?:POLICY|ROLE)\b
    | (?:CREATE|ALTER|DROP)\ (?:OR\ REPLACE\ )?(?:FUNCTION|TRIGGER)\b
    | ALTER\ VIEW\ \w+\ SET\b
    | ALTER\ TABLE\ \w+\ (?:ENABLE|DISABLE|FORCE|NO\ FORCE)\ ROW\ LEVEL\ SECURITY$
    | ALTER\ TABLE\ \w+\ (?:ENABLE|DISABLE)\ TRIGGER\ \w+$)""",
    re.VERBOSE,
)
"""Statements about access and functions. They have no meaning in SQLite, which has one user and triggers of its own."""
HIDDEN = re.compile(
    r"\b(?:(?:CREATE|ALTER|DROP) (?:TABLE|INDEX|VIEW|UNIQUE)|INSERT INTO|UPDATE [\w.]+ SET|DELETE FROM|TRUNCATE)\b"
)
"""Changes of tables or rows in the text of a ``DO`` block."""

_TYPES = frozenset({"TEXT", "INT", "BIGINT", "SMALLINT", "DOUBLE", "BOOLEAN", "UUID", "JSONB", "TIMESTAMPTZ"})
"""Types of columns that mean the same on both engines."""
_PARTS: dict[type[exp.Expression], frozenset[str]] = {
    exp.Create: frozenset({"this", "kind", "exists", "unique", "replace", "expression", "properties"}),
    exp.Drop: frozenset({"tables", "kind", "exists"}),
    exp.Alter: frozenset({"this", "kind", "actions"}),
    exp.AlterColumn: frozenset({"this", "dtype", "using", "default", "drop", "allow_null"}),
    exp.AlterRename: frozenset({"this"}),
    exp.RenameColumn: frozenset({"this", "to"}),
    exp.AddConstraint: frozenset({"expressions"}),
    exp.ColumnDef: frozenset({"this", "kind", "constraints", "exists"}),
    exp.ColumnConstraint: frozenset({"this", "kind"}),
    exp.Constraint: frozenset({"this", "expressions"}),
    exp.NotNullColumnConstraint: frozenset(),
    exp.DefaultColumnConstraint: frozenset({"this"}),
    exp.CheckColumnConstraint: frozenset({"this"}),
    exp.UniqueColumnConstraint: frozenset({"this", "include"}),
    exp.PrimaryKeyColumnConstraint: frozenset({"include"}),
    exp.PrimaryKey: frozenset({"expressions", "include"}),
    exp.ForeignKey: frozenset({"expressions", "reference", "options"}),
    exp.Reference: frozenset({"this", "options"}),
    exp.Schema: frozenset({"this", "expressions"}),
    exp.Index: frozenset({"this", "table", "params"}),
    exp.IndexParameters: frozenset({"columns", "where"}),
    exp.Ordered: frozenset({"this", "desc", "nulls_first"}),
    exp.Properties: frozenset({"expressions"}),
    exp.Property: frozenset({"this", "value"}),
}
"""What a statement that changes tables may contain, by kind of node. Everything else is refused."""
_ACTIONS = re.compile(r"^ON (?:DELETE|UPDATE) (?:CASCADE|SET NULL|RESTRICT|NO ACTION)$")


class UnknownStatement(Exception):
    """A migration contains something that SQLite cannot do or would do differently."""


@dataclass(frozen=True, slots=True)
class Step:
    """One statement: its tree, or for SQLite's own files its text."""

    source: str
    text: str
    node: exp.Expression | None

    def refused(self, reason: object) -> UnknownStatement:
        """Return the error that names the file, the statement and the reason."""
        shown = " ".join(self.text.split())
        return UnknownStatement(f"{self.source}: {shown[:100]}{'…' if len(shown) > 100 else ''}: {reason}")


@cache
def split(text: str) -> tuple[str, ...]:
    """Return the statements of a script without their semicolons, and without comments between them."""
    return tuple(_split(text))


def _split(text: str) -> Iterator[str]:
    first = last = None
    for token in Postgres().tokenize(text):
        if token.token_type is not TokenType.SEMICOLON:
            first, last = (token.start if first is None else first), token.end
        elif first is not None and last is not None:
            yield text[first : last + 1]
            first = None
    if first is not None and last is not None:
        yield text[first : last + 1]


def read(path: Path, text: str) -> list[Step]:
    """Return what a migration does in SQLite. Raises :class:`UnknownStatement`."""
    if not text.startswith(POSTGRES_ONLY):
        return [_parse(path.name, statement) for statement in split(text)]
    if own(path).is_file():
        return [_own(f"sqlite/{path.name}", statement) for statement in split(own(path).read_text())]
    for statement in split(text):
        if not only_postgres(statement):
            raise Step(path.name, statement, None).refused(
                "it changes tables or rows, and SQLite skips this file. Move it to a migration without "
                f"{POSTGRES_ONLY!r}, or say in supabase/sqlite/{path.name} what SQLite does instead"
            )
    return []


@cache
def only_postgres(statement: str) -> bool:
    """Return whether a statement has no meaning in SQLite."""
    if not ACCESS.match(" ".join(token.text.upper() for token in Postgres().tokenize(statement))):
        return False
    return not (statement[:2].upper() == "DO" and HIDDEN.search(" ".join(statement.upper().split())))


def _own(source: str, statement: str) -> Step:
    """Return a step of SQLite's own. It changes rows only: tables have one definition for both engines."""
    step = Step(source, statement, None)
    if not re.match(r"(?:INSERT|UPDATE|DELETE|WITH)\b", statement, re.IGNORECASE):
        raise step.refused("only rows can be changed here")
    return step


@cache
def _parse(source: str, statement: str) -> Step:
    step = Step(source, statement, None)
    try:
        (node,) = sqlglot.parse(statement, read="postgres")
    except SqlglotError:
        raise step.refused("it cannot be parsed") from None
    if not isinstance(node, exp.Expression):
        raise step.refused("it cannot be parsed")
    if isinstance(node, exp.Command):
        if re.fullmatch(r"ALTER TABLE \w+ ENABLE ROW LEVEL SECURITY", " ".join(statement.upper().split())):
            return Step(source, statement, None)
        raise step.refused(
            f"it is not known. If only PostgreSQL has it, put it into a migration that begins with {POSTGRES_ONLY!r}"
        )
    for part in node.find_all(exp.Expression):
        if reason := _objection(part):
            raise step.refused(reason)
    return Step(source, statement, node)


def _objection(node: exp.Expression) -> str | None:
    """Return why a part of a statement cannot be carried over."""
    if isinstance(node, exp.Table) and (node.args.get("db") or node.args.get("catalog")):
        return "tables are named without a schema"
    if isinstance(node, exp.Cast):
        return None if node.to.this.name in ("TEXT", "INT", "BIGINT") or _is_plain(node) else f"a cast to {node.to.sql()}"
    if isinstance(node, exp.DataType) and not isinstance(node.parent, exp.Cast):
        known = node.this.name in _TYPES and not node.expressions
        return None if known else f"the type {node.sql(dialect='postgres')}"
    if isinstance(node, exp.Reference | exp.ForeignKey):
        unknown = [option for option in node.args.get("options") or [] if not _ACTIONS.match(str(option))]
        if unknown:
            return f"{unknown[0]} of a foreign key"
    if isinstance(node, exp.Property) and (type(node) is not exp.Property or node.name != "security_barrier"):
        return f"{node.sql(dialect='postgres')} is not known"
    kinds = (exp.ColumnConstraintKind, exp.Opclass, exp.Command)
    if type(node) not in _PARTS:
        return f"{type(node).__name__} is not known" if isinstance(node, kinds) else None
    more = {name for name, value in node.args.items() if value not in (None, False, [])} - _PARTS[type(node)]
    return f"{', '.join(sorted(more))} of {type(node).__name__} is not known" if more else None


def _is_plain(cast: exp.Cast) -> bool:
    return isinstance(cast.this, exp.Literal) and cast.to.this.name in ("JSONB", "UUID")
