"""Connections keep little in memory, whoever is slow, and fail as the library's own ones do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpcore
import httpx
import pytest

from noillusion.net import client as http
from noillusion.net.streams import AHEAD_BYTES, Backend, Stream

SOCKETS = 12_000_000
"""Bytes that lie in the buffers of both sockets at most."""
SIZE = 40_000_000
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(serve: Serve) -> AsyncIterator[int]:
    """A server on a loopback port."""

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(once, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def connected(port: int) -> Stream:
    return await Backend().connect_tcp("127.0.0.1", port, 5)


def test_S12_what_nobody_reads_stays_with_the_sender() -> None:
    async def scenario() -> None:
        sent, block = 0, bytes(100_000)

        async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal sent
            while sent < SIZE:
                writer.write(block)
                await writer.drain()
                sent += len(block)

        async with serving(serve) as port:
            stream = await connected(port)
            await asyncio.sleep(0.5)
            assert sent < SOCKETS
            pieces = [await stream.read(1)]
            # A first look takes what lies in memory: what was allowed, and the piece that went over it.
            assert len(pieces[0]) <= AHEAD_BYTES + 256 * 1024
            while piece := await stream.read(1, 5):
                pieces.append(piece)
            assert sum(map(len, pieces)) == SIZE and max(map(len, pieces)) <= AHEAD_BYTES + 256 * 1024
            await stream.aclose()

    asyncio.run(scenario())


def test_S12_a_writer_waits_for_a_slow_reader() -> None:
    async def scenario() -> None:
        go_on, got = asyncio.Event(), 0

        async def serve(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
            nonlocal got
            await go_on.wait()
            while data := await reader.read(1 << 20):
                got += len(data)

        async with serving(serve) as port:
            stream, sent, block = await connected(port), 0, bytes(100_000)
            with pytest.raises(httpcore.WriteTimeout):
                while sent < SIZE:
                    await stream.write(block, 0.5)
                    sent += len(block)
            assert AHEAD_BYTES < sent < SOCKETS
            go_on.set()
            await stream.write(block, 5)
            while got < sent + 2 * len(block):
                await asyncio.sleep(0.01)
            await stream.aclose()

    asyncio.run(scenario())


def test_whoever_waits_learns_that_the_connection_is_gone() -> None:
    async def scenario() -> None:
        async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"the end")
            await writer.drain()
            await asyncio.sleep(0.2)
            writer.transport.abort()

        async with serving(serve) as port:
            stream = await connected(port)
            assert await stream.read(100, 5) == b"the end"
            assert await stream.read(100, 5) == b""
            assert stream.get_extra_info("is_readable")
            with pytest.raises(httpcore.WriteError):
                await stream.write(bytes(100))
            writing = await connected(port)
            with pytest.raises(httpcore.WriteError):
                while True:
                    await writing.write(bytes(AHEAD_BYTES), 5)
            assert await writing.read(100) in (b"the end", b"")

    asyncio.run(scenario())


def test_failures_have_the_names_of_the_library() -> None:
    async def scenario() -> None:
        async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
            await reader.read()

        async with serving(silent) as port, httpx.AsyncClient(transport=http.Transport(http.tls()), timeout=0.3) as client:
            with pytest.raises(httpx.ReadTimeout):
                await client.get(f"http://127.0.0.1:{port}/")
            with pytest.raises(httpx.ConnectTimeout):
                await client.get(f"https://127.0.0.1:{port}/")
        async with httpx.AsyncClient(transport=http.Transport(http.tls()), timeout=5) as client:
            with pytest.raises(httpx.ConnectError):
                await client.get(f"http://127.0.0.1:{port}/")
        async with serving(lambda _, writer: writer.drain()) as port:
            with pytest.raises(httpcore.ConnectError):
                await (await connected(port)).start_tls(http.tls(), "media.example", 5)

    asyncio.run(scenario())


def test_a_connection_that_the_server_has_closed_is_not_used_again() -> None:
    async def scenario() -> None:
        connections = 0

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal connections
            connections += 1
            for _ in range(2):
                await reader.readuntil(b"\r\n\r\n")
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")

        async with serving(serve) as port, httpx.AsyncClient(transport=http.Transport(http.tls()), timeout=5) as client:
            for used in (1, 1, 2, 2, 3):
                await asyncio.sleep(0.05)
                assert (await client.get(f"http://127.0.0.1:{port}/")).text == "ok"
                assert connections == used

    asyncio.run(scenario())


def test_a_closed_connection_ends_at_the_other_side_too() -> None:
    async def scenario() -> None:
        ended = asyncio.Event()

        async def serve(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
            await reader.read()
            ended.set()

        async with serving(serve) as port:
            await (await connected(port)).aclose()
            await asyncio.wait_for(ended.wait(), 5)

    asyncio.run(scenario())
