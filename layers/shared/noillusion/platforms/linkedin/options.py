"""The choices for a post on LinkedIn."""

from __future__ import annotations

from typing import Final, Literal

from noillusion.platforms.options import PlatformOptions

Visibility = Literal["PUBLIC", "CONNECTIONS"]


class LinkedInOptions(PlatformOptions):
    """Options for LinkedIn."""

    visibility: Visibility = "PUBLIC"


OPTIONS: Final = LinkedInOptions
