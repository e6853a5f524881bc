"""Connections of the HTTP client, on asyncio's own transports: what has come is handed on in one piece, and writing goes on
while the next piece is read.

The library's own connections cut what has come into pieces of 64 KiB, 16 KiB with TLS, and wait until each piece is written. A
video that streams through the function then takes twice the processor time (docs/benchmarks.md).
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any, cast

import httpcore

AHEAD_BYTES = 512 * 1024
"""Bytes that may lie in memory for a connection, in each direction, before its other end has to wait."""
NEXT_ADDRESS_S = 0.25
"""Seconds after which the next address of a host is tried beside the one before (RFC 8305)."""


@contextlib.contextmanager
def _raised_as(failed: type[Exception], late: type[Exception]) -> Iterator[None]:
    """Raise the library's own errors instead of the system's. A time-out is an ``OSError`` as well."""
    try:
        yield
    except TimeoutError as error:
        raise late(str(error)) from error
    except (OSError, ssl.SSLError) as error:
        raise failed(str(error)) from error


class _Connection(asyncio.Protocol):
    """The bytes that have come, and whether more may be written."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport
        self._came: deque[bytes] = deque()
        self._ahead = 0
        self._paused = self._ended = False
        self._error: Exception | None = None
        self._news, self._room = asyncio.Event(), asyncio.Event()
        self._room.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Learn the transport; with TLS it is another one."""
        self.transport = cast(asyncio.Transport, transport)
        self.transport.set_write_buffer_limits(AHEAD_BYTES)

    def data_received(self, data: bytes) -> None:
        """Keep what has come, and let the other end wait if it is much."""
        self._came.append(data)
        self._ahead += len(data)
        if self._ahead >= AHEAD_BYTES and not self._paused:
            self._paused = True
            self.transport.pause_reading()
        self._news.set()

    def eof_received(self) -> None:
        """Take note that nothing more will come."""
        self._ended = True
        self._news.set()

    def connection_lost(self, error: Exception | None) -> None:
        """End every wait."""
        self._ended, self._error = True, error
        self._news.set()
        self._room.set()

    def pause_writing(self) -> None:
        """Let writers wait."""
        self._room.clear()

    def resume_writing(self) -> None:
        """Let writers go on."""
        self._room.set()

    @property
    def readable(self) -> bool:
        """Return whether there is something to read, be it the end. A connection at rest can then be used no more."""
        return self._news.is_set()

    async def read(self) -> bytes:
        """Return what has come, as soon as there is something; nothing at the end."""
        await self._news.wait()
        if not self._came:
            if self._error:
                raise self._error
            return b""
        data = self._came.popleft() if len(self._came) == 1 else b"".join(self._came)
        self._came.clear()
        self._ahead = 0
        if not self._ended:
            self._news.clear()
            if self._paused:
                self._paused = False
                self.transport.resume_reading()
        return data

    async def write(self, data: bytes) -> None:
        """Write, and wait as long as too much of it lies in memory."""
        self._check()
        self.transport.write(data)
        if not self._room.is_set():
            await self._room.wait()
            self._check()

    def _check(self) -> None:
        if self._error or self.transport.is_closing():
            raise self._error or BrokenPipeError


class Stream(httpcore.AsyncNetworkStream):
    """One connection, as the library uses it."""

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002, ASYNC109 - as the library has it
        """Return what has come. It may be more than ``max_bytes``, because cutting it would copy most of it again."""
        with _raised_as(httpcore.ReadError, httpcore.ReadTimeout):
            async with asyncio.timeout(timeout):
                return await self._connection.read()

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - as the library has it
        """Write bytes, some of which may leave later."""
        if buffer:
            with _raised_as(httpcore.WriteError, httpcore.WriteTimeout):
                async with asyncio.timeout(timeout):
                    await self._connection.write(buffer)

    async def aclose(self) -> None:
        """Close the connection at once: whoever has an answer needs it no more, and all others have given up."""
        self._connection.transport.abort()
        # The socket is closed in the next turn of the loop.
        await asyncio.sleep(0)

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - as the library has it
    ) -> Stream:
        """Begin to speak TLS."""
        connection = self._connection
        with _raised_as(httpcore.ConnectError, httpcore.ConnectTimeout):
            try:
                async with asyncio.timeout(timeout):
                    transport = await asyncio.get_running_loop().start_tls(
                        connection.transport, connection, ssl_context, server_hostname=server_hostname
                    )
            except BaseException:
                await self.aclose()
                raise
            if transport is None:
                raise ConnectionAbortedError
        connection.connection_made(transport)
        return self

    def get_extra_info(self, info: str) -> Any:
        """Return what the library asks about a connection."""
        if info == "is_readable":
            return self._connection.readable
        return self._connection.transport.get_extra_info(_NAMES.get(info, info))


_NAMES = {"client_addr": "sockname", "server_addr": "peername"}


class Backend(httpcore.AsyncNetworkBackend):
    """Opens connections."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - as the library has it
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> Stream:
        """Open a TCP connection."""
        with _raised_as(httpcore.ConnectError, httpcore.ConnectTimeout):
            async with asyncio.timeout(timeout):
                _, connection = await asyncio.get_running_loop().create_connection(
                    _Connection, host, port, happy_eyeballs_delay=NEXT_ADDRESS_S
                )
        return Stream(connection)

    async def sleep(self, seconds: float) -> None:
        """Wait before another attempt to connect."""
        await asyncio.sleep(seconds)
