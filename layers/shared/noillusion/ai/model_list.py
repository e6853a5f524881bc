"""The models that are known, for clients: sizes, efforts, prices and ends."""

from __future__ import annotations

from datetime import UTC, date

from pydantic import Field

from noillusion.ai import prices
from noillusion.ai.models import STATUSES
from noillusion.catalog.models import EFFORTS, Effort, ModelEntry, ModelStatus, known, status_of
from noillusion.catalog.providers import PROVIDERS, Provider
from noillusion.core import clock
from noillusion.core.models import DecimalText, Model
from noillusion.core.preconditions import etag


class ModelPrice(Model):
    """US dollars per million tokens. Providers may charge more for long prompts; estimates and costs take that into account."""

    input: DecimalText
    cached_input: DecimalText | None = Field(description="Null: the same as `input`")
    output: DecimalText = Field(description="Reasoning included")


class ModelInfo(Model):
    """A known model. Sizes are in tokens."""

    provider: Provider
    model: str
    suggested: bool
    default: bool = Field(description="Used where the profile and the request name no model of this provider")
    context_window: int = Field(description="Input and output together")
    output_limit: int | None = Field(description="Reasoning included. Null: not documented")
    reasoning_efforts: list[Effort] = Field(description="Efforts that can be chosen; empty for a model that takes none")
    default_reasoning_effort: Effort | None = Field(description="Effort that is sent unless another one is chosen")
    status: ModelStatus = Field(description=STATUSES)
    ends_on: date | None = Field(description="First day on which it may no longer work. Null: no end is announced")
    successor: str | None = Field(description="Model that the provider then answers with in its place")
    price: ModelPrice | None = Field(description="Null: no price is known, so no budget can be kept with it")
    source: str = Field(description="Section of `docs/reference` with the facts")


class ModelsResponse(Model):
    """Known models by provider, the suggested ones first. Other model ids can be used too."""

    items: list[ModelInfo]
    price_version: str


def models(provider: Provider | None = None) -> ModelsResponse:
    """Return the known models, of one provider or of all."""
    today = clock.now().astimezone(UTC).date()
    names = [provider] if provider else list(PROVIDERS)
    items = [_info(name, entry, today) for name in names for entry in known(name).values()]
    return ModelsResponse(items=items, price_version=prices.version())


def tag(found: ModelsResponse) -> str:
    """Return the entity tag of a list of models."""
    return etag(found)


def _info(provider: Provider, entry: ModelEntry, today: date) -> ModelInfo:
    suggested = PROVIDERS[provider].models
    per_million = prices.usd_per_million(provider, entry.name)
    return ModelInfo(
        provider=provider,
        model=entry.name,
        suggested=entry.name in suggested,
        default=entry.name == suggested[0],
        context_window=entry.context_window,
        output_limit=entry.output_limit,
        reasoning_efforts=list(EFFORTS) if entry.effort else [],
        default_reasoning_effort=entry.effort,
        status=status_of(entry, today),
        ends_on=entry.ends,
        successor=entry.successor,
        price=ModelPrice.model_validate(per_million) if per_million else None,
        source=entry.source,
    )
