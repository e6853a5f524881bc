"""API models of schedules. What is to be published never comes to rest here: a target names a way to get it when it is due."""

from __future__ import annotations

from datetime import datetime
from types import NoneType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, create_model, model_validator

from noillusion.catalog.platforms import PlatformName
from noillusion.core.fields import DISTINCT, WHOLE, ClientReference, Flag, Id, TimeZone
from noillusion.core.instants import Instant
from noillusion.core.models import Model, Stored, Strict, Uuid, refused
from noillusion.core.patches import partial
from noillusion.core.sensitive import Content
from noillusion.flows.draft import Kind
from noillusion.publishing.content import ContentInput
from noillusion.publishing.models import MAX_TARGETS, OptionsInput
from noillusion.scheduling.states import OccurrenceCode, OccurrenceState, ScheduleStatus, WayName
from noillusion.scheduling.time_models import Clock, Due, Recurrence
from noillusion.scheduling.way_models import GenerateInput, PullInput

WayReason = Literal["available", "reauth_required", "platform_cannot_hold", "needs_source", "needs_template", "needs_media"]
MAX_GRACE_MINUTES = 24 * 60


class ScheduleTargetInput(Strict):
    """One account to publish to, and the way in which its content comes when it is due."""

    connection_id: Id
    way: WayName | None = Field(
        default=None, description="Null: the most private way that fits; see `POST /v1/schedules/options`"
    )
    kind: Kind | None = Field(default=None, description="Kind of post. Null: derived from the content")
    content: ContentInput | None = Field(
        default=None,
        description="For the way `native`: what the platform holds until it is due. It is not stored here",
    )
    options: OptionsInput | None = Field(default=None, description="For the way `native`")
    pull: PullInput | None = Field(default=None, description="The source; for the way `pull` only")
    generate: GenerateInput | None = Field(default=None, description="What is generated; for the way `generate` only")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        for name in ("pull", "generate"):
            if (self.way == name) != (getattr(self, name) is not None) and (self.way or name == "generate"):
                raise refused("way_source", allowed=[name])
        return self


def _distinct(targets: list[ScheduleTargetInput]) -> list[ScheduleTargetInput]:
    if len({target.connection_id for target in targets}) != len(targets):
        raise refused("connections_once")
    return targets


class ScheduleInput(Strict):
    """A schedule to create."""

    due_at: Instant | None = Field(
        default=None,
        description="When it is due, with a UTC offset. With a recurrence: the first time. Required without `next_free_slot`",
    )
    next_free_slot: Flag = Field(
        default=False,
        description="Use the next free slot of the account's weekly plan (`GET /v1/connections/{connection_id}/slots`) instead "
        "of `due_at`; only with one target, and without a recurrence",
    )
    time_zone: TimeZone = Field(
        default="UTC", description="IANA time zone in which the schedule recurs and in which responses give local times"
    )
    recurrence: Recurrence | None = None
    grace_minutes: Annotated[int, Field(strict=True), WHOLE] = Field(
        default=60,
        ge=1,
        le=MAX_GRACE_MINUTES,
        description="How late it may still be published. After that it is missed, and you get a notice",
    )
    client_reference: ClientReference | None = Field(
        default=None, description="Your own name for the schedule, by which `GET /v1/schedules` finds it"
    )
    targets: Annotated[list[ScheduleTargetInput], AfterValidator(_distinct)] = Field(
        min_length=1, max_length=MAX_TARGETS, json_schema_extra={"uniqueItems": True}
    )

    @model_validator(mode="after")
    def _one_time(self) -> ScheduleInput:
        if (self.due_at is None) != self.next_free_slot:
            raise refused("one_time", allowed=["due_at", "next_free_slot"])
        if self.next_free_slot and (self.recurrence is not None or len(self.targets) != 1):
            raise refused("slot_alone")
        return self


RecurrencePatch = partial(Recurrence, "RecurrencePatch", "Changes of a recurrence.")
_SchedulePatch = partial(ScheduleInput, "SchedulePatch", "Changes of a schedule.", recurrence=RecurrencePatch | None)
if TYPE_CHECKING:
    SchedulePatch = Any
else:
    SchedulePatch = create_model(
        "SchedulePatch",
        __base__=_SchedulePatch,
        __module__=__name__,
        __doc__="Changes of a schedule. `targets` replaces all.",
        text=(
            Annotated[Content, Field(min_length=1, max_length=70_000)],
            Field(default_factory=NoneType, description="New text of what platforms hold (way `native`). It is not stored"),
        ),
    )


class LinkRequest(Strict):
    """The content of a post that is due, sent through its link."""

    content: ContentInput
    kind: Kind | None = Field(
        default=None, description="Kind of post. Null: the kind of the schedule, or derived from the content"
    )
    options: OptionsInput | None = None


class OptionsRequest(Strict):
    """Accounts whose ways are asked for."""

    connection_ids: Annotated[list[Id], DISTINCT] | None = Field(
        default=None, min_length=1, max_length=MAX_TARGETS, description="Ids of connections; null: all"
    )


class WayOption(Model):
    """Whether a way can be used for an account, and why not."""

    way: WayName
    available: Flag
    reason: WayReason
    message: str


class AccountWays(Model):
    """The ways of one account, the most private first."""

    connection_id: Uuid
    platform: PlatformName
    default_way: WayName | None = Field(description="The way that is used where a request names none; null: none can be used")
    ways: list[WayOption]


class ScheduleOptions(Model):
    """The ways of accounts."""

    accounts: list[AccountWays]


class Occurrence(Due):
    """One target at one time."""

    id: Uuid
    target_id: Uuid
    state: Stored[OccurrenceState]
    code: Stored[OccurrenceCode] | None = Field(description="Why it is in this state, where there is more to say")
    message: str | None
    post_id: Uuid | None = Field(description="The post, once it was published or tried")
    link: str | None = Field(
        description="Path of the link through which the content is sent, if the state is `notified`. It needs no access token"
    )
    updated_at: datetime


class ScheduleTarget(Model):
    """A target of a schedule with its next occurrence, or its last one."""

    id: Uuid
    connection_id: Uuid | None = Field(description="Null: the account was disconnected")
    platform: PlatformName
    way: Stored[WayName]
    kind: Stored[Kind] | None
    source_sha256: str | None = Field(description="SHA-256 (hex) of the content document of the way `pull`")
    template_id: Uuid | None
    occurrence: Occurrence | None = Field(description="The next one, or the last one if no other follows")


class Schedule(Model):
    """A schedule: times, accounts, ways and states, never content."""

    id: Uuid
    status: Stored[ScheduleStatus]
    starts_at: datetime
    local_starts_at: Clock = Field(description="The same time by the clocks of the time zone, without an offset")
    time_zone: str
    recurrence: Recurrence | None
    grace_minutes: int
    client_reference: str | None
    targets: list[ScheduleTarget]
    created_at: datetime
    updated_at: datetime
