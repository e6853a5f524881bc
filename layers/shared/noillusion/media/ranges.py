"""Parts of a file that a request asks for (RFC 9110, section 14)."""

from __future__ import annotations

import re
from typing import Final

from noillusion.core.errors import Problem

_RANGE: Final = re.compile(r"bytes=(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))", re.IGNORECASE | re.ASCII)


class RangeNotSatisfiable(Problem):
    """The file, of ``size`` bytes, has no such part."""

    status = 416

    def __init__(self, size: int) -> None:
        super().__init__("range_not_satisfiable")
        self.size = size


def part(header: str, size: int) -> tuple[int, int] | None:
    """Return the first and the last byte of the part that a ``Range`` header names, ``None`` for the whole file.

    What is malformed, in another unit or names several parts is ignored, as a server may. Raises
    :class:`RangeNotSatisfiable`.
    """
    match = _RANGE.fullmatch(header.strip())
    if match is None:
        return None
    if match[3] is not None:
        length = int(match[3])
        if not length or not size:
            raise RangeNotSatisfiable(size)
        return max(0, size - length), size - 1
    first, last = int(match[1]), int(match[2]) if match[2] else size - 1
    if match[2] and last < first:
        return None
    if first >= size:
        raise RangeNotSatisfiable(size)
    return first, min(last, size - 1)
