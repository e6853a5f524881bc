"""The three providers behind one call. An SDK is imported when its provider is first used, never with this package."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, Protocol

from noillusion.ai.outcomes import Completion, ProviderError
from noillusion.ai.prompts import Prompt
from noillusion.ai.providers.reading import parsed
from noillusion.ai.providers.transport import Transport
from noillusion.catalog.models import Effort
from noillusion.catalog.providers import PROVIDERS, Provider
from noillusion.core.sensitive import Secret


class Adapter(Protocol):
    """One provider."""

    async def complete(
        self, prompt: Prompt, *, model: str, key: Secret, seconds: float, effort: Effort | None = None
    ) -> Completion:
        """One request, no retries; ``seconds`` bound the whole call. ``effort``: how hard the model is to think.

        :class:`ProviderError`: everything that is no answer.
        """
        ...


def options(provider: Provider, effort: Effort | None) -> dict[str, Any]:
    """Return what an adapter sends besides the messages and the shared parameters, shown to the user as it is sent."""
    shown: dict[str, Any] = _module(provider).options(effort)
    return shown


def probe(provider: Provider, key: Secret) -> tuple[str, dict[str, str]]:
    """Return the URL and the headers of a call that only a valid key may make, and that costs nothing."""
    path, headers = _module(provider).probe(key)
    return f"https://{PROVIDERS[provider].host}{path}", headers


def refusal(provider: Provider, status: int, headers: Mapping[str, str], body: bytes) -> ProviderError | None:
    """Return what an answer with another status than 200 says; ``None`` if it says that there is no such key."""
    adapter, told = _module(provider), parsed(body)
    return None if adapter.rejects_key(status, told) else adapter.refused(status, headers, told)


def _module(provider: Provider) -> Any:
    return import_module(f"{__name__}.{provider}")


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
            base_url = self._endpoint(PROVIDERS[provider].host).rstrip("/")
            self._adapters[provider] = _module(provider).ADAPTER(self._transport, base_url)
        return self._adapters[provider]

    async def aclose(self) -> None:
        """Close the connections. The adapters cannot be used afterwards."""
        await self._transport.aclose()
