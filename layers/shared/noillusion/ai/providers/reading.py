"""Reads the providers' answers as plain JSON. What an odd value does not say stays unknown; it never costs the text beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from noillusion.ai.outcomes import Completion, Limits, ProviderError, Usage
from noillusion.core.sensitive import Content

MOST_TOKENS = 10_000_000
"""No model reads or writes as many in one call: a larger count is no fact, and no reason to empty a budget."""
_LONGEST_NUMBER = 30


def document(body: bytes | str) -> dict[str, Any]:
    """The JSON object that an answer is. ProviderError ``bad_output``: it is none."""
    found = parsed(body)
    if not isinstance(found, dict):
        raise ProviderError("bad_output", code="not_json", status=200)
    return found


def parsed(body: bytes | str) -> object:
    """Any JSON value, ``None`` for what is none."""
    try:
        return json.loads(body, parse_int=_integer)
    except (ValueError, RecursionError):
        return None


def _integer(digits: str) -> int | None:
    # Python refuses to read numbers of thousands of digits, and the answer would go with them.
    return int(digits) if len(digits) <= _LONGEST_NUMBER else None


def members(value: object) -> Mapping[str, Any]:
    """``value`` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def objects(value: object) -> Sequence[Mapping[str, Any]]:
    """The objects in a list; nothing for anything else."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text(value: object) -> str:
    """``value`` if it is a text, else an empty one."""
    return value if isinstance(value, str) else ""


def counts(needed: Sequence[object], optional: Sequence[object] = ()) -> list[int] | None:
    """Numbers of tokens, ``None`` unless all of them are. An optional one that is absent or null is zero."""
    values = [*needed, *(0 if value is None else value for value in optional)]
    # A bool is an int to Python, and a float is no count.
    found = [value for value in values if type(value) is int and 0 <= value <= MOST_TOKENS]
    return found if len(found) == len(values) else None


def usage(*, given: int, output: int, cached: int = 0, cache_write: int = 0, reasoning: int = 0) -> Usage | None:
    """Counts that agree with each other, else ``None``: parts that are more than their whole say nothing that can be priced."""
    if not given or cached + cache_write > given or reasoning > output:
        return None
    return Usage(input=given, output=output, cached=cached, cache_write=cache_write, reasoning=reasoning)


def completion(said: str, served: str | None, used: Usage | None, limits: Limits, *, truncated: bool) -> Completion:
    """An answer with a text. Nobody writes one with no token, so a count of zero is no count."""
    counted = used if used and used.output else None
    return Completion(Content(said), served, counted, limits, "truncated" if truncated else "complete")
