"""Arithmetic of analytics. What is unknown stays unknown: it is never counted as zero."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from noillusion.analytics.models import Change, PostFigures, Slot, Totals
from noillusion.analytics.rows import POST_COUNTS, EngagementRow, PostCounts, TotalsRow

ENGAGEMENTS = ("likes", "comments", "shares", "saves")
SUMS = ("posts", "measured", "views", "reach", "likes", "comments", "shares", "saves", "clicks", "engagements")
MINIMUM_POSTS = 10
"""Fewer posts than this say nothing about times."""
BEST = 3
PRIOR_POSTS = 2
"""A slot's score is computed as if it had this many usual posts besides, so that one lucky post makes no best time."""


def known_sum(values: Iterable[int | None]) -> int | None:
    """Return the sum of the known values, ``None`` if none is known."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def rate(engagements: int | None, views: int | None) -> float | None:
    """Return engagements per view, ``None`` without views."""
    return None if engagements is None or not views or views < 0 else round(engagements / views, 6)


def post_figures(row: PostCounts) -> PostFigures:
    """Return a reading's counts with what follows from them."""
    counts = {name: getattr(row, name) for name in POST_COUNTS}
    engagements = known_sum(counts[name] for name in ENGAGEMENTS)
    return PostFigures(**counts, engagements=engagements, engagement_rate=rate(engagements, row.views))


def totals(rows: Sequence[TotalsRow]) -> Totals:
    """Return the sum of sums."""
    sums = {name: known_sum(getattr(row, name) for row in rows) for name in SUMS}
    rated = (known_sum(row.rated_engagements for row in rows), known_sum(row.rated_views for row in rows))
    return Totals(**{**sums, "posts": sums["posts"] or 0, "measured": sums["measured"] or 0}, engagement_rate=rate(*rated))


def change(now: Totals, before: Totals) -> Change:
    """Return the growth of every figure that is known on both sides and was not zero."""

    def growth(name: str) -> float | None:
        new, old = getattr(now, name), getattr(before, name)
        return None if new is None or not old else round((new - old) / abs(old), 4)

    return Change(**{name: growth(name) for name in Change.model_fields})


def slots(rows: Sequence[EngagementRow], zone: ZoneInfo) -> list[Slot]:
    """Return the hours of the week with posts. Posts count relative to their account's mean, so that accounts can be mixed."""
    by_account: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in rows:
        by_account[row.platform, row.account_id].append(row.engagements)
    usual = {account: sum(values) / len(values) for account, values in by_account.items()}
    by_slot: dict[tuple[int, int], list[tuple[int, float]]] = defaultdict(list)
    for row in rows:
        local: datetime = row.published_at.astimezone(zone)
        mean = usual[row.platform, row.account_id]
        by_slot[local.isoweekday(), local.hour].append((row.engagements, row.engagements / mean if mean > 0 else 1.0))
    return [_slot(weekday, hour, posts) for (weekday, hour), posts in sorted(by_slot.items())]


def _slot(weekday: int, hour: int, posts: Sequence[tuple[int, float]]) -> Slot:
    score = (sum(relative for _, relative in posts) + PRIOR_POSTS) / (len(posts) + PRIOR_POSTS)
    mean = sum(engagements for engagements, _ in posts) / len(posts)
    return Slot(weekday=weekday, hour=hour, posts=len(posts), engagements=round(mean, 2), score=round(score, 3))


def best(slots: Sequence[Slot]) -> list[Slot]:
    """Return the slots with the highest scores, the one that rests on more posts first among equals."""
    return sorted(slots, key=lambda slot: (-slot.score, -slot.posts, slot.weekday, slot.hour))[:BEST]
