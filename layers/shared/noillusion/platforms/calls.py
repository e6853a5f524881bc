"""Writing requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from noillusion.core.sensitive import Content


def filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that have a value: an empty one is never sent (failure-classes.md E2). ``False`` and 0 are values."""
    return {
        name: value
        for name, value in fields.items()
        if value is not None and not (isinstance(value, str | Content) and not value)
    }
