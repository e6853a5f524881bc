"""Bodies as they arrive: they are what the HTTP library would have read, whatever the server does."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import h11._receivebuffer
import httpx
import pytest

from noillusion.core import loop
from noillusion.net import bodies
from noillusion.net import client as http
from tests.net.test_streams import Serve, serving

FILE = bytes(range(256)) * 40_000


def server(head: str, *pieces: bytes, pause_s: float = 0.0) -> Serve:
    """A server that answers once, with these pieces of a body."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode())
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause_s)

    return serve


def read(serve: Serve, *, most: int | None = None, seconds: float = 10.0) -> bytes:
    """The body that arrives, up to a number of bytes."""

    async def scenario() -> bytes:
        found = bytearray()
        async with serving(serve) as port:
            request = http.client().build_request("GET", f"http://127.0.0.1:{port}/", timeout=seconds)
            response = await http.client().send(request, stream=True)
            try:
                async for piece in bodies.arriving(response):
                    found += piece
                    if most is not None and len(found) >= most:
                        break
            finally:
                await response.aclose()
                await http.close()
        return bytes(found)

    return loop.run(scenario())


def test_S12_only_what_came_with_the_headers_goes_through_the_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = 0
    added = h11._receivebuffer.ReceiveBuffer.__iadd__

    def counted(buffer: h11._receivebuffer.ReceiveBuffer, data: bytes) -> h11._receivebuffer.ReceiveBuffer:
        nonlocal parsed
        parsed += len(data)
        return added(buffer, data)

    monkeypatch.setattr(h11._receivebuffer.ReceiveBuffer, "__iadd__", counted)
    assert read(server(f"content-length: {len(FILE)}", FILE)) == FILE
    # Two pieces at most: the headers, and what followed at once.
    assert 0 < parsed <= 1024 * 1024 < len(FILE)


@pytest.mark.parametrize(
    ("head", "pieces"),
    [
        ("content-length: 6", [b"abc", b"def"]),
        ("content-length: 6", [b"abcdef", b"of another response"]),
        ("transfer-encoding: chunked", [b"3\r\nabc\r\n", b"3\r\ndef\r\n0\r\n\r\n"]),
        ("content-length: 99\r\ntransfer-encoding: chunked", [b"6\r\nabcdef\r\n0\r\n\r\n"]),
        ("connection: close", [b"abc", b"def"]),
    ],
)
def test_a_body_is_whole_and_no_longer_however_its_end_is_told(head: str, pieces: Sequence[bytes]) -> None:
    assert read(server(head, *pieces, pause_s=0.05)) == b"abcdef"


def test_an_empty_body_is_empty() -> None:
    assert read(server("content-length: 0")) == b""


@pytest.mark.parametrize("pieces", [[], [b"abc"], [b"abc", b"de"]], ids=["nothing", "at once", "later"])
def test_a_body_that_ends_early_is_an_error(pieces: Sequence[bytes]) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        read(server("content-length: 6", *pieces, pause_s=0.05))


def test_a_body_that_stays_away_is_an_error() -> None:
    with pytest.raises(httpx.HTTPError):
        read(server("content-length: 6", b"abc", pause_s=2), seconds=0.2)


def test_a_body_can_be_left_before_its_end() -> None:
    assert len(read(server(f"content-length: {len(FILE)}", FILE), most=100)) >= 100
