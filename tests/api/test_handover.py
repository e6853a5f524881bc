"""Files that platforms only fetch by URL are handed over: as ciphertext, to whoever has the ticket, until the target settles."""

from __future__ import annotations

import base64
import io
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from PIL import Image, ImageCms

from local.aws.services import AwsServer
from noillusion.core import clock
from noillusion.core.sensitive import Content
from noillusion.media import tickets
from noillusion.media.tickets import Ticket
from noillusion.publishing import execute
from noillusion.settings import source as settings
from tests.api.conftest import Platforms
from tests.api.harness import Answer, Client, Context, load
from tests.api.test_connections import signed_request
from tests.api.test_publishing import Publisher
from tests.support.bucket import Bucket, bucket
from tests.support.media_server import media_server
from tests.support.movies import image
from tests.support.sources import File, Files, files

DATA = image("JPEG", (1000, 1000))
NOBODY = Client(sub=None)


def inline(data: bytes = DATA, content_type: str = "image/jpeg") -> dict[str, Any]:
    return {"data": base64.b64encode(data).decode(), "content_type": content_type}


@pytest.fixture(scope="module")
def aws() -> Iterator[AwsServer]:
    server = AwsServer()
    yield server
    server.stop()


@dataclass
class HandOver:
    """A deployment that hands over, and its user."""

    platforms: Platforms
    bucket: Bucket
    base: str
    publisher: Publisher

    def pulled(self) -> list[tuple[str, int, str]]:
        """What the platforms have fetched from us: content type, size and SHA-256 of each file."""
        assert all(found.url.startswith(f"{self.base}/v1/media/") for found in self.platforms.world.pulled)
        return [(found.content_type, found.size, found.sha256) for found in self.platforms.world.pulled]

    def ticket(self) -> str:
        """The path of the ticket that a platform was given last."""
        return next(urlsplit(p.url).path for p in reversed(self.platforms.world.pulled) if p.url.startswith(self.base))

    def set(self, platform: str, **changed: Any) -> None:
        httpx.post(f"{self.platforms.base}/_control/{platform}/settings", json=changed).raise_for_status()

    def publish(self, platform: str, *media: dict[str, Any], key: str = "k") -> Answer:
        return self.publisher.publish(key, self.publisher.body(platform, media=list(media)))

    def begin(self, key: str = "k") -> Answer:
        """A post whose image Instagram has fetched and still works on."""
        self.set("instagram", image_processing_s=600)
        with pytest.MonkeyPatch.context() as impatient:
            impatient.setattr(execute, "PATIENCE_S", 0.5)
            begun = self.publish("instagram", inline(), key=key)
        assert (begun.status, self.publisher.statuses(begun)) == (202, {"instagram": "processing"}), begun.text
        return begun


@pytest.fixture
def handed(platforms: Platforms, aws: AwsServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[HandOver]:
    monkeypatch.setenv("TIKTOK_VERIFIED_URLS", "https://www.example.com/")
    monkeypatch.setenv("MEDIA_VERIFICATION", "tiktokAb12.txt=tiktok-developers-site-verification=Ab12, other.txt=Other words.")
    with bucket(aws, monkeypatch) as found, media_server(os.environ) as (base, lines):
        monkeypatch.setenv("PUBLIC_URL", base)
        settings.settings.forget()
        over = HandOver(platforms, found, base, Publisher(platforms))
        platforms.world.verified = (f"{base}/v1/media/",)
        yield over
    print(*lines, sep="\n")


def get(path: str, method: str = "GET", **headers: str) -> Answer:
    return NOBODY.request("media", method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})


def whole(data: bytes = DATA, content_type: str = "image/jpeg") -> tuple[str, int, str]:
    return content_type, len(data), sha256(data).hexdigest()


def test_E9_instagram_gets_an_image_from_bytes_as_it_is(handed: HandOver) -> None:
    answer = handed.publish("instagram", inline())
    assert handed.publisher.statuses(answer) == {"instagram": "published"}, answer.text
    assert handed.pulled() == [whole()]
    assert handed.bucket.objects() == {} and get(handed.ticket()).status == 404


def fragile(form: str, size: tuple[int, int] = (600, 600)) -> bytes:
    """An image with everything that a careless conversion would lose: noise, transparency or an orientation, a color profile."""
    mode = "RGBA" if form == "PNG" else "RGB"
    made, found = Image.frombytes(mode, size, random.Random(1).randbytes(size[0] * size[1] * len(mode))), io.BytesIO()
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 1, "A description"
    more: dict[str, Any] = {"lossless": True} if form == "WEBP" else {}
    made.save(found, form, exif=exif, icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), **more)
    return found.getvalue()


