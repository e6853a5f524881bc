"""Every kind of TikTok post from every source, over HTTP: the simulated TikTok holds what was asked for, field by field."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import httpx
import pytest

from tests.api.conftest import Platforms
from tests.api.harness import Answer, Client
from tests.support.movies import image, movie

Json = dict[str, Any]
CDN, ELSEWHERE = "https://cdn.example.com", "https://media.example.org"
"""TikTok may fetch from the first of these hosts, which the operator has verified there. The other is anybody's."""
LONG_CLIP = "clip.mp4?bytes=25000000"
"""Two chunks, the second of them with the remainder."""
CLIP = movie()
UPLOADS = "open-upload.tiktokapis.com"

VIDEO_OPTIONS: Json = {
    "privacy_level": "PUBLIC_TO_EVERYONE", "consent": True, "disable_comment": False, "disable_duet": True,
    "disable_stitch": False, "brand_organic_toggle": True, "brand_content_toggle": True, "is_aigc": True,
    "cover_timestamp_ms": 1500,
}  # fmt: skip
VIDEO_INFO: Json = {
    "title": "Hello #world", "privacy_level": "PUBLIC_TO_EVERYONE", "disable_comment": False, "disable_duet": True,
    "disable_stitch": False, "brand_organic_toggle": True, "brand_content_toggle": True, "is_aigc": True,
    "video_cover_timestamp_ms": 1500,
}  # fmt: skip
PHOTO_OPTIONS: Json = {
    "privacy_level": "SELF_ONLY", "consent": True, "disable_comment": True, "brand_organic_toggle": True, "title": "Two doors",
    "auto_add_music": True,
}  # fmt: skip
PHOTO_INFO: Json = {
    "title": "Two doors", "description": "Hello #world", "privacy_level": "SELF_ONLY", "disable_comment": True,
    "brand_organic_toggle": True, "brand_content_toggle": False, "auto_add_music": True,
}  # fmt: skip


def clip(url: str) -> Json:
    return {"kind": "video", "url": url}


INLINE = {"kind": "video", "data": base64.b64encode(CLIP).decode(), "content_type": "video/mp4"}
VIDEOS: dict[str, tuple[Json, str]] = {
    "bytes": (INLINE, "file"),
    "a URL of any host": (clip(f"{ELSEWHERE}/{LONG_CLIP}"), "file"),
    "a short file of any host": (clip(f"{ELSEWHERE}/clip.mov"), "file"),
    "a verified URL": (clip(f"{CDN}/clip.mp4"), "url"),
    "a verified URL that redirects": (clip(f"{CDN}/redirect.mp4"), "file"),
}
"""Source → the media of the request, and how TikTok gets them."""
TEXT = "Hello #world"


class Poster:
    """A person with a TikTok account."""

    def __init__(self, platforms: Platforms) -> None:
        self.platforms, self.client = platforms, Client()
        self.simulator = platforms.world.simulators["tiktok"]
        self.simulator.actions["settings"]({"processing_s": 0})
        self.connection = platforms.connect(self.client, "tiktok")[0]["id"]

    def send(self, path: str, media: list[Json], options: Json, text: str = TEXT, key: str = "k") -> Answer:
        body = {
            "content": {"text": text, "media": media},
            "targets": [{"connection_id": self.connection, "options": {"tiktok": options}}],
        }
        headers = {} if path.endswith("check") else {"idempotency-key": key}
        return self.client.request("publish", "POST", path, body=body, headers=headers)

    def publish(self, media: list[Json], options: Json, text: str = TEXT, key: str = "k") -> Json:
        answer = self.send("/v1/posts", media, options, text, key)
        assert answer.status == 201, answer.text
        target: Json = answer.json["targets"][0]
        return target

    def problems(self, media: list[Json], options: Json, text: str = TEXT) -> list[Json]:
        answer = self.send("/v1/posts/check", media, options, text)
        assert answer.status == 200, answer.text
        return list(answer.json["targets"][0]["problems"])

    @property
    def publications(self) -> list[Json]:
        return list(self.simulator.state()["publications"])

    def file(self, item: Json) -> Json:
        """What TikTok knows of a file of the request that has arrived."""
        if "data" in item:
            data = base64.b64decode(item["data"])
        else:
            path = item["url"].removeprefix(CDN).removeprefix(ELSEWHERE).replace("redirect", "clip")
            data = httpx.get(f"{self.platforms.base}/_media{path}").content
        kinds = {b"qt  ": "video/quicktime", b"isom": "video/mp4"}
        content_type = kinds.get(data[8:12], "image/webp" if data[8:12] == b"WEBP" else "image/jpeg")
        return {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "content_type": content_type}

    def uploads(self) -> list[str]:
        """The parts of files that arrived, in order."""
        return [e.headers["content-range"] for e in self.platforms.world.journal if e.host == UPLOADS]


@pytest.fixture
def poster(platforms: Platforms) -> Poster:
    return Poster(platforms)


@pytest.mark.parametrize("source", VIDEOS)
def test_a_video_from_every_source_is_posted_as_it_was_asked_for(poster: Poster, source: str) -> None:
    item, way = VIDEOS[source]
    assert poster.problems([item], VIDEO_OPTIONS) == []
    target = poster.publish([item], VIDEO_OPTIONS)
    (post,) = poster.platforms.posts("tiktok")
    assert (target["status"], target["kind"], target["platform_post_id"]) == ("published", "video", post["id"])
    assert post["publish_id"].startswith(f"v_pub_{way}~")
    assert (post["status"], post["kind"], post["text"]) == ("PUBLISHED", "video", TEXT)
    assert (post["info"], post["files"], post["duration_s"]) == (VIDEO_INFO, [poster.file(item)], 5.0)
    assert post["media"] == ([item["url"]] if way == "url" else [])


