"""Writing requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def compact(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that have a value: an empty one is never sent (failure-classes.md E2)."""
    return {name: value for name, value in fields.items() if value}
