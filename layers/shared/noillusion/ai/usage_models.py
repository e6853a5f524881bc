"""API models of the providers of a user: which can be used now, and what they were used for."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from noillusion.ai.models import STATUSES, Dimension, KeySource, SkipReason, Task
from noillusion.ai.outcomes import LastOutcome
from noillusion.catalog.models import Effort, ModelStatus
from noillusion.catalog.providers import Provider
from noillusion.core.fields import distinct
from noillusion.core.models import DecimalText, Model, Stored, refused

_FULL_DATE = re.compile(r"\d{4}-\d\d-\d\d")
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)


def _full_date(value: object) -> object:
    # Left alone, pydantic takes a number for seconds since 1970.
    if not isinstance(value, str) or not _FULL_DATE.fullmatch(value):
        raise refused("date")
    return value


def _in_range(value: date) -> date:
    if not EARLIEST <= value <= LATEST:
        raise refused("years", earliest=EARLIEST.year, latest=LATEST.year)
    return value


Day = Annotated[date, BeforeValidator(_full_date), AfterValidator(_in_range)]
"""A calendar day."""


UsageSource = Literal[Provider, "static"]


class ProviderStatus(Model):
    """Status of one provider for the current user."""

    provider: Provider
    enabled: bool
    key_source: KeySource | None
    model: str
    models: list[str] = Field(description="Suggested models; other model ids can be used too")
    reasoning_effort: Effort | None = Field(description="Effort that is sent; null for a model that takes none")
    model_status: ModelStatus = Field(description=STATUSES)
    model_ends_on: date | None = Field(default=None, description="First day on which the model may no longer work")
    available: bool
    unavailable_reason: SkipReason | None = None
    cooldown_until: datetime | None = None
    remaining_requests: int | None = None
    remaining_tokens: int | None = None
    limit_requests: int | None = None
    limit_tokens: int | None = None
    resets_at: datetime | None = None
    tokens_reset_at: datetime | None = None
    last_outcome: Stored[LastOutcome] | None = None
    succeeded_at: datetime | None = None
    failed_at: datetime | None = None
    spent_usd: DecimalText = Field(description="Known costs of this month (UTC), of all keys and models")
    reserved_usd: DecimalText = Field(
        description="Highest cost of this month's attempts in progress, and of those whose actual cost is unknown"
    )


class Budget(Model):
    """Budget of the current calendar month (UTC). Spent and reserved costs count together. A null limit means no limit."""

    spent_usd: DecimalText = Field(description="Known costs of all keys")
    reserved_usd: DecimalText = Field(
        description="Highest cost of attempts in progress, and of those whose actual cost is unknown"
    )
    limit_usd: DecimalText | None
    operator_spent_usd: DecimalText = Field(
        description="Part that was paid with the operator's keys. It is kept even if you delete your profile and return"
    )
    operator_reserved_usd: DecimalText
    operator_limit_usd: DecimalText | None = Field(description="Null if the operator provides no keys")


class ProvidersResponse(Model):
    """AI providers in the order in which they are tried."""

    items: list[ProviderStatus]
    fallback: bool
    budget: Budget


_DIMENSIONS = "|".join(get_args(Dimension))


def _distinct(value: str) -> str:
    return ",".join(distinct(value.split(",")))


Grouping = Annotated[
    str, StringConstraints(max_length=60, pattern=rf"^({_DIMENSIONS})(,({_DIMENSIONS}))*$"), AfterValidator(_distinct)
]
"""Names of dimensions, separated by commas."""
DEFAULT_GROUPING = "day,provider,model"


class UsageRow(Model):
    """Attempts that have their groups in common. ``unpriced`` attempts count in ``reserved_usd`` instead of ``cost_usd``.

    What the attempts are not grouped by is null.
    """

    day: date | None = Field(description="Day (UTC)")
    provider: UsageSource | None
    model: str | None
    task: Task | None = None
    template: str | None = Field(
        default=None, description="Id of the template, or `built-in`, which also stands for attempts before 28 November 2026"
    )
    attempts: int
    succeeded: int
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    reasoning_tokens: int
    cost_usd: DecimalText
    unpriced: int = Field(description="Attempts whose cost is unknown")
    reserved_usd: DecimalText = Field(description="Cost that these attempts count as")


class UsageResponse(Model):
    """AI usage between two days, both inclusive."""

    first_day: date
    last_day: date
    group_by: list[Dimension]
    items: list[UsageRow]
    attempts: int
    cost_usd: DecimalText
    budget: Budget
