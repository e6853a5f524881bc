"""The choices for a post on Facebook."""

from __future__ import annotations

from typing import Final

from noillusion.platforms.options import PlatformOptions


class FacebookOptions(PlatformOptions):
    """Options for Facebook Pages. There are none for the supported kinds."""


OPTIONS: Final = FacebookOptions
