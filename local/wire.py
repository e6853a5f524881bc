"""A proxy between a client and PostgreSQL (or a pooler) that counts round trips on the wire and breaks connections on request."""

from __future__ import annotations

import asyncio
import struct
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from local.listening import stop_listening

CHUNK = 65_536
SSL_REQUEST, GSS_REQUEST, CANCEL_REQUEST = 80877103, 80877104, 80877102
ASKING = frozenset(b"SQHF")
"""Messages after which a client can wait for an answer: Sync, Query, Flush, FunctionCall (PostgreSQL documentation, 54.7)."""
PARSE, SYNC, FLUSH = b"PSH"
READY = b"Z\x00\x00\x00\x05I"
"""ReadyForQuery outside a transaction: what was sent is done."""


class FrontendReader:
    """Cuts what a client sends into messages. Start-up is passed over: ``on_message`` gets type and body of what follows it."""

    def __init__(self, on_message: Callable[[int, bytes], None]) -> None:
        self._buffer = bytearray()
        self._started = False
        self._on_message = on_message

    def feed(self, data: bytes) -> None:
        """The next bytes of the stream, cut anywhere."""
        self._buffer += data
        while (message := self._next()) is not None:
            kind, body = message
            if kind is not None:
                self._on_message(kind, body)

    def _next(self) -> tuple[int | None, bytes] | None:
        head = 5 if self._started else 4
        if len(self._buffer) < head:
            return None
        end = struct.unpack_from("!I", self._buffer, head - 4)[0] + head - 4
        if len(self._buffer) < end:
            return None
        kind, body = (self._buffer[0] if self._started else None), bytes(self._buffer[head:end])
        del self._buffer[:end]
        if not self._started:
            # Encryption requests and cancellations come without a start-up of their own.
            self._started = struct.unpack_from("!I", body)[0] not in (SSL_REQUEST, GSS_REQUEST, CANCEL_REQUEST)
        return kind, body


@dataclass(eq=False)
class Proxy:
    """Traffic over the wire. Connection set-up is not counted."""

    port: int
    round_trips: int = 0
    """Messages to which the server had to answer before the client could go on."""
    transactions: int = 0
    """Sync messages: ends of implicit transactions."""
    flushes: int = 0
    """Flush messages, which ask for answers without ending a transaction."""
    prepared: int = 0
    """Statements that were given a name, so that they would stay on the server."""
    connections: int = 0
    before_answer: Callable[[], None] | None = None
    """Called once when the client has sent its next Sync, before the server sees it."""
    swallow: bool = False
    """Lose the answers from now on."""
    lose_answer: bool = False
    """Break the next connection on which the server answers, in place of its answer."""
    withhold: int = 0
    """Pass on the next answer but for so many bytes at its end, and hang up, as a server or pooler does that is going away."""
    _loop: asyncio.AbstractEventLoop | None = field(default=None, repr=False)
    _open: set[asyncio.StreamWriter] = field(default_factory=set, repr=False)
    _serving: set[asyncio.Task[None]] = field(default_factory=set, repr=False)

    def reset(self) -> None:
        """Count from zero."""
        self.round_trips = self.transactions = self.flushes = self.prepared = self.connections = 0

    def url(self, database: str, user: str = "postgres") -> str:
        """Connection string for a database behind the proxy."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def cut(self) -> None:
        """Break every connection that is open now."""
        assert self._loop is not None
        done = threading.Event()

        def run() -> None:
            for writer in list(self._open):
                writer.transport.abort()
            done.set()

        self._loop.call_soon_threadsafe(run)
        done.wait(5)

    def _count(self, kind: int, body: bytes) -> None:
        if kind in ASKING:
            self.round_trips += 1
        if kind == SYNC:
            self.transactions += 1
        if kind == FLUSH:
            self.flushes += 1
        if kind == PARSE and not body.startswith(b"\0"):
            self.prepared += 1

    async def _serve(self, target: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            upstream_reader, upstream = await asyncio.open_connection("127.0.0.1", target)
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, upstream}
        try:
            await asyncio.gather(self._upwards(reader, upstream), self._downwards(upstream_reader, writer))
        finally:
            self._open -= {writer, upstream}

    async def _upwards(self, reader: asyncio.StreamReader, upstream: asyncio.StreamWriter) -> None:
        frontend = FrontendReader(self._count)
        with suppress(OSError):
            while data := await reader.read(CHUNK):
                before = self.transactions
                frontend.feed(data)
                if self.before_answer is not None and self.transactions > before:
                    act, self.before_answer = self.before_answer, None
                    await asyncio.to_thread(act)
                upstream.write(data)
                await upstream.drain()
        upstream.close()

    async def _downwards(self, upstream_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await upstream_reader.read(CHUNK):
                if self.withhold and data.endswith(READY):
                    passed, self.withhold = data[: -self.withhold], 0
                    writer.write(passed)
                    await writer.drain()
                    break
                if self.lose_answer and data.endswith(READY):
                    self.lose_answer = False
                    writer.transport.abort()
                    break
                if not (self.swallow or self.lose_answer):
                    writer.write(data)
                    await writer.drain()
        writer.close()


@contextmanager
def counting(target: int) -> Iterator[Proxy]:
    """A proxy to a loopback port for the time of the block, in a thread of its own."""
    proxy = Proxy(0)
    ready, stop = threading.Event(), asyncio.Event()

    async def run() -> None:
        proxy._loop = asyncio.get_running_loop()
        server = await asyncio.start_server(_handler(proxy, target), "127.0.0.1", 0)
        proxy.port = int(server.sockets[0].getsockname()[1])
        ready.set()
        await stop.wait()
        await stop_listening(server)
        for writer in list(proxy._open):
            writer.transport.abort()
        await asyncio.gather(*proxy._serving)

    thread = threading.Thread(target=asyncio.run, args=(run(),), daemon=True)
    thread.start()
    ready.wait()
    try:
        yield proxy
    finally:
        assert proxy._loop is not None
        proxy._loop.call_soon_threadsafe(stop.set)
        thread.join()


def _handler(proxy: Proxy, target: int) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(proxy._serve(target, reader, writer))
        proxy._serving.add(task)
        await task
        proxy._serving.discard(task)

    return handle
