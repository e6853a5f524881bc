"""Generation: the face of the package. What is written and generated lives in the request alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Literal
from uuid import uuid4

from noillusion import idempotency
from noillusion.ai import answers, fallback, messages, prices, repair, spans, static, store
from noillusion.ai.attempts import Journal, shown
from noillusion.ai.attempts import repaired as shown_repair
from noillusion.ai.context import Claim, Context, StoredContext, context_of, prepare, read, template_name, template_version
from noillusion.ai.messages import GenerationStop
from noillusion.ai.models import GenerateRequest, GenerateResponse, Message, Result, Stopped, Transparency
from noillusion.ai.plan import Candidate
from noillusion.ai.preview import preview
from noillusion.ai.prompts import Prompt
from noillusion.ai.providers import Providers
from noillusion.ai.repair import Repair
from noillusion.ai.status import status
from noillusion.catalog.providers import PROVIDERS, Provider
from noillusion.core import clock
from noillusion.core.errors import Conflict, Invalid, field_error
from noillusion.core.sensitive import Secret
from noillusion.db import Actor, Statement, database
from noillusion.idempotency import hashes
from noillusion.settings.source import settings
from noillusion.settings.values import Settings
from noillusion.templates import service as templates

__all__ = ["close", "generate", "keys_from_headers", "preview", "status"]

KEY_HEADER = "x-ai-key-{provider}"
DEADLINE_S = 25.0
"""The most that all attempts of a request may take; the function's own time limit may leave less."""
_current: tuple[Settings, Providers] | None = None


def providers() -> Providers:
    """Return the adapters of this execution environment, with its endpoints."""
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


def keys_from_headers(**headers: Secret | None) -> dict[Provider, Secret]:
    """Return the keys of the request's headers, by provider; they are never kept. :class:`Invalid`: it cannot be a key."""
    keys: dict[Provider, Secret] = {}
    for provider in PROVIDERS:
        passed = headers.get(provider)
        value = passed.reveal().strip() if passed else ""
        if not value:
            continue
        if not (8 <= len(value) <= 512 and value.isascii() and value.isprintable() and " " not in value):
            field_name = KEY_HEADER.format(provider=provider)
            raise Invalid([field_error(field_name, "ai_key")])
        keys[provider] = Secret(value)
    return keys


async def generate(
    user_id: str,
    request: GenerateRequest,
    passed: Mapping[Provider, Secret],
    *,
    idempotency_key: str | None,
    deadline: float,
) -> GenerateResponse:
    """Write the posts. ``deadline`` is an instant of ``clock.monotonic``; ``passed`` are keys of this request alone.

    :class:`Conflict` ``already_generated`` if the key was used, as results are not kept; ``idempotency_in_progress`` until then.
    :class:`Forbidden` if the user has switched the task off. :class:`Invalid` for template variables.
    """
    started, request_id = clock.monotonic(), str(uuid4())
    stored = await read(user_id, request, _claim(user_id, request_id, request, idempotency_key))
    if not stored.claimed:
        raise _used(user_id, idempotency_key or "", request, stored)
    try:
        context = context_of(user_id, passed, stored, request)
        prompt, candidates = prepare(request, context)
    except Exception:
        await database().flight(Actor(user_id), store.release(user_id, request_id))
        raise
    journal = Journal(user_id, request_id, context, prompt.input_tokens_at_most)
    until, most = min(deadline, started + DEADLINE_S), context.spending.per_request
    read_answer = partial(answers.read, request=request, given=prompt.user.reveal() + prompt.system.reveal())
    try:
        run = await fallback.run(candidates, prompt, providers(), deadline=until, most=most, read=read_answer, recorder=journal)
        repaired = await repair.attempt(run, prompt, providers(), deadline=until, most=most, read=read_answer, recorder=journal)
    except BaseException:
        await journal.abandon(started)
        raise
    source = _source(run, request, context)
    recorded = await journal.close(source, started, _uses(user_id, context) if source == "ai" else ())
    return _response(request, context, prompt, candidates, run, repaired, source, request_id, stored, recorded)


