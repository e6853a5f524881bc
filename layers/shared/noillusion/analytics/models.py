"""API shapes of analytics: figures, when they were read, and why there are none. An unknown figure is null, never zero."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from noillusion.catalog.platforms import PlatformName
from noillusion.core.models import Model
from noillusion.flows.names import Kind

Sort = Literal["views", "reach", "likes", "comments", "shares", "saves", "clicks", "engagements", "published_at"]
Health = Literal["ok", "unavailable"]


class Period(Model):
    """From ``start`` to just before ``end``."""

    start: datetime
    end: datetime


class PostFigures(Model):
    """Lifetime counts of posts, null where the platform has no such figure."""

    views: int | None = None
    reach: int | None = Field(default=None, description="In totals the sum over posts: a person who saw two posts counts twice")
    likes: int | None = Field(default=None, description="Reactions of every kind where the platform has several")
    comments: int | None = None
    shares: int | None = None
    saves: int | None = None
    clicks: int | None = None
    engagements: int | None = Field(default=None, description="Likes, comments, shares and saves, as far as they are known")
    engagement_rate: float | None = Field(default=None, description="Engagements per view, over posts for which both are known")


class Unavailable(Model):
    """Why there is no current figure."""

    reason: str
    message: str
    at: datetime | None = Field(default=None, description="When this was found, if a reading found it")


class Totals(PostFigures):
    """Sums over the posts of a period."""

    posts: int = Field(description="Posts on accounts: a request to three accounts counts three")
    measured: int = Field(description="How many of them have figures and are in the sums")


class Change(Model):
    """Growth against the period before: 0.25 is a quarter more. Null where either side is unknown or the earlier one is zero."""

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
    """One platform's part of a summary."""

    platform: PlatformName
    totals: Totals
    previous: Totals
    change: Change


class UnavailableCount(Model):
    """How many posts of a platform have no current figures for one reason. Their last good figures are in the totals."""

    platform: PlatformName
    reason: str
    message: str
    posts: int


class AnalyticsSummary(Model):
    """How the posts of a period do, beside those of the period before.

    The earlier period's figures are taken as they stood one period length ago, so that both had the same time to grow.
    """

    period: Period
    previous_period: Period
    platform: PlatformName | None
    as_of: datetime | None = Field(description="When the newest figure in here was read")
    totals: Totals
    previous: Totals
    change: Change
    platforms: list[PlatformSummary]
    unavailable: list[UnavailableCount]


class TopPost(Model):
    """One post on one account with its last good figures."""

    post_id: str
    target_id: str
    connection_id: str | None
    platform: PlatformName
    account_id: str
    kind: Kind
    published_at: datetime
    deleted_at: datetime | None
    permalink: str | None
    figures: PostFigures | None = Field(description="Last good figures; null if there never were any")
    measured_at: datetime | None = Field(description="When these figures were read")
    unavailable: Unavailable | None = Field(description="Why there are no newer ones, if the last reading brought none")


class PostReading(Model):
    """What one reading of a post brought."""

    at: datetime
    status: Health
    reason: str | None = None
    figures: PostFigures | None = None
    extra: dict[str, int] = Field(default_factory=dict, description="The platform's own further counts")


class TargetAnalytics(Model):
    """One account's part of a post over time."""

    target_id: str
    connection_id: str | None
    platform: PlatformName
    account_id: str
    kind: Kind
    published_at: datetime | None
    deleted_at: datetime | None
    permalink: str | None
    latest: PostReading | None
    last_good: PostReading | None
    unavailable: Unavailable | None
    next_reading_at: datetime | None = Field(description="Null: no more readings are planned")
    series: list[PostReading] = Field(description="Oldest first")


class PostAnalytics(Model):
    """A post over time, per target."""

    post_id: str
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
    """What one reading of an account brought."""

    at: datetime
    status: Health
    reason: str | None = None
    figures: AccountFigures | None = None
    extra: dict[str, int] = Field(default_factory=dict, description="The platform's own further counts")


class AccountAnalytics(Model):
    """A connected account over time."""

    connection_id: str
    platform: PlatformName
    account_id: str
    account_kind: str
    display_name: str
    username: str
    label: str
    latest: AccountReading | None = Field(description="The last reading before the end of the period")
    last_good: AccountReading | None
    followers_change: int | None = Field(description="Between the first and the last good reading within the period")
    unavailable: Unavailable | None
    series: list[AccountReading] = Field(description="Readings within the period, oldest first")


class Slot(Model):
    """One hour of the week in the user's time zone."""

    weekday: int = Field(ge=1, le=7, description="1 is Monday")
    hour: int = Field(ge=0, le=23)
    posts: int
    engagements: float = Field(description="Mean per post")
    score: float = Field(description="1 is the account's usual; few posts in a slot pull its score towards 1")


class BestTimes(Model):
    """When posts did well."""

    period: Period
    platform: PlatformName | None
    time_zone: str
    status: Literal["ok", "not_enough_data"]
    posts: int = Field(description="How many posts with known engagements this rests on")
    minimum_posts: int
    slots: list[Slot] | None = Field(description="Hours with posts, by weekday and hour; null without enough data")
    best: list[Slot] | None = Field(description="Up to three hours with the highest score")
