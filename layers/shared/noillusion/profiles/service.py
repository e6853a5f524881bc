"""Profiles: created on first login, changed field by field; AI keys go in sealed and never come out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from noillusion.core import clock
from noillusion.core.errors import FieldError, Invalid, NotFound
from noillusion.db import Actor, Row, Statement, database
from noillusion.profiles import store
from noillusion.profiles.models import PROVIDERS, AIKeyInput, AIKeyStatus, AIPreferences, Profile, ProfilePatch, Provider
from noillusion.vault.sealer import Place, sealer

HINT_LENGTH = 4


async def get(user_id: str) -> Profile:
    """The user's profile, made now if this is the first login. One round trip."""
    return await _profile(user_id, store.create_if_absent(user_id, clock.now()))


async def change(user_id: str, patch: ProfilePatch) -> Profile:
    """Change the fields that the patch sets. :class:`Invalid` for fields set to null."""
    changes: dict[str, Any] = patch.model_dump(mode="json", exclude_unset=True)
    nulls = [FieldError(name, "null", "Must not be null.") for name, value in changes.items() if value is None]
    if nulls:
        raise Invalid(nulls)
    now = clock.now()
    return await _profile(user_id, store.create_if_absent(user_id, now), store.change(user_id, changes, now))


async def put_key(user_id: str, provider: Provider, given: AIKeyInput) -> AIKeyStatus:
    """Seal and store the user's own key for a provider."""
    key = given.key.reveal().strip()
    if not key.isascii() or not key.isprintable() or " " in key or len(key) < 8:
        raise Invalid([FieldError("key", "invalid", "Must be 8 to 512 printable ASCII characters without spaces.")])
    row_id = str(uuid4())
    sealed = sealer().seal(type(given.key)(key), Place("ai_provider_keys", "sealed_key", user_id, row_id))
    now = clock.now()
    put = store.put_key(user_id, provider, row_id, sealed, sealer().key_id, key[-HINT_LENGTH:], now)
    rows = await database().flight(
        Actor(user_id), store.create_if_absent(user_id, now), put, store.forget_cooldown(user_id, provider)
    )
    return AIKeyStatus(provider=provider, stored=True, hint=rows[1][0]["hint"], updated_at=rows[1][0]["updated_at"])


async def delete_key(user_id: str, provider: Provider) -> None:
    """Forget a stored key; :class:`NotFound` if there is none."""
    statements = (store.delete_key(user_id, provider), store.forget_cooldown(user_id, provider))
    if not (await database().flight(Actor(user_id), *statements))[0]:
        raise NotFound


async def _profile(user_id: str, *before: Statement) -> Profile:
    results = await database().flight(Actor(user_id), *before, store.profile(user_id), store.keys(user_id))
    return to_profile(results[-2][0], results[-1])


def to_profile(row: Row, keys: Sequence[Row]) -> Profile:
    """The API shape of a profile row and the user's key rows."""
    stored = {key["provider"]: key for key in keys}
    statuses = [AIKeyStatus(provider=name, stored=name in stored, **_hint(stored.get(name))) for name in PROVIDERS]
    preferences = AIPreferences.model_validate(row["ai_preferences"])
    fields = {name: row[name] for name in Profile.model_fields if name not in ("ai_preferences", "ai_keys")}
    return Profile(**fields, ai_preferences=preferences, ai_keys=statuses)


def _hint(row: Row | None) -> dict[str, Any]:
    return {} if row is None else {"hint": row["hint"], "updated_at": row["updated_at"]}
