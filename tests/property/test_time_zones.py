"""Occurrences are at the promised time of the wall clock, in every time zone and on the days on which clocks change,
and are those of the rule. Both are compared with tests/support/days.py, which works them out day by day."""

# ruff: noqa: DTZ001 - local times have no time zone

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from noillusion.scheduling.recurrence import occurrences
from noillusion.scheduling.rules import parse
from tests.support.days import DAY, DAYS, MINUTE, changes, local_times, offset, promised
from tests.trust import LONG

FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
RULES = (
    "FREQ=DAILY", "FREQ=DAILY;INTERVAL=2", "FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR,SA,SU", "FREQ=MONTHLY",
    "FREQ=MONTHLY;BYDAY=-1SU,1SU,2SU", "FREQ=YEARLY", "FREQ=YEARLY;BYDAY=SU",
)  # fmt: skip
ZONES = sorted(available_timezones() - {"localtime", "Factory"})


def times_around(zone: ZoneInfo, instant: datetime) -> set[datetime]:
    """Local times just before, within and after what a change of the clocks skips or repeats."""
    before, after = (each.astimezone(zone).replace(tzinfo=None) for each in (instant - MINUTE, instant))
    first, last = min(before + MINUTE, after), max(before + MINUTE, after)
    step = MINUTE if LONG else max(MINUTE, (last - first) // 2)
    inside = {first + number * step for number in range((last - first) // step)}
    return {first - MINUTE, first, last - MINUTE, last, last + MINUTE} | inside


def check(zone: ZoneInfo, rule: str, start: datetime) -> int:
    """Compare the occurrences of some days around a change, and return how many there were."""
    end = start + 10 * DAY
    found = [each for each in occurrences(rule, start, zone.key, (), FIRST - DAY, 30) if each.local < end]
    expected = {promised(each, zone): each for each in reversed(list(local_times(rule, start, end)))}
    assert [each.due_at for each in found] == sorted(expected), f"{zone} {rule} {start}"
    for each in found:
        assert each.local == expected[each.due_at], f"{zone} {rule} {start}"
        shown = each.due_at.astimezone(zone).replace(tzinfo=None)
        assert shown == each.local or shown - each.local == skipped(zone, each.due_at), f"{zone} {rule} {start}"
    return len(found)


def skipped(zone: ZoneInfo, instant: datetime) -> timedelta:
    """By how much clocks were put forward within the day before an instant."""
    return offset(zone, instant) - offset(zone, instant - DAY)


def test_I2_every_zone_keeps_the_wall_clock_across_both_changes_of_2026_and_2027() -> None:
    seen: dict[tuple[tuple[datetime, timedelta], ...], str] = {}
    compared = zones = 0
    for name in ZONES:
        zone = ZoneInfo(name)
        found = changes(zone, FIRST, LAST)
        # Many names are one zone: where all changes are equal, the quick form takes the first name.
        alike = ((FIRST, offset(zone, FIRST)), *((each, offset(zone, each)) for each in found))
        zones += bool(found)
        if alike in seen and not LONG:
            continue
        seen[alike] = name
        for each in found:
            for rule in RULES if LONG else ("FREQ=DAILY", "FREQ=WEEKLY"):
                compared += sum(check(zone, rule, start - days * DAY) for start in times_around(zone, each) for days in (0, 7))
    assert len(ZONES) > 400 and zones > 150 and len(seen) > 30 and compared > 1000


def test_a_zone_without_changes_keeps_the_wall_clock_too() -> None:
    for name in ("UTC", "Asia/Kolkata", "Asia/Kathmandu", "Pacific/Kiritimati", "America/Phoenix"):
        assert check(ZoneInfo(name), "FREQ=DAILY", datetime(2027, 3, 27, 2, 30)) == 10


def _list(values: st.SearchStrategy[int], most: int = 3) -> st.SearchStrategy[str]:
    return st.lists(values, min_size=1, max_size=most, unique=True).map(lambda numbers: ",".join(map(str, numbers)))


def _signed(most: int) -> st.SearchStrategy[int]:
    return st.integers(-most, most).filter(bool)


@st.composite
def rules(draw: st.DrawFn) -> str:
    """A rule that is accepted."""
    frequency = draw(st.sampled_from(("DAILY", "WEEKLY", "MONTHLY", "YEARLY")))
    parts: Mapping[str, st.SearchStrategy[str]] = {
        "BYMONTH": _list(st.integers(1, 12), 4),
        "BYHOUR": _list(st.integers(0, 23)),
        "BYMINUTE": _list(st.integers(0, 59)),
        "WKST": st.sampled_from(DAYS),
        "BYDAY": st.lists(st.sampled_from(DAYS), min_size=1, max_size=4, unique=True).map(",".join),
    }
    if frequency in ("MONTHLY", "YEARLY"):
        number = st.one_of(st.just(""), st.integers(-5, 5).filter(bool).map(str))
        parts = {**parts, "BYMONTHDAY": _list(_signed(31), 6)}
        days = st.lists(st.tuples(number, st.sampled_from(DAYS)).map("".join), min_size=1, max_size=4, unique=True)
        parts = {**parts, "BYDAY": days.map(",".join)}
    if frequency == "YEARLY":
        parts = {**parts, "BYYEARDAY": _list(_signed(366), 8)}
    chosen = draw(st.lists(st.sampled_from(sorted(parts)), max_size=4, unique=True))
    rule = {"FREQ": frequency, **{name: draw(parts[name]) for name in chosen}}
    if frequency == "YEARLY" and not {"BYDAY", "BYYEARDAY", "BYMONTHDAY"} & rule.keys() and draw(st.booleans()):
        rule |= {"BYWEEKNO": draw(_list(_signed(53)))}
    elif draw(st.booleans()):
        rule |= {"INTERVAL": str(draw(st.integers(1, 5)))}
    if (
        draw(st.booleans())
        and any(name in rule for name in ("BYDAY", "BYMONTHDAY", "BYHOUR", "BYYEARDAY"))
        and "BYWEEKNO" not in rule
    ):
        rule |= {"BYSETPOS": draw(_list(_signed(6)))}
    if draw(st.booleans()):
        rule |= {"COUNT": str(draw(st.integers(1, 30)))}
    return ";".join(f"{name}={value}" for name, value in rule.items())


@settings(
    max_examples=4000 if LONG else int(os.environ.get("HYPOTHESIS_EXAMPLES", "150")),
    deadline=None,
    derandomize=not LONG,
    suppress_health_check=list(HealthCheck),
    database=None,
)
@given(
    rule=rules(),
    start=st.datetimes(datetime(2026, 1, 1), datetime(2029, 12, 31)).map(lambda each: each.replace(second=0, microsecond=0)),
    zone=st.sampled_from(ZONES),
)
def test_the_occurrences_are_those_of_the_rule(rule: str, start: datetime, zone: str) -> None:
    parse(rule)
    place = ZoneInfo(zone)
    locals_ = list(islice(local_times(rule, start, start + 800 * DAY), 45))
    # Where clocks change, a later local time can be an earlier instant: the end of a part of them is not compared.
    end = locals_[-1] - 2 * DAY if len(locals_) == 45 else start + 798 * DAY
    expected = {promised(each, place): each for each in locals_}
    found = occurrences(rule, start, zone, (), FIRST - 400 * DAY, 45)
    assert [each.due_at for each in found if each.local < end] == [each for each in sorted(expected) if expected[each] < end]


@pytest.mark.parametrize(
    "name", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Antarctica/Troll"]
)
def test_the_oracle_knows_skipped_and_repeated_times(name: str) -> None:
    zone = ZoneInfo(name)
    for each in changes(zone, FIRST, LAST):
        before, after = (moment.astimezone(zone).replace(tzinfo=None) for moment in (each - MINUTE, each))
        forward = after - (before + MINUTE)
        assert forward
        if forward > timedelta(0):
            assert promised(before + MINUTE, zone) == promised(after, zone) == each
        else:
            assert promised(after, zone) == each + forward
