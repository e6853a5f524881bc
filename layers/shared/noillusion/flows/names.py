"""The words of the platforms' contract that API shapes and routes use too, apart from the shapes that only flows need."""

from __future__ import annotations

from typing import Literal

PlatformName = Literal["facebook", "instagram", "linkedin", "tiktok"]
Kind = Literal["text", "link", "image", "images", "video", "reel", "story", "document"]
