"""Promises of the Google simulator, seen through the official SDK."""

from __future__ import annotations

import json
from typing import Any

import httpx
import jsonschema
import pytest
from google import genai
from google.genai import errors, types

from local.simulators.ai.google import presets as google_presets
from local.simulators.world import World
from tests.simulators.ai.clients import FLASH, GOOGLE_KEY, PROMPT, SCHEMA, Ideas, configure, generate, google_client, set_fault


@pytest.mark.parametrize("version", ["v1", "v1beta"])
def test_google_reply_depends_on_the_prompt_and_counts_its_tokens(world: World, version: str) -> None:
    client = google_client(world, version=version)
    answer = generate(client, system_instruction="Be kind.", max_output_tokens=800)
    other = generate(client, "Another subject", system_instruction="Be kind.")
    assert answer.text is not None
    assert "Marigold" in answer.text
    assert answer.text != other.text
    assert answer.candidates is not None
    assert answer.candidates[0].finish_reason == types.FinishReason.STOP
    usage = answer.usage_metadata
    assert usage is not None
    assert usage.thoughts_token_count == 24
    assert usage.total_token_count == sum(
        n or 0 for n in (usage.prompt_token_count, usage.candidates_token_count, usage.thoughts_token_count)
    )
    total = client.models.count_tokens(model=FLASH, contents="a" * 40).total_tokens
    client.close()
    assert total == 10


def test_google_json_conforms_to_either_kind_of_schema(gemini: genai.Client) -> None:
    answer = generate(gemini, response_mime_type="application/json", response_json_schema=SCHEMA)
    jsonschema.validate(json.loads(answer.text or ""), SCHEMA)
    parsed = generate(gemini, response_mime_type="application/json", response_schema=Ideas).parsed
    assert isinstance(parsed, Ideas)
    assert "Marigold" in parsed.title
    with pytest.raises(errors.ClientError, match="application/json"):
        generate(gemini, response_json_schema=SCHEMA)


def test_google_answers_within_the_limit_and_thoughts_count(gemini: genai.Client) -> None:
    cut, nothing = generate(gemini, max_output_tokens=30), generate(gemini, max_output_tokens=20)
    assert cut.candidates is not None
    assert nothing.candidates is not None
    assert cut.candidates[0].finish_reason == nothing.candidates[0].finish_reason == types.FinishReason.MAX_TOKENS
    assert cut.text
    assert nothing.text is None
    unthinking = generate(gemini, max_output_tokens=20, thinking_config=types.ThinkingConfig(thinking_budget=0))
    assert unthinking.text


def test_google_refuses_fields_it_does_not_know(world: World) -> None:
    url = f"{world.base}/generativelanguage.googleapis.com/v1beta/models/{FLASH}:generateContent"
    contents: Any = [{"role": "user", "parts": [{"text": PROMPT}]}]
    with httpx.Client(params={"key": GOOGLE_KEY}, trust_env=False) as client:
        assert client.post(url, json={"contents": contents, "system_instruction": {"parts": {"text": "x"}}}).status_code == 200
        refused: tuple[dict[str, Any], ...] = (
            {"contents": contents, "tempo": 1},
            {"contents": contents, "generationConfig": {"tempo": 1}},
            {"contents": contents, "generationConfig": {"maxOutputTokens": "many"}},
            {"contents": contents, "generationConfig": {"maxOutputTokens": 0}},
            {"contents": []},
            {"contents": [{"role": "system", "parts": [{"text": "x"}]}]},
        )
        for body in refused:
            answer = client.post(url, json=body)
            assert answer.status_code == 400
            assert answer.json()["error"]["status"] == "INVALID_ARGUMENT"


@pytest.mark.parametrize("key", ["AIzainvalid-1", "sk-test-openai-1111", "sk-ant-test-2222"])
def test_google_refuses_bad_keys_with_a_400(world: World, key: str) -> None:
    client = google_client(world, key)
    with pytest.raises(errors.ClientError) as caught:
        generate(client)
    client.close()
    assert (caught.value.code, caught.value.status) == (400, "INVALID_ARGUMENT")
    assert caught.value.details["error"]["details"][0]["reason"] == "API_KEY_INVALID"


def retry_delay(error: errors.APIError) -> float:
    infos = [d["retryDelay"] for d in error.details["error"]["details"] if d["@type"].endswith("RetryInfo")]
    return float(infos[0].removesuffix("s"))


def test_google_limits_requests_per_key_and_minute(world: World, gemini: genai.Client, control: httpx.Client) -> None:
    configure(control, "google", rpm=1)
    generate(gemini)
    with pytest.raises(errors.ClientError) as caught:
        generate(gemini)
    assert (caught.value.code, caught.value.status) == (429, "RESOURCE_EXHAUSTED")
    violation = next(d for d in caught.value.details["error"]["details"] if d["@type"].endswith("QuotaFailure"))["violations"][0]
    assert "PerMinute" in violation["quotaId"]
    assert "retry-after" not in caught.value.response.headers
    wait = retry_delay(caught.value)
    assert 50 < wait <= 60
    control.post("/clock", json={"advance_s": wait})
    generate(gemini)


