"""MP4 and MOV files built box by box, and images with headers of their own, for what no encoder writes."""

from __future__ import annotations

import io
import struct
from typing import Any

from PIL import Image

from noillusion.media.facts import MediaFacts
from noillusion.media.reading import read
from noillusion.media.window import Ended, Window

UPRIGHT = (0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
MINUS_ONE = 0x1_0000_0000 - 0x10000
TURNED_RIGHT = (0, 0x10000, 0, MINUS_ONE, 0, 0, 0, 0, 0x40000000)
"""The matrix that phones write for a video held upright."""


def box(kind: bytes, *content: bytes) -> bytes:
    """A box with its length."""
    body = b"".join(content)
    return struct.pack(">I", 8 + len(body)) + kind + body


def movie(
    width: int = 1080,
    height: int = 1920,
    seconds: float = 5,
    *,
    rate: float = 30,
    codec: bytes = b"avc1",
    audio: bytes | None = b"mp4a",
    hz: int = 48_000,
    brand: bytes = b"isom",
    moov_first: bool = True,
    matrix: tuple[int, ...] = UPRIGHT,
    table: int = 0,
    data: int = 1000,
) -> bytes:
    """A whole file with empty samples. ``table``: bytes of padding in the sample tables; ``data``: bytes of samples."""
    tracks = [_track(b"vide", _visual(codec, width, height), (width, height), seconds, rate, matrix, table)]
    if audio is not None:
        tracks.append(_track(b"soun", _sound(audio, hz), (0, 0), seconds, 50, UPRIGHT, table))
    millis = round(seconds * 1000)
    mvhd = box(b"mvhd", struct.pack(">5I", 0, 0, 0, 1000, millis), bytes(80))
    moov, mdat = box(b"moov", mvhd, *tracks), box(b"mdat", bytes(data))
    head = box(b"ftyp", brand, struct.pack(">I", 512), brand)
    return head + (moov + mdat if moov_first else mdat + moov)


def _track(
    kind: bytes, entry: bytes, sides: tuple[int, int], seconds: float, rate: float, matrix: tuple[int, ...], table: int
) -> bytes:
    shown = struct.pack(">9I", *matrix) + struct.pack(">2I", sides[0] << 16, sides[1] << 16)
    tkhd = box(b"tkhd", struct.pack(">6I", 7, 0, 0, 1, 0, round(seconds * 1000)), bytes(16), shown)
    mdhd = box(b"mdhd", struct.pack(">6I", 0, 0, 0, 90_000, round(seconds * 90_000), 0))
    hdlr = box(b"hdlr", bytes(8), kind, bytes(13))
    sizes = box(b"stsz", struct.pack(">3I", 0, 0, round(seconds * rate)), bytes(table))
    stbl = box(b"stbl", box(b"stsd", struct.pack(">2I", 0, 1), entry), box(b"ctts", bytes(8 + table)), sizes)
    return box(b"trak", tkhd, box(b"mdia", mdhd, hdlr, box(b"minf", box(b"vmhd", bytes(12)), stbl)))


def _visual(codec: bytes, width: int, height: int) -> bytes:
    return box(codec, bytes(24), struct.pack(">2H", width, height), bytes(50))


def _sound(codec: bytes, hz: int) -> bytes:
    return box(codec, bytes(24), struct.pack(">I", hz << 16))


def image(kind: str = "JPEG", size: tuple[int, int] = (1080, 1080), mode: str = "RGB", **options: Any) -> bytes:
    """A plain image as Pillow writes it."""
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **options)
    return out.getvalue()


def turned(orientation: int, kind: str = "JPEG", size: tuple[int, int] = (40, 20)) -> bytes:
    """An image with an orientation."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    return image(kind, size, exif=exif)


def read_by_parts(data: bytes, size: int | None = -1) -> tuple[MediaFacts, list[int]]:
    """The facts of a file of which only the spans that were asked for are given, and the lengths of those spans."""
    window, lengths = Window(), list[int]()
    window.size = len(data) if size == -1 else size
    steps = read(window)
    try:
        span = next(steps)
        while True:
            part = data[span.offset : span.offset + span.length]
            lengths.append(len(part))
            span = steps.send(part) if part else steps.throw(Ended())
    except StopIteration as done:
        facts: MediaFacts = done.value
        return facts, lengths
