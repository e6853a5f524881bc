"""Recurrence rules and changes of clocks worked out day by day, without the library and the shortcuts that the product uses."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    found = instant.astimezone(zone).utcoffset()
    assert found is not None
    return found


def change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first second with another offset, where there is one change between two instants."""
    old = offset(zone, before)
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if middle in (before, after):
            break
        before, after = (middle, after) if offset(zone, middle) == old else (before, middle)
    return after


def changes(zone: ZoneInfo, first: datetime, last: datetime) -> list[datetime]:
    """The instants at which the clocks of a zone are changed."""
    found = []
    while first < last:
        if offset(zone, first) != offset(zone, first + DAY):
            found.append(change(zone, first, first + DAY))
        first += DAY
    return found


def promised(local: datetime, zone: ZoneInfo) -> datetime:
    """The first instant at which clocks show a local time. In a skipped hour: as long after the change as it is in the hour."""
    offsets = {offset(zone, local.replace(tzinfo=UTC) + timedelta(hours=hours)) for hours in range(-30, 31, 3)}
    instants = [local.replace(tzinfo=UTC) - each for each in offsets]
    shown = [each for each in instants if each.astimezone(zone).replace(tzinfo=None) == local]
    if shown:
        return min(shown)
    skipping = next(
        each
        for each in changes(zone, local.replace(tzinfo=UTC) - 2 * DAY, local.replace(tzinfo=UTC) + 2 * DAY)
        if (each - MINUTE).astimezone(zone).replace(tzinfo=None) < local < each.astimezone(zone).replace(tzinfo=None)
    )
    clock_before = (skipping - MINUTE).astimezone(zone).replace(tzinfo=None) + MINUTE
    return skipping + (local - clock_before)


def _week(day: date, week_start: int) -> tuple[int, int]:
    """Year and number of a day's week. The first week of a year is the first with four days in it."""
    fourth = day - timedelta(days=(day.weekday() - week_start) % 7) + timedelta(days=3)
    return fourth.year, (fourth.timetuple().tm_yday - 1) // 7 + 1


def _from_both_ends(number: int, length: int) -> set[int]:
    return {number, number - length - 1}


def _matches(parts: Mapping[str, list[str]], day: date, start: datetime) -> bool:
    frequency = parts["FREQ"][0]
    numbers = {
        name: {int(each) for each in values} for name, values in parts.items() if name.startswith("BY") and name != "BYDAY"
    }
    days = parts.get("BYDAY", [])
    month_length, year_length = calendar.monthrange(day.year, day.month)[1], 365 + calendar.isleap(day.year)
    year_day = day.timetuple().tm_yday
    if not days and not numbers.keys() & {"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"}:
        if frequency in ("MONTHLY", "YEARLY"):
            numbers["BYMONTHDAY"] = {start.day}
        if frequency == "YEARLY":
            numbers.setdefault("BYMONTH", {start.month})
        if frequency == "WEEKLY":
            days = [DAYS[start.weekday()]]
    if "BYWEEKNO" in numbers:
        days = days or [DAYS[start.weekday()]]
        week_start = DAYS.index(parts.get("WKST", ["MO"])[0])
        year, week = _week(day, week_start)
        last = _week(date(year, 12, 28), week_start)[1]
        if not numbers["BYWEEKNO"] & _from_both_ends(week, last):
            return False
    monthly = frequency == "MONTHLY" or "BYMONTH" in parts
    place, length = (day.day, month_length) if monthly else (year_day, year_length)
    which = {(place - 1) // 7 + 1, -((length - place) // 7 + 1)}
    return (
        ("BYMONTH" not in numbers or day.month in numbers["BYMONTH"])
        and ("BYMONTHDAY" not in numbers or bool(numbers["BYMONTHDAY"] & _from_both_ends(day.day, month_length)))
        and ("BYYEARDAY" not in numbers or bool(numbers["BYYEARDAY"] & _from_both_ends(year_day, year_length)))
        and (not days or any(DAYS[day.weekday()] == each[-2:] and (len(each) == 2 or int(each[:-2]) in which) for each in days))
    )


def _period(parts: Mapping[str, list[str]], day: date) -> int:
    """The number of the year, month, week or day of the rule's frequency that a day is in."""
    frequency = parts["FREQ"][0]
    week_start = DAYS.index(parts.get("WKST", ["MO"])[0])
    return {
        "YEARLY": day.year,
        "MONTHLY": day.year * 12 + day.month,
        "WEEKLY": (day.toordinal() - 1 - week_start) // 7,
        "DAILY": day.toordinal(),
    }[frequency]


def local_times(rule: str, start: datetime, end: datetime) -> Iterator[datetime]:
    """The local times of a rule before ``end``, in order."""
    parts = {name: value.split(",") for name, value in (part.split("=") for part in rule.split(";"))}
    interval, left = int(parts.get("INTERVAL", ["1"])[0]), int(parts.get("COUNT", ["1000000"])[0])
    hours = sorted({int(each) for each in parts.get("BYHOUR", [str(start.hour)])})
    minutes = sorted({int(each) for each in parts.get("BYMINUTE", [str(start.minute)])})
    positions = [int(each) for each in parts.get("BYSETPOS", [])]
    first = _period(parts, start.date())
    margin = {"YEARLY": 370, "MONTHLY": 32, "WEEKLY": 8, "DAILY": 1}[parts["FREQ"][0]] * DAY
    day = start.date() - margin
    while day < end.date() + margin and left > 0:
        period, times = _period(parts, day), list[datetime]()
        while _period(parts, day) == period:
            if _matches(parts, day, start):
                times += [datetime.combine(day, time(hour, minute, start.second)) for hour in hours for minute in minutes]
            day += DAY
        if period < first or (period - first) % interval:
            continue
        places = [each - (each > 0) for each in positions]
        chosen = sorted({times[each] for each in places if -len(times) <= each < len(times)}) if positions else times
        for each in chosen:
            if start <= each < end and left > 0:
                left -= 1
                yield each
