"""The API versions, metrics and AI models of other services: which we use, when each was introduced, and when it ends.

Whatever asks for one of them reads its name here. ``python -m tools.sunsets`` compares the ends with the date of today.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from noillusion.core.records import record

Sort = Literal["version", "metric", "model"]


@record()
class Lifetime:
    """One version, metric or model. A date is ``None`` where none is announced or documented."""

    service: str
    """The API, platform or AI provider."""
    sort: Sort
    name: str
    """The name of metrics that ended can be a pattern, with ``*`` for any characters."""
    introduced: date | None
    ends: date | None
    """The first day on which it may no longer work."""
    source: str
    used: bool = False
    """True if we ask for it."""
    group: str = ""
    """Metrics of one group are asked for together."""
    fills: str = ""
    """The count that a metric fills; empty if it is shown under the platform's own name."""


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _versions(service: str, source: str, used: str, known: Mapping[str, tuple[str | None, str | None]]) -> tuple[Lifetime, ...]:
    """Versions of an API: name → when it was introduced and when it ends."""
    return tuple(
        Lifetime(service, "version", name, _day(introduced), _day(ends), source, used=name == used)
        for name, (introduced, ends) in known.items()
    )


def _metrics(service: str, group: str, source: str, counts: Mapping[str, str]) -> tuple[Lifetime, ...]:
    """Metrics that we ask for: name → the count that it fills. The platforms announce no end of any of them."""
    return tuple(
        Lifetime(service, "metric", name, None, None, source, used=True, group=group, fills=count)
        for name, count in counts.items()
    )


def _ended(service: str, source: str, ends: str, *names: str) -> tuple[Lifetime, ...]:
    """Metrics that are gone. Asking for one of Meta's makes the whole request fail."""
    return tuple(Lifetime(service, "metric", name, None, _day(ends), source) for name in names)


def _undated(names: str) -> Mapping[str, tuple[None, None]]:
    """Models without a date. ``names`` are separated by spaces."""
    return dict.fromkeys(names.split(), (None, None))


def _models(service: str, used: tuple[str, ...], known: Mapping[str, tuple[str | None, str | None]]) -> tuple[Lifetime, ...]:
    """Models of a provider: those to suggest, the default first, and others with a known date."""
    dates = {**dict.fromkeys(used, (None, None)), **known}
    return tuple(
        Lifetime(service, "model", name, _day(introduced), _day(ends), "ai-providers.md section 7", used=name in used)
        for name, (introduced, ends) in dates.items()
    )


