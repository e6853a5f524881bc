"""How a text is measured: its length as a platform counts it, and its hashtags."""

from __future__ import annotations

import re

from noillusion.catalog.platforms import LengthUnit

HASHTAG = re.compile(r"""(?<![\w&/])#(?=\d*[^\W\d_])([^\s#.,;:!?()\[\]{}<>"'`/\\|&@*+=~^$%-]+)""")
"""A hashtag: a word with a letter in it (combining marks included), not glued to the text before."""


def length(text: str, unit: LengthUnit) -> int:
    """The length of a text as the platform counts it."""
    return len(text) if unit == "characters" else len(text.encode("utf-16-le", "surrogatepass")) // 2
