"""Promises of the OpenAI simulator, seen through the official SDK."""

from __future__ import annotations

import json
from typing import Any

import httpx
import jsonschema
import openai
import pytest

from local.simulators.ai.openai import presets as openai_presets
from local.simulators.world import World
from tests.simulators.ai.clients import LONG, LUNA, PROMPT, SCHEMA, Ideas, configure, set_fault


def test_openai_reply_depends_on_the_prompt_and_counts_its_tokens(gpt: openai.OpenAI) -> None:
    answer = gpt.responses.create(model=LUNA, instructions="Be kind.", input=PROMPT, max_output_tokens=800, store=False)
    other = gpt.responses.create(model=LUNA, instructions="Be kind.", input="Another subject entirely", store=False)
    again = gpt.responses.create(model=LUNA, instructions="Be kind.", input=PROMPT, store=False)
    assert (answer.status, answer.model) == ("completed", LUNA)
    assert "Marigold" in answer.output_text
    assert answer.output_text == again.output_text != other.output_text
    usage = answer.usage
    assert usage is not None
    assert usage.output_tokens_details.reasoning_tokens == 24 < usage.output_tokens
    assert usage.total_tokens == usage.input_tokens + usage.output_tokens


def test_openai_keeps_a_response_unless_told_not_to(gpt: openai.OpenAI, control: httpx.Client) -> None:
    gpt.responses.create(model=LUNA, input=PROMPT, store=False)
    assert control.get("/state/openai").json()["stored_responses"] == 0
    first = gpt.responses.create(model=LUNA, input=PROMPT)
    assert control.get("/state/openai").json()["stored_responses"] == 1
    gpt.responses.create(model=LUNA, input=PROMPT, previous_response_id=first.id, store=False)
    with pytest.raises(openai.BadRequestError) as caught:
        gpt.responses.create(model=LUNA, input=PROMPT, previous_response_id="resp_gone")
    assert caught.value.code == "previous_response_not_found"


def test_openai_json_conforms_to_the_schema(gpt: openai.OpenAI) -> None:
    text_format: Any = {"type": "json_schema", "name": "post", "schema": SCHEMA, "strict": True}
    answer = gpt.responses.create(model=LUNA, input=f"Give 5 hashtags. {PROMPT}", text={"format": text_format})
    value = json.loads(answer.output_text)
    jsonschema.validate(value, SCHEMA)
    assert len(set(value["hashtags"])) == 5
    assert "Marigold" in value["title"]
    parsed = gpt.responses.parse(model=LUNA, input=PROMPT, text_format=Ideas).output_parsed
    assert parsed is not None
    assert parsed.title


def test_openai_strict_mode_wants_closed_objects_with_all_properties_required(gpt: openai.OpenAI) -> None:
    for broken in (SCHEMA | {"additionalProperties": True}, SCHEMA | {"required": ["title"]}):
        text_format: Any = {"type": "json_schema", "name": "post", "schema": broken, "strict": True}
        with pytest.raises(openai.BadRequestError) as caught:
            gpt.responses.create(model=LUNA, input=PROMPT, text={"format": text_format})
        assert caught.value.code == "invalid_json_schema"


def test_openai_answers_within_the_limit_and_reasoning_counts(gpt: openai.OpenAI) -> None:
    cut = gpt.responses.create(model=LUNA, input=PROMPT, max_output_tokens=30)
    assert cut.status == "incomplete"
    assert cut.incomplete_details is not None
    assert cut.incomplete_details.reason == "max_output_tokens"
    assert cut.output_text
    assert cut.usage is not None
    assert cut.usage.output_tokens == 30
    nothing = gpt.responses.create(model=LUNA, input=PROMPT, max_output_tokens=16)
    assert (nothing.status, nothing.output_text) == ("incomplete", "")
    chat = gpt.chat.completions.create(model=LUNA, messages=[{"role": "user", "content": PROMPT}], max_completion_tokens=30)
    assert chat.choices[0].finish_reason == "length"


@pytest.mark.parametrize(
    ("given", "code", "param"),
    [
        ({"temperature": 0.5}, "unsupported_parameter", "temperature"),
        ({"top_p": 0.5}, "unsupported_parameter", "top_p"),
        ({"extra_body": {"tempo": 1}}, "unknown_parameter", "tempo"),
        ({"extra_body": {"max_output_tokens": "many"}}, "invalid_type", "max_output_tokens"),
        ({"max_output_tokens": 5}, "integer_below_min_value", "max_output_tokens"),
        ({"input": ""}, "missing_required_parameter", "input"),
        ({"model": "gpt-6.2-sol", "reasoning": {"effort": "none"}}, "unsupported_value", "reasoning.effort"),
    ],
)
def test_openai_refuses_parameters(gpt: openai.OpenAI, given: dict[str, Any], code: str, param: str) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        gpt.responses.create(**{"model": LUNA, "input": PROMPT, **given})
    assert (caught.value.code, caught.value.param) == (code, param)
    assert caught.value.request_id


