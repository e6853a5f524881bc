"""Readers of media files hold their bounds and raise nothing, whatever the bytes are."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from noillusion.media.facts import MediaFacts
from noillusion.media.reading import facts_of
from noillusion.media.window import LARGEST, MOST_BYTES, MOST_SPANS
from tests.support.movies import image, movie, read_by_parts, turned

SAMPLES = Path(__file__).resolve().parents[1] / "unit" / "media" / "samples"
FILES = [
    *(path.read_bytes() for path in sorted(SAMPLES.iterdir())),
    *(image(kind, (64, 48)) for kind in ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF")),
    *(turned(6, kind) for kind in ("JPEG", "PNG", "WEBP")),
    movie(),
    movie(moov_first=False, data=300_000),
    b"%PDF-1.4\n<< /Type /Pages /Count 3 >>",
]
EXTREMES = st.sampled_from(
    [b"\x00" * 4, b"\xff" * 4, b"\xff" * 8, b"\x7f" + b"\xff" * 7, b"\x80" + bytes(7), b"\x00\x00\x00\x01", b"\xff\xd8"]
)
Edit = Callable[[bytes], bytes]


@st.composite
def edits(draw: st.DrawFn) -> Edit:
    """One change: some bytes replaced, left out, put in twice, or everything after a place cut off."""
    at, most = draw(st.floats(0, 1)), draw(st.integers(0, 64))
    new = draw(EXTREMES | st.binary(max_size=16))
    kind = draw(st.sampled_from(["replace", "insert", "drop", "cut", "twice"]))

    def edit(data: bytes) -> bytes:
        # The heads of a file are where its structure is.
        place = int(at * min(len(data), 4096 if most % 2 else 1 << 30))
        before, after = data[:place], data[place:]
        return {
            "replace": before + new + after[len(new) :],
            "insert": before + new + after,
            "drop": before + after[most:],
            "cut": before,
            "twice": before + after[: most * 8] + after,
        }[kind]

    return edit


def hold(facts: MediaFacts, data: bytes) -> None:
    """What is true of the facts of any file."""
    assert facts.size == len(data)
    for name in ("width", "height", "frames", "pages", "audio_hz"):
        value = getattr(facts, name)
        assert value is None or (isinstance(value, int) and value >= 0)
    for figure in (facts.duration_s, facts.frame_rate):
        assert figure is None or (math.isfinite(figure) and figure > 0)
    assert facts.orientation in (None, *range(1, 9))
    assert facts.content_type is None or "/" in facts.content_type


@given(st.sampled_from(FILES), st.lists(edits(), max_size=4))
def test_a_broken_file_gives_facts_within_bounds(data: bytes, changes: list[Edit]) -> None:
    for change in changes:
        data = change(data)
    hold(facts_of(data), data)
    facts, lengths = read_by_parts(data)
    hold(facts, data)
    assert len(lengths) <= MOST_SPANS and sum(lengths) <= MOST_BYTES and max(lengths, default=0) <= LARGEST


@given(st.sampled_from(FILES), st.integers(0, 1 << 63))
def test_a_size_that_is_not_true_is_no_harm(data: bytes, size: int) -> None:
    _, lengths = read_by_parts(data, size)
    assert len(lengths) <= MOST_SPANS and sum(lengths) <= MOST_BYTES


@given(
    st.binary(max_size=3000),
    st.sampled_from([b"", b"\xff\xd8\xff", b"\x00\x00\x00\x18ftypisom", b"\x1a\x45\xdf\xa3", b"RIFF....WEBP", b"II*\x00"]),
)
def test_any_bytes_are_a_file(data: bytes, beginning: bytes) -> None:
    hold(facts_of(beginning + data), beginning + data)
    hold(read_by_parts(beginning + data)[0], beginning + data)
