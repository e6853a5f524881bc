"""What the generated methods use: the parsed answer, and keys that are made automatically."""

from __future__ import annotations

import uuid
from typing import TypeVar

from .core.types import Response, Unset

T = TypeVar("T")


def expected(response: Response[T]) -> T:
    """Return the parsed body. Errors have been raised before, so an answer without one has a status that the document lacks."""
    if response.parsed is None:
        raise ValueError(f"the API answered {response.status_code}, which this client does not know")
    return response.parsed


def key_or_new(key: str | Unset | None) -> str:
    """Return an idempotency key: the caller's own, or a new one."""
    return key if isinstance(key, str) else str(uuid.uuid4())
