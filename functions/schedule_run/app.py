"""Consumer of the queue of due occurrences: each message is one, named by its ids."""

from __future__ import annotations

from typing import Any

from noillusion.api.batch import consume
from noillusion.scheduling import running


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Publish what is due. A message that fails is delivered again."""
    return consume(event, context, running.from_message)
