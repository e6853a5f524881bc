"""Reading what platforms answer: values that may be absent, and of another type than documented."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from datetime import datetime
from typing import Any, Final, TypeAlias

from noillusion.flows.faults import UNRECOGNIZED, UnexpectedShape
from noillusion.flows.protocol import Reply

Row: TypeAlias = Mapping[str, Any]


LARGEST: Final = 2**53
"""The largest count that is taken for one. JSON numbers beyond it are not exact everywhere, and no database takes all of them."""


def integer(value: object) -> int | None:
    """A whole number, ``None`` for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST else None


def number(value: object) -> int | None:
    """A whole number, also one written as digits; ``None`` for anything else."""
    return int(value) if isinstance(value, str) and re.fullmatch(r"-?\d{1,12}", value) else integer(value)


def seconds(value: object) -> int | None:
    """A lifetime as Meta's token endpoints name it; ``None`` when it is absent or zero (zero means no expiry)."""
    return number(value) or None


def moment(value: Any) -> float | None:
    """A time such as ``2026-11-22T15:04:05+0000`` as seconds since the epoch, ``None`` if it is none."""
    try:
        return datetime.fromisoformat(value).timestamp()
    except (TypeError, ValueError):
        return None


def stamp(value: object) -> int | None:
    """A time given as whole seconds since 1970, ``None`` for anything else."""
    return int(str(value)) if re.fullmatch(r"[0-9]{1,12}", str(value)) else None


def rows(reply: Reply, path: str) -> list[Row]:
    """The rows of the list at a path. :class:`UnexpectedShape` where there is none: that is not an empty list."""
    listed = reply.get(path)
    if not isinstance(listed, list):
        raise UnexpectedShape(path)
    return [row for row in listed if isinstance(row, Mapping)]


def unlisted(state: object, known: Container[str]) -> str | None:
    """:data:`UNRECOGNIZED` for a state that a platform names and does not document, else ``None``."""
    return None if state is None or (isinstance(state, str) and state in known) else UNRECOGNIZED


def scopes(value: object) -> tuple[str, ...]:
    """The scopes in a list that is separated by commas, spaces or both."""
    return tuple(re.findall(r"[^\s,]+", str(value or "")))
