"""The lines of a calendar feed (RFC 5545), read back by two libraries that did not write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest
import vobject

from noillusion.scheduling.feed import Event, write

AT = datetime(2027, 3, 27, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def event(title: str = "Facebook · image · pending", *, canceled: bool = False) -> Event:
    return Event("7b1f@noillusion", AT, title, AT - HOUR, 21, canceled)


def read(text: str) -> Any:
    """A feed as icalendar reads it."""
    return icalendar.Calendar.from_ical(text)


def test_a_feed_is_made_of_lines_of_at_most_75_octets_that_end_alike() -> None:
    text = write("A name with ünïcode, " * 12, [event("ü" * 200)], HOUR)
    assert text.endswith("END:VCALENDAR\r\n") and "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in text.split("\r\n")) == 75


@pytest.mark.parametrize(
    "title",
    ["Facebook · image · pending", "a;b,c\\d", "one\r\ntwo", "BEGIN:VEVENT", "𝄞" * 90, "x" * 75, "x" * 67 + "ü", "\\n", ""],
)
def test_a_title_is_read_back_as_it_was_written(title: str) -> None:
    text = write("Calendar", [event(title)], HOUR)
    (entry,) = read(text).walk("VEVENT")
    wanted = title.replace("\r\n", "\n")
    assert str(entry["SUMMARY"]) == wanted
    other = vobject.readOne(text).vevent
    assert other.summary.value == wanted
    assert (other.dtstart.value, other.dtend.value, other.uid.value) == (AT, AT + timedelta(minutes=15), "7b1f@noillusion")


def test_a_feed_says_when_an_entry_changed_and_whether_it_was_canceled() -> None:
    text = write("Calendar", [event(), event(canceled=True)], HOUR)
    calendar = read(text)
    assert (calendar["VERSION"], calendar["X-WR-CALNAME"], calendar["CALSCALE"]) == ("2.0", "Calendar", "GREGORIAN")
    assert calendar["REFRESH-INTERVAL"].dt == HOUR
    assert [str(each["STATUS"]) for each in calendar.walk("VEVENT")] == ["CONFIRMED", "CANCELLED"]
    first = calendar.walk("VEVENT")[0]
    assert (first["DTSTAMP"].dt, first["LAST-MODIFIED"].dt, first["SEQUENCE"]) == (AT - HOUR, AT - HOUR, 21)
    assert calendar.errors == first.errors == []


def test_an_empty_feed_is_a_calendar() -> None:
    assert read(write("Calendar", [], HOUR)).walk("VEVENT") == []
