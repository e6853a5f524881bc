"""``Prefer: respond-async``: the response comes first, and the content travels sealed, once, and rests nowhere."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest

from noillusion.db import sql
from noillusion.net import invocations
from noillusion.publishing import background
from noillusion.publishing.ledger import TargetLedger
from tests.api.conftest import Platforms
from tests.api.harness import Answer, Context, load
from tests.api.test_publishing import PHOTO, Publisher, jpeg, let_pass
from tests.support.databases import fly

PREFER = {"prefer": "wait=5, respond-async"}
TEXT = "sesame, our secret word"


@pytest.fixture
def publisher(platforms: Platforms) -> Publisher:
    return Publisher(platforms)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    """The events that would be on their way."""
    events: list[bytes] = []

    async def send(function: str, payload: bytes) -> None:
        assert function == Context.invoked_function_arn
        events.append(payload)

    monkeypatch.setattr(invocations, "send", send)
    yield events


def publish(publisher: Publisher, key: str, body: dict[str, Any], **headers: str) -> Answer:
    sent = {"idempotency-key": key, **PREFER, **headers}
    return publisher.client.request("publish", "POST", "/v1/posts", body=body, headers=sent)


def deliver(payload: bytes) -> None:
    assert load("publish").handler(json.loads(payload), Context(60)) == {}


def posts(publisher: Publisher) -> dict[str, int]:
    return {name: len(publisher.platforms.posts(name)) for name in publisher.connections}


def free(publisher: Publisher, post_id: str) -> None:
    """Let the leases end and a worker look at each target."""
    publisher.platforms.database.execute("UPDATE post_targets SET lease_until = '2020-01-01T00:00:00Z'")
    publisher.platforms.database.execute("UPDATE posts SET lease_until = '2020-01-01T00:00:00Z'")
    for target in publisher.read(post_id)["targets"]:
        publisher.advance(target["id"])


def test_the_response_comes_before_anything_is_published_and_the_invocation_publishes(
    publisher: Publisher, sent: list[bytes]
) -> None:
    body = publisher.body(text=TEXT)
    answer = publish(publisher, "k", body)
    assert (answer.status, answer.json["status"]) == (202, "processing"), answer.text
    assert answer.headers["preference-applied"] == "respond-async"
    assert answer.headers["location"] == f"/v1/posts/{answer.json['id']}" and int(answer.headers["retry-after"]) >= 1
    assert posts(publisher) == dict.fromkeys(publisher.connections, 0)
    again = publish(publisher, "k", body)
    assert (again.status, again.json["code"]) == (409, "idempotency_in_progress")
    (payload,) = sent
    deliver(payload)
    assert posts(publisher) == dict.fromkeys(publisher.connections, 1)
    post = publisher.read(answer.json["id"])
    assert post["status"] == "published" and {target["attempt"] for target in post["targets"]} == {1}
    repeated = publish(publisher, "k", body)
    assert (repeated.status, repeated.json["targets"], repeated.headers["idempotency-replayed"]) == (201, post["targets"], "true")
    assert "preference-applied" not in repeated.headers and len(sent) == 1
    kinds = [row["kind"] for row in fly(sql("SELECT kind FROM notifications WHERE kind LIKE 'publish%'"))[0]]
    assert kinds == ["publish_finished"] * 4


def test_nothing_of_the_content_can_be_read_on_the_way_or_is_kept(
    publisher: Publisher, sent: list[bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    publish(publisher, "k", publisher.body("facebook", text=TEXT, media=[{**PHOTO, "alt_text": "sesame seeds"}]))
    (payload,) = sent
    sealed = json.loads(payload)[background.MEMBER]["sealed"]
    parts = [base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in sealed.split(".")[2:]]
    assert set(json.loads(payload)[background.MEMBER]) == {"user_id", "post_id", "sealed"}
    assert all(b"sesame" not in part and b"cdn.example" not in part for part in (payload, *parts))
    deliver(payload)
    rows = str([fly(sql(f"SELECT * FROM {table}"))[0] for table in ("posts", "post_targets", "notifications")])
    assert "sesame" not in rows + capsys.readouterr().out
    assert publisher.platforms.posts("facebook")[0]["alt_text"] == ["sesame seeds"]


def test_a_payload_is_good_for_one_use(publisher: Publisher, sent: list[bytes]) -> None:
    publish(publisher, "k", publisher.body("facebook", "linkedin", text=TEXT))
    for _ in range(3):
        deliver(sent[0])
    assert posts(publisher) == {"facebook": 1, "instagram": 0, "linkedin": 1, "tiktok": 0}


def test_a_payload_that_comes_too_late_is_refused_and_the_same_request_publishes(
    publisher: Publisher, sent: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    body = publisher.body("facebook", text=TEXT)
    post_id = publish(publisher, "k", body).json["id"]
    let_pass(monkeypatch, minutes=background.MAX_AGE.total_seconds() / 60 + 0.05)
    deliver(sent[0])
    assert posts(publisher)["facebook"] == 0
    free(publisher, post_id)
    (target,) = publisher.read(post_id)["targets"]
    assert (target["status"], target["error"]["platform_code"], target["next_step"]["action"]) == (
        "failed",
        "interrupted",
        "retry",
    )
    again = publisher.publish("k", body)
    (published,) = again.json["targets"]
    assert (again.status, published["status"], published["attempt"]) == (201, "published", 2)
    assert [attempt["status"] for attempt in published["attempts"]] == ["failed", "published"]
    deliver(sent[0])
    assert posts(publisher)["facebook"] == 1


@pytest.mark.parametrize("changed", ["sealed", "post_id", "user_id", "form"])
def test_a_payload_that_was_altered_or_moved_is_refused(publisher: Publisher, sent: list[bytes], changed: str) -> None:
    for number in range(2):
        publish(publisher, f"k{number}", publisher.body("facebook", text=f"Number {number}"))
    event, other = (json.loads(payload)[background.MEMBER] for payload in sent)
    event["user_id"] = "auth0|mallory" if changed == "user_id" else event["user_id"]
    event["post_id"] = other["post_id"] if changed == "post_id" else event["post_id"]
    sealed = event["sealed"]
    event["sealed"] = sealed[:-3] + ("AAA" if sealed[-3:] != "AAA" else "BBB") if changed == "sealed" else sealed
    deliver(json.dumps({background.MEMBER: None if changed == "form" else event}).encode())
    assert posts(publisher)["facebook"] == 0


def test_an_invocation_that_dies_before_the_commit_leaves_a_clean_failure_and_the_same_key_goes_on(
    publisher: Publisher, sent: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    body = publisher.body("facebook", "linkedin", text=TEXT)
    post_id = publish(publisher, "k", body).json["id"]
    with monkeypatch.context() as dying:
        dying.setattr("noillusion.publishing.going_on.run", _die)
        deliver(sent[0])
    assert posts(publisher)["facebook"] == 0
    assert publish(publisher, "k", body).json["code"] == "idempotency_in_progress", "the dead one could be alive"
    free(publisher, post_id)
    assert {t["status"] for t in publisher.read(post_id)["targets"]} == {"failed"}
    again = publisher.publish("k", body)
    assert (again.status, again.json["status"]) == (201, "published")
    deliver(sent[0])
    assert {name: count for name, count in posts(publisher).items() if count} == {"facebook": 1, "linkedin": 1}


def test_A2_an_invocation_that_dies_after_the_commit_is_read_back_and_never_sent_again(
    publisher: Publisher, sent: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    body = publisher.body("facebook", text=TEXT)
    post_id = publish(publisher, "k", body).json["id"]
    publisher.platforms.fault(platform="facebook", path="feed", method="POST", when="after", drop=True)
    with monkeypatch.context() as dying:
        # Nothing is recorded after what was recorded before the commit.
        for name in ("keep", "published", "unknown", "failed"):
            dying.setattr(TargetLedger, name, lambda *_, **__: asyncio.sleep(0))
        dying.setattr("noillusion.publishing.going_on.keep_answer", _die)
        deliver(sent[0])
    assert publisher.read(post_id)["targets"][0]["status"] == "committing"
    let_pass(monkeypatch, minutes=2)
    free(publisher, post_id)
    assert publisher.read(post_id)["targets"][0]["status"] == "published"
    deliver(sent[0])
    assert publisher.publish("k", body).json["status"] == "published"
    assert posts(publisher)["facebook"] == 1


async def _die(*_: Any) -> None:
    raise RuntimeError


def test_a_request_that_lambda_does_not_take_is_published_at_once(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(*_: Any) -> None:
        raise RuntimeError(TEXT)

    monkeypatch.setattr(invocations, "send", refuse)
    answer = publish(publisher, "k", publisher.body("facebook", text=TEXT))
    assert (answer.status, answer.json["status"]) == (201, "published")
    assert "preference-applied" not in answer.headers and "retry-after" not in answer.headers


def test_an_invocation_whose_acceptance_was_lost_makes_no_second_post(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted: list[bytes] = []

    async def lose(_: str, payload: bytes) -> None:
        accepted.append(payload)
        raise TimeoutError

    monkeypatch.setattr(invocations, "send", lose)
    answer = publish(publisher, "k", publisher.body("facebook", "linkedin", text=TEXT))
    assert (answer.status, answer.json["status"]) == (201, "published")
    deliver(accepted[0])
    assert posts(publisher) == {"facebook": 1, "instagram": 0, "linkedin": 1, "tiktok": 0}
    assert publisher.read(answer.json["id"])["status"] == "published"


def test_a_request_that_is_too_large_for_an_invocation_is_published_at_once(
    publisher: Publisher, sent: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invocations, "MAX_BYTES", 3_000)
    inline = {"data": jpeg(), "content_type": "image/jpeg"}
    answer = publish(publisher, "k", publisher.body("facebook", text=TEXT, media=[inline]))
    assert (answer.status, sent) == (201, []) and "preference-applied" not in answer.headers
    assert publish(publisher, "small", publisher.body("facebook", text="Small")).status == 202


@pytest.mark.parametrize("prefer", ["wait=10", "return=minimal", "", "respond-asynchronously"])
def test_other_preferences_change_nothing(publisher: Publisher, sent: list[bytes], prefer: str) -> None:
    answer = publish(publisher, "k", publisher.body("facebook"), prefer=prefer)
    assert (answer.status, sent) == (201, [])


def test_what_has_a_problem_is_refused_before_it_is_handed_over(publisher: Publisher, sent: list[bytes]) -> None:
    assert publish(publisher, "k", publisher.body("linkedin", text="x" * 3001)).status == 422
    assert sent == [] and fly(sql("SELECT id FROM posts"))[0] == []


def test_who_left_before_the_invocation_gets_no_post(publisher: Publisher, sent: list[bytes]) -> None:
    publish(publisher, "k", publisher.body("facebook", text=TEXT))
    assert publisher.client.request("profile", "DELETE", "/v1/profile").status in (200, 202)
    deliver(sent[0])
    assert posts(publisher)["facebook"] == 0


def test_every_202_says_when_to_look_again(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("noillusion.publishing.execute.PATIENCE_S", 0.5)
    publisher.platforms.world.simulators["instagram"].actions["settings"]({"processing_s": 40})
    for replayed in ("false", "true"):
        slow = publisher.publish("k", publisher.body("instagram"))
        assert (slow.status, slow.headers["idempotency-replayed"]) == (202, replayed)
        assert 1 <= int(slow.headers["retry-after"]) <= 60


def failed(publisher: Publisher, *names: str) -> tuple[str, dict[str, str]]:
    """A post that failed for certain, and its targets by platform."""
    for name in names:
        publisher.platforms.fault(platform=name, status=503, times=-1)
    post = publisher.publish("first", publisher.body(*names, text=TEXT)).json
    publisher.platforms.world.faults.clear()
    assert post["status"] == "failed"
    return post["id"], {target["platform"]: target["id"] for target in post["targets"]}


def again(publisher: Publisher, post_id: str, body: dict[str, Any], **headers: str) -> Answer:
    return publisher.client.request("publish", "POST", f"/v1/posts/{post_id}/retry", body=body, headers={**PREFER, **headers})


def test_a_retry_can_be_answered_before_its_attempts_are_made(publisher: Publisher, sent: list[bytes]) -> None:
    post_id, targets = failed(publisher, "facebook", "linkedin")
    contents = {"facebook": {"text": TEXT}, "linkedin": {"text": f"{TEXT}, once more"}}
    body = {"targets": [{"target_id": targets[name], "content": content} for name, content in contents.items()]}
    answer = again(publisher, post_id, body, **{"idempotency-key": "again"})
    assert (answer.status, answer.json["status"]) == (202, "processing"), answer.text
    assert answer.headers["preference-applied"] == "respond-async" and int(answer.headers["retry-after"]) >= 1
    assert posts(publisher)["facebook"] == posts(publisher)["linkedin"] == 0
    busy = again(publisher, post_id, body, **{"idempotency-key": "again"})
    assert (busy.status, busy.json["code"]) == (409, "idempotency_in_progress")
    (payload,) = sent
    assert b"sesame" not in payload
    for _ in range(2):
        deliver(payload)
    (facebook,), (linkedin,) = publisher.platforms.posts("facebook"), publisher.platforms.posts("linkedin")
    assert "once more" not in str(facebook) and "once more" in str(linkedin), "each has its own content"
    post = publisher.read(post_id)
    assert {(target["status"], target["attempt"]) for target in post["targets"]} == {("published", 2)}
    repeated = again(publisher, post_id, body, **{"idempotency-key": "again"})
    assert (repeated.status, repeated.headers["idempotency-replayed"]) == (200, "true")
    assert "preference-applied" not in repeated.headers and repeated.json["targets"] == post["targets"]
    # The answer to the request that created the post stays what it was.
    first = publisher.publish("first", publisher.body("facebook", "linkedin", text=TEXT))
    assert (first.status, first.json["status"], len(sent)) == (201, "failed", 1)


def test_a_retry_whose_invocation_never_comes_is_made_by_its_repeat(
    publisher: Publisher, sent: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    post_id, _ = failed(publisher, "facebook")
    body, key = {"content": {"text": TEXT}}, {"idempotency-key": "again"}
    assert again(publisher, post_id, body, **key).status == 202
    publisher.platforms.database.execute("UPDATE post_targets SET lease_until = '2020-01-01T00:00:00Z'")
    assert again(publisher, post_id, body, **key).status == 202
    first, second = sent
    deliver(first)
    assert posts(publisher)["facebook"] == 0, "somebody else has its attempts"
    deliver(second)
    assert posts(publisher)["facebook"] == 1
    assert [target["status"] for target in publisher.read(post_id)["targets"]] == ["published"]


def test_a_retry_that_lambda_does_not_take_is_made_before_the_response(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(function: str, payload: bytes) -> None:
        raise OSError

    monkeypatch.setattr(invocations, "send", refuse)
    post_id, _ = failed(publisher, "facebook")
    answer = again(publisher, post_id, {"content": {"text": TEXT}})
    assert (answer.status, answer.json["status"]) == (200, "published")
    assert "preference-applied" not in answer.headers and posts(publisher)["facebook"] == 1
