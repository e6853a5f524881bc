"""Facts of videos: of files that FFmpeg wrote, and of files built box by box."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pytest

from noillusion.media.facts import MediaFacts
from noillusion.media.reading import facts_of
from noillusion.media.window import FIRST, MOST_BYTES, MOST_SPANS
from tests.support.movies import MINUS_ONE, TURNED_RIGHT, UPRIGHT, box, movie, read_by_parts

SAMPLES = Path(__file__).resolve().parent / "samples"
"""Written by FFmpeg: a few seconds of flat colors."""
MADE: dict[str, dict[str, Any]] = {
    "h264.mp4": {"content_type": "video/mp4", "width": 640, "height": 360, "duration_s": 4.017, "video_codec": "h264",
                 "audio_codec": "aac", "audio_hz": 44_100, "frame_rate": 25.0, "moov_first": True},
    "h264.mov": {"content_type": "video/quicktime", "width": 640, "height": 360, "duration_s": 4.017, "video_codec": "h264",
                 "audio_codec": "aac", "audio_hz": 44_100, "frame_rate": 30.0, "moov_first": False},
    "hevc.mp4": {"content_type": "video/mp4", "width": 320, "height": 240, "duration_s": 3.0, "video_codec": "hevc",
                 "frame_rate": 24.0, "moov_first": False},
    "fragmented.mp4": {"content_type": "video/mp4", "width": 640, "height": 360, "video_codec": "h264",
                       "audio_codec": "aac", "audio_hz": 44_100, "moov_first": True},
    "vp8.webm": {"content_type": "video/webm", "width": 320, "height": 240, "duration_s": 2.0, "video_codec": "vp8",
                 "frame_rate": 30.0},
    "vp9.webm": {"content_type": "video/webm", "width": 320, "height": 240, "duration_s": 2.013, "video_codec": "vp9",
                 "audio_codec": "opus", "audio_hz": 48_000, "frame_rate": 30.0},
    "h264.mkv": {"content_type": "video/x-matroska", "width": 320, "height": 240, "duration_s": 2.043, "video_codec": "h264",
                 "audio_codec": "aac", "audio_hz": 44_100, "frame_rate": 30.0},
}  # fmt: skip


def told(facts: MediaFacts) -> dict[str, Any]:
    """What is known, with figures to the thousandth."""
    known = {name: getattr(facts, name) for name in MediaFacts.__annotations__}
    return {n: round(v, 3) if isinstance(v, float) else v for n, v in known.items() if v is not None and n != "size"}


@pytest.mark.parametrize("name", MADE)
def test_facts_of_encoded_files(name: str) -> None:
    data = (SAMPLES / name).read_bytes()
    assert told(facts_of(data)) == MADE[name]
    assert read_by_parts(data) == (facts_of(data), [len(data)])


@pytest.mark.parametrize("moov_first", [True, False])
@pytest.mark.parametrize("data", [1000, 5_000_000])
def test_the_index_is_found_wherever_it_is(moov_first: bool, data: int) -> None:
    facts, lengths = read_by_parts(movie(moov_first=moov_first, data=data))
    assert facts.moov_first is moov_first
    assert (facts.width, facts.height, facts.duration_s, facts.frame_rate) == (1080, 1920, 5.0, 30.0)
    assert (facts.video_codec, facts.audio_codec, facts.audio_hz) == ("h264", "aac", 48_000)
    assert len(lengths) <= 2 and sum(lengths) <= FIRST + 16 * 1024


@pytest.mark.parametrize("moov_first", [True, False])
def test_large_sample_tables_are_passed_over(moov_first: bool) -> None:
    file = movie(seconds=3600, table=3_000_000, data=10_000_000, moov_first=moov_first)
    facts, lengths = read_by_parts(file)
    assert (facts.duration_s, facts.frame_rate, facts.video_codec, facts.audio_codec) == (3600.0, 30.0, "h264", "aac")
    assert len(lengths) <= MOST_SPANS and sum(lengths) <= 200_000


@pytest.mark.parametrize(
    ("matrix", "orientation", "sides"),
    [
        (UPRIGHT, None, (1920, 1080)),
        (TURNED_RIGHT, 6, (1080, 1920)),
        ((0, MINUS_ONE, 0, 0x10000, 0, 0, 0, 0, 0x40000000), 8, (1080, 1920)),
        ((MINUS_ONE, 0, 0, 0, MINUS_ONE, 0, 0, 0, 0x40000000), 3, (1920, 1080)),
    ],
)
def test_a_phone_held_upright_records_sideways(matrix: tuple[int, ...], orientation: int | None, sides: tuple[int, int]) -> None:
    facts = facts_of(movie(1920, 1080, matrix=matrix))
    assert (facts.orientation, (facts.width, facts.height)) == (orientation, sides)


def test_pixels_that_are_not_square_count_as_they_are_shown() -> None:
    shown = struct.pack(">2I", 1440 << 16, 1080 << 16)
    file = movie(1440, 1080).replace(shown, struct.pack(">2I", 1920 << 16, 1080 << 16))
    assert (facts_of(file).width, facts_of(file).height) == (1920, 1080)


def test_the_largest_picture_of_an_avif_file_is_the_one_that_is_shown() -> None:
    def ispe(width: int, height: int) -> bytes:
        return box(b"ispe", struct.pack(">3I", 0, width, height))

    properties = box(b"iprp", box(b"ipco", ispe(512, 512), ispe(4032, 3024), ispe(320, 240), box(b"irot", b"\x03")))
    facts = facts_of(box(b"ftyp", b"avif", bytes(4), b"avifmif1") + box(b"meta", bytes(4), properties))
    assert (facts.content_type, facts.width, facts.height) == ("image/avif", 3024, 4032)


@pytest.mark.parametrize(
    ("codec", "name"),
    [(b"hvc1", "hevc"), (b"av01", "av1"), (b"apch", "prores"), (b"vp09", "vp9"), (b"dvh1", "hevc"), (b"XYZ ", "other")],
)
def test_codecs_have_the_names_that_people_use(codec: bytes, name: str) -> None:
    assert facts_of(movie(codec=codec)).video_codec == name


def test_a_sound_file_is_no_video() -> None:
    sound = movie().replace(b"vide", b"text")
    assert (facts_of(sound).content_type, facts_of(sound).audio_codec) == ("audio/mp4", "aac")


def test_an_index_that_is_cut_off_leaves_what_is_known() -> None:
    file = movie(moov_first=False, data=200_000)
    facts, _ = read_by_parts(file[:150_000], size=len(file))
    assert (facts.content_type, facts.moov_first, facts.video_codec) == ("video/mp4", False, None)


def test_no_time_is_no_duration_and_no_rate() -> None:
    facts = facts_of(movie(seconds=0))
    assert (facts.video_codec, facts.duration_s, facts.frame_rate) == ("h264", None, None)


def test_a_file_without_ftyp_is_quicktime() -> None:
    file = movie()
    assert facts_of(file[file.index(b"moov") - 4 :]).content_type == "video/quicktime"


LONG = struct.pack(">I", 1)
HOSTILE = {
    "a box of 2^63 bytes": box(b"ftyp", b"isom") + LONG + b"mdat" + struct.pack(">Q", 1 << 63),
    "a box of 2^64-1 bytes": box(b"ftyp", b"isom") + LONG + b"moov" + struct.pack(">Q", (1 << 64) - 1) + bytes(100),
    "boxes of no length": box(b"ftyp", b"isom") + struct.pack(">I4s", 0, b"moov") * 1000,
    "a box shorter than its head": box(b"ftyp", b"isom") + struct.pack(">I4s", 7, b"free") + movie(),
    "empty boxes without end": box(b"ftyp", b"isom") + box(b"free") * 500_000,
    "boxes in boxes": b"".join(struct.pack(">I4s", 8 * (50_000 - i), b"moov") for i in range(50_000)),
    "tracks without end": box(b"ftyp", b"isom") + box(b"moov", box(b"trak") * 100_000),
    "a jpeg of empty segments": b"\xff\xd8\xff\x01\xff\xe0" + b"\x00\x02\xff\xe0" * 500_000,
    "a jpeg of filling": b"\xff" * 3_000_000,
    "a png of empty chunks": b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + bytes(17) + bytes(12) * 100_000,
    "a directory that names itself": b"II*\x00\x00\x00\x00\x00" + b"\xff" * 100,
    "a matroska of nothing": b"\x1a\x45\xdf\xa3\x80" + b"\xec\x80" * 500_000,
    "a matroska of unknown lengths": b"\x1a\x45\xdf\xa3\xff" + b"\x18\x53\x80\x67\xff" * 100_000,
    "a gif of blocks of one byte": b"GIF89a" + bytes(7) + b"!\xfe" + b"\x01x" * 1_000_000,
    "a pdf of page trees": b"%PDF-1.4\n" + b"/Type /Pages " * 20_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_cost_little_and_raise_nothing(name: str) -> None:
    whole, (parts, lengths) = facts_of(HOSTILE[name]), read_by_parts(HOSTILE[name])
    assert whole.content_type == parts.content_type != None  # noqa: E711 - compares three values
    assert whole.width is None and len(lengths) <= MOST_SPANS and sum(lengths) <= MOST_BYTES
