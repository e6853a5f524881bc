"""Simulators behind real HTTP on a free loopback port."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from types import ModuleType

import uvicorn

from local.listening import stop_listening
from local.simulators.ai.anthropic import simulator as anthropic
from local.simulators.ai.google import simulator as google
from local.simulators.ai.openai import simulator as openai
from local.simulators.serve import create_app, create_server
from local.simulators.world import World
from noillusion.catalog.providers import PROVIDERS

STOP_S = 5
NOWHERE = {provider.host: "http://127.0.0.1:9" for provider in PROVIDERS.values()}
"""Where the AI providers are that no test simulates: at a port on which nothing listens."""


class _Server(uvicorn.Server):
    """Ends as soon as it is told to: uvicorn looks only every tenth of a second, and thousands of tests have a server each."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._end = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen."""
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)

    async def main_loop(self) -> None:
        """Wait for the end."""
        await self._end.wait()

    def end(self) -> None:
        """End; from any thread."""
        self._loop.call_soon_threadsafe(self._end.set)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more requests and let those that are being answered end."""
        await stop_listening(*self.servers)
        for listening in sockets or ():
            listening.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        until = time.monotonic() + STOP_S
        while (self.server_state.connections or self.server_state.tasks) and time.monotonic() < until:
            await asyncio.sleep(0.002)


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
        server = _Server(create_server(create_app(world), 0).config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive(), "the simulators' server did not start"
            time.sleep(0.005)
        try:
            yield base, world
        finally:
            server.end()
            thread.join(STOP_S)


def ai_providers() -> AbstractContextManager[tuple[str, World]]:
    """:func:`serving` with all AI providers."""
    return serving(openai, anthropic, google)


def endpoints(base: str, world: World, **others: str) -> str:
    """The setting ``ENDPOINTS`` by which the product reaches the simulators. ``others`` are further hosts."""
    hosts = [host for simulator in world.simulators.values() for host in simulator.hosts]
    return json.dumps(NOWHERE | {host: f"{base}/{host}" for host in hosts} | others)
