"""Facts about all of Meta's Graph API."""

from __future__ import annotations

from typing import Final

VERSION: Final = "v26.0"
"""Released 2026-07-29, end not announced (platforms.md 0.1)."""
