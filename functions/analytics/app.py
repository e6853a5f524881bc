"""Routes of analytics: summary, top posts, one post over time, accounts and best times, as JSON or CSV."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import BaseModel

from noillusion.analytics import service, table
from noillusion.analytics.models import AccountAnalytics, AnalyticsSummary, BestTimes, PostAnalytics, Sort, TopPost
from noillusion.api.paging import Page
from noillusion.api.resolver import Api, Cursor, Limit, PathId, json_response, uuid_or_404
from noillusion.catalog.platforms import PlatformName
from noillusion.core.instants import Instant

Model = TypeVar("Model", bound=BaseModel)

api = Api()
app = api.resolver
handler = api.handler

From = Annotated[Instant | None, Query(alias="from", description="Start, with a UTC offset; default: 30 days before the end")]
To = Annotated[
    Instant | None, Query(description="End (exclusive), with a UTC offset; default: now; at most 366 days after `from`")
]
Platform = Annotated[PlatformName | None, Query(description="Return only this platform")]
SortBy = Annotated[Sort, Query(description="Figure to sort by, highest first")]


def _or_csv(model: type[BaseModel]) -> dict[int, Any]:
    """Return the description of a response that can be JSON or CSV."""
    content = {"application/json": {"model": model}, table.MEDIA_TYPE: {"schema": {"type": "string"}}}
    return {200: {"description": "OK", "content": content}}


def _answer(model: Model, written: Callable[[], str], name: str, cursor: str | None = None) -> Response[Any]:
    """Return the response as JSON, or as CSV for ``Accept: text/csv``; the cursor of the next page is then in a header."""
    if not table.wanted(api.header("accept")):
        return json_response(200, model, {"vary": "accept"})
    headers = {"content-disposition": f'attachment; filename="{name}.csv"', "vary": "accept"}
    if cursor is not None:
        headers["x-next-cursor"] = cursor
    return Response(status_code=200, content_type=f"{table.MEDIA_TYPE}; charset=utf-8", body=written(), headers=headers)


@app.get(
    "/v1/analytics/summary",
    summary="Compare a period with the previous one",
    tags=["analytics"],
    responses=_or_csv(AnalyticsSummary),
)
def get_summary(start: From = None, to: To = None, platform: Platform = None) -> Response[AnalyticsSummary | str]:
    found = api.run(service.summary(api.user_id, start, to, platform))
    return _answer(found, lambda: table.summary(found), "summary")


@app.get(
    "/v1/analytics/posts",
    summary="List the top posts of a period",
    tags=["analytics"],
    responses=_or_csv(Page[TopPost]),
)
def list_top_posts(
    start: From = None,
    to: To = None,
    platform: Platform = None,
    sort: SortBy = "views",
    cursor: Cursor = None,
    limit: Limit = 25,
) -> Response[Page[TopPost] | str]:
    found = api.run(service.top_posts(api.user_id, start, to, platform, sort, cursor, limit))
    return _answer(found, lambda: table.posts(found.items), "posts", found.next_cursor)


@app.get("/v1/analytics/posts/<post_id>", summary="Get the figures of a post over time", tags=["analytics"])
def get_post_analytics(post_id: PathId) -> PostAnalytics:
    return api.run(service.post(api.user_id, uuid_or_404(post_id)))


@app.get(
    "/v1/analytics/accounts",
    summary="List the figures of accounts over time",
    tags=["analytics"],
    responses=_or_csv(Page[AccountAnalytics]),
)
def list_account_analytics(
    start: From = None, to: To = None, platform: Platform = None, cursor: Cursor = None, limit: Limit = 25
) -> Response[Page[AccountAnalytics] | str]:
    found = api.run(service.accounts(api.user_id, start, to, platform, cursor, limit))
    return _answer(found, lambda: table.accounts(found.items), "accounts", found.next_cursor)


@app.get(
    "/v1/analytics/best-times",
    summary="Get the best times to post",
    tags=["analytics"],
    responses=_or_csv(BestTimes),
)
def get_best_times(start: From = None, to: To = None, platform: Platform = None) -> Response[BestTimes | str]:
    found = api.run(service.best_times(api.user_id, start, to, platform))
    return _answer(found, lambda: table.best_times(found), "best-times")
