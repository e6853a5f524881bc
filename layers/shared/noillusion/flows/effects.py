"""The effects of calls on a service."""

from __future__ import annotations

from enum import StrEnum


class Effect(StrEnum):
    """The effect of a call, which decides whether it may be repeated. Only ``COMMIT`` can make something public."""

    READ = "read"
    """Free to repeat."""
    PREPARE = "prepare"
    """Invisible to the public; a repeat leaves an orphan at worst."""
    COMMIT = "commit"
    """Makes it public (or removes it). At most one automatic attempt."""
