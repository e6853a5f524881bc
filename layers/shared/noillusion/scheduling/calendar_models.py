"""API models of the calendar: previews of recurrences, queue slots, what is due and was published, and its feed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from noillusion.catalog.platforms import PlatformName
from noillusion.core.fields import Flag, TimeZone, distinct
from noillusion.core.instants import Instant
from noillusion.core.models import Model, Stored, Strict, Uuid
from noillusion.flows.draft import Kind
from noillusion.scheduling.slots import Weekday
from noillusion.scheduling.states import OccurrenceCode, OccurrenceState, WayName
from noillusion.scheduling.time_models import Clock, Due, Recurrence

MAX_SLOTS = 168
"""Most slots of a week."""
SlotTime = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
"""A time of the day on the wall clock."""
EntryType = Literal["occurrence", "recurrence", "slot", "post"]
EntryState = Literal[OccurrenceState, "planned", "free", "delivered_to_inbox"]


class PreviewInput(Strict):
    """The times of a schedule, to see them before it is created."""

    due_at: Instant = Field(description="When it is due, with a UTC offset. With a recurrence: the earliest first time")
    time_zone: TimeZone = Field(default="UTC", description="IANA time zone in which the schedule recurs")
    recurrence: Recurrence | None = None


class PreviewedTime(Due):
    """One of the next times of a schedule."""

    moved: bool = Field(
        description="The rule names a local time that clocks skip on that day. It was moved forward by what is skipped"
    )


class SchedulePreview(Model):
    """The next times of a schedule."""

    time_zone: str
    recurrence: Recurrence | None = Field(description="The recurrence as it would be stored")
    items: list[PreviewedTime] = Field(description="Up to 20, the first one first")


class WeekSlot(Strict):
    """A time of the week at which an account publishes."""

    weekday: Weekday
    time: SlotTime = Field(description="Time on the wall clock, such as 09:00")


def _distinct(slots: list[WeekSlot]) -> list[WeekSlot]:
    distinct([f"{slot.weekday} {slot.time}" for slot in slots])
    return slots


class SlotPlanInput(Strict):
    """The weekly plan of an account."""

    time_zone: TimeZone = Field(description="IANA time zone of the times")
    slots: Annotated[list[WeekSlot], AfterValidator(_distinct)] = Field(
        max_length=MAX_SLOTS, description="Empty: no slots", json_schema_extra={"uniqueItems": True}
    )
    paused: Flag = Field(default=False, description="A paused plan has no free slots. What is scheduled stays scheduled")


class SlotPlan(Model):
    """The weekly plan of an account."""

    connection_id: Uuid
    time_zone: str
    slots: list[WeekSlot]
    paused: bool
    next_free: Due | None = Field(description="The next slot that is free; null: none within a year, or the plan is paused")
    updated_at: datetime | None = Field(description="Null: the account has no plan yet")


class CalendarEntry(Model):
    """Something at a point in time: ids, kinds and states, never content."""

    type: EntryType = Field(
        description="`occurrence`: of a schedule, due or over; `recurrence`: a later time of a schedule that recurs; `slot`: "
        "a free slot; `post`: published without a schedule"
    )
    at: datetime
    local_at: Clock = Field(description="The same time by the clocks of the calendar's time zone, without an offset")
    state: Stored[EntryState]
    code: Stored[OccurrenceCode] | None = Field(description="Why it is in this state, where there is more to say")
    platform: PlatformName
    kind: Stored[Kind] | None
    way: Stored[WayName] | None
    connection_id: Uuid | None
    schedule_id: Uuid | None
    occurrence_id: Uuid | None
    target_id: Uuid | None = Field(description="Target of the schedule; of a `post`, target of the post")
    post_id: Uuid | None


class Calendar(Model):
    """A page of what is due, done, missed and free in a period, in the order of time."""

    time_zone: str
    items: list[CalendarEntry]
    next_cursor: str | None = None


class CalendarToken(Model):
    """A new token of the calendar feed. It is shown once."""

    token: str
    url: str = Field(description="URL of the feed, for a calendar program")
    created_at: datetime
