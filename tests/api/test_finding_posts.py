"""A client finds its posts again by its own name or key for them, and sees what was tried and what happens next."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from noillusion.core import clock
from noillusion.db import sql
from noillusion.publishing import listing
from noillusion.publishing.filters import Filters
from noillusion.settings import source as settings
from tests.api.conftest import Platforms
from tests.api.test_filters import USER, listed
from tests.api.test_publishing import PHOTO, Publisher, let_pass
from tests.support.databases import Store, fly
from tests.support.deployment import key as ring_key
from tests.support.rows import NOW, insert

REFERENCE = "campaign:2026-11_launch.1"


@pytest.fixture
def publisher(platforms: Platforms) -> Publisher:
    return Publisher(platforms)


def found(publisher: Publisher, **query: str) -> list[str]:
    return [post["id"] for post in listed("posts", publisher.client.sub or "", **query)]


def test_a_post_is_found_by_the_reference_that_its_client_gave_it(publisher: Publisher) -> None:
    named = [
        publisher.publish(f"k{n}", {**publisher.body("facebook", text=f"Post {n}"), "client_reference": REFERENCE}).json
        for n in range(2)
    ]
    publisher.publish("other", publisher.body("linkedin"))
    assert [post["client_reference"] for post in named] == [REFERENCE] * 2
    assert publisher.read(named[0]["id"])["client_reference"] == REFERENCE
    assert found(publisher, client_reference=REFERENCE) == [named[1]["id"], named[0]["id"]]
    assert found(publisher, client_reference=REFERENCE, platform="facebook", status="published") == [p["id"] for p in named[::-1]]
    assert found(publisher, client_reference=REFERENCE, platform="linkedin") == []
    assert found(publisher, client_reference="campaign") == []
    assert found(Publisher(publisher.platforms, "auth0|mallory"), client_reference=REFERENCE) == []
    exported = publisher.client.request("profile", "GET", "/v1/profile/export").json["first_part"]
    part = publisher.client.request("profile", "GET", f"/v1/profile/export/{exported}").text
    # In the row of each post and in its stored answer.
    assert part.count(f'"client_reference":"{REFERENCE}"') == 4


def test_a_reference_is_in_the_list_of_top_posts_and_its_csv(publisher: Publisher) -> None:
    publisher.publish("k", {**publisher.body("facebook"), "client_reference": REFERENCE})
    (post,) = publisher.client.request("analytics", "GET", "/v1/analytics/posts").json["items"]
    assert post["client_reference"] == REFERENCE
    heading, row, _ = publisher.client.request("analytics", "GET", "/v1/analytics/posts.csv").text.split("\r\n")
    assert dict(zip(heading.split(","), row.split(","), strict=True))["client_reference"] == REFERENCE


@pytest.mark.parametrize("reference", ["", "two words", "a" * 65, "straße", "a\n", "a/b", 7])
def test_a_reference_that_could_carry_a_text_is_refused(publisher: Publisher, reference: Any) -> None:
    answer = publisher.publish("k", {**publisher.body("facebook"), "client_reference": reference})
    assert (answer.status, [error["field"] for error in answer.json["errors"]]) == (422, ["client_reference"])
    assert publisher.platforms.posts("facebook") == []
    if isinstance(reference, str):
        query = {"client_reference": reference}
        assert publisher.client.request("publish", "GET", "/v1/posts", query=query).status == 422


def test_a_reference_goes_with_the_record_of_its_post(publisher: Publisher) -> None:
    post = publisher.publish("k", {**publisher.body("facebook"), "client_reference": REFERENCE}).json
    forgotten = publisher.client.request("publish", "DELETE", f"/v1/posts/{post['id']}/record")
    assert (forgotten.status, found(publisher, client_reference=REFERENCE)) == (204, [])
    assert fly(sql("SELECT client_reference, idempotency_key FROM posts"))[0][0]["client_reference"] is None


def test_the_post_of_an_idempotency_key_is_found_without_its_content(publisher: Publisher) -> None:
    made = [publisher.publish(f"my key {n}", publisher.body("facebook", text=f"Post {n}")).json["id"] for n in range(2)]
    assert found(publisher, idempotency_key="my key 0") == made[:1]
    assert found(publisher, idempotency_key="my key 1", status="published", platform="facebook") == made[1:]
    assert found(publisher, idempotency_key="my key 1", status="failed") == []
    assert found(publisher, idempotency_key="my key") == []
    assert found(Publisher(publisher.platforms, "auth0|mallory"), idempotency_key="my key 0") == []
    assert publisher.client.request("publish", "GET", "/v1/posts", query={"idempotency_key": "ü"}).status == 422


def test_a_key_is_found_after_a_rotation_and_in_a_row_of_an_earlier_version(
    publisher: Publisher, deployment: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = publisher.publish("key", publisher.body("facebook")).json["id"]
    ring = {"current": "f2", "keys": {"f1": ring_key(2), "f2": ring_key(9)}}
    monkeypatch.setenv("FINGERPRINT_KEYS", json.dumps(ring))
    settings.settings.reread(fresh=True)
    deployment.execute("UPDATE posts SET idempotency_key = 'key'")
    assert found(publisher, idempotency_key="key") == [post]


def test_a_request_that_still_runs_is_found_by_its_key(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, Any]] = []

    async def look(*_: Any, **__: Any) -> None:
        page = await listing.listing(publisher.client.sub or "", Filters(), None, 5, "key")
        seen.extend(post.model_dump() for post in page.items)

    monkeypatch.setattr("noillusion.publishing.execute.publish", look)
    publisher.publish("key", publisher.body("facebook"))
    assert [post["status"] for post in seen] == ["processing"]
    (target,) = seen[0]["targets"]
    assert (target["next_step"]["action"], target["next_step"]["by"]) == ("publish", "service")
    assert target["attempts"][0]["ended_at"] is None


def test_B1_every_attempt_is_told_with_its_outcome(publisher: Publisher) -> None:
    publisher.platforms.fault(platform="instagram", status=503, times=-1)
    post = publisher.publish("k", publisher.body("facebook", "instagram")).json
    by_platform = {target["platform"]: target for target in post["targets"]}
    failed = by_platform["instagram"]
    assert [(a["attempt"], a["status"], a["error_class"]) for a in failed["attempts"]] == [(1, "failed", "transient")]
    assert failed["attempts"][0]["platform_code"] and failed["attempts"][0]["sent_at"] is None
    assert (failed["next_step"]["action"], failed["next_step"]["by"]) == ("retry", "client")
    (published,) = by_platform["facebook"]["attempts"]
    assert (published["status"], published["error_class"], published["platform_code"]) == ("published", None, None)
    assert published["started_at"] <= published["sent_at"] <= published["ended_at"]
    assert by_platform["facebook"]["next_step"] is None
    publisher.platforms.world.faults.clear()
    retry = {"content": {"text": "Hello from a test", "media": [PHOTO]}}
    again = publisher.client.request("publish", "POST", f"/v1/posts/{post['id']}/retry", body=retry).json
    tried = next(target for target in again["targets"] if target["platform"] == "instagram")["attempts"]
    assert [(a["attempt"], a["status"]) for a in tried] == [(1, "failed"), (2, "published")]
    assert tried[0]["target_id"] == failed["id"]
    assert publisher.read(post["id"])["targets"] == again["targets"]
    assert listed("posts")[0]["targets"] == again["targets"]


def test_an_unclear_outcome_names_the_next_look_and_the_last_one(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    publisher.platforms.fault(platform="facebook", path="feed", method="POST", drop=True)
    (target,) = publisher.publish("k", publisher.body("facebook")).json["targets"]
    step = target["next_step"]
    assert (target["status"], step["action"], step["by"]) == ("unknown", "look_for_post", "service")
    assert step["at"] == target["next_check_at"]
    sent = datetime.fromisoformat(target["attempts"][0]["sent_at"])
    assert datetime.fromisoformat(step["gives_up_at"]) == sent + timedelta(hours=6)
    let_pass(monkeypatch, minutes=1)
    publisher.advance(target["id"])
    (looked,) = publisher.read(publisher.client.request("publish", "GET", "/v1/posts").json["items"][0]["id"])["targets"]
    assert looked["attempts"][0]["checks"] == target["attempts"][0]["checks"] + 1


STEPS: list[tuple[dict[str, Any], tuple[str, str] | None]] = [
    ({"status": "processing", "next_check_at": NOW}, ("ask_platform", "service")),
    ({"status": "unknown", "next_check_at": None, "error_class": "transient"}, ("decide", "client")),
    ({"status": "failed", "error_class": "duplicate"}, None),
    ({"status": "failed", "error_class": "rate_limit", "retry_after_at": NOW}, ("retry", "client")),
    ({"status": "delivered_to_inbox", "accepted_id": "v_inbox_url~1"}, ("finish_in_app", "person")),
    ({"status": "delivered_to_inbox", "accepted_id": "v_inbox_url~2", "platform_post_id": "7"}, None),
    ({"status": "canceled"}, None),
]


@pytest.mark.parametrize(("state", "expected"), STEPS)
def test_B1_each_state_names_who_does_what_next(
    deployment: Store, state: dict[str, Any], expected: tuple[str, str] | None
) -> None:
    made = {"platform": "tiktok", "account_id": "a", "position": 0, "kind": "video", "deadline_at": clock.now()}
    post = "5d0b8a8e-6f5e-4c1e-9a53-0c0f7e6a1b2c"
    fly(insert("posts", USER, id=post, idempotency_key="k"), insert("post_targets", USER, post_id=post, **made, **state))
    (target,) = listed("posts")[0]["targets"]
    step = target["next_step"]
    assert (None if step is None else (step["action"], step["by"])) == expected
    if "retry_after_at" in state:
        assert datetime.fromisoformat(step["at"]) == NOW
