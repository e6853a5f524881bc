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
    unread: bool
    read_at: datetime | None
    created_at: datetime


@record()
class UnreadRow:
    """The number of unread notices of a kind, and when the newest of them was created."""

    kind: str
    number: int
    newest_at: datetime


@record()
class OutboxRow:
    """A notice that no webhook knows of yet."""

    TABLE: ClassVar = "notifications"

    id: str


@record()
class OutboxUser:
    """A user who has such a notice."""

    TABLE: ClassVar = "notifications"

    user_id: str


@record()
class InOutbox:
    """Whether a notice that was just written waits for a webhook."""

    TABLE: ClassVar = "notifications"

    outbox: bool
