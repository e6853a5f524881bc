"""Periods by name and the intervals of a period, by the wall clock of an IANA time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from noillusion.catalog.figures import Interval, PeriodName
from noillusion.core.errors import Invalid, field_error

_LAST_DAYS = {"last_7_days": 7, "last_30_days": 30, "last_90_days": 90}


def asked(
    start: datetime | None, end: datetime | None, name: PeriodName | None, time_zone: str | None, now: datetime
) -> tuple[datetime | None, datetime | None]:
    """Return start and end of the period of a request. :class:`Invalid` for a name and times, or a name without a zone."""
    if name is None:
        return start, end
    both = [field for field, value in (("from", start), ("to", end)) if value is not None]
    if both:
        raise Invalid([field_error(field, "period_twice") for field in both])
    if time_zone is None:
        raise Invalid([field_error("time_zone", "period_zone")])
    return named(name, ZoneInfo(time_zone), now)


def named(name: PeriodName, zone: ZoneInfo, now: datetime) -> tuple[datetime, datetime]:
    """Return start and end of a period that is over, or goes on until ``now``. Weeks begin on Monday (ISO 8601)."""
    today = now.astimezone(zone).date()
    monday, first = today - timedelta(days=today.weekday()), today.replace(day=1)
    if name == "yesterday":
        return midnight(today - timedelta(days=1), zone), midnight(today, zone)
    if name == "last_week":
        return midnight(monday - timedelta(days=7), zone), midnight(monday, zone)
    if name == "last_month":
        return midnight((first - timedelta(days=1)).replace(day=1), zone), midnight(first, zone)
    if days := _LAST_DAYS.get(name):
        begin = today - timedelta(days=days - 1)
    else:
        begin = {"today": today, "this_week": monday, "this_month": first}.get(name, date(today.year, 1, 1))
    return midnight(begin, zone), now


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return when a day begins, in UTC. Where clocks skip midnight it begins with the first time there is, where they repeat it
    with the first of the two."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def bounds(interval: Interval, zone: ZoneInfo, start: datetime, end: datetime, most: int) -> list[datetime]:
    """Return where the intervals begin that a period touches, and where the last one ends. In UTC, at most ``most`` + 1 of them.

    Days and weeks are those of the zone: a day has 23 hours or 25 where the clocks change.
    """
    found = [_begin(interval, zone, start)]
    while found[-1] < end and len(found) <= most:
        found.append(_following(interval, zone, found[-1]))
    return found


def _begin(interval: Interval, zone: ZoneInfo, at: datetime) -> datetime:
    local = at.astimezone(zone)
    if interval == "hour":
        return local.replace(minute=0, second=0, microsecond=0).astimezone(UTC)
    return midnight(local.date() - timedelta(days=local.weekday() if interval == "week" else 0), zone)


def _following(interval: Interval, zone: ZoneInfo, begin: datetime) -> datetime:
    if interval == "hour":
        return begin + timedelta(hours=1)
    days = 7 if interval == "week" else 1
    # At noon no zone changes its clocks, so that the date of this instant is certain.
    return midnight((begin + timedelta(hours=12)).astimezone(zone).date() + timedelta(days=days), zone)
