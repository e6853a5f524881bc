"""Listening sockets and servers on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from collections.abc import Callable, Iterator

import uvicorn
from starlette.types import ASGIApp

from local.options import StartFailed

HOST = "127.0.0.1"
PORTS_TO_TRY = 20
STOP_S = 2
IDLE_S = 75
"""How long a connection may rest. With a few seconds, clients on a busy machine write on one that is being closed."""


class _Server(uvicorn.Server):
    """Signals belong to whoever runs the whole, not to one of several servers."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listen(port: int, say: Callable[[str], None]) -> socket.socket:
    """A listening socket on the port, or on the next free one."""
    for candidate in range(port, port + PORTS_TO_TRY if port else 1):
        try:
            # asyncio turns off Nagle's delay, 40 ms an answer, only on sockets that name their protocol.
            listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((HOST, candidate))
            listening.listen(512)
        except OSError as refused:
            listening.close()
            if refused.errno != errno.EADDRINUSE:
                raise
            continue
        if candidate != port:
            say(f"port {port} is taken: using {candidate}")
        return listening
    raise StartFailed(f"ports {port} to {port + PORTS_TO_TRY - 1} are all taken: choose another with PORT=")


def url_of(listening: socket.socket) -> str:
    """Return the base URL of a listening socket."""
    return f"http://{HOST}:{listening.getsockname()[1]}"


async def serve(
    app: ASGIApp,
    listening: socket.socket,
    stack: contextlib.AsyncExitStack,
    create: Callable[[ASGIApp, int], uvicorn.Server] | None = None,
) -> None:
    """Serve an application until the stack is closed. Raises StartFailed."""
    if create:
        config = create(app, listening.getsockname()[1]).config
    else:
        config = uvicorn.Config(
            app, http="h11", ws="none", lifespan="off", log_level="warning", access_log=False, server_header=False,
            h11_max_incomplete_event_size=131_072,
        )  # fmt: skip
    config.timeout_graceful_shutdown = STOP_S
    config.timeout_keep_alive = IDLE_S
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    stack.push_async_callback(_stop_server, server, task)
    while not server.started:
        if task.done():
            raise StartFailed("a server ended before it had started")
        await asyncio.sleep(0.01)


async def _stop_server(server: uvicorn.Server, task: asyncio.Task[None]) -> None:
    server.should_exit = True
    await asyncio.wait([task], timeout=STOP_S + 1)
    await cancel([task])


async def cancel(tasks: list[asyncio.Task[None]]) -> None:
    """Cancel tasks and wait for their end."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
