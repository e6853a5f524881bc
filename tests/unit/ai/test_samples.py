"""Answers in the form in which the providers send them, read by the real adapters. Each sample says what is to be read in it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx2
import pytest

from noillusion.ai.outcomes import Completion, ProviderError
from noillusion.ai.providers import Providers
from noillusion.ai.providers.transport import Transport
from noillusion.catalog.providers import PROVIDERS
from tests.support.ai import KEYS, prompt

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
NAMES = [(provider, path.stem) for provider in PROVIDERS for path in sorted((SAMPLES / provider).glob("*.json"))]


def ask(provider: Any, sample: dict[str, Any]) -> Completion | ProviderError:
    """What the adapter makes of a sample."""

    async def go() -> Completion | ProviderError:
        answer = httpx2.Response(sample["status"], headers=sample["headers"], content=json.dumps(sample["body"]).encode())
        providers = Providers(lambda host: f"https://{host}", Transport(httpx2.MockTransport(lambda _: answer)))
        try:
            return await providers[provider].complete(prompt(), model="m", key=KEYS[provider], seconds=60)
        except ProviderError as error:
            return error

    return asyncio.run(go())


def read(said: Completion | ProviderError) -> dict[str, Any]:
    """What was read, in the words of the samples."""
    limits = {name: value for name, value in asdict(said.limits).items() if value is not None}
    common = {"usage": asdict(said.usage) if said.usage else None, **limits}
    if isinstance(said, ProviderError):
        return {"outcome": said.outcome, "code": said.code, "answered": said.answered, "retry_after": said.retry_after, **common}
    return {"text": said.text.reveal(), "served_model": said.served_model, "finish": said.finish, **common}


def test_every_provider_has_samples() -> None:
    assert {provider for provider, _ in NAMES} == set(PROVIDERS) and len(NAMES) >= 40


@pytest.mark.parametrize(("provider", "name"), NAMES, ids=["/".join(name) for name in NAMES])
def test_an_answer_is_read_as_its_sample_says(provider: str, name: str) -> None:
    sample = json.loads((SAMPLES / provider / f"{name}.json").read_text())
    found = read(ask(provider, sample))
    assert {key: found[key] for key in sample["expected"]} == sample["expected"]
