"""A calendar feed as ical.js reads it, the parser of calendar programs in browsers."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime

from noillusion.scheduling.calendar_feed import REFRESH
from noillusion.scheduling.feed import Event, write
from tests.clients.conftest import TOOLS

AT = datetime(2027, 3, 27, 9, tzinfo=UTC)


def test_a_feed_is_read_by_another_parser_as_it_was_written() -> None:
    titles = ["Facebook · image · pending", "a;b,c\\d", "ü" * 120]
    events = [Event(f"{n}@noillusion", AT, title, AT, n, canceled=n == 1) for n, title in enumerate(titles)]
    text = write("No iLLusion Social", events, REFRESH)
    done = subprocess.run(["node", TOOLS / "calendar.mjs"], input=text, capture_output=True, text=True, timeout=60, check=True)
    at = "2027-03-27T09:00:00.000Z"
    assert json.loads(done.stdout) == [
        {"uid": f"{n}@noillusion", "at": at, "title": title, "status": ["CONFIRMED", "CANCELLED"][n == 1], "sequence": n}
        for n, title in enumerate(titles)
    ]
