"""How each platform wants a text: limits for the checks, lengths and hashtags for the prompt. Data only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

PlatformName = Literal["facebook", "instagram", "linkedin", "tiktok"]
PLATFORMS: tuple[PlatformName, ...] = get_args(PlatformName)
LengthUnit = Literal["characters", "utf16"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One platform. ``limit`` in ``unit``; ``advised`` characters and ``hashtags`` (from, to) are what the prompt asks for.

    ``hashtag_warning`` and ``hashtag_limit``: more than this many draw a warning, or are refused by the platform.
    """

    limit: int
    unit: LengthUnit
    advised: int
    hashtags: tuple[int, int]
    hashtag_warning: int | None = None
    hashtag_limit: int | None = None


RULES: Mapping[PlatformName, Rule] = {
    "facebook": Rule(limit=63_206, unit="characters", advised=600, hashtags=(0, 2)),
    "instagram": Rule(limit=2_200, unit="characters", advised=900, hashtags=(3, 5), hashtag_warning=5, hashtag_limit=30),
    "linkedin": Rule(limit=3_000, unit="characters", advised=1_300, hashtags=(2, 3)),
    "tiktok": Rule(limit=2_200, unit="utf16", advised=300, hashtags=(2, 3)),
}
"""Limits: platforms.md, tables of Facebook (message), Instagram (caption), LinkedIn (commentary) and TikTok (video title).

A copy of what the platform modules say, so that a generation imports none of them; a test holds the two together.
"""

HASHTAG = re.compile(r"""(?<![\w&/])#(?=\d*[^\W\d_])([^\s#.,;:!?()\[\]{}<>"'`/\\|&@*+=~^$%-]+)""")
"""A hashtag: a word with a letter in it (combining marks included), not glued to the text before."""


def length(text: str, unit: LengthUnit) -> int:
    """The length of a text as the platform counts it."""
    return len(text) if unit == "characters" else len(text.encode("utf-16-le", "surrogatepass")) // 2
