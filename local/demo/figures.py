"""Steps: analytics."""

from __future__ import annotations

from functools import partial

from local.demo.samples import PATIENCE_S, Columns, Shown
from local.demo.tour import Json, Table, Tour, expect, wait_for
from local.simulators.registry import PLATFORMS


def poll(tour: Tour) -> Shown:
    """The schedule splits what is due into queue messages of ids; the worker reads the platforms."""
    tour.fire("PollDueAnalytics")
    seconds = wait_for("the analytics queues are empty", partial(tour.queues_empty, "AnalyticsQueue"), PATIENCE_S)
    queues = tour.control("GET", "queues")["queues"]
    expect("queues with dead letters", [name for name in queues if name.endswith("DeadLetters") and queues[name]["messages"]], [])
    post = tour.call("GET", f"/v1/analytics/posts/{tour.ids['post']}")
    expect("platforms that were read", [t["platform"] for t in post["targets"] if t["latest"]], list(PLATFORMS))
    yield f"queue empty after {seconds:.1f} s, dead letters: none"
    columns: Columns = {
        "platform": "platform",
        "reading": lambda t: t["latest"]["status"],
        "figures, or why there are none": lambda t: t["latest"]["reason"] or _figures(t["latest"]["figures"]),
        "next reading": "next_reading_at",
    }
    yield Table.of(post["targets"], columns)


def _figures(figures: Json) -> str:
    return ", ".join(f"{name} {count}" for name, count in figures.items() if isinstance(count, int))


def read_analytics(tour: Tour) -> Shown:
    """Totals that say how many posts they rest on; a figure that nobody knows is empty, never zero."""
    summary = tour.call("GET", "/v1/analytics/summary")
    expect("posts in the summary", summary["totals"]["posts"], len(PLATFORMS))
    expect("platforms in the summary", sorted(p["platform"] for p in summary["platforms"]), sorted(PLATFORMS))
    names = ("posts", "measured", "views", "reach", "likes", "comments", "shares", "engagement_rate")
    parts = [*((p["platform"], p["totals"]) for p in summary["platforms"]), ("all", summary["totals"])]
    yield Table(("platform", *names), [(name, *(totals[n] for n in names)) for name, totals in parts])
    if summary["unavailable"]:
        columns = {"no figures from": "platform", "posts": "posts", "reason": "reason", "in words": "message"}
        yield Table.of(summary["unavailable"], columns)
    series = tour.call(
        "GET", "/v1/analytics/series?metric=likes&basis=gained&interval=hour&period=last_7_days&time_zone=Europe/Berlin"
    )
    expect("the sum of the series", series["total"], summary["totals"]["likes"])
    columns = {"hour": "start", "likes gained": "value", "readings": "measured"}
    yield Table.of([point for point in series["points"] if point["value"] is not None], columns)
    csv = tour.send("GET", "/v1/analytics/summary.csv")
    expect("the summary as CSV", csv.headers["content-type"].partition(";")[0], "text/csv")
    accounts = tour.call("GET", "/v1/analytics/accounts")["items"]
    expect("accounts", sorted(a["platform"] for a in accounts), sorted(PLATFORMS))
    followers = {a["platform"]: a["last_good"]["figures"]["followers"] for a in accounts if a["last_good"]}
    yield Table.of(accounts, {"account": "platform", "name": "display_name", "followers": lambda a: followers.get(a["platform"])})
