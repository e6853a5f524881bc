"""Reader of HEIF and AVIF: the properties of their images (ISO/IEC 23008-12, 6.5)."""

from __future__ import annotations

from noillusion.media.boxes import Box, content, first, inside
from noillusion.media.facts import Found
from noillusion.media.window import Reading, Window, number

TURNED = {0: 1, 1: 8, 2: 3, 3: 6}
"""Quarter turns against the clock → orientation as in EXIF."""


def heif(window: Window, found: Found) -> Reading[None]:
    """The largest image is the one that is shown: others are its tiles and thumbnails."""
    boxes = yield from inside(window, 0, window.size, until=(b"meta",))
    if not boxes or boxes[-1].kind != b"meta":
        return
    # Version and flags come before the boxes in it.
    meta = Box(b"meta", boxes[-1].start + 4, boxes[-1].end)
    properties = yield from first(window, meta, b"iprp", b"ipco")
    if properties is None:
        return
    for one in (yield from inside(window, properties.start, properties.end)):
        if one.kind == b"ispe":
            sides = yield from content(window, one, 12)
            width, height = number(sides, 4), number(sides, 8)
            if width * height > found.get("width", 0) * found.get("height", 0):
                found["width"], found["height"] = width, height
        elif one.kind == b"irot" and "orientation" not in found:
            found["orientation"] = TURNED[(yield from content(window, one, 1))[0] & 3]
