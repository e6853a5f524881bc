"""API models of webhooks."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, get_args

from pydantic import Field

from noillusion.core.fields import DISTINCT, Flag
from noillusion.core.models import Model, OneSet, Stored, Strict, Uuid
from noillusion.core.sensitive import Content
from noillusion.notices.models import NoticeKind
from noillusion.webhooks.rows import TEST

EVENTS: tuple[str, ...] = (*get_args(NoticeKind), TEST)
EventType = Annotated[NoticeKind | Literal["webhook.test"], OneSet(EVENTS)]
DisabledReason = Literal["paused", "failing", "gone"]
DeliveryState = Literal["pending", "delivered", "failed", "canceled"]
DeliveryCode = Literal[
    "ok", "status", "redirect", "gone", "timeout", "unreachable", "unresolvable", "address_not_public", "invalid_url", "expired",
    "disabled", "unreadable",
]  # fmt: skip

_URL = "Where events are sent: https on the default port, at a public address, without user name and password. Stored encrypted"
Events = Annotated[list[NoticeKind], Field(min_length=1, max_length=len(get_args(NoticeKind))), DISTINCT]


class WebhookInput(Strict):
    """A new endpoint."""

    url: Annotated[Content, Field(min_length=1, max_length=2000)] = Field(description=_URL)
    events: Events | None = Field(default=None, description="Kinds of notices to send; null for all, also for those to come")


class WebhookPatch(Strict):
    """Changes of an endpoint. Absent members stay as they are."""

    url: Annotated[Content, Field(min_length=1, max_length=2000)] | None = Field(default=None, description=_URL)
    events: Events | None = Field(default=None, description="Kinds of notices to send; null for all")
    active: Flag | None = Field(
        default=None,
        description="False cancels what waits and sends nothing more; true begins again with what happens from now on",
    )


class Webhook(Model):
    """An endpoint to which events are sent."""

    id: Uuid
    url: str = Field(description="Where events are sent")
    events: list[Stored[NoticeKind]] | None = Field(description="Kinds of notices that are sent; null for all")
    active: bool = Field(description="Events are sent")
    disabled_reason: Stored[DisabledReason] | None = Field(
        description="Why no events are sent: `paused` by you, `failing` for three days, or `gone` (the endpoint answered 410)"
    )
    failing_since: datetime | None = Field(description="Since when no attempt was successful; null if the last one was")
    old_secret_until: datetime | None = Field(description="Until when requests are signed with the previous secret as well")
    created_at: datetime
    updated_at: datetime


class NewWebhook(Webhook):
    """A new endpoint with its secret, which is shown only once."""

    secret: str = Field(description="Key of the signatures (`whsec_…`). Keep it; it is not shown again")


class RotatedSecret(Model):
    """A new secret, which is shown only once."""

    secret: str = Field(description="New key of the signatures. Requests are signed with both until `old_secret_until`")
    old_secret_until: datetime


class Delivery(Model):
    """The state of an event's delivery to one endpoint. What was sent and answered is not kept."""

    id: Uuid
    message_id: str = Field(
        description="Value of the header `webhook-id`, the same in every attempt, repeats on request included"
    )
    event: Stored[EventType]
    notice_id: Uuid | None = Field(description="Id of the notice; null for a test")
    subject_id: Uuid | None = Field(description="Id of what the notice is about; deliveries about one subject are sent in order")
    state: Stored[DeliveryState] = Field(
        description="`failed`: the endpoint did not accept it within 24 hours; `canceled`: the endpoint was disabled before"
    )
    attempts: int = Field(description="Number of attempts since the event or the last replay")
    status: int | None = Field(description="Status of the last response")
    code: Stored[DeliveryCode] | None = Field(description="Outcome of the last attempt")
    duration_ms: int | None = Field(description="Duration of the last attempt in milliseconds")
    attempted_at: datetime | None = Field(description="When the last attempt began")
    next_attempt_at: datetime | None = Field(description="When the next attempt is due; null if there is none")
    expires_at: datetime = Field(description="When the last attempt is made")
    created_at: datetime
