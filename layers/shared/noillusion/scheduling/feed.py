"""iCalendar (RFC 5545) of what is due: folded, escaped lines, written by hand, because importing a library costs more than this.

A title is platform, kind and state. Nothing else about a post is in a feed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from noillusion.core.records import record

MEDIA_TYPE: Final = "text/calendar; charset=utf-8"
PRODUCT: Final = "-//No iLLusion Social//Calendar//EN"
_WIDTH = 75
"""Most octets of a line, without its end (RFC 5545, 3.1)."""
LENGTH: Final = timedelta(minutes=15)
"""A post takes no time. Calendars show an entry without a length badly or not at all."""
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\r": "", "\n": "\\n"})


@record()
class Event:
    """An entry of a feed."""

    uid: str
    """Stays the same for as long as it is the same occurrence."""
    starts_at: datetime
    title: str
    changed_at: datetime
    sequence: int
    """Grows when the time or the state changes."""
    canceled: bool


def write(name: str, events: Iterable[Event], refresh: timedelta) -> str:
    """Return a calendar. Clients are asked to look again after ``refresh``."""
    return "".join(f"{line}\r\n" for plain in _lines(name, events, refresh) for line in _folded(plain))


def text(value: str) -> str:
    """Return a text as a property value (RFC 5545, 3.3.11)."""
    return value.translate(_ESCAPED)


def _lines(name: str, events: Iterable[Event], refresh: timedelta) -> Iterator[str]:
    duration = f"PT{int(refresh.total_seconds()) // 60}M"
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN")
    yield from (f"NAME:{text(name)}", f"X-WR-CALNAME:{text(name)}")
    yield from (f"REFRESH-INTERVAL;VALUE=DURATION:{duration}", f"X-PUBLISHED-TTL:{duration}")
    for event in events:
        yield from _event(event)
    yield "END:VCALENDAR"


def _event(event: Event) -> Iterator[str]:
    yield from ("BEGIN:VEVENT", f"UID:{text(event.uid)}", f"DTSTAMP:{_utc(event.changed_at)}")
    yield from (f"LAST-MODIFIED:{_utc(event.changed_at)}", f"SEQUENCE:{event.sequence}")
    yield from (f"DTSTART:{_utc(event.starts_at)}", f"DTEND:{_utc(event.starts_at + LENGTH)}")
    yield from (f"SUMMARY:{text(event.title)}", f"STATUS:{'CANCELLED' if event.canceled else 'CONFIRMED'}")
    yield from ("TRANSP:TRANSPARENT", "CLASS:PRIVATE", "END:VEVENT")


def _utc(instant: datetime) -> str:
    return f"{instant:%Y%m%dT%H%M%SZ}"


def _folded(line: str) -> Iterator[str]:
    """Yield the pieces of a line. No character is divided (RFC 5545, 3.1)."""
    piece, width = "", 0
    for character in line:
        octets = len(character.encode())
        if width + octets > _WIDTH:
            yield piece
            piece, width = " ", 1
        piece, width = piece + character, width + octets
    yield piece
