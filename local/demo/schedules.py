"""Steps: posts that are scheduled. One is sent through a link when it is due, others are held by Facebook."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from local.demo.samples import Shown
from local.demo.tour import Json, Table, Tour, expect, wait_for

AHEAD_S = 10
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

    took = wait_for("the notice that it is due", lambda: _occurrence(tour, path)["state"] == "notified", PATIENCE_S)
    link = _occurrence(tour, path)["link"]
    sent = tour.call("POST", link, {"content": {"text": f"On time, {tour.word}"}}, status=201)
    expect("the post of the link", sent["status"], "published")
    again = tour.send("POST", link, {"content": {"text": f"Once more, {tour.word}"}}, {})
    expect("the link a second time", (again.status_code, again.json()["code"]), (409, "link_over"))
    yield f"told after {took:.0f} s; published through the link, which is over now"
    yield Table.of(
        [_occurrence(tour, path)], {"state": "state", "due (UTC)": "due_at", "due (local)": "local_due_at", "post": "post_id"}
    )


def held_by_facebook(tour: Tour) -> Shown:
    """Facebook holds the post and publishes it at its time, or now. A second one is left there, for the step that deletes."""
    tour.texts["held"], tour.texts["left"] = f"Held until its time, {tour.word}", f"Never to be seen, {tour.word}"
    made = _hold(tour, "held", hours=24)
    path, day_later = f"/v1/schedules/{made['id']}", datetime.now(UTC) + timedelta(hours=48)
    moved = tour.call("PATCH", path, {"due_at": day_later.isoformat(timespec="seconds")})
    yield Table.of([made["targets"][0]["occurrence"], moved["targets"][0]["occurrence"]], _HELD)
    (post,) = _at_facebook(tour, "held")
    expect("the post at Facebook", post["status"], "scheduled")
    tour.call("POST", f"{path}/publish-now", status=202, key=f"{tour.word}-now")
    wait_for("it is public", lambda: _occurrence(tour, path)["state"] == "published", PATIENCE_S)
    (post,) = _at_facebook(tour, "held")
    expect("the post at Facebook", post["status"], "published")
    yield Table.of([_occurrence(tour, path)], _HELD)
    _hold(tour, "left", hours=24)
    expect("the second post at Facebook", [post["status"] for post in _at_facebook(tour, "left")], ["scheduled"])


_HELD = {"state": "state", "why": "code", "due (UTC)": "due_at", "due (local)": "local_due_at", "post": "post_id"}


def _hold(tour: Tour, name: str, hours: int) -> Json:
    """Schedule a text of the tour that Facebook is to hold."""
    due = (datetime.now(UTC) + timedelta(hours=hours)).isoformat(timespec="seconds")
    target = {"connection_id": tour.connections["facebook"]["id"], "way": "native", "content": {"text": tour.texts[name]}}
    body = {"due_at": due, "time_zone": "Europe/Berlin", "targets": [target]}
    made: Json = tour.call("POST", "/v1/schedules", body, status=201, key=f"{tour.word}-{name}")
    occurrence = made["targets"][0]["occurrence"]
    expect("the occurrence", (occurrence["state"], occurrence["code"]), ("processing", "held_by_platform"))
    return made


def _occurrence(tour: Tour, path: str) -> Json:
    return dict(tour.call("GET", path)["targets"][0]["occurrence"])


def _at_facebook(tour: Tour, name: str) -> list[Json]:
    return [post for post in tour.state("facebook")["posts"] if post["text"] == tour.texts[name]]
