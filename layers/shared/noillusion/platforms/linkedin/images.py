"""The images of members and organizations, where a projection has resolved them (platforms.md 3.2)."""

from __future__ import annotations

from noillusion.flows.protocol import Reply
from noillusion.platforms import cosmetic

ELEMENTS = 10


def largest(reply: Reply, path: str) -> str | None:
    """Return the URL of the largest rendition of an image, the last of the list; ``None`` where there is none."""
    found = (reply.get(f"{path}.elements.{at}.identifiers.0.identifier") for at in reversed(range(ELEMENTS)))
    return next((url for url in map(cosmetic.image_url, found) if url), None)
