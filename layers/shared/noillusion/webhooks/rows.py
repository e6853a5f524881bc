"""Rows of webhooks and their deliveries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import Any, ClassVar, Literal

from noillusion.core.records import record

TEST = "webhook.test"
"""The event of a test."""
Lane = Literal["proven", "unknown", "failing"]
"""What an endpoint's last attempts tell, by which it is worked on: all were answered fast; that is not known, or no longer; the
last one failed."""


@record(repr=False)
class WebhookRow:
    """An endpoint with its ciphertexts. Never printed."""

    TABLE: ClassVar = "webhooks"

    id: str
    user_id: str
    sealed_url: str
    sealed_secret: str
    sealed_old_secret: str | None
    old_secret_until: datetime | None
    events: Sequence[str]
    active: bool
    disabled_reason: str | None
    failing_since: datetime | None
    failures: int
    proven: bool
    created_at: datetime
    updated_at: datetime


@record(repr=False)
class KeyedWebhook(WebhookRow):
    """An endpoint with the fingerprint of the request that created it, if that had an idempotency key. Never printed."""

    request_fingerprint: str | None


@record()
class ClaimedRow:
    """An endpoint that is due, and whose it is."""

    TABLE: ClassVar = "webhooks"

    id: str
    user_id: str


@record()
class DeliveryRow:
    """A delivery as the user reads it."""

    TABLE: ClassVar = "webhook_deliveries"

    id: str
    webhook_id: str
    notice_id: str | None
    event: str
    subject_id: str | None
    state: str
    attempts: int
    status: int | None
    code: str | None
    duration_ms: int | None
    attempted_at: datetime | None
    next_at: datetime | None
    expires_at: datetime
    created_at: datetime


@record()
class DueDelivery:
    """A delivery that may be sent now, and what its notice says."""

    id: str
    notice_id: str | None
    event: str
    subject_id: str | None
    attempts: int
    expires_at: datetime
    created_at: datetime
    data: Mapping[str, Any] | None = field(repr=False)
    told_at: datetime | None


@record()
class DueAt:
    """When an endpoint is looked at next."""

    TABLE: ClassVar = "webhooks"

    due_at: datetime | None


@record()
class LaneState:
    """The endpoints of a lane that are due, counted up to a limit, and those that somebody works on."""

    due: int
    leased: int
