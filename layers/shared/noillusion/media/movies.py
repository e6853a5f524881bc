"""Reader of MP4, MOV and M4V: the index (``moov``), wherever in the file it is. Samples are not read (ISO/IEC 14496-12, 8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from noillusion.media.boxes import Box, box, content, first, inside
from noillusion.media.facts import OTHER, Found
from noillusion.media.window import LARGEST, Reading, Window, number

VIDEO_CODECS: Final[Mapping[bytes, str]] = {
    **dict.fromkeys((b"avc1", b"avc2", b"avc3", b"avc4"), "h264"),
    **dict.fromkeys((b"hvc1", b"hev1", b"dvh1", b"dvhe"), "hevc"),
    **dict.fromkeys((b"apcn", b"apch", b"apcs", b"apco", b"ap4h", b"ap4x"), "prores"),
    **dict.fromkeys((b"jpeg", b"mjpa", b"mjpb", b"mjpg"), "mjpeg"),
    **dict.fromkeys((b"vvc1", b"vvi1"), "vvc"),
    b"vp08": "vp8",
    b"vp09": "vp9",
    b"av01": "av1",
    b"mp4v": "mpeg4",
    b"s263": "h263",
}
AUDIO_CODECS: Final[Mapping[bytes, str]] = {
    **dict.fromkeys((b"lpcm", b"sowt", b"twos", b"in24", b"in32", b"fl32", b"fl64", b"raw ", b"NONE", b"ipcm", b"fpcm"), "pcm"),
    **dict.fromkeys((b"samr", b"sawb"), "amr"),
    b"mp4a": "aac",
    b"Opus": "opus",
    b"ac-3": "ac3",
    b"ec-3": "eac3",
    b"alac": "alac",
    b".mp3": "mp3",
    b"fLaC": "flac",
}
"""Types of sample descriptions → names of codecs. Any other is :data:`noillusion.media.facts.OTHER`."""
MOST_TRACKS: Final = 16
UNKNOWN: Final = 0xFFFFFFFF


def movie(window: Window, found: Found) -> Reading[None]:
    """Find the index, and read it."""
    boxes = yield from _until_moov(window, found)
    if not boxes or boxes[-1].kind != b"moov":
        return
    moov = boxes[-1]
    found["moov_first"] = not any(one.kind == b"mdat" for one in boxes)
    if moov.end is not None and moov.end - moov.start <= LARGEST:
        yield from window.ahead(moov.start, moov.end - moov.start)
    children = yield from inside(window, moov.start, moov.end)
    for one in children:
        if one.kind == b"mvhd":
            yield from _duration(window, one, found)
    for one in [one for one in children if one.kind == b"trak"][:MOST_TRACKS]:
        yield from _track(window, one, found)
    if "audio_codec" in found and "video_codec" not in found:
        found["content_type"] = "audio/mp4"


def _until_moov(window: Window, found: Found) -> Reading[list[Box]]:
    """Return the boxes up to the index. That data precedes it is a fact even where the index cannot be read."""
    boxes: list[Box] = []
    at: int | None = 0
    while at is not None and len(boxes) < 64:
        one = yield from box(window, at, window.size)
        if one is None:
            break
        boxes.append(one)
        if one.kind == b"moov":
            break
        if one.kind == b"mdat":
            found["moov_first"] = False
        at = one.end
    return boxes


def _times(data: bytes) -> tuple[int, int]:
    """Return time scale and duration of a header that begins with its version and two times."""
    if data[:1] == b"\x01" and len(data) >= 32:
        scale, length = number(data, 20), number(data, 24, 8)
        return scale, 0 if length == (1 << 64) - 1 else length
    if len(data) < 20:
        return 0, 0
    scale, length = number(data, 12), number(data, 16)
    return scale, 0 if length == UNKNOWN else length


def _duration(window: Window, mvhd: Box, found: Found) -> Reading[None]:
    scale, length = _times((yield from content(window, mvhd, 32)))
    if scale and length:
        found["duration_s"] = length / scale


def _track(window: Window, trak: Box, found: Found) -> Reading[None]:
    mdia = yield from first(window, trak, b"mdia")
    if mdia is None:
        return
    parts = {one.kind: one for one in (yield from inside(window, mdia.start, mdia.end))}
    handler = parts.get(b"hdlr")
    kind = (yield from content(window, handler, 12))[8:12] if handler is not None else b""
    stbl = (yield from first(window, parts[b"minf"], b"stbl")) if b"minf" in parts else None
    if stbl is None:
        return
    if kind == b"soun" and "audio_codec" not in found:
        yield from _audio(window, stbl, found)
    elif kind == b"vide" and "video_codec" not in found:
        yield from _video(window, stbl, found)
        yield from _shown(window, trak, found)
        if b"mdhd" in parts:
            yield from _frame_rate(window, parts[b"mdhd"], stbl, found)


def _entry(window: Window, stbl: Box) -> Reading[bytes]:
    """Return the first sample description, as much of it as tells something."""
    stsd = yield from first(window, stbl, b"stsd")
    return (yield from content(window, stsd, 52))[8:] if stsd is not None else b""


def _audio(window: Window, stbl: Box, found: Found) -> Reading[None]:
    entry = yield from _entry(window, stbl)
    if len(entry) >= 8:
        found["audio_codec"] = AUDIO_CODECS.get(entry[4:8], OTHER)
    if len(entry) >= 36 and (hz := number(entry, 32) >> 16):
        found["audio_hz"] = hz


def _video(window: Window, stbl: Box, found: Found) -> Reading[None]:
    entry = yield from _entry(window, stbl)
    if len(entry) >= 8:
        found["video_codec"] = VIDEO_CODECS.get(entry[4:8], OTHER)
    if len(entry) >= 36 and number(entry, 32, 2) and number(entry, 34, 2):
        found["width"], found["height"] = number(entry, 32, 2), number(entry, 34, 2)


def _shown(window: Window, trak: Box, found: Found) -> Reading[None]:
    """The dimensions as the track is shown: scaled to its own width and height, and turned by its matrix."""
    tkhd = yield from first(window, trak, b"tkhd")
    if tkhd is None:
        return
    data = yield from content(window, tkhd, 96)
    at = 52 if data[:1] == b"\x01" else 40
    if len(data) < at + 44:
        return
    width, height = number(data, at + 36) >> 16, number(data, at + 40) >> 16
    if width and height:
        found["width"], found["height"] = width, height
    a, b, c, d = (number(data, at + offset) for offset in (0, 4, 12, 16))
    if not a and not d and b and c and "width" in found:
        found["orientation"] = 6 if b < 1 << 31 else 8
    elif a >= 1 << 31 and d >= 1 << 31:
        found["orientation"] = 3


def _frame_rate(window: Window, mdhd: Box, stbl: Box, found: Found) -> Reading[None]:
    """Samples over time. The number of samples stands in ``stsz``, whose table need not be read for it."""
    scale, length = _times((yield from content(window, mdhd, 32)))
    sizes = yield from first(window, stbl, b"stsz")
    if sizes is None:
        sizes = yield from first(window, stbl, b"stz2")
    if sizes is None or not scale or not length:
        return
    samples = number((yield from content(window, sizes, 12)), 8)
    if samples > 1:
        found["frame_rate"] = samples * scale / length
