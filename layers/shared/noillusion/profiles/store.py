"""SQL of profiles and AI keys."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from noillusion.db import Json, Query, Statement, query, sql
from noillusion.profiles.models import ProfileFields
from noillusion.profiles.rows import AIKeyRow, ProfileRow


def create_if_absent(user_id: str, now: datetime) -> Statement:
    """Insert the profile on first use."""
    return sql(
        """INSERT INTO profiles (id, user_id, created_at, updated_at) VALUES (:id, :user_id, :now, :now)
           ON CONFLICT (user_id) DO NOTHING""",
        id=str(uuid4()),
        user_id=user_id,
        now=now,
    )


def profile(user_id: str) -> Query[ProfileRow]:
    """Select the user's profile."""
    return query(ProfileRow, "SELECT {columns} FROM profiles WHERE user_id = :user_id", user_id=user_id)


def change(user_id: str, changes: Mapping[str, Any], seen: datetime, now: datetime) -> Statement:
    """Set columns that are fields of ``ProfileFields``. Returns a row unless the profile was updated since ``seen``."""
    if not changes.keys() <= ProfileFields.model_fields.keys():
        raise ValueError("not a profile column")
    assignments = "".join(f"{name} = :{name}, " for name in sorted(changes))
    values = {name: Json(value) if isinstance(value, list | dict) else value for name, value in changes.items()}
    return sql(
        f"""UPDATE profiles SET {assignments}updated_at = :now
            WHERE user_id = :user_id AND updated_at = :seen RETURNING user_id""",  # noqa: S608 - names of fields
        user_id=user_id,
        seen=seen,
        now=now,
        **values,
    )


def keys(user_id: str) -> Query[AIKeyRow]:
    """Select the stored AI keys, without the keys."""
    return query(AIKeyRow, "SELECT {columns} FROM ai_provider_keys WHERE user_id = :user_id ORDER BY provider", user_id=user_id)


def put_key(
    user_id: str,
    provider: str,
    row_id: str,
    sealed: str,
    key_id: str,
    hint: str,
    state: str,
    error: str | None,
    now: datetime,
) -> Query[AIKeyRow]:
    """Store or replace the sealed key of one provider. The row's id is part of the ciphertext's associated data."""
    return query(
        AIKeyRow,
        """INSERT INTO ai_provider_keys (id, user_id, provider, sealed_key, sealing_key_id, hint, state, state_at, last_error,
             created_at, updated_at)
           VALUES (:id, :user_id, :provider, :sealed, :key_id, :hint, :state, :now, :error, :now, :now)
           ON CONFLICT (user_id, provider) DO UPDATE SET id = excluded.id, sealed_key = excluded.sealed_key,
             sealing_key_id = excluded.sealing_key_id, hint = excluded.hint, state = excluded.state, state_at = excluded.state_at,
             last_error = excluded.last_error, last_used_at = NULL, updated_at = excluded.updated_at
           RETURNING {columns}""",
        id=row_id,
        user_id=user_id,
        provider=provider,
        sealed=sealed,
        key_id=key_id,
        hint=hint,
        state=state,
        error=error,
        now=now,
    )


def forget_cooldown(user_id: str, provider: str) -> Statement:
    """Delete the cooldown at a provider, which belonged to the previous key."""
    return sql(
        "DELETE FROM ai_provider_state WHERE user_id = :user_id AND provider = :provider", user_id=user_id, provider=provider
    )


def delete_key(user_id: str, provider: str) -> Statement:
    """Delete the key of one provider. Returns a row if there was one."""
    return sql(
        "DELETE FROM ai_provider_keys WHERE user_id = :user_id AND provider = :provider RETURNING provider",
        user_id=user_id,
        provider=provider,
    )
