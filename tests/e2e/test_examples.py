"""The examples of the OpenAPI document: a running instance accepts each request as it stands and answers as described.

``RECORD=1`` writes the answers as the examples of responses (``make examples``).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import httpx
import pytest

from local.demo.samples import TIKTOK_OPTIONS
from local.demo.sources import hosted
from local.demo.tour import Tour, wait_for
from local.simulators.facebook.state import CLIENT_SECRET
from local.simulators.tiktok.state import CLIENT_SECRET as TIKTOK_SECRET
from tests.api.test_connections import signed_request
from tests.support import described
from tools.openapi import recording, requests
from tools.openapi.requests import EXAMPLES

NO_JSON = {
    "getCalendarFeed",
    "getExportPart",
    "getMedia",
    "getOpenApiDocument",
    "getRobots",
    "startExport",
    *(name for name, example in EXAMPLES.items() if example.status == 204),
}
"""Operations without a recorded answer: they have none, or one with checksums that its own test holds."""


def route_of(operation: str) -> tuple[str, str]:
    return next(
        (method.upper(), path)
        for path, methods in described.DOCUMENT["paths"].items()
        for method, found in methods.items()
        if found["operationId"] == operation
    )


class Walk:
    """One person's way through every operation. ``known``: constants of the examples → what they are in this run."""

    def __init__(self, tour: Tour) -> None:
        self.tour, self.known = tour, dict[str, str]()
        self.answers: dict[str, httpx.Response] = {}

    def live(self, value: Any) -> Any:
        """A value of an example with the ids of this run."""
        text = json.dumps(value)
        for constant, actual in self.known.items():
            text = text.replace(constant, actual)
        return json.loads(text)

    def send(self, operation: str, *, patience: int = 0, other: str = "", **changed: Any) -> Any:
        """Send the example of an operation, or another one of it, and hold the answer against the document. ``patience``: seconds
        to repeat a 409."""
        example = EXAMPLES[operation]
        if other:
            keys = {name: f"{value}-{other}" for name, value in example.headers.items()}
            example = replace(example, body=example.others[other], headers=keys)
        method, path = route_of(operation)
        url = self.live(re.sub(r"{(\w+)}", lambda found: str(example.path[found[1]]), path))
        url += f"?{urlencode(self.live(dict(example.query)))}" if example.query else ""
        headers = {**example.headers, **changed.pop("headers", {})}
        if "content" in changed:
            answer = self.tour.http.request(method, self.tour.run["api"] + url, headers=headers, **changed)
        else:
            body = None if example.body is None else self.live(example.body)
            answer = self.tour.send(method, url, body, headers)
            while answer.status_code == 409 and patience:
                patience -= 1
                time.sleep(1)
                answer = self.tour.send(method, url, body, headers)
        assert answer.status_code == example.status, (operation, answer.status_code, answer.text[:1000])
        self.answers[f"{operation} {answer.status_code} {other}".rstrip()] = answer
        described.hold_http(answer)
        return (
            answer.json()
            if answer.content and answer.headers.get("content-type", "").startswith("application/json")
            else answer.text
        )

    def knows(self, constant: str, actual: str) -> None:
        assert actual
        self.known[constant] = actual


def walk_connections(walk: Walk) -> None:
    tour = walk.tour
    tour.control(
        "POST",
        "facebook/user",
        {
            "id": "71048576000",
            "name": "Robin Sample",
            "pages": [{"id": requests.PAGE, "name": "Workshop", "username": "workshop"}],
        },
    )
    tour.control("POST", "facebook/consent", {"decision": "grant", "user": "71048576000"})
    for name, constant in (("declinePendingConnection", requests.REFUSED), ("confirmPendingConnection", requests.PENDING)):
        begun = walk.send("authorizePlatform")
        back = parse_qs(urlsplit(tour.follow(begun["authorization_url"]).headers["location"]).query)
        walk.knows(requests.STATE, back["state"][0])
        walk.knows(requests.CODE, back["code"][0])
        walk.knows(constant, walk.send("completeAuthorization")["pending_id"])
        if name.startswith("confirm"):
            walk.send("getPendingConnection")
        confirmed = walk.send(name)
    walk.knows(requests.FACEBOOK, confirmed["items"][0]["id"])
    for constant, name in ((requests.INSTAGRAM, "instagram"), (requests.LINKEDIN, "linkedin"), (requests.TIKTOK, "tiktok")):
        walk.knows(constant, tour.connections[name]["id"])
    for operation in ("listConnections", "getConnection", "testConnection", "updateConnection"):
        walk.send(operation)


