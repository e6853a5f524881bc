"""API models of series and comparisons."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from noillusion.analytics.models import Period, SampleStatus
from noillusion.catalog.figures import Dimension, Interval, Metric, SeriesBasis
from noillusion.catalog.platforms import PlatformName
from noillusion.core.models import Model, Uuid


class SeriesPoint(Model):
    """One interval. The first one and the last one can reach beyond the period, which their figures do not."""

    start: datetime
    end: datetime
    value: int | None = Field(description="Null if nothing is known of this interval. That is not zero")
    posts: int | None = Field(description="Number of posts that were published in it. Null for `gained`")
    measured: int = Field(description="Number of figures in `value`: of posts (`published`) or of readings (`gained`)")


class AnalyticsSeries(Model):
    """One figure over time."""

    period: Period
    metric: Metric
    interval: Interval
    basis: SeriesBasis
    time_zone: str
    platform: PlatformName | None
    connection_id: Uuid | None
    post_id: Uuid | None
    as_of: datetime | None = Field(description="When the newest of these figures was read")
    total: int | None = Field(description="Sum of the values that are known; null if none is")
    points: list[SeriesPoint] = Field(description="Every interval of the period, oldest first")


class Averages(Model):
    """Averages per post, over the posts whose figure is known; null if none is."""

    views: float | None = None
    reach: float | None = None
    likes: float | None = None
    comments: float | None = None
    shares: float | None = None
    saves: float | None = None
    clicks: float | None = None
    engagements: float | None = None
    engagement_rate: float | None = Field(default=None, description="Engagements per view, for posts where both are known")


class ComparedGroup(Model):
    """Posts that have something in common."""

    value: str | None = Field(
        description="What they have in common: a platform, a kind, an id, a length, an hour (0 to 23), a weekday (1 is Monday), "
        "a provider. Null: not known, or none"
    )
    posts: int
    measured: int = Field(description="Number of posts that have figures")
    status: SampleStatus
    averages: Averages | None = Field(description="Null if there are fewer measured posts than `minimum_posts`")


class Comparisons(Model):
    """Posts of a period, compared by what they have in common. Nothing of their content is stored or looked at."""

    period: Period
    platform: PlatformName | None
    by: Dimension
    time_zone: str
    minimum_posts: int
    posts: int
    groups: list[ComparedGroup] = Field(description="The group with the most engagements per post first")
