"""Notifications from platforms: Meta's deauthorize and data-deletion callbacks, TikTok's webhooks. All must be signed."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from noillusion.catalog.accounts import StatusReason
from noillusion.catalog.platforms import owned_by
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


def _signed_request(body: str) -> tuple[str, str, datetime]:
    """The platform whose app signed the request, the person's app-scoped id, and when it was signed."""
    apps = ((platform, settings().app(platform)) for platform in META)
    signed = signed_request.read(body, {platform: app.client_secret for platform, app in apps if app})
    return signed.platform, signed.subject, _moment(signed.issued_at)


def _moment(seconds: int) -> datetime:
    """The time, at the latest now."""
    return min(datetime.fromtimestamp(min(seconds, 2**32), UTC), clock.now())


async def deauthorize(body: str) -> None:
    """Mark the connections of a person who removed the app."""
    await _mark_removed(*_signed_request(body), "removed_at_platform")


async def _mark_removed(platform: str, subject: str, moment: datetime, reason: StatusReason) -> None:
    theirs = store.by_subject([platform], subject, moment + CLOCK_SLACK)
    rows = (await database().flight(WORKER, theirs))[theirs]
    for row in rows:
        # Whoever is leaving has nothing left to mark.
        with suppress(AccountDeleted):
            await credentials.mark_dead(row, reason)
    dropped = await grants.drop_pending(platform, subject, moment + CLOCK_SLACK, None)
    logs.event("grant_removed", platform=platform, connections=len(rows), grants=dropped)


def asked_deletion(body: str) -> tuple[str, str, datetime]:
    """Return the platform, the person whose data Meta asks to delete, and until when a grant is older than that."""
    platform, subject, signed_at = _signed_request(body)
    return platform, subject, signed_at + CLOCK_SLACK


def tiktok_event(body: str, headers: Mapping[str, str]) -> dict[str, Any]:
    """The event of a TikTok webhook; :class:`~noillusion.core.errors.BadRequest` unless it is freshly signed with our secret."""
    app = settings().app("tiktok")
    event, seconds = webhooks.read(body, headers, app.client_secret if app else None, clock.now().timestamp())
    return {**event, "at": _moment(seconds)}


async def tiktok_removed(event: Mapping[str, Any]) -> None:
    """``authorization.removed``: the tokens are dead already."""
    await _mark_removed("tiktok", str(event.get("user_openid", "")), event["at"], "removed_at_platform")
