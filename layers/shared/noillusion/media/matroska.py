"""Reader of WebM and Matroska: type, duration and tracks (RFC 9559)."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Final

from noillusion.core.records import record
from noillusion.media.facts import OTHER, Found
from noillusion.media.window import Ended, Reading, Window, number

HEADER, SEGMENT, INFO, TRACKS, CLUSTER = 0x1A45DFA3, 0x18538067, 0x1549A966, 0x1654AE6B, 0x1F43B675
DOC_TYPE, SCALE, DURATION, ENTRY = 0x4282, 0x2AD7B1, 0x4489, 0xAE
KIND, CODEC, EACH_NS, VIDEO, AUDIO = 0x83, 0x86, 0x23E383, 0xE0, 0xE1
WIDTH, HEIGHT, HZ = 0xB0, 0xBA, 0xB5
CODECS: Final[Mapping[str, str]] = {
    "V_VP8": "vp8",
    "V_VP9": "vp9",
    "V_AV1": "av1",
    "V_MPEG4/ISO/AVC": "h264",
    "V_MPEGH/ISO/HEVC": "hevc",
    "A_VORBIS": "vorbis",
    "A_OPUS": "opus",
    "A_AAC": "aac",
    "A_MPEG/L3": "mp3",
    "A_AC3": "ac3",
    "A_FLAC": "flac",
}
MOST_SIBLINGS: Final = 64


@record(eq=True)
class Element:
    """An element: its id, and where its content begins and ends."""

    id: int
    start: int
    end: int | None


def matroska(window: Window, found: Found) -> Reading[None]:
    """The header, then the segment up to its first cluster."""
    top = yield from _inside(window, 0, window.size, until=SEGMENT)
    for header in [one for one in top if one.id == HEADER]:
        for one in (yield from _inside(window, header.start, header.end)):
            if one.id == DOC_TYPE and (yield from _text(window, one)) == "matroska":
                found["content_type"] = "video/x-matroska"
    for segment in [one for one in top if one.id == SEGMENT]:
        for one in (yield from _inside(window, segment.start, segment.end, until=CLUSTER)):
            if one.id == INFO:
                yield from _info(window, one, found)
            elif one.id == TRACKS:
                for track in (yield from _inside(window, one.start, one.end)):
                    if track.id == ENTRY:
                        yield from _track(window, track, found)


def _info(window: Window, info: Element, found: Found) -> Reading[None]:
    scale, length = 1_000_000, 0.0
    for one in (yield from _inside(window, info.start, info.end)):
        if one.id == SCALE:
            scale = yield from _integer(window, one)
        elif one.id == DURATION:
            length = yield from _float(window, one)
    if 0 < length * scale < 1e18:
        found["duration_s"] = length * scale / 1e9


def _track(window: Window, track: Element, found: Found) -> Reading[None]:
    parts = {one.id: one for one in (yield from _inside(window, track.start, track.end))}
    kind = (yield from _integer(window, parts[KIND])) if KIND in parts else 0
    codec = (yield from _text(window, parts[CODEC])) if CODEC in parts else ""
    name = CODECS.get(codec) or next((short for id, short in CODECS.items() if codec.startswith(f"{id}/")), OTHER)
    if kind == 1 and "video_codec" not in found:
        found["video_codec"] = name
        if EACH_NS in parts and (each := (yield from _integer(window, parts[EACH_NS]))):
            found["frame_rate"] = 1e9 / each
        if VIDEO in parts:
            yield from _sides(window, parts[VIDEO], found)
    elif kind == 2 and "audio_codec" not in found:
        found["audio_codec"] = name
        if AUDIO in parts:
            for one in (yield from _inside(window, parts[AUDIO].start, parts[AUDIO].end)):
                if one.id == HZ and 0 < (hz := (yield from _float(window, one))) < 1e9:
                    found["audio_hz"] = int(hz)


def _sides(window: Window, video: Element, found: Found) -> Reading[None]:
    sides: dict[int, int] = {}
    for one in (yield from _inside(window, video.start, video.end)):
        if one.id in (WIDTH, HEIGHT):
            sides[one.id] = yield from _integer(window, one)
    if sides.get(WIDTH) and sides.get(HEIGHT):
        found["width"], found["height"] = sides[WIDTH], sides[HEIGHT]


def _inside(window: Window, start: int, end: int | None, *, until: int | None = None) -> Reading[list[Element]]:
    found: list[Element] = []
    at: int | None = start
    while at is not None and len(found) < MOST_SIBLINGS and (end is None or at < end):
        id_length, id = yield from _variable(window, at, 4, keep=True)
        size_length, size = yield from _variable(window, at + id_length, 8, keep=False)
        begin = at + id_length + size_length
        # All bits set: the length is not known, which only segments and clusters may say.
        stop = None if size == (1 << 7 * size_length) - 1 else begin + size
        found.append(Element(id, begin, stop if end is None or stop is None else min(stop, end)))
        at = None if id == until else stop
    return found


def _variable(window: Window, at: int, most: int, *, keep: bool) -> Reading[tuple[int, int]]:
    """Return the length and the value of a number whose first bits tell its length; ``keep`` those bits or not."""
    head = (yield from window.at(at, 1))[0]
    length = 9 - head.bit_length()
    if length > most:
        raise Ended
    value = number((yield from window.at(at, length)), 0, length)
    return length, value if keep else value & (1 << 7 * length) - 1


def _integer(window: Window, one: Element) -> Reading[int]:
    data = yield from _bytes(window, one, 8)
    return number(data, 0, len(data))


def _text(window: Window, one: Element) -> Reading[str]:
    return (yield from _bytes(window, one, 40)).rstrip(b"\x00").decode("ascii", "replace")


def _float(window: Window, one: Element) -> Reading[float]:
    data = yield from _bytes(window, one, 8)
    layout = {4: ">f", 8: ">d"}.get(len(data))
    value: float = struct.unpack(layout, data)[0] if layout else 0.0
    return value


def _bytes(window: Window, one: Element, most: int) -> Reading[bytes]:
    length = most if one.end is None else min(most, one.end - one.start)
    return (yield from window.at(one.start, length))
