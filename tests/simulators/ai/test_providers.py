"""Promises that the three simulated AI providers have in common."""

from __future__ import annotations

import json
from typing import Any

import anthropic
import httpx
import httpx2
import jsonschema
import openai
import pytest
from google import genai
from google.genai import errors

from local.simulators.ai.sample_text import conforming
from local.simulators.world import World
from tests.simulators.ai.clients import (
    ANTHROPIC_KEY,
    GOOGLE_KEY,
    LUNA,
    OPENAI_KEY,
    PROMPT,
    configure,
    generate,
    message,
    set_fault,
)


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
