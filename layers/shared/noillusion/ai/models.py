"""API models of generation: the request, and the response with everything that was sent, tried and paid."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from noillusion.ai.messages import GenerationStop
from noillusion.ai.options import GenerationOptions
from noillusion.ai.outcomes import Outcome
from noillusion.catalog.models import ModelStatus
from noillusion.catalog.platforms import PLATFORMS, LengthUnit, PlatformName
from noillusion.catalog.providers import Provider
from noillusion.core.fields import DISTINCT, WHOLE
from noillusion.core.hidden import HiddenKind
from noillusion.core.models import DecimalText, Model, Stored, Uuid, refused
from noillusion.core.sensitive import Content

Task = Literal["generate", "improve", "ideas"]
Dimension = Literal["day", "provider", "model", "task", "template"]
"""What usage can be summed up by."""
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
    "model_retired",
    "model_too_small",
    "fallback_off",
    "deadline",
    "not_recorded",
    "not_needed",
    "stopped",
]


class GenerateRequest(GenerationOptions):
    """What to generate. Nothing of it is stored."""

    task: Task
    platforms: Annotated[list[PlatformName], DISTINCT] = Field(min_length=1, max_length=len(PLATFORMS))
    text: Content | None = Field(
        default=None, min_length=1, max_length=20_000, description="Text to improve, or to work from in other tasks"
    )
    variants: Annotated[int, Field(strict=True, ge=1, le=4), WHOLE] | None = Field(
        default=None, description="Number of versions for each platform, or of ideas. Default: one version, three ideas"
    )

    @model_validator(mode="after")
    def _has_text(self) -> Self:
        if self.task == "improve" and not self.text:
            raise refused("text_missing")
        return self

    def _needs_subject(self) -> bool:
        return self.task != "improve"


Severity = Literal["error", "warning"]
CheckCode = Literal[
    "too_long",
    "too_many_hashtags",
    "many_hashtags",
    "hashtags_not_wanted",
    "hashtags_left_out",
    "duplicate_idea",
    "keep_missing",
    "avoid_present",
    "link_not_given",
    "markdown_left",
]


class Check(Model):
    """A remark about a result. ``error``: the platform would refuse the text."""

    code: CheckCode
    severity: Severity
    message: str


class Result(Model):
    """Result for one platform, or one of its versions. ``length`` and ``limit`` are in ``length_unit``."""

    platform: PlatformName
    variant: int = Field(default=1, description="Number of the version, from 1")
    text: str = Field(default="", repr=False, description="Text to publish, including hashtags; empty for the task ideas")
    ideas: list[str] = Field(default_factory=list, repr=False)
    hashtags: list[str] = Field(default_factory=list, repr=False, description="Hashtags without the leading #")
    length: int
    length_unit: LengthUnit
    limit: int
    checks: list[Check]


MessageRole = Literal["system", "user"]


class Message(Model):
    """One message, exactly as it is sent."""

    role: MessageRole
    content: str = Field(repr=False)


SpanSource = Literal["template", "profile", "request", "rules"]


class MessageSpan(Model):
    """Source of a part of a message, by positions in code points. The spans of a message have no gaps."""

    message: int = Field(description="Number of the message, from 0")
    start: int
    end: int = Field(description="Position after the last character")
    source: SpanSource


class HiddenCharacter(Model):
    """A character that is not seen and that a model reads: it changes the direction, has no shape, or is a tag."""

    message: int = Field(description="Number of the message, from 0")
    at: int = Field(description="Position in code points")
    character: str = Field(pattern=r"^U\+[0-9A-F]{4,6}$")
    kind: HiddenKind
    source: SpanSource


SPANS = "Where each part of the messages comes from"
HIDDEN = "Hidden characters in the messages, at most 100. They are sent as they are"


class TokenUsage(Model):
    """Tokens as counted by the provider. ``input`` includes ``cached``; ``output`` includes ``reasoning``."""

    input: int
    cached: int
    output: int
    reasoning: int


HASHED = "SHA-256 of the canonical JSON of `{provider, model, options, messages, parameters}`, as they are sent."
STATUSES = "`retiring`: it ends within 90 days; `retired`: it has ended and is skipped; `unknown`: not in `GET /v1/ai/models`"
CostStatus = Literal["known", "unknown", "none"]
AttemptOutcome = Literal[Outcome, "ok", "skipped"]


class Attempt(Model):
    """Outcome of one provider, or the reason why it was not tried. Costs are in US dollars."""

    provider: Provider
    model: str
    served_model: str | None = None
    key_source: KeySource | None = None
    outcome: AttemptOutcome
    code: str = Field(default="", description="Machine-readable detail of the outcome")
    skipped: SkipReason | None = None
    available_at: datetime | None = Field(default=None, description="When the cooldown of the provider ends")
    duration_ms: int | None = None
    tokens: TokenUsage | None = None
    cost_usd: DecimalText | None = None
    cost_status: CostStatus = Field(
        default="none", description="`none`: nothing was charged; `unknown`: the token counts or the price are unknown"
    )
    highest_cost_usd: DecimalText | None = Field(
        default=None, description="Cost that was reserved before the attempt; it counts if the actual cost is unknown"
    )
    options: dict[str, Any] = Field(
        default_factory=dict, description="Options sent to this provider in addition to messages and parameters"
    )
    hash: str | None = Field(default=None, description=f"{HASHED} Null if nothing was sent")
    model_status: Stored[ModelStatus] | None = Field(default=None, description=STATUSES)
    model_ends_on: date | None = Field(default=None, description="First day on which the model may no longer work")


class RepairTrail(Model):
    """The one repeat in which the provider of the results was asked to correct them."""

    problems: list[CheckCode] = Field(description="Reasons for it")
    used: bool = Field(description="False if its texts were no better, or there were none: the results are the first ones")
    messages: list[Message]
    attempt: Attempt


class Transparency(Model):
    """Everything that was sent and what it cost. ``hash`` is the SHA-256 of the canonical JSON of ``{messages, parameters}``.

    Those are the same for every provider; the hash of an attempt also covers its provider, model and options.

    Canonical JSON has sorted keys, the separators ``,`` and ``:``, UTF-8, and no escapes beyond those that JSON requires.
    """

    request_id: Uuid
    template: str = Field(description="Id of the template, or `built-in`")
    template_version: int | None = Field(description="Version of the template; null for the built-in one")
    messages: list[Message]
    spans: list[MessageSpan] = Field(default_factory=list, description=SPANS)
    hidden_characters: list[HiddenCharacter] = Field(default_factory=list, description=HIDDEN)
    parameters: dict[str, Any]
    hash: str
    provider: Literal[Provider, "static"] | None = Field(
        default=None, description="Provider that wrote the results, or `static` for the request's own words, laid out"
    )
    model: str | None = None
    attempts: list[Attempt]
    repair: RepairTrail | None = Field(description="Null if nothing was to be corrected, or time or budget did not allow it")
    price_version: str
    recorded: bool = Field(description="False if the attempts could not be saved in the usage records")
    interrupted_request_id: Uuid | None = Field(
        default=None,
        description="Earlier request with the same Idempotency-Key that was interrupted. The cost reserved for it "
        "counts as spent",
    )


class Stopped(Model):
    """Reason why there is no result."""

    code: GenerationStop
    provider: Provider | None = None
    message: str
    retry_after: float | None = None


GenerationSource = Literal["ai", "static", "none"]


class GenerateResponse(Model):
    """Result of a generation.

    ``source``: ``ai``; ``static`` (your own words, laid out for each platform, because no provider answered); or ``none``.
    """

    source: GenerationSource
    results: list[Result]
    stopped: Stopped | None = None
    transparency: Transparency


EstimateStatus = Literal["estimated", "unknown"]


class PreviewProvider(Model):
    """One provider, in the order in which they would be tried. Costs are in US dollars."""

    provider: Provider
    model: str
    key_source: KeySource | None
    attempt: bool
    skipped: SkipReason | None = None
    available_at: datetime | None = None
    options: dict[str, Any]
    hash: str = Field(description=HASHED)
    model_status: Stored[ModelStatus] = Field(description=STATUSES)
    model_ends_on: date | None = Field(default=None, description="First day on which the model may no longer work")
    estimated_cost_usd: DecimalText | None = Field(
        description="Cost of the estimated tokens; null if the price of the model is unknown"
    )
    highest_cost_usd: DecimalText | None = Field(description="Cost if the whole output limit is used")
    cost_status: EstimateStatus


class EstimatedTokens(Model):
    """Estimated tokens. Providers count in their own way, and bill by their own count."""

    input: int = Field(description="Upper bound: no provider counts more tokens than UTF-8 bytes")
    output: int = Field(description="Typical number for such posts, without reasoning")


class PreviewResponse(Model):
    """Exactly what a generation with the same input would send."""

    template: str
    template_version: int | None
    messages: list[Message]
    spans: list[MessageSpan] = Field(description=SPANS)
    hidden_characters: list[HiddenCharacter] = Field(description=HIDDEN)
    parameters: dict[str, Any]
    hash: str
    estimated_tokens: EstimatedTokens
    providers: list[PreviewProvider]
    request_cost_limit_usd: DecimalText = Field(description="Providers whose highest cost exceeds it are skipped")
    price_version: str
