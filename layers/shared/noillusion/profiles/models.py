"""API models of profiles and AI keys."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, StringConstraints

from noillusion.catalog.providers import PROVIDERS, Provider
from noillusion.core.models import Model, Strict
from noillusion.core.patches import Patch, partial
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
        raise ValueError("Must not contain duplicates.")
    return skills


Line = Annotated[str, StringConstraints(max_length=120, strip_whitespace=True), AfterValidator(_no_nul)]
Paragraph = Annotated[str, StringConstraints(max_length=2000, strip_whitespace=True), AfterValidator(_no_nul)]
Skill = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True), AfterValidator(_no_nul)]
ModelName = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9._:/-]+$")]


def _plain(amount: Decimal) -> Decimal:
    """Return an amount without an exponent: 1E+3 is returned as 1000."""
    return Decimal(f"{amount:f}")


Dollars = Annotated[Decimal, Field(ge=0, le=100000, max_digits=10, decimal_places=4), AfterValidator(_plain)]


class Features(Strict):
    """AI features that are turned on."""

    generate: bool = True
    improve: bool = True
    ideas: bool = True


class ProviderPreference(Strict):
    """One provider in the user's order of preference."""

    provider: Provider
    enabled: bool = True
    model: ModelName | None = Field(default=None, description="Null: the default model of this provider")


def _each_once(providers: list[ProviderPreference]) -> list[ProviderPreference]:
    if len({p.provider for p in providers}) != len(providers):
        raise ValueError("Must list each provider at most once.")
    return providers


class AIPreferences(Strict):
    """AI preferences of a user. Providers are tried in the order of ``providers``."""

    features: Features = Features()
    providers: Annotated[list[ProviderPreference], AfterValidator(_each_once)] = Field(
        default_factory=lambda: [ProviderPreference(provider=name) for name in PROVIDERS], max_length=len(PROVIDERS)
    )
    fallback: bool = Field(default=True, description="If a provider fails, try the next one, and finally use static content")
    rate_limit_buffer: int = Field(
        default=0, ge=0, le=1000, description="Requests to leave unused at a provider that reports its quota"
    )
    max_calls_per_minute: int | None = Field(
        default=None,
        ge=1,
        le=10_000,
        description="Maximum number of attempts at all providers within any 60 seconds. Null: no limit",
    )
    monthly_budget_usd: Dollars | None = Field(
        default=None,
        description="US dollars per calendar month (UTC) for all keys. The highest possible cost of an attempt is reserved "
        "before it is sent and counts if the provider does not report the actual cost. Null: no limit",
    )
    max_cost_per_request_usd: Dollars | None = Field(
        default=None,
        description="Maximum cost of one request in US dollars, assuming that the whole output limit is used. Providers that "
        "could cost more and models without a known price are skipped. Null: 0.50 for models with a known price",
    )


class AIKeyStatus(Model):
    """Status of a stored AI key. The key itself is never returned."""

    provider: Provider
    stored: bool
    hint: str = Field(default="", description="Last four characters")
    updated_at: datetime | None = None


class Profile(Model):
    """Profile of a user."""

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


class ProfileFields(Strict):
    """The part of a profile that its user can edit."""

    display_name: Line
    bio: Paragraph
    skills: Annotated[list[Skill], AfterValidator(_distinct)] = Field(max_length=30)
    mission_statement: Paragraph
    content_mode: ContentMode
    time_zone: Annotated[str, AfterValidator(_zone)]
    locale: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")]
    ai_preferences: AIPreferences


if TYPE_CHECKING:
    ProfilePatch = Patch
else:
    FeaturesPatch = partial(Features, "FeaturesPatch", "AI features to turn on or off.")
    AIPreferencesPatch = partial(
        AIPreferences,
        "AIPreferencesPatch",
        "AI preferences to change. Absent members stay as they are, `providers` is replaced as a whole, null removes a limit.",
        features=FeaturesPatch,
    )
    ProfilePatch = partial(
        ProfileFields,
        "ProfilePatch",
        "Members of the profile to change (JSON Merge Patch, RFC 7396). Absent members stay as they are at every depth, and "
        "lists are replaced as a whole.",
        ai_preferences=AIPreferencesPatch,
    )


class AIKeyInput(Strict):
    """The user's own key for one provider."""

    key: Secret = Field(min_length=8, max_length=512)
