"""Readers of JPEG, PNG, GIF, WebP, BMP and TIFF. Each reads the headers that it needs and no pixels."""

from __future__ import annotations

from typing import Final

from noillusion.media import exif
from noillusion.media.facts import ColorSpace, Found
from noillusion.media.window import Reading, Window, number

FRAMES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""Markers of a JPEG frame, baseline and progressive and all others (ITU-T T.81, table B.1)."""
BARE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers without a length."""
COMPONENTS: Final[dict[int, ColorSpace]] = {1: "gray", 3: "rgb", 4: "cmyk"}
PHOTOMETRIC: Final[dict[int, ColorSpace]] = {0: "gray", 1: "gray", 2: "rgb", 3: "rgb", 5: "cmyk", 6: "rgb"}
MOST_SEGMENTS: Final = 1000
MOST_COUNTED: Final = 8 * 1024 * 1024
MOST_BLOCKS: Final = 100_000
"""Bounds of counting the frames of a GIF, in bytes and blocks."""


def jpeg(window: Window, found: Found) -> Reading[None]:
    """Segments up to the frame, which has the dimensions; the orientation is in EXIF."""
    at = 2
    for _ in range(MOST_SEGMENTS):
        head = yield from window.at(at, 4)
        marker, length = head[1], number(head, 2, 2)
        if head[0] != 0xFF or marker in (0xD9, 0xDA):
            return
        if marker == 0xFF or marker in BARE:
            at += 1 if marker == 0xFF else 2
            continue
        if length < 2:
            return
        if marker in FRAMES:
            frame = yield from window.at(at + 4, 6)
            _dimensions(found, number(frame, 3, 2), number(frame, 1, 2))
            found["color_space"] = COMPONENTS.get(frame[5], "other")
            return
        if marker == 0xE1 and length >= 16:
            yield from _jpeg_exif(window, at + 4, found)
        at += 2 + length


def _jpeg_exif(window: Window, at: int, found: Found) -> Reading[None]:
    """The orientation, if the segment is EXIF: other things have segments of this kind too."""
    if (yield from window.at(at, 6)) == b"Exif\x00\x00" and (turned := (yield from exif.orientation(window, at + 6))):
        found["orientation"] = turned


def png(window: Window, found: Found) -> Reading[None]:
    """The header, and the chunks before the pixels: animation, transparency, EXIF."""
    head = yield from window.at(16, 10)
    _dimensions(found, number(head), number(head, 4))
    kind = head[9]
    found["color_space"] = "gray" if kind in (0, 4) else "rgb"
    found["has_alpha"], found["animated"] = kind in (4, 6), False
    at = 33
    for _ in range(MOST_SEGMENTS):
        chunk = yield from window.at(at, 8)
        name = chunk[4:]
        if name == b"acTL":
            found["frames"] = number((yield from window.at(at + 8, 4)))
            found["animated"] = found["frames"] > 1
        elif name == b"tRNS":
            found["has_alpha"] = True
        elif name == b"eXIf" and (turned := (yield from exif.orientation(window, at + 8))):
            found["orientation"] = turned
        elif name in (b"IDAT", b"IEND"):
            return
        at += 12 + number(chunk)


def gif(window: Window, found: Found) -> Reading[None]:
    """The screen, and the frames as far as the file is at hand: counting them needs every byte."""
    head = yield from window.at(6, 7)
    _dimensions(found, number(head, 0, 2, little=True), number(head, 2, 2, little=True))
    found["color_space"] = "rgb"
    data = window.beginning(MOST_COUNTED)
    frames, ended = _gif_frames(data, 13 + _palette(head[4]))
    if ended or len(data) == window.size:
        found["frames"], found["animated"] = frames, frames > 1
    elif frames > 1:
        found["animated"] = True


def _gif_frames(data: bytes, at: int) -> tuple[int, bool]:
    """The frames in some data, and whether they are all."""
    frames = blocks = 0
    while at < len(data):
        kind = data[at]
        if kind == 0x3B:
            return frames, True
        if kind == 0x2C and at + 10 <= len(data):
            frames += 1
            at += 11 + _palette(data[at + 9])
        elif kind == 0x21:
            at += 2
        else:
            break
        while at < len(data) and data[at] and blocks < MOST_BLOCKS:
            at += 1 + data[at]
            blocks += 1
        at += 1
    return frames, False


def _palette(flags: int) -> int:
    """The bytes of a color table."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def webp(window: Window, found: Found) -> Reading[None]:
    """The first chunk, and EXIF where the file says that it has some."""
    head = yield from window.at(12, 18)
    kind = head[:4]
    found["color_space"] = "rgb"
    if kind == b"VP8X":
        flags = head[8]
        _dimensions(found, 1 + number(head, 12, 3, little=True), 1 + number(head, 15, 3, little=True))
        found["has_alpha"], found["animated"] = bool(flags & 0x10), bool(flags & 0x02)
        if flags & 0x08:
            yield from _webp_exif(window, found)
    elif kind == b"VP8L" and head[8] == 0x2F:
        bits = number(head, 9, 4, little=True)
        _dimensions(found, 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
        found["has_alpha"], found["animated"] = bool(bits >> 28 & 1), False
    elif kind == b"VP8 " and head[11:14] == b"\x9d\x01\x2a":
        _dimensions(found, number(head, 14, 2, little=True) & 0x3FFF, number(head, 16, 2, little=True) & 0x3FFF)
        found["has_alpha"], found["animated"] = False, False


def _webp_exif(window: Window, found: Found) -> Reading[None]:
    at = 12
    for _ in range(MOST_SEGMENTS):
        chunk = yield from window.at(at, 8)
        if chunk[:4] == b"EXIF":
            # Some writers put JPEG's prefix in front.
            prefix = 6 if (yield from window.at(at + 8, 6)) == b"Exif\x00\x00" else 0
            if turned := (yield from exif.orientation(window, at + 8 + prefix)):
                found["orientation"] = turned
            return
        length = number(chunk, 4, 4, little=True)
        at += 8 + length + length % 2


def bmp(window: Window, found: Found) -> Reading[None]:
    """The header, of which there is an old form with short numbers."""
    head = yield from window.at(14, 12)
    old = number(head, 0, 4, little=True) == 12
    length = 2 if old else 4
    sides = [int.from_bytes(head[at : at + length], "little", signed=not old) for at in (4, 4 + length)]
    _dimensions(found, abs(sides[0]), abs(sides[1]))
    found["color_space"], found["animated"] = "rgb", False


def tiff(window: Window, found: Found) -> Reading[None]:
    """The first directory, which may be anywhere in the file."""
    wanted = (exif.WIDTH, exif.HEIGHT, exif.PHOTOMETRIC, exif.ORIENTATION)
    tags = yield from exif.tags(window, 0, wanted)
    _dimensions(found, tags.get(exif.WIDTH, 0), tags.get(exif.HEIGHT, 0))
    if exif.PHOTOMETRIC in tags:
        found["color_space"] = PHOTOMETRIC.get(tags[exif.PHOTOMETRIC], "other")
    if 1 <= tags.get(exif.ORIENTATION, 0) <= 8:
        found["orientation"] = tags[exif.ORIENTATION]


def _dimensions(found: Found, width: int, height: int) -> None:
    if width > 0 and height > 0:
        found["width"], found["height"] = width, height
