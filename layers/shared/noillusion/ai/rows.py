"""Rows of generation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any, ClassVar, Literal

from noillusion.ai.models import Task
from noillusion.ai.plan import ProviderState
from noillusion.catalog.providers import Provider
from noillusion.db import record
from noillusion.profiles.author import Author


@record(repr=False, kw_only=True)
class AuthorRow(Author):
    """An author and how they want AI to be used. Never printed."""

    TABLE: ClassVar = "profiles"

    ai_preferences: Mapping[str, Any]


@record(repr=False)
class SealedKeyRow:
    """A stored AI key. The row's id is part of its seal. Never printed."""

    TABLE: ClassVar = "ai_provider_keys"

    id: str
    provider: Provider
    sealed_key: str


@record(kw_only=True)
class ProviderStateRow(ProviderState):
    """The state of one provider and model."""

    TABLE: ClassVar = "ai_provider_state"

    provider: Provider
    model: str


@record()
class EarlierRequestRow:
    """The request that used an idempotency key before."""

    TABLE: ClassVar = "ai_usage_tracking"

    id: str
    request_fingerprint: str | None = field(repr=False)
    outcome: str
    created_at: datetime


@record()
class SpendingRow:
    """A user's month, in billionths of a US dollar."""

    TABLE: ClassVar = "ai_spending"

    spent_nanousd: int = 0
    reserved_nanousd: int = 0


@record(kw_only=True)
class OperatorSpendingRow(SpendingRow):
    """The part of a month that went on the operator's keys."""

    TABLE: ClassVar = "ai_operator_spending"

    user_hash: str


@record()
class DenialRow:
    """What tells why an attempt with money was not written."""

    open: int
    """1 while the request may still make attempts."""
    calls: int
    """Attempts within the last minute."""


@record()
class UsageSumsRow:
    """Attempts that have their groups in common; ``None`` for what they are not grouped by.

    Costs are billionths of a US dollar.
    """

    day: str | None
    provider: Provider | Literal["static"] | None
    model: str | None
    task: Task | None
    template: str | None
    attempts: int
    asked: int
    """Those of them that went to a provider."""
    succeeded: int
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    reasoning_tokens: int
    cost_nanousd: int
    reserved_nanousd: int
    unpriced: int
