"""Media are judged by their bytes: those behind a URL over real HTTP, and those in the request (rows E1, E2, E7)."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from noillusion.settings import source as settings
from tests.api.conftest import Platforms
from tests.api.test_publishing import Publisher
from tests.support.movies import image, movie, turned
from tests.support.sources import File, Files, files

WIDE = image("JPEG", (1200, 628))


@pytest.fixture
def served(platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> Iterator[Files]:
    """A server of files in the place of https://files.example, beside the platforms."""
    with files() as found:
        monkeypatch.setenv("ENDPOINTS", json.dumps({**settings.settings().endpoints, "files.example": found.base}))
        settings.settings.forget()
        yield found


@pytest.fixture
def publisher(served: Files, platforms: Platforms) -> Publisher:
    return Publisher(platforms)


def check(publisher: Publisher, platform: str, *media: dict[str, Any]) -> dict[str, Any]:
    """What a check says of a post with these media."""
    body = publisher.body(platform, media=list(media))
    answer = publisher.client.request("publish", "POST", "/v1/posts/check", body=body)
    assert answer.status == 200, answer.text
    return dict(answer.json["targets"][0])


def told(target: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(p["field"], p["code"], p["severity"]) for p in target["problems"]]


URL, DATA, TYPE = (f"content.media.0.{name}" for name in ("url", "data", "content_type"))
PADDED = bytes(9_000_000)
FAULTS = [
    ("instagram", image("PNG", (1080, 1080)), "wrong_type"),
    ("instagram", image("WEBP", (1080, 1080)), "wrong_type"),
    ("instagram", WIDE + PADDED, "too_large"),
    ("instagram", image("JPEG", (1080, 1080), "CMYK"), "color_space"),
    ("instagram", image("JPEG", (1000, 1400)), "ratio_out_of_range"),
    ("instagram", turned(6, size=(1000, 700)), "ratio_out_of_range"),
    ("linkedin", image("WEBP", (100, 100)), "wrong_type"),
    ("linkedin", image("AVIF", (100, 100)), "wrong_type"),
    ("linkedin", image("BMP", (100, 100)), "wrong_type"),
    ("tiktok", image("PNG", (100, 100)), "wrong_type"),
    ("tiktok", image("GIF", (100, 100)), "wrong_type"),
    ("tiktok", image("JPEG", (1500, 1500)), "side_out_of_range"),
    ("facebook", image("WEBP", (100, 100)), "wrong_type"),
    *((platform, b"", "empty") for platform in ("facebook", "instagram", "linkedin", "tiktok")),
    *((platform, b"<!doctype html><p>Log in</p>", "wrong_type") for platform in ("facebook", "instagram", "linkedin", "tiktok")),
]


@pytest.mark.parametrize("ranges", ["yes", "ignored"])
def test_E1_what_a_platform_would_refuse_is_named_before_anything_is_sent(
    publisher: Publisher, served: Files, ranges: Any
) -> None:
    """The server says of everything that it is a JPEG."""
    for at, (platform, data, code) in enumerate(FAULTS):
        served.files[f"/{at}"] = File(data, ranges=ranges)
        target = check(publisher, platform, {"url": f"https://files.example/{at}"})
        assert [found for found in told(target) if found[2] == "error"] == [(URL, code, "error")], (platform, code, target)
        assert target["ok"] is False
    assert all(publisher.platforms.posts(name) == [] for name in publisher.connections)


def test_E1_a_redirect_is_an_error_where_the_platform_does_not_follow_it(publisher: Publisher, served: Files) -> None:
    served.files |= {"/short": File(b"", redirect="/photo.jpg"), "/photo.jpg": File(image())}
    redirected = [(URL, "redirected", "error")]
    for platform, problems in {"facebook": [], "linkedin": [], "instagram": redirected, "tiktok": redirected}.items():
        assert told(check(publisher, platform, {"url": "https://files.example/short"})) == problems


