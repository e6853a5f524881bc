"""Budgets: what is reserved before an attempt, what it counts as when nobody knows its cost, and what outlasts its rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.simulators.world import World
from noillusion.ai import fallback
from noillusion.core import clock
from noillusion.core.errors import Unavailable
from tests.api.harness import Client, Context, load
from tests.api.test_generate import KEYS, counted, fault, generate, new_settings, outcomes, prefer, store_keys
from tests.support.databases import Store
from tests.support.deployment import key

BODY = {"providers": ["openai"], "max_output_tokens": 32_000}


def highest(body: dict[str, Any] = BODY, provider: int = 0) -> float:
    """What one call of a request may cost at most."""
    return float(generate(body, "/v1/generate/preview").json["providers"][provider]["highest_cost_usd"])


def budget() -> dict[str, Any]:
    """The month so far."""
    found = Client().request("generate", "GET", "/v1/ai/usage").json["budget"]
    assert found == Client().request("generate", "GET", "/v1/ai/providers").json["budget"]
    return dict(found)


def settle(world: World, **how: Any) -> None:
    world.simulators["openai"].actions["settings"](how)


@pytest.fixture
def operator(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The operator offers a key, and one user's budget has room for two calls."""
    monkeypatch.setenv("OPERATOR_OPENAI_KEY", KEYS["openai"])
    monkeypatch.setenv("OPERATOR_AI_BUDGET_USD", f"{2.5 * highest():.4f}")
    new_settings()
    yield


@pytest.mark.parametrize(
    ("odd", "outcome"),
    [({"usage": "missing"}, "ok"), ({"usage": "negative"}, "ok"), ({"served": "a-model-of-tomorrow"}, "ok"), ({}, "timeout")],
    ids=["no usage", "odd usage", "unknown model", "no answer"],
)
def test_an_attempt_of_unknown_cost_counts_at_its_highest(
    world: World, deployment: Store, odd: dict[str, Any], outcome: str
) -> None:
    store_keys("openai")
    most = highest()
    prefer(monthly_budget_usd=f"{2.5 * most:.4f}")
    settle(world, **odd)
    client = Client(seconds=4.0 if outcome == "timeout" else 29.0)
    if outcome == "timeout":
        world.latency_ms["openai"] = 30_000
    for number in range(4):
        body = {"task": "generate", "platforms": ["tiktok"], "topic": "t", **BODY}
        answer = client.request("generate", "POST", "/v1/generate", body=body)
        attempt = answer.json["transparency"]["attempts"][0]
        if number < 2:
            assert (attempt["outcome"], attempt["cost_usd"], attempt["cost_status"]) == (outcome, None, "unknown")
            assert float(attempt["highest_cost_usd"]) == pytest.approx(most, rel=0.01)
        else:
            assert (attempt["outcome"], attempt["skipped"]) == ("skipped", "budget_exhausted")
        deployment.execute("DELETE FROM ai_provider_state")
    assert sum(entry.path.endswith("/responses") for entry in world.journal) == 2
    assert float(budget()["reserved_usd"]) == pytest.approx(2 * most, rel=0.01)
    (row,) = [r for r in Client().request("generate", "GET", "/v1/ai/usage").json["items"] if r["provider"] == "openai"]
    assert (row["attempts"], row["unpriced"], row["reserved_usd"]) == (2, 2, budget()["reserved_usd"])


def test_an_attempt_of_known_cost_gives_the_rest_of_its_reservation_back(world: World, deployment: Store) -> None:
    store_keys("openai")
    prefer(monthly_budget_usd=f"{1.5 * highest():.4f}")
    costs = [float(generate(BODY).json["transparency"]["attempts"][0]["cost_usd"]) for _ in range(4)]
    found = budget()
    assert float(found["spent_usd"]) == pytest.approx(sum(costs))
    assert found["reserved_usd"] == "0"
    assert deployment.fetch("SELECT SUM(reserved_nanousd), SUM(reserved_tokens) FROM ai_usage_tracking") == [(0, 0)]


