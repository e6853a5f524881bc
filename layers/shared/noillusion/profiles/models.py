"""API shapes of profiles and AI keys."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, StringConstraints, field_validator

from noillusion.catalog.providers import PROVIDERS, Provider
from noillusion.core.models import Model, Strict
from noillusion.core.sensitive import Secret

ContentMode = Literal["business", "influencer", "personal"]


def _no_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("Must not contain NUL characters.")
    return text


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("Must be an IANA time zone such as Europe/Berlin.")
    return name


def _distinct(skills: list[str]) -> list[str]:
    if len(set(skills)) != len(skills):
        raise ValueError("Must not repeat an entry.")
    return skills


Line = Annotated[str, StringConstraints(max_length=120, strip_whitespace=True), AfterValidator(_no_nul)]
Paragraph = Annotated[str, StringConstraints(max_length=2000, strip_whitespace=True), AfterValidator(_no_nul)]
Skill = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True), AfterValidator(_no_nul)]
ModelName = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9._:/-]+$")]


class Features(Strict):
    """Which AI features the user wants at all."""

    generate: bool = True
    improve: bool = True
    ideas: bool = True


class ProviderPreference(Strict):
    """One provider in the user's order."""

    provider: Provider
    enabled: bool = True
    model: ModelName | None = Field(default=None, description="Empty: the product's default model of this provider")


def _each_once(providers: list[ProviderPreference]) -> list[ProviderPreference]:
    if len({p.provider for p in providers}) != len(providers):
        raise ValueError("Must name each provider at most once.")
    return providers


class AIPreferences(Strict):
    """How AI is used for this user. The order of ``providers`` is the order of attempts."""

    features: Features = Features()
    providers: Annotated[list[ProviderPreference], AfterValidator(_each_once)] = Field(
        default_factory=lambda: [ProviderPreference(provider=name) for name in PROVIDERS], max_length=3
    )
    fallback: bool = Field(default=True, description="Try the next provider, and at last static content, when one fails")
    rate_limit_buffer: int = Field(
        default=0, ge=0, le=1000, description="Requests to keep unused at a provider that tells its quota"
    )
    max_calls_per_minute: int | None = Field(
        default=None, ge=1, le=10_000, description="Attempts at all providers together within any 60 seconds. Null: no limit"
    )
    monthly_budget_usd: Decimal | None = Field(
        default=None,
        ge=0,
        le=100000,
        max_digits=10,
        decimal_places=4,
        description="US dollars per calendar month (UTC) over all keys. Before each attempt its highest possible cost is "
        "reserved; an attempt whose cost the provider does not tell counts as that. Null: no limit",
    )
    max_cost_per_request_usd: Decimal | None = Field(
        default=None,
        ge=0,
        le=100000,
        max_digits=10,
        decimal_places=4,
        description="US dollars that one request may cost at most, with all of its output limit used; providers that cost "
        "more are skipped, and so are models without a known price. Null: 0.50 for models with a known price",
    )

    @field_validator("monthly_budget_usd", "max_cost_per_request_usd")
    @classmethod
    def _plainly(cls, amount: Decimal | None) -> Decimal | None:
        # 1E+3 is shown again as 1000.
        return None if amount is None else Decimal(f"{amount:f}")


class AIKeyStatus(Model):
    """Whether a key is stored. The key itself is never returned."""

    provider: Provider
    stored: bool
    hint: str = Field(default="", description="Last four characters")
    updated_at: datetime | None = None


class Profile(Model):
    """What is kept about a user besides connections, posts and templates."""

    user_id: str
    display_name: str
    bio: str
    skills: list[str]
    mission_statement: str
    content_mode: ContentMode
    time_zone: str
    locale: str
    ai_preferences: AIPreferences
    ai_keys: list[AIKeyStatus]
    created_at: datetime
    updated_at: datetime


class ProfilePatch(Strict):
    """Fields to change; absent fields stay as they are."""

    display_name: Line | None = None
    bio: Paragraph | None = None
    skills: Annotated[list[Skill], AfterValidator(_distinct)] | None = Field(default=None, max_length=30)
    mission_statement: Paragraph | None = None
    content_mode: ContentMode | None = None
    time_zone: Annotated[str, AfterValidator(_zone)] | None = None
    locale: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")] | None = None
    ai_preferences: AIPreferences | None = None


class AIKeyInput(Strict):
    """A user's own key for one provider."""

    key: Secret = Field(min_length=8, max_length=512)
