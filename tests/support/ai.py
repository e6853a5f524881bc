"""Small builders for the tests of generation."""

from __future__ import annotations

from typing import Any

from noillusion.ai.models import GenerateRequest
from noillusion.ai.prompts import Prompt, build
from noillusion.catalog.providers import Provider
from noillusion.core.sensitive import Secret
from noillusion.profiles.author import Author

MARK = "Zinnober-Canary"
KEYS: dict[Provider, Secret] = {
    "openai": Secret("sk-canary-openai-1"),
    "anthropic": Secret("sk-ant-canary-2"),
    "google": Secret("AIza-canary-3"),
}


def request(**changes: Any) -> GenerateRequest:
    """A request for two platforms; ``changes`` replace or add fields."""
    return GenerateRequest.model_validate({"task": "generate", "platforms": ["facebook", "linkedin"], "topic": MARK} | changes)


def prompt(**changes: Any) -> Prompt:
    """The prompt of :func:`request`."""
    return build(request(**changes), Author(display_name="Ada"))
