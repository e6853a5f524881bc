"""The interface of an engine: statements of the common SQL subset with ``:name`` parameters, and flights of typed rows.

A statement that returns rows is a :class:`Query` and knows their shape, a dataclass. A flight's rows are read by statement:
``found[targets]``, ``found.first(post)``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field, fields
from functools import cache
from typing import Any, Generic, Literal, Protocol, SupportsIndex, TypeAlias, TypeVar, cast, overload

from noillusion.core.records import record as record

Row: TypeAlias = "dict[str, Any]"
"""A row as read by an engine: column → value."""
R = TypeVar("R")
Duty: TypeAlias = Literal["worker", "health"]
Role: TypeAlias = Literal["api"] | Duty


@record()
class Json:
    """A parameter for a ``jsonb`` column."""

    value: Any


@record()
class Statement:
    """SQL text and its parameters. Parameters never appear in a ``repr``. A statement is equal only to itself."""

    text: str
    params: dict[str, Any] = field(default_factory=dict, repr=False)
    repeatable: bool = field(default=False, kw_only=True)
    """Whether it does no harm if it runs twice, although it writes."""


def sql(text: str, **params: Any) -> Statement:
    """Return a statement with ``:name`` parameters: str, int, bool, None, aware datetime, or :class:`Json`."""
    return Statement(text, params)


@record()
class Query(Statement, Generic[R]):
    """A statement that returns rows of one shape."""

    shape: type[R] = field(kw_only=True)


def query(shape: type[R], text: str, **params: Any) -> Query[R]:
    """Return a statement whose rows are read as ``shape``, a dataclass or a ``NamedTuple``.

    ``{columns}`` in the text stands for its columns.
    """
    return Query(text.replace("{columns}", columns(shape)), params, shape=shape)


def columns(shape: type[Any], table: str | None = None) -> str:
    """Return the columns of a shape for a ``SELECT`` or ``RETURNING``, each with the name of its table where one is given."""
    prefix = f"{table}." if table else ""
    return ", ".join(f"{prefix}{name}" for name in _names(cast(Any, shape)))


@cache
def _names(shape: Any) -> tuple[str, ...]:
    if issubclass(shape, tuple):
        names: tuple[str, ...] = shape._fields
        return names
    return tuple(each.name for each in fields(shape))


def among(name: str, values: Sequence[str]) -> tuple[str, dict[str, str]]:
    """Return the content of the parentheses of ``IN ()`` for any number of values, and its parameters."""
    params = {f"{name}_{number}": value for number, value in enumerate(values)}
    return ", ".join(f":{each}" for each in params), params


def reads_only(statements: Iterable[Statement]) -> bool:
    """Return whether no statement writes."""
    return all(statement.text.lstrip()[:6].upper() == "SELECT" for statement in statements)


def repeatable(statements: Iterable[Statement]) -> bool:
    """Return whether a flight can be sent again if nobody knows whether it arrived."""
    return reads_only(statement for statement in statements if not statement.repeatable)


@record(eq=True)
class Actor:
    """The identity that statements run as: the ``sub`` of a user, or none with a ``duty`` of the service.

    Writes of a user are refused if the account was deleted after the unit of work began (:mod:`noillusion.epoch`). ``leaving`` is
    for the deletion itself: it is not refused, and it waits for writes in progress.
    """

    user_id: str | None
    leaving: bool = False
    duty: Duty = "worker"

    @property
    def role(self) -> Role:
        """Return the database role. Each role can have its own login."""
        return self.duty if self.user_id is None else "api"


WORKER = Actor(None)
"""Work across users: sweeps, polling, callbacks of platforms."""
HEALTH = Actor(None, duty="health")
"""Can only see how late work is."""


LOCKED = "FOR UPDATE"
"""Ends the query of a row that one transaction at a time can have."""
SKIP_LOCKED = f"{LOCKED} SKIP LOCKED"
"""Ends the query of rows to claim: those that another transaction claims are passed over. SQLite has one writer at a time, so its
engine leaves out these words and those of :data:`LOCKED`."""


class Duplicate(Exception):
    """A unique index refused a statement; the whole flight was rolled back."""


class Flight(list[list[Row]]):
    """The rows of a flight's statements, in the order of the statements and by statement."""

    __slots__ = ("_statements",)

    def __init__(self, statements: Sequence[Statement], results: Iterable[list[Row]]) -> None:
        super().__init__(results)
        self._statements = statements

    @overload
    def __getitem__(self, which: SupportsIndex) -> list[Row]: ...

    @overload
    def __getitem__(self, which: slice) -> list[list[Row]]: ...

    @overload
    def __getitem__(self, which: Query[R]) -> list[R]: ...

    def __getitem__(self, which: SupportsIndex | slice | Query[R]) -> list[Row] | list[list[Row]] | list[R]:
        if not isinstance(which, Query):
            return super().__getitem__(which)
        shape = which.shape
        return [shape(**row) for row in self._rows(which)]

    def first(self, statement: Query[R]) -> R | None:
        """Return the first row of a query, or ``None``."""
        rows = self._rows(statement)
        return statement.shape(**rows[0]) if rows else None

    def one(self, statement: Query[R]) -> R:
        """Return the row of a query that always has one, such as a count. Raises ``LookupError`` if it has none."""
        rows = self._rows(statement)
        if not rows:
            raise LookupError(f"no row of {statement.shape.__name__}")
        return statement.shape(**rows[0])

    def number_of(self, statement: Statement) -> int:
        """Return the number of rows that a statement returned."""
        return len(self._rows(statement))

    def _rows(self, statement: Statement) -> list[Row]:
        place = next(place for place, each in enumerate(self._statements) if each is statement)
        return super().__getitem__(place)


class Database(Protocol):
    """An engine. ``flight`` is the only way to run SQL."""

    async def flight(self, actor: Actor, *statements: Statement) -> Flight:
        """Run all statements in order in one transaction. Return the rows of each (empty for those that return none).

        Values come back as str (uuid, text), int, bool, aware datetime (UTC), or parsed JSON. Raises
        ``Unavailable`` when the database cannot be reached, :class:`Duplicate` if a unique index refuses, and
        ``AccountDeleted`` if the user left in the meantime; in all cases nothing was written.
        """
        ...

    async def close(self) -> None:
        """Close the connection."""
        ...
