"""A search for hashes in text, however they are written: in capitals, in part, with dashes, as a number, shifted by some bits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

BITS = 56
"""Length of what counts as part of a hash. Shorter parts of random ids would be alike by accident."""
_MASK = (1 << BITS) - 1
_BASE64 = {letter: n for n, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")}
_BASE64 |= {"-": 62, "_": 63}


def parts(number: int, bits: int) -> Iterator[int]:
    """Every run of :data:`BITS` bits in a number of so many bits, at any bit."""
    for shift in range(bits - BITS + 1):
        yield number >> shift & _MASK


def written(text: str) -> Iterator[tuple[int, int]]:
    """The numbers that a text may hold, each with its length in bits: hexadecimal, base64, decimal, and the text itself."""
    for run in re.findall(r"[0-9a-fA-F-]{14,}", text):
        digits = run.replace("-", "")
        yield int(digits or "0", 16), 4 * len(digits)
    for run in re.findall(r"[0-9A-Za-z+/_-]{10,}", text):
        number = 0
        for letter in run:
            number = number << 6 | _BASE64[letter]
        yield number, 6 * len(run)
    for run in re.findall(r"\d{16,}", text):
        yield int(run), int(run).bit_length()
    raw = text.encode()
    # In pieces that overlap: numbers of any length would make this slow.
    for start in range(0, len(raw), 64):
        piece = raw[start : start + 72]
        yield int.from_bytes(piece), 8 * len(piece)


def held(text: str, hashes: Iterable[bytes]) -> set[bytes]:
    """Those of the hashes of which a text holds a part."""
    of = {part: each for each in hashes for part in parts(int.from_bytes(each), 8 * len(each))}
    return {of[part] for number, bits in written(text) for part in parts(number, bits) if part in of}
