"""Boxes of the ISO base media file format, which MP4, MOV, HEIF and AVIF share (ISO/IEC 14496-12, 4.2)."""

from __future__ import annotations

from collections.abc import Iterable

from noillusion.core.records import record
from noillusion.media.window import Reading, Window, number

MOST_SIBLINGS = 64
"""Boxes that are looked at side by side."""


@record(eq=True)
class Box:
    """A box: its type, and where its content begins and ends. ``end`` is ``None`` if it goes on to the end of the file."""

    kind: bytes
    start: int
    end: int | None


def box(window: Window, at: int, end: int | None) -> Reading[Box | None]:
    """Return the box at an offset within a parent that ends at ``end``, ``None`` where there can be none."""
    if end is not None and at + 8 > end:
        return None
    head = yield from window.at(at, 8)
    length, kind, start = number(head), head[4:], at + 8
    if length == 1:
        length, start = number((yield from window.at(at + 8, 8)), 0, 8), at + 16
    if length == 0:
        return Box(kind, start, end)
    if length < start - at:
        return None
    return Box(kind, start, at + length if end is None else min(at + length, end))


def inside(window: Window, start: int, end: int | None, *, until: Iterable[bytes] = ()) -> Reading[list[Box]]:
    """Return the boxes side by side from ``start`` on, up to the first one of the kinds ``until``."""
    stop, found = frozenset(until), list[Box]()
    at: int | None = start
    while at is not None and len(found) < MOST_SIBLINGS:
        if window.size is not None and at >= window.size:
            break
        one = yield from box(window, at, end)
        if one is None:
            break
        found.append(one)
        at = None if one.kind in stop else one.end
    return found


def first(window: Window, parent: Box, *path: bytes) -> Reading[Box | None]:
    """Return the first box along a path of types within a box."""
    here: Box | None = parent
    for kind in path:
        if here is None:
            return None
        among = yield from inside(window, here.start, here.end, until=(kind,))
        here = next((one for one in among if one.kind == kind), None)
    return here


def content(window: Window, one: Box, length: int) -> Reading[bytes]:
    """Return the first bytes of a box's content, at most ``length`` of them, and fewer only if the box is shorter."""
    return (yield from window.at(one.start, length if one.end is None else max(0, min(length, one.end - one.start))))
