"""Rows of analytics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, ClassVar, NamedTuple

from noillusion.analytics.models import ReadingStatus
from noillusion.catalog.platforms import PlatformName
from noillusion.connections.rows import CredentialRow
from noillusion.db import record
from noillusion.flows.draft import Kind
from noillusion.flows.faults import MissingReason


@record()
class MeasuredConnection(CredentialRow):
    """A connection to measure through, and when its account is to be measured again."""

    metrics_due_at: datetime | None


@record()
class MeasuredTarget:
    """A target with what names its post at the platform."""

    TABLE: ClassVar = "post_targets"

    id: str
    kind: Kind
    handles: Mapping[str, Any]
    accepted_id: str | None
    platform_post_id: str | None
    permalink: str | None
    published_at: datetime | None
    created_at: datetime


@record()
class DueRow:
    """When targets are read next, and until when a message has them in hand. The first names the row."""

    TABLE: ClassVar = "post_polls"

    target_id: str
    other_target_ids: list[str]
    claimed_until: datetime | None


@record()
class NextReadingRow:
    """When a target is read next."""

    TABLE: ClassVar = "post_polls"

    target_id: str
    due_at: datetime


@record()
class PostCounts:
    """Counts of one post or of several, ``None`` where nobody knows."""

    views: int | None
    reach: int | None
    likes: int | None
    comments: int | None
    shares: int | None
    saves: int | None
    clicks: int | None


@record()
class AccountCounts:
    """Counts of one account, ``None`` where nobody knows."""

    followers: int | None
    following: int | None
    posts: int | None
    views: int | None
    reach: int | None
    engagements: int | None
    profile_views: int | None


POST_COUNTS = tuple(each.name for each in fields(PostCounts))
ACCOUNT_COUNTS = tuple(each.name for each in fields(AccountCounts))


@record()
class TotalsRow(PostCounts):
    """Sums over posts of a platform that lack a current figure for the same reason, or that have one."""

    platform: PlatformName
    why: MissingReason | None
    posts: int
    measured: int
    as_of: datetime | str | None
    engagements: int | None
    rated_engagements: int | None
    """Engagements of posts whose views are known, and views of posts whose engagements are."""
    rated_views: int | None


@record()
class TopRow(PostCounts):
    """A published post with its last good counts and what its last reading was, if there is one."""

    id: str
    post_id: str
    client_reference: str | None
    connection_id: str | None
    platform: PlatformName
    account_id: str
    kind: Kind
    published_at: datetime
    deleted_at: datetime | None
    permalink: str | None
    measured_at: datetime | None
    last_at: datetime | None
    last_reason: MissingReason | None
    position: int | datetime | str
    """The value that the list is sorted by."""


class EngagementRow(NamedTuple):
    """When a post went out, and its engagements. Thousands of these are read at once, so it is a tuple."""

    platform: PlatformName
    account_id: str
    published_at: datetime
    engagements: int


@record()
class ZoneRow:
    """The zone of a user's clock."""

    TABLE: ClassVar = "profiles"

    time_zone: str


@record()
class TargetRow:
    """One account's part of a post."""

    TABLE: ClassVar = "post_targets"

    id: str
    connection_id: str | None
    platform: PlatformName
    account_id: str
    kind: Kind
    status: str
    published_at: datetime | None
    deleted_at: datetime | None
    permalink: str | None


@record()
class FiguresRow(PostCounts):
    """The newest figures of a post: the last attempt to read them, and the last good one."""

    TABLE: ClassVar = "post_figures"

    target_id: str
    read_at: datetime
    reason: MissingReason | None
    good_at: datetime | None
    extra: Mapping[str, int]


@record()
class PostReadingRow(PostCounts):
    """One reading of a post."""

    TABLE: ClassVar = "post_analytics"

    target_id: str
    polled_at: datetime
    status: ReadingStatus
    reason: MissingReason | None
    extra: Mapping[str, int]


@record()
class AccountRow:
    """A connected account."""

    TABLE: ClassVar = "platform_connections"

    id: str
    platform: PlatformName
    account_id: str
    account_kind: str
    display_name: str
    username: str
    label: str
    status: str
    created_at: datetime


@record()
class AccountReadingRow(AccountCounts):
    """One reading of an account."""

    TABLE: ClassVar = "account_analytics"

    connection_id: str
    polled_at: datetime
    status: ReadingStatus
    reason: MissingReason | None
    extra: Mapping[str, int]
