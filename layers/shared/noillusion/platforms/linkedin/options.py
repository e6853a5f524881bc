"""The choices for a post on LinkedIn."""

from __future__ import annotations

from typing import Final, Literal

from noillusion.platforms.options import PlatformOptions


class LinkedInOptions(PlatformOptions):
    """Options for LinkedIn."""

    visibility: Literal["PUBLIC", "CONNECTIONS"] = "PUBLIC"


OPTIONS: Final = LinkedInOptions