def test_E1_problems_are_told_for_each_target_and_item_with_figures(publisher: Publisher, served: Files) -> None:
    images = {"/a": image(), "/b": image("PNG", (10, 10)), "/c": image(size=(3000, 3000))}
    served.files |= {path: File(data) for path, data in images.items()}
    target = check(publisher, "tiktok", *({"url": f"https://files.example/{name}"} for name in "abc"))
    assert [problem for problem in target["problems"] if ".media." in problem["field"]] == [
        {
            "field": "content.media.1.url",
            "code": "wrong_type",
            "message": "TikTok accepts images as JPEG, WebP; the format of this file is PNG. Convert it, or use another file.",
            "severity": "error",
            "params": {"allowed": ["image/jpeg", "image/webp"]},
        },
        {
            "field": "content.media.2.url",
            "code": "side_out_of_range",
            "message": "TikTok accepts images with a shorter side of at most 1,080 pixels; this one has 3,000 pixels. Resize it.",
            "severity": "error",
            "params": {"limit": 1080, "actual": 3000, "unit": "pixels"},
        },
        {
            "field": "content.media.2.url",
            "code": "side_out_of_range",
            "message": "TikTok accepts images with a longer side of at most 1,920 pixels; this one has 3,000 pixels. Resize it.",
            "severity": "error",
            "params": {"limit": 1920, "actual": 3000, "unit": "pixels"},
        },
    ]


CLIPS = [
    (movie(), []),
    (movie(moov_first=False, data=400_000), []),
    (movie(codec=b"apch"), ["video_codec"]),
    (movie(seconds=601), ["duration_out_of_range"]),
    (movie(rate=120), ["frame_rate_out_of_range"]),
    (movie(320, 240), ["width_out_of_range", "height_out_of_range"]),
    (movie(brand=b"qt  "), []),
    (image(), ["wrong_type"]),
]


def test_E7_videos_are_judged_by_their_index_wherever_it_is(publisher: Publisher, served: Files) -> None:
    for at, (data, codes) in enumerate(CLIPS):
        served.files[f"/{at}.mp4"] = File(data, "video/mp4")
        target = check(publisher, "tiktok", {"kind": "video", "url": f"https://files.example/{at}.mp4"})
        assert [code for field, code, _ in told(target) if field == URL] == codes


def test_E1_files_beside_a_video_and_on_the_card_of_a_link_are_looked_at_too(publisher: Publisher, served: Files) -> None:
    served.files |= {
        "/film.mp4": File(movie(data=100_000), "video/mp4"),
        "/page": File(b"<!doctype html><p>Log in</p>"),
        "/photo": File(WIDE),
        "/words.srt": File(b"1\n00:00:01,000 --> 00:00:02,000\nHello\n", "application/x-subrip"),
    }
    webp = {"data": base64.b64encode(image("WEBP", (100, 100))).decode(), "content_type": "image/jpeg"}

    def at(name: str) -> dict[str, str]:
        return {"url": f"https://files.example/{name}"}

    film = {"kind": "video", **at("film.mp4"), "title": "A film"}
    sound = {**film, "thumbnail": at("photo"), "captions": at("words.srt")}
    assert told(check(publisher, "linkedin", sound)) == []
    broken = {**film, "thumbnail": at("page"), "captions": at("nowhere.srt")}
    assert told(check(publisher, "linkedin", broken)) == [
        ("content.media.0.thumbnail.url", "wrong_type", "error"),
        ("content.media.0.captions.url", "http_status", "error"),
    ]
    assert told(check(publisher, "linkedin", {**film, "thumbnail": webp})) == [
        ("content.media.0.thumbnail.data", "wrong_type", "error")
    ]
    body = publisher.body("linkedin", link={"url": "https://example.com/", "title": "A page", "thumbnail": at("page")})
    answer = publisher.client.request("publish", "POST", "/v1/posts/check", body=body)
    assert told(answer.json["targets"][0]) == [("content.link.thumbnail.url", "wrong_type", "error")]


