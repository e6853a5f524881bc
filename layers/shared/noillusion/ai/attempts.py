"""The attempts of a request: written as they end, and shown in the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from noillusion import clock, logs
from noillusion.ai import fallback, prices, store
from noillusion.ai.models import Attempt, CostStatus, Tokens
from noillusion.ai.plan import Candidate
from noillusion.ai.providers import OPTIONS
from noillusion.db import Actor, Statement, database
from noillusion.errors import AccountDeleted


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
        except AccountDeleted:
            return False
        except Exception as error:  # noqa: BLE001 - a paid answer is not thrown away because the record failed
            logs.failure("ai_usage_not_recorded", error, request_id=self._request_id)
            return False
        return True


def shown(candidates: Sequence[Candidate], run: fallback.Run) -> list[Attempt]:
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
    return "unknown" if made.maybe_charged else "none"


def _passed_over(candidate: Candidate, run: fallback.Run) -> Attempt:
    return Attempt(
        provider=candidate.provider,
        model=candidate.model,
        key_source=candidate.key.source if candidate.key else None,
        outcome="skipped",
        skipped=run.passed_over.get(candidate.provider),
        available_at=candidate.available_at,
    )
