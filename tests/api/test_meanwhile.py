"""What happens to a post while its account is disconnected, or its record forgotten, or while two requests try it again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from noillusion.core import clock
from noillusion.core.preconditions import ANY
from noillusion.net import invocations
from noillusion.publishing import handover, preflight
from noillusion.scheduling import disconnecting
from tests.api.harness import Answer, Context, load
from tests.api.test_publishing import Publisher, publisher

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


__all__ = ["publisher"]
