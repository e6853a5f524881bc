"""The hashtags of a text, and the hashtag that a phrase makes."""

from __future__ import annotations

import re
import unicodedata

HASHTAG = re.compile(r"""(?<![\w&/])#(?=\d*[^\W\d_])([^\s#.,;:!?()\[\]{}<>"'`/\\|&@*+=~^$%-]+)""")
"""A hashtag: a word with a letter in it (combining marks included), not glued to the text before."""
_URL = re.compile(r"(?:https?://|\bwww\.)\S+", re.IGNORECASE)


def hashtags_in(text: str) -> list[str]:
    """Return the hashtags of a text, without their signs, in their order. A URL has none."""
    return HASHTAG.findall(_URL.sub(" ", text))


_JOINTS = re.compile(r"[\s&/.·:'’ʼ‐‑–—-]+")
"""What may stand between the words of a phrase and can be left out without making another word of it."""
_ENDS = ".,;:!?\"“”„‘’'`()[]"
"""What may stand around a phrase."""
_BETWEEN_DIGITS = re.compile(r"\d[^\w]+\d")


def hashtag(phrase: str) -> str:
    """Return the hashtag of a phrase, without its sign and joined up where something would end it; empty if there is none.

    ``R&D`` is ``RD`` and ``Valentine's Day`` is ``ValentinesDay``, but ``C++`` is not ``C`` and ``v2.0`` is not ``v20``.
    """
    text = unicodedata.normalize("NFC", phrase).strip().lstrip("#\uff03").strip()
    text = text.rstrip(_ENDS).lstrip(_ENDS.replace(".", ""))
    joined = "".join(_JOINTS.split(text))
    ragged = joined and not (text.startswith(joined[0]) and text.endswith(joined[-1]))
    match = None if ragged or _BETWEEN_DIGITS.search(text) else HASHTAG.fullmatch(f"#{joined}")
    return match[1] if match else ""
