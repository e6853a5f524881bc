"""Generation: preview, the real thing, provider status and usage. What is written and generated lives in the request alone."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, Literal
from uuid import uuid4

from noillusion import clock, logs
from noillusion.ai import answers, fallback, plan, prices, prompts, static, store
from noillusion.ai.models import (
    Attempt,
    Budget,
    CostStatus,
    EstimatedTokens,
    GenerateRequest,
    GenerateResponse,
    Message,
    PreviewProvider,
    PreviewResponse,
    ProvidersResponse,
    ProviderStatus,
    Result,
    Stopped,
    Tokens,
    Transparency,
    UsageResponse,
    UsageRow,
)
from noillusion.ai.outcomes import PROVIDERS, Provider, Usage
from noillusion.ai.plan import Candidate, Conditions, Key, Purse, State, Wish
from noillusion.ai.prompts import Author, Filled, Prompt
from noillusion.ai.providers import DEFAULT_MODELS, OPTIONS, SUGGESTED_MODELS, Providers
from noillusion.crypto import Place, SealBroken, sealer
from noillusion.db import Actor, Row, Statement, database
from noillusion.errors import Conflict, FieldError, Forbidden, Invalid
from noillusion.profiles.models import AIPreferences
from noillusion.sensitive import Content, Secret, reveal
from noillusion.settings import Settings, settings
from noillusion.templates import service as templates
from noillusion.templates.models import ResolvedTemplate
from noillusion.templates.render import builtin_values, variables_in

KEY_HEADER = "x-ai-key-{provider}"
DEADLINE_S = 25.0
"""The most that all attempts of a request may take; the function's own time limit may leave less."""
LONGEST_RANGE_DAYS = 366
BUILT_IN = "built-in"
TYPICAL = Usage(input=1_000, output=1_000)
"""Tokens by which the status of a provider judges whether the budget still allows a call."""
MAYBE_CHARGED = frozenset({"ok", "timeout", "network", "bad_output"})
"""Outcomes after which a provider may have charged something although it told no tokens."""

_current: tuple[Settings, Providers] | None = None


def providers() -> Providers:
    """The adapters of this execution environment, with its endpoints."""
    global _current
    if _current is None or _current[0] is not settings():
        _current = (settings(), Providers(settings().endpoint))
    return _current[1]


async def close() -> None:
    """Let go of the connections to the providers."""
    global _current
    if _current is not None:
        await _current[1].aclose()
        _current = None


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


def keys_from_headers(**given: Secret | None) -> dict[Provider, Secret]:
    """Keys passed through with the request, by provider; they are used and forgotten. :class:`Invalid`: it cannot be a key."""
    found: dict[Provider, Secret] = {}
    for provider in PROVIDERS:
        passed = given.get(provider)
        value = passed.reveal().strip() if passed else ""
        if not value:
            continue
        if not (8 <= len(value) <= 512 and value.isascii() and value.isprintable() and " " not in value):
            field_name = KEY_HEADER.format(provider=provider)
            raise Invalid([FieldError(field_name, "invalid", "Must be 8 to 512 printable ASCII characters without spaces.")])
        found[provider] = Secret(value)
    return found


async def preview(user_id: str, request: GenerateRequest, passed: Mapping[Provider, Secret]) -> PreviewResponse:
    """What :func:`generate` would send for the same input, and to whom. One round trip; nothing is sent or stored."""
    context = _context(user_id, passed, await _read(user_id, request), request)
    prompt, candidates = _prepare(request, context)
    tokens = EstimatedTokens(input=prompt.estimated_input_tokens, output=prompts.estimated_output_tokens(request))
    return PreviewResponse(
        template=_template_name(context),
        messages=[Message.model_validate(message) for message in prompt.messages],
        parameters=prompt.parameters,
        hash=prompt.hash,
        estimated_tokens=tokens,
        providers=[_preview_provider(candidate, tokens, prompt) for candidate in candidates],
        price_version=prices.version(),
    )


