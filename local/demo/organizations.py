"""A step: an organization of LinkedIn, which takes another app than the member does."""

from __future__ import annotations

from functools import partial

from local.demo.accounts import connect_account
from local.demo.samples import PATIENCE_S, Shown
from local.demo.tour import Table, Tour, expect, wait_for


def organization(tour: Tour) -> Shown:
    """What is wanted chooses the app: one that can reach organizations is asked, and has their figures too."""
    offered = next(item for item in tour.call("GET", "/v1/platforms")["items"] if item["platform"] == "linkedin")
    registrations = {entry["access"]: entry["registrations"] for entry in offered["access"]}
    expect("registrations with access to organizations", registrations["organizations"], ["community"])
    begun, _, connection = connect_account(tour, "linkedin", "organization", wanted=["organizations"])
    expect("the registration", (begun["registration"], connection["registration"]), ("community", "community"))
    body = {"content": {"text": "The workshop is open on Saturday."}, "targets": [{"connection_id": connection["id"]}]}
    post = tour.call("POST", "/v1/posts", body, status=201, key=f"{tour.word}-organization")
    expect("the post of the organization", post["status"], "published")
    tour.fire("PollDueAnalytics")
    wait_for("the analytics queues are empty", partial(tour.queues_empty, "AnalyticsQueue"), PATIENCE_S)
    (target,) = tour.call("GET", f"/v1/analytics/posts/{post['id']}")["targets"]
    expect("the reading", target["latest"]["status"], "ok")
    left = tour.call("DELETE", f"/v1/connections/{connection['id']}")
    expect("the grant is withdrawn", left["revoked"], True)
    yield Table(("wanted", "registrations"), [(name, ", ".join(found) or "none") for name, found in registrations.items()])
    figures = ", ".join(f"{name} {count}" for name, count in target["latest"]["figures"].items() if isinstance(count, int))
    row = (connection["display_name"], connection["registration"], post["targets"][0]["permalink"], figures)
    yield Table(("organization", "registration", "post", "figures"), [row])
