"""The generate routes against the simulated providers: preview equals what is sent, attempts are recorded, content is not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.simulators.world import Fault, World
from noillusion import db
from noillusion.ai import attempts, context, service
from noillusion.ai.providers.openai import OpenAI
from noillusion.core import loop
from noillusion.core.errors import Unavailable
from noillusion.db.interface import Actor, Statement
from noillusion.settings import source as settings
from tests.api.harness import Answer, Client
from tests.support.databases import Store

MARK = "Zinnober-Canary"
KEYS = {"openai": "sk-canary-openai-1", "anthropic": "sk-ant-canary-2", "google": "AIza-canary-3"}
PASSED = "sk-passed-through-canary"
BODY = {"task": "generate", "platforms": ["facebook", "tiktok"], "topic": f"{MARK} echo:{MARK}"}


def new_settings() -> None:
    """Have the settings read anew."""
    loop.run(service.close())
    settings.settings.forget()


def store_keys(*providers: str) -> None:
    for provider in providers or KEYS:
        answer = Client().request(
            "profile", "PUT", f"/v1/profile/ai-keys/{provider}", body={"key": KEYS[provider], "verify": False}
        )
        assert answer.status == 200, answer.text


def prefer(**preferences: Any) -> None:
    answer = Client().request("profile", "PATCH", "/v1/profile", body={"ai_preferences": preferences})
    assert answer.status == 200, answer.text


def generate(body: dict[str, Any] | None = None, path: str = "/v1/generate", **parts: Any) -> Answer:
    return Client().request("generate", "POST", path, body=BODY | (body or {}), **parts)


def fault(world: World, provider: str, preset: str, times: int = -1) -> None:
    world.faults.append(Fault(id=len(world.faults) + 1, platform=provider, preset=preset, times=times))


def outcomes(answer: Answer) -> list[tuple[str, str, str | None]]:
    return [(a["provider"], a["outcome"], a["skipped"]) for a in ours(answer.json["transparency"]["attempts"])]


def ours(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of the providers that these tests have keys for. There may be more."""
    return [item for item in items if item["provider"] in KEYS]


@pytest.mark.parametrize("path", ["/v1/generate", "/v1/generate/preview"])
@pytest.mark.parametrize("field", ["topic", "text", "tone"])
@pytest.mark.parametrize("broken", ["\ud800", "\x00"], ids=["half a character", "NUL"])
def test_text_that_is_no_text_is_refused_by_field(world: World, path: str, field: str, broken: str) -> None:
    answer = generate({field: f"{MARK} {broken}"}, path)
    assert answer.status == 422, answer.text
    assert [error["field"] for error in answer.json["errors"]] == [field]
    assert MARK not in answer.text


def test_one_call_gives_a_result_for_every_platform_and_shows_everything(world: World) -> None:
    store_keys()
    answer = generate()
    assert answer.status == 200, answer.text
    assert answer.json["source"] == "ai"
    assert [(r["platform"], bool(r["text"])) for r in answer.json["results"]] == [("facebook", True), ("tiktok", True)]
    assert MARK in answer.json["results"][0]["text"]
    shown = answer.json["transparency"]
    assert (shown["provider"], shown["model"], shown["recorded"]) == ("openai", "gpt-6-luna", True)
    assert outcomes(answer) == [
        ("openai", "ok", None),
        ("anthropic", "skipped", "not_needed"),
        ("google", "skipped", "not_needed"),
    ]
    first = shown["attempts"][0]
    assert first["cost_status"] == "known" and float(first["cost_usd"]) > 0 and first["tokens"]["input"] > 0
    assert first["options"] == {"store": False, "reasoning": {"effort": "low"}}
    assert len(world.journal) == 1


