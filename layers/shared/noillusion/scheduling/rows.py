"""Rows of schedules, of their targets and of their occurrences. None has a text: sources are sealed."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from typing import ClassVar

from noillusion.catalog.platforms import PlatformName
from noillusion.db import record
from noillusion.flows.draft import Kind
from noillusion.scheduling.states import ScheduleStatus, WayName


@record()
class ScheduleRow:
    """A request to publish at a time, once or again and again."""

    TABLE: ClassVar = "schedules"

    id: str
    user_id: str
    status: ScheduleStatus
    time_zone: str
    due_at: datetime
    """The first due time."""
    local_start: str
    """The same in the zone, ``YYYY-MM-DDTHH:MM:SS``."""
    rrule: str | None
    exdates: list[str]
    """Local times that are left out."""
    grace_s: int
    client_reference: str | None
    version: int
    created_at: datetime
    updated_at: datetime


@record()
class KeyedSchedule(ScheduleRow):
    """A schedule with the fingerprint of the request that created it."""

    request_fingerprint: str | None = field(repr=False)


@record()
class KeyedRequest:
    """A request to publish now what waits, which had an idempotency key."""

    TABLE: ClassVar = "schedule_requests"

    request_fingerprint: str | None = field(repr=False)
    created_at: datetime


@record()
class TargetRow:
    """Where and in which way something is published."""

    TABLE: ClassVar = "schedule_targets"

    id: str
    user_id: str
    schedule_id: str
    connection_id: str | None
    platform: PlatformName
    position: int
    way: WayName
    kind: Kind | None
    source_hash: str | None
    sealed_source: str | None = field(repr=False)
    sealing_key_id: str | None
    template_id: str | None
    template_version: int | None
    post_id: str | None
    """The post that the platform holds until it is due."""
    ended_at: datetime | None
    """When another target took its place."""


@record()
class OccurrenceRow:
    """A target at one time."""

    TABLE: ClassVar = "schedule_occurrences"

    id: str
    user_id: str
    schedule_id: str
    target_id: str
    connection_id: str | None
    due_at: datetime
    local_due: str
    position: int
    state: str
    code: str | None
    post_id: str | None
    lease_until: datetime | None
    wake_at: datetime | None
    """When the clock looks at it; ``None``: never again."""
    check_codes: str | None
    """Codes of the problems that the last look found."""
    check_changes: int
    """How often they changed."""
    created_at: datetime
    updated_at: datetime


@record()
class ClaimedOccurrence:
    """An occurrence that the clock hands to the queue."""

    TABLE: ClassVar = "schedule_occurrences"

    id: str
    user_id: str
    due_at: datetime
    lease_until: datetime | None
    """Before then no run may take it."""


@record()
class Owner:
    """Whose an occurrence is."""

    TABLE: ClassVar = "schedule_occurrences"

    user_id: str


@record()
class OldestWake:
    """When the longest overdue occurrence had to be looked at. The embedded engine gives an aggregate as text."""

    wake_at: datetime | str | None