LIFETIMES: tuple[Lifetime, ...] = (
    *_versions(
        "meta",
        "platforms.md 0.1",
        "v26.0",
        {
            "v27.0": ("2026-11-04", None),
            "v26.0": ("2026-07-29", None),
            "v25.0": ("2026-02-18", "2028-07-29"),
            "v24.0": ("2025-10-08", "2028-02-18"),
            "v23.0": ("2025-05-29", "2027-10-08"),
            "v22.0": ("2025-01-21", "2027-05-20"),
            "v21.0": ("2024-10-02", "2027-01-21"),
            "v20.0": ("2024-05-21", "2026-09-24"),
        },
    ),
    # A version is named after its month, of which the first day stands here.
    *_versions(
        "linkedin",
        "platforms.md 3.1",
        "202609",
        {
            "202609": ("2026-09-01", "2027-09-15"),
            "202608": ("2026-08-01", "2027-08-17"),
            "202607": ("2026-07-01", "2027-07-15"),
            "202606": ("2026-06-01", "2027-06-15"),
            "202605": ("2026-05-01", "2027-05-15"),
            "202604": ("2026-04-01", "2027-04-15"),
            "202603": ("2026-03-01", "2027-03-16"),
            "202602": ("2026-02-01", "2027-02-15"),
            "202601": ("2026-01-01", "2027-01-15"),
            "202511": ("2025-11-01", "2026-11-16"),
            "202510": ("2025-10-01", "2026-10-15"),
        },
    ),
    *_versions("tiktok", "platforms.md 4.1", "v2", {"v2": (None, None)}),
    *_versions("openai", "ai-providers.md section 1", "v1", {"v1": (None, None)}),
    *_versions(
        "anthropic",
        "ai-providers.md section 1",
        "2026-10-21",
        {"2026-10-21": ("2026-10-21", None), "2023-06-01": ("2023-06-01", None)},
    ),
    *_versions("google", "ai-providers.md section 1", "v1beta", {"v1beta": (None, None), "v1": (None, None)}),
    *_metrics(
        "facebook",
        "post",
        "platforms.md 1.4",
        {
            "post_media_view": "views",
            "post_total_media_view_unique": "reach",
            "post_clicks": "clicks",
            "post_reactions_by_type_total": "likes",
        },
    ),
    *_metrics(
        "facebook",
        "video",
        "platforms.md 1.4",
        {
            "blue_reels_play_count": "views",
            "fb_reels_total_plays": "",
            "total_video_views": "",
            "post_video_likes_by_reaction_type": "likes",
            "post_video_social_actions": "",
        },
    ),
    *_metrics(
        "facebook",
        "story",
        "platforms.md 1.4",
        {
            "page_story_total_media_view_unique": "reach",
            "pages_fb_story_thread_lightweight_reactions": "likes",
            "pages_fb_story_shares": "shares",
            "pages_fb_story_replies": "",
            "story_interaction": "",
        },
    ),
    *_metrics(
        "facebook",
        "account",
        "platforms.md 1.4",
        {
            "page_follows": "followers",
            "page_media_view": "views",
            "page_total_media_view_unique": "reach",
            "page_post_engagements": "engagements",
            "page_views_total": "profile_views",
        },
    ),
    *_ended("facebook", "platforms.md 1.4", "2025-11-15", "page_impressions*", "post_impressions*", "page_fans*"),
    *_ended(
        "facebook",
        "platforms.md 1.4",
        "2026-06-15",
        "page_posts_impressions*",
        "page_video_views_unique",
        "post_video_views_*unique",
        "total_video_impressions*",
        "total_video_views_unique",
        "page_story_impressions_by_story_id*",
    ),
    # Those that fit feed posts and reels alike: one that does not fit an item makes the whole call fail.
    *_metrics(
        "instagram",
        "post",
        "platforms.md 2.4",
        {
            "views": "views",
            "reach": "reach",
            "saved": "saves",
            "shares": "shares",
            "total_interactions": "",
            "reposts": "",
        },
    ),
    *_metrics(
        "instagram",
        "story",
        "platforms.md 2.4",
        {
            "views": "views",
            "reach": "reach",
            "shares": "shares",
            "total_interactions": "",
            "reposts": "",
            "replies": "",
            "navigation": "",
            "follows": "",
            "profile_visits": "",
        },
    ),
    *_metrics(
        "instagram",
        "account",
        "platforms.md 2.4",
        {
            "reach": "reach",
            "views": "views",
            "total_interactions": "engagements",
            "accounts_engaged": "",
            "profile_links_taps": "",
        },
    ),
    *_ended(
        "instagram",
        "platforms.md 2.4",
        "2025-04-21",
        "impressions",
        "plays",
        "clips_replays_count",
        "ig_reels_aggregated_all_plays_count",
        "video_views",
        "profile_views",
        "website_clicks",
    ),
    *_metrics(
        "linkedin",
        "member post",
        "platforms.md 3.4",
        {
            "IMPRESSION": "views",
            "MEMBERS_REACHED": "reach",
            "RESHARE": "shares",
            "REACTION": "likes",
            "COMMENT": "comments",
        },
    ),
    *_metrics(
        "linkedin",
        "organization post",
        "platforms.md 3.4",
        {
            "impressionCount": "views",
            "uniqueImpressionsCount": "reach",
            "clickCount": "clicks",
            "likeCount": "likes",
            "commentCount": "comments",
            "shareCount": "shares",
        },
    ),
    *_metrics(
        "tiktok",
        "post",
        "platforms.md 4.4",
        {
            "view_count": "views",
            "like_count": "likes",
            "comment_count": "comments",
            "share_count": "shares",
        },
    ),
    *_models(
        "openai",
        ("gpt-6-luna", "gpt-6.1-terra", "gpt-6.1-sol"),
        {
            "gpt-6.2-sol": ("2026-11-17", None),
            **_undated("gpt-6.2-astra"),
            "gpt-4o": (None, "2027-01-14"),
            "gpt-4o-mini": (None, "2027-01-14"),
            **dict.fromkeys(("gpt-5", "gpt-5-mini", "gpt-5-nano", "o3"), (None, "2026-12-11")),
        },
    ),
    *_models(
        "anthropic", ("claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5"), _undated("claude-fable-5-2 claude-haiku-4-5")
    ),
    *_models(
        "google",
        ("gemini-3.5-flash-lite", "gemini-3.8-flash"),
        {
            **_undated("gemini-3.1-pro-preview gemini-4-argon gemini-flash-latest"),
            **dict.fromkeys(("gemini-2.5-flash", "gemini-2.5-pro"), (None, "2026-12-01")),
        },
    ),
)


def version(service: str) -> str:
    """Return the version of an API that we ask for."""
    (name,) = _used(service, "version")
    return name


def next_version(service: str) -> str:
    """Return the version to ask for where ours is refused: the one after it, else the one before it; empty if none is listed."""
    names = [row.name for row in LIFETIMES if (row.service, row.sort) == (service, "version")]
    at = names.index(version(service))
    return next((names[other] for other in (at - 1, at + 1) if 0 <= other < len(names)), "")


def metrics(service: str, group: str) -> Mapping[str, str]:
    """Return the metrics that are asked for together: name → the count that it fills, empty for one of the platform's own."""
    return {row.name: row.fills for row in LIFETIMES if row.used and (row.service, row.group) == (service, group)}


def models(service: str) -> tuple[str, ...]:
    """Return the models of an AI provider to suggest, the default first."""
    return _used(service, "model")


def _used(service: str, sort: Sort) -> tuple[str, ...]:
    return tuple(row.name for row in LIFETIMES if row.used and (row.service, row.sort) == (service, sort))