@pytest.mark.parametrize(
    "body",
    [{}, {"task": "ideas"}, {"task": "improve", "text": "Grüße 🚲 {bio}"},
     {"tone": "dry", "language": "German", "max_output_tokens": 999},
     {"include_hashtags": False, "platforms": ["instagram", "linkedin"]}],
)  # fmt: skip
def test_the_preview_is_byte_for_byte_what_is_sent(world: World, body: dict[str, Any]) -> None:
    store_keys("openai")
    before, after = generate(body, "/v1/generate/preview"), generate(body)
    shown = after.json["transparency"]
    assert before.status == 200, before.text
    for name in ("messages", "parameters", "hash", "template"):
        assert before.json[name] == shown[name]
    sent = json.loads(world.journal[0].body)
    assert [sent["instructions"], sent["input"]] == [m["content"] for m in before.json["messages"]]
    assert sent["text"]["format"]["schema"] == before.json["parameters"]["response_schema"]
    repaired = shown["repair"]
    assert len(world.journal) == (2 if repaired else 1), "the preview sends nothing"
    if repaired:
        again = json.loads(world.journal[1].body)
        assert [again["instructions"], again["input"]] == [m["content"] for m in repaired["messages"]]
        assert (repaired["problems"], repaired["used"], repaired["attempt"]["outcome"]) == (["hashtags_not_wanted"], False, "ok")
        assert float(repaired["attempt"]["cost_usd"]) > 0


def test_the_preview_names_order_prices_and_reasons(world: World) -> None:
    store_keys("google")
    prefer(providers=[{"provider": "google"}, {"provider": "openai", "model": "gpt-6.2-sol"}])
    providers = generate(path="/v1/generate/preview", headers={"x-ai-key-openai": KEYS["openai"]}).json["providers"]
    assert [(p["provider"], p["attempt"], p["skipped"], p["key_source"]) for p in ours(providers)] == [
        ("google", True, None, "stored"),
        ("openai", True, None, "header"),
        ("anthropic", False, "disabled", None),
    ]
    assert float(providers[0]["highest_cost_usd"]) > float(providers[0]["estimated_cost_usd"]) > 0
    assert (providers[1]["estimated_cost_usd"], providers[1]["cost_status"]) == (None, "unknown")


def test_a_preview_writes_nothing(world: World, deployment: Store) -> None:
    generate(path="/v1/generate/preview")
    assert deployment.fetch("SELECT count(*) FROM ai_usage_tracking") == [(0,)]
    assert deployment.fetch("SELECT count(*) FROM ai_provider_state") == [(0,)]


def test_a_request_can_choose_providers_and_their_models(world: World) -> None:
    store_keys()
    answer = generate({"providers": ["anthropic", "google"], "models": {"anthropic": "claude-opus-5-5"}})
    assert [(a["provider"], a["model"], a["skipped"]) for a in ours(answer.json["transparency"]["attempts"])] == [
        ("anthropic", "claude-opus-5-5", None),
        ("google", "gemini-3.5-flash-lite", "not_needed"),
        ("openai", "gpt-6-luna", "not_requested"),
    ]
    assert json.loads(world.journal[0].body)["model"] == "claude-opus-5-5"


def test_a_rate_limited_provider_is_left_for_the_next_and_cools_down_as_it_asked(world: World, deployment: Store) -> None:
    store_keys()
    fault(world, "openai", "slow_down", times=1)
    answer = generate()
    assert outcomes(answer)[:2] == [("openai", "rate_limited", None), ("anthropic", "ok", None)]
    again = generate()
    assert outcomes(again)[:2] == [("openai", "skipped", "cooling_down"), ("anthropic", "ok", None)]
    assert again.json["transparency"]["attempts"][0]["available_at"]
    assert [e.platform for e in world.journal] == ["openai", "anthropic", "anthropic"]
    rows = deployment.fetch("SELECT provider, attempt, outcome, key_source FROM ai_usage_tracking ORDER BY created_at, attempt")
    assert ("openai", 1, "rate_limited", "stored") in rows and ("static", 0, "ai", "none") in rows
    status = Client().request("generate", "GET", "/v1/ai/providers").json["items"]
    assert [(p["provider"], p["available"], p["unavailable_reason"]) for p in ours(status)] == [
        ("openai", False, "cooling_down"),
        ("anthropic", True, None),
        ("google", True, None),
    ]
    assert status[1]["remaining_requests"] == 9998


