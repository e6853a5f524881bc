"""Figures over time, and posts compared by what they have in common. Nothing here asks a platform or writes anything."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from noillusion.analytics import figures, periods, queries, trend_store
from noillusion.analytics.cadence import CADENCE
from noillusion.analytics.rows import ZoneRow
from noillusion.analytics.service import instant, window
from noillusion.analytics.trend_models import (
    AnalyticsSeries,
    Averages,
    ComparedGroup,
    Comparisons,
    SeriesPoint,
)
from noillusion.analytics.trend_rows import GroupRow, SlotRow
from noillusion.catalog.figures import Dimension, Interval, Metric, SeriesBasis
from noillusion.catalog.platforms import PlatformName
from noillusion.core import clock
from noillusion.core.errors import Invalid, field_error
from noillusion.core.records import record
from noillusion.db import Actor, database

MOST_POINTS = 750
"""A month of hours, with one day on which the clocks change."""
READ_FOR = CADENCE[-1][0] + 2 * CADENCE[-1][1]
"""How long after its publication a post can still have a reading: its last slot is up to five quarters of an interval away, and
what a platform postpones comes later."""
MINIMUM_POSTS = 5
"""Fewer posts than this say nothing about a group."""
_AVERAGED = tuple(name for name in Averages.model_fields if name != "engagement_rate")


@record()
class Asked:
    """The subject of a series."""

    metric: Metric
    interval: Interval
    basis: SeriesBasis
    time_zone: str | None
    platform: PlatformName | None
    connection_id: str | None
    post_id: str | None


async def series(user_id: str, start: datetime | None, end: datetime | None, asked: Asked) -> AnalyticsSeries:
    """Return a figure over time, by default in the zone of the user's profile. One round trip."""
    span = window(start, end, clock.now())
    if asked.basis == "published":
        slots = trend_store.published(span.scope(user_id, asked.platform), asked.metric, asked.connection_id, asked.post_id)
    else:
        readable = queries.scope(user_id, span.start - READ_FOR, span.end, span.now, asked.platform)
        slots = trend_store.gained(readable, span.start, asked.metric, asked.connection_id, asked.post_id)
    profile = queries.time_zone(user_id)
    flight = await database().flight(Actor(user_id), slots, profile)
    zone = _zone(asked.time_zone, flight.first(profile))
    bounds = periods.bounds(asked.interval, zone, span.start, span.end, MOST_POINTS)
    if bounds[-1] < span.end:
        raise Invalid([field_error("interval", "too_many_intervals", limit=MOST_POINTS)])
    points = _points(bounds, flight[slots], asked.basis)
    return AnalyticsSeries(
        **{**asdict(asked), "time_zone": zone.key},
        period=span.period,
        as_of=max((at for row in flight[slots] if (at := instant(row.as_of))), default=None),
        total=figures.known_sum(point.value for point in points),
        points=points,
    )


def _zone(asked: str | None, profile: ZoneRow | None) -> ZoneInfo:
    return ZoneInfo(asked or (profile.time_zone if profile else "UTC"))


def _points(bounds: Sequence[datetime], rows: Sequence[SlotRow], basis: SeriesBasis) -> list[SeriesPoint]:
    found: dict[int, list[SlotRow]] = defaultdict(list)
    for row in rows:
        found[bisect_right(bounds, _began(row.slot)) - 1].append(row)
    return [
        SeriesPoint(
            start=begin,
            end=following,
            value=figures.known_sum(row.value for row in found[i]),
            posts=sum(row.posts or 0 for row in found[i]) if basis == "published" else None,
            measured=sum(row.measured for row in found[i]),
        )
        for i, (begin, following) in enumerate(pairwise(bounds))
    ]


def _began(slot: int) -> datetime:
    return datetime.fromtimestamp(slot * trend_store.SLOT_S, UTC)


async def compare(
    user_id: str,
    start: datetime | None,
    end: datetime | None,
    by: Dimension,
    time_zone: str | None,
    platform: PlatformName | None,
) -> Comparisons:
    """Return the posts of a period in groups, by default in the zone of the user's profile. One round trip."""
    asked = window(start, end, clock.now())
    compared, profile = trend_store.compared(asked.scope(user_id, platform), by), queries.time_zone(user_id)
    flight = await database().flight(Actor(user_id), compared, profile)
    zone = _zone(time_zone, flight.first(profile))
    groups = [_group(value, rows) for value, rows in _by_value(flight[compared], by, zone).items()]
    return Comparisons(
        period=asked.period,
        platform=platform,
        by=by,
        time_zone=zone.key,
        minimum_posts=MINIMUM_POSTS,
        posts=sum(group.posts for group in groups),
        groups=sorted(groups, key=_rank),
    )


def _by_value(rows: Sequence[GroupRow], by: Dimension, zone: ZoneInfo) -> dict[str | None, list[GroupRow]]:
    grouped: dict[str | None, list[GroupRow]] = defaultdict(list)
    for row in rows:
        value = row.shared
        if by in ("hour", "weekday") and value is not None:
            local = _began(int(value)).astimezone(zone)
            value = str(local.hour if by == "hour" else local.isoweekday())
        grouped[value].append(row)
    return grouped


def _group(value: str | None, rows: Sequence[GroupRow]) -> ComparedGroup:
    measured = sum(row.measured for row in rows)
    enough = measured >= MINIMUM_POSTS
    return ComparedGroup(
        value=value,
        posts=sum(row.posts for row in rows),
        measured=measured,
        status="ok" if enough else "not_enough_data",
        averages=_averages(rows) if enough else None,
    )


def _averages(rows: Sequence[GroupRow]) -> Averages:
    def average(name: str) -> float | None:
        known = sum(getattr(row, f"known_{name}") for row in rows)
        return round(sum(getattr(row, name) or 0 for row in rows) / known, 2) if known else None

    rated = (figures.known_sum(row.rated_engagements for row in rows), figures.known_sum(row.rated_views for row in rows))
    return Averages(**{name: average(name) for name in _AVERAGED}, engagement_rate=figures.rate(*rated))


def _rank(group: ComparedGroup) -> tuple[bool, float, int, str]:
    """Return the place of a group: those without enough posts, or without engagements, come last."""
    mean = group.averages.engagements if group.averages else None
    return mean is None, -(mean or 0.0), -group.posts, group.value or ""