def walk_templates(walk: Walk, other: Tour) -> None:
    theirs = other.call("POST", "/v1/templates", EXAMPLES["createTemplate"].body, status=201)["id"]
    other.call("POST", f"/v1/templates/{theirs}/share")
    walk.knows(requests.SHARED, theirs)
    walk.knows(requests.TEMPLATE, walk.send("createTemplate")["id"])
    for operation in ("getTemplate", "updateTemplate", "previewTemplate", "checkTemplate"):
        walk.send(operation)
    walk.knows(requests.COPY, walk.send("copyTemplate")["id"])
    for operation in ("exportTemplate", "exportTemplates", "importTemplate"):
        walk.send(operation)
    for operation in (
        *("listTemplates", "listTemplateVersions", "restoreTemplateVersion", "shareTemplate", "rateTemplate", "deleteRating"),
        *("pinTemplate", "unpinTemplate", "reportTemplate", "withdrawReport", "unshareTemplate", "deleteTemplate"),
    ):
        walk.send(operation)


def walk_posts(walk: Walk) -> None:
    tour = walk.tour
    for operation in ("listPlatforms", "getPublishingOptions"):
        walk.send(operation)
    walk.send("checkPost")
    walk.knows(requests.POST, walk.send("publishPost")["id"])
    image = EXAMPLES["checkPost"].body["content"]
    both = [{"connection_id": walk.known[name]} for name in (requests.FACEBOOK, requests.INSTAGRAM)]
    with tour.faults({"platform": "instagram", "preset": "server_error", "times": -1}):
        second = tour.call("POST", "/v1/posts", {"content": image, "targets": both}, status=201, key="second")
    walk.knows(requests.SECOND, second["id"])
    walk.knows(requests.FAILED_TARGET, next(target["id"] for target in second["targets"] if target["status"] == "failed"))
    walk.send("retryPost")
    tiktok = {"connection_id": walk.known[requests.TIKTOK], "options": TIKTOK_OPTIONS}
    with tour.settings("instagram", image_processing_s=60), tour.settings("tiktok", processing_s=14):
        begun = tour.send("POST", "/v1/posts", {"content": image, "targets": [both[1], tiktok]}, {"idempotency-key": "slow"})
        described.hold_http(begun)
        walk.answers["publishPost 202"] = begun
        slow = begun.json()["id"]
        walk.knows(requests.SLOW, slow)
        # While TikTok works on its target, the ticket is good.
        walk.knows(requests.TICKET, tour.control("GET", "pulled")["pulled"][-1]["url"].rpartition("/")[2])
        for operation in ("getMedia", "checkMedia"):
            walk.send(operation)

        # While a worker looks at the target, it cannot be canceled.
        walk.send("cancelPost", patience=60)
        wait_for("the rest is published", lambda: tour.call("GET", f"/v1/posts/{slow}")["status"] != "processing", 60)
    for operation in ("getPost", "listPosts"):
        walk.send(operation)


def walk_schedules(walk: Walk) -> None:
    walk.send("getScheduleOptions")
    with hosted(walk.tour, json.dumps(requests.DOCUMENT, indent=1).encode()) as url:
        walk.knows(requests.DOCUMENT_URL, url)
        for other in EXAMPLES["createSchedule"].others:
            walk.send("createSchedule", other=other)
    schedule = walk.send("createSchedule")["id"]
    walk.knows(requests.SCHEDULE, schedule)
    for operation in ("getSchedule", "listSchedules", "updateSchedule", "pauseSchedule", "resumeSchedule", "publishScheduleNow"):
        walk.send(operation)

    def link() -> str | None:
        occurrence = walk.tour.call("GET", f"/v1/schedules/{schedule}")["targets"][0]["occurrence"]
        return str(occurrence["link"]) if occurrence["link"] else None

    wait_for("the user is told", lambda: bool(link()), 90)
    walk.knows(requests.LINK, str(link()).rpartition("/")[2])
    walk.send("publishByLink")
    walk.answers["publishByLink 202"] = walk.answers["publishPost 202"]
    walk.send("deleteSchedule")


def walk_calendar(walk: Walk) -> None:
    for operation in ("previewSchedule", "updateSlots", "getSlots", "getCalendar"):
        walk.send(operation)
    walk.knows(requests.FEED_TOKEN, walk.send("createCalendarToken")["token"])
    for operation in ("getCalendarFeed", "deleteCalendarToken"):
        walk.send(operation)


