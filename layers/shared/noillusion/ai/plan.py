"""Decides which providers a request may try, in which order, and why others are passed over. Pure: no clock, no I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import UTC, datetime

from noillusion.ai.models import KeySource, SkipReason
from noillusion.catalog.models import Effort, ModelEntry, effort_of, find, status_of
from noillusion.catalog.providers import PROVIDERS, Provider
from noillusion.core.records import record
from noillusion.core.sensitive import Secret

LASTING = frozenset({"auth", "quota"})
"""Outcomes that hang on the key: a key sent along with the request is not held back by what another key met."""


DEFAULT_REQUEST_LIMIT = 500_000_000
"""Half a US dollar, where the user has set nothing: far above what usual requests cost, below what a mistake should."""
NOT_SET_UP = ("disabled", "not_requested", "no_key")
"""Reasons for which a provider is not the user's first, where only the first may be tried."""


@record()
class Key:
    """A key and where it comes from. ``None``: a stored key that can no longer be opened."""

    value: Secret | None
    source: KeySource
    mark: str = ""
    """What tells this key from others of the same provider; never the key."""


@record()
class ProviderState:
    """The state that earlier attempts left one provider and model in."""

    outcome: str = ""
    key_mark: str = ""
    """The key that met it; empty where that is not known."""
    cooldown_until: datetime | None = None
    remaining_requests: int | None = None
    remaining_tokens: int | None = None
    limit_requests: int | None = None
    limit_tokens: int | None = None
    resets_at: datetime | None = None
    tokens_reset_at: datetime | None = None
    succeeded_at: datetime | None = None
    failed_at: datetime | None = None


@record()
class Spending:
    """A month in billionths of a US dollar: what it has cost so far, what is reserved, and the limits."""

    month: str = ""
    since: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    spent: int = 0
    reserved: int = 0
    """For attempts in flight, and for those whose cost nobody knows."""
    limit: int | None = None
    request_limit: int | None = None
    """What the user lets one request cost; a model without a known price is then out of the question."""
    holder: str = ""
    """What the user goes by on the operator's keys."""
    operator_spent: int = 0
    operator_reserved: int = 0
    operator_limit: int = 0
    total: int = 0
    """Spent and reserved by all users together on the operator's keys."""
    total_limit: int = 0

    @property
    def per_request(self) -> int:
        """Return what one request may cost at most."""
        return DEFAULT_REQUEST_LIMIT if self.request_limit is None else self.request_limit


@record()
class ProviderChoice:
    """One provider in the user's order."""

    provider: Provider
    model: str
    enabled: bool = True
    requested: bool = True
    """False if the request names other providers."""
    effort: Effort | None = None
    """The reasoning effort that the request or the user wants."""


@record()
class Candidate:
    """One provider of the order. ``skip`` is set if it is not to be tried."""

    provider: Provider
    model: str
    key: Key | None = field(repr=False)
    state: ProviderState
    skip: SkipReason | None = None
    available_at: datetime | None = None
    highest_cost: int | None = None
    """The most that one call may cost, ``None`` where the model has no known price."""
    entry: ModelEntry | None = None
    """The model, if it is known."""
    effort: Effort | None = None
    """The reasoning effort that is sent."""


@record()
class Conditions:
    """The conditions of a decision. ``highest_cost`` is per provider, of one call, ``None`` where the model has no price."""

    keys: Mapping[Provider, Key]
    states: Mapping[tuple[Provider, str], ProviderState]
    spending: Spending
    now: datetime
    highest_cost: Mapping[Provider, int | None]
    rate_limit_buffer: int = 0
    input_tokens: int = 0
    """The most that one call may have."""
    output_tokens: int = 0
    """The most that one call may write."""
    fallback: bool = True


def order(
    preferred: Sequence[ProviderChoice],
    requested: Sequence[Provider] | None = None,
    models: Mapping[Provider, str] | None = None,
    effort: Effort | None = None,
) -> list[ProviderChoice]:
    """The providers in the order of attempts: the request's if it names any, else the user's; all three are listed."""
    by_provider = {choice.provider: choice for choice in preferred}
    first = list(requested) if requested else [choice.provider for choice in preferred]
    rest = [name for name in PROVIDERS if name not in first]
    choices = []
    for name in [*first, *rest]:
        choice = by_provider.get(name, ProviderChoice(name, PROVIDERS[name].models[0], enabled=False))
        chosen = (models or {}).get(name, choice.model)
        # A provider that the request names is wanted, unless the user has switched it off.
        enabled = choice.enabled if name in by_provider else name in first
        wanted = not requested or name in requested
        choices.append(ProviderChoice(name, chosen, enabled, requested=wanted, effort=effort or choice.effort))
    return choices