@pytest.mark.parametrize("provider", KEYS)
@pytest.mark.parametrize("usage", ["missing", "null", "empty", "strings", "floats", "negative"])
def test_a_paid_answer_is_used_whatever_its_usage_looks_like(world: World, deployment: Store, provider: str, usage: str) -> None:
    store_keys()
    world.simulators[provider].actions["settings"]({"usage": usage})
    answer = generate({"providers": [provider]}, headers={"idempotency-key": "k"})
    assert (answer.status, answer.json["source"]) == (200, "ai"), answer.text
    assert MARK in answer.json["results"][0]["text"]
    attempt = answer.json["transparency"]["attempts"][0]
    assert (attempt["outcome"], attempt["tokens"], attempt["cost_usd"], attempt["cost_status"]) == ("ok", None, None, "unknown")
    assert deployment.fetch("SELECT outcome, input_tokens, cost_nanousd FROM ai_usage_tracking WHERE attempt = 1") == [
        ("ok", None, None)
    ]
    usage_rows = Client().request("generate", "GET", "/v1/ai/usage").json
    assert [(row["attempts"], row["unpriced"]) for row in usage_rows["items"]] == [(1, 1)]


def test_whatever_breaks_inside_an_attempt_is_recorded_and_the_next_provider_answers(
    world: World, deployment: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise ZeroDivisionError(MARK)

    store_keys()
    monkeypatch.setattr(OpenAI, "complete", broken)
    answer = generate()
    assert answer.status == 200, answer.text
    assert outcomes(answer)[:2] == [("openai", "internal_error", None), ("anthropic", "ok", None)]
    rows = deployment.fetch("SELECT provider, outcome FROM ai_usage_tracking WHERE attempt > 0 ORDER BY attempt")
    assert rows == [("openai", "internal_error"), ("anthropic", "ok")]


def test_when_nobody_answers_static_content_stands_in_and_says_so(world: World, deployment: Store) -> None:
    store_keys()
    for provider in KEYS:
        fault(world, provider, "overloaded")
    answer = generate()
    assert answer.status == 200 and answer.json["source"] == "static"
    assert [MARK in r["text"] for r in answer.json["results"]] == [True, True]
    assert [a["outcome"] for a in ours(answer.json["transparency"]["attempts"])] == ["overloaded"] * 3
    assert deployment.fetch("SELECT outcome FROM ai_usage_tracking WHERE attempt = 0") == [("static",)]


def test_without_any_key_the_answer_is_static_and_nothing_is_sent(world: World) -> None:
    answer = generate()
    assert answer.json["source"] == "static" and len(world.journal) == 0
    assert {a["skipped"] for a in answer.json["transparency"]["attempts"]} == {"no_key"}


def test_a_refusal_stops_and_tells_the_user(world: World) -> None:
    store_keys()
    fault(world, "openai", "refusal")
    answer = generate()
    assert (answer.json["source"], answer.json["results"]) == ("none", [])
    assert (answer.json["stopped"]["code"], answer.json["stopped"]["provider"]) == ("content_refused", "openai")
    assert answer.json["transparency"]["attempts"][0]["cost_status"] == "known", "refusals are charged"
    assert len(world.journal) == 1


def test_with_fallback_off_there_is_no_second_provider_and_no_static_content(world: World) -> None:
    store_keys()
    prefer(fallback=False)
    fault(world, "openai", "slow_down")
    answer = generate()
    assert (answer.json["source"], answer.json["stopped"]["code"]) == ("none", "ai_unavailable")
    assert 0 < answer.json["stopped"]["retry_after"] <= 15
    assert len(world.journal) == 1


def test_a_feature_that_is_switched_off_sends_nothing_and_frees_the_key(world: World) -> None:
    store_keys()
    prefer(features={"generate": False})
    headers = {"idempotency-key": "k"}
    answer = generate(headers=headers)
    assert (answer.status, answer.json["code"]) == (403, "ai_feature_disabled")
    prefer(features={"generate": True})
    assert len(world.journal) == 0
    assert generate(headers=headers).status == 200


def test_an_idempotency_key_generates_once(world: World) -> None:
    store_keys("openai")
    first, second = (generate(headers={"idempotency-key": "k"}) for _ in range(2))
    assert first.status == 200
    assert (second.status, second.json["code"]) == (409, "already_generated")
    other = Client("auth0|bob").request("generate", "POST", "/v1/generate", body=BODY, headers={"idempotency-key": "k"})
    assert other.status == 200, "another user's key is another key"
    assert len(world.journal) == 1


def test_a_passed_key_is_used_before_the_stored_one_and_kept_nowhere(world: World, deployment: Store) -> None:
    store_keys("openai")
    answer = generate(headers={"x-ai-key-openai": PASSED})
    assert answer.json["transparency"]["attempts"][0]["key_source"] == "header"
    assert world.journal[0].headers["authorization"] == f"Bearer {PASSED}"
    assert PASSED not in deployment.dump()
    assert PASSED not in answer.text


@pytest.mark.parametrize("key", ["short", "has a blank in it", "é" * 10, "x" * 600])
def test_a_passed_key_that_cannot_be_one_is_refused_without_repeating_it(world: World, key: str) -> None:
    answer = generate(headers={"x-ai-key-openai": key})
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "x-ai-key-openai")
    assert key not in answer.text and len(world.journal) == 0