def walk_figures(walk: Walk) -> None:
    walk.tour.fire("PollDueAnalytics")
    wait_for("the analytics queues are empty", lambda: walk.tour.queues_empty("AnalyticsQueue"), 90)
    for operation in (
        "getAnalyticsSummary", "getAnalyticsSeries", "getComparisons", "listTopPosts", "getPostAnalytics", "listAccountAnalytics",
        "getBestTimes",
    ):  # fmt: skip
        walk.send(operation)
        if operation != "getPostAnalytics":
            walk.send(f"{operation}Csv")


def walk_callbacks(walk: Walk) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    asked = walk.send("receiveMetaDataDeletion", content=signed_request(CLIENT_SECRET, "71048576000"), headers=headers)
    walk.knows(requests.CONFIRMATION, asked["confirmation_code"])
    walk.send("getMetaDataDeletion")
    walk.send("receiveMetaDeauthorization", content=signed_request(CLIENT_SECRET, "71048576000"), headers=headers)
    event = json.dumps({"client_key": "key", "event": "authorization.removed", "user_openid": "nobody", "content": "{}"})
    at = str(int(time.time()))
    signature = hmac.new(TIKTOK_SECRET.encode(), f"{at}.{event}".encode(), hashlib.sha256).hexdigest()
    headers = {"content-type": "application/json", "tiktok-signature": f"t={at},s={signature}"}
    walk.send("receiveTikTokWebhook", content=event, headers=headers)


def walk_webhooks(walk: Walk) -> None:
    made = walk.send("createWebhook")
    walk.knows(requests.WEBHOOK, made["id"])
    walk.knows("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", made["secret"])
    for operation in ("listWebhooks", "getWebhook", "testWebhook"):
        walk.send(operation)
    walk.knows("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", walk.send("rotateWebhookSecret")["secret"])
    walk.knows(requests.DELIVERY, walk.send("listDeliveries")["items"][0]["id"])
    for operation in ("replayDelivery", "updateWebhook", "deleteWebhook"):
        walk.send(operation)


def walk_out(walk: Walk) -> None:
    # The record of a post takes its notices along.
    walk.knows(requests.NOTICE, walk.send("listNotices")["items"][0]["id"])
    for operation in ("countUnreadNotices", "checkUnreadNotices", "markNotice", "markNotices", "deleteNotice"):
        walk.send(operation)
    walk_webhooks(walk)
    for operation in ("editPost", "refreshPost", "deletePost", "deletePostRecord", "deleteNotices", "getDataMap"):
        walk.send(operation)
    walk.knows(str(EXAMPLES["getExportPart"].path["part"]), walk.send("startExport")["first_part"])
    for operation in ("getExportPart", "disconnectAccount"):
        walk.send(operation)
    walk_callbacks(walk)
    walk.knows(requests.RECEIPT, walk.send("deleteAccount")["code"])
    walk.send("getDeletionReceipt")


@pytest.mark.timeout(400)
def test_every_example_is_accepted_as_it_stands(publisher: Tour, second_person: Tour) -> None:
    walk, began = Walk(publisher), datetime.now(UTC)
    for operation in (
        "getHealth",
        "checkHealth",
        "getOpenApiDocument",
        "checkOpenApiDocument",
        "getRobots",
        "getProfile",
        "updateProfile",
        "storeAiKey",
    ):
        walk.send(operation)
    publisher.call("PUT", "/v1/profile/ai-keys/google", {"key": "AIza-1234567890"})
    walk.send("deleteAiKey")
    walk_connections(walk)
    walk_templates(walk, second_person)
    for operation in (
        "listProviders",
        "previewGeneration",
        "generatePosts",
        "listModels",
        "getUsage",
        "getUsageCsv",
        "deleteUsage",
    ):
        walk.send(operation)
    walk_posts(walk)
    walk_schedules(walk)
    walk_calendar(walk)
    walk_figures(walk)
    walk_out(walk)
    assert {name.partition(" ")[0] for name in walk.answers} == EXAMPLES.keys()
    if os.environ.get("RECORD"):
        words = {
            publisher.sub: "auth0|64f0c2a7b1d9e8",
            str(publisher.run["api"]): "https://api.example.com",
            quote(str(publisher.run["api"]), safe=""): quote("https://api.example.com", safe=""),
            f"{publisher.simulators}/": "https://",
            publisher.word: "robin",
        }
        recording.write(walk.answers, walk.known, words, began, NO_JSON)
