"""The times of a schedule: recurrence on the wall clock of a time zone (failure-classes.md I2).

A rule is applied to local times, never to UTC, so an occurrence keeps its time on the clock when the offset changes:

* A local time that a change of the clocks skips is moved forward by what was skipped: 02:30 becomes 03:30.
* A local time that a change of the clocks repeats means the first of the two.
* Two local times that thereby become the same instant are one occurrence.

``python-dateutil`` applies the rules. It is imported on first use.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from noillusion.core.instants import LATEST
from noillusion.core.records import record
from noillusion.scheduling.rules import Day, Frequency, Rule, parse

MAX_YEARS = 10
"""A rule ends where it has no occurrence for so many years."""
PERIODS: Mapping[Frequency, int] = {"DAILY": 3653, "WEEKLY": 522, "MONTHLY": 120, "YEARLY": 10}
"""How many periods of each frequency :data:`MAX_YEARS` have."""
_DAYS: Mapping[Frequency, int] = {"DAILY": 1, "WEEKLY": 7}
_DAY = timedelta(days=1)
_LATEST = LATEST.replace(tzinfo=None)


@record(eq=True)
class Occurrence:
    """One time of a schedule: the instant, and the time on the wall clock that the rule names."""

    due_at: datetime
    """In UTC."""
    local: datetime
    """Without a time zone. At ``due_at`` the clock shows a later time if this one is skipped on that day."""


def occurrences(
    rule: str | None,
    local_start: datetime,
    zone: str,
    exdates: Collection[datetime],
    after: datetime,
    limit: int,
) -> list[Occurrence]:
    """Return the first occurrences later than ``after``, up to ``limit``, in the order of their instants.

    ``local_start`` has no time zone. It is the only occurrence without a rule; otherwise the first occurrence is the first one of
    the rule from there on. Its ``fold`` is respected, so that a start in the second of two equal hours remains there.
    ``exdates`` are local times. The rule is one that :func:`noillusion.scheduling.rules.parse` accepts.
    """
    place, parsed = ZoneInfo(zone), parse(rule) if rule else None
    until = parsed.until if parsed else None
    excluded = {instant(each, place) for each in exdates}
    found: dict[datetime, Occurrence] = {}
    last = _LATEST
    for local in _local_times(parsed, local_start, after.astimezone(place).replace(tzinfo=None)):
        if local >= last:
            break
        due_at = instant(local, place)
        if due_at <= after or due_at in excluded or (until and until < (due_at if until.tzinfo else local)):
            continue
        found.setdefault(due_at, Occurrence(due_at, local))
        if len(found) == limit and last == _LATEST:
            # Where a time is skipped, a later local time can be an earlier instant, by less than a day.
            last = local + _DAY
    return [found[due_at] for due_at in sorted(found)[:limit]]


def instant(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant of a local time, in UTC, by the rules of this module."""
    return local.replace(tzinfo=zone).astimezone(UTC)


def on_the_clock(due_at: datetime, zone: ZoneInfo) -> str:
    """Return what clocks show at an instant, without an offset."""
    return due_at.astimezone(zone).replace(tzinfo=None).isoformat(timespec="seconds")


def _local_times(rule: Rule | None, start: datetime, after: datetime) -> Iterator[datetime]:
    """Yield the local times of a rule in order, from about ``after`` on."""
    if rule is None:
        yield start
        return
    interval = _Interval(rule.interval, PERIODS[rule.frequency])
    try:
        for local in _applied(rule, interval, start, after):
            interval.passed = 0
            yield start if local == start else local
    except _NothingForYears:
        return


def _applied(rule: Rule, interval: int, start: datetime, after: datetime) -> Iterator[datetime]:
    """Return the iterator of dateutil for a rule."""
    from dateutil import rrule

    days = [rrule.weekday(day.weekday, day.which) for day in _days(rule)]
    if "BYWEEKNO" in rule.numbers and not days:
        days = [rrule.weekday(start.weekday())]
    names: dict[str, Any] = {"byweekday": days, **{name.lower(): values for name, values in rule.numbers.items()}}
    return iter(
        rrule.rrule(
            getattr(rrule, rule.frequency),
            dtstart=_later_start(rule, start, after),
            interval=interval,
            wkst=rule.week_start,
            count=rule.count,
            until=_last(rule),
            **{name: values for name, values in names.items() if values},
        )
    )


def _days(rule: Rule) -> Sequence[Day]:
    """Return the days of a rule, all with a number or all without: dateutil has only the days that are in both groups."""
    if all(day.which is None for day in rule.days) or all(day.which for day in rule.days):
        return rule.days
    numbers = range(1, 6 if rule.frequency == "MONTHLY" or "BYMONTH" in rule.numbers else 54)
    return [each for day in rule.days for each in ([day] if day.which else [Day(day.weekday, number) for number in numbers])]


def _later_start(rule: Rule, start: datetime, after: datetime) -> datetime:
    """Return a start of the same rule that saves the steps from the real one. Rules with COUNT have to take them."""
    step = timedelta(days=_DAYS.get(rule.frequency, 0) * rule.interval)
    skipped = after - start - step - _DAY
    return start + skipped // step * step if step and not rule.count and skipped > step else start


def _last(rule: Rule) -> datetime | None:
    """Return a local time after which a rule has no occurrence. If UNTIL is in UTC, the instants decide."""
    return min(rule.until.replace(tzinfo=None), _LATEST) + _DAY if rule.until else None


class _NothingForYears(Exception):
    """A rule has no occurrence for :data:`MAX_YEARS`."""


class _Interval(int):
    """The interval of a rule, which counts the periods that are passed with it without an occurrence.

    For a rule that has no occurrence, or none any more, dateutil would search up to the year 9999.
    """

    passed = 0
    most = 0

    def __new__(cls, interval: int, periods: int) -> _Interval:
        """Return an interval that ends the search after a number of periods of its frequency."""
        self = super().__new__(cls, interval)
        self.most = periods // interval
        return self

    def __radd__(self, other: int) -> int:
        """Return the next day, month or year."""
        self._pass()
        return other + int(self)

    def __mul__(self, other: int) -> int:
        """Return the days up to the next week."""
        self._pass()
        return int(self) * other

    def _pass(self) -> None:
        self.passed += 1
        if self.passed > self.most:
            raise _NothingForYears
