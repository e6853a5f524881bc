"""Whom a token may name. The subject is the key of every row, so one that no database or log can hold is nobody."""

from __future__ import annotations

SYSTEM = "system"
"""Owner of what comes with the product. No token may name it."""
MAX_SUBJECT = 255
"""OpenID Connect Core, section 2: a subject has at most 255 characters."""


def is_subject(value: object) -> bool:
    """Whether a claim is the ``sub`` of a person or a client.

    API Gateway hands claims on as text. What begins like a list or an object was one, and no provider's subject looks like that.
    """
    return (
        isinstance(value, str)
        and 1 <= len(value) <= MAX_SUBJECT
        and value.isprintable()
        and value != SYSTEM
        and value[0] not in "[{"
        and value not in ("true", "false", "null")
    )
