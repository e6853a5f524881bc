"""Rows of series and comparisons."""

from __future__ import annotations

from datetime import datetime

from noillusion.analytics.rows import PostCounts
from noillusion.db import record


@record()
class SlotRow:
    """A figure of one quarter of an hour since 1970. The embedded engine gives the time that an aggregate is as text."""

    slot: int
    posts: int | None
    measured: int
    value: int | None
    as_of: datetime | str | None


@record()
class GroupRow(PostCounts):
    """Sums of posts that have something in common, and of how many posts each figure is known."""

    shared: str | None
    posts: int
    measured: int
    engagements: int | None
    known_views: int
    known_reach: int
    known_likes: int
    known_comments: int
    known_shares: int
    known_saves: int
    known_clicks: int
    known_engagements: int
    rated_engagements: int | None
    rated_views: int | None
