"""Recurrence rules: what is accepted, what is refused and why, and the bounds of what a rule can cost."""

# ruff: noqa: DTZ001 - local times have no time zone

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from pydantic_core import PydanticCustomError

from noillusion.scheduling.recurrence import MAX_YEARS, occurrences
from noillusion.scheduling.rules import MAX_A_DAY, MAX_COUNT, MAX_LENGTH, checked, parse

START = datetime(2026, 11, 2, 9)
"""A Monday."""
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
EVERY_HOUR = ",".join(map(str, range(24)))
EVERY_DAY = ",".join(map(str, range(1, 32)))


def local(
    rule: str | None, start: datetime = START, exdates: Sequence[datetime] = (), after: datetime = LONG_AGO, limit: int = 3
) -> list[str]:
    return [each.local.isoformat() for each in occurrences(rule, start, "Europe/Berlin", exdates, after, limit)]


def utc(rule: str | None, start: datetime) -> list[str]:
    return [f"{each.due_at:%d %H:%M}" for each in occurrences(rule, start, "Europe/Berlin", (), LONG_AGO, 3)]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (None, ["2026-11-02T09:00:00"]),
        ("FREQ=DAILY", ["2026-11-02T09:00:00", "2026-11-03T09:00:00", "2026-11-04T09:00:00"]),
        ("FREQ=WEEKLY;BYDAY=MO,TH", ["2026-11-02T09:00:00", "2026-11-05T09:00:00", "2026-11-09T09:00:00"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;WKST=SU", ["2026-11-15T09:00:00", "2026-11-29T09:00:00", "2026-12-13T09:00:00"]),
        ("FREQ=MONTHLY;BYDAY=-1FR", ["2026-11-27T09:00:00", "2026-12-25T09:00:00", "2027-01-29T09:00:00"]),
        ("FREQ=MONTHLY;BYDAY=MO,-1FR", ["2026-11-02T09:00:00", "2026-11-09T09:00:00", "2026-11-16T09:00:00"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31", ["2026-12-31T09:00:00", "2027-01-31T09:00:00", "2027-03-31T09:00:00"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", ["2026-11-30T09:00:00", "2026-12-31T09:00:00", "2027-01-29T09:00:00"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", ["2028-02-29T09:00:00", "2032-02-29T09:00:00", "2036-02-29T09:00:00"]),
        ("FREQ=YEARLY;BYWEEKNO=20", ["2027-05-17T09:00:00", "2028-05-15T09:00:00", "2029-05-14T09:00:00"]),
        ("FREQ=DAILY;COUNT=2", ["2026-11-02T09:00:00", "2026-11-03T09:00:00"]),
        ("FREQ=DAILY;UNTIL=20261103", ["2026-11-02T09:00:00", "2026-11-03T09:00:00"]),
        ("FREQ=YEARLY;UNTIL=99991231T235959Z", ["2026-11-02T09:00:00", "2027-11-02T09:00:00", "2028-11-02T09:00:00"]),
        ("FREQ=DAILY;UNTIL=20261103T085959", ["2026-11-02T09:00:00"]),
        ("FREQ=DAILY;UNTIL=20261103T080000Z", ["2026-11-02T09:00:00", "2026-11-03T09:00:00"]),
        ("FREQ=DAILY;UNTIL=20261103T075959Z", ["2026-11-02T09:00:00"]),
        ("rrule:freq=daily;byhour=8,20;", ["2026-11-02T20:00:00", "2026-11-03T08:00:00", "2026-11-03T20:00:00"]),
    ],
)
def test_I2_rules_are_applied_to_the_wall_clock(rule: str | None, expected: list[str]) -> None:
    assert local(rule) == expected


def test_an_excluded_time_counts_and_is_not_given() -> None:
    assert local("FREQ=DAILY;COUNT=3", exdates=[datetime(2026, 11, 3, 9)]) == ["2026-11-02T09:00:00", "2026-11-04T09:00:00"]


def test_a_time_that_is_moved_can_be_excluded_as_the_rule_names_it_and_as_clocks_show_it() -> None:
    start = datetime(2027, 3, 28, 2, 30)
    for shown in (datetime(2027, 3, 28, 2, 30), datetime(2027, 3, 28, 3, 30)):
        assert local("FREQ=DAILY", start, exdates=[shown], limit=1) == ["2027-03-29T02:30:00"]


def test_a_skipped_time_moves_forward_and_only_on_that_day() -> None:
    assert utc("FREQ=DAILY", datetime(2027, 3, 27, 2, 30)) == ["27 01:30", "28 01:30", "29 00:30"]


def test_a_repeated_time_means_the_first() -> None:
    assert utc("FREQ=DAILY", datetime(2027, 10, 30, 2, 30)) == ["30 00:30", "31 00:30", "01 01:30"]


def test_a_start_in_the_second_of_two_equal_hours_remains_there() -> None:
    second = datetime(2027, 10, 31, 2, 30, fold=1)
    assert utc("FREQ=DAILY", second) == ["31 01:30", "01 01:30", "02 01:30"]
    assert utc(None, second) == ["31 01:30"]


def test_two_local_times_that_are_one_instant_are_one_occurrence_and_instants_are_in_order() -> None:
    found = occurrences("FREQ=DAILY;BYHOUR=2,3;BYMINUTE=0,30", datetime(2027, 3, 28, 2), "Europe/Berlin", (), LONG_AGO, 4)
    assert [f"{each.due_at:%H:%M}" for each in found] == ["01:00", "01:30", "00:00", "00:30"]
    # Lord Howe Island skips half an hour: 02:15 becomes 02:45, which is after 02:30.
    for limit in (1, 4):
        rule, start = "FREQ=DAILY;BYHOUR=2;BYMINUTE=15,30,40", datetime(2027, 10, 3, 2)
        found = occurrences(rule, start, "Australia/Lord_Howe", (), LONG_AGO, limit)
        assert [each.local.minute for each in found] == [30, 40, 15, 15][:limit]
        assert [each.due_at for each in found] == sorted(each.due_at for each in found)


def test_later_occurrences_are_the_same_as_without_a_shorter_way() -> None:
    for rule in ("FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=2"):
        every = occurrences(rule, START, "America/New_York", (), LONG_AGO, 600)
        for number in (0, 1, 100, 555):
            assert occurrences(rule, START, "America/New_York", (), every[number].due_at, 3) == every[number + 1 : number + 4]


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("", "rrule_format"),
        ("FREQ", "rrule_format"),
        ("FREQ=", "rrule_format"),
        ("FREQ=DAILY;FREQ=DAILY", "rrule_format"),
        ("FREQ=DAILY;BYDAY=XX", "rrule_format"),
        ("FREQ=DAILY;INTERVAL=1,2", "rrule_format"),
        ("FREQ=DAILY;BYHOUR=99999", "rrule_format"),
        ("FREQ=DAILY\nDTSTART:20260101T000000", "rrule_frequency"),
        ("BYDAY=MO", "rrule_frequency"),
        ("FREQ=SECONDLY", "rrule_frequency"),
        ("FREQ=MINUTELY;COUNT=1", "rrule_frequency"),
        ("FREQ=HOURLY", "rrule_frequency"),
        ("FREQ=DAILY;BYSECOND=0", "rrule_part"),
        ("FREQ=YEARLY;BYEASTER=0", "rrule_part"),
        ("FREQ=DAILY;BYHOUR=24", "rrule_range"),
        ("FREQ=DAILY;INTERVAL=0", "rrule_range"),
        ("FREQ=DAILY;INTERVAL=-1", "rrule_range"),
        ("FREQ=DAILY;INTERVAL=367", "rrule_range"),
        (f"FREQ=DAILY;COUNT={MAX_COUNT + 1}", "rrule_range"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "rrule_range"),
        ("FREQ=MONTHLY;BYDAY=6MO", "rrule_range"),
        ("FREQ=YEARLY;BYDAY=54MO", "rrule_range"),
        ("FREQ=YEARLY;BYDAY=0MO", "rrule_range"),
        ("FREQ=DAILY;UNTIL=20260230", "rrule_until"),
        ("FREQ=DAILY;UNTIL=tomorrow", "rrule_until"),
        ("FREQ=DAILY;UNTIL=20261224;COUNT=3", "rrule_use"),
        ("FREQ=WEEKLY;BYDAY=1MO", "rrule_use"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "rrule_use"),
        ("FREQ=MONTHLY;BYWEEKNO=1", "rrule_use"),
        ("FREQ=DAILY;BYYEARDAY=1", "rrule_use"),
        ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO", "rrule_use"),
        ("FREQ=MONTHLY;BYSETPOS=1", "rrule_use"),
        (f"FREQ=DAILY;BYHOUR={EVERY_HOUR};BYMINUTE=0,30", "rrule_times"),
        ("FREQ=DAILY;" + "BYHOUR=1;" * MAX_LENGTH, "too_long"),
    ],
)
def test_a_rule_that_is_not_useful_is_refused_by_code_and_not_repeated(rule: str, code: str) -> None:
    with pytest.raises(PydanticCustomError) as refused:
        parse(rule)
    assert refused.value.type == code
    # The rule that was sent is in no error.
    shown = str(refused.value.context)
    assert "XX" not in shown and "99999" not in shown and "tomorrow" not in shown


def test_a_rule_is_stored_in_one_spelling() -> None:
    assert checked("rrule:freq=weekly;byday=mo") == "FREQ=WEEKLY;BYDAY=MO"


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2,4",
        "FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1",
        "FREQ=WEEKLY;BYMONTH=2;BYDAY=MO;BYSETPOS=20",
        "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=3",
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29",
        f"FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;BYHOUR={EVERY_HOUR}",
        f"FREQ=MONTHLY;BYDAY=SU;BYSETPOS={','.join(map(str, range(6, 120)))}",
    ],
)
def test_a_rule_that_never_has_a_time_ends_after_a_bounded_time(rule: str) -> None:
    began = time.process_time()
    assert local(rule) == []
    assert time.process_time() - began < 1


def test_a_rule_ends_where_it_has_nothing_for_ten_years() -> None:
    assert local("FREQ=YEARLY;INTERVAL=11") == ["2026-11-02T09:00:00"]
    assert local(f"FREQ=YEARLY;INTERVAL={MAX_YEARS}", limit=2) == ["2026-11-02T09:00:00", "2036-11-02T09:00:00"]


def test_the_densest_rule_decades_later_costs_a_bounded_time() -> None:
    assert MAX_A_DAY == 24
    for rule in (f"FREQ=DAILY;BYHOUR={EVERY_HOUR}", f"FREQ=MONTHLY;BYHOUR={EVERY_HOUR};BYMONTHDAY={EVERY_DAY}"):
        began = time.process_time()
        assert len(local(rule, after=START.replace(tzinfo=UTC) + timedelta(days=20 * 365), limit=20)) == 20
        assert time.process_time() - began < 5


def test_no_occurrence_is_later_than_the_last_instant_of_a_request() -> None:
    assert len(local("FREQ=YEARLY", limit=1000)) == len(local("FREQ=YEARLY;COUNT=1000", limit=1000)) == 2100 - 2026
