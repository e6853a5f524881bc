"""API shapes of generation: what a request may hold, and the answer with everything that was sent, tried and paid."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from noillusion.ai.outcomes import Outcome
from noillusion.catalog.platforms import LengthUnit, PlatformName
from noillusion.catalog.providers import Provider
from noillusion.core.models import Model, Strict
from noillusion.core.sensitive import Content
from noillusion.templates.models import GivenValue, VariableName

Task = Literal["generate", "improve", "ideas"]
KeySource = Literal["header", "stored", "operator"]
SkipReason = Literal[
    "disabled",
    "not_requested",
    "no_key",
    "key_unreadable",
    "cooling_down",
    "rate_limit_buffer",
    "calls_per_minute",
    "budget_exhausted",
    "operator_budget_exhausted",
    "request_cost_limit",
    "price_unknown",
    "fallback_off",
    "deadline",
    "not_recorded",
    "not_needed",
    "stopped",
]


_FULL_DATE = re.compile(r"\d{4}-\d\d-\d\d")
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)


def _full_date(value: object) -> object:
    # Left alone, pydantic takes a number for seconds since 1970.
    if not isinstance(value, str) or not _FULL_DATE.fullmatch(value):
        raise ValueError("Must be a date such as 2026-11-22 (RFC 3339).")
    return value


def _in_range(value: date) -> date:
    if not EARLIEST <= value <= LATEST:
        raise ValueError("Must lie between the years 2000 and 2100.")
    return value


Day = Annotated[date, BeforeValidator(_full_date), AfterValidator(_in_range)]
"""A calendar day."""


def _no_repeats(items: list[Any]) -> list[Any]:
    if len(set(items)) != len(items):
        raise ValueError("Must not repeat an entry.")
    return items


ModelName = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9._:-]+$")]


class GenerateRequest(Strict):
    """What to write. Nothing in here is kept."""

    task: Task
    platforms: Annotated[list[PlatformName], AfterValidator(_no_repeats)] = Field(min_length=1, max_length=4)
    topic: Content | None = Field(default=None, min_length=1, max_length=4000, description="What it is about: the brief")
    text: Content | None = Field(default=None, min_length=1, max_length=20_000, description="The text to improve")
    template_id: UUID | None = Field(default=None, description="Default: the user's default, else the product's")
    variables: dict[VariableName, GivenValue] = Field(
        default_factory=dict, max_length=60, description="Values of the template's own variables"
    )
    tone: Annotated[Content, Field(min_length=1, max_length=100)] | None = None
    language: Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z -]{1,39}$")] | None = Field(
        default=None, description="Language of the result, as a name or tag; default: the profile's locale"
    )
    providers: Annotated[list[Provider], AfterValidator(_no_repeats)] | None = Field(
        default=None, min_length=1, max_length=3, description="Order of attempts for this request; default: the profile's"
    )
    models: dict[Provider, ModelName] = Field(default_factory=dict, description="Model per provider for this request")
    max_output_tokens: int | None = Field(default=None, ge=256, le=32_000, description="Thinking counts against it")
    include_hashtags: bool = True

    @model_validator(mode="after")
    def _has_subject(self) -> Self:
        if self.task == "improve" and not self.text:
            raise ValueError("The task improve needs the field text.")
        if self.task != "improve" and not self.topic and not self.template_id:
            raise ValueError("This task needs the field topic or a template_id.")
        return self


CheckCode = Literal["too_long", "too_many_hashtags", "many_hashtags", "hashtags_not_wanted", "duplicate_idea"]


class Check(Model):
    """One remark about a result. ``error``: the platform would refuse it as it is."""

    code: CheckCode
    severity: Literal["error", "warning"]
    message: str


class Result(Model):
    """The outcome for one platform. ``length`` and ``limit`` are in ``length_unit``."""

    platform: PlatformName
    text: str = Field(default="", repr=False, description="Ready to publish, hashtags included; empty for the task ideas")
    ideas: list[str] = Field(default_factory=list, repr=False)
    hashtags: list[str] = Field(default_factory=list, repr=False, description="Without the leading #")
    length: int
    length_unit: LengthUnit
    limit: int
    checks: list[Check]


class Message(Model):
    """One message exactly as it is sent."""

    role: Literal["system", "user"]
    content: str = Field(repr=False)


class Tokens(Model):
    """Tokens by the provider's own count. ``cached`` is part of ``input``, ``reasoning`` part of ``output``."""

    input: int
    cached: int
    output: int
    reasoning: int


CostStatus = Literal["known", "unknown", "none"]


