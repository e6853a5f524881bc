"""Uploads that cannot end within a request: the response comes first, and an invocation with more time sends the bytes."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from noillusion.core import clock
from noillusion.db import Actor, database, sql
from noillusion.flows import transport
from noillusion.net import invocations
from noillusion.publishing import advance, leases, planning, service
from noillusion.settings import source as settings
from tests.api.conftest import Platforms
from tests.api.harness import Answer, Context, load
from tests.api.test_background import free, posts
from tests.api.test_publishing import Publisher
from tests.support.databases import fly
from tests.support.films import digest, film

SIZE = 200_000_000
HOST = "films.example"
VIDEO = {"kind": "video", "url": f"https://{HOST}/film.mp4", "content_type": "video/mp4"}
CLIP = {"kind": "video", "url": "https://media.example.org/clip.mp4?bytes=35000000", "content_type": "video/mp4"}


class Killed(BaseException):
    """What no handler survives."""


@pytest.fixture
def publisher(platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    """Somebody whose video of 200 MB is at a host of their own."""
    with film(SIZE) as (source, _):
        monkeypatch.setenv("ENDPOINTS", json.dumps({**json.loads(os.environ["ENDPOINTS"]), HOST: source}))
        settings.settings.forget()
        for name in ("linkedin", "tiktok"):
            platforms.world.simulators[name].actions["settings"]({"processing_s": 0})
        yield Publisher(platforms)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The events that would be on their way."""
    events: list[bytes] = []

    async def send(_: str, payload: bytes) -> None:
        events.append(payload)

    monkeypatch.setattr(invocations, "send", send)
    return events


def deliver(payload: bytes) -> None:
    assert load("publish").handler(json.loads(payload), Context(900)) == {}


def begun(publisher: Publisher, body: dict[str, Any]) -> Answer:
    """Publish what takes long: it is recorded, and nothing is public."""
    before = posts(publisher)
    answer = publisher.publish("k", body)
    assert (answer.status, answer.json["status"]) == (202, "processing"), answer.text
    assert answer.headers["location"] == f"/v1/posts/{answer.json['id']}" and int(answer.headers["retry-after"]) >= 1
    assert "preference-applied" not in answer.headers, "nobody preferred it"
    assert posts(publisher) == before
    return answer


@pytest.mark.timeout(180)
@pytest.mark.parametrize("deployment", ["sqlite"], indirect=True)
def test_a_long_video_is_published_after_the_response(publisher: Publisher, sent: list[bytes]) -> None:
    answer = begun(publisher, publisher.body("linkedin", "tiktok", media=[VIDEO]))
    (payload,) = sent
    assert len(payload) < 10_000, "the URL travels, not the bytes"
    deliver(payload)
    post = publisher.read(answer.json["id"])
    assert publisher.statuses(Answer(200, {}, "", post)) == {"linkedin": "published", "tiktok": "published"}
    (tiktok,) = publisher.platforms.posts("tiktok")
    assert [(file["size"], file["sha256"]) for file in tiktok["files"]] == [(SIZE, digest(SIZE))]
    assert digest(SIZE) in str(publisher.platforms.world.simulators["linkedin"].state())


@pytest.mark.timeout(180)
@pytest.mark.parametrize("swept", [True, False])
def test_an_upload_that_dies_leaves_nothing_public_and_the_same_request_publishes(
    publisher: Publisher, sent: list[bytes], monkeypatch: pytest.MonkeyPatch, swept: bool
) -> None:
    monkeypatch.setattr(planning, "SENT_AT_ONCE", 20_000_000)
    body = publisher.body("linkedin", "tiktok", media=[CLIP])
    post_id = begun(publisher, body).json["id"]
    with monkeypatch.context() as dying:
        _die_at_the_second_part(dying)
        deliver(sent.pop())
    assert posts(publisher)["linkedin"] == posts(publisher)["tiktok"] == 0
    assert publisher.publish("k", body).json["code"] == "idempotency_in_progress", "it could be alive"
    if swept:
        free(publisher, post_id)
        failed = publisher.read(post_id)["targets"]
        assert {(t["status"], t["error"]["platform_code"]) for t in failed} == {("failed", "interrupted")}
    else:
        publisher.platforms.database.execute("UPDATE post_targets SET lease_until = '2020-01-01T00:00:00Z'")
        publisher.platforms.database.execute("UPDATE posts SET lease_until = '2020-01-01T00:00:00Z'")
    again = begun(publisher, body)
    assert (again.json["id"], again.headers["idempotency-replayed"]) == (post_id, "false")
    (payload,) = sent
    for _ in range(2):
        deliver(payload)
    targets = publisher.read(post_id)["targets"]
    assert {(t["status"], t["attempt"]) for t in targets} == {("published", 2 if swept else 1)}
    assert posts(publisher)["linkedin"] == posts(publisher)["tiktok"] == 1
    assert publisher.publish("k", body).json["targets"] == targets


def _die_at_the_second_part(dying: pytest.MonkeyPatch) -> None:
    """The process ends when a second part of a file is sent, and records nothing from then on."""
    send, parts = transport.send, list[str]()

    async def sending(platform: Any, token: Any, call: Any, **more: Any) -> Any:
        parts.extend([platform.name] if call.span else [])
        if parts.count(platform.name) > 1:
            raise Killed
        return await send(platform, token, call, **more)

    async def nothing(*_: Any) -> None:
        raise RuntimeError

    dying.setattr(transport, "send", sending)
    dying.setattr("noillusion.publishing.going_on.keep_answer", nothing)


