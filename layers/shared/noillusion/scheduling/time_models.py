"""API models of the times of schedules: local times, recurrences, and instants as clocks show them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from noillusion.core.fields import DISTINCT
from noillusion.core.models import Model, Strict, refused
from noillusion.scheduling.rules import MAX_LENGTH, checked


def _local_time(text: str) -> str:
    try:
        return datetime.fromisoformat(text).isoformat()
    except ValueError:
        raise refused("local_time") from None


LocalTime = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$"), AfterValidator(_local_time)]
"""A wall-clock time in the zone of the schedule, without an offset."""
Clock = Annotated[str, Field(json_schema_extra={"pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$"})]
"""What clocks show at an instant, in a response."""
MAX_EXDATES = 100


class Recurrence(Strict):
    """How a schedule recurs: by the wall clock in its time zone."""

    rrule: Annotated[
        str, StringConstraints(min_length=6, max_length=MAX_LENGTH, pattern=r"^[A-Za-z0-9=;:,+-]+$"), AfterValidator(checked)
    ] = Field(description="A recurrence rule (RFC 5545), such as `FREQ=WEEKLY;BYDAY=MO,TH`; docs/scheduling.md lists its parts")
    exdates: Annotated[list[LocalTime], DISTINCT] = Field(
        default_factory=list, max_length=MAX_EXDATES, description="Local times at which nothing is published"
    )


class Due(Model):
    """A time, in UTC and in the zone of the schedule."""

    due_at: datetime
    local_due_at: Clock = Field(description="The same time by the clocks of the time zone, without an offset")