def test_E2_the_header_of_a_source_does_not_decide(publisher: Publisher, served: Files) -> None:
    for claimed in ("application/binary", "application/force-download", "text/plain", "video/mp4", "image/png", None):
        served.files["/photo"] = File(WIDE, claimed)
        assert told(check(publisher, "linkedin", {"url": "https://files.example/photo"})) == [], claimed


def test_E2_what_we_upload_is_of_the_type_that_its_bytes_say(publisher: Publisher, served: Files) -> None:
    served.files["/photo"] = File(WIDE, "application/force-download")
    body = publisher.body("linkedin", media=[{"url": "https://files.example/photo"}])
    answer = publisher.publish("k", body)
    assert publisher.statuses(answer) == {"linkedin": "published"}, answer.text
    uploads = [entry for entry in publisher.platforms.world.journal if entry.method == "PUT"]
    assert [entry.headers["content-type"] for entry in uploads] == ["image/jpeg"]


def inline(data: bytes, content_type: str) -> dict[str, str]:
    return {"data": base64.b64encode(data).decode(), "content_type": content_type}


@pytest.mark.parametrize(
    ("platform", "data", "declared", "problems"),
    [
        ("linkedin", WIDE, "image/jpeg", []),
        ("linkedin", WIDE, "image/png", [(DATA, "wrong_type", "error")]),
        ("linkedin", image("WEBP"), "image/jpeg", [(DATA, "wrong_type", "error")]),
        ("linkedin", image("WEBP"), "image/webp", [(TYPE, "not_supported", "error"), (DATA, "wrong_type", "error")]),
        ("facebook", image("BMP", (20, 20)), "image/x-ms-bmp", [(TYPE, "not_supported", "error")]),
        ("facebook", image("BMP", (20, 20)), "image/bmp", []),
        ("facebook", b"<html>", "image/jpeg", [(DATA, "wrong_type", "error")]),
    ],
)
def test_E1_bytes_in_the_request_are_judged_like_those_behind_a_url(
    publisher: Publisher, served: Files, platform: str, data: bytes, declared: str, problems: list[tuple[str, str, str]]
) -> None:
    assert told(check(publisher, platform, inline(data, declared))) == problems
    assert served.asked == []


def test_a_declared_type_that_is_not_the_content_of_the_url_is_a_warning(publisher: Publisher, served: Files) -> None:
    served.files["/photo"] = File(WIDE)
    target = check(publisher, "linkedin", {"url": "https://files.example/photo", "content_type": "image/png"})
    assert (told(target), target["ok"]) == ([("content.media.0.content_type", "wrong_type", "warning")], True)


def test_a_publication_with_such_a_file_is_refused_with_the_same_errors(publisher: Publisher, served: Files) -> None:
    served.files["/photo"] = File(image("PNG", (1080, 1080)))
    answer = publisher.publish("k", publisher.body("instagram", media=[{"url": "https://files.example/photo"}]))
    assert answer.status == 422, answer.text
    (error,) = answer.json["errors"]
    assert (error["field"], error["code"], error["platform"]) == (URL, "wrong_type", "instagram")
    assert error["params"] == {"allowed": ["image/jpeg"]} and "files.example" not in answer.text


def test_ten_videos_are_looked_at_in_time_with_two_requests_each(publisher: Publisher, served: Files) -> None:
    data = movie(moov_first=False, data=3_000_000)
    urls = [f"https://files.example/{at}.mp4" for at in range(10)]
    served.files |= {f"/{at}.mp4": File(data, "video/mp4") for at in range(10)}
    began = time.monotonic()
    target = check(publisher, "tiktok", *({"kind": "video", "url": url} for url in urls))
    assert time.monotonic() - began < 8
    assert len(served.asked) == 20 and served.sent < 10 * 100_000
    assert not [found for found in told(target) if found[0].endswith(".url")]
