"""Keys, prompts and calls that the tests of the simulated AI providers share."""

from __future__ import annotations

from typing import Any

import anthropic
import httpx
from google import genai
from google.genai import types
from pydantic import BaseModel

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


def google_client(world: World, key: str = GOOGLE_KEY, version: str = "v1beta") -> genai.Client:
    base = f"{world.base}/generativelanguage.googleapis.com"
    options = types.HttpOptions(base_url=base, api_version=version, timeout=10_000)
    return genai.Client(api_key=key, vertexai=False, http_options=options)


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
