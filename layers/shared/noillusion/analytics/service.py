"""Reading analytics: totals, top posts, series, best times. Nothing here asks a platform or writes anything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
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
    Period,
    PlatformSummary,
    PostAnalytics,
    PostReading,
    Sort,
    TargetAnalytics,
    TopPost,
    Unavailable,
    UnavailableCount,
)
from noillusion.api import paging
from noillusion.catalog.platforms import PlatformName
from noillusion.core import clock
from noillusion.core.errors import Invalid, NotFound, field_error
from noillusion.db import Actor, Row, database

DEFAULT_RANGE = timedelta(days=30)
LONGEST_RANGE = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Window:
    """What a request is about: a period, and the instant up to which readings count."""

    start: datetime
    end: datetime
    now: datetime

    @property
    def period(self) -> Period:
        """The period as it is answered."""
        return Period(start=self.start, end=self.end)

    def earlier(self) -> Window:
        """The period before, seen from as long ago as it is earlier."""
        length = self.end - self.start
        return Window(self.start - length, self.start, self.now - length)

    def scope(self, user_id: str, platform: str | None) -> dict[str, Any]:
        """Parameters of the statements about this window."""
        return queries.scope(user_id, self.start, self.end, self.now, platform)


def window(start: datetime | None, end: datetime | None, now: datetime) -> Window:
    """The asked period, by default the last 30 days. :class:`Invalid` if it is empty or longer than 366 days."""
    end = end or now
    start = start or end - DEFAULT_RANGE
    if start >= end:
        raise Invalid([field_error("from", "period_empty")])
    if end - start > LONGEST_RANGE:
        raise Invalid([field_error("from", "period_too_long", days=LONGEST_RANGE.days)])
    return Window(start, end, now)


def unavailable(reason: str, at: datetime | None = None) -> Unavailable:
    """A reason with its explanation."""
    return Unavailable(reason=reason, message=messages.REASONS.get(reason, messages.OTHER), at=at)


async def summary(user_id: str, start: datetime | None, end: datetime | None, platform: PlatformName | None) -> AnalyticsSummary:
    """Totals of a period beside those of the one before. One round trip."""
    asked = window(start, end, clock.now())
    earlier = asked.earlier()
    scope = asked.scope(user_id, platform)
    rows, before, gaps = await database().flight(
        Actor(user_id), queries.totals(scope), queries.totals(earlier.scope(user_id, platform)), queries.reasons(scope)
    )
    now, then = figures.totals(rows), figures.totals(before)
    return AnalyticsSummary(
        period=asked.period,
        previous_period=earlier.period,
        platform=platform,
        as_of=max((at for row in rows if (at := _instant(row["as_of"]))), default=None),
        totals=now,
        previous=then,
        change=figures.change(now, then),
        platforms=_by_platform(rows, before),
        unavailable=[
            UnavailableCount(platform=row["platform"], posts=row["posts"], **unavailable(row["why"]).model_dump(exclude={"at"}))
            for row in gaps
        ],
    )


def _by_platform(rows: Sequence[Row], before: Sequence[Row]) -> list[PlatformSummary]:
    found = []
    for name in sorted({row["platform"] for row in (*rows, *before)}):
        now, then = (figures.totals([row for row in part if row["platform"] == name]) for part in (rows, before))
        found.append(PlatformSummary(platform=name, totals=now, previous=then, change=figures.change(now, then)))
    return found


def _instant(value: Any) -> datetime | None:
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
    """Posts of a period, the highest first. All pages show the figures as of the first page's moment. One round trip."""
    filters = {"from": start, "to": end, "platform": platform, "sort": sort}
    place = paging.Listing("analytics/posts", user_id, filters)
    moment, after = _position(place.position(cursor, 3), sort)
    asked = window(start, end, moment or clock.now())
    statement = queries.top(asked.scope(user_id, platform), sort, after, limit + 1)
    rows = (await database().flight(Actor(user_id), statement))[0]
    following = None
    if len(rows) > limit:
        last = rows[limit - 1]
        following = place.cursor(asked.now, _sort_value(last["position"], sort), last["id"])
    return paging.Page[TopPost](items=[_top_post(row) for row in rows[:limit]], next_cursor=following)


def _sort_value(value: Any, sort: Sort) -> int | datetime:
    return datetime.fromisoformat(str(value)) if sort == "published_at" else int(value)


def _position(given: Sequence[str] | None, sort: Sort) -> tuple[datetime | None, tuple[int | datetime, str] | None]:
    """The first page's moment and the last row before this page."""
    if given is None:
        return None, None
    return datetime.fromisoformat(given[0]), (_sort_value(given[1], sort), given[2])


def _top_post(row: Row) -> TopPost:
    plain = {name: row[name] for name in ("post_id", "connection_id", "platform", "account_id", "kind", "published_at")}
    return TopPost(
        **plain,
        target_id=row["id"],
        deleted_at=row["deleted_at"],
        permalink=row["permalink"],
        figures=figures.post_figures(row) if row["measured_at"] else None,
        measured_at=row["measured_at"],
        unavailable=_why(row["connection_id"], row["last_status"], row["last_reason"], row["last_at"]),
    )


