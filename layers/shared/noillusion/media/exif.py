"""Tags of a TIFF directory, which EXIF is too (TIFF 6.0, section 2)."""

from __future__ import annotations

from collections.abc import Collection

from noillusion.media.window import Reading, Window, number

WIDTH, HEIGHT, PHOTOMETRIC, ORIENTATION = 0x0100, 0x0101, 0x0106, 0x0112
SHORT, LONG = 3, 4
MOST_TAGS = 256


def tags(window: Window, base: int, wanted: Collection[int]) -> Reading[dict[int, int]]:
    """Return the numbers of some tags of the first directory. ``base``: where the byte order mark is."""
    head = yield from window.at(base, 8)
    little = head[:2] == b"II"
    if head[:4] not in (b"II*\x00", b"MM\x00*"):
        return {}
    at = base + number(head, 4, 4, little=little)
    count = min(number((yield from window.at(at, 2)), 0, 2, little=little), MOST_TAGS)
    found: dict[int, int] = {}
    for entry in range(count):
        row = yield from window.at(at + 2 + 12 * entry, 12)
        tag, kind = number(row, 0, 2, little=little), number(row, 2, 2, little=little)
        if tag in wanted and kind in (SHORT, LONG):
            found[tag] = number(row, 8, 2 if kind == SHORT else 4, little=little)
    return found


def orientation(window: Window, base: int) -> Reading[int | None]:
    """Return the orientation, 1 to 8, ``None`` where there is none."""
    value = (yield from tags(window, base, (ORIENTATION,))).get(ORIENTATION)
    return value if value is not None and 1 <= value <= 8 else None
