"""Step: a post that is scheduled, told of when it is due, and sent through its link."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from local.demo.samples import Shown
from local.demo.tour import Json, Table, Tour, expect, wait_for

AHEAD_S = 4
PATIENCE_S = 90


def schedule(tour: Tour) -> Shown:
    """Nothing is stored but a time and an account; the text comes through a link of one use when it is due."""
    due = (datetime.now(UTC) + timedelta(seconds=AHEAD_S)).isoformat(timespec="seconds")
    body = {
        "due_at": due,
        "time_zone": "Europe/Berlin",
        "targets": [{"connection_id": tour.connections["linkedin"]["id"], "way": "notify"}],
    }
    made = tour.call("POST", "/v1/schedules", body, status=201, key=f"{tour.word}-schedule")
    path = f"/v1/schedules/{made['id']}"
    yield f"due {made['starts_at']}, in Berlin {made['local_starts_at']}"

    def occurrence() -> Json:
        return dict(tour.call("GET", path)["targets"][0]["occurrence"])

    took = wait_for("the notice that it is due", lambda: occurrence()["state"] == "notified", PATIENCE_S)
    link = occurrence()["link"]
    sent = tour.call("POST", link, {"content": {"text": f"On time, {tour.word}"}}, status=201)
    expect("the post of the link", sent["status"], "published")
    again = tour.send("POST", link, {"content": {"text": f"Once more, {tour.word}"}}, {})
    expect("the link a second time", (again.status_code, again.json()["code"]), (409, "link_over"))
    yield f"told after {took:.0f} s; published through the link, which is over now"
    shown = occurrence()
    yield Table.of([shown], {"state": "state", "due (UTC)": "due_at", "due (local)": "local_due_at", "post": "post_id"})
