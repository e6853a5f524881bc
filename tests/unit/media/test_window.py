"""The bounds of reading one file."""

from __future__ import annotations

import struct

import pytest

from noillusion.media.facts import MediaFacts
from noillusion.media.reading import read
from noillusion.media.window import CHUNK, FIRST, LARGEST, MOST_BYTES, MOST_SPANS, MOST_STEPS, Ended, Reading, Span, Window
from tests.support.movies import image, read_by_parts


def spans(reading: Reading[bytes] | Reading[None], size: int = 1 << 40) -> list[Span]:
    """The spans that a reading asks for, each answered with zeros as far as the file goes."""
    asked: list[Span] = []
    try:
        span = next(reading)
        while True:
            asked.append(span)
            span = reading.send(bytes(max(0, min(span.length, size - span.offset))))
    except (StopIteration, Ended):
        return asked


def test_the_first_span_is_large_and_later_ones_are_small() -> None:
    window = Window()
    assert spans(window.at(0, 4)) == [Span(0, FIRST)]
    assert spans(window.at(FIRST - 4, 4)) == []
    assert spans(window.at(FIRST - 4, 8)) == [Span(FIRST - 4, CHUNK)]
    assert spans(window.at(10**9, CHUNK + 1)) == [Span(10**9, CHUNK + 1)]


def test_nothing_is_asked_for_behind_the_end() -> None:
    window = Window()
    window.size = 100
    assert spans(window.at(0, 4)) == [Span(0, 100)]
    assert spans(window.at(96, 8)) == [] and spans(window.at(100, 1)) == []


def test_a_file_has_so_many_spans_and_bytes() -> None:
    small, large = Window(), Window()
    assert len([span for i in range(100) for span in spans(small.at(i * 10**6, 1))]) == MOST_SPANS
    asked = [span.length for i in range(100) for span in spans(large.load(i * 10**6, LARGEST))]
    assert sum(asked) == MOST_BYTES and max(asked) == LARGEST


@pytest.mark.parametrize(("offset", "length"), [(-1, 4), (0, -1), (0, LARGEST + 1)])
def test_what_cannot_be_asked_for_is_not(offset: int, length: int) -> None:
    assert spans(Window().at(offset, length)) == []


def test_a_jpeg_that_never_comes_to_its_frame_uses_up_its_spans() -> None:
    segment = b"\xff\xe2" + struct.pack(">H", 65_535) + bytes(65_533)
    data = image()
    facts, lengths = read_by_parts(data[:2] + segment * 40 + data[2:])
    assert (facts.content_type, facts.width, len(lengths)) == ("image/jpeg", None, MOST_SPANS)


def test_looks_at_bytes_that_are_at_hand_are_counted_too() -> None:
    element = b"\xae\x40\x80" + b"\xec\x80" * 64
    tracks = b"\x16\x54\xae\x6b" + struct.pack(">I", 0x10000000 | len(element) * 64) + element * 64
    window = Window(b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff" + tracks * 64)
    reading = read(window)
    with pytest.raises(StopIteration) as done:
        next(reading)
    facts: MediaFacts = done.value.value
    assert facts.content_type == "video/webm" and window.steps == MOST_STEPS + 1