ARRIVED: dict[str, Callable[[HandOver], list[str]]] = {
    "facebook": lambda handed: [file["sha256"] for post in handed.platforms.posts("facebook") for file in post["files"]],
    "instagram": lambda handed: [sha for _, _, sha in handed.pulled()],
    "linkedin": lambda handed: [
        file["sha256"]
        for asset in handed.platforms.world.simulators["linkedin"].state()["assets"]
        for file in asset["files"].values()
    ],
    "tiktok": lambda handed: [sha for _, _, sha in handed.pulled()],
}
"""Platform → the SHA-256 of each file that it has."""


@pytest.mark.parametrize(
    ("platform", "form"),
    [
        ("facebook", "PNG"),
        ("facebook", "JPEG"),
        ("linkedin", "PNG"),
        ("linkedin", "JPEG"),
        ("instagram", "JPEG"),
        ("tiktok", "WEBP"),
    ],
)
def test_E8_the_bytes_of_an_image_arrive_as_they_were_given(handed: HandOver, platform: str, form: str) -> None:
    data = fragile(form)
    answer = handed.publish(platform, inline(data, f"image/{form.lower()}"))
    assert handed.publisher.statuses(answer) == {platform: "published"}, answer.text
    assert ARRIVED[platform](handed) == [sha256(data).hexdigest()]


OTHER = image("JPEG", (800, 800))
COVERED = {"kind": "video", "url": "https://cdn.example.com/clip.mp4", "thumbnail": inline(OTHER)}


@pytest.mark.parametrize(
    ("kind", "media", "expected"),
    [
        ("images", [inline(), inline(OTHER)], [DATA, OTHER]),
        ("story", [inline()], [DATA]),
        ("reel", [COVERED], [OTHER]),
    ],
)
def test_instagram_gets_the_images_of_every_kind_from_bytes(
    handed: HandOver, kind: str, media: list[dict[str, Any]], expected: list[bytes]
) -> None:
    body = handed.publisher.body("instagram", media=media)
    body["targets"][0]["kind"] = kind
    if kind == "story":
        body["content"].pop("text")
    answer = handed.publisher.publish("k", body)
    assert handed.publisher.statuses(answer) == {"instagram": "published"}, answer.text
    pulled = [found for found in handed.platforms.world.pulled if found.url.startswith(handed.base)]
    assert [(found.content_type, found.size, found.sha256) for found in pulled] == [whole(data) for data in expected]
    assert handed.bucket.objects() == {} and get(handed.ticket()).status == 404


def test_E9_tiktok_gets_images_from_bytes_and_urls_as_they_are_and_in_order(handed: HandOver) -> None:
    webp, third = image("WEBP", (500, 700)), image("JPEG", (720, 720))
    media = [inline(), inline(webp, "image/webp"), {"url": "https://cdn.example.com/photo.jpg"}, inline(third)]
    answer = handed.publish("tiktok", *media)
    assert handed.publisher.statuses(answer) == {"tiktok": "published"}, answer.text
    sample = httpx.get(f"{handed.platforms.base}/_media/photo.jpg").content
    assert handed.pulled() == [whole(), whole(webp, "image/webp"), whole(sample), whole(third)]
    assert handed.bucket.objects() == {} and get(handed.ticket()).status == 404


