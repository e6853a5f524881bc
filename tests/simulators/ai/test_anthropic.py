"""Promises of the Anthropic simulator, seen through the official SDK."""

from __future__ import annotations

import json
from typing import Any

import anthropic
import httpx
import jsonschema
import pytest

from local.simulators.ai.anthropic import presets as anthropic_presets
from local.simulators.world import World
from tests.simulators.ai.clients import ANTHROPIC_KEY, HAIKU, LONG, PROMPT, SCHEMA, Ideas, configure, message, set_fault, text_of


def test_anthropic_reply_depends_on_the_prompt_and_counts_its_tokens(claude: anthropic.Anthropic) -> None:
    answer, other = message(claude, system="Be kind."), message(claude, "Another subject", system="Be kind.")
    assert (answer.stop_reason, answer.model) == ("end_turn", HAIKU)
    assert "Marigold" in text_of(answer)
    assert text_of(answer) == text_of(message(claude, system="Be kind.")) != text_of(other)
    counted = claude.messages.count_tokens(model=HAIKU, system="Be kind.", messages=[{"role": "user", "content": PROMPT}])
    assert answer.usage.input_tokens == counted.input_tokens
    assert answer.usage.output_tokens > 10


def test_anthropic_json_conforms_to_the_schema(claude: anthropic.Anthropic) -> None:
    answer = message(claude, output_config={"format": {"type": "json_schema", "schema": SCHEMA}})
    jsonschema.validate(json.loads(text_of(answer)), SCHEMA)
    parsed = claude.messages.parse(
        model=HAIKU, max_tokens=500, messages=[{"role": "user", "content": PROMPT}], output_format=Ideas
    ).parsed_output
    assert parsed is not None
    assert "Marigold" in parsed.title


@pytest.mark.parametrize(
    "change",
    [
        {"additionalProperties": True},
        {"properties": SCHEMA["properties"] | {"score": {"type": "integer", "minimum": 1}}},
        {"properties": SCHEMA["properties"] | {"title": {"type": "string", "maxLength": 9}}},
        {"properties": SCHEMA["properties"] | {"hashtags": {"type": "array", "items": {"type": "string"}, "minItems": 3}}},
    ],
)
def test_anthropic_refuses_constraints_in_schemas(claude: anthropic.Anthropic, change: dict[str, Any]) -> None:
    with pytest.raises(anthropic.BadRequestError, match=r"output_config\.format\.schema"):
        message(claude, output_config={"format": {"type": "json_schema", "schema": SCHEMA | change}})


def test_anthropic_answers_within_max_tokens_and_stop_sequences(claude: anthropic.Anthropic) -> None:
    cut = message(claude, max_tokens=5)
    assert (cut.stop_reason, cut.usage.output_tokens) == ("max_tokens", 5)
    stopped = message(claude, stop_sequences=["Marigold"])
    assert (stopped.stop_reason, stopped.stop_sequence) == ("stop_sequence", "Marigold")
    assert "Marigold" not in text_of(stopped)


def test_anthropic_thinking_comes_apart_from_the_text(claude: anthropic.Anthropic, control: httpx.Client) -> None:
    answer = message(claude, thinking={"type": "adaptive"})
    assert [b.type for b in answer.content] == ["thinking", "text"]
    assert answer.usage.output_tokens_details is not None
    assert answer.usage.output_tokens_details.thinking_tokens == 24
    configure(control, "anthropic", thinking_tokens=900)
    empty = message(claude, thinking={"type": "adaptive"})
    assert (empty.stop_reason, text_of(empty)) == ("max_tokens", "")
    with pytest.raises(anthropic.BadRequestError):
        message(claude, thinking={"type": "enabled", "budget_tokens": 100})


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"extra_body": {"temperature": 0.5}}, "temperature: Extra inputs"),
        ({"extra_body": {"top_k": 3}}, "top_k: Extra inputs"),
        ({"extra_body": {"tempo": 1}}, "tempo: Extra inputs"),
        ({"extra_body": {"max_tokens": None}}, "max_tokens: Field required"),
        ({"extra_body": {"max_tokens": "many"}}, "max_tokens: Input should"),
        ({"max_tokens": 500_000, "stream": True}, "max_tokens: 500000 > 128000"),
        ({"messages": []}, "at least one message"),
        ({"messages": [{"role": "system", "content": "x"}]}, "Unexpected role"),
        ({"messages": [{"role": "user", "content": " "}]}, "non-whitespace"),
        ({"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}, "prefill"),
    ],
)
def test_anthropic_refuses_parameters(claude: anthropic.Anthropic, given: dict[str, Any], text: str) -> None:
    with pytest.raises(anthropic.BadRequestError) as caught:
        message(claude, **given)
    assert caught.value.type == "invalid_request_error"
    assert text in (caught.value.api_message or "")
    assert caught.value.request_id


def test_anthropic_needs_a_known_version_and_takes_sampling_in_old_ones(world: World, claude: anthropic.Anthropic) -> None:
    body = {"model": HAIKU, "max_tokens": 50, "messages": [{"role": "user", "content": PROMPT}], "temperature": 0.5}
    url = f"{world.base}/api.anthropic.com/v1/messages"
    with httpx.Client(headers={"x-api-key": ANTHROPIC_KEY}, trust_env=False) as client:
        assert client.post(url, json=body).json()["error"]["message"] == "anthropic-version: header is required"
        assert client.post(url, json=body, headers={"anthropic-version": "2031-01-01"}).status_code == 400
        assert client.post(url, json=body, headers={"anthropic-version": "2026-10-21"}).status_code == 400
        assert client.post(url, json=body, headers={"anthropic-version": "2023-06-01"}).status_code == 200


