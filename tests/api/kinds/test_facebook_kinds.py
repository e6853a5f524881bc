"""Every kind of post on a Facebook Page over HTTP, by URL and by bytes: what the platform has is what was asked for."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from noillusion.core import clock
from noillusion.publishing import execute
from tests.api.conftest import Platforms
from tests.api.harness import Answer, Client, Context, load

Json = dict[str, Any]
TYPES: Mapping[str, tuple[str, str]] = {
    "jpg": ("image", "image/jpeg"),
    "png": ("image", "image/png"),
    "mp4": ("video", "video/mp4"),
}


@dataclass(frozen=True)
class Case:
    """One kind of post: its files with what is said of each, and what it has besides."""

    kind: str
    files: tuple[str, ...]
    told: Mapping[str, str] = field(default_factory=dict)
    text: str = "Fresh from the oven"
    options: Mapping[str, Any] = field(default_factory=dict)
    comment: str | None = "Open until six"
    stored: Mapping[str, Any] = field(default_factory=dict)
    """What the platform has that is not the same for every kind."""


CASES: dict[str, Case] = {
    "image": Case("image", ("photo.jpg",), {"alt_text": "A loaf"}, stored={"alt_text": ["A loaf"]}),
    "images": Case("images", ("wide.jpg", "tall.jpg", "picture.png"), {"alt_text": "Bread"}, stored={"alt_text": ["Bread"] * 3}),
    "video": Case(
        "video",
        ("clip.mp4",),
        {"title": "Baking"},
        options={"is_ai_generated": True},
        stored={"title": "Baking", "is_ai_generated": True},
    ),
    "reel": Case(
        "reel",
        ("clip.mp4",),
        {"title": "Baking"},
        options={"is_ai_generated": True},
        stored={"title": "Baking", "is_ai_generated": True},
    ),
    "photo story": Case("story", ("tall.jpg",), text="", comment=None),
    "video story": Case(
        "story", ("clip.mp4",), text="", comment=None, options={"is_ai_generated": True}, stored={"is_ai_generated": True}
    ),
}
KIND_OF_POST: Mapping[str, str] = {"reel": "reel", "story": "story"}


class Page:
    """A connected Page, and posts on it."""

    def __init__(self, platforms: Platforms) -> None:
        self.platforms, self.client = platforms, Client()
        platforms.world.simulators["facebook"].actions["settings"]({"processing_s": 0, "chunk_bytes": 10_000})
        self.connection = platforms.connect(self.client, "facebook")[0]["id"]

    def file(self, name: str) -> bytes:
        return httpx.get(f"{self.platforms.base}/_media/{name}").content

    def item(self, name: str, source: str, **told: Any) -> Json:
        kind, content_type = TYPES[name.rpartition(".")[2]]
        if source == "url":
            return {"kind": kind, "url": f"https://cdn.example.com/{name}", **told}
        return {"kind": kind, "data": base64.b64encode(self.file(name)).decode(), "content_type": content_type, **told}

    def body(self, case: Case, source: str) -> Json:
        content: Json = {"text": case.text, "media": [self.item(name, source, **case.told) for name in case.files]}
        if case.comment:
            content["first_comment"] = case.comment
        target: Json = {"connection_id": self.connection, "kind": case.kind}
        if case.options:
            target["options"] = {"facebook": dict(case.options)}
        return {"content": content, "targets": [target]}

    def publish(self, case: Case, source: str, key: str = "k1") -> Answer:
        return self.client.request("publish", "POST", "/v1/posts", body=self.body(case, source), headers={"idempotency-key": key})

    def advance(self, target: Json) -> Json:
        """What the queue does with the message of a target, and the target after it."""
        message = {"messageId": "m1", "body": json.dumps({"user_id": self.client.sub, "target_id": target["id"]})}
        assert load("publish").handler({"Records": [message]}, Context(60)) == {"batchItemFailures": []}
        posts = self.client.request("publish", "GET", "/v1/posts").json["items"]
        (found,) = [one for post in posts for one in post["targets"] if one["id"] == target["id"]]
        return dict(found)

    def digest(self, name: str) -> Json:
        data = self.file(name)
        kind = "photo" if TYPES[name.rpartition(".")[2]][0] == "image" else "video"
        return {"type": kind, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


@pytest.fixture
def page(platforms: Platforms) -> Page:
    return Page(platforms)


@pytest.mark.parametrize("source", ["url", "bytes"])
@pytest.mark.parametrize("name", CASES)
def test_facebook_has_every_field_of_a_post_as_it_was_asked_for(page: Page, name: str, source: str) -> None:
    case = CASES[name]
    checked = page.client.request("publish", "POST", "/v1/posts/check", body=page.body(case, source))
    assert checked.json["ok"] and checked.json["targets"][0]["problems"] == [], checked.text
    answer = page.publish(case, source)
    assert answer.status == 201, answer.text
    (target,), (post,) = answer.json["targets"], page.platforms.posts("facebook")
    assert (target["status"], target["kind"], target["platform_post_id"]) == ("published", case.kind, post["id"])
    assert target["first_comment"] == ("posted" if case.comment else None)
    assert target["permalink"].startswith("https://www.facebook.com/")
    urls = [f"https://cdn.example.com/{file}" if source == "url" else None for file in case.files]
    files = [{name: file[name] for name in ("type", "size", "sha256")} for file in post["files"]]
    assert files == [page.digest(file) for file in case.files]
    expected = {
        "kind": KIND_OF_POST.get(case.kind, "post"),
        "text": case.text,
        "link": None,
        "media": urls,
        "alt_text": [None] * len(case.files),
        "title": "",
        "is_ai_generated": False,
        "thumbnail": None,
        "status": "published",
        "comments": [case.comment] if case.comment else [],
    }
    assert {name: post[name] for name in expected} == {**expected, **case.stored}


@pytest.mark.parametrize("name", CASES)
def test_every_kind_can_be_deleted(page: Page, name: str) -> None:
    post_id = page.publish(CASES[name], "url").json["id"]
    removed = page.client.request("publish", "DELETE", f"/v1/posts/{post_id}").json
    assert [target["deleted"] for target in removed["targets"]] == [True], removed
    assert page.platforms.posts("facebook") == []


def test_a_comment_that_was_refused_leaves_the_post_published(page: Page) -> None:
    page.platforms.fault(platform="facebook", path="/comments$", preset="policy_block")
    (target,) = page.publish(CASES["image"], "url").json["targets"]
    assert (target["status"], target["first_comment"]) == ("published", "failed")
    page.platforms.fault(platform="facebook", path="/comments$", when="after", drop=True)
    (target,) = page.publish(CASES["images"], "url", "k2").json["targets"]
    assert (target["status"], target["first_comment"]) == ("published", "unknown")
    assert [post["comments"] for post in page.platforms.posts("facebook")] == [[], ["Open until six"]]
    assert page.platforms.requests("facebook", "/comments") == 2


def test_without_its_permission_a_comment_is_refused_before_anything_is_sent(platforms: Platforms) -> None:
    facebook = platforms.world.simulators["facebook"]
    facebook.actions["consent"]({"declined_scopes": ["pages_manage_engagement"]})
    page = Page(platforms)
    answer = page.publish(CASES["image"], "url")
    assert answer.status == 422
    assert [(error["field"], error["code"]) for error in answer.json["errors"]] == [("content.first_comment", "scope_missing")]
    assert platforms.posts("facebook") == []


def test_E6_a_thumbnail_arrives_with_its_video_and_never_in_its_place(page: Page) -> None:
    body = page.body(CASES["video"], "url")
    body["content"]["media"][0]["thumbnail"] = {
        "data": base64.b64encode(page.file("photo.jpg")).decode(),
        "content_type": "image/jpeg",
    }
    answer = page.client.request("publish", "POST", "/v1/posts", body=body, headers={"idempotency-key": "k1"})
    assert answer.json["targets"][0]["status"] == "published", answer.text
    (post,) = page.platforms.posts("facebook")
    assert post["thumbnail"] == {name: page.digest("photo.jpg")[name] for name in ("size", "sha256")}


@pytest.fixture
def later(page: Page, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let seconds pass for the product and for Facebook, which takes a minute for a video; requests do not wait for it."""
    page.platforms.world.simulators["facebook"].actions["settings"]({"processing_s": 60})
    monkeypatch.setattr(execute, "PATIENCE_S", 0.1)
    passed = 0.0

    def go(seconds: float) -> None:
        nonlocal passed
        passed += seconds
        page.platforms.world.clock.offset = passed
        monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(seconds=passed))
        page.platforms.database.execute("UPDATE post_targets SET lease_until = NULL WHERE next_check_at IS NOT NULL")

    return go