def plan(choices: Sequence[ProviderChoice], conditions: Conditions) -> list[Candidate]:
    """A candidate for each choice, in order, with the first reason against it."""
    candidates: list[Candidate] = []
    for choice in choices:
        key = conditions.keys.get(choice.provider)
        state = _state_of(key, conditions.states.get((choice.provider, choice.model)))
        entry = find(choice.provider, choice.model)
        skip, available_at = _reason(choice, key, state, entry, conditions)
        if skip is None and not conditions.fallback and any(c.skip not in NOT_SET_UP for c in candidates):
            skip = "fallback_off"
        cost = conditions.highest_cost.get(choice.provider)
        effort = effort_of(entry, choice.effort)
        candidates.append(Candidate(choice.provider, choice.model, key, state, skip, available_at, cost, entry, effort))
    return candidates


def _state_of(key: Key | None, state: ProviderState | None) -> ProviderState:
    """Return the state of a provider for a key. What another key met says nothing about this one."""
    if state is None or (key is not None and not is_of(state, key)):
        return ProviderState()
    return state


def is_of(state: ProviderState, key: Key) -> bool:
    """Return whether a state is that of a key. Where that is not known, it is not that of a key which a request brought."""
    return state.key_mark == key.mark if state.key_mark else key.source != "header"


def _reason(
    choice: ProviderChoice, key: Key | None, state: ProviderState, entry: ModelEntry | None, conditions: Conditions
) -> tuple[SkipReason | None, datetime | None]:
    if not choice.enabled:
        return "disabled", None
    if not choice.requested:
        return "not_requested", None
    if key is None:
        return "no_key", None
    if key.value is None:
        return "key_unreadable", None
    if entry is not None and (unfit := _unfit(entry, conditions)) is not None:
        return unfit, None
    if _cools(state, key, conditions.now):
        return "cooling_down", state.cooldown_until
    if (low_until := _low(state, conditions)) is not None:
        return "rate_limit_buffer", low_until
    return _money(choice.provider, key, conditions), None


def _unfit(entry: ModelEntry, conditions: Conditions) -> SkipReason | None:
    """Return why a model cannot answer, which is known without asking it."""
    if status_of(entry, conditions.now.astimezone(UTC).date()) == "retired":
        return "model_retired"
    written = conditions.output_tokens
    too_much = entry.output_limit is not None and written > entry.output_limit
    return "model_too_small" if too_much or conditions.input_tokens + written > entry.context_window else None


def _cools(state: ProviderState, key: Key, now: datetime) -> bool:
    if state.cooldown_until is None or state.cooldown_until <= now:
        return False
    return not (key.source == "header" and state.outcome in LASTING)


def _low(state: ProviderState, conditions: Conditions) -> datetime | None:
    """When there is room again, if what the provider told last leaves none. Reserving an attempt counts those in flight too."""
    requests, tokens = state.remaining_requests, state.remaining_tokens
    if requests is not None and requests <= conditions.rate_limit_buffer and _ahead(state.resets_at, conditions):
        return state.resets_at
    if tokens is not None and tokens < conditions.input_tokens and _ahead(state.tokens_reset_at, conditions):
        return state.tokens_reset_at
    return None


def _ahead(instant: datetime | None, conditions: Conditions) -> bool:
    return instant is not None and instant > conditions.now


def _money(provider: Provider, key: Key, conditions: Conditions) -> SkipReason | None:
    spending, cost = conditions.spending, conditions.highest_cost.get(provider)
    if cost is not None and cost > spending.per_request:
        return "request_cost_limit"
    operator = key.source == "operator"
    if cost is None:
        return "price_unknown" if operator or spending.limit is not None or spending.request_limit is not None else None
    if spending.limit is not None and spending.spent + spending.reserved + cost > spending.limit:
        return "budget_exhausted"
    if operator and spending.operator_spent + spending.operator_reserved + cost > spending.operator_limit:
        return "budget_exhausted"
    return "operator_budget_exhausted" if operator and spending.total + cost > spending.total_limit else None
