"""The bytes of a file as far as a reader asked for them. Readers do no I/O: they yield spans, and whoever drives them reads."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import suppress
from typing import TypeAlias, TypeVar

from noillusion.core.records import record

T = TypeVar("T")
FIRST = 64 * 1024
"""Bytes of the first span. It holds everything that most images need."""
CHUNK = 16 * 1024
"""Bytes that are asked for at least: what stands next to something small is often wanted next."""
LARGEST = 128 * 1024
"""Bytes of the largest span."""
MOST_BYTES = 256 * 1024
MOST_SPANS = 10
"""Bounds for one file, the first span included."""
MOST_STEPS = 20_000
"""Looks at bytes for one file, whatever it claims about itself."""


@record(eq=True)
class Span:
    """A part of a file, in bytes."""

    offset: int
    length: int


class Ended(Exception):
    """There is nothing more to read: the file ends here, cannot be read on, or has used up its bounds."""


Reading: TypeAlias = Generator[Span, bytes, T]
"""Yields spans and receives their bytes, fewer where the file ends. :class:`Ended` is thrown in where nothing can be read."""


class Window:
    """The parts of one file that were read. ``size`` is set by the driver once it is known."""

    def __init__(self, whole: bytes | None = None) -> None:
        self.size = None if whole is None else len(whole)
        self._parts: list[tuple[int, bytes]] = [] if whole is None else [(0, whole)]
        self._whole = whole is not None
        self._asked = self.steps = self.spans = 0

    def at(self, offset: int, length: int) -> Reading[bytes]:
        """Return exactly ``length`` bytes at an offset. Raises :class:`Ended`."""
        self.steps += 1
        if length < 0 or offset < 0 or length > LARGEST or self.steps > MOST_STEPS:
            raise Ended
        if (known := self.known(offset, length)) is not None:
            return known
        yield from self.load(offset, max(length, CHUNK if self._parts else FIRST))
        if (known := self.known(offset, length)) is None:
            raise Ended
        return known

    def load(self, offset: int, length: int) -> Reading[None]:
        """Read a part, as much of it as one span may have, unless it is there already. Raises :class:`Ended`."""
        length = min(length, LARGEST, MOST_BYTES - self._asked)
        if self.size is not None:
            length = min(length, self.size - offset)
        if length > 0 and self.known(offset, length) is not None:
            return
        if self._whole or length <= 0 or self.spans >= MOST_SPANS:
            raise Ended
        self.spans += 1
        self._asked += length
        part = yield Span(offset, length)
        self._parts.append((offset, part[:length]))

    def ahead(self, offset: int, length: int) -> Reading[None]:
        """Read a part of which more than one look will be taken. Where that is impossible, what is at hand may do."""
        with suppress(Ended):
            yield from self.load(offset, length)

    def beginning(self, most: int) -> bytes:
        """Return what is known from the start of the file, at most so many bytes."""
        return next((part[:most] for at, part in self._parts if at == 0), b"")

    def known(self, offset: int, length: int) -> bytes | None:
        """Return what was read already, ``None`` if not all of it was."""
        for at, part in self._parts:
            if at <= offset and offset + length <= at + len(part):
                return part[offset - at : offset - at + length]
        return None


def number(data: bytes, at: int = 0, length: int = 4, *, little: bool = False) -> int:
    """Return an unsigned integer within bytes."""
    return int.from_bytes(data[at : at + length], "little" if little else "big")
