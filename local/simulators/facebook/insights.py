"""Facebook's insights of posts, videos and Pages (platforms.md 1.4)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from local.simulators.facebook.gate import Gate
from local.simulators.facebook.state import Page, State
from local.simulators.meta.errors import GraphError, invalid
from local.simulators.meta.fields import moment
from local.simulators.meta.figures import DAY, HOUR, grown
from local.simulators.meta.graph import Call
from local.simulators.meta.oauth import Token
from local.simulators.world import Json

INSIGHTS_SPAN_S: Final = 90 * DAY
LIKES_FOR_INSIGHTS: Final = 100
REACTIONS: Final = ("like", "love", "wow", "haha", "sorry", "anger")
POST_METRICS: Final[dict[str, int | tuple[str, ...]]] = {
    "post_media_view": 4000, "post_total_media_view_unique": 2500, "post_clicks": 300,
    "post_clicks_by_type": ("other clicks", "photo view", "link clicks"),
    "post_reactions_by_type_total": REACTIONS,
    **{f"post_reactions_{name}_total": 60 for name in REACTIONS},
    "post_activity_by_action_type": ("like", "comment", "share"),
    "post_activity_by_action_type_unique": ("like", "comment", "share"),
    "post_video_views": 900,
}  # fmt: skip
VIDEO_METRICS: Final[dict[str, int | tuple[str, ...]]] = {
    "total_video_views": 3000, "total_video_15s_views": 1200, "total_video_complete_views": 700,
    "total_video_avg_time_watched": 9000, "total_video_view_total_time": 20_000_000, "fb_reels_total_plays": 3500,
    "blue_reels_play_count": 3000, "fb_reels_replay_count": 500, "post_video_avg_time_watched": 9000,
    "post_video_likes_by_reaction_type": tuple(f"REACTION_{name.upper()}" for name in REACTIONS),
    "post_video_social_actions": ("COMMENT", "SHARE"), "post_video_followers": 12,
}  # fmt: skip
STORY_METRICS: Final[dict[str, int | tuple[str, ...]]] = {
    "page_story_total_media_view_unique": 400, "story_interaction": 40, "pages_fb_story_replies": 6,
    "pages_fb_story_shares": 5, "pages_fb_story_thread_lightweight_reactions": 20,
}  # fmt: skip
PAGE_METRICS: Final = {
    "page_media_view": 900, "page_total_media_view_unique": 600, "page_post_engagements": 120, "page_follows": 0,
    "page_daily_follows": 9, "page_daily_follows_unique": 9, "page_daily_unfollows_unique": 3, "page_views_total": 80,
    "page_total_actions": 10, "page_video_views": 300,
}  # fmt: skip
PERIOD_DAYS: Final = {"day": 1, "week": 7, "days_28": 28}


def asked_metrics(call: Call, table: Iterable[str]) -> list[str]:
    """The metric names of a call; one unknown or retired name fails the entire request (platforms.md 1.4)."""
    given = call.params.get("metric")
    if not given:
        raise GraphError(3001, "(#3001) Metric is a required parameter", 1504028)
    try:
        names = json.loads(given) if given.startswith("[") else given.split(",")
    except ValueError:
        raise invalid("param metric must be an array.") from None
    names = list(dict.fromkeys(str(name).strip() for name in names))
    if any(name not in table for name in names):
        raise invalid("The value must be a valid insights metric")
    return names


def _value(node: str, name: str, shape: int | tuple[str, ...], age_s: float) -> int | dict[str, int]:
    if isinstance(shape, int):
        # One seed for a node keeps its numbers in proportion: never more viewers than views.
        reaction = name.removeprefix("post_reactions_").removesuffix("_total")
        return grown(f"{node}{reaction}" if reaction in REACTIONS else node, age_s, shape)
    counts = {part: grown(f"{node}{part}", age_s, 60) for part in shape}
    return {part: count for part, count in counts.items() if count}


def _daily(page: Page, name: str, day: int, days: int) -> Json:
    ceiling = PAGE_METRICS[name] * days
    value = page.fan_count if name == "page_follows" else grown(f"{page.id}{name}{day}", 30 * DAY, ceiling)
    end = datetime.fromtimestamp((day + 1) * DAY + 8 * HOUR, UTC)
    return {"value": value, "end_time": end.strftime("%Y-%m-%dT%H:%M:%S+0000")}


def _insight(node: str, name: str, period: str, values: list[Json]) -> Json:
    title = name.replace("_", " ").capitalize()
    return {
        "name": name, "period": period, "values": values, "title": title, "description": title,
        "id": f"{node}/insights/{name}/{period}",
    }  # fmt: skip


class Insights:
    """The ``insights`` edges."""

    def __init__(self, state: State, gate: Gate) -> None:
        self.state, self.gate = state, gate

    def post_insights(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{post}/insights`` over the life of a post or story."""
        post = self.state.posts[node]
        table = STORY_METRICS if post.kind == "story" else POST_METRICS
        return self._lifetime(call, token, node, table, post.live_at if self.state.is_live(post) else None)

    def video_insights(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{video}/video_insights``; a video has no ``insights`` edge."""
        post = self.state.posts.get(self.state.videos[node].post or "")
        return self._lifetime(call, token, node, VIDEO_METRICS, post.live_at if post and self.state.is_live(post) else None)

    def _lifetime(
        self, call: Call, token: Token, node: str, table: dict[str, int | tuple[str, ...]], live_at: float | None
    ) -> Json:
        self.gate.need(token, "read_insights", "pages_read_engagement", task="ANALYZE", code=10)
        names = asked_metrics(call, table)
        if call.params.get("period", "lifetime") != "lifetime":
            raise invalid("The period of these metrics is lifetime.")
        if live_at is None:
            return {"data": []}
        age = self.state.now - live_at
        return {"data": [_insight(node, name, "lifetime", [{"value": _value(node, name, table[name], age)}]) for name in names]}

    def page_insights(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{page}/insights``: one value a day, stamped the next day at 08:00 UTC (platforms.md 1.4)."""
        self.gate.need(token, "read_insights", "pages_read_engagement", task="ANALYZE", code=10)
        names = asked_metrics(call, PAGE_METRICS)
        period = call.params.get("period", "day")
        if period not in PERIOD_DAYS:
            raise invalid("param period must be one of day, week, days_28.")
        until = moment(call.params.get("until"), "until", self.state.now)
        since = moment(call.params.get("since"), "since", until - 2 * DAY)
        if not 0 <= until - since <= INSIGHTS_SPAN_S:
            raise invalid("There cannot be more than 90 days between since and until.")
        page = self.state.pages[node]
        if page.fan_count < LIKES_FOR_INSIGHTS:
            return {"data": []}
        days = range(int(since // DAY), int(min(until, self.state.now) // DAY))
        return {"data": [_insight(node, n, period, [_daily(page, n, d, PERIOD_DAYS[period]) for d in days]) for n in names]}
