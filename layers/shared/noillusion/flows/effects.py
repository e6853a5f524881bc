"""The effects of calls on a service."""

from __future__ import annotations

from enum import StrEnum


class Effect(StrEnum):
    """The effect of a call, which decides whether it may be repeated."""

    READ = "read"
    """Free to repeat."""
    PREPARE = "prepare"
    """Invisible to the public; a repeat leaves an orphan at worst."""
    COMMIT = "commit"
    """Makes it public (or removes it). At most one automatic attempt."""
    FOLLOW_UP = "follow_up"
    """Adds to what a commit made public, such as a comment. At most one attempt, and the post stands whatever comes of it."""