def test_google_streams_the_same_answer(gemini: genai.Client) -> None:
    whole = generate(gemini)
    chunks = list(gemini.models.generate_content_stream(model=FLASH, contents=PROMPT))
    assert "".join(c.text or "" for c in chunks) == whole.text
    assert [c.candidates[0].finish_reason for c in chunks if c.candidates][-1] == types.FinishReason.STOP
    assert len(chunks) > 2


def test_google_names_the_model_that_answered(gemini: genai.Client, world: World) -> None:
    assert generate(gemini, model="gemini-flash-latest").model_version == "gemini-3.8-flash"
    world.clock.offset = 1_796_000_000 - world.clock.now()  # 29 November 2026
    assert generate(gemini, model="gemini-2.5-flash").model_version == "gemini-2.5-flash"
    world.clock.offset += 3 * 86_400
    assert generate(gemini, model="gemini-2.5-flash").model_version == "gemini-3.5-flash-lite"


def test_google_lists_its_models_page_by_page(gemini: genai.Client) -> None:
    names = [m.name for m in gemini.models.list(config={"page_size": 2})]
    assert f"models/{FLASH}" in names
    assert gemini.models.get(model=FLASH).input_token_limit == 1_048_576
    with pytest.raises(errors.ClientError) as caught:
        generate(gemini, model="gemini-gone")
    assert (caught.value.code, caught.value.status) == (404, "NOT_FOUND")


GOOGLE_ERRORS = [
    ("rate_limited", 429, "RESOURCE_EXHAUSTED"),
    ("rate_limited_tokens", 429, "RESOURCE_EXHAUSTED"),
    ("insufficient_quota", 429, "RESOURCE_EXHAUSTED"),
    ("quota_zero", 429, "RESOURCE_EXHAUSTED"),
    ("billing_required", 402, "FAILED_PRECONDITION"),
    ("bad_key", 400, "INVALID_ARGUMENT"),
    ("bad_key_401", 401, "UNAUTHENTICATED"),
    ("bad_key_403", 403, "PERMISSION_DENIED"),
    ("permission_denied", 403, "PERMISSION_DENIED"),
    ("unsupported_region", 400, "FAILED_PRECONDITION"),
    ("unknown_model", 404, "NOT_FOUND"),
    ("context_too_long", 400, "INVALID_ARGUMENT"),
    ("invalid_request", 400, "INVALID_ARGUMENT"),
    ("overloaded", 503, "UNAVAILABLE"),
    ("server_error", 500, "INTERNAL"),
    ("deadline_exceeded", 504, "DEADLINE_EXCEEDED"),
]
GOOGLE_ANSWERS = [
    ("content_filter", "SAFETY"),
    ("prohibited_content", "PROHIBITED_CONTENT"),
    ("blocklist", "BLOCKLIST"),
    ("recitation", "RECITATION"),
    ("spii", "SPII"),
    ("truncated", "MAX_TOKENS"),
    ("empty_truncated", "MAX_TOKENS"),
    ("empty", "STOP"),
]


@pytest.mark.parametrize(("preset", "code", "status"), GOOGLE_ERRORS)
def test_google_error_presets(gemini: genai.Client, control: httpx.Client, preset: str, code: int, status: str) -> None:
    set_fault(control, "google", preset)
    with pytest.raises(errors.APIError) as caught:
        generate(gemini)
    assert isinstance(caught.value, errors.ServerError if code >= 500 else errors.ClientError)
    assert (caught.value.code, caught.value.status) == (code, status)
    if preset == "rate_limited":
        assert retry_delay(caught.value) == 46
    if preset == "insufficient_quota":
        assert "PerDay" in str(caught.value.details)


@pytest.mark.parametrize(("preset", "reason"), GOOGLE_ANSWERS)
def test_google_answers_that_are_not_answers(gemini: genai.Client, control: httpx.Client, preset: str, reason: str) -> None:
    set_fault(control, "google", preset)
    answer = generate(gemini)
    assert answer.candidates is not None
    assert answer.candidates[0].finish_reason == types.FinishReason(reason)
    assert bool(answer.text) == (preset == "truncated")


def test_google_blocked_prompt_has_no_candidates(gemini: genai.Client, control: httpx.Client) -> None:
    set_fault(control, "google", "prompt_blocked")
    answer = generate(gemini)
    assert not answer.candidates
    assert answer.prompt_feedback is not None
    assert answer.prompt_feedback.block_reason == types.BlockedReason.PROHIBITED_CONTENT


def test_google_may_end_for_a_reason_that_no_client_knows(gemini: genai.Client, control: httpx.Client) -> None:
    set_fault(control, "google", "unknown_finish_reason")
    with pytest.warns(UserWarning, match="SOMETHING_NEW"):
        answer = generate(gemini)
    assert not answer.text


def test_every_google_preset_is_tested() -> None:
    tested = {row[0] for row in (*GOOGLE_ERRORS, *GOOGLE_ANSWERS)} | {"html_200", "prompt_blocked", "unknown_finish_reason"}
    assert tested == set(google_presets.PRESETS)
