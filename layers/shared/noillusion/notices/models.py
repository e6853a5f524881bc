"""API models of notices."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from noillusion.core.models import Model, Stored, Uuid

NoticeKind = Literal[
    "publish_finished",
    "publish_failed",
    "publish_unknown",
    "connection_active",
    "connection_expiring",
    "connection_dead",
    "connection_disconnected",
    "grant_not_withdrawn",
    "schedule_due",
    "schedule_missed",
    "schedule_failed",
]


class Notice(Model):
    """Something that happened to a post or an account of the user: ids, codes and times, never content."""

    id: Uuid
    kind: Stored[NoticeKind] = Field(
        description="`publish_finished`, `publish_failed` and `publish_unknown`: the outcome of a target that was not finished "
        "when its request ended; `connection_active`, `connection_expiring`, `connection_dead` and `connection_disconnected`: an "
        "account that works from now on, must be connected again soon, must be connected again, and was disconnected; "
        "`grant_not_withdrawn`: a grant that was never confirmed expired and could not be revoked; `schedule_due`, "
        "`schedule_missed` and `schedule_failed`: something scheduled for which you now send the content, that was not published "
        "in time, and that could not be published"
    )
    subject_id: Uuid | None = Field(description="Id of the target or connection concerned")
    data: dict[str, str | int | None] = Field(description="Ids, codes and times, depending on the kind")
    created_at: datetime
