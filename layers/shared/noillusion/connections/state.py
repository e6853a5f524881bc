"""The OAuth ``state``: signed, short-lived, for one attempt at one platform. Single use is the attempt row's business.

jose is imported where it is used: it takes long to load, and few of the requests whose function has this module need a state.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from noillusion.core import clock
from noillusion.settings.source import settings
from noillusion.vault.sealer import fingerprint, fingerprints

ALGORITHM = "HS256"
NONCE, HANDLE = "oauth-nonce", "pending-handle"
"""Purposes of keyed hashes."""


def create(attempt_id: str, platform: str, expires: datetime) -> tuple[str, str]:
    """Return a new state and the hash of its nonce, which the attempt's row keeps."""
    from jose import jwt

    nonce = secrets.token_urlsafe(24)
    claims = {"jti": attempt_id, "platform": platform, "nonce": nonce, "exp": int(expires.timestamp()), "aud": "oauth-state"}
    return jwt.encode(claims, settings().state_key, algorithm=ALGORITHM), fingerprint(NONCE, nonce)


def verify(state: str, platform: str) -> tuple[str, tuple[str, ...]] | None:
    """Return the attempt's id and the hashes its nonce may have; ``None`` for a state of another origin, platform or time."""
    from jose import JWTError, jwt

    try:
        claims = jwt.decode(
            state,
            settings().state_key,
            algorithms=[ALGORITHM],
            audience="oauth-state",
            options={"require_exp": True, "verify_exp": False},
        )
    except (JWTError, RecursionError):
        # Anybody may send one, so its header may be nested without end.
        return None
    if claims.get("platform") != platform or float(claims.get("exp", 0)) < clock.now().timestamp():
        return None
    return str(claims.get("jti", "")), fingerprints(NONCE, str(claims.get("nonce", "")))


def new_handle() -> str:
    """Return a new handle, which only the browser that came back from the platform learns."""
    return secrets.token_urlsafe(32)


def handle_hash(handle: str) -> str:
    """Return the keyed hash of a handle, as stored."""
    return fingerprint(HANDLE, handle)


def handle_hashes(handle: str) -> tuple[str, ...]:
    """Return the keyed hashes by which a handle may be stored."""
    return fingerprints(HANDLE, handle)
