"""Behaviour of a platform's lists beyond their order: new posts missing for a while, pages that end early or are empty.

Every platform has its own form of leading on to the next page; here is what they have in common (platforms.md 0.4, 3.3).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal


@dataclass(slots=True)
class Lists:
    """The lists of one platform. As created they show everything at once and fill their pages.

    ``delay_s``: a post is in no list before it is so old. ``short_by``: rows that every page leaves out of what was asked for,
    although more follow. ``hollow``: the first page has no rows and leads on. ``paging``: how a page of the Graph API leads on:
    by cursors, by ``next`` alone, by offset, or by time (lists of posts and of Pages; others by ``next`` alone). ``circles``: the
    last page of a list by cursor leads back to one that was there before. ``most``: rows of a page above which the Graph API says
    that it is too much; 0 for no such number.
    """

    delay_s: float = 0.0
    short_by: int = 0
    hollow: bool = False
    paging: Literal["cursor", "next", "offset", "time"] = "cursor"
    circles: bool = False
    most: int = 0

    def shows(self, made_at: float, now: float) -> bool:
        """Tell whether a post that was made at ``made_at`` is in the lists yet."""
        return made_at + self.delay_s <= now

    def size(self, asked: int) -> int:
        """Return the number of rows on a page."""
        return max(1, asked - self.short_by)

    def change(self, given: dict[str, Any]) -> None:
        """Take over named fields. ``ValueError`` for a name or a form that does not exist."""
        if unknown := set(given) - {field.name for field in fields(self)}:
            raise ValueError(f"unknown fields {sorted(unknown)}")
        if given.get("paging", "cursor") not in ("cursor", "next", "offset", "time"):
            raise ValueError("paging is cursor, next, offset or time")
        for name, value in given.items():
            setattr(self, name, value)
