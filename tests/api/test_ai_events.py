"""What operators see of AI calls: one line for each attempt that was sent, on the real flow, and the metrics taken from it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, get_args

import pytest

from local.aws import template as sam
from local.simulators.world import Fault, World
from noillusion.ai.outcomes import Outcome
from noillusion.ai.providers.openai import OpenAI
from noillusion.catalog.providers import PROVIDERS, Provider
from noillusion.settings import source as settings
from tests.api.harness import ROOT, Answer, Client
from tests.support.filters import data_points
from tests.support.logged import logged

KEYS: dict[Provider, str] = {"openai": "sk-events-1", "anthropic": "sk-ant-events-2", "google": "AIza-events-3"}
HEADERS = {f"x-ai-key-{name}": key for name, key in KEYS.items()}
BODY = {"task": "generate", "platforms": ["tiktok"], "topic": "Zinnober"}
FIELDS = {"provider", "model", "key", "attempt", "outcome", "status", "down", "ms"}
WHERE_KNOWN = {"input_tokens", "output_tokens", "cost_usd"}
OF_EVERY_LINE = {"level", "message", "location", "timestamp", "service", "correlation_id", "route", "taskName"}
Ask = Callable[..., tuple[Answer, list[dict[str, Any]]]]


@pytest.fixture
def ask(world: World) -> Ask:
    """Generate once; the answer, and the lines about attempts."""

    def generate(
        seconds: float = 29.0, headers: dict[str, str] | None = None, **body: Any
    ) -> tuple[Answer, list[dict[str, Any]]]:
        with logged() as log:
            passed = HEADERS if headers is None else headers
            answer = Client(seconds=seconds).request("generate", "POST", "/v1/generate", body=BODY | body, headers=passed)
        assert answer.status == 200, answer.text
        assert "Zinnober" not in log.getvalue()
        lines = [json.loads(line) for line in log.getvalue().splitlines()]
        return answer, [line for line in lines if line["message"] == "ai_attempt"]

    return generate


def fail(world: World, provider: str, **fault: Any) -> None:
    world.faults[:] = [Fault(id=1, platform=provider, times=-1, **fault)]


def metric(name: str, lines: list[dict[str, Any]]) -> list[tuple[dict[str, str], float]]:
    """What the template's filter of this name makes of the lines."""
    return data_points(sam.read(ROOT / "template.yaml")["Resources"][name]["Properties"], lines)


def assert_told(line: dict[str, Any], attempt: dict[str, Any]) -> None:
    """The line says what the user was shown, and has nothing else."""
    assert set(line) - OF_EVERY_LINE - WHERE_KNOWN == FIELDS
    tokens = attempt["tokens"] or {"input": None, "output": None}
    assert (line["provider"], line["outcome"], line["ms"]) == (attempt["provider"], attempt["outcome"], attempt["duration_ms"])
    assert (line.get("input_tokens"), line.get("output_tokens")) == (tokens["input"], tokens["output"])
    if attempt["cost_status"] == "unknown":
        assert "cost_usd" not in line
    else:
        assert line["cost_usd"] == pytest.approx(float(attempt["cost_usd"] or 0))


@pytest.mark.parametrize("provider", KEYS)
def test_every_preset_of_a_provider_is_one_line_with_what_the_user_is_shown(world: World, ask: Ask, provider: Provider) -> None:
    presets = world.simulators[provider].presets
    for number, (preset, found) in enumerate(presets.items()):
        fail(world, provider, preset=preset)
        answer, lines = ask(providers=[provider], models={provider: f"model-{number}"})
        (attempt,) = (a for a in answer.json["transparency"]["attempts"] if a["outcome"] != "skipped")
        assert len(lines) == 1, preset
        assert_told(lines[0], attempt)
        assert (lines[0]["status"], lines[0]["attempt"], lines[0]["key"]) == (found.status, 1, "user"), preset
        assert lines[0]["down"] == (attempt["outcome"] in ("overloaded", "timeout", "network")), preset
        assert lines[0]["down"] or not found.status >= 500, preset


