"""Rows of the calendar: ids, times and states."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from noillusion.catalog.platforms import PlatformName
from noillusion.db import record
from noillusion.flows.draft import Kind
from noillusion.scheduling.states import WayName


@record()
class ScheduledEntry:
    """An occurrence with what its target says about it."""

    id: str
    schedule_id: str
    target_id: str
    connection_id: str | None
    post_id: str | None
    due_at: datetime
    local_due: str
    state: str
    code: str | None
    platform: PlatformName
    kind: Kind | None
    way: WayName
    rrule: str | None
    version: int
    updated_at: datetime


@record()
class PublishedEntry:
    """A published target of a post that no schedule made."""

    id: str
    post_id: str
    connection_id: str | None
    platform: PlatformName
    kind: Kind
    status: str
    published_at: datetime
    updated_at: datetime


@record()
class RecurringTarget:
    """A target of a schedule that recurs, and its latest occurrence."""

    target_id: str
    schedule_id: str
    connection_id: str | None
    platform: PlatformName
    kind: Kind | None
    way: WayName
    status: str
    time_zone: str
    local_start: str
    rrule: str
    exdates: list[str]
    version: int
    updated_at: datetime
    last_due: datetime | str | None
    """The embedded engine gives an aggregate as text."""


@record()
class SlotPlanRow:
    """The weekly plan of an account."""

    TABLE: ClassVar = "slot_plans"

    connection_id: str
    time_zone: str
    paused: bool
    slots: list[dict[str, Any]]
    version: int
    updated_at: datetime


@record()
class PlannedAccount(SlotPlanRow):
    """A plan and the platform of its account."""

    platform: PlatformName


@record()
class TakenSlot:
    """A time at which an account has something to publish."""

    TABLE: ClassVar = "schedule_occurrences"
    NOT_NULL: ClassVar = ("connection_id",)

    connection_id: str
    due_at: datetime


@record()
class TokenOwner:
    """Whose a feed is."""

    TABLE: ClassVar = "calendar_tokens"

    user_id: str


@record()
class ZoneRow:
    """The time zone of a profile."""

    TABLE: ClassVar = "profiles"

    time_zone: str


@record()
class AccountRow:
    """An account that can have a plan."""

    TABLE: ClassVar = "platform_connections"

    id: str
    platform: PlatformName
