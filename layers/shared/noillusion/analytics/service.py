"""Reading analytics: totals, top posts, series, best times. Nothing here asks a platform or writes anything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from noillusion.analytics import figures, messages, queries
from noillusion.analytics.models import (
    AccountAnalytics,
    AccountFigures,
    AccountReading,
    AnalyticsSummary,
    BestTimes,
    MissingFigures,
    Period,
    PlatformSummary,
    PostAnalytics,
    PostReading,
    TargetAnalytics,
    TopPost,
    UnavailableCount,
)
from noillusion.analytics.rows import AccountReadingRow, AccountRow, FiguresRow, PostReadingRow, TargetRow, TopRow, TotalsRow
from noillusion.api import paging
from noillusion.catalog.figures import Sort
from noillusion.catalog.platforms import PlatformName
from noillusion.core import clock
from noillusion.core.errors import Invalid, NotFound, field_error
from noillusion.core.records import record
from noillusion.db import Actor, database
from noillusion.flows.faults import ErrorClass, MissingReason

DEFAULT_RANGE = timedelta(days=30)
LONGEST_RANGE = timedelta(days=366)


@record()
class Window:
    """The subject of a request: a period, and the instant up to which readings count."""

    start: datetime
    end: datetime
    now: datetime

    @property
    def period(self) -> Period:
        """The period as it is answered."""
        return Period(start=self.start, end=self.end)

    def earlier(self) -> Window:
        """Return the period before, seen from as long ago as it is earlier."""
        length = self.end - self.start
        return Window(self.start - length, self.start, self.now - length)

    def scope(self, user_id: str, platform: str | None) -> dict[str, Any]:
        """Return the parameters of the statements about this window."""
        return queries.scope(user_id, self.start, self.end, self.now, platform)


def window(start: datetime | None, end: datetime | None, now: datetime) -> Window:
    """Return the asked period, by default the last 30 days. :class:`Invalid` if it is empty or longer than 366 days."""
    end = end or now
    start = start or end - DEFAULT_RANGE
    if start >= end:
        raise Invalid([field_error("from", "period_empty")])
    if end - start > LONGEST_RANGE:
        raise Invalid([field_error("from", "period_too_long", limit=LONGEST_RANGE.days, unit="days")])
    return Window(start, end, now)


def unavailable(reason: MissingReason, at: datetime | None = None) -> MissingFigures:
    """Return a reason with its explanation."""
    return MissingFigures(reason=reason, message=messages.REASONS.get(reason, messages.OTHER), at=at)


async def summary(user_id: str, start: datetime | None, end: datetime | None, platform: PlatformName | None) -> AnalyticsSummary:
    """Return the totals of a period beside those of the one before. One round trip."""
    asked = window(start, end, clock.now())
    earlier = asked.earlier()
    current = queries.totals(asked.scope(user_id, platform))
    previous = queries.totals_then(earlier.scope(user_id, platform))
    flight = await database().flight(Actor(user_id), current, previous)
    rows, before = flight[current], flight[previous]
    now, then = figures.totals(rows), figures.totals(before)
    return AnalyticsSummary(
        period=asked.period,
        previous_period=earlier.period,
        platform=platform,
        as_of=max((at for row in rows if (at := instant(row.as_of))), default=None),
        totals=now,
        previous=then,
        change=figures.change(now, then),
        platforms=_by_platform(rows, before),
        unavailable=[
            UnavailableCount(platform=row.platform, posts=row.posts, **unavailable(row.why).model_dump(exclude={"at"}))
            for row in rows
            if row.why is not None
        ],
    )


def _by_platform(rows: Sequence[TotalsRow], before: Sequence[TotalsRow]) -> list[PlatformSummary]:
    summaries = []
    for name in sorted({row.platform for row in (*rows, *before)}):
        now, then = (figures.totals([row for row in part if row.platform == name]) for part in (rows, before))
        summaries.append(PlatformSummary(platform=name, totals=now, previous=then, change=figures.change(now, then)))
    return summaries


def instant(value: datetime | str | None) -> datetime | None:
    """Return a time that an aggregate gave."""
    # An aggregate has no declared type, so the embedded engine gives it as text.
    return datetime.fromisoformat(value) if isinstance(value, str) else value


async def top_posts(
    user_id: str,
    start: datetime | None,
    end: datetime | None,
    platform: PlatformName | None,
    sort: Sort,
    cursor: str | None,
    limit: int,
) -> paging.Page[TopPost]:
    """Return posts of a period, the highest first. All pages show the figures as of the first page's moment. One round trip."""
    filters = {"from": start, "to": end, "platform": platform, "sort": sort}
    place = paging.Listing("analytics/posts", user_id, filters)
    moment, after = _position(place.position(cursor, 3), sort)
    asked = window(start, end, moment or clock.now())
    page = queries.top(asked.scope(user_id, platform), sort, after, limit + 1)
    rows = (await database().flight(Actor(user_id), page))[page]
    following = None
    if len(rows) > limit:
        last = rows[limit - 1]
        following = place.cursor(asked.now, _sort_value(last.position, sort), last.id)
    return paging.Page[TopPost](items=[_top_post(row) for row in rows[:limit]], next_cursor=following)