def _why(connection_id: str | None, status: str | None, reason: str | None, at: datetime | None) -> Unavailable | None:
    """Why there is no current figure of a published post, ``None`` if there is one."""
    if connection_id is None:
        return unavailable("disconnected", at)
    if status is None:
        return unavailable("not_measured_yet")
    return unavailable(reason or "unknown", at) if status == "unavailable" else None


async def post(user_id: str, post_id: str) -> PostAnalytics:
    """A post over time, per target. One round trip. :class:`NotFound` if the user has no such post."""
    found, targets, readings = await database().flight(Actor(user_id), *queries.post(user_id, post_id))
    if not found:
        raise NotFound
    by_target: dict[str, list[PostReading]] = defaultdict(list)
    for row in reversed(readings):
        by_target[row["target_id"]].append(_post_reading(row))
    return PostAnalytics(post_id=post_id, targets=[_target(row, by_target[row["id"]]) for row in targets])


def _post_reading(row: Row) -> PostReading:
    read = figures.post_figures(row) if row["status"] == "ok" else None
    return PostReading(at=row["polled_at"], status=row["status"], reason=row["reason"], figures=read, extra=row["extra"])


def _target(row: Row, series: list[PostReading]) -> TargetAnalytics:
    plain = {name: row[name] for name in ("connection_id", "platform", "account_id", "kind", "published_at", "deleted_at")}
    last = series[-1] if series else None
    published = row["status"] in ("published", "delivered_to_inbox")
    why = _why(row["connection_id"], last.status if last else None, last.reason if last else None, last.at if last else None)
    return TargetAnalytics(
        **plain,
        target_id=row["id"],
        permalink=row["permalink"],
        latest=last,
        last_good=next((reading for reading in reversed(series) if reading.status == "ok"), None),
        unavailable=why if published else unavailable("not_published"),
        next_reading_at=row["metrics_due_at"],
        series=series,
    )


async def accounts(
    user_id: str, start: datetime | None, end: datetime | None, platform: PlatformName | None, cursor: str | None, limit: int
) -> paging.Page[AccountAnalytics]:
    """Connected accounts over time, in the order they were connected. One round trip."""
    asked = window(start, end, clock.now())
    place = paging.Listing("analytics/accounts", user_id, {"from": start, "to": end, "platform": platform})
    statements = queries.accounts(asked.scope(user_id, platform), _after(place.position(cursor, 2)), limit + 1)
    rows, readings, latest, good = await database().flight(Actor(user_id), *statements)
    series: dict[str, list[AccountReading]] = defaultdict(list)
    for row in readings:
        series[row["connection_id"]].append(_account_reading(row))
    last, last_good = ({row["connection_id"]: _account_reading(row) for row in part} for part in (latest, good))
    items = [_account(row, series[row["id"]], last.get(row["id"]), last_good.get(row["id"])) for row in rows[:limit]]
    following = place.cursor(rows[limit - 1]["created_at"], rows[limit - 1]["id"]) if len(rows) > limit else None
    return paging.Page[AccountAnalytics](items=items, next_cursor=following)


def _after(given: Sequence[str] | None) -> tuple[datetime, str] | None:
    return None if given is None else (datetime.fromisoformat(given[0]), given[1])


def _account_reading(row: Row) -> AccountReading:
    counts = AccountFigures(**{name: row[name] for name in AccountFigures.model_fields}) if row["status"] == "ok" else None
    return AccountReading(at=row["polled_at"], status=row["status"], reason=row["reason"], figures=counts, extra=row["extra"])


def _account(
    row: Row, series: list[AccountReading], latest: AccountReading | None, last_good: AccountReading | None
) -> AccountAnalytics:
    plain = {name: row[name] for name in ("platform", "account_id", "account_kind", "display_name", "username", "label")}
    followers = [r.figures.followers for r in series if r.figures and r.figures.followers is not None]
    why = None
    if row["status"] != "active":
        why = unavailable("reauth", latest.at if latest else None)
    elif latest is None:
        why = unavailable("not_measured_yet")
    elif latest.status == "unavailable":
        why = unavailable(latest.reason or "unknown", latest.at)
    return AccountAnalytics(
        **plain,
        connection_id=row["id"],
        latest=latest,
        last_good=last_good,
        followers_change=followers[-1] - followers[0] if len(followers) > 1 else None,
        unavailable=why,
        series=series,
    )


async def best_times(user_id: str, start: datetime | None, end: datetime | None, platform: PlatformName | None) -> BestTimes:
    """Hours of the week, in the user's time zone, by how posts did. One round trip."""
    asked = window(start, end, clock.now())
    rows, profile = await database().flight(
        Actor(user_id), queries.engagements(asked.scope(user_id, platform)), queries.time_zone(user_id)
    )
    zone = ZoneInfo(profile[0]["time_zone"] if profile else "UTC")
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