def test_the_budget_of_the_month_is_kept(world: World) -> None:
    store_keys("openai")
    prefer(monthly_budget_usd="0.0001")
    answer = generate()
    assert outcomes(answer)[0] == ("openai", "skipped", "budget_exhausted")
    assert answer.json["source"] == "static" and len(world.journal) == 0


def test_operator_keys_are_offered_within_their_budget(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPERATOR_GOOGLE_KEY", KEYS["google"])
    monkeypatch.setenv("OPERATOR_AI_BUDGET_USD", "0.02")
    new_settings()
    first = generate()
    assert [a["key_source"] for a in first.json["transparency"]["attempts"] if a["outcome"] == "ok"] == ["operator"]
    monkeypatch.setenv("OPERATOR_AI_BUDGET_USD", "0.0001")
    new_settings()
    assert ("google", "skipped", "budget_exhausted") in outcomes(generate())
    budget = Client().request("generate", "GET", "/v1/ai/usage").json["budget"]
    assert float(budget["operator_spent_usd"]) > 0 and budget["operator_limit_usd"] == "0.0001"


@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize("day", ["0", "1700000000", "1999-12-31", "2100-01-01", "9999-12-31", "2026-02-30", "20261122", ""])
def test_a_day_that_is_none_is_refused_by_name(deployment: Store, name: str, day: str) -> None:
    answer = Client().request("generate", "GET", "/v1/ai/usage", query={name: day})
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, name), answer.text


@pytest.mark.parametrize("day", ["2000-01-01", "2099-12-31"])
def test_usage_of_a_day_without_any_is_empty(deployment: Store, day: str) -> None:
    answer = Client().request("generate", "GET", "/v1/ai/usage", query={"from": day, "to": day})
    assert (answer.status, answer.json["items"]) == (200, [])


def test_usage_adds_up_by_day_provider_and_model(world: World) -> None:
    store_keys()
    fault(world, "openai", "server_error", times=1)
    costs = [a["cost_usd"] for _ in range(2) for a in generate().json["transparency"]["attempts"] if a["cost_usd"]]
    usage = Client().request("generate", "GET", "/v1/ai/usage").json
    assert usage["attempts"] == 3 and len(costs) == 2
    assert float(usage["cost_usd"]) == pytest.approx(sum(map(float, costs)))
    assert [(r["provider"], r["attempts"], r["succeeded"]) for r in usage["items"]] == [("anthropic", 2, 2), ("openai", 1, 0)]
    assert usage["budget"]["spent_usd"] == usage["cost_usd"]


@pytest.mark.parametrize(
    "query", [{"from": "2026-02-01", "to": "2026-01-01"}, {"from": "2020-01-01", "to": "2026-01-01"}, {"from": "x"}]
)
def test_ranges_that_make_no_sense_are_refused(world: World, query: dict[str, str]) -> None:
    assert Client().request("generate", "GET", "/v1/ai/usage", query=query).status == 422


def test_usage_of_another_user_is_invisible(world: World) -> None:
    store_keys("openai")
    generate()
    assert Client("auth0|bob").request("generate", "GET", "/v1/ai/usage").json["items"] == []


def template(**fields: Any) -> str:
    body = {"name": "Mine", "content_mode": "personal", "user_text": "Write about {thing} for {platform_name}"} | fields
    answer = Client().request("templates", "POST", "/v1/templates", body=body)
    assert answer.status == 201, answer.text
    return str(answer.json["id"])


def test_a_template_is_rendered_once_and_its_missing_variables_are_named(world: World) -> None:
    store_keys("openai")
    template_id = template(variables=[{"name": "thing"}])
    body = {"template_id": template_id, "topic": None, "variables": {"thing": "{bio} and cats"}}
    answer = generate(body)
    assert answer.status == 200, answer.text
    assert answer.json["transparency"]["template"] == template_id
    assert answer.json["transparency"]["messages"][1]["content"] == "Write about {bio} and cats for Facebook and TikTok"
    headers = {"idempotency-key": "t"}
    missing = generate(body | {"variables": {}}, headers=headers)
    assert [(e["field"], e["code"]) for e in missing.json["errors"]] == [("variables.thing", "missing")]
    assert generate(body, headers=headers).status == 200, "a refused request does not use up its key"


