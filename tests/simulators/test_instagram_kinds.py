"""Promises of the Instagram simulator about each kind of post, and of its crawler, kept over real HTTP."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from local.simulators import media
from local.simulators.instagram import crawler
from tests.simulators.graph_api import IG, Api, error_of
from tests.simulators.test_instagram import prepared, published


def measured(name: str) -> dict[str, Any]:
    """What the simulator should keep of a sample file."""
    data = media._sample(name.partition("?")[0], name.partition("?")[2]).data
    return {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}


def test_a_reel_is_kept_with_all_that_was_asked_for(account: Api) -> None:
    form = {"share_to_feed": "false", "audio_name": "Bells", "collaborators": '["ann"]', "is_ai_generated": "true"}
    form |= {"trial_params": '{"graduation_strategy": "MANUAL"}', "cover_url": account.media("cover.jpg")}
    published(account, media_type="REELS", video_url=account.media("clip.mp4"), caption="reel", **form)
    (post,) = account.state()["posts"]
    assert (post["kind"], post["text"], post["options"]) == ("REELS/VIDEO", "reel", form)
    assert (post["files"], post["cover"]) == ([measured("clip.mp4")], measured("cover.jpg"))


def test_a_carousel_keeps_its_members_in_their_order(account: Api) -> None:
    members = [
        prepared(account, is_carousel_item="true", media_type="VIDEO", video_url=account.media("clip.mp4")),
        prepared(account, is_carousel_item="true", image_url=account.media("photo.jpg"), alt_text="a loaf"),
    ]
    published(account, media_type="CAROUSEL", children=",".join(members), caption="both")
    (post,) = account.state()["posts"]
    assert post["types"] == ["VIDEO", "IMAGE"] and post["alt_text"] == [None, "a loaf"]
    assert post["files"] == [measured("clip.mp4"), measured("photo.jpg")]


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"media_type": "STORIES", "image_url": "photo.jpg", "caption": "x"}, (100, None)),
        ({"media_type": "STORIES", "image_url": "photo.jpg", "location_id": "1"}, (100, None)),
        ({"media_type": "STORIES", "image_url": "photo.jpg", "collaborators": '["a"]'}, (100, None)),
        ({"media_type": "STORIES"}, (100, None)),
        ({"image_url": "photo.jpg", "share_to_feed": "true"}, (100, None)),
        ({"image_url": "photo.jpg", "cover_url": "photo.jpg"}, (100, None)),
        ({"is_carousel_item": "true", "image_url": "photo.jpg", "caption": "x"}, (100, None)),
        ({"is_carousel_item": "true", "video_url": "clip.mp4"}, (100, None)),
        ({"is_carousel_item": "true", "media_type": "VIDEO", "image_url": "photo.jpg"}, (100, None)),
        ({"is_carousel_item": "true", "media_type": "VIDEO", "video_url": "clip.mp4", "alt_text": "x"}, (100, None)),
        ({"media_type": "REELS", "image_url": "photo.jpg"}, (100, None)),
        ({"media_type": "REELS", "video_url": "clip.mp4", "cover_url": "picture.png"}, (36001, 2207005)),
        ({"media_type": "REELS", "video_url": "clip.mp4", "cover_url": "missing.jpg"}, (9004, 2207052)),
    ],
)
def test_parameters_of_another_kind_are_refused(account: Api, form: dict[str, str], code: tuple[int, int | None]) -> None:
    given = {name: account.media(value) if name.endswith("_url") else value for name, value in form.items()}
    assert error_of(account.post(f"{IG}/media", **given)) == code


def test_an_account_may_have_no_trial_reels(account: Api) -> None:
    account.act("settings", trial_reels=0)
    form = {"media_type": "REELS", "video_url": account.media("clip.mp4"), "trial_params": '{"graduation_strategy": "MANUAL"}'}
    assert error_of(account.post(f"{IG}/media", **form)) == (10, 2207081)


@pytest.mark.parametrize(
    ("kind", "product", "text"),
    [("image", "FEED/IMAGE", "Hi"),
     ("carousel", "FEED/CAROUSEL_ALBUM", "Hi"), ("reel", "REELS/VIDEO", "Hi"), ("story", "STORY/IMAGE", "")],
)  # fmt: skip
def test_a_person_can_have_made_a_post_of_any_kind(account: Api, kind: str, product: str, text: str) -> None:
    account.act("seed", kind=kind, text="Hi")
    (post,) = account.state()["posts"]
    assert (post["kind"], post["text"]) == (product, text)
    edge = "stories" if kind == "story" else "media"
    assert [row["id"] for row in account.get(f"{IG}/{edge}").json()["data"]] == [post["id"]]


# ---- the crawler


class Shop:
    """A public host: what it serves, what it says to robots, and what it was asked."""

    def __init__(self) -> None:
        self.robots: str | None = None
        self.file = media._sample("clip.mp4", "bytes=9000000").data
        self.parts, self.moved, self.headless, self.wrong = True, False, False, False
        self.asked: list[tuple[str, str, str | None, str]] = []

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        span = request.headers.get("range")
        self.asked.append((request.command, request.path, span, request.headers["user-agent"]))
        if request.path == "/robots.txt":
            return self._send(request, 404 if self.robots is None else 200, (self.robots or "").encode(), {})
        if self.moved:
            return self._send(request, 302, b"", {"location": "/elsewhere"})
        if request.command == "HEAD" and self.headless:
            return self._send(request, 405, b"", {})
        headers = {"content-type": "video/mp4", "accept-ranges": "bytes" if self.parts else "none"}
        found = re.fullmatch(r"bytes=(\d+)-(\d+)", span or "")
        if not found:
            return self._send(request, 200, self.file, headers)
        first, last = int(found[1]) + self.wrong, int(found[2])
        headers["content-range"] = f"bytes {first}-{last}/{len(self.file)}"
        return self._send(request, 206, self.file[first : last + 1], headers)

    def _send(self, request: BaseHTTPRequestHandler, status: int, body: bytes, headers: dict[str, str]) -> None:
        request.send_response(status)
        for name, value in {**headers, "content-length": str(len(body))}.items():
            request.send_header(name, value)
        request.end_headers()
        if request.command != "HEAD":
            request.wfile.write(body)


@pytest.fixture
def shop() -> Iterator[tuple[Shop, str]]:
    host = Shop()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host.answer(self)

        do_HEAD = do_GET

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield host, f"http://127.0.0.1:{server.server_port}/films/clip.mp4"
    server.shutdown()
    server.server_close()


def status(account: Api, url: str) -> str:
    """The status of a reel of this video."""
    made = prepared(account, media_type="REELS", video_url=url)
    return str(account.get(f"/{made}", fields="status").json()["status"])


def test_the_crawler_reads_robots_asks_for_the_head_and_takes_the_file_in_parts(account: Api, shop: tuple[Shop, str]) -> None:
    host, url = shop
    assert status(account, url).startswith("Finished")
    assert [(method, path) for method, path, _, _ in host.asked[:2]] == [("GET", "/robots.txt"), ("HEAD", "/films/clip.mp4")]
    spans = [span for _, _, span, _ in host.asked[2:]]
    size = crawler.PART
    assert spans == [f"bytes=0-{size - 1}", f"bytes={size}-{2 * size - 1}", f"bytes={2 * size}-{len(host.file) - 1}"]
    assert {agent.partition("/")[0] for *_, agent in host.asked} == {"facebookexternalhit"}
    published(account, media_type="REELS", video_url=url)
    assert account.state()["posts"][0]["files"] == [{"sha256": hashlib.sha256(host.file).hexdigest(), "size": len(host.file)}]


@pytest.mark.parametrize("how", ["without parts", "without HEAD"])
def test_a_host_need_give_neither_parts_nor_heads(account: Api, shop: tuple[Shop, str], how: str) -> None:
    host, url = shop
    host.parts, host.headless = how != "without parts", how == "without HEAD"
    assert status(account, url).startswith("Finished")
    assert [span for _, _, span, _ in host.asked] == [None, None, None]


@pytest.mark.parametrize(
    ("robots", "finished"),
    [
        ("User-agent: *\nDisallow: /", False),
        ("User-agent: facebookexternalhit\nDisallow: /films", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: facebookexternalhit\nAllow: /", True),
        ("User-agent: *\nDisallow: /private", True),
    ],
)
def test_the_crawler_keeps_to_robots_txt(account: Api, shop: tuple[Shop, str], robots: str, finished: bool) -> None:
    shop[0].robots = robots
    assert status(account, shop[1]).startswith("Finished") is finished
    assert any(path.startswith("/films") for _, path, _, _ in shop[0].asked) is finished


def test_the_crawler_follows_no_redirect_and_takes_no_other_part_than_it_asked_for(account: Api, shop: tuple[Shop, str]) -> None:
    host, url = shop
    host.moved = True
    assert "2207077" in status(account, url) and "/elsewhere" not in [path for _, path, _, _ in host.asked]
    host.moved, host.wrong = False, True
    assert "2207077" in status(account, url)
