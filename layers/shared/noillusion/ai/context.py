"""What is known about a user before anything is decided, read in one flight; and the prompt and the plan that follow from it."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime

from noillusion.ai import plan, prices, prompts, spending, store
from noillusion.ai.instructions import CHOICES, Source
from noillusion.ai.models import GenerateRequest
from noillusion.ai.money import hashes, month_name, spending_of
from noillusion.ai.plan import Candidate, Conditions, Key, ProviderChoice, ProviderState, Spending
from noillusion.ai.prompts import Prompt, PromptTexts
from noillusion.ai.rows import (
    AuthorRow,
    EarlierRequestRow,
    OperatorSpendingRow,
    ProviderStateRow,
    SealedKeyRow,
    SpendingRow,
    UsageSumsRow,
)
from noillusion.ai.spans import source_of
from noillusion.catalog.providers import PROVIDERS, Provider
from noillusion.core import clock
from noillusion.core.errors import Forbidden, Invalid, field_error
from noillusion.core.records import record
from noillusion.core.sensitive import Content, Secret, reveal
from noillusion.db import Actor, Query, Statement, database
from noillusion.profiles.author import Author
from noillusion.profiles.models import AIPreferences, stored_preferences
from noillusion.settings.source import settings
from noillusion.templates import service as templates
from noillusion.templates.filling import fill_completely
from noillusion.templates.models import ResolvedTemplate
from noillusion.templates.render import builtin_values
from noillusion.templates.rows import ResolvedRow
from noillusion.vault.sealer import Place, SealBroken, fingerprint, sealer

BUILT_IN = "built-in"
OPERATOR_MARK = "operator"
MARK_PURPOSE = "ai-key"


@record()
class Context:
    """A user as generation sees them, before anything is decided. Never printed."""

    author: Author
    preferences: AIPreferences
    keys: Mapping[Provider, Key] = field(repr=False)
    states: Mapping[tuple[Provider, str], ProviderState]
    spending: Spending
    template: ResolvedTemplate | None
    now: datetime


@record(repr=False)
class StoredContext:
    """The rows of one request. Never printed."""

    profile: AuthorRow | None
    keys: Sequence[SealedKeyRow]
    states: Sequence[ProviderStateRow]
    spending: SpendingRow | None
    operator_spending: Sequence[OperatorSpendingRow]
    now: datetime
    template: ResolvedRow | None
    earlier: EarlierRequestRow | None
    """The request that used the idempotency key before."""
    claimed: bool
    usage: Sequence[UsageSumsRow] = ()


@record()
class Claim:
    """The statements that claim a request, in their order: look for an earlier one, give up dead ones, write the row."""

    earlier: Query[EarlierRequestRow] | None
    """``None`` for a request without an idempotency key."""
    give_up: Statement
    claim: Statement


async def read(
    user_id: str,
    request: GenerateRequest | None = None,
    claim: Claim | None = None,
    usage: Query[UsageSumsRow] | None = None,
) -> StoredContext:
    """Read everything about the user, and claim the request, in one flight. ``usage`` is read along."""
    now = clock.now()
    month = month_name(now)
    profile, keys, states = store.profile(user_id), store.keys(user_id), store.states(user_id)
    own = spending.month(user_id, month)
    # What went on the operator's keys is shown, and matters to a request only while there are any.
    shown = claim is None or settings().operator_ai_keys
    operator = spending.operator_month(hashes(user_id, month), month) if shown else None
    template = _template(user_id, request) if request else None
    earlier = claim.earlier if claim else None
    optional = (operator, template, usage, *((earlier, claim.give_up, claim.claim) if claim else ()))
    flight = await database().flight(Actor(user_id), profile, keys, states, own, *(each for each in optional if each is not None))
    return StoredContext(
        profile=flight.first(profile),
        keys=flight[keys],
        states=flight[states],
        spending=flight.first(own),
        operator_spending=flight[operator] if operator else (),
        now=now,
        template=flight.first(template) if template else None,
        earlier=flight.first(earlier) if earlier else None,
        claimed=claim is not None and flight.number_of(claim.claim) > 0,
        usage=flight[usage] if usage else (),
    )


def _template(user_id: str, request: GenerateRequest) -> Query[ResolvedRow]:
    return templates.resolve_statement(user_id, request.template_id, None, request.template_version)


def context_of(
    user_id: str, passed: Mapping[Provider, Secret], stored: StoredContext, request: GenerateRequest | None = None
) -> Context:
    """Return the context of a request. ``passed`` are the keys that it brings."""
    preferences = preferences_of(stored.profile)
    return Context(
        author=stored.profile or Author(),
        preferences=preferences,
        keys=_keys(user_id, passed, stored.keys),
        states={(row.provider, row.model): row for row in stored.states},
        spending=spending_of(user_id, stored.now, stored.spending, stored.operator_spending, preferences),
        template=templates.resolved(stored.template, request.template_id) if request else None,
        now=stored.now,
    )


def prepare(request: GenerateRequest, context: Context) -> tuple[Prompt, list[Candidate]]:
    """Return the messages and the order of attempts, for preview and generation alike."""
    _check_feature(request, context)
    built = prompt(request, context.author, context.template)
    prompts.check(built, request)
    choices = plan.order(choices_of(context.preferences), request.providers, request.models, request.reasoning_effort)
    highest = costs(choices, built.input_tokens_at_most, built.max_output_tokens)
    tokens = built.input_tokens_at_most, built.max_output_tokens
    limits = conditions(context, highest, tokens, fallback=context.preferences.fallback)
    return built, plan.plan(choices, limits)


def preferences_of(profile: AuthorRow | None) -> AIPreferences:
    """Return how the user wants AI to be used."""
    return stored_preferences(profile.ai_preferences) if profile else AIPreferences()


def _keys(user_id: str, passed: Mapping[Provider, Secret], rows: Sequence[SealedKeyRow]) -> dict[Provider, Key]:
    """Return one key per provider: the request's own, else the stored one, else the operator's."""
    keys: dict[Provider, Key] = {
        provider: Key(secret, "operator", OPERATOR_MARK)
        for provider in PROVIDERS
        if (secret := settings().operator_ai_keys.get(provider)) is not None
    }
    for row in rows:
        try:
            opened = sealer().open(row.sealed_key, Place("ai_provider_keys", "sealed_key", user_id, row.id))
        except SealBroken:
            opened = None
        keys[row.provider] = Key(opened, "stored", row.id)
    return keys | {provider: _passed(user_id, provider, secret, keys.get(provider)) for provider, secret in passed.items()}


def _passed(user_id: str, provider: Provider, secret: Secret, stored: Key | None) -> Key:
    """Return a key that a request brings. It may be the stored one; any other goes by a keyed hash."""
    same = stored is not None and stored.value is not None and hmac.compare_digest(stored.value.reveal(), secret.reveal())
    mark = stored.mark if same and stored else fingerprint(MARK_PURPOSE, user_id, provider, secret.reveal())
    return Key(secret, "header", mark)


def _check_feature(request: GenerateRequest, context: Context) -> None:
    if not getattr(context.preferences.features, request.task):
        raise Forbidden("ai_feature_disabled")


def prompt(request: GenerateRequest, author: Author, template: ResolvedTemplate | None) -> Prompt:
    """Return the messages of a request with a template."""
    if template is None or template.origin == "built_in":
        if request.variables:
            raise Invalid([field_error("variables", "no_variables")])
        return prompts.build(request, author)
    # A default template was not chosen for this request, so it cannot demand what the request does not have.
    absent = None if request.template_id and not (request.topic or request.text) else ""
    topic, text = (reveal(value) if value else absent for value in (request.topic, request.text))
    values = builtin_values(author, request.platforms, topic, text)
    chosen = {name: reveal(value) for name in CHOICES if (value := getattr(request, name))}
    filled = fill_completely(template, values, request.variables, chosen, lenient=not request.template_id)
    source = Source(filled.said, custom=template.origin in ("own", "community"))
    system, user = ([(source_of(name), text) for name, text in parts] for parts in filled.parts)
    texts = PromptTexts(Content(filled.system_text), Content(filled.user_text), source, (system, user))
    return prompts.build(request, author, texts)


def template_id(context: Context) -> str | None:
    """Return the id of the template; ``None`` for the built-in one."""
    return context.template.id if context.template else None


def template_name(context: Context) -> str:
    return template_id(context) or BUILT_IN


def template_version(context: Context) -> int | None:
    """Return the version of the template that is used, if it is a stored one."""
    return context.template.version if context.template and context.template.id else None


def choices_of(preferences: AIPreferences) -> list[ProviderChoice]:
    return [
        ProviderChoice(p.provider, p.model or PROVIDERS[p.provider].models[0], p.enabled, effort=p.reasoning_effort)
        for p in preferences.providers
    ]


def costs(choices: Sequence[ProviderChoice], input_tokens: int, output_tokens: int) -> dict[Provider, int | None]:
    """Return the most that one call may cost, by provider."""
    return {
        choice.provider: prices.highest_nanousd(choice.provider, choice.model, input_tokens, output_tokens) for choice in choices
    }


def conditions(context: Context, costs: Mapping[Provider, int | None], tokens: tuple[int, int], *, fallback: bool) -> Conditions:
    """Return what the order of attempts depends on. ``tokens`` are the most of the input and of the output."""
    return Conditions(
        keys=context.keys,
        states=context.states,
        spending=context.spending,
        now=context.now,
        highest_cost=costs,
        rate_limit_buffer=context.preferences.rate_limit_buffer,
        input_tokens=tokens[0],
        output_tokens=tokens[1],
        fallback=fallback,
    )