@pytest.mark.parametrize("key", ["sk-ant-invalid-1", "sk-test-openai-1111", "AIzaTest-3333"])
def test_anthropic_refuses_keys_that_are_not_its_own(claude: anthropic.Anthropic, key: str) -> None:
    with pytest.raises(anthropic.AuthenticationError) as caught:
        message(claude.with_options(api_key=key))
    assert caught.value.type == "authentication_error"


def test_anthropic_limits_requests_per_key_and_minute(claude: anthropic.Anthropic, control: httpx.Client) -> None:
    configure(control, "anthropic", rpm=1)
    raw = claude.messages.with_raw_response.create(model=HAIKU, max_tokens=50, messages=[{"role": "user", "content": PROMPT}])
    assert raw.headers["anthropic-ratelimit-requests-remaining"] == "0"
    assert raw.headers["anthropic-ratelimit-requests-reset"].endswith("Z")
    with pytest.raises(anthropic.RateLimitError) as caught:
        message(claude)
    assert caught.value.type == "rate_limit_error"
    wait = int(caught.value.response.headers["retry-after"])
    assert 50 < wait <= 61
    message(claude.with_options(api_key="sk-ant-other"))
    control.post("/clock", json={"advance_s": wait})
    message(claude)


def test_anthropic_streams_the_same_answer(claude: anthropic.Anthropic) -> None:
    whole = message(claude)
    with claude.messages.stream(model=HAIKU, max_tokens=500, messages=[{"role": "user", "content": PROMPT}]) as stream:
        assert "".join(stream.text_stream) == text_of(whole)
        final = stream.get_final_message()
    assert (final.stop_reason, final.usage.output_tokens) == ("end_turn", whole.usage.output_tokens)


def test_anthropic_counts_cached_tokens_apart(claude: anthropic.Anthropic) -> None:
    marked: Any = [{"type": "text", "text": LONG, "cache_control": {"type": "ephemeral"}}]
    written, read, plain = (
        message(claude, system=marked).usage,
        message(claude, system=marked).usage,
        message(claude, system=LONG).usage,
    )
    assert (written.cache_creation_input_tokens, written.cache_read_input_tokens) == (1500, 0)
    assert (read.cache_creation_input_tokens, read.cache_read_input_tokens) == (0, 1500)
    assert plain.input_tokens == read.input_tokens + 1500


def test_anthropic_lists_its_models_page_by_page(claude: anthropic.Anthropic) -> None:
    assert HAIKU in [m.id for m in claude.models.list(limit=2)]
    assert claude.models.retrieve(HAIKU).max_input_tokens == 1_000_000
    with pytest.raises(anthropic.NotFoundError):
        claude.models.retrieve("claude-gone")


ANTHROPIC_ERRORS = [
    ("rate_limited", anthropic.RateLimitError, "rate_limit_error"),
    ("spend_limit", anthropic.types.shared.EnforcedSpendLimitReachedError, "rate_limit_error"),
    ("insufficient_quota", anthropic.PaymentRequiredError, "billing_error"),
    ("low_balance", anthropic.BadRequestError, "invalid_request_error"),
    ("bad_key", anthropic.AuthenticationError, "authentication_error"),
    ("permission_denied", anthropic.PermissionDeniedError, "permission_error"),
    ("unknown_model", anthropic.NotFoundError, "not_found_error"),
    ("invalid_request", anthropic.BadRequestError, "invalid_request_error"),
    ("context_too_long", anthropic.BadRequestError, "invalid_request_error"),
    ("request_too_large", anthropic.APIStatusError, "request_too_large"),
    ("overloaded", anthropic.InternalServerError, "overloaded_error"),
    ("server_error", anthropic.InternalServerError, "api_error"),
    ("service_unavailable", anthropic.InternalServerError, "api_error"),
    ("gateway_timeout", anthropic.InternalServerError, "timeout_error"),
]
ANTHROPIC_ANSWERS = [
    ("refusal", "refusal", ""),
    ("truncated", "max_tokens", "text"),
    ("empty_truncated", "max_tokens", ""),
    ("context_window_exceeded", "model_context_window_exceeded", "text"),
    ("empty", "end_turn", ""),
]


@pytest.mark.parametrize(("preset", "kind", "name"), ANTHROPIC_ERRORS)
def test_anthropic_error_presets(
    claude: anthropic.Anthropic, control: httpx.Client, preset: str, kind: type[anthropic.APIStatusError], name: str
) -> None:
    set_fault(control, "anthropic", preset)
    with pytest.raises(kind) as caught:
        message(claude)
    assert caught.value.type == name
    assert caught.value.status_code == anthropic_presets.PRESETS[preset].status
    assert caught.value.error_code == ("enforced_spend_limit_reached" if preset == "spend_limit" else None)


@pytest.mark.parametrize(("preset", "reason", "text"), ANTHROPIC_ANSWERS)
def test_anthropic_answers_that_are_not_answers(
    claude: anthropic.Anthropic, control: httpx.Client, preset: str, reason: str, text: str
) -> None:
    set_fault(control, "anthropic", preset)
    answer = message(claude)
    assert (answer.stop_reason, bool(text_of(answer))) == (reason, bool(text))
    assert (answer.stop_details is not None) == (preset == "refusal")


def test_every_anthropic_preset_is_tested() -> None:
    assert {row[0] for row in (*ANTHROPIC_ERRORS, *ANTHROPIC_ANSWERS)} | {"html_200"} == set(anthropic_presets.PRESETS)
