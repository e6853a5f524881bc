"""Routes of analytics: summary, top posts, one post over time, accounts, best times; lists also as CSV, on their own routes."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from noillusion.analytics import service, table
from noillusion.analytics.models import AccountAnalytics, AnalyticsSummary, BestTimes, PostAnalytics, Sort, TopPost
from noillusion.api import files
from noillusion.api.files import CSV, Bom
from noillusion.api.paging import Page
from noillusion.api.resolver import Api, Cursor, Limit, PathId, uuid_or_404
from noillusion.catalog.platforms import PlatformName
from noillusion.core.instants import Instant
from noillusion.core.tables import MEDIA_TYPE

api = Api()
app = api.resolver
handler = api.handler

From = Annotated[Instant | None, Query(alias="from", description="Start, with a UTC offset; default: 30 days before the end")]
To = Annotated[
    Instant | None, Query(description="End (exclusive), with a UTC offset; default: now; at most 366 days after `from`")
]
Platform = Annotated[PlatformName | None, Query(description="Return only this platform")]
SortBy = Annotated[Sort, Query(description="Figure to sort by, highest first")]


def _csv(name: str, text: str, bom: bool, cursor: str | None = None) -> Response[str]:
    """Return a table as a file. The cursor of the next page is in a header."""
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
def get_summary(start: From = None, to: To = None, platform: Platform = None) -> AnalyticsSummary:
    api.require("application/json")
    return api.run(service.summary(api.user_id, start, to, platform))


@app.get(
    "/v1/analytics/summary.csv",
    operation_id="getAnalyticsSummaryCsv",
    summary="Compare a period with the previous one as CSV",
    description="The same figures as the route without `.csv`, as CSV (RFC 4180) with one heading line.",
    tags=["analytics"],
    responses=CSV,
)
def get_summary_csv(start: From = None, to: To = None, platform: Platform = None, bom: Bom = False) -> Response[str]:
    found = api.run(service.summary(api.user_id, start, to, platform))
    return _csv("summary", table.summary(found), bom)


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
) -> Page[TopPost]:
    api.require("application/json")
    return api.run(service.top_posts(api.user_id, start, to, platform, sort, cursor, limit))


@app.get(
    "/v1/analytics/posts.csv",
    operation_id="listTopPostsCsv",
    summary="List the top posts of a period as CSV",
    description="The same figures as the route without `.csv`, as CSV (RFC 4180) with one heading line.",
    tags=["analytics"],
    responses=CSV,
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
def get_post_analytics(post_id: PathId) -> PostAnalytics:
    return api.run(service.post(api.user_id, uuid_or_404(post_id)))


@app.get(
    "/v1/analytics/accounts",
    operation_id="listAccountAnalytics",
    summary="List the figures of accounts over time",
    description="One item for each connected account, with its readings in the period. An account without readings says why.",
    tags=["analytics"],
)
def list_account_analytics(
    start: From = None, to: To = None, platform: Platform = None, cursor: Cursor = None, limit: Limit = 25
) -> Page[AccountAnalytics]:
    api.require("application/json")
    return api.run(service.accounts(api.user_id, start, to, platform, cursor, limit))


@app.get(
    "/v1/analytics/accounts.csv",
    operation_id="listAccountAnalyticsCsv",
    summary="List the figures of accounts over time as CSV",
    description="The same figures as the route without `.csv`, as CSV (RFC 4180) with one heading line.",
    tags=["analytics"],
    responses=CSV,
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
def get_best_times(start: From = None, to: To = None, platform: Platform = None) -> BestTimes:
    api.require("application/json")
    return api.run(service.best_times(api.user_id, start, to, platform))


@app.get(
    "/v1/analytics/best-times.csv",
    operation_id="getBestTimesCsv",
    summary="Get the best times to post as CSV",
    description="The same figures as the route without `.csv`, as CSV (RFC 4180) with one heading line.",
    tags=["analytics"],
    responses=CSV,
)
def get_best_times_csv(start: From = None, to: To = None, platform: Platform = None, bom: Bom = False) -> Response[str]:
    found = api.run(service.best_times(api.user_id, start, to, platform))
    return _csv("best-times", table.best_times(found), bom)
