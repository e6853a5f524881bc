"""The end of listening: every connection that was accepted belongs to somebody who closes it."""

from __future__ import annotations

import asyncio
from typing import Final

STEPS: Final = 10
"""Turns of the loop in which an accepted connection gets its protocol and the task that serves it. It takes up to five."""


async def stop_listening(*servers: asyncio.Server) -> None:
    """Take no more connections. Those that were accepted just now begin first, because until then nobody knows of them."""
    loop = asyncio.get_running_loop()
    for server in servers:
        for listening in server.sockets:
            loop.remove_reader(listening.fileno())
    for _ in range(STEPS):
        await asyncio.sleep(0)
    for server in servers:
        server.close()
