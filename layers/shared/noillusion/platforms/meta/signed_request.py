"""Meta's signed requests, with which it tells that a person removed an app or wants data deleted (platforms.md 0.5)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from urllib.parse import parse_qs

from noillusion.core.errors import BadRequest
from noillusion.core.records import record
from noillusion.core.sensitive import Secret
from noillusion.platforms.reading import stamp


@record(eq=True)
class SignedRequest:
    """A request that one of our apps signed."""

    platform: str
    """The platform whose app signed it."""
    subject: str
    """The person's app-scoped id."""
    issued_at: int
    """Seconds since 1970, as the platform says."""


def read(body: str, secrets: Mapping[str, Secret]) -> SignedRequest:
    """Return the signed request in a form. ``secrets``: platform → its app's. :class:`BadRequest` unless one of them signed."""
    encoded = (parse_qs(body).get("signed_request") or [""])[0]
    signature, _, payload = encoded.partition(".")
    unreadable = BadRequest("invalid_signed_request")
    try:
        platform = _signer(_decoded(signature), payload.encode(), secrets)
        # Only what is signed is looked into: anybody may call this.
        claims = json.loads(_decoded(payload))
    except (ValueError, RecursionError):
        raise unreadable from None
    subject = str(claims.get("user_id") or "") if isinstance(claims, dict) else ""
    issued_at = stamp(claims.get("issued_at")) if subject else None
    if issued_at is None or not (subject.isascii() and subject.isalnum()):
        raise unreadable
    return SignedRequest(platform, subject, issued_at)


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _signer(signature: bytes, payload: bytes, secrets: Mapping[str, Secret]) -> str:
    for platform, secret in secrets.items():
        expected = hmac.new(secret.reveal().encode(), payload, hashlib.sha256).digest()
        if hmac.compare_digest(signature, expected):
            return platform
    raise BadRequest("invalid_signature")