@pytest.mark.parametrize("preset", ["slow_down", "bad_key", "server_error", "context_too_long", "prompt_blocked"])
def test_a_refusal_by_status_costs_nothing_of_the_budget(world: World, deployment: Store, preset: str) -> None:
    store_keys("openai")
    prefer(monthly_budget_usd=f"{1.5 * highest():.4f}")
    fault(world, "openai", preset, times=1)
    assert generate(BODY).json["transparency"]["attempts"][0]["cost_status"] == "none"
    assert (budget()["spent_usd"], budget()["reserved_usd"]) == ("0", "0")
    deployment.execute("DELETE FROM ai_provider_state")
    assert outcomes(generate(BODY))[0] == ("openai", "ok", None)


def test_every_attempt_of_a_request_is_held_against_what_is_left(world: World) -> None:
    store_keys("openai", "anthropic")
    body = {"providers": ["openai", "anthropic"], "max_output_tokens": 32_000}
    prefer(monthly_budget_usd=f"{1.5 * highest(body):.4f}")
    fault(world, "openai", "html_200")
    answer = generate(body)
    assert outcomes(answer)[:2] == [("openai", "bad_output", None), ("anthropic", "skipped", "budget_exhausted")]
    assert answer.json["source"] == "static" and len(world.journal) == 1


def test_the_record_of_attempts_is_not_the_budget(world: World, deployment: Store) -> None:
    store_keys("openai")
    prefer(monthly_budget_usd=f"{1.5 * highest():.4f}")
    settle(world, usage="missing")
    generate(BODY)
    deployment.execute("DELETE FROM ai_usage_tracking")
    assert outcomes(generate(BODY))[0] == ("openai", "skipped", "budget_exhausted")


def test_leaving_and_coming_back_does_not_fill_up_what_the_operator_pays_for(
    world: World, operator: None, deployment: Store
) -> None:
    settle(world, usage="missing")
    for _ in range(2):
        assert outcomes(generate(BODY))[0] == ("openai", "ok", None)
    assert outcomes(generate(BODY))[0] == ("openai", "skipped", "budget_exhausted")
    assert Client().request("profile", "DELETE", "/v1/profile").status in (200, 202)
    assert deployment.fetch("SELECT COUNT(*) FROM ai_spending") == [(0,)]
    assert "auth0|alice" not in json.dumps(deployment.fetch("SELECT user_hash FROM ai_operator_spending"))
    assert outcomes(generate(BODY))[0] == ("openai", "skipped", "budget_exhausted")
    found = budget()
    assert found["reserved_usd"] == "0"
    assert float(found["operator_reserved_usd"]) == pytest.approx(2 * highest(), rel=0.01)
    bob = Client("auth0|bob").request(
        "generate", "POST", "/v1/generate", body={"task": "generate", "platforms": ["tiktok"], "topic": "t", **BODY}
    )
    assert bob.json["source"] == "ai", "another person has a budget of their own"


