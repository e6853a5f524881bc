"""Facts about all of Meta's Graph API."""

from __future__ import annotations

from typing import Final

from noillusion.catalog import lifetimes

VERSION: Final = lifetimes.version("meta")
WWW: Final = "https://www.facebook.com"
GRAPH: Final = f"https://graph.facebook.com/{VERSION}"
"""The Graph API of Pages and of what is linked to them."""