def _sort_value(value: int | datetime | str, sort: Sort) -> int | datetime:
    return datetime.fromisoformat(str(value)) if sort == "published_at" else int(str(value))


def _position(cursor: Sequence[str] | None, sort: Sort) -> tuple[datetime | None, tuple[int | datetime, str] | None]:
    """Return the first page's moment and the last row before this page."""
    if cursor is None:
        return None, None
    return datetime.fromisoformat(cursor[0]), (_sort_value(cursor[1], sort), cursor[2])


def _top_post(row: TopRow) -> TopPost:
    return TopPost(
        post_id=row.post_id,
        client_reference=row.client_reference,
        target_id=row.id,
        connection_id=row.connection_id,
        platform=row.platform,
        account_id=row.account_id,
        kind=row.kind,
        published_at=row.published_at,
        deleted_at=row.deleted_at,
        permalink=row.permalink,
        figures=figures.post_figures(row) if row.measured_at else None,
        measured_at=row.measured_at,
        unavailable=_why(row.connection_id, row.last_reason, row.last_at),
    )


def _why(connection_id: str | None, reason: MissingReason | None, at: datetime | None) -> MissingFigures | None:
    """Return why there is no current figure of a published post, ``None`` if there is one. ``at`` is the last attempt."""
    if connection_id is None:
        return unavailable("disconnected", at)
    if at is None:
        return unavailable("not_measured_yet")
    return unavailable(reason, at) if reason else None


async def post(user_id: str, post_id: str) -> PostAnalytics:
    """Return a post over time, per target. One round trip. :class:`NotFound` if the user has no such post."""
    known, targets, polls, newest, readings = queries.post(user_id, post_id)
    flight = await database().flight(Actor(user_id), known, targets, polls, newest, readings)
    if not flight.number_of(known):
        raise NotFound
    by_target: dict[str, list[PostReading]] = defaultdict(list)
    for row in reversed(flight[readings]):
        by_target[row.target_id].append(_post_reading(row))
    due = {row.target_id: row.due_at for row in flight[polls]}
    last = {row.target_id: row for row in flight[newest]}
    return PostAnalytics(
        post_id=post_id,
        targets=[_target(row, last.get(row.id), due.get(row.id), by_target[row.id]) for row in flight[targets]],
    )


def _post_reading(row: PostReadingRow) -> PostReading:
    counts = figures.post_figures(row) if row.status == "ok" else None
    return PostReading(at=row.polled_at, status=row.status, reason=row.reason, figures=counts, extra=dict(row.extra))


def _newest(row: FiguresRow) -> tuple[PostReading, PostReading | None]:
    """Return the last reading and the last good one."""
    good = None
    if row.good_at is not None:
        good = PostReading(at=row.good_at, status="ok", figures=figures.post_figures(row), extra=dict(row.extra))
    if row.reason is None and good is not None:
        return good, good
    return PostReading(at=row.read_at, status="unavailable", reason=row.reason or ErrorClass.UNKNOWN), good


