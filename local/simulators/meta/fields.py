"""The grammar of ``fields`` and the other parameters of a Graph call."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from local.simulators.meta.errors import GraphError, invalid
from local.simulators.world import Json


@dataclass(frozen=True, slots=True)
class Field:
    """One entry of ``fields``: ``name.modifier(argument){subfields}``."""

    name: str
    args: Mapping[str, str]
    fields: tuple[Field, ...] | None


def parse_fields(text: str) -> tuple[Field, ...]:
    """The entries of a ``fields`` parameter, with field expansion. Raises code 2500 on a syntax error."""
    return tuple(_field(entry) for entry in _split(text) if entry.strip())


def _field(entry: str) -> Field:
    found = re.fullmatch(r"\s*(\w+)((?:\.\w+\([^()]*\))*)\s*(?:\{(.*)\})?\s*", entry, re.S)
    if found is None:
        raise GraphError(2500, f"Syntax error in fields at {entry[:40]!r}")
    args = dict(re.findall(r"\.(\w+)\(([^()]*)\)", found[2]))
    return Field(found[1], args, None if found[3] is None else parse_fields(found[3]))


def _split(text: str) -> Iterator[str]:
    depth, start = 0, 0
    for at, char in enumerate(text):
        depth += (char in "{(") - (char in "})")
        if char == "," and depth == 0:
            yield text[start:at]
            start = at + 1
    if depth:
        raise GraphError(2500, "Syntax error: unbalanced brackets in fields")
    yield text[start:]


def select(value: Any, fields: Sequence[Field] | None) -> Any:
    """The subfields that an expansion asked for; the members of an edge are selected one by one, ``id`` always stays."""
    if fields is None:
        return value
    if isinstance(value, list):
        return [select(item, fields) for item in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("data"), list | dict):
        return {**value, "data": select(value["data"], fields)}
    return choose(value, fields)


def choose(row: Json, fields: Sequence[Field]) -> Json:
    """The asked fields of one node, and its ``id`` in any case."""
    chosen = {f.name: select(row[f.name], f.fields) for f in fields if f.name in row}
    return chosen | ({"id": row["id"]} if "id" in row else {})


def known(fields: Sequence[Field], names: Set[str], node_type: str) -> None:
    """Refuse a field that the node does not have."""
    for entry in fields:
        if entry.name not in names:
            raise invalid(f"Tried accessing nonexisting field ({entry.name}) on node type ({node_type})")


def integer(text: str | None, name: str, default: int) -> int:
    """A whole number, or ``default`` when it is absent."""
    if text is None:
        return default
    if not re.fullmatch(r"-?\d{1,18}", text):
        raise invalid(f"param {name} must be an integer.")
    return int(text)


def moment(text: str | None, name: str, default: float) -> float:
    """A unix time or ISO 8601 date as seconds since the epoch, or ``default`` when it is absent."""
    if text is None:
        return default
    if re.fullmatch(r"\d{1,12}", text):
        return float(text)
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        raise invalid(f"param {name} must be a unix timestamp or a date.") from None
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()


def stamp(at: float) -> str:
    """A time as Graph prints it, e.g. ``2026-11-22T15:04:05+0000``."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
