"""Every kind of post on a Facebook Page over HTTP, by URL and by bytes: what the platform has is what was asked for."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from tests.api.conftest import Platforms
from tests.api.harness import Answer, Client

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


CASES: Mapping[str, Case] = {
    "image": Case("image", ("photo.jpg",), {"alt_text": "A loaf"}, stored={"alt_text": ["A loaf"]}),
    "images": Case("images", ("wide.jpg", "tall.jpg", "picture.png"), {"alt_text": "Bread"}, stored={"alt_text": ["Bread"] * 3}),
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
