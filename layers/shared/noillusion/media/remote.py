"""Facts of a file behind a URL, by range requests that read some hundred KiB at most."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing

from noillusion.core.records import record
from noillusion.media.facts import MediaFacts
from noillusion.media.reading import read
from noillusion.media.window import MOST_BYTES, Ended, Span, Window
from noillusion.net.guarded import Allowance, Refused, Source, open_part, open_url


@record(eq=True)
class Look:
    """What was found behind a URL, and what it took to find out."""

    facts: MediaFacts
    redirected: bool = False
    compressed: bool = False
    """The file is only served in an encoding such as gzip, so its own bytes were not read."""
    requests: int = 0
    bytes: int = 0


async def look_at(url: str, *, seconds: float, allowance: Allowance | None = None) -> Look:
    """Return what is behind a URL, as far as it can be read within some seconds.

    Raises :class:`Refused` if nothing can be read, with the codes of ``net/guarded.py`` and ``interrupted``, ``wrong_part`` and
    ``unreachable`` (also if the time is over before the first byte). Later failures leave facts unknown.
    """
    ends, window = asyncio.get_running_loop().time() + seconds, Window()
    async with AsyncExitStack() as stack:
        remote, reading = _Remote(url, allowance, stack), read(window)
        try:
            span = next(reading)
            while True:
                part = await _part(remote, span, ends, started=bool(window.beginning(1)))
                window.size = remote.size
                span = reading.send(part) if part else reading.throw(Ended())
        except StopIteration as done:
            facts: MediaFacts = done.value
        return Look(facts, remote.redirected, remote.compressed, remote.requests, remote.bytes)


async def _part(remote: _Remote, span: Span, ends: float, *, started: bool) -> bytes:
    try:
        async with asyncio.timeout_at(ends):
            return await remote.read(span)
    except TimeoutError:
        refused = Refused("unreachable")
    except Refused as failure:
        refused = failure
    if not started:
        raise refused
    return b""


class _Remote:
    """A file that is read by spans, or by its beginning if its source ignores ranges. ``size`` in bytes."""

    def __init__(self, url: str, allowance: Allowance | None, stack: AsyncExitStack) -> None:
        self.size: int | None = None
        self.redirected = self.compressed = False
        self.requests = self.bytes = 0
        self._url, self._allowance, self._stack = url, allowance, stack
        self._beginning = bytearray()
        self._body: AsyncGenerator[bytes] | None = None

    async def read(self, span: Span) -> bytes:
        """Return a span, as much of it as there is. Raises :class:`Refused`."""
        if self._body is None and (part := await self._request(span)) is not None:
            return part
        wanted = min(span.offset + span.length, MOST_BYTES)
        while self._body is not None and len(self._beginning) < wanted and span.offset < MOST_BYTES:
            chunk = await anext(self._body, None)
            if chunk is None:
                self.size = len(self._beginning)
                break
            self._beginning += chunk
            self.bytes += len(chunk)
        return bytes(self._beginning[span.offset : wanted])

    async def _request(self, span: Span) -> bytes | None:
        """Return a span, ``None`` from a source that ignores ranges: its body is kept open, to be read from the start."""
        async with AsyncExitStack() as here:
            source = await here.enter_async_context(open_part(self._url, (span.offset, span.length), self._allowance))
            self._learn(source)
            if source.status == 206 and not source.compressed:
                return await self._taken(source, span.length)
            if source.status == 416:
                if span.offset or source.length == 0:
                    return b""
                # It refuses ranges altogether, although the file has a beginning.
                source = await here.enter_async_context(open_url(self._url, limit=1 << 62, allowance=self._allowance))
                self._learn(source)
            if self.compressed:
                return b""
            self._body = await here.enter_async_context(aclosing(source.chunks(None)))
            await self._stack.enter_async_context(here.pop_all())
        return None

    def _learn(self, source: Source) -> None:
        self._url = source.url
        self.requests += 1 + source.redirects
        self.redirected |= source.redirects > 0
        self.compressed |= source.compressed
        if self.compressed:
            self.size = None
        elif self.size is None:
            self.size = source.length
        elif source.length not in (None, self.size):
            # Another file than the one whose beginning was read.
            raise Refused("interrupted")

    async def _taken(self, source: Source, most: int) -> bytes:
        taken = bytearray()
        async with aclosing(source.chunks(None)) as chunks:
            async for chunk in chunks:
                taken += chunk
                self.bytes += len(chunk)
                if len(taken) >= most:
                    break
        return bytes(taken[:most])
