"""What happens to a post while its account is disconnected, or its record forgotten, or while two requests try it again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from noillusion.core import clock
from noillusion.core.errors import Conflict
from noillusion.core.preconditions import ANY
from noillusion.db import database
from noillusion.net import invocations
from noillusion.publishing import create, handover, preflight, running
from noillusion.publishing import retry as retrying
from noillusion.publishing.models import RetryRequest
from noillusion.scheduling import disconnecting
from tests.api.harness import Answer, Context, load
from tests.api.test_publishing import Publisher, let_pass, publisher

TEXT = "Hello from a test"


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    """The events that would be on their way."""
    events: list[bytes] = []

    async def send(_: str, payload: bytes) -> None:
        events.append(payload)

    monkeypatch.setattr(invocations, "send", send)
    yield events


def failed(publisher: Publisher, name: str = "facebook") -> str:
    """A post that failed for certain."""
    publisher.platforms.fault(platform=name, status=503, times=-1)
    post = publisher.publish("first", publisher.body(name, text=TEXT)).json
    publisher.platforms.world.faults.clear()
    assert post["status"] == "failed"
    return str(post["id"])


def retry(publisher: Publisher, post_id: str, body: dict[str, Any] | None = None, **headers: str) -> Answer:
    path = f"/v1/posts/{post_id}/retry"
    return publisher.client.request("publish", "POST", path, body=body or {"content": {"text": TEXT}}, headers=headers)


async def dies(*_: Any) -> None:
    raise MemoryError


@pytest.mark.parametrize("prefer", ["", "respond-async"])
def test_a_post_can_be_tried_again_after_its_account_was_connected_anew(
    publisher: Publisher, sent: list[bytes], prefer: str
) -> None:
    post_id, old = failed(publisher), publisher.connections["facebook"]
    assert publisher.client.request("connect_callback", "DELETE", f"/v1/connections/{old}").status == 200
    assert publisher.platforms.connect(publisher.client, "facebook")[0]["id"] != old
    answer = retry(publisher, post_id, prefer=prefer)
    assert answer.status == (202 if prefer else 200), answer.text
    for payload in sent:
        assert load("publish").handler(json.loads(payload), Context(60)) == {}
    assert publisher.read(post_id)["status"] == "published"
    assert len(publisher.platforms.posts("facebook")) == 1


def test_what_is_forgotten_while_it_is_looked_at_is_not_tried_again(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    post_id, look = failed(publisher), preflight.look

    async def meanwhile(plans: Any) -> Any:
        publisher.platforms.database.execute("UPDATE posts SET forgotten_at = created_at")
        publisher.platforms.database.execute("DELETE FROM post_targets")
        return await look(plans)

    monkeypatch.setattr(preflight, "look", meanwhile)
    answer = retry(publisher, post_id)
    assert (answer.status, answer.json["code"]) == (404, "not_found"), answer.text
    assert publisher.platforms.posts("facebook") == []


def test_a_target_is_named_once_in_a_retry(publisher: Publisher) -> None:
    post_id = failed(publisher)
    (target,) = publisher.read(post_id)["targets"]
    twice = [{"target_id": target["id"], "content": {"text": TEXT}}] * 2
    answer = retry(publisher, post_id, {"targets": twice})
    assert (answer.status, answer.json["code"]) == (422, "validation_failed"), answer.text


def test_nothing_goes_out_for_an_account_that_was_disconnected_before_it_is_sent(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other Page of the grant keeps the token alive."""
    hand_over, connection = handover.hand_over, publisher.connections["facebook"]

    async def meanwhile(*args: Any) -> Any:
        done = await disconnecting.disconnect(str(publisher.client.sub), connection, ANY, clock.monotonic() + 20)
        assert done.grant == "kept"
        return await hand_over(*args)

    monkeypatch.setattr(handover, "hand_over", meanwhile)
    answer = publisher.publish("k", publisher.body("facebook"))
    assert publisher.platforms.posts("facebook") == []
    publisher.make_due()
    publisher.advance(answer.json["targets"][0]["id"])
    (target,) = publisher.read(answer.json["id"])["targets"]
    assert (target["status"], target["error"]["platform_code"]) == ("failed", "disconnected")


def interrupted(publisher: Publisher, monkeypatch: pytest.MonkeyPatch, body: dict[str, Any]) -> str:
    """A post whose request died before anything was sent, which the sweep has found out."""
    with monkeypatch.context() as dying:
        dying.setattr(create, "run", dies)
        assert publisher.publish("k", body).status == 500
    (post,) = publisher.client.request("publish", "GET", "/v1/posts").json["items"]
    publisher.make_due()
    publisher.advance(post["targets"][0]["id"])
    publisher.platforms.database.execute("UPDATE posts SET lease_until = NULL")
    return str(post["id"])


def test_the_repeat_of_a_request_does_not_go_on_with_a_retry_of_another_text(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is looked for after a lost answer is the text that was sent."""
    body = publisher.body("facebook", text=TEXT)
    post_id = interrupted(publisher, monkeypatch, body)
    with monkeypatch.context() as dying:
        dying.setattr(retrying, "run", dies)
        assert retry(publisher, post_id, {"content": {"text": "Another text"}}).status == 500
    publisher.make_due()
    publisher.platforms.fault(platform="facebook", path="feed", method="POST", when="after", drop=True)
    (target,) = publisher.publish("k", body).json["targets"]
    assert (target["status"], target["attempt"]) == ("unknown", 3)
    let_pass(monkeypatch, minutes=30)
    publisher.make_due()
    publisher.advance(target["id"])
    assert publisher.read(post_id)["status"] == "published"
    assert [post["text"] for post in publisher.platforms.posts("facebook")] == [TEXT]


def test_a_retry_beside_the_repeat_of_a_request_is_the_only_one(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    body = publisher.body("facebook", text=TEXT)
    post_id = interrupted(publisher, monkeypatch, body)

    class Beside:
        async def flight(self, *args: Any) -> Any:
            read = await database().flight(*args)
            with suppress(Conflict):
                again = RetryRequest.model_validate({"content": {"text": TEXT}})
                await retrying.retry(str(publisher.client.sub), post_id, again, None, clock.monotonic() + 20)
            return read

    monkeypatch.setattr(running, "database", Beside)
    answer = publisher.publish("k", body)
    assert (answer.status, answer.json["code"]) == (409, "idempotency_in_progress"), answer.text
    assert len(publisher.platforms.posts("facebook")) == 1


__all__ = ["publisher"]
