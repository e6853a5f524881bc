"""Files of one run that are read from their URLs while they are sent: a stream goes on from part to part, and from its last byte
after an interruption."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from noillusion.net.guarded import Interrupted, Refused, Source, open_url

MAX_MEDIA_BYTES = 10 * 1024 * 1024 * 1024
"""More than any platform takes. What a post may have is checked before it is sent."""
MOST_OPEN = 4
"""Streams that are kept for the next part. Platforms that take parts side by side take as many at once."""
RESUMES = 2
"""Attempts to go on without a byte in between, after which a source is given up."""
PAUSE_S = 0.5
PASSING = frozenset({"interrupted", "unreachable", "http_500", "http_502", "http_503", "http_504"})
"""Codes of failures of which the next request may know nothing."""


class Sources:
    """The streams of a run. Close it when the run ends."""

    def __init__(self) -> None:
        self._open: list[_Stream] = []
        self._versions: dict[str, tuple[int | None, str]] = {}

    @asynccontextmanager
    async def opened(self, url: str, span: tuple[int, int] | None = None) -> AsyncIterator[Source]:
        """Open a file or a part of it. Raises :class:`Refused`, with ``changed`` for another version than the one before."""
        async with open_url(url, limit=MAX_MEDIA_BYTES, span=span) as source:
            length, etag = self._versions.setdefault(url, (source.length, source.etag))
            if length not in (None, source.length or length) or etag not in ("", source.etag or etag):
                raise Refused("changed")
            yield source

    @asynccontextmanager
    async def part(self, url: str, span: tuple[int, int], following: int) -> AsyncIterator[AsyncIterator[bytes]]:
        """Yield the chunks of a part, whose stream stays open if more of the file will follow. Raises :class:`Refused`."""
        first, length = span
        stream = self._kept(url, first) or _Stream(self, url, first, first + length + following)
        try:
            await stream.open()
            yield stream.chunks(length)
        finally:
            if following and stream.at == first + length:
                await self._keep(stream)
            else:
                await stream.close()

    def _kept(self, url: str, at: int) -> _Stream | None:
        found = next((stream for stream in self._open if (stream.url, stream.at) == (url, at)), None)
        if found:
            self._open.remove(found)
        return found

    async def _keep(self, stream: _Stream) -> None:
        # A part that was sent twice has left one already.
        if (same := self._kept(stream.url, stream.at)) is not None:
            await same.close()
        self._open.append(stream)
        if len(self._open) > MOST_OPEN:
            await self._open.pop(0).close()

    async def close(self) -> None:
        """Close what is open."""
        while self._open:
            await self._open.pop().close()


class _Stream:
    """A file from ``at`` to ``end``, both in bytes."""

    def __init__(self, sources: Sources, url: str, at: int, end: int) -> None:
        self.url, self.at = url, at
        self._sources, self._end = sources, end
        self._source: Source | None = None
        self._stack = AsyncExitStack()

    async def open(self) -> Source:
        """Return the source, which is asked for the rest if it is not open."""
        if self._source is None:
            span = (self.at, self._end - self.at)
            self._source = await self._stack.enter_async_context(self._sources.opened(self.url, span))
        return self._source

    async def chunks(self, length: int) -> AsyncGenerator[bytes]:
        """Yield the next bytes. Raises :class:`Refused`."""
        end, failures = self.at + length, 0
        while self.at < end:
            try:
                source = await self.open()
                async for chunk in source.take(end - self.at):
                    self.at += len(chunk)
                    failures = 0
                    yield chunk
            except Refused as refused:
                going_on = isinstance(refused, Interrupted) or (self._source is None and refused.code in PASSING)
                if not going_on or failures == RESUMES:
                    raise
                await self.close()
                if failures:
                    await asyncio.sleep(PAUSE_S)
                failures += 1

    async def close(self) -> None:
        """Close the source."""
        self._source = None
        await self._stack.aclose()
