"""API models of notices."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from noillusion.core.fields import Flag
from noillusion.core.instants import Instant
from noillusion.core.models import Model, Stored, Strict, Uuid

NoticeKind = Literal[
    "publish_finished",
    "publish_failed",
    "publish_unknown",
    "publish_moved",
    "connection_active",
    "connection_expiring",
    "connection_dead",
    "connection_disconnected",
    "grant_not_withdrawn",
    "schedule_due",
    "schedule_missed",
    "schedule_failed",
    "webhook_disabled",
    "schedule_problem",
    "ai_key_needs_attention",
]


class Notice(Model):
    """Something that happened to a post or an account of the user: ids, codes and times, never content."""

    id: Uuid
    kind: Stored[NoticeKind] = Field(
        description="`publish_finished`, `publish_failed` and `publish_unknown`: the outcome of a target that was not finished "
        "when its request ended; `publish_moved`: the platform holds a post until another time than was known; "
        "`connection_active`, `connection_expiring`, `connection_dead` and `connection_disconnected`: an "
        "account that works from now on, must be connected again soon, must be connected again, and was disconnected; "
        "`grant_not_withdrawn`: a grant that was never confirmed expired and could not be revoked; `schedule_due`, "
        "`schedule_missed` and `schedule_failed`: something scheduled for which you now send the content, that was not published "
        "in time, and that could not be published; `webhook_disabled`: a webhook gets no more events; `schedule_problem`: "
        "something scheduled that could not be published as things are, while there is time; `ai_key_needs_attention`: an AI "
        "provider refused your stored key, or its money or quota is used up"
    )
    subject_id: Uuid | None = Field(description="Id of the target, connection, occurrence or AI key concerned")
    data: dict[str, str | int | None] = Field(description="Ids, codes and times, depending on the kind")
    unread: bool
    read_at: datetime | None = Field(description="When it was marked as read; null while it is unread")
    created_at: datetime


class NoticeChange(Strict):
    """Marks a notice as read or unread."""

    unread: Flag


class NoticesChange(Strict):
    """Marks all notices up to a time as read or unread."""

    unread: Flag
    until: Instant = Field(
        description="Date and time with a UTC offset, such as `created_at` of the newest notice that was shown. Notices created "
        "at this time or earlier are changed"
    )


class MarkedNotices(Model):
    """Result of marking a range of notices."""

    changed: int = Field(description="Number of notices changed")
    remaining: int = Field(description="Notices of the range that are left. Repeat the request until this is 0")


class UnreadNotices(Model):
    """The number of unread notices."""

    unread: int = Field(description="Number of unread notices, counted up to 1000")
    more: bool = Field(description="There are more than were counted")
    by_kind: dict[str, int] = Field(description="The same number by the kind of the notices")
    newest_at: datetime | None = Field(description="When the newest unread notice was created")