class Attempt(Model):
    """One provider of the order: what came of it, or why it was not tried. Costs are US dollars."""

    provider: Provider
    model: str
    served_model: str | None = None
    key_source: KeySource | None = None
    outcome: Outcome | Literal["ok", "skipped"]
    code: str = Field(default="", description="Detail of the outcome, machine-readable")
    skipped: SkipReason | None = None
    available_at: datetime | None = Field(default=None, description="When a cooling provider is asked again")
    duration_ms: int | None = None
    tokens: Tokens | None = None
    cost_usd: str | None = None
    cost_status: CostStatus = Field(
        default="none", description="none: nothing is charged; unknown: no tokens told or no price known"
    )
    highest_cost_usd: str | None = Field(
        default=None, description="What was reserved before it was sent; counts where the cost is unknown"
    )
    options: dict[str, Any] = Field(default_factory=dict, description="Sent to this provider besides messages and parameters")


class Transparency(Model):
    """Everything that was sent and what it cost. ``hash`` is SHA-256 of the canonical JSON of ``{messages, parameters}``.

    Canonical: keys sorted, separators ``,`` and ``:``, UTF-8, no escapes beyond JSON's own.
    """

    request_id: str
    template: str = Field(description="Id of the template, or built-in")
    messages: list[Message]
    parameters: dict[str, Any]
    hash: str
    provider: Provider | None = Field(default=None, description="Whose answer this is")
    model: str | None = None
    attempts: list[Attempt]
    price_version: str
    recorded: bool = Field(description="False if the attempts could not be written to the usage record")
    interrupted_request_id: str | None = Field(
        default=None,
        description="An earlier request with the same Idempotency-Key that was cut off before it could answer. "
        "What it had reserved counts as spent",
    )


class Stopped(Model):
    """Why there is no result."""

    code: str
    provider: Provider | None = None
    message: str
    retry_after: float | None = None


class GenerateResponse(Model):
    """``source``: ``ai``; ``static`` when no provider answered and built-in content stands in; ``none`` when stopped."""

    source: Literal["ai", "static", "none"]
    results: list[Result]
    stopped: Stopped | None = None
    transparency: Transparency


class PreviewProvider(Model):
    """One provider in the order in which attempts would be made. Costs are US dollars."""

    provider: Provider
    model: str
    key_source: KeySource | None
    attempt: bool
    skipped: SkipReason | None = None
    available_at: datetime | None = None
    options: dict[str, Any]
    estimated_cost_usd: str | None = Field(description="For the estimated tokens; null if the model has no known price")
    highest_cost_usd: str | None = Field(description="If the whole output limit is used")
    cost_status: Literal["estimated", "unknown"]


class EstimatedTokens(Model):
    """Counted here, since each provider counts for itself; the bill follows the provider's count."""

    input: int = Field(description="An upper bound, by the scripts that the messages are written in")
    output: int = Field(description="What such posts usually take, without thinking")


class PreviewResponse(Model):
    """What a generation with the same input would send, byte for byte."""

    template: str
    messages: list[Message]
    parameters: dict[str, Any]
    hash: str
    estimated_tokens: EstimatedTokens
    providers: list[PreviewProvider]
    request_cost_limit_usd: str = Field(description="A provider whose highest cost is above it is skipped")
    price_version: str


class ProviderStatus(Model):
    """One provider for the current user."""

    provider: Provider
    enabled: bool
    key_source: KeySource | None
    model: str
    models: list[str] = Field(description="Suggested models; any other id can be asked for")
    available: bool
    unavailable_reason: SkipReason | None = None
    cooldown_until: datetime | None = None
    remaining_requests: int | None = None
    remaining_tokens: int | None = None
    limit_requests: int | None = None
    limit_tokens: int | None = None
    resets_at: datetime | None = None
    tokens_reset_at: datetime | None = None
    last_outcome: str | None = None
    succeeded_at: datetime | None = None
    failed_at: datetime | None = None


class Budget(Model):
    """The calendar month (UTC) so far. What is spent and what is reserved count together. Null limits: none is set."""

    spent_usd: str = Field(description="Costs that are known, on all keys")
    reserved_usd: str = Field(description="The highest cost of attempts in flight, and of those whose cost no provider told")
    limit_usd: str | None
    operator_spent_usd: str = Field(
        description="The part of it that the operator's keys paid; stays after leaving and coming back"
    )
    operator_reserved_usd: str
    operator_limit_usd: str | None = Field(description="Null if the operator offers no keys")


class ProvidersResponse(Model):
    """In the order of attempts."""

    items: list[ProviderStatus]
    fallback: bool
    budget: Budget


class UsageRow(Model):
    """Attempts of one day (UTC), provider and model. ``unpriced`` attempts are not in ``cost_usd`` but in ``reserved_usd``."""

    day: date
    provider: Literal[Provider, "static"]
    model: str
    attempts: int
    succeeded: int
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    reasoning_tokens: int
    cost_usd: str
    unpriced: int = Field(description="Attempts that may have cost something nobody told")
    reserved_usd: str = Field(description="What these count as")


class UsageResponse(Model):
    """Usage between two days, both included."""

    first_day: date
    last_day: date
    items: list[UsageRow]
    attempts: int
    cost_usd: str
    budget: Budget
