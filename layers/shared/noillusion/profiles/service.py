"""Profiles, created on first use and updated by field; AI keys, stored encrypted and never returned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import uuid4

from noillusion.catalog.providers import PROVIDERS, Provider
from noillusion.core import clock
from noillusion.core.errors import Invalid, NotFound, field_error
from noillusion.db import Actor, Statement, database
from noillusion.profiles import store
from noillusion.profiles.models import AIKeyInput, AIKeyStatus, Profile, ProfilePatch
from noillusion.profiles.rows import AIKeyRow, ProfileRow
from noillusion.vault.sealer import Place, sealer

HINT_LENGTH = 4


async def get(user_id: str) -> Profile:
    """Return the user's profile, creating it on first use. One round trip."""
    return await _profile(user_id, store.create_if_absent(user_id, clock.now()))


async def change(user_id: str, patch: ProfilePatch) -> Profile:
    """Update the fields of the patch. Raises :class:`Invalid` for fields set to null."""
    changes: dict[str, Any] = patch.model_dump(mode="json", exclude_unset=True)
    nulls = [field_error(name, "not_null") for name, value in changes.items() if value is None]
    if nulls:
        raise Invalid(nulls)
    now = clock.now()
    return await _profile(user_id, store.create_if_absent(user_id, now), store.change(user_id, changes, now))


async def put_key(user_id: str, provider: Provider, body: AIKeyInput) -> AIKeyStatus:
    """Seal and store the user's own key for a provider."""
    key = body.key.reveal().strip()
    if not key.isascii() or not key.isprintable() or " " in key or len(key) < 8:
        raise Invalid([field_error("key", "ai_key")])
    row_id = str(uuid4())
    sealed = sealer().seal(type(body.key)(key), Place("ai_provider_keys", "sealed_key", user_id, row_id))
    now = clock.now()
    put = store.put_key(user_id, provider, row_id, sealed, sealer().key_id, key[-HINT_LENGTH:], now)
    flight = await database().flight(
        Actor(user_id), store.create_if_absent(user_id, now), put, store.forget_cooldown(user_id, provider)
    )
    return _key_status(provider, flight.one(put))


async def delete_key(user_id: str, provider: Provider) -> None:
    """Delete a stored key. Raises :class:`NotFound` if there is none."""
    deletion = store.delete_key(user_id, provider)
    flight = await database().flight(Actor(user_id), deletion, store.forget_cooldown(user_id, provider))
    if not flight.number_of(deletion):
        raise NotFound


async def _profile(user_id: str, *before: Statement) -> Profile:
    profile, keys = store.profile(user_id), store.keys(user_id)
    flight = await database().flight(Actor(user_id), *before, profile, keys)
    return to_profile(flight.one(profile), flight[keys])


def to_profile(row: ProfileRow, keys: Sequence[AIKeyRow]) -> Profile:
    """Return the API model of a profile and the user's keys."""
    stored = {key.provider: key for key in keys}
    return Profile(**asdict(row), ai_keys=[_key_status(name, stored.get(name)) for name in PROVIDERS])


def _key_status(provider: Provider, row: AIKeyRow | None) -> AIKeyStatus:
    if row is None:
        return AIKeyStatus(provider=provider, stored=False)
    return AIKeyStatus(provider=provider, stored=True, hint=row.hint, updated_at=row.updated_at)
