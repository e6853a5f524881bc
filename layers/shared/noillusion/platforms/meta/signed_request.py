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

    signers: tuple[str, ...]
    """The names of the secrets that it is signed with; several if they are the same."""
    subject: str
    """The person's app-scoped id."""
    issued_at: int
    """Seconds since 1970, as the platform says."""


def read(body: str, secrets: Mapping[str, Secret]) -> SignedRequest:
    """Return the signed request in a form. ``secrets``: those of our apps by name. :class:`BadRequest` unless one fits."""
    encoded = (parse_qs(body).get("signed_request") or [""])[0]
    signature, _, payload = encoded.partition(".")
    unreadable = BadRequest("invalid_signed_request")
    try:
        signers = _signers(_decoded(signature), payload.encode(), secrets)
        # Only what is signed is looked into: anybody may call this.
        claims = json.loads(_decoded(payload))
    except (ValueError, RecursionError):
        raise unreadable from None
    subject = str(claims.get("user_id") or "") if isinstance(claims, dict) else ""
    issued_at = stamp(claims.get("issued_at")) if subject else None
    if issued_at is None or not (subject.isascii() and subject.isalnum()):
        raise unreadable
    return SignedRequest(signers, subject, issued_at)


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _signers(signature: bytes, payload: bytes, secrets: Mapping[str, Secret]) -> tuple[str, ...]:
    """Return the names of the secrets that the payload is signed with. All are compared, so that the time tells nothing."""
    expected = {name: hmac.new(secret.reveal().encode(), payload, hashlib.sha256).digest() for name, secret in secrets.items()}
    same = {name: hmac.compare_digest(signature, digest) for name, digest in expected.items()}
    signers = tuple(name for name in same if same[name])
    if not signers:
        raise BadRequest("invalid_signature")
    return signers