@pytest.mark.parametrize("name", ["video", "reel", "video story"])
@pytest.mark.parametrize("source", ["url", "bytes"])
def test_what_facebook_still_processes_is_published_once_it_is_public(
    page: Page, later: Callable[[float], None], name: str, source: str
) -> None:
    answer = page.publish(CASES[name], source)
    assert answer.status == 202, answer.text
    target = answer.json["targets"][0]
    assert target["status"] == "processing" and page.advance(target)["status"] == "processing"
    for _ in range(6):
        assert target["first_comment"] == ("not_sent" if CASES[name].comment else None)
        later(25)
        target = page.advance(target)
        if target["status"] != "processing":
            break
    assert target["status"] == "published"
    (post,) = page.platforms.posts("facebook")
    assert (post["status"], post["id"], post["comments"]) == ("published", target["platform_post_id"], [])
    assert post["is_ai_generated"] is bool(CASES[name].options)
    edges = {"video": "videos", "reel": "video_reels", "video story": "video_stories"}
    finished = [e for e in page.platforms.world.journal if edges[name] in e.path and "finish" in e.body]
    assert len(finished) == (0 if name == "video" and source == "url" else 1)


@pytest.mark.parametrize("name", ["video", "reel"])
def test_a_video_that_facebook_gives_up_is_failed_with_the_reason(page: Page, later: Callable[[float], None], name: str) -> None:
    target = page.publish(CASES[name], "bytes").json["targets"][0]
    assert target["status"] == "processing"
    errors = [{"code": 1363128, "message": "never shown"}]
    status = {"video_status": "error", "processing_phase": {"status": "error", "errors": errors}}
    page.platforms.fault(platform="facebook", method="GET", path=r"/v26\.0/\d+$", status=200, body={"status": status})
    later(10)
    target = page.advance(target)
    assert (target["status"], target["error"]["error_class"], target["error"]["platform_code"]) == (
        "failed",
        "invalid_content",
        "1363128",
    )


@pytest.mark.parametrize("source", ["url", "bytes"])
@pytest.mark.parametrize("name", ["video", "reel", "video story"])
def test_an_upload_without_an_answer_makes_one_post(page: Page, name: str, source: str) -> None:
    page.platforms.fault(platform="facebook", path=r"rupload|/videos$", contains="video_file_chunk", when="after", drop=True)
    page.platforms.fault(platform="facebook", path="rupload", when="after", drop=True)
    (target,) = page.publish(CASES[name], source).json["targets"]
    (post,) = page.platforms.posts("facebook")
    assert (target["status"], target["platform_post_id"]) == ("published", post["id"])
    assert post["files"][0]["sha256"] == page.digest("clip.mp4")["sha256"]
