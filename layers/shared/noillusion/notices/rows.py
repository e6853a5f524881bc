"""Rows of notices."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from noillusion.core.records import record


@record()
class NoticeRow:
    """A notice as the user reads it."""

    TABLE: ClassVar = "notifications"

    id: str
    kind: str
    subject_id: str | None
    data: dict[str, Any]
    created_at: datetime
