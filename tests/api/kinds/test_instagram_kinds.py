"""Every kind of post on Instagram over HTTP, by both logins: what the platform has is what was asked for.

It takes URLs only, and of accounts that are linked to Pages the bytes of videos.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from tests.api.conftest import Platforms
from tests.api.harness import Answer, Client, Context, load

Json = dict[str, Any]
TYPES: Mapping[str, tuple[str, str]] = {"jpg": ("image", "image/jpeg"), "mp4": ("video", "video/mp4")}
CDN = "https://cdn.example.com"


@dataclass(frozen=True)
class Case:
    """One kind of post: its files with what is said of each, what it has besides, and what Instagram has in the end."""

    kind: str
    files: tuple[str, ...]
    told: Sequence[Mapping[str, Any]] = ({},)
    text: str = "Fresh from the oven"
    comment: str | None = "Open until six"
    options: Mapping[str, Any] = field(default_factory=dict)
    product: str = ""
    sent: Mapping[str, Any] = field(default_factory=dict)
    """Options as Instagram has them."""
    alt_text: tuple[str | None, ...] = (None,)
    cover: str | None = None


TAGGED = {"collaborators": ["ann", "bob"], "location_id": "7640348500", "is_ai_generated": True}
STORED = {"collaborators": '["ann", "bob"]', "location_id": "7640348500", "is_ai_generated": "true"}
CASES: Mapping[str, Case] = {
    "image": Case(
        "image", ("photo.jpg",), [{"alt_text": "A loaf"}], options=TAGGED, product="FEED/IMAGE", sent=STORED, alt_text=("A loaf",)
    ),
    "carousel": Case(
        "images",
        ("tall.jpg", "clip.mp4", "wide.jpg"),
        [{"alt_text": "A loaf"}, {}, {"alt_text": "A shop"}],
        options=TAGGED,
        product="FEED/CAROUSEL_ALBUM",
        sent=STORED,
        alt_text=("A loaf", None, "A shop"),
    ),
    "ten images": Case(
        "images",
        tuple(f"photo-{n}.jpg" for n in range(10)),
        [{}] * 10,
        comment=None,
        product="FEED/CAROUSEL_ALBUM",
        alt_text=(None,) * 10,
    ),
    "reel": Case(
        "reel",
        ("clip.mp4",),
        [{"thumbnail": {"url": f"{CDN}/cover.jpg"}}],
        options={**TAGGED, "share_to_feed": False, "audio_name": "Bells", "trial": "MANUAL"},
        product="REELS/VIDEO",
        sent={
            **STORED,
            "share_to_feed": "false",
            "audio_name": "Bells",
            "trial_params": '{"graduation_strategy": "MANUAL"}',
            "cover_url": f"{CDN}/cover.jpg",
        },
        cover="cover.jpg",
    ),
    "reel with a frame as cover": Case(
        "reel", ("clip.mp4",), options={"thumb_offset_ms": 1500}, product="REELS/VIDEO", sent={"thumb_offset": "1500"}
    ),
    "story of an image": Case("story", ("photo.jpg",), text="", comment=None, product="STORY/IMAGE"),
    "story of a video": Case(
        "story",
        ("clip.mp4",),
        text="",
        comment=None,
        options={"is_ai_generated": True},
        product="STORY/VIDEO",
        sent={"is_ai_generated": "true"},
    ),
}


HOSTS: Mapping[str, str] = {"instagram": "instagram", "facebook": "facebook"}
"""Login → the simulator whose hosts its calls reach."""


class Profile:
    """An account that was connected by a login, and posts on it."""

    def __init__(self, platforms: Platforms, login: str = "instagram", **settings: float) -> None:
        self.platforms, self.client, self.login = platforms, Client(), login
        self.settings(processing_s=0, image_processing_s=0, **settings)
        self.connection = platforms.connect(self.client, "instagram", registration=login)[0]["id"]

    def requests(self, path: str) -> int:
        """How many requests of the account arrived."""
        return self.platforms.requests(HOSTS[self.login], path)

    def settings(self, **settings: float) -> None:
        self.platforms.world.simulators["instagram"].actions["settings"](settings)

    def file(self, name: str) -> bytes:
        return httpx.get(f"{self.platforms.base}/_media/{name}").content

    def digest(self, name: str) -> Json:
        data = self.file(name)
        return {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}

    def item(self, name: str, source: str, **told: Any) -> Json:
        kind, content_type = TYPES[name.rpartition(".")[2]]
        if source == "url":
            return {"kind": kind, "url": f"{CDN}/{name}", **told}
        return {"kind": kind, "data": base64.b64encode(self.file(name)).decode(), "content_type": content_type, **told}

    def body(self, case: Case, source: str = "url", kind: str | None = "") -> Json:
        files = zip(case.files, case.told, strict=True)
        content: Json = {"text": case.text, "media": [self.item(name, source, **told) for name, told in files]}
        if case.comment:
            content["first_comment"] = case.comment
        target: Json = {"connection_id": self.connection, "kind": case.kind if kind == "" else kind}
        if case.options:
            target["options"] = {"instagram": dict(case.options)}
        return {"content": content, "targets": [target]}

    def publish(self, body: Json, key: str = "k1", seconds: float = 29) -> Answer:
        client = Client(seconds=seconds)
        return client.request("publish", "POST", "/v1/posts", body=body, headers={"idempotency-key": key})

    def check(self, body: Json) -> list[tuple[str, str]]:
        answer = self.client.request("publish", "POST", "/v1/posts/check", body=body)
        return [(problem["field"], problem["code"]) for problem in answer.json["targets"][0]["problems"]]

    def advance(self, target_id: str) -> None:
        """What the queue does once the target is due."""
        self.platforms.database.execute("UPDATE post_targets SET lease_until = NULL WHERE next_check_at IS NOT NULL")
        message = json.dumps({"user_id": self.client.sub, "target_id": target_id})
        record = {"messageId": "m1", "body": message}
        assert load("publish").handler({"Records": [record]}, Context(60)) == {"batchItemFailures": []}

    def target(self, post_id: str) -> Json:
        return dict(self.client.request("publish", "GET", f"/v1/posts/{post_id}").json["targets"][0])


@pytest.fixture
def profile(platforms: Platforms) -> Profile:
    return Profile(platforms)


SENT = {("reel", "mp4"), ("story", "mp4")}
"""Kinds and files whose bytes are taken of accounts that are linked to Pages."""


@pytest.mark.parametrize("source", ["url", "bytes"])
@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("login", HOSTS)
def test_instagram_has_every_field_of_a_post_as_it_was_asked_for(linked: Platforms, name: str, source: str, login: str) -> None:
    case, profile = CASES[name], Profile(linked, login)
    body, sent = profile.body(case, source), source == "bytes"
    needed = [
        (f"content.media.{at}.url", "url_required")
        for at, file in enumerate(case.files)
        if sent and not (login == "facebook" and (case.kind, file[-3:]) in SENT)
    ]
    assert profile.check(body) == needed
    answer = profile.publish(body)
    if needed:
        assert [(error["field"], error["code"]) for error in answer.json["errors"]] == needed and answer.status == 422
        assert profile.requests("/media") == 0
        return
    assert answer.status == 201, answer.text
    (target,), (post,) = answer.json["targets"], profile.platforms.posts("instagram")
    assert (target["status"], target["kind"], target["platform_post_id"]) == ("published", case.kind, post["id"])
    assert (target["permalink"], target["first_comment"]) == (post["permalink"], "posted" if case.comment else None)
    expected = {
        "kind": case.product,
        "text": case.text,
        "media": [None if sent else f"{CDN}/{file}" for file in case.files],
        "files": [profile.digest(file) for file in case.files],
        "cover": profile.digest(case.cover) if case.cover else None,
        "alt_text": list(case.alt_text),
        "comments": [case.comment] if case.comment else [],
        "options": dict(case.sent),
    }
    assert {field: post[field] for field in expected} == expected
    others = set(HOSTS.values()) - {HOSTS[login]}
    assert [entry.path for entry in linked.world.journal if entry.platform in others and entry.method == "POST"] == []


def test_a_cover_is_taken_by_url_only(profile: Profile) -> None:
    data = {"data": base64.b64encode(profile.file("cover.jpg")).decode(), "content_type": "image/jpeg"}
    body = profile.body(Case("reel", ("clip.mp4",), [{"thumbnail": data}]))
    assert profile.check(body) == [("content.media.0.thumbnail.url", "url_required")]


def test_a_single_video_is_a_reel_unless_another_kind_is_asked_for(profile: Profile) -> None:
    case = CASES["reel with a frame as cover"]
    assert profile.check(profile.body(case, kind="video")) == [("targets.0.kind", "not_supported")]
    answer = profile.publish(profile.body(case, kind=None))
    assert [target["kind"] for target in answer.json["targets"]] == ["reel"]
    assert [post["kind"] for post in profile.platforms.posts("instagram")] == ["REELS/VIDEO"]


def test_a_comment_that_was_refused_or_lost_leaves_the_post_published(profile: Profile) -> None:
    states = []
    faults: Mapping[str, Json] = {"k1": {"preset": "permission_denied"}, "k2": {"when": "after", "drop": True}}
    for key, fault in faults.items():
        profile.platforms.fault(platform="instagram", path="/comments$", **fault)
        (target,) = profile.publish(profile.body(CASES["image"]), key).json["targets"]
        states.append((target["status"], target["first_comment"]))
    assert states == [("published", "failed"), ("published", "unknown")]
    assert [post["comments"] for post in profile.platforms.posts("instagram")] == [[], ["Open until six"]]
    assert profile.platforms.requests("instagram", "/comments") == 2


def test_without_its_scope_a_comment_is_refused_before_anything_is_sent(platforms: Platforms) -> None:
    declined = {"declined_scopes": ["instagram_business_manage_comments"]}
    platforms.world.simulators["instagram"].actions["consent"](declined)
    profile = Profile(platforms)
    assert ("targets.0.connection_id", "scope_missing") in profile.check(profile.body(CASES["image"]))
    assert profile.publish(profile.body(CASES["image"])).status == 422
    assert profile.platforms.requests("instagram", "/media") == 0


def test_a_reel_that_outlasts_its_request_is_finished_from_its_container_without_the_comment(profile: Profile) -> None:
    profile.settings(processing_s=3_600)
    answer = profile.publish(profile.body(CASES["reel"]), seconds=6)
    (target,) = answer.json["targets"]
    assert (answer.status, target["status"], target["first_comment"]) == (202, "processing", "not_sent")
    profile.platforms.world.clock.offset += 3_601
    profile.advance(target["id"])
    (post,) = profile.platforms.posts("instagram")
    target = profile.target(answer.json["id"])
    assert (target["status"], target["platform_post_id"], target["first_comment"]) == ("published", post["id"], "not_sent")
    assert profile.platforms.requests("instagram", "/media_publish") == 1 and post["comments"] == []


def test_a_carousel_whose_members_outlast_the_request_fails_unpublished_and_can_be_retried(
    profile: Profile,
) -> None:
    profile.settings(processing_s=3_600)
    answer = profile.publish(profile.body(CASES["carousel"]), seconds=9)
    (target,) = answer.json["targets"]
    assert (target["status"], target["error"]["platform_code"], target["error"]["retryable"]) == (
        "failed",
        "not_ready_in_time",
        True,
    )
    assert profile.platforms.requests("instagram", "/media_publish") == 0
    profile.settings(processing_s=0)
    body = {"content": profile.body(CASES["carousel"])["content"], "options": {"instagram": dict(CASES["carousel"].options)}}
    again = profile.client.request("publish", "POST", f"/v1/posts/{answer.json['id']}/retry", body=body)
    assert again.json["status"] == "published", again.text
    assert [post["kind"] for post in profile.platforms.posts("instagram")] == ["FEED/CAROUSEL_ALBUM"]


def test_a_failure_says_what_instagrams_number_means(profile: Profile) -> None:
    profile.platforms.world.simulators["instagram"].actions["fail_containers"]({"error": 2207009})
    (target,) = profile.publish(profile.body(CASES["story of an image"])).json["targets"]
    assert (target["status"], target["error"]["platform_code"]) == ("failed", "2207009")
    assert "aspect ratio" in target["error"]["message"] and "retry" in target["error"]["message"]


def test_a_story_that_is_tried_again_stays_a_story(profile: Profile) -> None:
    profile.platforms.world.simulators["instagram"].actions["fail_containers"]({"error": 2207082})
    answer = profile.publish(profile.body(CASES["story of an image"]))
    assert answer.json["targets"][0]["status"] == "failed"
    content = profile.body(CASES["story of an image"])["content"]
    again = profile.client.request("publish", "POST", f"/v1/posts/{answer.json['id']}/retry", body={"content": content})
    assert [(target["kind"], target["status"]) for target in again.json["targets"]] == [("story", "published")]
    assert [post["kind"] for post in profile.platforms.posts("instagram")] == ["STORY/IMAGE"]


def test_figures_of_every_kind_are_read(profile: Profile) -> None:
    for name in ("image", "carousel", "reel", "story of a video"):
        assert profile.publish(profile.body(CASES[name]), name).status == 201
    profile.platforms.world.clock.offset += 6 * 3600
    ids = [str(row[0]) for row in profile.platforms.database.fetch("SELECT id FROM post_targets")]
    message = {"user_id": profile.client.sub, "connection_id": profile.connection, "target_ids": ids}
    records = {"Records": [{"messageId": "m1", "body": json.dumps(message)}]}
    assert load("analytics_poll").handler(records, Context(60)) == {"batchItemFailures": []}
    query = "SELECT t.kind, a.status, a.views, a.likes FROM post_analytics a JOIN post_targets t ON t.id = a.target_id"
    rows = {kind: (status, views) for kind, status, views, _ in profile.platforms.database.fetch(query)}
    assert set(rows) == {"image", "images", "reel", "story"}
    assert all(status != "unavailable" and views > 0 for status, views in rows.values()), rows
