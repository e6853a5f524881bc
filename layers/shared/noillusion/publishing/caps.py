"""Limits of accounts that are known before anything is sent: whether one rests, and how many posts of a day it has left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from noillusion.connections import pauses
from noillusion.core.errors import Params
from noillusion.flows.protocol import Issue
from noillusion.publishing import messages
from noillusion.publishing.drafts import PublishPlan
from noillusion.publishing.rows import RecentPosts

DAY: Final = timedelta(days=1)
SHORT_S: Final = 60
"""A rest that ends within so many seconds is only a warning."""
NEARLY: Final = 0.8
"""The share of a day's posts from which on a check warns: other apps may have used the rest."""


def told(plans: Sequence[PublishPlan], recent: Sequence[RecentPosts]) -> list[PublishPlan]:
    """Return the plans with what is known of their accounts' limits."""
    return [replace(plan, issues=(*plan.issues, *_rest(plan), *_cap(plan, recent))) for plan in plans]


def _rest(plan: PublishPlan) -> Iterator[Issue]:
    if rests := pauses.of_posts(plan.connection):
        seconds = max(1, round(rests.retry_after or 0))
        params: Params = {"actual": seconds, "unit": "seconds"}
        text = messages.RESTS.format(platform=plan.platform.title, seconds=seconds)
        yield Issue("connection_id", "rate_limited", text, "warning" if seconds <= SHORT_S else "error", params)


def _cap(plan: PublishPlan, recent: Sequence[RecentPosts]) -> Iterator[Issue]:
    cap = plan.platform.daily_cap(plan.draft)
    if cap is None:
        return
    of_account = [row for row in recent if row.connection_id == plan.connection.id]
    used = sum(row.posts for row in of_account if not cap.drafts or row.status == "delivered_to_inbox")
    if used >= NEARLY * cap.posts:
        params: Params = {"limit": cap.posts, "actual": used, "unit": "items"}
        text = messages.NEARLY_USED.format(platform=plan.platform.title, limit=cap.posts, used=used)
        yield Issue("connection_id", "quota_nearly_used", text, "warning", params)
