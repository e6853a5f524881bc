"""The OAuth ``state``: signed, short-lived, for one attempt at one platform. Single use is the attempt row's business.

jose is imported where it is used: it takes long to load, and few of the requests whose function has this module need a state.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from noillusion import clock
from noillusion.crypto import fingerprint
from noillusion.settings import settings

ALGORITHM = "HS256"


def create(attempt_id: str, platform: str, expires: datetime) -> tuple[str, str]:
    """A state and the hash of its nonce, which the attempt's row keeps."""
    from jose import jwt

    nonce = secrets.token_urlsafe(24)
    claims = {"jti": attempt_id, "platform": platform, "nonce": nonce, "exp": int(expires.timestamp()), "aud": "oauth-state"}
    return jwt.encode(claims, settings().state_key, algorithm=ALGORITHM), nonce_hash(nonce)


def verify(state: str, platform: str) -> tuple[str, str] | None:
    """The attempt's id and the nonce's hash, or ``None`` for anything that we did not issue for this platform just now."""
    from jose import JWTError, jwt

    try:
        claims = jwt.decode(
            state,
            settings().state_key,
            algorithms=[ALGORITHM],
            audience="oauth-state",
            options={"require_exp": True, "verify_exp": False},
        )
    except JWTError:
        return None
    if claims.get("platform") != platform or float(claims.get("exp", 0)) < clock.now().timestamp():
        return None
    return str(claims.get("jti", "")), nonce_hash(str(claims.get("nonce", "")))


def nonce_hash(nonce: str) -> str:
    """Keyed hash of a nonce."""
    return fingerprint("oauth-nonce", nonce)


def new_handle() -> str:
    """A handle that only the browser that came back from the platform learns."""
    return secrets.token_urlsafe(32)


def handle_hash(handle: str) -> str:
    """Keyed hash of a handle, as stored."""
    return fingerprint("pending-handle", handle)
