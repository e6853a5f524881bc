"""Simulators behind real HTTP on a free loopback port."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from types import ModuleType

from local.simulators.ai.anthropic import simulator as anthropic
from local.simulators.ai.google import simulator as google
from local.simulators.ai.openai import simulator as openai
from local.simulators.serve import create_app, create_server
from local.simulators.world import World


@contextmanager
def serving(*modules: ModuleType) -> Iterator[tuple[str, World]]:
    """Base URL and world of a server that has the simulators of ``modules`` and nothing else."""
    # asyncio turns off Nagle's delay, 40 ms an answer, only on sockets that name their protocol.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        world = World(base)
        for module in modules:
            world.add(module.create(world))
        server = create_server(create_app(world), 0)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive(), "the simulators' server did not start"
            time.sleep(0.005)
        try:
            yield base, world
        finally:
            server.should_exit = True
            thread.join(5)


def ai_providers() -> AbstractContextManager[tuple[str, World]]:
    """:func:`serving` with all AI providers."""
    return serving(openai, anthropic, google)


def endpoints(base: str, world: World, **others: str) -> str:
    """The setting ``ENDPOINTS`` by which the product reaches the simulators. ``others`` are further hosts."""
    hosts = [host for simulator in world.simulators.values() for host in simulator.hosts]
    return json.dumps({host: f"{base}/{host}" for host in hosts} | others)