def test_openai_takes_temperature_where_nothing_is_reasoned(gpt: openai.OpenAI) -> None:
    answer = gpt.responses.create(model=LUNA, input=PROMPT, temperature=0.5, reasoning={"effort": "none"})
    assert answer.usage is not None
    assert answer.usage.output_tokens_details.reasoning_tokens == 0
    assert gpt.responses.create(model="gpt-4o-mini", input=PROMPT, temperature=0.5).status == "completed"


def test_openai_chat_refuses_max_tokens_for_new_models(gpt: openai.OpenAI) -> None:
    messages: Any = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": PROMPT}]
    with pytest.raises(openai.BadRequestError) as caught:
        gpt.chat.completions.create(model=LUNA, messages=messages, max_tokens=100)
    assert caught.value.param == "max_tokens"
    answer = gpt.chat.completions.create(model=LUNA, messages=messages, max_completion_tokens=400, n=2)
    assert [c.finish_reason for c in answer.choices] == ["stop", "stop"]
    assert answer.choices[0].message.content != answer.choices[1].message.content
    assert "Marigold" in (answer.choices[0].message.content or "")


@pytest.mark.parametrize("key", ["sk-invalid-1", "sk-ant-test-2222", "AIzaTest-3333"])
def test_openai_refuses_keys_that_are_not_its_own(gpt: openai.OpenAI, key: str) -> None:
    with pytest.raises(openai.AuthenticationError) as caught:
        gpt.with_options(api_key=key).responses.create(model=LUNA, input=PROMPT)
    assert caught.value.code == "invalid_api_key"
    assert key not in str(caught.value)


def test_openai_limits_requests_per_key_and_minute(gpt: openai.OpenAI, control: httpx.Client) -> None:
    configure(control, "openai", rpm=2)
    headers = gpt.responses.with_raw_response.create(model=LUNA, input=PROMPT).headers
    assert headers["x-ratelimit-limit-requests"] == "2"
    assert headers["x-ratelimit-remaining-requests"] == "1"
    gpt.responses.create(model=LUNA, input=PROMPT)
    with pytest.raises(openai.RateLimitError) as caught:
        gpt.responses.create(model=LUNA, input=PROMPT)
    assert caught.value.code == "rate_limit_exceeded"
    wait_ms = int(caught.value.response.headers["retry-after-ms"])
    assert 50_000 < wait_ms <= 60_000
    gpt.with_options(api_key="sk-test-other").responses.create(model=LUNA, input=PROMPT)
    control.post("/clock", json={"advance_s": wait_ms / 1000 + 1})
    gpt.responses.create(model=LUNA, input=PROMPT)


def test_openai_limits_tokens_per_minute(gpt: openai.OpenAI, control: httpx.Client) -> None:
    configure(control, "openai", tpm=100)
    with pytest.raises(openai.RateLimitError) as caught:
        gpt.responses.create(model=LUNA, input="a" * 800)
    assert caught.value.type == "tokens"


def test_openai_streams_the_same_answer(gpt: openai.OpenAI) -> None:
    whole = gpt.responses.create(model=LUNA, input=PROMPT)
    events = list(gpt.responses.create(model=LUNA, input=PROMPT, stream=True))
    assert [events[0].type, events[-1].type] == ["response.created", "response.completed"]
    assert "".join(e.delta for e in events if e.type == "response.output_text.delta") == whole.output_text
    with gpt.responses.stream(model=LUNA, input=PROMPT) as stream:
        stream.until_done()
        assert stream.get_final_response().output_text == whole.output_text
    chunks = list(
        gpt.chat.completions.create(
            model=LUNA, messages=[{"role": "user", "content": PROMPT}], stream=True, stream_options={"include_usage": True}
        )
    )
    assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices) == whole.output_text
    assert chunks[-1].usage is not None
    assert chunks[-2].choices[0].finish_reason == "stop"


def test_openai_caches_long_instructions_for_five_minutes(gpt: openai.OpenAI, control: httpx.Client) -> None:
    def cached() -> tuple[int, int]:
        usage = gpt.responses.create(model=LUNA, instructions=LONG, input=PROMPT).usage
        assert usage is not None
        return usage.input_tokens_details.cached_tokens, usage.input_tokens_details.cache_write_tokens

    assert cached() == (0, 1500)
    assert cached() == (1500, 0)
    control.post("/clock", json={"advance_s": 301})
    assert cached() == (0, 1500)


