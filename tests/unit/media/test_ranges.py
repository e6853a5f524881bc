"""Ranges of RFC 9110, section 14: what is named is sent, what is malformed is ignored, what is not there is refused."""

from __future__ import annotations

import pytest

from noillusion.media.ranges import RangeNotSatisfiable, part


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-0", (0, 0)),
        ("bytes=0-99", (0, 99)),
        ("bytes=10-19", (10, 19)),
        ("bytes=10-", (10, 99)),
        ("bytes=0-524287", (0, 99)),
        ("BYTES=99-", (99, 99)),
        ("bytes=-1", (99, 99)),
        ("bytes=-100", (0, 99)),
        ("bytes=-4000", (0, 99)),
    ],
)
def test_a_part_is_named_by_its_first_and_last_byte(header: str, expected: tuple[int, int]) -> None:
    assert part(header, 100) == expected


@pytest.mark.parametrize(
    "header", ["", "bytes", "bytes=", "bytes=-", "bytes=5-4", "lines=0-9", "bytes=0-1,5-6", "bytes=a-b", "bytes=٣-"]
)
def test_what_is_malformed_or_several_parts_is_the_whole_file(header: str) -> None:
    assert part(header, 100) is None


@pytest.mark.parametrize(("header", "size"), [("bytes=100-", 100), ("bytes=100-200", 100), ("bytes=-0", 100), ("bytes=-5", 0)])
def test_a_part_that_is_not_there_is_refused_with_the_size(header: str, size: int) -> None:
    with pytest.raises(RangeNotSatisfiable) as refused:
        part(header, size)
    assert (refused.value.status, refused.value.size) == (416, size)
