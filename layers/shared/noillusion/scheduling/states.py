"""The closed sets of schedules: ways, states and the reasons for them. They need no models."""

from __future__ import annotations

from typing import Literal, get_args

from noillusion.scheduling.faults import FaultCode

WayName = Literal["native", "pull", "generate", "notify"]
ScheduleStatus = Literal["active", "paused", "ended", "canceled"]
OccurrenceState = Literal[
    "pending",
    "paused",
    "running",
    "processing",
    "notified",
    "published",
    "missed",
    "failed",
    "unknown",
    "canceled",
    "skipped",
]
OccurrenceCode = Literal[
    FaultCode,
    "overdue",
    "not_sent",
    "disconnected",
    "publish_failed",
    "outcome_unknown",
    "delivered_to_inbox",
    "canceled",
    "schedule_paused",
    "held_by_platform",
]
"""Why an occurrence is in its state, where there is more to say."""
CODES: tuple[str, ...] = get_args(OccurrenceCode)
