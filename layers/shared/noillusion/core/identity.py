"""Valid subjects of tokens. The subject is the key of every row, so a value that a database or log cannot store is refused."""

from __future__ import annotations

SYSTEM = "system"
"""Owner of built-in rows. No token may have this subject."""
MAX_SUBJECT = 255
"""OpenID Connect Core, section 2: a subject has at most 255 characters."""


def is_subject(value: object) -> bool:
    """Return whether a claim is the ``sub`` of a person or a client.

    API Gateway passes claims as text. A value that begins like a list or an object was one, and no provider has such subjects.
    """
    return (
        isinstance(value, str)
        and 1 <= len(value) <= MAX_SUBJECT
        and value.isprintable()
        and value != SYSTEM
        and value[0] not in "[{"
        and value not in ("true", "false", "null")
    )