def test_openai_models_end_on_their_shutdown_date(gpt: openai.OpenAI, world: World) -> None:
    world.clock.offset = 1_796_900_000 - world.clock.now()  # 9 December 2026
    assert gpt.responses.create(model="gpt-5-mini", input=PROMPT).model == "gpt-5-mini"
    assert "gpt-5-mini" in [m.id for m in gpt.models.list()]
    world.clock.offset += 4 * 86_400
    with pytest.raises(openai.NotFoundError) as caught:
        gpt.responses.create(model="gpt-5-mini", input=PROMPT)
    assert caught.value.code == "model_not_found"
    assert "gpt-5-mini" not in [m.id for m in gpt.models.list()]


OPENAI_ERRORS = [
    ("rate_limited", openai.RateLimitError, "rate_limit_exceeded"),
    ("slow_down", openai.RateLimitError, "slow_down"),
    ("insufficient_quota", openai.RateLimitError, "insufficient_quota"),
    ("credit_balance_exhausted", openai.RateLimitError, "credit_balance_exhausted"),
    ("organization_spend_limit_exceeded", openai.RateLimitError, "organization_spend_limit_exceeded"),
    ("project_spend_limit_exceeded", openai.RateLimitError, "project_spend_limit_exceeded"),
    ("organization_usage_limit_exceeded", openai.RateLimitError, "organization_usage_limit_exceeded"),
    ("bad_key", openai.AuthenticationError, "invalid_api_key"),
    ("permission_denied", openai.PermissionDeniedError, "permission_denied"),
    ("unsupported_region", openai.PermissionDeniedError, "unsupported_country_region_territory"),
    ("unknown_model", openai.NotFoundError, "model_not_found"),
    ("context_too_long", openai.BadRequestError, "context_length_exceeded"),
    ("prompt_blocked", openai.BadRequestError, "invalid_prompt"),
    ("overloaded", openai.InternalServerError, "server_is_overloaded"),
    ("server_error", openai.InternalServerError, "server_error"),
    ("bad_gateway", openai.InternalServerError, None),
]
OPENAI_ANSWERS = [
    ("refusal", "completed", None, ""),
    ("content_filter", "incomplete", "content_filter", "text"),
    ("truncated", "incomplete", "max_output_tokens", "text"),
    ("empty_truncated", "incomplete", "max_output_tokens", ""),
    ("empty", "completed", None, ""),
    ("failed_in_200", "failed", "server_error", ""),
    ("failed_rate_limited", "failed", "rate_limit_exceeded", ""),
    ("failed_prompt_blocked", "failed", "invalid_prompt", ""),
]
CHAT_ANSWERS = [
    ("chat_refusal", "stop", None),
    ("chat_content_filter", "content_filter", None),
    ("chat_truncated", "length", "text"),
    ("chat_empty_truncated", "length", ""),
    ("chat_empty", "stop", ""),
]


@pytest.mark.parametrize(("preset", "kind", "code"), OPENAI_ERRORS)
def test_openai_error_presets(
    gpt: openai.OpenAI, control: httpx.Client, preset: str, kind: type[openai.APIStatusError], code: str | None
) -> None:
    set_fault(control, "openai", preset)
    with pytest.raises(openai.APIStatusError) as caught:
        gpt.responses.create(model=LUNA, input=PROMPT)
    assert type(caught.value) is kind
    assert caught.value.code == code


@pytest.mark.parametrize(("preset", "status", "reason", "text"), OPENAI_ANSWERS)
def test_openai_answers_that_are_not_answers(
    gpt: openai.OpenAI, control: httpx.Client, preset: str, status: str, reason: str | None, text: str
) -> None:
    set_fault(control, "openai", preset)
    answer = gpt.responses.create(model=LUNA, input=PROMPT)
    given = answer.incomplete_details.reason if answer.incomplete_details else answer.error.code if answer.error else None
    assert (answer.status, given, bool(answer.output_text)) == (status, reason, bool(text))
    refusals = [p for i in answer.output if i.type == "message" for p in i.content if p.type == "refusal"]
    assert len(refusals) == (preset == "refusal")


@pytest.mark.parametrize(("preset", "reason", "content"), CHAT_ANSWERS)
def test_openai_chat_answers_that_are_not_answers(
    gpt: openai.OpenAI, control: httpx.Client, preset: str, reason: str, content: str | None
) -> None:
    set_fault(control, "openai", preset)
    choice = gpt.chat.completions.create(model=LUNA, messages=[{"role": "user", "content": PROMPT}]).choices[0]
    assert choice.finish_reason == reason
    assert choice.message.content == (openai_presets.HALF if content else content)
    assert bool(choice.message.refusal) == (preset == "chat_refusal")


def test_every_openai_preset_is_tested() -> None:
    tested = {row[0] for rows in (OPENAI_ERRORS, OPENAI_ANSWERS, CHAT_ANSWERS) for row in rows}
    assert tested | {"html_200"} == set(openai_presets.PRESETS)
