"""The words of a text in the form in which they are searched: without case, accents, punctuation and marks of width or direction.

The databases fold letters differently, and each not all of them, so the application does it and they compare what is stored.
"""

from __future__ import annotations

import re
from unicodedata import category, normalize

_UNLIKE_THEIR_PARTS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "·": ""}
)
"""Letters that Unicode does not split into a letter and an accent, and the dot in the Catalan l·l."""
_ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]")
"""Combining marks of Latin, Greek and Cyrillic letters, and variation selectors. Those of other scripts tell words apart."""
_WITHOUT_SPACES = re.compile("[\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")
"""Kana and ideographs, which are written without spaces. Each counts as a word."""
_SYMBOLS = frozenset({"Sm", "Sc", "So"})
_INDEXED = 3
"""Characters of the shortest part of a word that an index of trigrams finds."""


def folded(text: str) -> list[str]:
    """Return the words of a text as they are searched."""
    for _ in range(2):
        # Twice, because parts of compatibility characters can be upper case: ℡.
        text = normalize("NFKD", text.casefold())
    text = _ACCENTS.sub("", text).translate(_UNLIKE_THEIR_PARTS)
    return "".join(map(_spaced, normalize("NFC", text))).split()


def _spaced(character: str) -> str:
    kind = category(character)
    if kind in _SYMBOLS:
        # The index has letters and digits only.
        return f" u{ord(character):x} "
    if _WITHOUT_SPACES.match(character):
        return f" {character} "
    if kind == "Cf":
        return ""
    return character if kind[0] in "LMN" else " "


def search_text(name: str, description: str) -> str:
    """Return what is stored to search a name and a description: in lines of their own, with a space before each word."""
    return "\n".join("".join(f" {word}" for word in folded(text)) for text in (name, description))


def pattern(sought: str) -> str | None:
    """Return the LIKE pattern of a search, or ``None`` if it has no words: then nothing is found.

    The words are sought in this order. The last one can be the beginning of a word, and the first one the end of one if any of
    them has three characters: shorter ones are sought only where a word begins, because no index has their middle.
    """
    words = folded(sought)
    if not words:
        return None
    anywhere = any(len(word) >= _INDEXED for word in words)
    return f"%{'' if anywhere else ' '}{' '.join(words)}%"
