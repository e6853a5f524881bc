"""Routes of analytics: summary, series, comparisons, top posts, one post over time, accounts, best times; also as CSV."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel

from noillusion.analytics import periods, service, table, trends
from noillusion.analytics.models import AccountAnalytics, AnalyticsSummary, BestTimes, PostAnalytics, TopPost
from noillusion.analytics.trend_models import AnalyticsSeries, Comparisons
from noillusion.api import files
from noillusion.api.figures import (
    Basis,
    By,
    ConnectionId,
    Figure,
    From,
    Named,
    PeriodZone,
    Platform,
    PostId,
    SortBy,
    To,
    Width,
    Zone,
)
from noillusion.api.files import CSV, Bom
from noillusion.api.paging import Page
from noillusion.api.resolver import Api, Cursor, IfNoneMatch, Limit, PathId, tagged, uuid_or_404
from noillusion.catalog.figures import PeriodName
from noillusion.core import clock
from noillusion.core.preconditions import etag, unless_known
from noillusion.core.tables import MEDIA_TYPE

Span = tuple[datetime | None, datetime | None]
T = TypeVar("T", bound=BaseModel)

api = Api()
app = api.resolver
handler = api.handler

AS_CSV: dict[str, Any] = {
    "description": "The same figures as the route without `.csv`, as CSV (RFC 4180) with one heading line.",
    "tags": ["analytics"],
    "responses": CSV,
}
VARYING = frozenset({"period", "previous_period", "next_cursor"})  # different in each answer about a period that goes on


def _period(start: datetime | None, to: datetime | None, name: PeriodName | None, zone: str | None) -> Span:
    return periods.asked(start, to, name, zone, clock.now())


def _answer(model: T, known: str | None) -> Response[T]:
    """Return an answer with an entity tag, which stays as long as the figures do."""
    tag = etag(model, without=VARYING)
    unless_known(known, tag)
    return tagged(model, tag)


def _csv(name: str, text: str, bom: bool, cursor: str | None = None) -> Response[str]:
    api.require(MEDIA_TYPE)
    return files.table(name, text, bom, {} if cursor is None else {"x-next-cursor": cursor})


@app.get(
    "/v1/analytics/summary",
    operation_id="getAnalyticsSummary",
    summary="Compare a period with the previous one",
    description=(
        "Totals of all platforms and of each, beside those of the equally long period before it. `measured` is the number"
        " of posts with figures."
    ),
    tags=["analytics"],
)
def get_summary(
    start: From = None,
    to: To = None,
    period: Named = None,
    time_zone: PeriodZone = None,
    platform: Platform = None,
    known: IfNoneMatch = None,
) -> Response[AnalyticsSummary]:
    api.require("application/json")
    return _answer(api.run(service.summary(api.user_id, *_period(start, to, period, time_zone), platform)), known)


@app.get(
    "/v1/analytics/summary.csv",
    operation_id="getAnalyticsSummaryCsv",
    summary="Compare a period with the previous one as CSV",
    **AS_CSV,
)
def get_summary_csv(
    start: From = None,
    to: To = None,
    period: Named = None,
    time_zone: PeriodZone = None,
    platform: Platform = None,
    bom: Bom = False,
) -> Response[str]:
    found = api.run(service.summary(api.user_id, *_period(start, to, period, time_zone), platform))
    return _csv("summary", table.summary(found), bom)


@app.get(
    "/v1/analytics/series",
    operation_id="getAnalyticsSeries",
    summary="Get a figure over time",
    description=(
        "One figure for each hour, day or week of a period, by the clock of a time zone. An interval of which nothing is known "
        "has no value, which is not zero."
    ),
    tags=["analytics"],
)
def get_series(
    start: From = None,
    to: To = None,
    period: Named = None,
    time_zone: Zone = None,
    metric: Figure = "views",
    interval: Width = "day",
    basis: Basis = "published",
    platform: Platform = None,
    connection_id: ConnectionId = None,
    post_id: PostId = None,
    known: IfNoneMatch = None,
) -> Response[AnalyticsSeries]:
    api.require("application/json")
    asked = trends.Asked(metric, interval, basis, time_zone, platform, connection_id, post_id)
    return _answer(api.run(trends.series(api.user_id, *_period(start, to, period, time_zone), asked)), known)


@app.get(
    "/v1/analytics/series.csv",
    operation_id="getAnalyticsSeriesCsv",
    summary="Get a figure over time as CSV",
    **AS_CSV,
)
def get_series_csv(
    start: From = None,
    to: To = None,
    period: Named = None,
    time_zone: Zone = None,
    metric: Figure = "views",
    interval: Width = "day",
    basis: Basis = "published",
    platform: Platform = None,
    connection_id: ConnectionId = None,
    post_id: PostId = None,
    bom: Bom = False,
) -> Response[str]:
    asked = trends.Asked(metric, interval, basis, time_zone, platform, connection_id, post_id)
    return _csv("series", table.series(api.run(trends.series(api.user_id, *_period(start, to, period, time_zone), asked))), bom)


@app.get(
    "/v1/analytics/comparisons",
    operation_id="getComparisons",
    summary="Compare posts by what they have in common",
    description=(
        "Averages per post for each platform, kind, account, length of text, hour, weekday, AI provider or template. A group "
        "with fewer posts than `minimum_posts` has no averages. Provider and template are known of posts that were published "
        "with the `generation_id` of their text."
    ),
    tags=["analytics"],
)
def compare_posts(
    by: By,
    start: From = None,
    to: To = None,
    period: Named = None,
    time_zone: Zone = None,
    platform: Platform = None,
    known: IfNoneMatch = None,
) -> Response[Comparisons]:
    api.require("application/json")
    return _answer(api.run(trends.compare(api.user_id, *_period(start, to, period, time_zone), by, time_zone, platform)), known)


@app.get(
    "/v1/analytics/comparisons.csv",
    operation_id="getComparisonsCsv",
    summary="Compare posts by what they have in common, as CSV",
    **AS_CSV,
)
def compare_posts_csv(
    by: By,
    start: From = None,
    to: To = None,
    period: Named = None,
    time_zone: Zone = None,
    platform: Platform = None,
    bom: Bom = False,
) -> Response[str]:
    found = api.run(trends.compare(api.user_id, *_period(start, to, period, time_zone), by, time_zone, platform))
    return _csv("comparisons", table.comparisons(found), bom)


@app.get(
    "/v1/analytics/posts",
    operation_id="listTopPosts",
    summary="List the top posts of a period",
    description=(
        "One item for each published post on an account, with its latest figures. A figure that the platform does not "
        "have is null, and posts without figures say why."
    ),
    tags=["analytics"],
)
def list_top_posts(
    start: From = None,
    to: To = None,
    platform: Platform = None,
    sort: SortBy = "views",
    cursor: Cursor = None,
    limit: Limit = 25,
    known: IfNoneMatch = None,
) -> Response[Page[TopPost]]:
    api.require("application/json")
    return _answer(api.run(service.top_posts(api.user_id, start, to, platform, sort, cursor, limit)), known)


@app.get(
    "/v1/analytics/posts.csv",
    operation_id="listTopPostsCsv",
    summary="List the top posts of a period as CSV",
    **AS_CSV,
)
def list_top_posts_csv(
    start: From = None,
    to: To = None,
    platform: Platform = None,
    sort: SortBy = "views",
    cursor: Cursor = None,
    limit: Limit = 25,
    bom: Bom = False,
) -> Response[str]:
    found = api.run(service.top_posts(api.user_id, start, to, platform, sort, cursor, limit))
    return _csv("posts", table.posts(found.items), bom, found.next_cursor)


@app.get(
    "/v1/analytics/posts/<post_id>",
    operation_id="getPostAnalytics",
    summary="Get the figures of a post over time",
    description="All readings of each target, oldest first. A target without figures says why.",
    tags=["analytics"],
)
def get_post_analytics(post_id: PathId, known: IfNoneMatch = None) -> Response[PostAnalytics]:
    return _answer(api.run(service.post(api.user_id, uuid_or_404(post_id))), known)


@app.get(
    "/v1/analytics/accounts",
    operation_id="listAccountAnalytics",
    summary="List the figures of accounts over time",
    description="One item for each connected account, with its readings in the period. An account without readings says why.",
    tags=["analytics"],
)
def list_account_analytics(
    start: From = None,
    to: To = None,
    platform: Platform = None,
    cursor: Cursor = None,
    limit: Limit = 25,
    known: IfNoneMatch = None,
) -> Response[Page[AccountAnalytics]]:
    api.require("application/json")
    return _answer(api.run(service.accounts(api.user_id, start, to, platform, cursor, limit)), known)


@app.get(
    "/v1/analytics/accounts.csv",
    operation_id="listAccountAnalyticsCsv",
    summary="List the figures of accounts over time as CSV",
    **AS_CSV,
)
def list_account_analytics_csv(
    start: From = None, to: To = None, platform: Platform = None, cursor: Cursor = None, limit: Limit = 25, bom: Bom = False
) -> Response[str]:
    found = api.run(service.accounts(api.user_id, start, to, platform, cursor, limit))
    return _csv("accounts", table.accounts(found.items), bom, found.next_cursor)


@app.get(
    "/v1/analytics/best-times",
    operation_id="getBestTimes",
    summary="Get the best times to post",
    description=(
        "Hours of the week in your time zone, by the results of your own posts of the period. Without enough posts there "
        "is a reason instead of hours."
    ),
    tags=["analytics"],
)
def get_best_times(
    start: From = None,
    to: To = None,
    period: Named = None,
    time_zone: Zone = None,
    platform: Platform = None,
    known: IfNoneMatch = None,
) -> Response[BestTimes]:
    api.require("application/json")
    return _answer(api.run(service.best_times(api.user_id, *_period(start, to, period, time_zone), platform, time_zone)), known)


@app.get(
    "/v1/analytics/best-times.csv",
    operation_id="getBestTimesCsv",
    summary="Get the best times to post as CSV",
    **AS_CSV,
)
def get_best_times_csv(
    start: From = None, to: To = None, period: Named = None, time_zone: Zone = None, platform: Platform = None, bom: Bom = False
) -> Response[str]:
    found = api.run(service.best_times(api.user_id, *_period(start, to, period, time_zone), platform, time_zone))
    return _csv("best-times", table.best_times(found), bom)
