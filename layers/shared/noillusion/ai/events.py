"""Events for the operator: one log line for each attempt at a provider, from which the template takes metrics and alarms.

A line says how an attempt went and whose key paid for it. It has nothing of the request, the answer or the person: the model is
named only if the catalog suggests it, because any other name is the user's text, and the provider's error code is left out,
because it is the provider's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from noillusion.ai.outcomes import NOT_CONNECTED
from noillusion.catalog.providers import PROVIDERS
from noillusion.core import logs

if TYPE_CHECKING:
    from noillusion.ai.fallback import AttemptRecord

DOWN = frozenset({"overloaded", "timeout", "network"})
"""Outcomes of a provider that does not work. Every status from 500 on is one of them."""
OTHER = "other"


def attempted(attempt: AttemptRecord) -> None:
    """Log one attempt that was sent."""
    candidate, usage, cost = attempt.candidate, attempt.usage, attempt.cost
    logs.event(
        "ai_attempt",
        provider=candidate.provider,
        model=candidate.model if candidate.model in PROVIDERS[candidate.provider].models else OTHER,
        key="operator" if candidate.key and candidate.key.source == "operator" else "user",
        attempt=attempt.number,
        outcome=attempt.outcome,
        status=attempt.status or "none",
        down=int(is_down(attempt)),
        ms=attempt.duration_ms,
        input_tokens=usage.input if usage else None,
        output_tokens=usage.output if usage else None,
        cost_usd=None if cost is None else cost / 1e9,
    )


def is_down(attempt: AttemptRecord) -> bool:
    """Return whether the attempt failed because the provider does not work."""
    # An attempt that had no time left was not sent: our own database took it.
    not_sent = attempt.outcome == "timeout" and attempt.code == NOT_CONNECTED
    return attempt.outcome in DOWN and not not_sent
