"""Serve the simulators on loopback: ``python -m local.simulators.serve [port]``."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable
from importlib import import_module
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from local.simulators.hosts import TRANSPORTS, build_app
from local.simulators.registry import MODULES
from local.simulators.world import World


class _Protocol(H11Protocol):
    """uvicorn's protocol, which also remembers its transport so that a fault can cut the line."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._peer: Any = transport.get_extra_info("peername")
        TRANSPORTS[self._peer] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        TRANSPORTS.pop(self._peer, None)
        super().connection_lost(exc)


def create_world(base: str) -> World:
    """A world with all simulators in it; ``base`` is the URL it will be served at, without a trailing slash."""
    world = World(base)
    for module in MODULES.values():
        world.add(import_module(module).create(world))
    return world


def create_app(world: World, extra: Iterable[BaseRoute] = ()) -> Starlette:
    """The ASGI application of a world, with the sample media that platforms can pull, and a receiver of webhooks."""
    from local.simulators import hooks, media

    return build_app(world, [*media.routes(world), *hooks.routes(), *extra])


def create_server(app: ASGIApp, port: int) -> uvicorn.Server:
    """A loopback-only server for ``app``. Each simulator dates its answers by its own clock."""
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, http=_Protocol, ws="none", lifespan="off", log_level="warning", access_log=False,
        date_header=False,
    )  # fmt: skip
    return uvicorn.Server(config)


if __name__ == "__main__":
    chosen = int(sys.argv[1]) if len(sys.argv) > 1 else 8001
    create_server(create_app(create_world(f"http://127.0.0.1:{chosen}")), chosen).run()
