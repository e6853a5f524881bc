"""Instagram's refusals with their 2207xxx numbers."""

from __future__ import annotations

from typing import Any, Final

from local.simulators.meta.errors import GraphError

NOT_READY: Final = "Media ID is not available"


def failure(code: int, subcode: int, message: str, text: str | None = None, **options: Any) -> GraphError:
    """Return a refusal with a 2207xxx number."""
    return GraphError(code, message, subcode, text=text, **options)


def not_fetchable(url: str) -> GraphError:
    """Return the refusal of a URL that cannot be fetched."""
    text = f"The media could not be fetched from this URI: {url}"
    return failure(9004, 2207052, "Only photo or video can be accepted as media type.", text)