def test_tiktok_fetches_verified_urls_of_others_itself(handed: HandOver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOK_VERIFIED_URLS", "https://www.example.com/,https://cdn.example.com/photos/")
    settings.settings.forget()
    handed.publish("tiktok", {"url": "https://cdn.example.com/photos/photo.jpg"})
    assert [found.url for found in handed.platforms.world.pulled] == ["https://cdn.example.com/photos/photo.jpg"]


def test_instagram_fetches_urls_of_users_itself(handed: HandOver) -> None:
    answer = handed.publish("instagram", {"url": "https://cdn.example.com/photo.jpg"})
    assert handed.publisher.statuses(answer) == {"instagram": "published"}
    assert [found.url for found in handed.platforms.world.pulled] == ["https://cdn.example.com/photo.jpg"]


def test_bytes_rest_as_ciphertext_under_a_key_that_only_the_ticket_has(handed: HandOver) -> None:
    begun = handed.begin()
    ((name, body),) = handed.bucket.objects().items()
    assert name == f"{begun.json['targets'][0]['id']}/0"
    assert len(body) == len(DATA) + 28
    assert not any(DATA[at : at + 16] in body for at in range(0, len(DATA) - 16, 8))
    again = handed.begin("other")
    other = handed.bucket.objects()[f"{again.json['targets'][0]['id']}/0"]
    assert other[12:] != body[12:], "a key of its own for each"


def test_a_crawler_gets_the_whole_file_and_parts_of_it_as_often_as_it_wants(handed: HandOver) -> None:
    handed.begin()
    path, size = handed.ticket(), len(DATA)
    for _ in range(3):
        found = get(path)
        assert (found.status, found.data, found.headers["content-type"]) == (200, DATA, "image/jpeg")
        assert found.headers["cache-control"] == "no-store" and found.headers["accept-ranges"] == "bytes"
        assert found.headers["x-content-type-options"] == "nosniff" and "location" not in found.headers
    part = get(path, range="bytes=10-19")
    assert (part.status, part.data, part.headers["content-range"]) == (206, DATA[10:20], f"bytes 10-19/{size}")
    rest = get(path, range=f"bytes=-{size + 5}")
    assert (rest.status, rest.data, rest.headers["content-range"]) == (206, DATA, f"bytes 0-{size - 1}/{size}")
    assert get(path, range="bytes=0-1", if_range='"x"').status == 200
    beyond = get(path, range=f"bytes={size}-")
    assert (beyond.status, beyond.headers["content-range"], beyond.json["code"]) == (
        416,
        f"bytes */{size}",
        "range_not_satisfiable",
    )
    over_http = httpx.head(handed.base + path)
    assert (over_http.status_code, over_http.headers["content-length"], over_http.content) == (200, str(size), b"")
    assert over_http.headers["content-type"] == "image/jpeg" and over_http.headers["cache-control"] == "no-store"
    assert get(path, "HEAD", range="bytes=0-1").status == 200


def test_there_is_nothing_behind_a_changed_expired_or_foreign_ticket(handed: HandOver, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = handed.begin()
    path = handed.ticket()
    problems = [get(path[:-1] + ("A" if path[-1] != "A" else "B")), get("/v1/media/nothing"), get(path + "x")]
    others = Ticket("auth0|bob", begun.json["targets"][0]["id"], url=Content("https://cdn.example.com/photo.jpg"))
    problems.append(get(urlsplit(tickets.url_of(others).reveal()).path))
    unknown = Ticket("auth0|alice", "7c0e3a52-7d6b-4c50-9f0e-2f3a1b6f1f2a", url=Content("https://cdn.example.com/photo.jpg"))
    problems.append(get(urlsplit(tickets.url_of(unknown).reveal()).path))
    with monkeypatch.context() as later:
        now = clock.now()
        later.setattr(clock, "now", lambda: now + timedelta(minutes=61))
        problems.append(get(path))
    told = {(found.status, found.json["code"], found.json["detail"]) for found in problems}
    assert told == {(404, "not_found", "The resource does not exist.")}
    assert get(path).status == 200


def test_the_url_of_a_source_is_fetched_through_the_guard_and_only_images_are_served(handed: HandOver) -> None:
    target = handed.begin().json["targets"][0]["id"]

    def behind(url: str) -> int:
        return get(urlsplit(tickets.url_of(Ticket("auth0|alice", target, url=Content(url))).reveal()).path).status

    assert behind("https://cdn.example.com/photo.jpg") == behind("https://cdn.example.com/redirect.jpg") == 200
    for name in ("page.html", "paper.pdf", "clip.mp4", "missing.jpg"):
        assert behind(f"https://cdn.example.com/{name}") == 404, name
    assert behind("https://cdn.example.com/photo.jpg?bytes=4400001") == 404
    assert behind("https://cdn.example.com/photo.jpg?bytes=4400000") == 200
    assert behind("https://cdn.example.com/broken.jpg") == 503
    assert behind("https://127.0.0.1/photo.jpg") == 503


def settled(handed: HandOver, path: str) -> bool:
    return handed.bucket.objects() == {} and get(path).status == 404


def test_E9_what_a_worker_finishes_is_gone(handed: HandOver) -> None:
    begun = handed.begin()
    path = handed.ticket()
    httpx.post(f"{handed.platforms.base}/_control/clock", json={"advance_s": 700}).raise_for_status()
    handed.publisher.make_due()
    handed.publisher.advance(begun.json["targets"][0]["id"])
    assert handed.publisher.read(begun.json["id"])["status"] == "published"
    assert settled(handed, path)


def test_what_a_platform_refuses_is_gone(handed: HandOver) -> None:
    handed.platforms.fault(platform="instagram", method="POST", path="media_publish$", preset="server_error", times=-1)
    handed.platforms.fault(
        platform="instagram", method="POST", path="/media$", when="after", status=400, body={"error": {"code": 100}}
    )
    answer = handed.publish("instagram", inline())
    assert handed.publisher.statuses(answer) == {"instagram": "failed"}, answer.text
    assert settled(handed, handed.ticket())


def test_what_is_canceled_is_gone(handed: HandOver) -> None:
    begun = handed.begin()
    path = handed.ticket()
    canceled = handed.publisher.client.request("publish", "POST", f"/v1/posts/{begun.json['id']}/cancel")
    assert canceled.json["status"] == "canceled" and settled(handed, path)


def test_what_was_interrupted_is_gone_once_that_is_found_out(handed: HandOver) -> None:
    begun = handed.begin()
    path = handed.ticket()
    handed.platforms.database.execute("UPDATE post_targets SET handles = '{}', status = 'pending'")
    handed.publisher.make_due()
    handed.publisher.advance(begun.json["targets"][0]["id"])
    assert handed.publisher.read(begun.json["id"])["status"] == "failed" and settled(handed, path)


def test_what_is_forgotten_while_its_outcome_is_unknown_is_gone(handed: HandOver) -> None:
    begun = handed.begin()
    path = handed.ticket()
    handed.platforms.database.execute("UPDATE post_targets SET status = 'unknown', committing_at = created_at")
    where = f"/v1/posts/{begun.json['id']}/record"
    assert handed.publisher.client.request("publish", "DELETE", where, query={"accept_unknown": "true"}).status == 204
    assert settled(handed, path)


def test_what_waits_for_a_user_who_leaves_is_gone(handed: HandOver) -> None:
    handed.begin()
    path = handed.ticket()
    assert handed.publisher.client.request("profile", "DELETE", "/v1/profile").status == 200
    assert settled(handed, path)


def test_what_waits_for_an_account_that_is_erased_is_gone(handed: HandOver) -> None:
    handed.begin()
    path = handed.ticket()
    ((person,),) = handed.platforms.database.fetch("SELECT grant_subject FROM platform_connections WHERE platform = 'instagram'")
    signed = signed_request("instagram-app-secret", str(person))
    assert NOBODY.request("connect_callback", "POST", "/v1/callbacks/meta/data-deletion", raw=signed).status == 200
    assert handed.platforms.database.fetch("SELECT id FROM post_targets") == []
    assert settled(handed, path)


def test_E9_what_could_not_be_deleted_is_gone_once_its_ticket_is_over(handed: HandOver, monkeypatch: pytest.MonkeyPatch) -> None:
    handed.begin()
    handed.platforms.database.execute("UPDATE post_targets SET status = 'canceled', next_check_at = NULL")
    assert get(handed.ticket()).status == 404
    now = clock.now()
    for minutes, left in ((58, 1), (62, 0)):
        monkeypatch.setattr(clock, "now", lambda minutes=minutes: now + timedelta(minutes=minutes))
        done = load("maintain").handler({"task": "retention"}, Context(60))
        assert (done["handed_files"], len(handed.bucket.objects())) == (1 - left, left)


def test_the_data_map_tells_of_the_bucket_where_there_is_one(handed: HandOver, monkeypatch: pytest.MonkeyPatch) -> None:
    def told() -> tuple[list[str], bool]:
        found = NOBODY.request("profile", "GET", "/v1/privacy").json
        return [e["kept"] for e in found["tables"] if e["table"] == "handover_bucket"], "handover_bucket" in str(
            found["never_stored"]
        )

    assert told() == (
        [
            "the encrypted image: until the outcome is known, or is given up as unknown; "
            "an image that could not be deleted then: for 1 hour after it was stored"
        ],
        True,
    )
    monkeypatch.setenv("HANDOVER_BUCKET", "")
    settings.settings.forget()
    assert told() == ([], False)


def test_nothing_is_sent_where_the_bucket_cannot_be_written(handed: HandOver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDOVER_BUCKET", "not-there")
    settings.settings.forget()
    answer = handed.publish("instagram", inline())
    (target,) = answer.json["targets"]
    assert (target["status"], target["error"]["error_class"], target["error"]["platform_code"]) == (
        "failed",
        "transient",
        "handover_failed",
    )
    assert target["error"]["retryable"] and handed.platforms.requests("instagram", "/media") == 0


def problems(publisher: Publisher, platform: str, *media: dict[str, Any]) -> list[dict[str, Any]]:
    body = publisher.body(platform, media=list(media))
    answer = publisher.client.request("publish", "POST", "/v1/posts/check", body=body)
    assert answer.status == 200, answer.text
    return list(answer.json["targets"][0]["problems"])


@pytest.mark.parametrize("platform", ["instagram", "tiktok"])
def test_a_check_takes_bytes_where_files_are_handed_over_and_asks_for_a_url_where_not(
    handed: HandOver, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert problems(handed.publisher, platform, inline()) == []
    redirected = problems(handed.publisher, platform, {"url": "https://cdn.example.com/redirect.jpg"})
    assert [found["code"] for found in redirected] == (["redirected"] if platform == "instagram" else [])
    monkeypatch.setenv("HANDOVER_BUCKET", "")
    settings.settings.forget()
    (problem,) = problems(handed.publisher, platform, inline())
    assert (problem["field"], problem["code"]) == ("content.media.0.url", "url_required")
    assert handed.publish(platform, inline()).status == 422


def test_a_check_names_what_does_not_go_through_our_domain(handed: HandOver, monkeypatch: pytest.MonkeyPatch) -> None:
    with files() as served:
        monkeypatch.setenv("ENDPOINTS", os.environ["ENDPOINTS"][:-1] + f', "files.example": "{served.base}"}}')
        settings.settings.forget()
        _limits(handed.publisher, served)


def _limits(publisher: Publisher, served: Files) -> None:
    fits, large = (DATA + bytes(size - len(DATA)) for size in (4_400_000, 4_400_001))
    served.files |= {"/fits.jpg": File(fits), "/large.jpg": File(large)}
    served.files |= {"/" + "x" * (length - 22): File(DATA) for length in (1000, 1001)}
    assert problems(publisher, "tiktok", {"url": "https://files.example/fits.jpg"}) == []
    (problem,) = problems(publisher, "tiktok", {"url": "https://files.example/large.jpg"})
    assert (problem["field"], problem["code"]) == ("content.media.0.url", "too_large")
    assert problem["params"] == {"limit": 4_400_000, "actual": 4_400_001, "unit": "bytes"}
    assert "at most 4,400,000 bytes" in problem["message"]
    assert problems(publisher, "instagram", {"url": "https://files.example/large.jpg"}) == [], "Instagram fetches it itself"
    assert problems(publisher, "tiktok", {"url": "https://files.example/" + "x" * 978}) == []
    (problem,) = problems(publisher, "tiktok", {"url": "https://files.example/" + "x" * 979})
    assert (problem["code"], problem["params"]) == ("too_long", {"limit": 1000, "actual": 1001, "unit": "bytes"})


def test_robots_let_the_crawlers_of_platforms_in_and_only_there(handed: HandOver) -> None:
    from urllib.robotparser import RobotFileParser

    rules, found = RobotFileParser(), httpx.get(f"{handed.base}/robots.txt")
    assert (found.status_code, found.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    rules.parse(found.text.splitlines())
    for agent in ("facebookexternalhit/1.1", "meta-externalfetcher/1.1", "TikTok", "anything"):
        assert rules.can_fetch(agent, f"{handed.base}/v1/media/v2.k1.a.b")
        assert not rules.can_fetch(agent, f"{handed.base}/v1/health")


def test_the_file_that_proves_the_domain_stands_under_its_prefix(handed: HandOver) -> None:
    for name, words in (("tiktokAb12.txt", "tiktok-developers-site-verification=Ab12"), ("other.txt", "Other words.")):
        found = httpx.get(f"{handed.base}/v1/media/{name}")
        assert (found.status_code, found.text, found.headers["content-type"]) == (200, words, "text/plain; charset=utf-8")
    assert get("/v1/media/tiktokAb13.txt").status == 404


def test_a_deployment_that_hands_nothing_over_serves_nothing(handed: HandOver, monkeypatch: pytest.MonkeyPatch) -> None:
    handed.begin()
    path = handed.ticket()
    monkeypatch.setenv("HANDOVER_BUCKET", "")
    settings.settings.forget()
    assert get(path).status == 404