def test_no_class_of_outcomes_goes_without_a_line(world: World, ask: Ask) -> None:
    presets = {
        "rate_limited": "rate_limited", "overloaded": "overloaded", "auth": "bad_key", "quota": "insufficient_quota",
        "bad_request": "invalid_request", "context_too_long": "context_too_long", "content_refused": "refusal",
        "bad_output": "truncated",
    }  # fmt: skip
    seen: dict[str, Any] = {}

    def note(**parts: Any) -> None:
        # A model of its own each time, or it would cool down.
        models = {"anthropic": f"claude-haiku-5-5-{len(seen)}"} if seen else {}
        answer, (line,) = ask(providers=["anthropic"], models=models, **parts)
        (attempt,) = (a for a in answer.json["transparency"]["attempts"] if a["outcome"] != "skipped")
        assert_told(line, attempt)
        seen[line["outcome"]] = (line["status"], line["down"])

    note()
    for preset in presets.values():
        fail(world, "anthropic", preset=preset)
        note()
    fail(world, "anthropic", drop=True)
    note()
    fail(world, "anthropic", delay_ms=20_000)
    note(seconds=4.0)
    fail(world, "anthropic", status=200, body="<html>")
    note()
    # Only Google withholds answers.
    assert set(seen) == {"ok", *get_args(Outcome)} - {"internal_error", "answer_withheld"}
    assert (seen["ok"], seen["network"], seen["timeout"]) == ((200, 0), ("none", 1), ("none", 1))
    assert (seen["overloaded"], seen["bad_output"], seen["quota"]) == ((529, 1), (200, 0), (402, 0))


def test_a_mistake_of_ours_is_a_line_too(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(OpenAI, "complete", broken)
    _, (first, second) = ask(providers=["openai", "anthropic"])
    assert (first["outcome"], first["status"], first["down"]) == ("internal_error", "none", 0)
    assert "cost_usd" not in first
    assert (second["outcome"], second["attempt"]) == ("ok", 2)


def test_each_attempt_of_a_request_has_its_own_line_and_those_that_were_skipped_have_none(world: World, ask: Ask) -> None:
    fail(world, "openai", preset="slow_down")
    _, lines = ask()
    assert [(line["provider"], line["attempt"], line["outcome"]) for line in lines] == [
        ("openai", 1, "rate_limited"),
        ("anthropic", 2, "ok"),
    ]
    assert lines[0]["correlation_id"] == lines[1]["correlation_id"]
    assert metric("AiAttemptMetric", lines) == [
        ({"Provider": "openai", "Outcome": "rate_limited"}, 1),
        ({"Provider": "anthropic", "Outcome": "ok"}, 1),
    ]
    assert metric("AiDurationMetric", lines) == [({"Provider": line["provider"]}, line["ms"]) for line in lines]
    _, lines = ask()
    assert [line["provider"] for line in lines] == ["anthropic"], "the first one cools down"


def test_a_provider_that_is_down_shows_in_its_own_share(world: World, ask: Ask) -> None:
    fail(world, "openai", preset="server_error")
    _, lines = ask()
    assert metric("AiDownMetric", lines) == [({"Provider": "openai"}, 1), ({"Provider": "anthropic"}, 0)]


@pytest.mark.parametrize("preset", ["insufficient_quota", "bad_key", "unknown_model", "slow_down", None])
def test_only_a_refused_key_of_the_operator_is_counted_as_such(
    world: World, ask: Ask, monkeypatch: pytest.MonkeyPatch, preset: str | None
) -> None:
    monkeypatch.setenv("OPERATOR_OPENAI_KEY", "sk-operator-events")
    settings.settings.forget()
    if preset:
        fail(world, "openai", preset=preset)
    _, lines = ask(headers={}, providers=["openai"])
    assert [line["key"] for line in lines] == ["operator"]
    refused = preset not in ("slow_down", None)
    assert metric("OperatorAiKeyMetric", lines) == ([({}, 1)] if refused else [])
    assert metric("OperatorAiCostMetric", lines) == [({}, lines[0]["cost_usd"])]
    assert (lines[0]["cost_usd"] > 0) == (preset is None)
    _, lines = ask(providers=["openai"], models={"openai": "gpt-6.1-terra"})
    assert [line["key"] for line in lines] == ["user"]
    assert metric("OperatorAiKeyMetric", lines) == metric("OperatorAiCostMetric", lines) == []


@pytest.mark.parametrize("provider", KEYS)
def test_a_model_is_named_only_if_the_catalog_suggests_it(ask: Ask, provider: Provider) -> None:
    suggested = PROVIDERS[provider].models[0]
    for asked, named in ((suggested, suggested), (f"{suggested}-Zinnober", "other"), ("Zinnober", "other")):
        _, (line,) = ask(providers=[provider], models={provider: asked})
        assert line["model"] == named


def test_a_line_is_short_enough_to_cost_next_to_nothing(ask: Ask) -> None:
    """operating.md says what a million attempts cost, from a line of 500 bytes and the 26 that CloudWatch adds."""
    _, (line,) = ask()
    assert len(json.dumps(line)) < 500