async def generate(
    user_id: str,
    request: GenerateRequest,
    passed: Mapping[Provider, Secret],
    *,
    idempotency_key: str | None,
    deadline: float,
) -> GenerateResponse:
    """Write the posts. ``deadline`` is an instant of ``clock.monotonic``; ``passed`` are keys of this request alone.

    :class:`Conflict` ``already_generated`` if the key was used before: results are not kept, so there is none to repeat.
    :class:`Forbidden` if the user has switched the task off. :class:`Invalid` for template variables.
    """
    started, request_id = clock.monotonic(), str(uuid4())
    claim = store.claim(user_id, request_id, idempotency_key, request.task, clock.now())
    rows = await _read(user_id, request, claim)
    if not rows.claimed:
        raise Conflict("already_generated", "This Idempotency-Key was used before. Results are not kept; use a new key.")
    try:
        context = _context(user_id, passed, rows, request)
        prompt, candidates = _prepare(request, context)
    except Exception:
        await database().flight(Actor(user_id), store.release(user_id, request_id))
        raise
    journal = Journal(user_id, request_id, request.task)
    run = None
    try:
        run = await fallback.run(
            candidates,
            prompt,
            providers(),
            deadline=min(deadline, started + DEADLINE_S),
            read=partial(answers.read, request=request),
            note=journal.note,
        )
    finally:
        source = _source(run, context)
        recorded = await journal.close(source, started, _uses(user_id, context) if source == "ai" else ())
    return _response(request, context, prompt, candidates, run, source, request_id, recorded)


async def status(user_id: str, passed: Mapping[Provider, Secret]) -> ProvidersResponse:
    """Every provider in the order of attempts: usable or not, why, and what it said about its limits."""
    context = _context(user_id, passed, await _read(user_id))
    wishes = plan.order(_wishes(context.preferences))
    conditions = _conditions(context, _costs(wishes, TYPICAL), fallback=True)
    items = [_status(wish, candidate) for wish, candidate in zip(wishes, plan.plan(wishes, conditions), strict=True)]
    return ProvidersResponse(items=items, fallback=context.preferences.fallback)


async def usage(user_id: str, first: date | None, last: date | None) -> UsageResponse:
    """Attempts, tokens and cost per day, provider and model; by default of the calendar month (UTC) so far."""
    now = clock.now()
    last = last or now.astimezone(UTC).date()
    first = first or last.replace(day=1)
    if not first <= last <= first + timedelta(days=LONGEST_RANGE_DAYS - 1):
        raise Invalid([FieldError("from", "invalid", f"Must not be after `to`, nor more than {LONGEST_RANGE_DAYS} days before.")])
    rows, profiles, spent = await database().flight(
        Actor(user_id),
        store.usage(user_id, _midnight(first), _midnight(last) + timedelta(days=1)),
        store.profile(user_id),
        store.spending(user_id, _month(now), now),
    )
    items = [_usage_row(row) for row in rows]
    return UsageResponse(
        first_day=first,
        last_day=last,
        items=items,
        attempts=sum(item.attempts for item in items if item.provider != "static"),
        cost_usd=prices.usd(sum(row["cost_nanousd"] for row in rows)),
        budget=_budget(_purse(spent, _preferences(profiles))),
    )