def test_what_the_operator_paid_is_kept_for_its_month_only(
    world: World, operator: None, deployment: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime(2026, 11, 30, 23, 59, 30, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: now)
    settle(world, usage="missing")
    for _ in range(2):
        generate(BODY)
    now += timedelta(minutes=1)
    assert outcomes(generate(BODY))[0] == ("openai", "ok", None), "another month, another budget"
    hashes = deployment.fetch("SELECT user_hash, month FROM ai_operator_spending ORDER BY month, user_hash")
    mine = {month: user_hash for user_hash, month in hashes if user_hash != "total"}
    assert list(mine) == ["2026-11", "2026-12"] and mine["2026-11"] != mine["2026-12"], "months cannot be told to be one person's"
    for later, left in ((timedelta(minutes=4), 4), (timedelta(minutes=6), 2)):
        now = datetime(2026, 12, 1, tzinfo=UTC) + later
        load("maintain").handler({"task": "retention"}, Context(60))
        assert deployment.fetch("SELECT COUNT(*) FROM ai_operator_spending") == [(left,)]


def test_an_attempt_counts_once_and_in_the_month_in_which_it_is_sent(
    world: World, operator: None, deployment: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: now)
    run = fallback.run

    async def after_midnight(*arguments: Any, **more: Any) -> fallback.Run:
        nonlocal now
        now = datetime(2026, 12, 1, 0, 0, 1, tzinfo=UTC)
        return await run(*arguments, **more)

    monkeypatch.setattr(fallback, "run", after_midnight)
    cost = sum(float(generate(BODY).json["transparency"]["attempts"][0]["cost_usd"]) for _ in range(2))
    found = budget()
    assert float(found["spent_usd"]) == pytest.approx(cost)
    assert float(found["operator_spent_usd"]) == pytest.approx(cost)
    assert deployment.fetch("SELECT DISTINCT month FROM ai_operator_spending") == [("2026-12",)]


def test_a_rotated_fingerprint_key_does_not_fill_up_what_the_operator_pays_for(
    world: World, operator: None, deployment: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(world, usage="missing")
    for _ in range(2):
        generate(BODY)
    monkeypatch.setenv("FINGERPRINT_KEYS", json.dumps({"current": "f2", "keys": {"f2": key(7)}}))
    new_settings()
    assert outcomes(generate(BODY))[0] == ("openai", "skipped", "budget_exhausted")


def test_spending_of_before_there_were_rows_for_it_counts_on_the_operators_keys(
    world: World, operator: None, deployment: Store
) -> None:
    settle(world, usage="missing")
    generate(BODY)
    deployment.execute("DELETE FROM ai_operator_spending")
    deployment.execute(f"UPDATE ai_usage_tracking SET cost_nanousd = {round(2 * highest() * 1e9)} WHERE attempt = 1")
    assert outcomes(generate(BODY))[0] == ("openai", "skipped", "budget_exhausted")


@pytest.mark.parametrize("sent", [False, True])
def test_whatever_ends_a_request_gives_its_key_back(
    world: World, deployment: Store, monkeypatch: pytest.MonkeyPatch, sent: bool
) -> None:
    async def broken(candidates: Any, *_: Any, recorder: Any, **__: Any) -> None:
        if sent:
            assert await recorder.admit(1, candidates[0]) is None
        raise ZeroDivisionError

    store_keys("openai")
    headers = {"idempotency-key": "k"}
    with monkeypatch.context() as patched:
        patched.setattr(fallback, "run", broken)
        assert generate(BODY, headers=headers).status == 500
    answer = generate(BODY, headers=headers)
    assert answer.json["source"] == "ai"
    rows = deployment.fetch("SELECT attempt, outcome FROM ai_usage_tracking ORDER BY outcome, attempt")
    assert rows == [(0, "ai"), *([(1, "in_flight"), (0, "interrupted")] if sent else []), (1, "ok")]
    assert float(budget()["reserved_usd"]) == pytest.approx(highest() if sent else 0)


@pytest.mark.parametrize("attempt", [1, 2])
def test_what_was_reserved_for_an_attempt_that_is_not_made_is_given_back(
    world: World, deployment: Store, monkeypatch: pytest.MonkeyPatch, attempt: int
) -> None:
    store_keys("openai", "anthropic")
    fault(world, "openai", "server_error")
    engine = counted(monkeypatch)
    arrive = engine.flight

    async def flight(*statements: Any) -> Any:
        found = await arrive(*statements)
        if engine.flights == attempt + 1:
            # It arrived, and its answer did not.
            raise Unavailable("database_unavailable")
        return found

    monkeypatch.setattr(engine, "flight", flight)
    answer = generate({"providers": ["openai", "anthropic"]})
    assert (answer.status, len(world.journal)) == ((503, 0) if attempt == 1 else (200, 1))
    assert budget()["reserved_usd"] == "0"
    assert deployment.fetch("SELECT COUNT(*) FROM ai_usage_tracking WHERE outcome IN ('started', 'in_flight')") == [(0,)]


def test_a_key_of_a_request_that_still_runs_is_refused_with_a_time(world: World, deployment: Store) -> None:
    store_keys("openai")
    headers = {"idempotency-key": "k"}
    assert generate(BODY, headers=headers).status == 200
    deployment.execute("UPDATE ai_usage_tracking SET outcome = 'started' WHERE attempt = 0")
    answer = generate(BODY, headers=headers)
    assert (answer.status, answer.json["code"]) == (409, "idempotency_in_progress")
    assert 0 < answer.json["retry_after"] <= 60 and answer.headers["retry-after"]