def test_what_is_short_or_what_the_platform_fetches_is_published_before_the_response(
    publisher: Publisher, sent: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "SENT_AT_ONCE", 34_999_999)
    long = dict(CLIP)
    verified = {**CLIP, "url": "https://cdn.example.com/clip.mp4?bytes=35000000"}
    for key, body in (
        ("fetched by Facebook", publisher.body("facebook", media=[long])),
        ("fetched by TikTok", publisher.body("tiktok", media=[verified])),
        ("short", publisher.body("linkedin", media=[{"kind": "image", "url": "https://cdn.example.com/photo.jpg"}])),
    ):
        answer = publisher.publish(key, body)
        assert (answer.status, sent) == (201, []), (key, answer.text)
    monkeypatch.setattr(planning, "SENT_AT_ONCE", 35_000_000)
    assert publisher.publish("just short enough", publisher.body("tiktok", media=[long])).status == 201
    assert sent == []
    both = publisher.publish("two together", publisher.body("tiktok", "linkedin", media=[long]))
    assert (both.status, len(sent)) == (202, 1), "targets share the time"


def test_only_handed_over_work_has_all_the_time_of_the_function(
    publisher: Publisher, sent: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    left: dict[str, float] = {}

    def noting(name: str, at: int) -> Any:
        async def note(*given: Any) -> Any:
            left[name] = given[at] - clock.monotonic()
            raise RuntimeError

        return note

    monkeypatch.setattr(planning, "SENT_AT_ONCE", 1)
    begun(publisher, publisher.body("linkedin", media=[CLIP]))
    monkeypatch.setattr("noillusion.publishing.going_on.publish", noting("background", 1))
    monkeypatch.setattr(advance, "from_message", noting("queue", 1))
    monkeypatch.setattr(service, "create", noting("request", 3))
    handler = load("publish").handler
    deliver(sent[0])
    record = {"messageId": "m", "body": "{}"}
    handler({"Records": [record]}, Context(900))
    monkeypatch.setattr(Context, "get_remaining_time_in_millis", lambda _: 900_000)
    publisher.publish("other", publisher.body("linkedin"))
    assert left["background"] > 890 and 20 < left["queue"] <= 26 and 20 < left["request"] < 29


def test_the_leases_of_a_living_upload_are_renewed_and_end_soon_after_it(
    publisher: Publisher, sent: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "SENT_AT_ONCE", 1)
    monkeypatch.setattr(leases, "RENEWED_S", 0.1)
    post_id = begun(publisher, publisher.body("linkedin", media=[CLIP])).json["id"]
    seen: list[tuple[Any, ...]] = []
    tables = sql("SELECT lease_until, next_check_at FROM post_targets"), sql("SELECT lease_until FROM posts")

    async def run(*_: Any) -> None:
        for _turn in range(2):
            target, post = await database().flight(Actor("auth0|alice"), *tables)
            seen.append((target[0]["lease_until"], target[0]["next_check_at"], post[0]["lease_until"]))
            await asyncio.sleep(0.5)
        raise RuntimeError

    with monkeypatch.context() as dying:
        dying.setattr("noillusion.publishing.going_on.run", run)
        deliver(sent[0])
    first, second = seen
    assert all(later > earlier for earlier, later in zip(first, second, strict=True)) and len(set(second)) == 1
    (row,) = fly(sql("SELECT lease_until FROM post_targets"))[0]
    assert row["lease_until"] <= clock.now() + leases.RESERVE + timedelta(seconds=0.2)
    free(publisher, post_id)
    assert publisher.read(post_id)["targets"][0]["error"]["platform_code"] == "interrupted"


def test_a_long_retry_is_made_after_the_response(
    publisher: Publisher, sent: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "SENT_AT_ONCE", 20_000_000)
    body = publisher.body("linkedin", "tiktok", media=[CLIP])
    for name in ("linkedin", "tiktok"):
        publisher.platforms.fault(platform=name, status=503, times=-1)
    post_id = begun(publisher, body).json["id"]
    deliver(sent.pop())
    publisher.platforms.world.faults.clear()
    assert publisher.read(post_id)["status"] == "failed"
    options = next(target["options"] for target in body["targets"] if "options" in target)
    path, again = f"/v1/posts/{post_id}/retry", {"content": body["content"], "options": options}
    answer = publisher.client.request("publish", "POST", path, body=again)
    assert (answer.status, answer.json["status"]) == (202, "processing"), answer.text
    assert int(answer.headers["retry-after"]) >= 1 and "preference-applied" not in answer.headers
    assert posts(publisher)["linkedin"] == posts(publisher)["tiktok"] == 0
    deliver(sent.pop())
    targets = publisher.read(post_id)["targets"]
    assert {(target["platform"], target["status"], target["attempt"]) for target in targets} == {
        ("linkedin", "published", 2),
        ("tiktok", "published", 2),
    }
    assert posts(publisher)["linkedin"] == posts(publisher)["tiktok"] == 1
