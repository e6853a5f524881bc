"""The choices for a post on Instagram."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from noillusion.core.fields import Flag
from noillusion.core.sensitive import Content
from noillusion.platforms.options import PlatformOptions


class InstagramOptions(PlatformOptions):
    """Options for Instagram images (platforms.md 2.3)."""

    is_ai_generated: Flag = False
    collaborators: tuple[Content, ...] = Field(default=(), description="Usernames of up to 3 accounts to invite as collaborators")
    location_id: Content | None = Field(default=None, description="Id of the Facebook Page of the location")


OPTIONS: Final = InstagramOptions
