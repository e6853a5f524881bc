"""Recurrence rules as text (RFC 5545, section 3.3.10): the parts that a schedule can have, and their limits.

SECONDLY, MINUTELY, HOURLY and BYSECOND are refused: nobody publishes that often. Errors name the part and what is allowed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeAlias, cast, get_args

from noillusion.core.models import refused
from noillusion.core.records import record

Frequency: TypeAlias = Literal["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]

MAX_LENGTH = 500
"""Most characters of a rule."""
MAX_A_DAY = 24
"""Most times of one day."""
MAX_COUNT = 1000
MAX_INTERVAL = 366
FREQUENCIES = get_args(Frequency)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
"""In the order of ``datetime.weekday``."""
RANGES: Mapping[str, tuple[int, int]] = {
    "INTERVAL": (1, MAX_INTERVAL),
    "COUNT": (1, MAX_COUNT),
    "BYMONTH": (1, 12),
    "BYMONTHDAY": (-31, 31),
    "BYYEARDAY": (-366, 366),
    "BYWEEKNO": (-53, 53),
    "BYHOUR": (0, 23),
    "BYMINUTE": (0, 59),
    "BYSETPOS": (-366, 366),
}
"""Part → least and greatest number. Where numbers count from the end as well, 0 is not one."""
PARTS = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYDAY", "BYHOUR",
         "BYMINUTE", "BYSETPOS")  # fmt: skip
ONLY_WITH: Mapping[str, tuple[Frequency, ...]] = {
    "BYWEEKNO": ("YEARLY",),
    "BYYEARDAY": ("YEARLY",),
    "BYMONTHDAY": ("DAILY", "MONTHLY", "YEARLY"),
}
"""Part → the frequencies that it can be used with. All others go with each."""
_DAY = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_NUMBER = re.compile(r"[+-]?[0-9]{1,4}")
_UNTIL = re.compile(r"[0-9]{4}(0[1-9]|1[0-2])[0-9]{2}(T[0-9]{6}Z?)?")


@record()
class Day:
    """A weekday, 0 for Monday, and which one of the month or year. ``None``: each."""

    weekday: int
    which: int | None


@record()
class Rule:
    """A recurrence rule. ``numbers`` has the parts that list numbers, without INTERVAL and COUNT."""

    frequency: Frequency
    interval: int
    count: int | None
    until: datetime | None
    """The last time that is allowed: with a time zone if the rule has it in UTC, otherwise on the wall clock."""
    week_start: int
    days: Sequence[Day]
    numbers: Mapping[str, Sequence[int]]


def parse(text: str) -> Rule:
    """Return a rule. Raises the error of a validator if it is not one, or has parts that a schedule cannot have."""
    if len(text) > MAX_LENGTH:
        raise refused("rrule_length", limit=MAX_LENGTH)
    parts = _parts(text.upper().removeprefix("RRULE:"))
    frequency = parts.get("FREQ")
    if frequency not in FREQUENCIES:
        raise refused("rrule_frequency", allowed=list(FREQUENCIES))
    numbers = {name: _numbers(name, value) for name, value in parts.items() if name in RANGES}
    interval, count = numbers.pop("INTERVAL", [1]), numbers.pop("COUNT", [None])
    if len(interval) != 1 or len(count) != 1:
        raise refused("rrule")
    rule = Rule(
        frequency=cast(Frequency, frequency),
        interval=interval[0],
        count=count[0],
        until=_until(parts["UNTIL"]) if "UNTIL" in parts else None,
        week_start=_weekday(parts.get("WKST", "MO")),
        days=[_day(each) for each in parts["BYDAY"].split(",")] if "BYDAY" in parts else (),
        numbers=numbers,
    )
    _check(rule)
    return rule


def checked(text: str) -> str:
    """Return a rule as it is stored: in upper case, without the name of the property."""
    parse(text)
    return text.upper().removeprefix("RRULE:")


def _parts(text: str) -> dict[str, str]:
    pairs = [tuple(each.split("=")) for each in text.rstrip(";").split(";")]
    if any(len(pair) != 2 or not pair[1] for pair in pairs):
        raise refused("rrule")
    parts = dict(cast("list[tuple[str, str]]", pairs))
    if not parts.keys() <= set(PARTS):
        raise refused("rrule_part", allowed=list(PARTS))
    if len(parts) != len(pairs):
        raise refused("rrule")
    return parts


def _numbers(name: str, value: str) -> list[int]:
    least, most = RANGES[name]
    texts = value.split(",")
    if not all(_NUMBER.fullmatch(each) for each in texts):
        raise refused("rrule")
    numbers = sorted({int(each) for each in texts})
    if not all(least <= each <= most and (each or least == 0) for each in numbers):
        shown = f"1 to {most} or -{most} to -1" if least < 0 else f"{least} to {most}"
        raise refused("rrule_range", allowed=[f"{name} {shown}"])
    return numbers


def _until(text: str) -> datetime:
    """Return the last time that is allowed. A date means the end of that day on the wall clock."""
    if not _UNTIL.fullmatch(text):
        raise refused("rrule_until")
    try:
        if len(text) == 8:
            return datetime.strptime(text, "%Y%m%d") + timedelta(days=1, microseconds=-1)  # noqa: DTZ007 - the wall clock
        until = datetime.strptime(text[:15], "%Y%m%dT%H%M%S")  # noqa: DTZ007 - the wall clock, or UTC in the next line
    except (ValueError, OverflowError):
        raise refused("rrule_until") from None
    return until.replace(tzinfo=UTC) if text.endswith("Z") else until


def _weekday(text: str) -> int:
    if text not in WEEKDAYS:
        raise refused("rrule")
    return WEEKDAYS.index(text)


def _day(text: str) -> Day:
    match = _DAY.fullmatch(text)
    if match is None:
        raise refused("rrule")
    which = int(match[1]) if match[1] else None
    if which is not None and not 1 <= abs(which) <= 53:
        raise refused("rrule_range", allowed=["BYDAY 1 to 53 or -53 to -1"])
    return Day(_weekday(match[2]), which)


def _check(rule: Rule) -> None:
    """Refuse parts that do not go together (RFC 5545, the table of section 3.3.10)."""
    for name, frequencies in ONLY_WITH.items():
        if name in rule.numbers and rule.frequency not in frequencies:
            raise refused("rrule_use", allowed=[f"{name} with {' or '.join(frequencies)}"])
    if any(day.which for day in rule.days):
        if rule.frequency not in ("MONTHLY", "YEARLY") or "BYWEEKNO" in rule.numbers:
            raise refused("rrule_use", allowed=["a number before a day of BYDAY with MONTHLY or YEARLY and without BYWEEKNO"])
        if rule.frequency == "MONTHLY" and any(abs(day.which or 1) > 5 for day in rule.days):
            raise refused("rrule_range", allowed=["BYDAY with MONTHLY 1 to 5 or -5 to -1"])
    if "BYSETPOS" in rule.numbers and not rule.days and len(rule.numbers) == 1:
        raise refused("rrule_use", allowed=["BYSETPOS with another part that begins with BY"])
    if rule.count is not None and rule.until is not None:
        raise refused("rrule_use", allowed=["COUNT without UNTIL, or UNTIL without COUNT"])
    if len(rule.numbers.get("BYHOUR", [0])) * len(rule.numbers.get("BYMINUTE", [0])) > MAX_A_DAY:
        raise refused("rrule_times", limit=MAX_A_DAY)
