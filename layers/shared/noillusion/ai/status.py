"""The state of the providers for a user: which can be used now, and why others cannot."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from noillusion.ai import plan, prices, store
from noillusion.ai.context import choices_of, conditions, context_of, costs, read
from noillusion.ai.money import budget, month_start
from noillusion.ai.plan import Candidate, ProviderChoice
from noillusion.ai.rows import UsageSumsRow
from noillusion.ai.usage_models import ProvidersResponse, ProviderStatus
from noillusion.catalog.models import status_of
from noillusion.catalog.providers import PROVIDERS, Provider
from noillusion.core import clock
from noillusion.core.sensitive import Secret

TYPICAL = (1_000, 1_000)
"""Input and output tokens by which the status of a provider judges whether the budget still allows a call."""


async def status(user_id: str, passed: Mapping[Provider, Secret]) -> ProvidersResponse:
    """Every provider in the order of attempts: usable or not, why, and what it said about its limits."""
    now = clock.now()
    stored = await read(user_id, usage=store.usage(user_id, month_start(now), now + timedelta(days=1), ["provider"]))
    context, sums = context_of(user_id, passed, stored), {row.provider: row for row in stored.usage}
    choices = plan.order(choices_of(context.preferences))
    candidates = plan.plan(choices, conditions(context, costs(choices, *TYPICAL), TYPICAL, fallback=True))
    items = [
        _status(choice, candidate, sums.get(candidate.provider), context.now)
        for choice, candidate in zip(choices, candidates, strict=True)
    ]
    return ProvidersResponse(items=items, fallback=context.preferences.fallback, budget=budget(context.spending))


def _status(choice: ProviderChoice, candidate: Candidate, used: UsageSumsRow | None, now: datetime) -> ProviderStatus:
    state, entry = candidate.state, candidate.entry
    suggested = PROVIDERS[candidate.provider].models
    return ProviderStatus(
        provider=candidate.provider,
        enabled=choice.enabled,
        key_source=candidate.key.source if candidate.key else None,
        model=candidate.model,
        models=list(dict.fromkeys([candidate.model, *suggested])),
        reasoning_effort=candidate.effort,
        model_status=status_of(entry, now.astimezone(UTC).date()),
        model_ends_on=entry.ends if entry else None,
        available=candidate.skip is None,
        unavailable_reason=candidate.skip,
        cooldown_until=candidate.available_at if candidate.skip == "cooling_down" else None,
        remaining_requests=state.remaining_requests,
        remaining_tokens=state.remaining_tokens,
        limit_requests=state.limit_requests,
        limit_tokens=state.limit_tokens,
        resets_at=state.resets_at,
        tokens_reset_at=state.tokens_reset_at,
        last_outcome=state.outcome or None,
        succeeded_at=state.succeeded_at,
        failed_at=state.failed_at,
        spent_usd=prices.usd(used.cost_nanousd if used else 0),
        reserved_usd=prices.usd(used.reserved_nanousd if used else 0),
    )
