"""What platforms tell us: Meta's deauthorize and data-deletion callbacks, TikTok's webhooks. Nothing is believed unsigned."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

from noillusion import clock, logs
from noillusion.connections import credentials, store
from noillusion.connections.models import DeletionAccepted, DeletionStatus
from noillusion.crypto import fingerprint, fingerprints
from noillusion.db import WORKER, Actor, database
from noillusion.errors import AccountDeleted, BadRequest, NotFound
from noillusion.platforms import registry
from noillusion.settings import settings

META = ("facebook", "instagram")
WEBHOOK_AGE_S = 300
CLOCK_SLACK = timedelta(seconds=60)
"""How far a platform's clock may lag behind ours."""
CODE = "deletion-code"
"""Purpose of the keyed hash of a receipt's code."""


def _signed_request(body: str) -> tuple[str, str, datetime]:
    """The platform whose app signed the request, the person's app-scoped id, and when it was signed (platforms.md 0.5)."""
    encoded = (parse_qs(body).get("signed_request") or [""])[0]
    signature, _, payload = encoded.partition(".")
    unreadable = BadRequest("invalid_signed_request", "The signed_request cannot be read.")
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
    raise BadRequest("invalid_signature", "The signed_request is not signed by a known app.")


async def deauthorize(body: str) -> None:
    """The person removed the app: their connections cannot be used any more."""
    await _mark_removed(*_signed_request(body), "removed_at_platform")


async def _mark_removed(platform: str, subject: str, moment: datetime, reason: str) -> None:
    found = (await database().flight(WORKER, store.by_subject([platform], subject, moment + CLOCK_SLACK)))[0]
    for row in found:
        # Whoever is leaving has nothing left to mark.
        with suppress(AccountDeleted):
            await credentials.mark_dead(row, reason)
    logs.event("grant_removed", platform=platform, connections=len(found))


async def delete_data(body: str) -> DeletionAccepted:
    """Erase what came from the person's account at Meta: connections with their tokens and account figures."""
    platform, subject, signed_at = _signed_request(body)
    found = (await database().flight(WORKER, store.by_subject([platform], subject, signed_at + CLOCK_SLACK)))[0]
    for row in found:
        with suppress(AccountDeleted):
            await database().flight(Actor(row["user_id"]), store.delete(row["user_id"], row["id"]))
    code = secrets.token_hex(12)
    receipt = store.add_receipt(
        str(uuid4()),
        fingerprint("meta-subject", platform, subject),
        fingerprint(CODE, code),
        {"connections": len(found)},
        clock.now(),
    )
    await database().flight(WORKER, receipt)
    logs.event("deletion_requested", platform=platform, connections=len(found))
    return DeletionAccepted(url=f"{settings().public_url}/v1/callbacks/meta/data-deletion/{code}", confirmation_code=code)


async def deletion_status(code: str) -> DeletionStatus:
    """What became of a deletion request; :class:`NotFound` for a code that was never given."""
    rows = (await database().flight(WORKER, store.receipt(fingerprints(CODE, code))))[0]
    if not rows:
        raise NotFound
    message = "All data received from your account has been deleted from No iLLusion Social."
    return DeletionStatus(confirmation_code=code, state=rows[0]["state"], completed_at=rows[0]["created_at"], message=message)


def tiktok_event(body: str, headers: Mapping[str, str]) -> dict[str, Any]:
    """The event of a TikTok webhook; :class:`BadRequest` unless it is freshly signed with our secret (platforms.md 4.6)."""
    app = settings().app("tiktok")
    parts = dict(part.partition("=")[::2] for part in headers.get("tiktok-signature", "").split(","))
    stamp, given = parts.get("t", ""), parts.get("s", "")
    if app is None or not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12) or not given:
        raise BadRequest("invalid_signature", "The webhook is not signed.")
    expected = hmac.new(app.client_secret.reveal().encode(), f"{stamp}.{body}".encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise BadRequest("invalid_signature", "The webhook is not signed with the app's secret.")
    if abs(clock.now().timestamp() - int(stamp)) > WEBHOOK_AGE_S:
        raise BadRequest("stale_signature", "The webhook's signature is too old.")
    try:
        event = json.loads(body)
        content = event.get("content") or "{}"
        event["content"] = json.loads(content) if isinstance(content, str) else content
        event["at"] = _moment(event.get("create_time")) or _moment(stamp)
        inner = event["content"] if isinstance(event["content"], dict) else {}
        if not _has_tiktoks_form(event.get("user_openid"), inner.get("publish_id"), inner.get("post_id")):
            raise ValueError
    except (ValueError, AttributeError, RecursionError):
        raise BadRequest("malformed_json", "The webhook's body is not the documented JSON.") from None
    return dict(event)


def _has_tiktoks_form(open_id: object, publish_id: object, post_id: object) -> bool:
    """Whether each id is absent or has the form in which TikTok gives it: they are stored and searched for."""
    forms = registry.get("tiktok").forms
    given = ((open_id, forms.account.fits), (publish_id, forms.accepted.fits), (post_id, forms.post_id))
    return all(value is None or fits(value) for value, fits in given)


async def tiktok_removed(event: Mapping[str, Any]) -> None:
    """``authorization.removed``: the tokens are dead already."""
    await _mark_removed("tiktok", str(event.get("user_openid", "")), event["at"], "removed_at_platform")
