"""Statements about stored AI keys that those who use the keys need: how a use ended, and whether that was news."""

from __future__ import annotations

from datetime import datetime

from noillusion.db import Statement, sql
from noillusion.profiles.models import KeyState


def used(user_id: str, key_id: str, state: KeyState | None, error: str | None, now: datetime) -> Statement:
    """Note that a key was used. ``state`` is ``None`` where the use says nothing about the key; ``error`` is how it failed."""
    moved = ", state_at = CASE WHEN state = :state THEN state_at ELSE :now END, state = :state" if state else ""
    return sql(
        f"UPDATE ai_provider_keys SET last_used_at = :now, last_error = :error{moved} WHERE user_id = :user_id AND id = :key_id",  # noqa: S608
        user_id=user_id,
        key_id=key_id,
        error=error,
        now=now,
        **({"state": state} if state else {}),
    )


def began(user_id: str, key_id: str, state: KeyState, now: datetime) -> Statement:
    """Select the key if it has come into a state at an instant."""
    return sql(
        "SELECT 1 FROM ai_provider_keys WHERE user_id = :user_id AND id = :key_id AND state = :state AND state_at = :now",
        user_id=user_id,
        key_id=key_id,
        state=state,
        now=now,
    )
