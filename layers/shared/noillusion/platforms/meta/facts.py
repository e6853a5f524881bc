"""Facts about all of Meta's Graph API."""

from __future__ import annotations

from typing import Final

VERSION: Final = "v26.0"
"""Released 2026-07-29, end not announced (platforms.md 0.1)."""
WWW: Final = "https://www.facebook.com"
GRAPH: Final = f"https://graph.facebook.com/{VERSION}"
"""The Graph API of Pages and of what is linked to them."""
