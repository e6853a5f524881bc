"""Queues and schedules of the deployed stack: what comes again, what is given up, what is repaired, and what lies in them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from local.aws import template as sam
from local.demo.tour import Tour
from local.options import ROOT
from tests.e2e_deployed.conftest import BUSY_S, slow_post

RECEIVES = 3  # of the template's redrive policy
VISIBILITY_S = 2
# Where a message must outlive an outage: the database has to be back this long after the last receive but one.
PATIENT_S = 12


@pytest.fixture
def quick(control: httpx.Client) -> Iterator[None]:
    """Failed messages of slow publications come back after seconds instead of minutes; dead letters are gone afterwards."""
    before = control.post("/queues/PublishQueue/visibility", content=str(VISIBILITY_S)).json()["before"]
    yield
    control.post("/queues/PublishQueue/visibility", content=str(before)).raise_for_status()
    control.post("/queues/PublishDeadLetters/purge").raise_for_status()


def queue(control: httpx.Client, name: str) -> dict[str, Any]:
    return dict(control.get("/queues").json()["queues"][name])


def eventually(what: Callable[[], object]) -> None:
    """Wait until it is so."""
    deadline = time.monotonic() + BUSY_S
    while not what():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.3)


def held_at_tiktok(tour: Tour) -> int:
    posts = tour.state("tiktok")["posts"]
    return sum(tour.word in str(post) for post in (posts.values() if isinstance(posts, dict) else posts))


def failures(control: httpx.Client) -> list[str]:
    """What functions logged of failures: types and places."""
    lines = control.get("/logs").json()["lines"]
    return [line for line in lines if "_failed" in line or "_crashed" in line][-8:]


def test_a_queue_holds_ids_and_a_message_that_is_lost_is_made_up_for_by_the_schedule(
    lost: tuple[Tour, str, list[str]], run: dict[str, Any]
) -> None:
    """Nobody fires the sweep here: EventBridge Scheduler does, once a minute."""
    tour, post_id, bodies = lost

    def target() -> dict[str, Any]:
        return dict(tour.call("GET", f"/v1/posts/{post_id}")["targets"][0])

    # Posts of others that a platform holds are looked at from time to time, so their messages wait in the queue as well.
    own = [found for body in bodies if (found := json.loads(body))["user_id"] == tour.sub]
    assert own == [{"user_id": tour.sub, "target_id": target()["id"]}]
    eventually(lambda: target()["status"] == "published")
    assert held_at_tiktok(tour) == 1


def test_only_what_failed_comes_again_and_ends_among_the_dead_letters(control: httpx.Client, quick: None) -> None:
    broken, fine = f"not JSON {uuid4()}", json.dumps({"user_id": "auth0|nobody", "target_id": str(uuid4())})
    control.post("/queues/PublishQueue/send", json=[fine, broken]).raise_for_status()
    eventually(lambda: fine not in queue(control, "PublishQueue")["messages"])
    eventually(lambda: queue(control, "PublishDeadLetters")["messages"] == [broken])
    assert queue(control, "PublishDeadLetters")["receives"] == [RECEIVES], "it did not come again and again"
    assert not {broken, fine} & set(queue(control, "PublishQueue")["messages"])


def test_a_message_that_meets_an_outage_of_the_database_comes_again(publisher: Tour, control: httpx.Client, quick: None) -> None:
    control.post("/queues/PublishQueue/visibility", content=str(PATIENT_S)).raise_for_status()
    with slow_post(publisher) as post_id:
        eventually(lambda: any(publisher.sub in body for body in queue(control, "PublishQueue")["messages"]))
        control.post("/database/stop").raise_for_status()
    try:
        answer = publisher.send("GET", "/v1/profile")
        assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
        assert answer.json()["retry_after"] > 0
        eventually(lambda: max(queue(control, "PublishQueue")["receives"], default=0) >= 2)
    finally:
        control.post("/database/start").raise_for_status()
    eventually(lambda: publisher.send("GET", "/v1/profile").status_code == 200)
    # A pooler that could not reach the server answers the next one who asks with that, for each login once.
    eventually(lambda: control.post("/schedules/SweepOpenPublications/fire").json()["function_error"] is None)
    eventually(lambda: publisher.call("GET", f"/v1/posts/{post_id}")["status"] == "published")
    assert held_at_tiktok(publisher) == 1
    assert queue(control, "PublishDeadLetters")["messages"] == []


def test_every_schedule_of_the_template_is_deployed_and_does_its_work(control: httpx.Client) -> None:
    document = sam.read(ROOT / "template.yaml")
    expected = {
        name: (event["Properties"]["ScheduleExpression"], event["Properties"]["Input"], function)
        for function in sam.names(document, "AWS::Serverless::Function")
        for name, event in document["Resources"][function]["Properties"].get("Events", {}).items()
        if event["Type"] == "ScheduleV2"
    }
    deployed = control.get("/schedules").json()["schedules"]
    assert {name: (s["expression"], s["input"], s["function"]) for name, s in deployed.items()} == expected
    assert {s["state"] for s in deployed.values()} == {"ENABLED"}
    for name in deployed:
        result = control.post(f"/schedules/{name}/fire").json()
        assert result["function_error"] is None, (name, result, failures(control))
        assert result["payload"]["task"] == json.loads(deployed[name]["input"])["task"]


def test_an_unknown_task_fails_without_a_word_of_it(control: httpx.Client) -> None:
    result = control.post("/functions/MaintainFunction/invoke", json={"task": "very private"}).json()
    assert result["function_error"]
    assert "very private" not in json.dumps(result)
