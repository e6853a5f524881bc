"""Parameters in Instagram's spelling."""

from __future__ import annotations

import hashlib
import json

from local.simulators.meta.errors import invalid


def as_list(text: str) -> list[str]:
    """A comma-separated list or a JSON array of strings."""
    try:
        given = json.loads(text) if text.startswith("[") else text.split(",")
    except ValueError:
        raise invalid("param must be an array.") from None
    return [str(item).strip() for item in given if str(item).strip()]


def shortcode_of(id: str) -> str:
    """Eleven characters that cannot be computed from the id by a client."""
    digest = hashlib.sha256(f"shortcode {id}".encode()).hexdigest()
    return "D" + digest[:10]
