"""Steps: the times of a recurrence, a weekly plan, the calendar and its feed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from local.demo.samples import Shown
from local.demo.tour import Table, Tour, expect, quote, require

RULE = {"rrule": "FREQ=WEEKLY;BYDAY=SU", "exdates": []}


def calendar(tour: Tour) -> Shown:
    """Clocks change, and nine o'clock stays nine o'clock; free slots and published posts are in one calendar, without a text."""
    asked = {"due_at": "2027-03-21T09:00:00+01:00", "time_zone": "Europe/Berlin", "recurrence": RULE}
    times = tour.call("POST", "/v1/schedules/preview", asked)["items"][:2]
    expect("two Sundays", [each["local_due_at"] for each in times], ["2027-03-21T09:00:00", "2027-03-28T09:00:00"])
    expect("the same in UTC", [each["due_at"] for each in times], ["2027-03-21T08:00:00Z", "2027-03-28T07:00:00Z"])
    yield Table.of(times, {"by the clock": "local_due_at", "in UTC": "due_at"})
    slots = [{"weekday": day, "time": "09:00"} for day in ("monday", "thursday")]
    path = f"/v1/connections/{tour.connections['linkedin']['id']}/slots"
    plan = tour.call("PUT", path, {"time_zone": "Europe/Berlin", "slots": slots})
    require("a slot is free", plan["next_free"] is not None, plan)
    now = datetime.now(UTC)
    period = urlencode({"from": (now - timedelta(days=1)).isoformat(), "to": (now + timedelta(days=7)).isoformat()})
    entries = tour.call("GET", f"/v1/calendar?{period}")["items"]
    require("posts and slots are in the calendar", {each["type"] for each in entries} == {"post", "slot"}, entries)
    yield Table.of(entries, {"when": "local_at", "what": "type", "platform": "platform", "state": "state"})
    token = tour.call("POST", "/v1/calendar/token", status=201)
    feed = tour.http.get(f"{tour.run['api']}/v1/calendar.ics", params={"token": token["token"]})
    expect("the feed", (feed.status_code, feed.headers["content-type"]), (200, "text/calendar; charset=utf-8"))
    titles = [line for line in feed.text.splitlines() if line.startswith("SUMMARY:")]
    require("the feed names platform, kind and state", bool(titles) and tour.word not in feed.text, titles)
    yield quote("A calendar program sees:", "\n".join(titles[:4]))
    tour.call("DELETE", "/v1/calendar/token", status=204)
    expect("a revoked feed", tour.http.get(feed.request.url).status_code, 404)
