"""What an engine offers. Statements are SQL of the common subset with ``:name`` parameters; rows are dicts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeAlias

Row: TypeAlias = "dict[str, Any]"
Duty: TypeAlias = Literal["worker", "health"]
Role: TypeAlias = Literal["api"] | Duty


@dataclass(frozen=True, slots=True)
class Json:
    """A parameter for a ``jsonb`` column."""

    value: Any


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL text and its parameters. Parameters never appear in a ``repr``."""

    text: str
    params: dict[str, Any] = field(default_factory=dict, repr=False)


def sql(text: str, **params: Any) -> Statement:
    """A statement with ``:name`` parameters: str, int, bool, None, aware datetime, or :class:`Json`."""
    return Statement(text, params)


def among(name: str, values: Sequence[str]) -> tuple[str, dict[str, str]]:
    """What stands in the brackets of an ``IN ()`` of any length, and its parameters."""
    params = {f"{name}_{number}": value for number, value in enumerate(values)}
    return ", ".join(f":{each}" for each in params), params


def reads_only(statements: Iterable[Statement]) -> bool:
    """Whether no statement writes."""
    return all(statement.text.lstrip()[:6].upper() == "SELECT" for statement in statements)


@dataclass(frozen=True, slots=True)
class Actor:
    """On whose behalf statements run: one user's ``sub``, or none but with a ``duty`` of the service's own.

    What a user writes is refused when the account was deleted after the unit of work began (:mod:`noillusion.epoch`). ``leaving``
    is for the deletion itself: it is not refused, and it waits for writes that are under way.
    """

    user_id: str | None
    leaving: bool = False
    duty: Duty = "worker"

    @property
    def role(self) -> Role:
        """What the database lets them do. Each may have a login of its own."""
        return self.duty if self.user_id is None else "api"


WORKER = Actor(None)
"""Work across users: sweeps, polls, callbacks of platforms."""
HEALTH = Actor(None, duty="health")
"""Sees how late work is, and nothing else."""


class Duplicate(Exception):
    """A unique index refused a statement; the whole flight was undone."""


class Database(Protocol):
    """An engine. ``flight`` is the only way to run SQL."""

    async def flight(self, actor: Actor, *statements: Statement) -> list[list[Row]]:
        """Run all statements in order in one transaction; the rows of each (empty for those that return none).

        Values come back as str (uuid, text), int, bool, aware datetime (UTC), or parsed JSON. Raises
        ``Unavailable`` when the database cannot be reached, :class:`Duplicate` when a unique index refuses, and
        ``AccountDeleted`` when the user left meanwhile; in all cases nothing was written.
        """
        ...

    async def close(self) -> None:
        """Let go of the connection."""
        ...