@pytest.mark.parametrize("source", VIDEOS)
def test_a_video_from_every_source_is_delivered_to_the_inbox(poster: Poster, source: str) -> None:
    item, way = VIDEOS[source]
    assert poster.problems([item], {"mode": "inbox"}, text="") == []
    target = poster.publish([item], {"mode": "inbox"}, text="")
    (draft,) = poster.publications
    assert target["status"] == "delivered_to_inbox" and poster.platforms.posts("tiktok") == []
    assert (draft["status"], draft["direct"], draft["info"]) == ("SEND_TO_USER_INBOX", False, {})
    assert draft["publish_id"].startswith(f"v_inbox_{way}~") and draft["files"] == [poster.file(item)]


@pytest.mark.parametrize("names", [("photo.jpg",), ("photo.jpg", "tall.webp", "wide.jpg")], ids=["image", "images"])
@pytest.mark.parametrize("mode", ["direct", "inbox"])
def test_images_are_posted_as_they_were_asked_for(poster: Poster, names: tuple[str, ...], mode: str) -> None:
    media: list[Json] = [{"url": f"{CDN}/{name}?size=640x800"} for name in names]
    cover = len(media) - 1
    options: Json = {"mode": "inbox"} if mode == "inbox" else {**PHOTO_OPTIONS, "cover_index": cover}
    assert poster.problems(media, options) == []
    target = poster.publish(media, options)
    (made,) = poster.publications
    assert target["status"] == ("delivered_to_inbox" if mode == "inbox" else "published")
    assert (made["kind"], made["media"], made["direct"]) == ("photo", [item["url"] for item in media], mode == "direct")
    assert made["info"] == ({"description": TEXT} if mode == "inbox" else PHOTO_INFO)
    assert made["cover"] == (cover if mode == "direct" else 0)
    assert made["files"] == [poster.file(item) for item in media]


def test_a_long_video_is_sent_in_chunks_that_tiktok_counts(poster: Poster) -> None:
    poster.publish([VIDEOS["a URL of any host"][0]], VIDEO_OPTIONS)
    assert poster.uploads() == ["bytes 0-9999999/25000000", "bytes 10000000-24999999/25000000"]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("trouble", [{"drop": True}, {"status": 500}, {"preset": "upload_out_of_step"}])
def test_a_disturbed_chunk_costs_no_post_and_makes_no_second_one(poster: Poster, when: str, trouble: Json) -> None:
    item = VIDEOS["a URL of any host"][0]
    poster.platforms.fault(platform="tiktok", method="PUT", path=f"^{UPLOADS}", when=when, times=1, **trouble)
    assert poster.publish([item], VIDEO_OPTIONS)["status"] == "published"
    (post,) = poster.platforms.posts("tiktok")
    assert post["files"] == [poster.file(item)]
    assert poster.uploads()[-1] == "bytes 10000000-24999999/25000000"


def test_an_upload_whose_url_has_expired_fails_and_is_canceled(poster: Poster) -> None:
    poster.platforms.fault(platform="tiktok", method="PUT", path=f"^{UPLOADS}", preset="upload_expired", times=1)
    target = poster.publish([VIDEOS["a URL of any host"][0]], VIDEO_OPTIONS)
    assert (target["status"], target["error"]["error_class"], target["error"]["platform_code"]) == (
        "failed",
        "transient",
        "http_403",
    )
    assert [made["fail_reason"] for made in poster.publications] == ["publish_cancelled"]


@pytest.mark.parametrize(
    ("settings", "options", "code"),
    [
        ({"posts_a_day": 0}, VIDEO_OPTIONS, "spam_risk_too_many_posts"),
        ({"pending_drafts": 0}, {"mode": "inbox"}, "spam_risk_too_many_pending_share"),
    ],
)
def test_the_caps_of_a_day_are_told_with_the_time_after_which_it_may_be_tried(
    poster: Poster, settings: Json, options: Json, code: str
) -> None:
    poster.simulator.actions["settings"](settings)
    target = poster.publish([INLINE], options, "" if "mode" in options else TEXT)
    assert target["status"] == "failed"
    assert (target["error"]["error_class"], target["error"]["platform_code"]) == ("rate_limit", code)
    assert target["error"]["retry_after"] is not None and poster.uploads() == []


def test_what_the_creator_may_post_is_compared_with_what_was_measured(poster: Poster) -> None:
    poster.simulator.actions["user"]({"max_video_post_duration_sec": 3})
    for number, source in enumerate(VIDEOS):
        target = poster.publish([VIDEOS[source][0]], {**VIDEO_OPTIONS, "duration_s": 1}, key=f"k{number}")
        assert (target["status"], target["error"]["platform_code"]) == ("failed", "duration_check_failed"), source
    assert poster.publications == [] and poster.uploads() == []


def test_images_in_the_request_are_refused_with_advice_before_anything_is_sent(poster: Poster) -> None:
    item = {"data": base64.b64encode(image()).decode(), "content_type": "image/jpeg"}
    (problem,) = poster.problems([item], PHOTO_OPTIONS)
    assert (problem["field"], problem["code"], problem["severity"]) == ("content.media.0.url", "url_required", "error")
    assert "public https URL" in problem["message"]
    assert poster.send("/v1/posts", [item], PHOTO_OPTIONS).status == 422 and poster.publications == []