class Journal:
    """Records each attempt when it ends, beside the next one, and the end of the request. No attempt is lost to an error."""

    def __init__(self, user_id: str, request_id: str, task: str) -> None:
        self._user_id, self._request_id, self._task = user_id, request_id, task
        self._last: Sequence[Statement] = ()
        self._writing: list[asyncio.Task[bool]] = []

    def note(self, made: fallback.Made) -> None:
        """An attempt has ended. It is written together with the end of the request if nothing follows."""
        statements = store.record(self._user_id, self._request_id, self._task, made, prices.version(), clock.now())
        self._hand_over()
        self._last = statements
        if made.outcome != "ok":
            self._hand_over()

    def _hand_over(self) -> None:
        if self._last:
            self._writing.append(asyncio.create_task(self._write(*self._last)))
            self._last = ()

    async def close(self, outcome: str, started: float, uses: Sequence[Statement]) -> bool:
        """Write what is left, and wait for the rest. False if something could not be written: the results are worth more."""
        duration_ms = round((clock.monotonic() - started) * 1000)
        end = store.finish(self._user_id, self._request_id, outcome, duration_ms, clock.now())
        written = await asyncio.shield(asyncio.gather(*self._writing, self._write(*self._last, end, *uses)))
        return all(written)

    async def _write(self, *statements: Statement) -> bool:
        try:
            await database().flight(Actor(self._user_id), *statements)
        except Exception as error:  # noqa: BLE001 - a paid answer is not thrown away because the record failed
            logs.failure("ai_usage_not_recorded", error, request_id=self._request_id)
            return False
        return True


@dataclass(frozen=True, slots=True)
class Rows:
    """What the flight brought."""

    profiles: list[Row] = field(repr=False)
    keys: list[Row] = field(repr=False)
    states: list[Row]
    spent: list[Row]
    template: list[Row] = field(default_factory=list, repr=False)
    claimed: bool = False


async def _read(user_id: str, request: GenerateRequest | None = None, claim: Statement | None = None) -> Rows:
    """Everything about the user in one flight, the claim of the request included."""
    now = clock.now()
    extra = [templates.resolve_statement(user_id, _named(request), None)] if request else []
    profiles, keys, states, spent, *rest = await database().flight(
        Actor(user_id),
        store.profile(user_id),
        store.keys(user_id),
        store.states(user_id),
        # The count of open requests comes before the claim, so a request does not count itself.
        store.spending(user_id, _month(now), now - timedelta(seconds=store.OPEN_REQUEST_S)),
        *extra,
        *([claim] if claim else []),
    )
    return Rows(profiles, keys, states, spent, rest[0] if request else [], claimed=bool(claim and rest[1]))


def _named(request: GenerateRequest) -> str | None:
    return str(request.template_id) if request.template_id else None


def _context(user_id: str, passed: Mapping[Provider, Secret], rows: Rows, request: GenerateRequest | None = None) -> Context:
    preferences = _preferences(rows.profiles)
    return Context(
        author=_author(rows.profiles),
        preferences=preferences,
        keys=_keys(user_id, passed, rows.keys),
        states={(row["provider"], row["model"]): _state(row) for row in rows.states},
        purse=_purse(rows.spent, preferences),
        template=templates.resolved(rows.template, _named(request)) if request else None,
        now=clock.now(),
    )


def _prepare(request: GenerateRequest, context: Context) -> tuple[Prompt, list[Candidate]]:
    """The messages and the order of attempts: the one way to both, for preview and generation alike."""
    _check_feature(request, context)
    prompt = _prompt(request, context)
    wishes = plan.order(_wishes(context.preferences), request.providers, request.models)
    costs = _costs(wishes, Usage(input=prompt.estimated_input_tokens, output=prompt.max_output_tokens))
    return prompt, plan.plan(wishes, _conditions(context, costs, fallback=context.preferences.fallback))


def _preferences(profiles: Sequence[Row]) -> AIPreferences:
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


def _purse(spent: Sequence[Row], preferences: AIPreferences) -> Purse:
    limit = preferences.monthly_budget_usd
    return Purse(
        spent=spent[0]["spent"],
        operator_spent=spent[0]["operator_spent"],
        limit=None if limit is None else int(limit * prices.NANO),
        operator_limit=int(Decimal(str(settings().operator_ai_budget_usd)) * prices.NANO),
        open_requests=spent[0]["open_requests"],
    )


def _check_feature(request: GenerateRequest, context: Context) -> None:
    if not getattr(context.preferences.features, request.task):
        raise Forbidden("ai_feature_disabled", "This AI feature is switched off in the profile's preferences.")


