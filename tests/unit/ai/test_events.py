"""Which failures of an attempt count as a provider that is down."""

from __future__ import annotations

import json
from typing import get_args

import pytest

from noillusion.ai import events
from noillusion.ai.fallback import AttemptRecord
from noillusion.ai.outcomes import NOT_CONNECTED, Limits, Outcome
from noillusion.ai.plan import Candidate, Key, ProviderState
from noillusion.core.sensitive import Secret
from tests.support.logged import logged


def line(outcome: Outcome, code: str, cost: int | None = None) -> dict[str, object]:
    """What is logged of an attempt that ended so."""
    candidate = Candidate("openai", "gpt-6-luna", Key(Secret("sk-1"), "stored"), ProviderState())
    attempt = AttemptRecord(1, candidate, outcome, code, None, None, None, Limits(), cost, False, 12, None)
    with logged() as log:
        events.attempted(attempt)
    (found,) = log.getvalue().splitlines()
    return dict(json.loads(found))


@pytest.mark.parametrize("outcome", get_args(Outcome))
def test_only_a_provider_that_does_not_work_is_down(outcome: Outcome) -> None:
    found = line(outcome, "zinnober")
    assert found["down"] == (outcome in ("overloaded", "timeout", "network"))
    assert "zinnober" not in json.dumps(found)


def test_a_provider_that_cannot_be_reached_is_down_and_one_that_was_not_asked_for_lack_of_time_is_not() -> None:
    assert line("network", NOT_CONNECTED)["down"] == 1
    assert line("timeout", NOT_CONNECTED)["down"] == 0


def test_what_surely_was_free_costs_nothing() -> None:
    assert line("auth", "")["cost_usd"] == 0
    assert line("content_refused", "", 1_500_000)["cost_usd"] == 0.0015
