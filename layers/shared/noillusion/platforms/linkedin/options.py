"""The choices for a post on LinkedIn."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field

from noillusion.core.fields import Flag
from noillusion.platforms.options import PlatformOptions

Visibility = Literal["PUBLIC", "CONNECTIONS", "LOGGED_IN"]


class LinkedInOptions(PlatformOptions):
    """Options for LinkedIn (platforms.md 3.3)."""

    visibility: Visibility = Field(
        default="PUBLIC",
        description="Who sees the post: everybody, the member's connections, or members who are logged in. "
        "Posts of organizations are `PUBLIC`",
        examples=["CONNECTIONS"],
    )
    reshare_disabled: Flag = Field(default=False, description="Nobody can repost the post", examples=[True])


OPTIONS: Final = LinkedInOptions
