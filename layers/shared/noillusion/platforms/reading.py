"""Reading what platforms answer: values that may be absent, and of another type than documented."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any


def number(value: Any) -> int | None:
    """A whole number, also one written as digits; ``None`` for anything else."""
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,12}", value):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def seconds(value: Any) -> int | None:
    """A lifetime as the token endpoints name it; ``None`` when it is absent or zero (zero means no expiry)."""
    return number(value) or None


def moment(value: Any) -> float | None:
    """A Graph time such as ``2026-11-22T15:04:05+0000`` as seconds since the epoch, ``None`` if it is none."""
    try:
        return datetime.fromisoformat(value).timestamp()
    except (TypeError, ValueError):
        return None
