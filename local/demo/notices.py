"""Steps: what happened in the background is told in notices, and sent to a webhook of the person."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

from local.demo.samples import PATIENCE_S, Columns, Shown
from local.demo.tour import Json, Table, Tour, expect, require, wait_for


def create_webhook(tour: Tour) -> Shown:
    """Any receiver can check the signature with a library of Standard Webhooks, or with these few lines."""
    made = tour.call("POST", "/v1/webhooks", {"url": f"https://hooks.example/{tour.word}"}, status=201)
    tour.ids["webhook"], tour.answers["webhook secret"] = made["id"], made["secret"]
    tested = tour.call("POST", f"/v1/webhooks/{made['id']}/test")
    expect("the test", (tested["state"], tested["status"]), ("delivered", 204))
    (event,) = _received(tour)
    expect("the event of the test", event["type"], "webhook.test")
    refused = tour.send("POST", "/v1/webhooks", {"url": "https://169.254.169.254/latest"})
    expect("a URL inside a private network", refused.json()["errors"][0]["code"], "address_not_public")
    yield f"webhook {made['id']}: its secret is shown once"
    yield f"{tested['message_id']} arrived with a valid signature"


def read_notices(tour: Tour) -> Shown:
    """The slow target ended after its request: that is a notice, unread until it is marked, and an event."""

    def about_it() -> list[Json]:
        listed: list[Json] = tour.call("GET", "/v1/notifications?kind=publish_finished")["items"]
        return listed if any(notice["data"]["post_id"] == tour.ids["post"] for notice in listed) else []

    # The worker writes it after the outcome, which the step before saw.
    wait_for("there is a notice about the post", lambda: bool(about_it()), PATIENCE_S)
    notices = about_it()
    count = tour.send("HEAD", "/v1/notifications/unread")
    require("there are unread notices", int(count.headers["x-unread-count"]) > 0)
    wait_for("the webhook has it", lambda: any(e["type"] == "publish_finished" for e in _received(tour)), PATIENCE_S)
    told = next(event for event in _received(tour) if event["type"] == "publish_finished")
    require("the event is the notice", told["data"]["notice_id"] in {notice["id"] for notice in notices})
    marked = tour.call("PATCH", "/v1/notifications", {"unread": False, "until": notices[0]["created_at"]})
    require("they are marked as read", marked["changed"] > 0)
    columns: Columns = {name: name for name in ("kind", "subject_id", "unread")}
    yield Table.of(notices, columns)
    log = tour.call("GET", f"/v1/webhooks/{tour.ids['webhook']}/deliveries")["items"]
    yield Table.of(log, {name: name for name in ("event", "state", "status", "attempts", "duration_ms")})


def _received(tour: Tour) -> list[Json]:
    """The events that arrived, each with a valid signature."""
    found = tour.http.get(f"{tour.simulators}/_hooks/{tour.word}").json()["received"]
    key = base64.b64decode(tour.answers["webhook secret"].removeprefix("whsec_"))
    for each in found:
        headers, body = each["headers"], each["body"]
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}".encode()
        signature = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        expect("the signature of an event", headers["webhook-signature"], f"v1,{signature}")
    return [json.loads(each["body"]) for each in found]
