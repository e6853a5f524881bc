"""An upper bound of the tokens that a provider counts in a text. Each model has a tokenizer of its own, and none is here."""

from __future__ import annotations

from collections import Counter

FRAMING = 200
"""For what a provider adds: the form of a conversation, and words of its own about the answer's schema."""

_DENSE = (
    (0x00A0, 0x024F),  # Latin with marks
    (0x0370, 0x052F),  # Greek, Cyrillic
    (0x0590, 0x06FF),  # Hebrew, Arabic
)
"""Blocks of two-byte letters in which no current tokenizer needs more than a token for each."""
_EAST_ASIAN = (
    (0x3000, 0x30FF),  # punctuation, Hiragana, Katakana
    (0x4E00, 0x9FFF),  # Han
    (0xAC00, 0xD7A3),  # Hangul
    (0xFF00, 0xFFEF),  # full-width forms
)
"""Blocks of three-byte characters that take one token or two."""


def upper_bound(text: str) -> int:
    """Tokens that ``text`` has at most.

    Tokens of all three providers are made of bytes, so their number is never above that of the UTF-8 bytes: emoji and rare
    scripts are counted so. Common scripts take fewer, lower-case English at most one for two letters.
    """
    halves = sum(count * _halves(character) for character, count in Counter(text).items())
    return -(-halves // 2)


def _halves(character: str) -> int:
    """Half tokens of one character."""
    if character.isascii():
        return 1 if character == " " or character.islower() else 2
    code = ord(character)
    if _within(code, _DENSE):
        return 2
    # A lone half of a pair has no bytes of its own; it is replaced when it is sent.
    return 4 if _within(code, _EAST_ASIAN) else 2 * len(character.encode("utf-8", "replace"))


def _within(code: int, blocks: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code <= last for first, last in blocks)
