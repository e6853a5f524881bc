"""The only retry loop: one provider after the other until one answers, within one deadline. It never repeats a provider."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

from noillusion.ai import prices
from noillusion.ai.answers import Unusable
from noillusion.ai.messages import GenerationStop
from noillusion.ai.models import Result, SkipReason
from noillusion.ai.outcomes import NOT_CONNECTED, Completion, Limits, Outcome, ProviderError, Usage
from noillusion.ai.plan import LASTING, Candidate
from noillusion.ai.prompts import Prompt
from noillusion.ai.providers import Adapter
from noillusion.catalog.providers import Provider
from noillusion.core import clock, logs
from noillusion.core.records import record
from noillusion.core.sensitive import Content

MOVE_ON: frozenset[Outcome] = frozenset({"rate_limited", "overloaded", "timeout", "network", "auth", "quota", "internal_error"})
MOVE_ON_ONCE: frozenset[Outcome] = frozenset({"context_too_long", "answer_withheld", "bad_output"})
"""Another model may manage what one could not, but a second such answer says that it is the request."""

COOLDOWN_S = {"rate_limited": 30.0, "overloaded": 15.0, "timeout": 15.0, "network": 10.0, "auth": 600.0, "quota": 3600.0}
"""How long to stay away where the provider does not say. Other outcomes leave no cooldown."""
LEAST_ATTEMPT_S = 1.5


@record()
class AttemptRecord:
    """An attempt that was sent, as it is recorded and shown."""

    number: int
    candidate: Candidate
    outcome: Outcome | Literal["ok"]
    code: str
    status: int | None
    """The HTTP status of the answer, ``None`` if there was none."""
    served_model: str | None
    usage: Usage | None
    limits: Limits
    cost_nanousd: int | None
    maybe_charged: bool
    """Whether the provider may charge for it. Without a known cost it then counts as the highest."""
    duration_ms: int
    cooldown_until: datetime | None

    @property
    def cost(self) -> int | None:
        """The cost: zero where it surely was free, ``None`` where nobody knows."""
        return self.cost_nanousd if self.cost_nanousd is not None or self.maybe_charged else 0

    @property
    def counted(self) -> int:
        """The cost that it counts as: the highest one where nobody knows."""
        return self.cost if self.cost is not None else self.candidate.highest_cost or 0


@dataclass(slots=True)
class Run:
    """The result of a request. ``results`` is ``None`` if no provider gave a usable answer; ``stop`` then may say why."""

    attempts: list[AttemptRecord] = field(default_factory=list)
    passed_over: dict[Provider, SkipReason] = field(default_factory=dict)
    results: list[Result] | None = field(default=None, repr=False)
    stop: GenerationStop | None = None
    """The outcome that forbids going on: the user has to be told."""


class Adapters(Protocol):
    """The adapters by provider."""

    def __getitem__(self, provider: Provider) -> Adapter: ...


class Recorder(Protocol):
    """Keeps account of the attempts."""

    async def admit(self, number: int, candidate: Candidate, input_tokens: int | None = None) -> SkipReason | None:
        """Reserve what an attempt may cost, before it is sent. A reason: it must not be sent.

        ``input_tokens``: the most that this attempt may have, if it is not what the others have.
        """
        ...

    def ended(self, attempt: AttemptRecord) -> None:
        """Note that an admitted attempt has ended."""
        ...


async def run(
    candidates: Sequence[Candidate],
    prompt: Prompt,
    adapters: Adapters,
    *,
    deadline: float,
    most: int,
    read: Callable[[Content], list[Result]],
    recorder: Recorder,
) -> Run:
    """Try the candidates that are not skipped. ``deadline`` is an instant of ``clock.monotonic``; ``most`` is what all attempts
    together may cost, in billionths of a US dollar.

    ``read`` turns an answer into results or raises :class:`Unusable`.
    """
    state = Run(passed_over={c.provider: c.skip for c in candidates if c.skip})
    waiting = [candidate for candidate in candidates if candidate.skip is None]
    while waiting:
        candidate = waiting.pop(0)
        if _share(deadline - clock.monotonic(), len(waiting) + 1) < LEAST_ATTEMPT_S:
            state.passed_over.update(dict.fromkeys([candidate.provider, *(c.provider for c in waiting)], "deadline"))
            break
        if sum(attempt.counted for attempt in state.attempts) + (candidate.highest_cost or 0) > most:
            state.passed_over[candidate.provider] = "request_cost_limit"
            continue
        if (denied := await recorder.admit(len(state.attempts) + 1, candidate)) is not None:
            state.passed_over[candidate.provider] = denied
            continue
        share = _share(deadline - clock.monotonic(), len(waiting) + 1)
        attempt, state.results = await make(len(state.attempts) + 1, candidate, prompt, adapters, share, read)
        state.attempts.append(attempt)
        recorder.ended(attempt)
        if state.results is not None or not _goes_on(attempt.outcome, state.attempts):
            why: SkipReason = "not_needed" if state.results is not None else "stopped"
            state.passed_over.update(dict.fromkeys((c.provider for c in waiting), why))
            break
    if state.results is None and state.attempts:
        state.stop = _told(state.attempts)
    return state


def _share(remaining: float, attempts: int) -> float:
    """Return half of the time left while others wait for their turn: an attempt that is cut short costs money for nothing."""
    return remaining if attempts == 1 else remaining / 2


def _goes_on(outcome: str, attempts: Sequence[AttemptRecord]) -> bool:
    return outcome in MOVE_ON or (outcome in MOVE_ON_ONCE and sum(each.outcome == outcome for each in attempts) == 1)


def _told(attempts: Sequence[AttemptRecord]) -> GenerationStop | None:
    """Return what only the user can change: a refusal, a request that is not allowed, or a text that is too long."""
    last = attempts[-1].outcome
    return last if last in ("bad_request", "content_refused", "context_too_long") else None


async def make(
    number: int,
    candidate: Candidate,
    prompt: Prompt,
    adapters: Adapters,
    seconds: float,
    read: Callable[[Content], list[Result]],
) -> tuple[AttemptRecord, list[Result] | None]:
    """Make one attempt. Whatever breaks in it, here or at the provider, is its outcome: others are still to be asked."""
    started = clock.monotonic()
    said = await _ask(candidate, prompt, adapters, seconds)
    outcome, code, results = _understand(said, read)
    model = said.served_model
    attempt = AttemptRecord(
        number=number,
        candidate=candidate,
        outcome=outcome,
        code=code,
        status=said.status if isinstance(said, ProviderError) else 200,
        served_model=model,
        usage=said.usage,
        limits=said.limits,
        # The model that answered sets the price; a provider may serve another one than was asked for.
        cost_nanousd=_cost(candidate.provider, model, said.usage),
        maybe_charged=isinstance(said, Completion) or said.maybe_charged,
        duration_ms=round((clock.monotonic() - started) * 1000),
        cooldown_until=_cooldown(candidate, outcome, said),
    )
    return attempt, results


async def _ask(candidate: Candidate, prompt: Prompt, adapters: Adapters, seconds: float) -> Completion | ProviderError:
    assert candidate.key is not None and candidate.key.value is not None
    if seconds < LEAST_ATTEMPT_S:
        # The reservation took the time.
        return ProviderError("timeout", code=NOT_CONNECTED)
    try:
        adapter = adapters[candidate.provider]
        return await adapter.complete(
            prompt, model=candidate.model, key=candidate.key.value, seconds=seconds, effort=candidate.effort
        )
    except ProviderError as error:
        return error
    except Exception as error:  # noqa: BLE001 - a mistake of ours at one provider must not keep the next from being asked
        logs.failure("ai_attempt_failed", error, provider=candidate.provider)
        return ProviderError("internal_error", code="adapter")


def _understand(
    said: Completion | ProviderError, read: Callable[[Content], list[Result]]
) -> tuple[Outcome | Literal["ok"], str, list[Result] | None]:
    if isinstance(said, ProviderError):
        return said.outcome, said.code, None
    try:
        return "ok", "", read(said.text)
    except Unusable as unusable:
        return "bad_output", "truncated" if said.finish == "truncated" else unusable.code, None
    except Exception as error:  # noqa: BLE001 - as above
        logs.failure("ai_answer_not_read", error)
        return "internal_error", "answer", None


def _cost(provider: Provider, model: str | None, usage: Usage | None) -> int | None:
    try:
        return prices.cost_nanousd(provider, model, usage) if model else None
    except Exception as error:  # noqa: BLE001 - an answer that cannot be priced is still an answer
        logs.failure("ai_cost_not_computed", error, provider=provider)
        return None


def _cooldown(candidate: Candidate, outcome: str, said: Completion | ProviderError) -> datetime | None:
    if not isinstance(said, ProviderError) or outcome not in COOLDOWN_S:
        return None
    assert candidate.key is not None
    if outcome in LASTING and candidate.key.source == "header":
        return None
    if said.retry_after is not None:
        # Money does not come back within seconds, whatever a general hint says.
        least = COOLDOWN_S["quota"] if outcome == "quota" else 0.0
        return clock.now() + timedelta(seconds=max(said.retry_after, least))
    if outcome == "rate_limited" and said.limits.remaining_requests == 0 and said.limits.resets_at is not None:
        return said.limits.resets_at
    return clock.now() + timedelta(seconds=COOLDOWN_S[outcome])
