"""The AI providers in their order of attempts, and what is known of each without its SDK: its host and its models.

Adding a provider begins here. Its adapter is the module ``noillusion.ai.providers.<name>``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from noillusion.catalog import lifetimes
from noillusion.core.records import record

Provider = Literal["openai", "anthropic", "google"]
NAMES: tuple[Provider, ...] = get_args(Provider)

Outcome = Literal[
    "rate_limited",
    "overloaded",
    "timeout",
    "network",
    "auth",
    "quota",
    "bad_request",
    "context_too_long",
    "content_refused",
    "answer_withheld",
    "bad_output",
    "internal_error",
]
"""What an attempt at a provider can end in if there is no usable answer."""


@record()
class Entry:
    """One provider: its name as people write it, the host of its API, and models to suggest, the default first."""

    title: str
    host: str
    models: tuple[str, ...]
    families: tuple[str, ...]
    """How the ids of its own models begin. Their prices are kept."""


PROVIDERS: Mapping[Provider, Entry] = {
    "openai": Entry(
        title="OpenAI",
        host="api.openai.com",
        models=lifetimes.models("openai"),
        families=("gpt-", "o1", "o3", "o4", "chatgpt-"),
    ),
    "anthropic": Entry(
        title="Anthropic",
        host="api.anthropic.com",
        models=lifetimes.models("anthropic"),
        families=("claude-",),
    ),
    "google": Entry(
        title="Google",
        host="generativelanguage.googleapis.com",
        models=lifetimes.models("google"),
        families=("gemini-", "gemma-"),
    ),
}
"""ai-providers.md section 7: cheap default first, then stronger ones. Any other model id can be asked for."""
