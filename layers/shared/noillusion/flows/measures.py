"""The figures that flows read of posts and accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from noillusion.core.records import record
from noillusion.flows.draft import Kind
from noillusion.flows.faults import MissingReason


@record(eq=True)
class PostRef:
    """A published post to measure."""

    post_id: str
    kind: Kind
    handles: Mapping[str, str] = field(default_factory=dict)
    published_at: int | None = None
    """When it became public as far as we know, in seconds since the epoch: where it stands in the lists of its account."""


@record(eq=True)
class PostMetrics:
    """Counts of one post, ``None`` where the platform has no such figure; or the reason why there are none."""

    views: int | None = None
    reach: int | None = None
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    saves: int | None = None
    clicks: int | None = None
    extra: Mapping[str, int] = field(default_factory=dict)
    unavailable: MissingReason | None = None
    post_id: str | None = None
    """The public id, where only this reading revealed it."""
    permalink: str | None = None
    refused: tuple[str, ...] = ()
    """Metrics that the platform takes of no post any more: they were left out, and the others are here."""


@record(eq=True)
class AccountMetrics:
    """Counts of one account, ``None`` where the platform has no such figure; or the reason why there are none."""

    followers: int | None = None
    following: int | None = None
    posts: int | None = None
    views: int | None = None
    reach: int | None = None
    engagements: int | None = None
    profile_views: int | None = None
    extra: Mapping[str, int] = field(default_factory=dict)
    unavailable: MissingReason | None = None
    refused: tuple[str, ...] = ()
    """Metrics that the platform does not take any more: they were left out, and the others are here."""