def _claim(user_id: str, request_id: str, request: GenerateRequest, key: str | None) -> Claim:
    now, keys = clock.now(), hashes(user_id, "generate", key) if key else ()
    fingerprint = idempotency.fingerprint_of(user_id, "generate", key, request)
    return Claim(
        earlier=store.earlier(user_id, keys) if keys else None,
        give_up=store.give_up(user_id, now - timedelta(seconds=store.OPEN_REQUEST_S), now),
        claim=store.claim(user_id, request_id, keys, fingerprint, request.task, now),
    )


def _used(user_id: str, key: str, request: GenerateRequest, stored: StoredContext) -> Conflict:
    """Return why an idempotency key cannot be used now. Raises it if the key is too old, or its request was another one."""
    if stored.earlier:
        fingerprint, created_at = stored.earlier.request_fingerprint, stored.earlier.created_at
        idempotency.check_repeat(fingerprint, created_at, user_id, "generate", key, request)
        if stored.earlier.outcome != "started":
            return Conflict("already_generated", request_id=stored.earlier.id)
    began = stored.earlier.created_at if stored.earlier else stored.now
    left = store.OPEN_REQUEST_S - (stored.now - began).total_seconds()
    return Conflict("idempotency_in_progress", retry_after=min(max(left, 1.0), float(store.OPEN_REQUEST_S)))


def _uses(user_id: str, context: Context) -> list[Statement]:
    return templates.uses(user_id, context.template) if context.template else []


def _source(run: fallback.Run, request: GenerateRequest, context: Context) -> Literal["ai", "static", "none"]:
    if run.results is not None:
        return "ai"
    return "static" if run.stop is None and context.preferences.fallback and static.own_words(request) else "none"


def _response(
    request: GenerateRequest,
    context: Context,
    prompt: Prompt,
    candidates: Sequence[Candidate],
    run: fallback.Run,
    repaired: Repair | None,
    source: Literal["ai", "static", "none"],
    request_id: str,
    stored: StoredContext,
    recorded: bool,
) -> GenerateResponse:
    results: list[Result] = run.results or []
    if source == "static":
        results = static.results(request, context.author)
    winner = run.attempts[-1] if run.results is not None else None
    return GenerateResponse(
        source=source,
        results=results,
        stopped=_stopped(run, candidates, context, clock.now()) if source == "none" else None,
        transparency=Transparency(
            request_id=request_id,
            template=template_name(context),
            template_version=template_version(context),
            messages=[Message.model_validate(message) for message in prompt.messages],
            spans=spans.shown(prompt.spans),
            hidden_characters=spans.hidden([message["content"] for message in prompt.messages], prompt.spans),
            parameters=prompt.parameters,
            hash=prompt.hash,
            provider=winner.candidate.provider if winner else "static" if source == "static" else None,
            model=(winner.served_model or winner.candidate.model) if winner else None,
            attempts=shown(candidates, run, prompt, context.now),
            repair=shown_repair(repaired, context.now),
            price_version=prices.version(),
            recorded=recorded,
            interrupted_request_id=stored.earlier.id if stored.earlier else None,
        ),
    )


def _stopped(run: fallback.Run, candidates: Sequence[Candidate], context: Context, now: datetime) -> Stopped:
    if run.stop is not None:
        return Stopped(code=run.stop, provider=run.attempts[-1].candidate.provider, message=messages.STOPPED[run.stop])
    times = [a.cooldown_until for a in run.attempts if a.cooldown_until] + [c.available_at for c in candidates if c.available_at]
    wait = max((min(times) - now).total_seconds(), 0.0) if times else None
    code: GenerationStop = "nothing_to_lay_out" if context.preferences.fallback else "ai_unavailable"
    return Stopped(code=code, message=messages.STOPPED[code], retry_after=wait)
