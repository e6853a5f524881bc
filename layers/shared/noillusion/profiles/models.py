"""API models of profiles and AI keys."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError

from noillusion.catalog.models import Effort
from noillusion.catalog.providers import PROVIDERS, Outcome, Provider
from noillusion.core.fields import DISTINCT, WHOLE, Dollars, Flag, LanguageTag, Line, ModelName, Paragraph, Skill, TimeZone
from noillusion.core.models import Model, Stored, Strict, refused
from noillusion.core.patches import Patch, partial
from noillusion.core.sensitive import Secret

ContentMode = Literal["business", "influencer", "personal"]


class Features(Strict):
    """AI features that are turned on."""

    generate: Flag = True
    improve: Flag = True
    ideas: Flag = True


class ProviderPreference(Strict):
    """One provider in the user's order of preference."""

    provider: Provider
    enabled: Flag = True
    model: ModelName | None = Field(default=None, description="Null: the default model of this provider")
    reasoning_effort: Effort | None = Field(default=None, description="Null: the default of the model")


def _each_once(providers: list[ProviderPreference]) -> list[ProviderPreference]:
    if len({p.provider for p in providers}) != len(providers):
        raise refused("providers_once")
    return providers


class AIPreferences(Strict):
    """AI preferences of a user. Providers are tried in the order of ``providers``."""

    features: Features = Features()
    providers: Annotated[list[ProviderPreference], AfterValidator(_each_once)] = Field(
        default_factory=lambda: [ProviderPreference(provider=name) for name in PROVIDERS], max_length=len(PROVIDERS)
    )
    fallback: Flag = Field(default=True, description="If a provider fails, try the next one, and finally use static content")
    rate_limit_buffer: Annotated[int, Field(strict=True, ge=0, le=1000), WHOLE] = Field(
        default=0, description="Requests to leave unused at a provider that reports its quota"
    )
    max_calls_per_minute: Annotated[int, Field(strict=True, ge=1, le=10_000), WHOLE] | None = Field(
        default=None,
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


def stored_preferences(stored: Mapping[str, Any]) -> AIPreferences:
    """Return preferences as they are stored. A model that an earlier version accepted and that no provider has is left out."""
    try:
        return AIPreferences.model_validate(stored)
    except ValidationError as error:
        bad = {place[1] for place in (each["loc"] for each in error.errors()) if place[::2] == ("providers", "model")}
        providers = [
            {**each, "model": None} if number in bad else each for number, each in enumerate(stored.get("providers", ()))
        ]
        return AIPreferences.model_validate({**stored, "providers": providers})


KeyState = Literal["unverified", "working", "needs_attention"]


class AIKeyStatus(Model):
    """Status of a stored AI key. The key itself is never returned."""

    provider: Provider
    stored: bool
    hint: str = Field(default="", description="Last four characters")
    updated_at: datetime | None = None
    state: Stored[KeyState] | None = Field(
        default=None,
        description="`unverified`: not used yet, and not verified when it was stored; `working`: the provider accepted it last; "
        "`needs_attention`: the provider refused it, or its money or quota is used up. Null: no key is stored",
    )
    last_used_at: datetime | None = Field(default=None, description="A change of this alone does not change the entity tag")
    last_error: Stored[Outcome] | None = Field(default=None, description="Outcome of the last use, null if it succeeded")


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
    skills: Annotated[list[Skill], DISTINCT] = Field(max_length=30)
    mission_statement: Paragraph
    content_mode: ContentMode
    time_zone: TimeZone
    locale: LanguageTag
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

    key: Secret = Field(min_length=8, max_length=512, json_schema_extra={"pattern": r"^\s*[!-~]{8,}\s*$"})
    verify: Flag = Field(
        default=True,
        description="Ask the provider whether it knows the key, by a call that costs nothing. An unknown key is refused",
    )