@pytest.fixture
def expensive(world: World) -> str:
    """A template that Bob shares with everybody: the same text 1,330 times, in as many characters as a template may have."""
    body = {"name": "Bob's", "content_mode": "personal", "user_text": "{text}" * 1_330}
    bob = Client("auth0|bob")
    made = bob.request("templates", "POST", "/v1/templates", body=body)
    assert made.status == 201, made.text
    template_id = str(made.json["id"])
    assert bob.request("templates", "POST", f"/v1/templates/{template_id}/share").status == 200
    return template_id


@pytest.mark.parametrize("characters", [1_000, 20_000])
@pytest.mark.parametrize("path", ["/v1/generate", "/v1/generate/preview"])
def test_what_a_template_makes_of_a_text_is_refused_with_its_figure_before_anything_is_sent(
    world: World, expensive: str, path: str, characters: int
) -> None:
    store_keys()
    headers = {"idempotency-key": "k"}
    body = {"task": "improve", "text": "Zinnober" * (characters // 8), "template_id": expensive}
    answer = generate(body, path, headers=headers)
    assert answer.status == 422, answer.text
    (error,) = answer.json["errors"]
    assert error.pop("message") and error == {
        "field": "text",
        "code": "prompt_too_long",
        "params": {
            "limit": 60_000,
            "actual": 1_330 * (characters + len("<text></text>")),
            "unit": "characters",
            "times": 1_330,
        },
    }
    assert "Zinnober" not in answer.text and len(world.journal) == 0
    assert generate(body | {"text": "short"}, path, headers=headers).status == 200, "the key was not used up"


def test_the_preview_of_a_template_has_the_same_limit(world: World, expensive: str) -> None:
    body = {"template_id": expensive, "text": "x" * 8_000}
    answer = Client().request("templates", "POST", "/v1/templates/preview", body=body)
    assert (answer.status, answer.json["errors"][0]["params"]["actual"]) == (422, 1_330 * 8_013)


@pytest.mark.parametrize("path", ["/v1/generate", "/v1/generate/preview"])
@pytest.mark.parametrize(
    ("text", "unit"), [("字" * 20_000, "tokens"), ("🚲" * 16_000, "tokens"), ("words " * 3_333, None), ("字" * 15_000, None)],
    ids=["Chinese", "emoji", "English", "less Chinese"],
)  # fmt: skip
def test_prompts_are_measured_in_tokens_of_their_script(world: World, text: str, unit: str | None, path: str) -> None:
    store_keys("openai")
    body = {
        "task": "improve",
        "text": text,
        "template_id": template(user_text="{text}" + "前言" * 3_900),
        "platforms": ["tiktok"],
    }
    answer = generate(body | {"topic": "题" * 4_000 if unit else "x"}, path)
    assert answer.status == (422 if unit else 200), answer.text[:300]
    if unit:
        (error,) = answer.json["errors"]
        assert (error["field"], error["params"]["limit"], error["params"]["unit"]) == ("text", 90_000, unit)
        assert error["params"]["actual"] > 90_000 and len(world.journal) == 0


def test_no_request_costs_more_than_its_limit(world: World) -> None:
    store_keys()
    body = {"max_output_tokens": 32_000, "models": {"openai": "gpt-6.1-sol", "anthropic": "claude-fable-5-2"}}
    shown = generate(body, "/v1/generate/preview").json
    assert shown["request_cost_limit_usd"] == "0.5"
    assert [(p["provider"], p["skipped"]) for p in ours(shown["providers"])] == [
        ("openai", None),
        ("anthropic", "request_cost_limit"),
        ("google", None),
    ]
    assert float(shown["providers"][1]["highest_cost_usd"]) > 1.28
    prefer(max_cost_per_request_usd="0.1")
    answer = generate(body)
    assert outcomes(answer) == [
        ("openai", "skipped", "request_cost_limit"),
        ("anthropic", "skipped", "request_cost_limit"),
        ("google", "ok", None),
    ]
    prefer(max_cost_per_request_usd="2")
    assert outcomes(generate(body))[0] == ("openai", "ok", None)


def test_a_cost_limit_that_is_set_rules_out_models_without_a_price(world: World) -> None:
    store_keys("openai")
    body = {"models": {"openai": "gpt-6.2-sol"}}
    assert outcomes(generate(body))[0] == ("openai", "ok", None)
    prefer(max_cost_per_request_usd="5")
    assert outcomes(generate(body))[0] == ("openai", "skipped", "price_unknown")


def test_an_unknown_template_is_not_found_and_does_not_use_up_the_key(world: World) -> None:
    headers = {"idempotency-key": "u"}
    body = {"template_id": "00000000-0000-4000-8000-000000000000"}
    assert generate(body, headers=headers).status == 404
    assert generate(headers=headers).status == 200


def test_content_keys_and_answers_are_in_no_row_and_no_log(
    world: World, deployment: Store, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    store_keys()
    for preset in ("refusal", "slow_down", "html_200"):
        fault(world, "openai", preset, times=1)
        generate(headers={"idempotency-key": preset})
    generate({"task": "improve", "text": MARK})
    generate(headers={"x-ai-key-openai": PASSED})
    generate(headers={"x-ai-key-openai": PASSED + " "}, path="/v1/generate/preview")
    generate({"platforms": [MARK]})
    generate({"variables": {"x": MARK}})
    dump = deployment.dump()
    printed = capfd.readouterr()
    for hidden in (MARK, PASSED, *KEYS.values()):
        assert hidden not in dump + caplog.text + printed.out + printed.err


class Counting:
    """The database with its flights counted; goes away after as many as it is told."""

    def __init__(self, inner: db.Database, last: int | None = None) -> None:
        self.inner, self.flights, self.last = inner, 0, last

    async def flight(self, actor: Actor, *statements: Statement) -> list[list[Any]]:
        self.flights += 1
        if self.last is not None and self.flights > self.last:
            raise Unavailable("database_unavailable")
        return await self.inner.flight(actor, *statements)

    async def close(self) -> None:
        await self.inner.close()


def counted(monkeypatch: pytest.MonkeyPatch, last: int | None = None) -> Counting:
    counting = Counting(db.database(), last)
    for module in (service, context, attempts):
        monkeypatch.setattr(module, "database", lambda: counting)
    return counting


def test_S4_a_preview_is_one_round_trip_and_a_generation_two_and_one_for_each_attempt(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_keys()
    counting = counted(monkeypatch)
    generate(path="/v1/generate/preview")
    assert counting.flights == 1
    generate()
    assert counting.flights == 1 + 3
    fault(world, "openai", "server_error", times=1)
    generate()
    assert counting.flights == 1 + 3 + 4
    Client().request("generate", "GET", "/v1/ai/providers")
    assert counting.flights == 1 + 3 + 4 + 1


def test_a_paid_answer_survives_a_database_that_went_away(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    store_keys()
    counted(monkeypatch, last=2)
    answer = generate()
    assert (answer.status, answer.json["source"], answer.json["transparency"]["recorded"]) == (200, "ai", False)


def test_nothing_is_sent_that_could_not_be_reserved(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    store_keys()
    counted(monkeypatch, last=1)
    answer = generate()
    assert (answer.status, len(world.journal)) == (503, 0)


def test_a_fallback_that_could_not_be_reserved_is_not_made_and_the_first_attempt_is_still_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_keys()
    fault(world, "openai", "server_error")
    counted(monkeypatch, last=2)
    answer = generate()
    assert (answer.status, answer.json["source"], answer.json["transparency"]["recorded"]) == (200, "static", False)
    assert outcomes(answer) == [
        ("openai", "overloaded", None),
        ("anthropic", "skipped", "not_recorded"),
        ("google", "skipped", "not_recorded"),
    ]
    assert [entry.platform for entry in world.journal] == ["openai"]


def test_all_attempts_end_before_the_function_does(world: World) -> None:
    store_keys()
    world.latency_ms.update(dict.fromkeys(KEYS, 5000))
    answer = Client(seconds=5.5).request("generate", "POST", "/v1/generate", body=BODY)
    assert answer.json["source"] == "static"
    assert outcomes(answer)[0] == ("openai", "timeout", None)
    assert sum(a["duration_ms"] or 0 for a in answer.json["transparency"]["attempts"]) <= 4500
