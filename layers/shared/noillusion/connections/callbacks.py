"""Notifications from platforms: Meta's deauthorize and data-deletion callbacks, TikTok's webhooks. All must be signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from noillusion.catalog import registrations
from noillusion.catalog.accounts import StatusReason
from noillusion.catalog.platforms import owned_by
from noillusion.catalog.registrations import Registration
from noillusion.connections import credentials, grants, store
from noillusion.core import clock, logs
from noillusion.core.errors import AccountDeleted
from noillusion.db import WORKER, database
from noillusion.platforms.meta import signed_request
from noillusion.platforms.tiktok import webhooks
from noillusion.settings.source import settings

META = owned_by("meta")
CLOCK_SLACK = timedelta(seconds=60)
"""How far a platform's clock may lag behind ours."""


def _signed_request(body: str) -> tuple[Sequence[Registration], str, datetime]:
    """The registrations whose app signed the request, the person's app-scoped id, and when it was signed."""
    ours = {found.key: found for platform in META for found in registrations.of(platform)}
    apps = {key: settings().apps.get(found.platform, found.name) for key, found in ours.items()}
    signed = signed_request.read(body, {key: app.client_secret for key, app in apps.items() if app})
    return [ours[key] for key in signed.signers], signed.subject, _moment(signed.issued_at)


def _moment(seconds: int) -> datetime:
    """The time, at the latest now."""
    return min(datetime.fromtimestamp(min(seconds, 2**32), UTC), clock.now())


async def deauthorize(body: str) -> None:
    """Mark the connections of a person who removed the app."""
    await _mark_removed(*_signed_request(body), "removed_at_platform")


async def _mark_removed(found: Sequence[Registration], subject: str, moment: datetime, reason: StatusReason) -> None:
    theirs = store.by_subject(found, subject, moment + CLOCK_SLACK)
    rows = (await database().flight(WORKER, theirs))[theirs]
    failed: Exception | None = None
    for row in rows:
        try:
            # Whoever is leaving has nothing left to mark.
            with suppress(AccountDeleted):
                await credentials.mark_dead(row, reason)
        except Exception as error:  # noqa: BLE001 - whatever one account meets, the others are as dead
            logs.failure("removal_not_noted", error, connection_id=row.id)
            failed = error
    dropped = await grants.drop_pending(found, subject, moment + CLOCK_SLACK, None)
    logs.event("grant_removed", platform=found[0].platform, connections=len(rows), grants=dropped)
    if failed is not None:
        # The platform sends it again, and what is done stays done.
        raise failed


def asked_deletion(body: str) -> tuple[Sequence[Registration], str, datetime]:
    """Return the registrations whose app asks, the person whose data is to be deleted, and until when a grant is older than
    that."""
    found, subject, signed_at = _signed_request(body)
    return found, subject, signed_at + CLOCK_SLACK


def tiktok_event(body: str, headers: Mapping[str, str]) -> dict[str, Any]:
    """The event of a TikTok webhook; :class:`~noillusion.core.errors.BadRequest` unless it is freshly signed with our secret."""
    app = settings().apps.get("tiktok", "")
    event, seconds = webhooks.read(body, headers, app.client_secret if app else None, clock.now().timestamp())
    return {**event, "at": _moment(seconds)}


async def tiktok_removed(event: Mapping[str, Any]) -> None:
    """``authorization.removed``: the tokens are dead already."""
    await _mark_removed(registrations.of("tiktok"), str(event.get("user_openid", "")), event["at"], "removed_at_platform")
