"""What is known about a user before anything is decided, read in one flight; and the prompt and the plan that follow from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from noillusion.ai import plan, prices, prompts, spending, store
from noillusion.ai.models import GenerateRequest
from noillusion.ai.money import hashes, month_name, purse_of
from noillusion.ai.plan import Candidate, Conditions, Key, Purse, State, Wish
from noillusion.ai.prompts import Filled, Prompt
from noillusion.catalog.providers import PROVIDERS, Provider
from noillusion.core import clock
from noillusion.core.errors import Forbidden, Invalid, field_error
from noillusion.core.sensitive import Content, Secret, reveal
from noillusion.db import Actor, Row, Statement, database
from noillusion.profiles.author import Author
from noillusion.profiles.models import AIPreferences
from noillusion.settings.values import settings
from noillusion.templates import service as templates
from noillusion.templates.filling import fill_completely
from noillusion.templates.models import ResolvedTemplate
from noillusion.templates.render import builtin_values, variables_in
from noillusion.vault.sealer import Place, SealBroken, sealer

BUILT_IN = "built-in"


@dataclass(frozen=True, slots=True)
class Context:
    """What is known about the user before anything is decided. Never printed."""

    author: Author
    preferences: AIPreferences
    keys: Mapping[Provider, Key] = field(repr=False)
    states: Mapping[tuple[Provider, str], State]
    purse: Purse
    template: ResolvedTemplate | None
    now: datetime


@dataclass(frozen=True, slots=True)
class Rows:
    """What the flight brought."""

    profiles: list[Row] = field(repr=False)
    keys: list[Row] = field(repr=False)
    states: list[Row]
    spent: list[Row]
    operator_spent: list[Row]
    now: datetime
    template: list[Row] = field(default_factory=list, repr=False)
    earlier: list[Row] = field(default_factory=list)
    """The request that used the idempotency key before."""
    claimed: bool = False


async def read(user_id: str, request: GenerateRequest | None = None, claim: Sequence[Statement] = ()) -> Rows:
    """Everything about the user in one flight. ``claim``: the look at an earlier request, statements without rows, the claim."""
    now = clock.now()
    month = month_name(now)
    extra = [templates.resolve_statement(user_id, _named(request), None)] if request else []
    profiles, keys, states, spent, operator_spent, *rest = await database().flight(
        Actor(user_id),
        store.profile(user_id),
        store.keys(user_id),
        store.states(user_id),
        spending.month(user_id, month),
        spending.operator_month(hashes(user_id, month), month),
        *extra,
        *claim,
    )
    rows = Rows(profiles, keys, states, spent, operator_spent, now, rest[0] if request else [])
    return replace(rows, earlier=rest[1], claimed=bool(rest[-1])) if claim else rows


def _named(request: GenerateRequest) -> str | None:
    return str(request.template_id) if request.template_id else None


def context_of(user_id: str, passed: Mapping[Provider, Secret], rows: Rows, request: GenerateRequest | None = None) -> Context:
    preferences = preferences_of(rows.profiles)
    return Context(
        author=_author(rows.profiles),
        preferences=preferences,
        keys=_keys(user_id, passed, rows.keys),
        states={(row["provider"], row["model"]): _state(row) for row in rows.states},
        purse=purse_of(user_id, rows.now, rows.spent, rows.operator_spent, preferences),
        template=templates.resolved(rows.template, _named(request)) if request else None,
        now=rows.now,
    )


def prepare(request: GenerateRequest, context: Context) -> tuple[Prompt, list[Candidate]]:
    """The messages and the order of attempts: the one way to both, for preview and generation alike."""
    _check_feature(request, context)
    prompt = _prompt(request, context)
    prompts.check(prompt, request)
    wishes = plan.order(wishes_of(context.preferences), request.providers, request.models)
    highest = costs(wishes, prompt.input_tokens_at_most, prompt.max_output_tokens)
    found = conditions(context, highest, prompt.input_tokens_at_most, fallback=context.preferences.fallback)
    return prompt, plan.plan(wishes, found)


def preferences_of(profiles: Sequence[Row]) -> AIPreferences:
    return AIPreferences.model_validate(profiles[0]["ai_preferences"]) if profiles else AIPreferences()


def _author(profiles: Sequence[Row]) -> Author:
    if not profiles:
        return Author()
    names = ("display_name", "bio", "skills", "mission_statement", "content_mode", "locale")
    return Author(**{name: profiles[0][name] for name in names})


def _keys(user_id: str, passed: Mapping[Provider, Secret], rows: Sequence[Row]) -> dict[Provider, Key]:
    """One key per provider: the request's own, else the stored one, else the operator's."""
    found: dict[Provider, Key] = {
        provider: Key(secret, "operator")
        for provider in PROVIDERS
        if (secret := settings().operator_ai_keys.get(provider)) is not None
    }
    for row in rows:
        try:
            opened = sealer().open(row["sealed_key"], Place("ai_provider_keys", "sealed_key", user_id, row["id"]))
        except SealBroken:
            opened = None
        found[row["provider"]] = Key(opened, "stored")
    return found | {provider: Key(secret, "header") for provider, secret in passed.items()}


def _state(row: Row) -> State:
    return State(**{name: value for name, value in row.items() if name not in ("provider", "model")})


def _check_feature(request: GenerateRequest, context: Context) -> None:
    if not getattr(context.preferences.features, request.task):
        raise Forbidden("ai_feature_disabled")


def _prompt(request: GenerateRequest, context: Context) -> Prompt:
    template = context.template
    if template is None or template.origin == "built_in":
        if request.variables:
            raise Invalid([field_error("variables", "no_variables")])
        return prompts.build(request, context.author)
    # A default template was not chosen for this request, so it cannot demand what the task does not need.
    absent = None if request.template_id else ""
    topic, text = (reveal(value) if value else absent for value in (request.topic, request.text))
    values = builtin_values(context.author, request.platforms, topic, text)
    filled = fill_completely(template, values, request.variables)
    used = frozenset(variables_in(template.system_text) + variables_in(template.user_text))
    return prompts.build(request, context.author, Filled(Content(filled.system_text), Content(filled.user_text), used))


def template_name(context: Context) -> str:
    return (context.template.id if context.template else None) or BUILT_IN


def wishes_of(preferences: AIPreferences) -> list[Wish]:
    return [Wish(p.provider, p.model or PROVIDERS[p.provider].models[0], p.enabled) for p in preferences.providers]


def costs(wishes: Sequence[Wish], input_tokens: int, output_tokens: int) -> dict[Provider, int | None]:
    """The most that one call may cost, by provider."""
    return {wish.provider: prices.highest_nanousd(wish.provider, wish.model, input_tokens, output_tokens) for wish in wishes}


def conditions(context: Context, costs: Mapping[Provider, int | None], input_tokens: int, *, fallback: bool) -> Conditions:
    """What the order of attempts depends on."""
    return Conditions(
        keys=context.keys,
        states=context.states,
        purse=context.purse,
        now=context.now,
        highest_cost=costs,
        rate_limit_buffer=context.preferences.rate_limit_buffer,
        input_tokens=input_tokens,
        fallback=fallback,
    )
