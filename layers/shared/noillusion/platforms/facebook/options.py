"""The choices for a post on Facebook."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from noillusion.core.fields import Flag
from noillusion.platforms.options import PlatformOptions


class FacebookOptions(PlatformOptions):
    """Options for Facebook Pages (platforms.md 1.3)."""

    is_ai_generated: Flag = Field(
        default=False, description="Labels a video, reel or video story as made or changed by AI", examples=[True]
    )


OPTIONS: Final = FacebookOptions
