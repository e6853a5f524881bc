"""Rows of notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice as the user reads it."""

    TABLE: ClassVar = "notifications"

    id: str
    kind: str
    subject_id: str | None
    data: dict[str, Any]
    created_at: datetime
