"""How long a refusal holds, and what a refusal says about a key, read from the answer alone (rows F12, I9 and I11)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from noillusion.ai.providers import anthropic, google, openai
from noillusion.core import clock

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


def body(provider: str, name: str) -> Any:
    return json.loads((SAMPLES / provider / f"{name}.json").read_text())["body"]


@pytest.mark.parametrize(
    ("now", "hours"),
    [("2026-11-28T02:00", 6), ("2026-11-28T08:00", 24), ("2026-07-01T02:00", 5), ("2026-03-08T08:00", 23)],
    ids=["winter", "just after midnight there", "summer", "the day on which the clocks change"],
)
def test_F12_a_quota_per_day_lasts_until_midnight_in_the_providers_zone(
    now: str, hours: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime.fromisoformat(now).replace(tzinfo=UTC))
    error = google.refused(429, {}, body("google", "error-429-per-day-with-delay"))
    assert (error.outcome, error.retry_after) == ("quota", hours * 3600)


def test_I9_a_spending_limit_lasts_until_the_date_that_it_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 28, tzinfo=UTC))
    told = body("anthropic", "error-400-usage-limits")

    def wait(date: str) -> float | None:
        return anthropic.refused(400, {}, json.loads(json.dumps(told).replace("2020-01-01", date))).retry_after

    assert wait("2026-12-01") == 3 * 86_400
    assert wait("2026-11-01") is None, "over: the usual pause"
    assert wait("2036-01-01") == 35 * 86_400, "a date that cannot be right is no reason to stay away for years"
    assert wait("2026-13-45") is None


@pytest.mark.parametrize(
    ("adapter", "status", "told", "rejected"),
    [
        (openai, 401, {"error": {"code": "invalid_api_key"}}, True),
        (openai, 401, {"error": {"code": None, "message": "Missing scopes: api.model.read"}}, False),
        (openai, 403, {"error": {"code": "invalid_api_key"}}, False),
        (openai, 401, None, False),
        (anthropic, 401, {"type": "error", "error": {"type": "authentication_error"}}, True),
        (anthropic, 403, {"type": "error", "error": {"type": "permission_error"}}, False),
        (google, 400, {"error": {"status": "INVALID_ARGUMENT", "details": [{"reason": "API_KEY_INVALID"}]}}, True),
        (google, 400, [{"error": {"status": "INVALID_ARGUMENT", "details": [{"reason": "API_KEY_INVALID"}]}}], True),
        (google, 403, {"error": {"status": "PERMISSION_DENIED"}}, False),
        (google, 429, {"error": {"status": "RESOURCE_EXHAUSTED", "details": None}}, False),
    ],
)
def test_F9_only_the_providers_own_word_means_that_there_is_no_such_key(
    adapter: Any, status: int, told: Any, rejected: bool
) -> None:
    assert adapter.rejects_key(status, told) is rejected
