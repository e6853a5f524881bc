"""The AI simulators, driven over HTTP by the three official SDKs. They must behave as the providers do, not as a client hopes."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from typing import Any

import anthropic
import httpx
import httpx2
import jsonschema
import openai
import pytest
from google import genai
from google.genai import errors, types
from pydantic import BaseModel

from local.simulators.ai.anthropic import presets as anthropic_presets
from local.simulators.ai.anthropic import simulator as anthropic_simulator
from local.simulators.ai.google import presets as google_presets
from local.simulators.ai.google import simulator as google_simulator
from local.simulators.ai.openai import presets as openai_presets
from local.simulators.ai.openai import simulator as openai_simulator
from local.simulators.ai.sample_text import conforming
from local.simulators.hosts import build_app
from local.simulators.serve import create_server
from local.simulators.world import World

OPENAI_KEY, ANTHROPIC_KEY, GOOGLE_KEY = "sk-test-openai-1111", "sk-ant-test-2222", "AIzaTest-3333"
LUNA, HAIKU, FLASH = "gpt-6-luna", "claude-haiku-5-5", "gemini-3.5-flash-lite"
PROMPT = "Write a caption about bicycle repair, echo:Marigold"
LONG = "You are the voice of a friendly bakery. " * 150
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "title": {"type": "string"},
        "tone": {"type": "string", "enum": ["warm", "dry"]},
        "score": {"type": "integer"},
        "hashtags": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["title", "tone", "score", "hashtags"],
    "additionalProperties": False,
}


class Ideas(BaseModel):
    title: str
    hashtags: list[str]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        world = World(f"http://127.0.0.1:{listener.getsockname()[1]}")
        for module in (openai_simulator, anthropic_simulator, google_simulator):
            world.add(module.create(world))
        server = create_server(build_app(world), 0)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield world
        finally:
            server.should_exit = True
            thread.join(10)


@pytest.fixture(autouse=True)
def _clean(world: World) -> None:
    world.reset()


@pytest.fixture
def control(world: World) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{world.base}/_control", trust_env=False) as client:
        yield client


@pytest.fixture(scope="module")
def gpt(world: World) -> Iterator[openai.OpenAI]:
    base = f"{world.base}/api.openai.com/v1"
    with openai.OpenAI(api_key=OPENAI_KEY, base_url=base, timeout=10, max_retries=0) as client:
        yield client


@pytest.fixture(scope="module")
def claude(world: World) -> Iterator[anthropic.Anthropic]:
    base = f"{world.base}/api.anthropic.com"
    with anthropic.Anthropic(api_key=ANTHROPIC_KEY, base_url=base, timeout=10, max_retries=0, open_telemetry=False) as client:
        yield client


def google_client(world: World, key: str = GOOGLE_KEY, version: str = "v1beta") -> genai.Client:
    base = f"{world.base}/generativelanguage.googleapis.com"
    options = types.HttpOptions(base_url=base, api_version=version, timeout=10_000)
    return genai.Client(api_key=key, vertexai=False, http_options=options)


@pytest.fixture(scope="module")
def gemini(world: World) -> Iterator[genai.Client]:
    client = google_client(world)
    yield client
    client.close()


def generate(client: genai.Client, prompt: str = PROMPT, model: str = FLASH, **config: Any) -> types.GenerateContentResponse:
    off = types.AutomaticFunctionCallingConfig(disable=True)
    return client.models.generate_content(
        model=model, contents=prompt, config=types.GenerateContentConfig(automatic_function_calling=off, **config)
    )


def message(client: anthropic.Anthropic, prompt: str = PROMPT, **given: Any) -> anthropic.types.Message:
    asked = {"model": HAIKU, "max_tokens": 500, "messages": [{"role": "user", "content": prompt}], **given}
    answer: anthropic.types.Message = client.messages.create(**asked)
    return answer


def text_of(answer: anthropic.types.Message) -> str:
    return "".join(block.text for block in answer.content if block.type == "text")


def set_fault(control: httpx.Client, platform: str, preset: str) -> None:
    control.post("/faults", json={"platform": platform, "preset": preset}).raise_for_status()


def configure(control: httpx.Client, platform: str, **settings: Any) -> None:
    control.post(f"/{platform}/settings", json=settings).raise_for_status()


# --- OpenAI -----------------------------------------------------------------------------------------------------------------


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


# --- Anthropic --------------------------------------------------------------------------------------------------------------


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


# --- Google -----------------------------------------------------------------------------------------------------------------


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


# --- All three --------------------------------------------------------------------------------------------------------------


def test_html_with_status_200_reaches_the_clients_as_it_is(
    gpt: openai.OpenAI, claude: anthropic.Anthropic, gemini: genai.Client, control: httpx.Client
) -> None:
    for platform in ("openai", "anthropic", "google"):
        set_fault(control, platform, "html_200")
    assert isinstance(gpt.responses.create(model=LUNA, input=PROMPT), str)
    assert isinstance(message(claude), str)
    with pytest.raises(json.JSONDecodeError):
        generate(gemini)


def test_dropped_connection_is_a_connection_error(
    gpt: openai.OpenAI, claude: anthropic.Anthropic, gemini: genai.Client, control: httpx.Client
) -> None:
    for platform in ("openai", "anthropic", "google"):
        control.post("/faults", json={"platform": platform, "drop": True})
    with pytest.raises(openai.APIConnectionError):
        gpt.responses.create(model=LUNA, input=PROMPT)
    with pytest.raises(anthropic.APIConnectionError):
        message(claude)
    with pytest.raises(httpx2.HTTPError):
        generate(gemini)


def test_prompt_longer_than_the_context_is_refused(
    gpt: openai.OpenAI, claude: anthropic.Anthropic, gemini: genai.Client, control: httpx.Client
) -> None:
    for platform in ("openai", "anthropic", "google"):
        configure(control, platform, context_tokens=5)
    with pytest.raises(openai.BadRequestError) as refused:
        gpt.responses.create(model=LUNA, input=PROMPT)
    assert refused.value.code == "context_length_exceeded"
    with pytest.raises(anthropic.BadRequestError, match="prompt is too long"):
        message(claude)
    with pytest.raises(errors.ClientError, match="exceeds the maximum number of tokens"):
        generate(gemini)


def test_unknown_paths_get_the_providers_own_errors(world: World) -> None:
    with httpx.Client(trust_env=False) as client:
        assert "Invalid URL" in client.get(f"{world.base}/api.openai.com/v1/nothing").json()["error"]["message"]
        assert client.put(f"{world.base}/api.anthropic.com/v1/messages").json()["error"]["type"] == "not_found_error"
        google = client.get(f"{world.base}/generativelanguage.googleapis.com/v2/models")
        assert (google.status_code, google.json()["error"]["status"]) == (404, "NOT_FOUND")


def test_settings_fix_the_reply_and_the_models(gpt: openai.OpenAI, control: httpx.Client) -> None:
    configure(control, "openai", reply="Exactly this.", models=["house-model"])
    assert gpt.responses.create(model="house-model", input=PROMPT).output_text == "Exactly this."
    with pytest.raises(openai.NotFoundError):
        gpt.responses.create(model=LUNA, input=PROMPT)
    assert control.post("/openai/settings", json={"rmp": 1}).status_code == 400


def test_state_counts_per_key_and_shows_neither_keys_nor_prompts(
    gpt: openai.OpenAI, claude: anthropic.Anthropic, gemini: genai.Client, control: httpx.Client
) -> None:
    gpt.responses.create(model=LUNA, input=PROMPT)
    gpt.with_options(api_key="sk-test-other-9999").responses.create(model=LUNA, input=PROMPT)
    message(claude)
    generate(gemini)
    states = {name: control.get(f"/state/{name}").json() for name in ("openai", "anthropic", "google")}
    assert [(k["key"], k["completions"]) for k in states["openai"]["keys"]] == [("…1111", 1), ("…9999", 1)]
    assert [s["total_requests"] for s in states.values()] == [2, 1, 1]
    for secret in (OPENAI_KEY, ANTHROPIC_KEY, GOOGLE_KEY, "bicycle", "Marigold"):
        assert secret not in json.dumps(states)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "array", "items": {"type": "string", "maxLength": 12}, "minItems": 4, "maxItems": 4, "uniqueItems": True},
        {"type": "array", "items": {"type": "string", "pattern": "^#[A-Za-z0-9]+$", "maxLength": 30}, "minItems": 2},
        {"type": "object", "properties": {"n": {"type": "integer", "minimum": 3, "exclusiveMaximum": 5}}, "required": ["n"]},
        {"type": "object", "properties": {"n": {"type": "number", "minimum": 0, "maximum": 1}}, "required": ["n"]},
        {"type": "object", "properties": {"n": {"type": ["string", "null"], "minLength": 400}}, "required": ["n"]},
        {"type": "object", "properties": {"at": {"anyOf": [{"type": "null"}, {"type": "string", "format": "date"}]}}},
        {
            "$ref": "#/$defs/node",
            "$defs": {
                "node": {
                    "type": "object",
                    "properties": {"name": {"type": "string"}, "below": {"type": "array", "items": {"$ref": "#/$defs/node"}}},
                    "required": ["name", "below"],
                }
            },
        },
    ],
)  # fmt: skip
def test_sample_json_conforms_and_its_items_differ(schema: dict[str, Any]) -> None:
    value = conforming(schema, PROMPT)
    jsonschema.validate(value, schema, format_checker=jsonschema.FormatChecker())
    assert value == conforming(schema, PROMPT)
    if isinstance(value, list):
        assert len(set(value)) == len(value)
