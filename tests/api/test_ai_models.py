"""Known models: their list, what is said before a call, the effort that is sent, and the hash of all that is sent."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.simulators.world import World
from noillusion.core import clock
from tests.api.harness import Answer, Client
from tests.support.wire import canonical, from_wire

KEYS = {"openai": "sk-models-1", "anthropic": "sk-ant-models-2", "google": "AIza-models-3"}
BODY = {"task": "generate", "platforms": ["tiktok"], "topic": "Grüße 🚲"}


def send(path: str, **body: Any) -> Answer:
    headers = {f"x-ai-key-{provider}": key for provider, key in KEYS.items()}
    answer = Client().request("generate", "POST", path, body=BODY | body, headers=headers)
    assert answer.status == 200, answer.text
    return answer


def test_the_list_says_what_is_known_of_each_model(world: World) -> None:
    answer = Client().request("generate", "GET", "/v1/ai/models")
    models = {model["model"]: model for model in answer.json["items"]}
    assert {model["provider"] for model in models.values()} == set(KEYS)
    assert [model["model"] for model in models.values() if model["default"]] == [
        "gpt-6-luna", "claude-haiku-5-5", "gemini-3.5-flash-lite",
    ]  # fmt: skip
    old = models["gpt-4o"]
    assert (old["context_window"], old["output_limit"], old["ends_on"]) == (128_000, 16_384, "2027-01-14")
    assert (old["default_reasoning_effort"], old["reasoning_efforts"]) == (None, [])
    assert models["gemini-2.5-pro"]["successor"] == "gemini-3.8-flash"
    assert models["gpt-6-luna"]["price"] == {"input": "0.1", "cached_input": "0.01", "output": "0.5"}
    again = Client().request("generate", "GET", "/v1/ai/models", headers={"if-none-match": answer.headers["etag"]})
    assert again.status == 304
    google = Client().request("generate", "GET", "/v1/ai/models", query={"provider": "google"}).json["items"]
    assert google == [model for model in answer.json["items"] if model["provider"] == "google"]


def test_retired_and_unknown_models_are_told_before_a_call(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    real, ahead = clock.now, datetime(2026, 12, 5, tzinfo=UTC) - datetime.now(UTC)
    monkeypatch.setattr(clock, "now", lambda: real() + ahead)
    models = {"openai": "gpt-5-mini", "google": "gemini-2.5-flash", "anthropic": "claude-next-1"}
    shown = send("/v1/generate/preview", models=models).json["providers"]
    told = {each["provider"]: (each["model_status"], each["model_ends_on"], each["skipped"]) for each in shown}
    assert told == {
        "openai": ("retiring", "2026-12-11", None),
        "anthropic": ("unknown", None, None),
        "google": ("retired", "2026-12-01", "model_retired"),
    }
    trail = send("/v1/generate", models=models, providers=["google"]).json["transparency"]["attempts"]
    assert (trail[0]["provider"], trail[0]["outcome"], trail[0]["skipped"]) == ("google", "skipped", "model_retired")
    assert not world.journal
    preferred = {"ai_preferences": {"providers": [{"provider": "google", "model": "gemini-2.5-flash"}]}}
    assert Client().request("profile", "PATCH", "/v1/profile", body=preferred).status == 200
    (status, *_) = Client().request("generate", "GET", "/v1/ai/providers").json["items"]
    assert (status["model_status"], status["unavailable_reason"]) == ("retired", "no_key")


def test_a_model_that_cannot_write_as_much_is_not_asked(world: World) -> None:
    shown = send("/v1/generate/preview", models={"openai": "gpt-4o"}, max_output_tokens=16_385).json["providers"]
    assert (shown[0]["model"], shown[0]["skipped"]) == ("gpt-4o", "model_too_small")
    shown = send("/v1/generate/preview", models={"openai": "gpt-4o"}, max_output_tokens=16_384).json["providers"]
    assert shown[0]["skipped"] is None


@pytest.mark.parametrize("provider", KEYS)
@pytest.mark.parametrize(
    ("asked", "preferred", "sent"), [(None, None, "low"), (None, "medium", "medium"), ("high", "medium", "high")]
)
def test_the_effort_is_sent_explicitly_and_shown_as_it_is_sent(
    world: World, provider: str, asked: str | None, preferred: str | None, sent: str
) -> None:
    preference = {"provider": provider, "reasoning_effort": preferred}
    assert Client().request("profile", "PATCH", "/v1/profile", body={"ai_preferences": {"providers": [preference]}}).status == 200
    body = {"reasoning_effort": asked} if asked else {}
    attempt = next(
        each for each in send("/v1/generate", providers=[provider], **body).json["transparency"]["attempts"] if each["hash"]
    )
    wire = json.loads(world.journal[0].body)
    place = {"openai": ["reasoning", "effort"], "anthropic": ["output_config", "effort"]}
    found: Any = wire if provider != "google" else wire["generationConfig"]
    for name in place.get(provider, ["thinkingConfig", "thinking_level"]):
        found = found[name]
    assert found == (sent.upper() if provider == "google" else sent)
    assert sent in json.dumps(attempt["options"]).lower()


def test_a_model_without_efforts_gets_none_and_an_unknown_one_only_what_was_chosen(world: World) -> None:
    def options(model: str, **more: Any) -> dict[str, Any]:
        shown: dict[str, Any] = send("/v1/generate/preview", models={"openai": model}, **more).json["providers"][0]["options"]
        return shown

    assert options("gpt-4o", reasoning_effort="high") == {"store": False}
    assert options("ft:gpt-6-luna:me") == {"store": False}
    assert options("ft:gpt-6-luna:me", reasoning_effort="high") == {"store": False, "reasoning": {"effort": "high"}}


@pytest.mark.parametrize("provider", KEYS)
@pytest.mark.parametrize("body", [{}, {"task": "ideas", "reasoning_effort": "high"}, {"task": "improve", "text": "Ça va\u200b?"}])
def test_the_hash_covers_everything_that_goes_over_the_wire(world: World, provider: str, body: dict[str, Any]) -> None:
    preview = next(each for each in send("/v1/generate/preview", **body).json["providers"] if each["provider"] == provider)
    shown = send("/v1/generate", providers=[provider], **body).json["transparency"]
    (attempt,) = [each for each in shown["attempts"] if each["outcome"] != "skipped"]
    sent = from_wire(provider, world.journal[0].path, world.journal[0].body)
    assert attempt["hash"] == preview["hash"] == canonical(sent)
    told = {name: attempt[name] for name in ("provider", "model", "options")}
    assert attempt["hash"] == canonical(told | {"messages": shown["messages"], "parameters": shown["parameters"]})


def test_models_end_on_their_day_and_are_said_to_retire_90_days_before() -> None:
    from noillusion.catalog.models import find, status_of

    entry = find("openai", "gpt-4o-2024-11-20")
    assert entry is not None and entry.name == "gpt-4o-2024-11-20" and entry.ends is not None
    ends = entry.ends
    days = {ends: "retired", ends - timedelta(days=1): "retiring", ends - timedelta(days=90): "retiring",
            ends - timedelta(days=91): "current"}  # fmt: skip
    assert {day: status_of(entry, day) for day in days} == days
    assert find("openai", "gpt-4o-audio") is None and status_of(None, ends) == "unknown"