def _target(row: TargetRow, newest: FiguresRow | None, due: datetime | None, series: list[PostReading]) -> TargetAnalytics:
    last, good = _newest(newest) if newest else (None, None)
    published = row.status in ("published", "delivered_to_inbox")
    why = _why(row.connection_id, last.reason if last else None, last.at if last else None)
    return TargetAnalytics(
        target_id=row.id,
        connection_id=row.connection_id,
        platform=row.platform,
        account_id=row.account_id,
        kind=row.kind,
        published_at=row.published_at,
        deleted_at=row.deleted_at,
        permalink=row.permalink,
        latest=last,
        last_good=good,
        unavailable=why if published else unavailable("not_published"),
        next_reading_at=due,
        series=series,
    )


async def accounts(
    user_id: str, start: datetime | None, end: datetime | None, platform: PlatformName | None, cursor: str | None, limit: int
) -> paging.Page[AccountAnalytics]:
    """Return connected accounts over time, in the order they were connected. One round trip."""
    asked = window(start, end, clock.now())
    place = paging.Listing("analytics/accounts", user_id, {"from": start, "to": end, "platform": platform})
    scope = asked.scope(user_id, platform)
    page, readings, latest, good = queries.accounts(scope, _after(place.position(cursor, 2)), limit + 1)
    flight = await database().flight(Actor(user_id), page, readings, latest, good)
    series: dict[str, list[AccountReading]] = defaultdict(list)
    for row in flight[readings]:
        series[row.connection_id].append(_account_reading(row))
    last, last_good = ({row.connection_id: _account_reading(row) for row in flight[each]} for each in (latest, good))
    rows = flight[page]
    items = [_account(row, series[row.id], last.get(row.id), last_good.get(row.id)) for row in rows[:limit]]
    following = place.cursor(rows[limit - 1].created_at, rows[limit - 1].id) if len(rows) > limit else None
    return paging.Page[AccountAnalytics](items=items, next_cursor=following)


def _after(cursor: Sequence[str] | None) -> tuple[datetime, str] | None:
    return None if cursor is None else (datetime.fromisoformat(cursor[0]), cursor[1])


def _account_reading(row: AccountReadingRow) -> AccountReading:
    counts = AccountFigures.of(row) if row.status == "ok" else None
    return AccountReading(at=row.polled_at, status=row.status, reason=row.reason, figures=counts, extra=dict(row.extra))


def _account(
    row: AccountRow, series: list[AccountReading], latest: AccountReading | None, last_good: AccountReading | None
) -> AccountAnalytics:
    followers = [r.figures.followers for r in series if r.figures and r.figures.followers is not None]
    why = None
    if row.status != "active":
        why = unavailable(ErrorClass.REAUTH, latest.at if latest else None)
    elif latest is None:
        why = unavailable("not_measured_yet")
    elif latest.status == "unavailable":
        why = unavailable(latest.reason or ErrorClass.UNKNOWN, latest.at)
    return AccountAnalytics(
        connection_id=row.id,
        platform=row.platform,
        account_id=row.account_id,
        account_kind=row.account_kind,
        display_name=row.display_name,
        username=row.username,
        label=row.label,
        latest=latest,
        last_good=last_good,
        followers_change=followers[-1] - followers[0] if len(followers) > 1 else None,
        unavailable=why,
        series=series,
    )


async def best_times(
    user_id: str, start: datetime | None, end: datetime | None, platform: PlatformName | None, zone_name: str | None = None
) -> BestTimes:
    """Return the hours of the week, by default in the user's time zone, by how posts did. One round trip."""
    asked = window(start, end, clock.now())
    engagements, time_zone = queries.engagements(asked.scope(user_id, platform)), queries.time_zone(user_id)
    flight = await database().flight(Actor(user_id), engagements, time_zone)
    rows, profile = flight[engagements], flight.first(time_zone)
    zone = ZoneInfo(zone_name or (profile.time_zone if profile else "UTC"))
    slots = figures.slots(rows, zone) if len(rows) >= figures.MINIMUM_POSTS else None
    return BestTimes(
        period=asked.period,
        platform=platform,
        time_zone=zone.key,
        status="not_enough_data" if slots is None else "ok",
        posts=len(rows),
        minimum_posts=figures.MINIMUM_POSTS,
        slots=slots,
        best=None if slots is None else figures.best(slots),
    )
