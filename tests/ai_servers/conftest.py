"""A deployment whose AI providers are a server of others.

The servers are no packages of the product's environment, so these tests are collected only where ``AI_SERVERS`` is set, as by
``make test-ai-servers``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
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


@pytest.fixture
def play(
    running: dict[str, tuple[str, Server]], deployment: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], Server]]:
    """Lets a server, by its name, play the AI providers of a deployment."""
    with ExitStack() as stack:
        yield lambda name: stack.enter_context(contextmanager(_deployed)(running[name], monkeypatch))


@pytest.fixture(params=[LLMock.name, AIMock.name])
def server(request: pytest.FixtureRequest, play: Callable[[str], Server]) -> Server:
    """The AI providers, once as each server plays them."""
    return play(request.param)


@pytest.fixture
def llmock(play: Callable[[str], Server]) -> Server:
    """The AI providers as ``llmock`` plays them."""
    return play(LLMock.name)


@pytest.fixture
def aimock(play: Callable[[str], Server]) -> Server:
    """The AI providers as ``@copilotkit/aimock`` plays them."""
    return play(AIMock.name)
