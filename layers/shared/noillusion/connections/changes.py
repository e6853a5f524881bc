"""Notices of the states of a connection: one for each change (failure-classes.md C9), in the flight that makes the change."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from noillusion.catalog.accounts import ConnectionState
from noillusion.connections import credential_store, life_store, store
from noillusion.db import Statement
from noillusion.notices.notice import notice


def became_active(
    user_id: str, platform: str, connection_id: str, version: int, previous: ConnectionState | Literal["pending"], now: datetime
) -> Statement:
    """Return the notice of a connection that works from now on with this credential, unless the change was not made."""
    made = credential_store.known_active(user_id, connection_id, version)
    data = {"platform": platform, "previous": previous}
    return notice(user_id, "connection_active", connection_id, str(version), now, data, provided=made)


def began_to_expire(user_id: str, platform: str, connection_id: str, ends: datetime, now: datetime) -> Statement:
    """Return the notice of a connection that has just become expiring, unless the change was not made."""
    made = life_store.known_expiring(user_id, connection_id, now)
    data = {"platform": platform, "expires_at": ends.isoformat()}
    return notice(user_id, "connection_expiring", connection_id, f"expires-{ends:%Y%m%d}", now, data, provided=made)


def disconnected(user_id: str, platform: str, connection_id: str, now: datetime) -> Statement:
    """Return the notice of a connection that is deleted next in the same flight, if it is still there."""
    there = store.known(user_id, connection_id)
    return notice(user_id, "connection_disconnected", connection_id, "", now, {"platform": platform}, provided=there)
