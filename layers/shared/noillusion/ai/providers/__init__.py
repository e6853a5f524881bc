"""The three providers behind one call. An SDK is imported when its provider is first used, never with this package."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from noillusion.ai.outcomes import Completion, Provider
from noillusion.ai.prompts import Prompt
from noillusion.ai.providers import anthropic, google, openai
from noillusion.ai.providers.transport import Transport
from noillusion.core.sensitive import Secret


class Adapter(Protocol):
    """One provider."""

    async def complete(self, prompt: Prompt, *, model: str, key: Secret, seconds: float) -> Completion:
        """One request, no retries; ``seconds`` bound the whole call. :class:`ProviderError`: everything that is no answer."""
        ...


HOSTS: Mapping[Provider, str] = {
    "openai": "api.openai.com",
    "anthropic": "api.anthropic.com",
    "google": "generativelanguage.googleapis.com",
}
DEFAULT_MODELS: Mapping[Provider, str] = {
    "openai": "gpt-6-luna",
    "anthropic": "claude-haiku-5-5",
    "google": "gemini-3.5-flash-lite",
}
SUGGESTED_MODELS: Mapping[Provider, tuple[str, ...]] = {
    "openai": ("gpt-6-luna", "gpt-6.1-terra", "gpt-6.1-sol"),
    "anthropic": ("claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5"),
    "google": ("gemini-3.5-flash-lite", "gemini-3.8-flash"),
}
"""ai-providers.md section 7: cheap default first, then stronger ones. Any other model id can be asked for."""

OPTIONS: Mapping[Provider, Mapping[str, Any]] = {
    "openai": openai.OPTIONS,
    "anthropic": anthropic.OPTIONS,
    "google": google.OPTIONS,
}
"""What an adapter sends besides the messages and the shared parameters, shown to the user as it is sent."""

_ADAPTERS: Mapping[Provider, Callable[[Transport, str], Adapter]] = {
    "openai": openai.OpenAI,
    "anthropic": anthropic.Anthropic,
    "google": google.Google,
}


class Providers:
    """The adapters of one process, made on first use. ``endpoint`` gives the base URL of a host."""

    def __init__(self, endpoint: Callable[[str], str], transport: Transport | None = None) -> None:
        self._endpoint = endpoint
        self._transport = transport or Transport()
        self._adapters: dict[Provider, Adapter] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    def __getitem__(self, provider: Provider) -> Adapter:
        if self._loop is not asyncio.get_running_loop():
            # Connections belong to the loop they were opened on; a new loop starts without any.
            self._loop = asyncio.get_running_loop()
            self._adapters.clear()
            self._transport.forget()
        if provider not in self._adapters:
            base_url = self._endpoint(HOSTS[provider]).rstrip("/")
            self._adapters[provider] = _ADAPTERS[provider](self._transport, base_url)
        return self._adapters[provider]

    async def aclose(self) -> None:
        """Close the connections. The adapters cannot be used afterwards."""
        await self._transport.aclose()


__all__ = ["DEFAULT_MODELS", "HOSTS", "OPTIONS", "SUGGESTED_MODELS", "Adapter", "Providers"]
