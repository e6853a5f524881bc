"""The platforms in their order, and what is known of each without its flows: names, limits and style.

Adding a platform begins here. Its operations are in the package ``noillusion.platforms.<name>``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta
from typing import Literal, get_args

from noillusion.core.records import record

PlatformName = Literal["facebook", "instagram", "linkedin", "tiktok"]
NAMES: tuple[PlatformName, ...] = get_args(PlatformName)
LengthUnit = Literal["characters", "utf16"]


def length_of(text: str, unit: LengthUnit) -> int:
    """Return the length of a text in a unit."""
    return len(text) if unit == "characters" else len(text.encode("utf-16-le", "surrogatepass")) // 2


@record()
class Length:
    """The greatest length of a text in ``unit``, and the number of characters that a prompt asks for."""

    limit: int
    unit: LengthUnit
    advised: int

    def of(self, text: str) -> int:
        """Return the length of a text as the platform counts it."""
        return length_of(text, self.unit)


@record()
class Hashtags:
    """The fewest and the most hashtags that a prompt asks for.

    More than ``warning`` draw a warning; the platform refuses more than ``limit``.
    """

    fewest: int
    most: int
    warning: int | None = None
    limit: int | None = None

    def count(self, text: str) -> int:
        """Return the hashtags of a text as the platform counts them: also numbers, and also tags that are glued together."""
        return len(_HASHTAG.findall(text))


_HASHTAG = re.compile(r"[#\uff03](?:\w|[\u2600-\u27bf\U0001f000-\U0001faff])")
"""The sign before a letter, a digit, an underscore or an emoji. Nothing is known of what a platform leaves out, so nothing is."""


@record()
class Entry:
    """One platform."""

    title: str
    length: Length
    hashtags: Hashtags
    style: str
    """The platform's style in the words of a prompt."""
    removal: str
    """Where a person removes an app that they connected, as a path of menus."""
    owner: Literal["meta"] | None = None
    """The company whose callbacks end grants and ask for deletion of what it sent."""
    reasons: Mapping[str, str] = field(default_factory=dict)
    """The last part of codes of refusals whose class alone does not say what to change → a sentence about it."""
    figures_kept: timedelta | None = None
    """How long the platform's contract lets figures be kept."""
    has_options: bool = True
    """Whether a post has options of the platform's own. They are in the module ``options`` of its package."""


_OF_PAGES: Mapping[str, str] = {
    "appsecret_proof": "Facebook takes only signed calls of this service's app.",
    "page_feature": "A permission on this Page is missing, or a feature that Facebook has to review for this service's app.",
    "page_role": "A role or a permission on this Page is missing.",
}
"""Reasons of refusals that concern a Page, and what is reached through it (platforms.md 0.3)."""

PLATFORMS: Mapping[PlatformName, Entry] = {
    "facebook": Entry(
        title="Facebook",
        length=Length(limit=63_206, unit="characters", advised=600),
        hashtags=Hashtags(0, 2),
        style="conversational and warm, short paragraphs, a question that invites comments",
        removal="Settings & privacy > Settings > Apps and websites, or Business integrations",
        owner="meta",
        reasons={**_OF_PAGES, "removed": "It was removed at Facebook before it became public."},
    ),
    "instagram": Entry(
        title="Instagram",
        length=Length(limit=2_200, unit="characters", advised=900),
        hashtags=Hashtags(3, 5, warning=5, limit=30),
        style="visual and personal, the strongest line first, short lines",
        removal="Settings > Website permissions > Apps and websites",
        owner="meta",
        reasons={
            **_OF_PAGES,
            "2207003": "Instagram could not download the file in time.",
            "2207004": "The file is too large for Instagram.",
            "2207005": "Instagram takes images as JPEG only.",
            "2207009": "Instagram takes images with an aspect ratio of 4:5 to 1.91:1 only.",
            "2207010": "The caption is too long, or has too many hashtags or mentions.",
            "2207020": "The post was prepared more than 24 hours ago and has expired.",
            "2207023": "Instagram has no such type of post.",
            "2207026": "Instagram does not take the format, length or size of this video.",
            "2207028": "These files do not make a carousel.",
            "2207042": "The account has published as many posts as Instagram allows in 24 hours.",
            "2207050": "Instagram has restricted the account. Open Instagram's app to see what it asks for.",
            "2207051": "Instagram takes the account's activity for spam.",
            "2207052": "Instagram could not fetch the file: its URL must be public, without redirects, and open to crawlers.",
            "2207057": "The position of the cover lies beyond the end of the video.",
            "2207073": "Instagram does not let apps delete this kind of post. Delete it in Instagram's app.",
            "2207077": "Instagram could not download the file.",
            "2207081": "The account cannot publish trial reels.",
            "2207082": "Instagram could not take over the file.",
        },
    ),
    "linkedin": Entry(
        title="LinkedIn",
        length=Length(limit=3_000, unit="characters", advised=1_300),
        hashtags=Hashtags(2, 3),
        style="professional and concrete, one idea per paragraph, a lesson worth keeping",
        # Reporting data of its Community Management API (platforms.md 3.4).
        figures_kept=timedelta(days=365),
        removal="Settings > Data privacy > Permitted services",
    ),
    "tiktok": Entry(
        title="TikTok",
        length=Length(limit=2_200, unit="utf16", advised=300),
        hashtags=Hashtags(2, 3),
        style="spoken and quick, a hook in the first words, one thought",
        removal="Settings and privacy > Security & permissions > Apps and services permissions",
    ),
}
"""Limits: platforms.md, tables of Facebook (message), Instagram (caption), LinkedIn (commentary) and TikTok (video title)."""


def reason_of(platform: PlatformName, code: str | None) -> str | None:
    """Return the sentence about a refusal whose class alone does not say what to change."""
    return PLATFORMS[platform].reasons.get((code or "").rpartition("/")[2])


def owned_by(owner: str) -> tuple[PlatformName, ...]:
    """Return the platforms of a company."""
    return tuple(name for name in NAMES if PLATFORMS[name].owner == owner)
