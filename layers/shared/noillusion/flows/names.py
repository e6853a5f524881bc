"""The words of the platforms' contract that API shapes and routes use too, apart from the shapes that only flows need."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

PlatformName = Literal["facebook", "instagram", "linkedin", "tiktok"]
Kind = Literal["text", "link", "image", "images", "video", "reel", "story", "document"]


class Effect(StrEnum):
    """What repeating a call can do. Only ``COMMIT`` can make something public."""

    READ = "read"
    """Free to repeat."""
    PREPARE = "prepare"
    """Invisible to the public; a repeat leaves an orphan at worst."""
    COMMIT = "commit"
    """Makes it public (or removes it). At most one automatic attempt."""
