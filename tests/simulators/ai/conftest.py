"""The three simulated AI providers behind real HTTP, and the official SDKs as their clients."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import anthropic
import httpx
import openai
import pytest
from google import genai

from local.simulators.ai.anthropic import simulator as anthropic_simulator
from local.simulators.ai.google import simulator as google_simulator
from local.simulators.ai.openai import simulator as openai_simulator
from local.simulators.hosts import build_app
from local.simulators.serve import create_server
from local.simulators.world import World
from tests.simulators.ai.clients import ANTHROPIC_KEY, OPENAI_KEY, google_client


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


@pytest.fixture(scope="module")
def gemini(world: World) -> Iterator[genai.Client]:
    client = google_client(world)
    yield client
    client.close()