def _prompt(request: GenerateRequest, context: Context) -> Prompt:
    template = context.template
    if template is None or template.origin == "built_in":
        if request.variables:
            raise Invalid([FieldError("variables", "unknown_variable", "The built-in template has no variables.")])
        return prompts.build(request, context.author)
    # A default template was not chosen for this request, so it cannot demand what the task does not need.
    absent = None if request.template_id else ""
    topic, text = (reveal(value) if value else absent for value in (request.topic, request.text))
    values = builtin_values(context.author, request.platforms, topic, text)
    filled = templates.fill_completely(template, values, request.variables)
    used = frozenset(variables_in(template.system_text) + variables_in(template.user_text))
    return prompts.build(request, context.author, Filled(Content(filled.system_text), Content(filled.user_text), used))


def _template_name(context: Context) -> str:
    return (context.template.id if context.template else None) or BUILT_IN


def _uses(user_id: str, context: Context) -> list[Statement]:
    template = context.template
    return [templates.count_use(user_id, template.id)] if template and template.id else []


def _wishes(preferences: AIPreferences) -> list[Wish]:
    return [Wish(p.provider, p.model or DEFAULT_MODELS[p.provider], p.enabled) for p in preferences.providers]


def _costs(wishes: Sequence[Wish], tokens: Usage) -> dict[Provider, int | None]:
    return {wish.provider: prices.cost_nanousd(wish.provider, wish.model, tokens) for wish in wishes}


def _conditions(context: Context, costs: Mapping[Provider, int | None], *, fallback: bool) -> Conditions:
    return Conditions(
        keys=context.keys,
        states=context.states,
        purse=context.purse,
        now=context.now,
        highest_cost=costs,
        rate_limit_buffer=context.preferences.rate_limit_buffer,
        fallback=fallback,
    )


def _source(run: fallback.Run | None, context: Context) -> Literal["ai", "static", "none"]:
    if run is None:
        return "none"
    if run.results is not None:
        return "ai"
    return "static" if run.stop is None and context.preferences.fallback else "none"


def _response(
    request: GenerateRequest,
    context: Context,
    prompt: Prompt,
    candidates: Sequence[Candidate],
    run: fallback.Run,
    source: Literal["ai", "static", "none"],
    request_id: str,
    recorded: bool,
) -> GenerateResponse:
    results: list[Result] = run.results or []
    if source == "static":
        results = static.results(request, context.author)
    winner = run.made[-1] if run.results is not None else None
    return GenerateResponse(
        source=source,
        results=results,
        stopped=_stopped(run, candidates, clock.now()) if source == "none" else None,
        transparency=Transparency(
            request_id=request_id,
            template=_template_name(context),
            messages=[Message.model_validate(message) for message in prompt.messages],
            parameters=prompt.parameters,
            hash=prompt.hash,
            provider=winner.candidate.provider if winner else None,
            model=(winner.served_model or winner.candidate.model) if winner else None,
            attempts=_attempts(candidates, run),
            price_version=prices.version(),
            recorded=recorded,
        ),
    )


def _attempts(candidates: Sequence[Candidate], run: fallback.Run) -> list[Attempt]:
    made = {attempt.candidate.provider: attempt for attempt in run.made}
    return [
        _attempt(made[candidate.provider]) if candidate.provider in made else _passed_over(candidate, run)
        for candidate in candidates
    ]


def _attempt(made: fallback.Made) -> Attempt:
    candidate, tokens = made.candidate, made.usage
    return Attempt(
        provider=candidate.provider,
        model=candidate.model,
        served_model=made.served_model,
        key_source=candidate.key.source if candidate.key else None,
        outcome=made.outcome,
        code=made.code,
        available_at=made.cooldown_until,
        duration_ms=made.duration_ms,
        tokens=None
        if tokens is None
        else Tokens(input=tokens.input, cached=tokens.cached, output=tokens.output, reasoning=tokens.reasoning),
        cost_usd=None if made.cost_nanousd is None else prices.usd(made.cost_nanousd),
        cost_status=_cost_status(made),
        options=dict(OPTIONS[candidate.provider]),
    )


