"""Bodies of responses as they arrive, without the copies that the HTTP library makes.

Its parser copies each piece four times. That is what a video that streams through the function takes most of its processor time
for, so where the length of a body is known, all but its first piece is read from the connection itself.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING, cast

import httpx

if TYPE_CHECKING:
    import httpcore


async def arriving(response: httpx.Response) -> AsyncGenerator[bytes]:
    """Yield the body of a response that nobody has read, in pieces as they come. Raises :class:`httpx.HTTPError`.

    The connection is of no use afterwards: the library does not know what was read.
    """
    # The library itself brings it with the first client.
    import httpcore

    pieces, left = cast(AsyncGenerator[bytes], response.aiter_raw()), _length(response)
    if left is None:
        async for piece in pieces:
            yield piece
        return
    stream: httpcore.AsyncNetworkStream = response.extensions["network_stream"]
    seconds = response.request.extensions.get("timeout", {}).get("read")
    try:
        async with aclosing(pieces):
            # What came together with the headers is still with the parser.
            piece = await anext(pieces, b"")
            while piece:
                yield piece
                left -= len(piece)
                piece = (await stream.read(left, seconds))[:left] if left else b""
    except (httpcore.NetworkError, httpcore.TimeoutException) as failure:
        raise httpx.ReadError(str(failure)) from failure
    if left:
        raise httpx.RemoteProtocolError("the body ended before its length")


def _length(response: httpx.Response) -> int | None:
    """Return the number of bytes of a body that ends with its last byte and with nothing else."""
    length = response.headers.get("content-length", "")
    plain = "transfer-encoding" not in response.headers and "network_stream" in response.extensions
    return int(length) if plain and response.request.method == "GET" and length.isdecimal() else None
