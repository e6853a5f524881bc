"""The content that the demo's steps publish, and the times that they wait."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from local.demo.tour import Json, Table

Shown = Iterator[Table | str]

Columns = dict[str, str | Callable[[Json], object]]
PHOTO = "https://media.example/photo.jpg"
ARTICLE = "https://example.com/repair-cafe"
AI_KEYS = {"openai": "sk-demo-{}", "anthropic": "sk-ant-demo-{}", "google": "AIza-demo-{}"}
SLOW_S = 18  # longer than a request waits for a platform, so the queue has to finish it
PATIENCE_S = 300.0
TIKTOK_OPTIONS = {"tiktok": {"privacy_level": "PUBLIC_TO_EVERYONE", "consent": True}}
