"""Profiles, created on first use and updated by field; AI keys, stored encrypted and never returned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import uuid4

from noillusion.catalog.providers import PROVIDERS, Provider
from noillusion.core import clock
from noillusion.core.errors import Conflict, Invalid, NotFound, field_error
from noillusion.core.patches import merge
from noillusion.core.preconditions import ANY, Condition, etag
from noillusion.core.sensitive import Secret
from noillusion.db import Actor, Statement, database
from noillusion.profiles import store
from noillusion.profiles.models import AIKeyInput, AIKeyStatus, KeyState, Profile, ProfilePatch, stored_preferences
from noillusion.profiles.rows import AIKeyRow, ProfileRow
from noillusion.vault.sealer import Place, sealer

HINT_LENGTH = 4
MOST_TRIES = 50
"""How often a patch is merged again because another change came first. One of those that meet always succeeds."""


async def get(user_id: str) -> Profile:
    """Return the user's profile, creating it on first use. One round trip."""
    return to_profile(*await _read(user_id, store.create_if_absent(user_id, clock.now())))


async def change(user_id: str, patch: ProfilePatch, condition: Condition = ANY) -> Profile:
    """Merge a patch into the profile. Two round trips, and one more whenever another change comes first.

    Raises :class:`PreconditionFailed` if the profile is not in the state that the condition names.
    """
    changes = patch.changes()
    row, keys = await _read(user_id, store.create_if_absent(user_id, clock.now()))
    for _ in range(MOST_TRIES):
        condition.check(tag(to_profile(row, keys)))
        if not changes:
            return to_profile(row, keys)
        # Later than what was seen, even by a clock that is behind: the time is the row's version.
        now = max(clock.now(), row.updated_at + timedelta(microseconds=1))
        update = store.change(user_id, _merged(row, changes), row.updated_at, now)
        profile, stored = store.profile(user_id), store.keys(user_id)
        flight = await database().flight(Actor(user_id), update, profile, stored)
        row, keys = flight.one(profile), flight[stored]
        if flight.number_of(update):
            return to_profile(row, keys)
    raise Conflict("changed_at_once")


def _merged(row: ProfileRow, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns to set. Defaults are not stored, so that they stay defaults."""
    columns = dict(changes)
    if "ai_preferences" in columns:
        columns["ai_preferences"] = merge(row.ai_preferences, columns["ai_preferences"])
        stored_preferences(columns["ai_preferences"])
    return columns


async def require(user_id: str, condition: Condition) -> None:
    """Raise :class:`PreconditionFailed` if the profile is not in the state that the condition names."""
    if condition:
        condition.check(tag(await get(user_id)))


def tag(profile: Profile) -> str:
    """Return the entity tag of a profile, which does not change each time that a key is used."""
    keys = [key.model_copy(update={"last_used_at": None}) for key in profile.ai_keys]
    return etag(profile.model_copy(update={"ai_keys": keys}))


def key_of(body: AIKeyInput) -> Secret:
    """Return the key of a request. :class:`Invalid`: it cannot be one."""
    key = body.key.reveal().strip()
    if not key.isascii() or not key.isprintable() or " " in key or len(key) < 8:
        raise Invalid([field_error("key", "ai_key")])
    return Secret(key)


async def put_key(user_id: str, provider: Provider, key: Secret, state: KeyState, error: str | None) -> AIKeyStatus:
    """Seal and store the user's own key for a provider, with what is known about it."""
    row_id = str(uuid4())
    sealed = sealer().seal(key, Place("ai_provider_keys", "sealed_key", user_id, row_id))
    now = clock.now()
    put = store.put_key(user_id, provider, row_id, sealed, sealer().key_id, key.reveal()[-HINT_LENGTH:], state, error, now)
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


async def _read(user_id: str, *before: Statement) -> tuple[ProfileRow, Sequence[AIKeyRow]]:
    profile, keys = store.profile(user_id), store.keys(user_id)
    flight = await database().flight(Actor(user_id), *before, profile, keys)
    return flight.one(profile), flight[keys]


def to_profile(row: ProfileRow, keys: Sequence[AIKeyRow]) -> Profile:
    """Return the API model of a profile and the user's keys."""
    stored = {key.provider: key for key in keys}
    own = {**asdict(row), "ai_preferences": stored_preferences(row.ai_preferences)}
    return Profile(**own, ai_keys=[_key_status(name, stored.get(name)) for name in PROVIDERS])


def _key_status(provider: Provider, row: AIKeyRow | None) -> AIKeyStatus:
    if row is None:
        return AIKeyStatus(provider=provider, stored=False)
    return AIKeyStatus(
        provider=provider,
        stored=True,
        hint=row.hint,
        updated_at=row.updated_at,
        state=row.state,
        last_used_at=row.last_used_at,
        last_error=row.last_error,
    )