def _cost_status(made: fallback.Made) -> CostStatus:
    if made.cost_nanousd is not None:
        return "known"
    return "unknown" if made.usage is not None or made.outcome in MAYBE_CHARGED else "none"


def _passed_over(candidate: Candidate, run: fallback.Run) -> Attempt:
    return Attempt(
        provider=candidate.provider,
        model=candidate.model,
        key_source=candidate.key.source if candidate.key else None,
        outcome="skipped",
        skipped=run.passed_over.get(candidate.provider),
        available_at=candidate.available_at,
    )


STOPS: Mapping[str, str] = {
    "content_refused": "The provider refused to write this. Asking another provider is your choice.",
    "bad_request": "The provider does not accept this request as it is; check the model and the output limit.",
    "context_too_long": "The request is too long for the model.",
}


def _stopped(run: fallback.Run, candidates: Sequence[Candidate], now: datetime) -> Stopped:
    if run.stop is not None:
        return Stopped(code=run.stop, provider=run.made[-1].candidate.provider, message=STOPS[run.stop])
    times = [m.cooldown_until for m in run.made if m.cooldown_until] + [c.available_at for c in candidates if c.available_at]
    wait = max((min(times) - now).total_seconds(), 0.0) if times else None
    message = "No provider could answer, and falling back is switched off in the profile's preferences."
    return Stopped(code="ai_unavailable", message=message, retry_after=wait)


def _preview_provider(candidate: Candidate, tokens: EstimatedTokens, prompt: Prompt) -> PreviewProvider:
    def cost(output: int) -> str | None:
        found = prices.cost_nanousd(candidate.provider, candidate.model, Usage(input=tokens.input, output=output))
        return None if found is None else prices.usd(found)

    estimated = cost(tokens.output)
    return PreviewProvider(
        provider=candidate.provider,
        model=candidate.model,
        key_source=candidate.key.source if candidate.key else None,
        attempt=candidate.skip is None,
        skipped=candidate.skip,
        available_at=candidate.available_at,
        options=dict(OPTIONS[candidate.provider]),
        estimated_cost_usd=estimated,
        highest_cost_usd=cost(prompt.max_output_tokens),
        cost_status="unknown" if estimated is None else "estimated",
    )


def _status(wish: Wish, candidate: Candidate) -> ProviderStatus:
    state = candidate.state
    suggested = SUGGESTED_MODELS[candidate.provider]
    return ProviderStatus(
        provider=candidate.provider,
        enabled=wish.enabled,
        key_source=candidate.key.source if candidate.key else None,
        model=candidate.model,
        models=list(dict.fromkeys([candidate.model, *suggested])),
        available=candidate.skip is None,
        unavailable_reason=candidate.skip,
        cooldown_until=candidate.available_at if candidate.skip == "cooling_down" else None,
        remaining_requests=state.remaining_requests,
        remaining_tokens=state.remaining_tokens,
        limit_requests=state.limit_requests,
        limit_tokens=state.limit_tokens,
        resets_at=state.resets_at,
        last_outcome=state.outcome or None,
        succeeded_at=state.succeeded_at,
        failed_at=state.failed_at,
    )


def _usage_row(row: Row) -> UsageRow:
    fields: dict[str, Any] = {name: row[name] for name in UsageRow.model_fields if name != "cost_usd"}
    return UsageRow(**fields, cost_usd=prices.usd(row["cost_nanousd"]))


def _budget(purse: Purse) -> Budget:
    return Budget(
        spent_usd=prices.usd(purse.spent),
        limit_usd=None if purse.limit is None else prices.usd(purse.limit),
        operator_spent_usd=prices.usd(purse.operator_spent),
        operator_limit_usd=prices.usd(purse.operator_limit) if settings().operator_ai_keys else None,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _month(now: datetime) -> datetime:
    return _midnight(now.astimezone(UTC).date().replace(day=1))
