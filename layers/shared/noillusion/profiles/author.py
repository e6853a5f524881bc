"""The author: the part of a profile that templates and prompts use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from noillusion.core.records import record


@record(repr=False)
class Author:
    """A user as they describe themselves. Never printed. The defaults stand for a user without a profile."""

    TABLE: ClassVar = "profiles"

    display_name: str = ""
    bio: str = ""
    skills: Sequence[str] = ()
    mission_statement: str = ""
    content_mode: str = "personal"
    locale: str = "en"
