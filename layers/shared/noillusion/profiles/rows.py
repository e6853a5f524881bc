"""Rows of profiles and AI keys."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from noillusion.db import record
from noillusion.profiles.author import Author


@record(repr=False, kw_only=True)
class ProfileRow(Author):
    """A profile as the user reads it. Never printed."""

    TABLE: ClassVar = "profiles"

    user_id: str
    time_zone: str
    ai_preferences: Mapping[str, Any]
    created_at: datetime
    updated_at: datetime


@record()
class AIKeyRow:
    """A stored AI key, without the key."""

    TABLE: ClassVar = "ai_provider_keys"

    provider: str
    hint: str
    updated_at: datetime
    state: str
    last_used_at: datetime | None
    last_error: str | None
