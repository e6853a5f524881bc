"""TikTok's webhooks, which tell of posts and of grants that were removed (platforms.md 4.6)."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any, Final

from noillusion.core.errors import BadRequest
from noillusion.core.sensitive import Secret
from noillusion.platforms.reading import stamp
from noillusion.platforms.tiktok.facts import FORMS

LONGEST_AGE_S: Final = 300


def read(body: str, headers: Mapping[str, str], secret: Secret | None, now: float) -> tuple[dict[str, Any], int]:
    """Return the event of a webhook and when it was created, in seconds since 1970.

    :class:`BadRequest` unless it is freshly signed with the app's secret.
    """
    signed_at = _signed_at(body, headers.get("tiktok-signature", ""), secret)
    if abs(now - signed_at) > LONGEST_AGE_S:
        raise BadRequest("stale_signature")
    try:
        event = json.loads(body)
        content = event.get("content") or "{}"
        event["content"] = json.loads(content) if isinstance(content, str) else content
        created_at = stamp(event.get("create_time"))
        inner = event["content"] if isinstance(event["content"], dict) else {}
        if not _has_form(event.get("user_openid"), inner.get("publish_id"), inner.get("post_id")):
            raise ValueError
    except (ValueError, AttributeError, RecursionError):
        raise BadRequest("malformed_json") from None
    return dict(event), signed_at if created_at is None else created_at


def _signed_at(body: str, header: str, secret: Secret | None) -> int:
    """The time at which a body was signed with the app's secret, in seconds since 1970."""
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    signed_at, given = parts.get("t", ""), parts.get("s", "")
    if secret is None or not (signed_at.isascii() and signed_at.isdigit() and len(signed_at) <= 12) or not given:
        raise BadRequest("invalid_signature")
    expected = hmac.new(secret.reveal().encode(), f"{signed_at}.{body}".encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise BadRequest("invalid_signature")
    return int(signed_at)


def _has_form(open_id: object, publish_id: object, post_id: object) -> bool:
    """Return whether each id is absent or has the form in which TikTok gives it: they are stored and searched for."""
    given = ((open_id, FORMS.account.fits), (publish_id, FORMS.accepted.fits), (post_id, FORMS.post_id))
    return all(value is None or fits(value) for value, fits in given)
