"""A deployment whose AI providers are a server of others.

The servers are no packages of the product's environment, so these tests are collected only where ``AI_SERVERS`` is set, as by
``make test-ai-servers``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from noillusion.ai import service
from noillusion.catalog.providers import PROVIDERS
from noillusion.core import loop
from noillusion.settings import source as settings
from tests.ai_servers.servers import AIMock, LLMock, Server, started

if not os.environ.get("AI_SERVERS"):
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(scope="session")
def running() -> Iterator[dict[str, tuple[str, Server]]]:
    """Both servers, by name."""
    with started(LLMock) as first, started(AIMock) as second:
        yield {LLMock.name: first, AIMock.name: second}


def _deployed(found: tuple[str, Server], monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    base, server = found
    hosts = {provider.host: f"{base}{server.paths[name]}" for name, provider in PROVIDERS.items()}
    monkeypatch.setenv("ENDPOINTS", json.dumps(hosts))
    settings.settings.forget()
    server.reset()
    yield server
    loop.run(service.close())


@pytest.fixture(params=[LLMock.name, AIMock.name])
def server(
    request: pytest.FixtureRequest,
    running: dict[str, tuple[str, Server]],
    deployment: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Server]:
    """The AI providers of a deployment, once as each server plays them."""
    yield from _deployed(running[request.param], monkeypatch)


@pytest.fixture
def llmock(
    running: dict[str, tuple[str, Server]],
    deployment: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Server]:
    """The AI providers as ``llmock`` plays them."""
    yield from _deployed(running[LLMock.name], monkeypatch)


@pytest.fixture
def aimock(
    running: dict[str, tuple[str, Server]],
    deployment: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Server]:
    """The AI providers as ``@copilotkit/aimock`` plays them."""
    yield from _deployed(running[AIMock.name], monkeypatch)
