"""API models of analytics: figures, when they were read, and why they are missing. An unknown figure is null, never zero."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, get_args

from pydantic import Field

from noillusion.catalog.accounts import AccountKind
from noillusion.catalog.platforms import PlatformName
from noillusion.core.models import Model, OneSet, Stored, Uuid
from noillusion.flows.draft import Kind
from noillusion.flows.faults import ErrorClass, MissingReason, OwnReason

ReadingStatus = Literal["ok", "unavailable"]
REASONS = tuple(sorted({*get_args(OwnReason), *(each.value for each in ErrorClass)}))
Reason = Stored[Annotated[MissingReason, OneSet(REASONS)]]
"""Reason for a missing figure: one of our own, or the class of the platform's refusal."""


class Period(Model):
    """A period, including ``start`` and excluding ``end``."""

    start: datetime
    end: datetime


class PostFigures(Model):
    """Lifetime figures of posts; null if the platform has no such figure."""

    views: int | None = None
    reach: int | None = Field(
        default=None, description="In totals the sum over posts; a person who saw two posts is counted twice"
    )
    likes: int | None = Field(default=None, description="All reactions, if the platform has several kinds")
    comments: int | None = None
    shares: int | None = None
    saves: int | None = None
    clicks: int | None = None
    engagements: int | None = Field(default=None, description="Sum of likes, comments, shares and saves, as far as known")
    engagement_rate: float | None = Field(default=None, description="Engagements per view, for posts where both are known")


class MissingFigures(Model):
    """Reason why there are no current figures."""

    reason: Reason
    message: str
    at: datetime | None = Field(default=None, description="When a reading found this, if one did")


class Totals(PostFigures):
    """Totals of the posts of a period."""

    posts: int = Field(description="Number of posts; a post to three accounts counts as three")
    measured: int = Field(description="Number of posts that have figures and are included in the totals")


class Change(Model):
    """Change from the previous period; 0.25 means 25 % more. Null if either figure is unknown or the previous one is zero."""

    posts: float | None = None
    views: float | None = None
    reach: float | None = None
    likes: float | None = None
    comments: float | None = None
    shares: float | None = None
    saves: float | None = None
    clicks: float | None = None
    engagements: float | None = None
    engagement_rate: float | None = None


class PlatformSummary(Model):
    """Summary of one platform."""

    platform: PlatformName
    totals: Totals
    previous: Totals
    change: Change


class UnavailableCount(Model):
    """Number of posts of a platform without current figures, by reason. The totals include their last known figures."""

    platform: PlatformName
    reason: Reason
    message: str
    posts: int


class AnalyticsSummary(Model):
    """Performance of the posts of a period, compared with the previous period.

    Figures of the previous period are those of one period length ago, so that both had the same time to grow.
    """

    period: Period
    previous_period: Period
    platform: PlatformName | None
    as_of: datetime | None = Field(description="When the newest of these figures was read")
    totals: Totals
    previous: Totals
    change: Change
    platforms: list[PlatformSummary]
    unavailable: list[UnavailableCount]


class TopPost(Model):
    """A post on one account with its last known figures."""

    post_id: Uuid
    client_reference: str | None
    target_id: Uuid
    connection_id: Uuid | None
    platform: PlatformName
    account_id: str
    kind: Kind
    published_at: datetime
    deleted_at: datetime | None
    permalink: str | None
    figures: PostFigures | None = Field(description="Last known figures; null if there are none")
    measured_at: datetime | None = Field(description="When these figures were read")
    unavailable: MissingFigures | None = Field(description="Reason why there are no newer figures, if the last reading failed")


class PostReading(Model):
    """One reading of the figures of a post."""

    at: datetime
    status: ReadingStatus
    reason: Reason | None = None
    figures: PostFigures | None = None
    extra: dict[str, int] = Field(default_factory=dict, description="Further figures of the platform")


class TargetAnalytics(Model):
    """Figures of a post on one account over time."""

    target_id: Uuid
    connection_id: Uuid | None
    platform: PlatformName
    account_id: str
    kind: Kind
    published_at: datetime | None
    deleted_at: datetime | None
    permalink: str | None
    latest: PostReading | None
    last_good: PostReading | None
    unavailable: MissingFigures | None
    next_reading_at: datetime | None = Field(description="Null if no more readings are planned")
    series: list[PostReading] = Field(description="Oldest first")


class PostAnalytics(Model):
    """Figures of a post over time, by target."""

    post_id: Uuid
    targets: list[TargetAnalytics]


class AccountFigures(Model):
    """Counts of an account, null where the platform has no such figure. ``views`` to ``profile_views`` are of the day before."""

    followers: int | None = None
    following: int | None = None
    posts: int | None = None
    views: int | None = None
    reach: int | None = None
    engagements: int | None = None
    profile_views: int | None = None


class AccountReading(Model):
    """One reading of the figures of an account."""

    at: datetime
    status: ReadingStatus
    reason: Reason | None = None
    figures: AccountFigures | None = None
    extra: dict[str, int] = Field(default_factory=dict, description="Further figures of the platform")


class AccountAnalytics(Model):
    """Figures of a connected account over time."""

    connection_id: Uuid
    platform: PlatformName
    account_id: str
    account_kind: Stored[AccountKind]
    display_name: str
    username: str
    label: str
    latest: AccountReading | None = Field(description="Last reading before the end of the period")
    last_good: AccountReading | None
    followers_change: int | None = Field(description="Change between the first and the last successful reading in the period")
    unavailable: MissingFigures | None
    series: list[AccountReading] = Field(description="Readings in the period, oldest first")


class Slot(Model):
    """One hour of the week in the user's time zone."""

    weekday: int = Field(ge=1, le=7, description="1 is Monday")
    hour: int = Field(ge=0, le=23)
    posts: int
    engagements: float = Field(description="Average per post")
    score: float = Field(description="1 is average for the account; scores based on few posts are closer to 1")


SampleStatus = Literal["ok", "not_enough_data"]


class BestTimes(Model):
    """Hours of the week in which posts perform best."""

    period: Period
    platform: PlatformName | None
    time_zone: str
    status: SampleStatus
    posts: int = Field(description="Number of posts with known engagements that this is based on")
    minimum_posts: int
    slots: list[Slot] | None = Field(description="Hours with posts, by weekday and hour; null if there is not enough data")
    best: list[Slot] | None = Field(description="Up to three hours with the highest scores")
