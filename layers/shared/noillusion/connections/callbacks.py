"""What platforms tell us: Meta's deauthorize and data-deletion callbacks, TikTok's webhooks. Nothing is believed unsigned."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from noillusion.catalog.platforms import owned_by
from noillusion.connections import credentials, grants, store
from noillusion.core import clock, logs
from noillusion.core.errors import AccountDeleted, BadRequest
from noillusion.db import WORKER, database
from noillusion.platforms import catalog
from noillusion.settings.source import settings

META = owned_by("meta")
WEBHOOK_AGE_S = 300
CLOCK_SLACK = timedelta(seconds=60)
"""How far a platform's clock may lag behind ours."""


def _signed_request(body: str) -> tuple[str, str, datetime]:
    """The platform whose app signed the request, the person's app-scoped id, and when it was signed (platforms.md 0.5)."""
    encoded = (parse_qs(body).get("signed_request") or [""])[0]
    signature, _, payload = encoded.partition(".")
    unreadable = BadRequest("invalid_signed_request")
    try:
        platform = _signer(base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4)), payload.encode())
        # Only what is signed is looked into: anybody may call this.
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (ValueError, RecursionError):
        raise unreadable from None
    subject = str(claims.get("user_id") or "") if isinstance(claims, dict) else ""
    signed_at = _moment(claims.get("issued_at")) if subject else None
    if signed_at is None or not (subject.isascii() and subject.isalnum()):
        raise unreadable
    return platform, subject, signed_at


def _moment(value: object) -> datetime | None:
    """A time given as seconds since 1970, at the latest now; ``None`` for anything else."""
    if not re.fullmatch(r"[0-9]{1,12}", str(value)):
        return None
    return min(datetime.fromtimestamp(min(int(str(value)), 2**32), UTC), clock.now())


def _signer(signature: bytes, payload: bytes) -> str:
    for platform in META:
        app = settings().app(platform)
        if app is None:
            continue
        expected = hmac.new(app.client_secret.reveal().encode(), payload, hashlib.sha256).digest()
        if hmac.compare_digest(signature, expected):
            return platform
    raise BadRequest("invalid_signature")


async def deauthorize(body: str) -> None:
    """The person removed the app: their connections cannot be used any more."""
    await _mark_removed(*_signed_request(body), "removed_at_platform")


async def _mark_removed(platform: str, subject: str, moment: datetime, reason: str) -> None:
    theirs = store.by_subject([platform], subject, moment + CLOCK_SLACK)
    rows = (await database().flight(WORKER, theirs))[theirs]
    for row in rows:
        # Whoever is leaving has nothing left to mark.
        with suppress(AccountDeleted):
            await credentials.mark_dead(row, reason)
    dropped = await grants.drop_pending(platform, subject, moment + CLOCK_SLACK, None)
    logs.event("grant_removed", platform=platform, connections=len(rows), grants=dropped)


def asked_deletion(body: str) -> tuple[str, str, datetime]:
    """The platform and the person whose data Meta asks to delete, and until when a grant counts as older than the request."""
    platform, subject, signed_at = _signed_request(body)
    return platform, subject, signed_at + CLOCK_SLACK


def tiktok_event(body: str, headers: Mapping[str, str]) -> dict[str, Any]:
    """The event of a TikTok webhook; :class:`BadRequest` unless it is freshly signed with our secret (platforms.md 4.6)."""
    app = settings().app("tiktok")
    parts = dict(part.partition("=")[::2] for part in headers.get("tiktok-signature", "").split(","))
    stamp, given = parts.get("t", ""), parts.get("s", "")
    if app is None or not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12) or not given:
        raise BadRequest("invalid_signature")
    expected = hmac.new(app.client_secret.reveal().encode(), f"{stamp}.{body}".encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise BadRequest("invalid_signature")
    if abs(clock.now().timestamp() - int(stamp)) > WEBHOOK_AGE_S:
        raise BadRequest("stale_signature")
    try:
        event = json.loads(body)
        content = event.get("content") or "{}"
        event["content"] = json.loads(content) if isinstance(content, str) else content
        event["at"] = _moment(event.get("create_time")) or _moment(stamp)
        inner = event["content"] if isinstance(event["content"], dict) else {}
        if not _has_tiktoks_form(event.get("user_openid"), inner.get("publish_id"), inner.get("post_id")):
            raise ValueError
    except (ValueError, AttributeError, RecursionError):
        raise BadRequest("malformed_json") from None
    return dict(event)


def _has_tiktoks_form(open_id: object, publish_id: object, post_id: object) -> bool:
    """Whether each id is absent or has the form in which TikTok gives it: they are stored and searched for."""
    forms = catalog.get("tiktok").forms
    given = ((open_id, forms.account.fits), (publish_id, forms.accepted.fits), (post_id, forms.post_id))
    return all(value is None or fits(value) for value, fits in given)


async def tiktok_removed(event: Mapping[str, Any]) -> None:
    """``authorization.removed``: the tokens are dead already."""
    await _mark_removed("tiktok", str(event.get("user_openid", "")), event["at"], "removed_at_platform")
