"""The attempts of a request: reserved before they are sent, settled as they end, and shown in the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from noillusion.ai import events, fallback, keys, prices, spending, store
from noillusion.ai.context import Context, template_id
from noillusion.ai.models import Attempt, CostStatus, Message, RepairTrail, SkipReason, TokenUsage
from noillusion.ai.money import Reservation, in_month
from noillusion.ai.plan import Candidate
from noillusion.ai.prompts import Prompt
from noillusion.ai.providers import options
from noillusion.ai.repair import Repair
from noillusion.ai.wire import model_facts, request_hash
from noillusion.core import clock, logs
from noillusion.core.errors import AccountDeleted, Unavailable
from noillusion.db import Actor, Statement, database


class Journal:
    """Reserves what an attempt may cost and writes its row before it is sent, and settles it with the next one or with the end
    of the request. Nothing is written twice: what an attempt left is one flight with what follows.
    """

    def __init__(self, user_id: str, request_id: str, context: Context, input_tokens: int) -> None:
        self._user_id, self._request_id, self._context, self._input_tokens = user_id, request_id, context, input_tokens
        self._reservation: Reservation | None = None
        self._unsettled: Sequence[Statement] = ()
        self.sent = False
        """Whether a provider may have been asked."""

    async def admit(self, number: int, candidate: Candidate, input_tokens: int | None = None) -> SkipReason | None:
        """See :class:`noillusion.ai.fallback.Recorder`.

        Where the first attempt cannot be written the request fails, for nothing was sent; a later one is not attempt.
        """
        now = clock.now()
        reservation = self._reservation_of(number, candidate, input_tokens or self._input_tokens, now)
        statements = spending.reserve(reservation, now, now - timedelta(seconds=store.OPEN_REQUEST_S))
        # Unless an answer comes, nothing is sent, and the reservation may be there nevertheless.
        unsettled, self._unsettled = self._unsettled, [*self._unsettled, *spending.take_back(reservation)]
        try:
            flight = await database().flight(Actor(self._user_id), *unsettled, *statements.in_order)
        except Unavailable:
            if not self.sent:
                raise
            return "not_recorded"
        self._unsettled = ()
        if (denied := spending.denial(reservation, statements, flight)) is None:
            self._reservation, self.sent = reservation, True
        return denied

    def _reservation_of(self, number: int, candidate: Candidate, input_tokens: int, now: datetime) -> Reservation:
        assert candidate.key is not None
        month, preferences = in_month(self._context.spending, self._user_id, now), self._context.preferences
        return Reservation(
            user_id=self._user_id,
            request_id=self._request_id,
            attempt_id=str(uuid4()),
            number=number,
            provider=candidate.provider,
            model=candidate.model,
            key_source=candidate.key.source,
            key_mark=candidate.key.mark,
            template_id=template_id(self._context),
            month=month.month,
            since=month.since,
            cost=candidate.highest_cost or 0,
            tokens=input_tokens,
            limit=month.limit,
            holder=month.holder,
            operator_limit=month.operator_limit,
            total_limit=month.total_limit,
            buffer=preferences.rate_limit_buffer,
            calls_per_minute=preferences.max_calls_per_minute,
        )

    def ended(self, attempt: fallback.AttemptRecord) -> None:
        """See :class:`noillusion.ai.fallback.Recorder`."""
        assert self._reservation is not None
        events.attempted(attempt)
        now, reservation = clock.now(), self._reservation
        money = [] if attempt.cost is None else spending.charge(reservation, attempt.cost)
        row = store.settle(self._user_id, reservation.attempt_id, attempt, prices.version(), now)
        self._unsettled = [*money, row, store.state(self._user_id, attempt, now), *self._about_key(attempt, now)]

    def _about_key(self, attempt: fallback.AttemptRecord, now: datetime) -> Sequence[Statement]:
        key = attempt.candidate.key
        return keys.watched(self._user_id, key.mark, attempt, now) if key and key.source == "stored" else ()

    async def close(self, outcome: str, started: float, uses: Sequence[Statement]) -> bool:
        """Write what is left. False if it could not be written: the results are worth more."""
        duration_ms = round((clock.monotonic() - started) * 1000)
        end = store.finish(self._user_id, self._request_id, outcome, template_id(self._context), duration_ms, clock.now())
        return await asyncio.shield(self._write(*self._unsettled, end, *uses))

    async def abandon(self, started: float) -> None:
        """The request ends without an answer of ours. Its idempotency key is free again."""
        if self.sent:
            await self.close("interrupted", started, ())
        else:
            await asyncio.shield(self._write(*self._unsettled, store.release(self._user_id, self._request_id)))

    async def _write(self, *statements: Statement) -> bool:
        try:
            await database().flight(Actor(self._user_id), *statements)
        except AccountDeleted:
            return False
        except Exception as error:  # noqa: BLE001 - a paid answer is not thrown away because the record failed
            logs.failure("ai_usage_not_recorded", error, request_id=self._request_id)
            return False
        return True


def shown(candidates: Sequence[Candidate], run: fallback.Run, prompt: Prompt, now: datetime) -> list[Attempt]:
    """Return each candidate as it was tried, or why it was not."""
    attempts = {attempt.candidate.provider: attempt for attempt in run.attempts}
    return [
        _attempt(attempts[candidate.provider], prompt, now)
        if candidate.provider in attempts
        else _passed_over(candidate, run, now)
        for candidate in candidates
    ]


def _attempt(attempt: fallback.AttemptRecord, prompt: Prompt, now: datetime) -> Attempt:
    candidate, tokens = attempt.candidate, attempt.usage
    return Attempt(
        provider=candidate.provider,
        model=candidate.model,
        served_model=attempt.served_model,
        key_source=candidate.key.source if candidate.key else None,
        outcome=attempt.outcome,
        code=attempt.code,
        available_at=attempt.cooldown_until,
        duration_ms=attempt.duration_ms,
        tokens=None
        if tokens is None
        else TokenUsage(input=tokens.input, cached=tokens.cached, output=tokens.output, reasoning=tokens.reasoning),
        cost_usd=None if attempt.cost_nanousd is None else prices.usd(attempt.cost_nanousd),
        cost_status=_cost_status(attempt),
        highest_cost_usd=None if candidate.highest_cost is None else prices.usd(candidate.highest_cost),
        options=options(candidate.provider, candidate.effort),
        hash=request_hash(candidate, prompt),
        **model_facts(candidate, now),
    )


def repaired(repair: Repair | None, now: datetime) -> RepairTrail | None:
    """Return the repair as it is shown: what was sent for it, why, and what became the result."""
    if repair is None:
        return None
    return RepairTrail(
        problems=list(repair.problems),
        used=repair.used,
        messages=[Message.model_validate(message) for message in repair.prompt.messages],
        attempt=_attempt(repair.attempt, repair.prompt, now),
    )


def _cost_status(attempt: fallback.AttemptRecord) -> CostStatus:
    if attempt.cost_nanousd is not None:
        return "known"
    return "unknown" if attempt.maybe_charged else "none"


def _passed_over(candidate: Candidate, run: fallback.Run, now: datetime) -> Attempt:
    return Attempt(
        provider=candidate.provider,
        model=candidate.model,
        key_source=candidate.key.source if candidate.key else None,
        outcome="skipped",
        skipped=run.passed_over.get(candidate.provider),
        available_at=candidate.available_at,
        **model_facts(candidate, now),
    )
