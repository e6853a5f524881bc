"""Queues, their consumers, dead letters and schedules, over the control API and with boto3 as functions use it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import boto3
import httpx
import pytest

from local.aws.services import interval_s
from local.testing import Running

Received = Callable[[], list[dict[str, Any]]]


def send(stub: Running, *messages: dict[str, Any], delay_s: int = 0) -> None:
    """As a function would: with boto3 and the address it is given."""
    sqs = boto3.client(
        "sqs", endpoint_url=stub.description["aws_endpoint"], region_name="eu-central-1",
        aws_access_key_id="local", aws_secret_access_key="local",
    )  # fmt: skip
    entries: list[Any] = [{"Id": str(n), "MessageBody": json.dumps(m), "DelaySeconds": delay_s} for n, m in enumerate(messages)]
    sqs.send_message_batch(QueueUrl=stub.runtime.queues.addresses["Work"]["Ref"], Entries=entries)
    sqs.close()


def wait_for(condition: Callable[[], Any], seconds: float = 150) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.1)
    raise AssertionError("it did not happen in time")


def deliveries(received: Received, marker: str) -> list[float]:
    records = [(r["at"], record) for r in received() for record in r["event"].get("Records", ())]
    return [at for at, record in records if json.loads(record["body"]).get("marker") == marker]


def queue(control: httpx.Client, name: str) -> dict[str, Any]:
    state: dict[str, Any] = control.get("/queues").json()["queues"][name]
    return state


def empty(control: httpx.Client) -> bool:
    return all(queue(control, "Work")[kind] == 0 for kind in ("visible", "in_flight", "delayed"))


def test_message_is_delivered_once_and_deleted(stub: Running, control: httpx.Client, received: Received) -> None:
    send(stub, {"do": "ok", "marker": "once"})
    wait_for(lambda: deliveries(received, "once"))
    wait_for(lambda: empty(control))
    time.sleep(1.5)  # longer than the visibility timeout
    assert len(deliveries(received, "once")) == 1
    (record,) = received()[0]["event"]["Records"]
    assert record["eventSource"] == "aws:sqs"
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert record["eventSourceARN"].endswith("-Work")


def test_delayed_message_comes_after_its_delay(stub: Running, control: httpx.Client, received: Received) -> None:
    sent = time.time()
    send(stub, {"do": "ok", "marker": "delayed"}, delay_s=2)
    assert queue(control, "Work")["delayed"] == 1
    (at,) = wait_for(lambda: deliveries(received, "delayed"))
    assert at - sent >= 1.9


def test_only_the_failed_message_of_a_batch_comes_again_and_ends_in_the_dead_letters(
    stub: Running, control: httpx.Client, received: Received
) -> None:
    send(stub, {"do": "ok", "marker": "good"}, {"do": "fail", "marker": "bad"})
    wait_for(lambda: any("bad" in body for body in queue(control, "Dead")["messages"]))
    first, second = deliveries(received, "bad")
    assert second - first >= 0.9  # the visibility timeout
    assert len(deliveries(received, "good")) == 1
    assert empty(control)


def test_failing_function_brings_the_whole_batch_again(stub: Running, control: httpx.Client, received: Received) -> None:
    send(stub, {"do": "raise", "marker": "raised"})
    wait_for(lambda: any("raised" in body for body in queue(control, "Dead")["messages"]))
    assert len(deliveries(received, "raised")) == 2


def test_schedule_hands_over_its_input_and_nothing_else(control: httpx.Client, received: Received) -> None:
    fired = control.post("/schedules/Tick/fire")
    assert fired.json() == {"function_error": None, "payload": {"done": "tick"}}
    assert received()[-1]["event"] == {"task": "tick"}
    described = {schedule["name"]: schedule for schedule in control.get("/schedules").json()["schedules"]}
    assert described["Tick"]["expression"] == "rate(1 minute)"
    assert described["Tick"]["function"] == "Worker"
    assert described["Tick"]["last_run"]["done"] is True
    assert described["Tick"]["last_run"]["at"] == pytest.approx(time.time(), abs=10)


def test_failing_schedule_says_so(control: httpx.Client) -> None:
    fired = control.post("/schedules/Nightly/fire").json()
    assert fired["function_error"] == "Unhandled"
    assert fired["payload"]["errorMessage"] == "the task failed"
    assert control.post("/schedules/Nobody/fire").status_code == 404


@pytest.mark.parametrize(
    ("expression", "seconds"),
    [("rate(5 minutes)", 300), ("rate(1 hour)", 3600), ("rate(1 day)", 86400), ("cron(0 3 * * ? *)", None)],
)
def test_rates(expression: str, seconds: int | None) -> None:
    assert interval_s(expression) == seconds


def test_control_invokes_and_kills(control: httpx.Client) -> None:
    answer = control.post("/functions/Echo/invoke", json={"queryStringParameters": {"do": "sleep", "s": "0"}}).json()
    assert answer["function_error"] is None
    assert answer["payload"]["pid"] in control.get("/functions").json()["functions"]["Echo"]["environments"]
    assert control.post("/environments/kill", json={"function": "Echo"}).json()["killed"] >= 1
    again = control.post("/functions/Echo/invoke", json={"queryStringParameters": {"do": "sleep", "s": "0"}}).json()
    assert again["payload"]["pid"] != answer["payload"]["pid"]
    assert control.post("/functions/Nobody/invoke", json={}).status_code == 404
    assert control.post("/environments/kill", json={"function": "Nobody"}).status_code == 404
