"""Schedules that are changed while something of them is under way: what was answered holds, and nothing goes out twice."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from noillusion.core import clock
from noillusion.core.preconditions import ANY
from noillusion.db import Actor, database
from noillusion.publishing import leases
from noillusion.publishing.models import PostRequest
from noillusion.scheduling import changing, holding, run_store
from noillusion.scheduling.faults import ScheduleFault
from noillusion.scheduling.links import path_of
from noillusion.scheduling.models import SchedulePatch
from noillusion.scheduling.rows import OccurrenceRow, TargetRow
from tests.api.conftest import Platforms
from tests.api.harness import Answer, Client, Context, load
from tests.api.test_schedules import ALICE, Clock, Written, alice, change, create, get, send, state, time, told, written
from tests.support.databases import Store

__all__ = ["alice", "time", "written"]


def act(client: Client, schedule: str, name: str) -> Answer:
    """Pause, resume or publish now."""
    return client.request("schedules", "POST", f"/v1/schedules/{schedule}/{name}")


def occurrences(deployment: Store) -> list[str]:
    """The states of all occurrences, in the order of their local times."""
    return [row[0] for row in deployment.fetch("SELECT state FROM schedule_occurrences ORDER BY local_due, created_at")]


def test_what_is_paused_during_an_attempt_is_not_tried_again(
    alice: Client, platforms: Platforms, time: Clock, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = time.now + timedelta(minutes=2)
    schedule = create(alice, due).json["id"]
    found = written.content

    async def paused_meanwhile(occurrence: OccurrenceRow, target: TargetRow, deadline: float) -> PostRequest:
        monkeypatch.setattr(written, "content", found)
        await changing.pause(ALICE, schedule)
        raise ScheduleFault("source_unreachable", transient=True)

    monkeypatch.setattr(written, "content", paused_meanwhile)
    time.until(due + timedelta(minutes=10))
    assert (platforms.posts("linkedin"), state(alice, schedule)) == ([], "paused")
    assert act(alice, schedule, "resume").status == 200
    time.until(time.now + timedelta(minutes=2))
    assert (len(platforms.posts("linkedin")), state(alice, schedule)) == (1, "published")


def test_what_is_published_now_although_its_schedule_is_paused_is_tried_again(
    alice: Client, platforms: Platforms, time: Clock, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule = create(alice, time.now + timedelta(days=1)).json["id"]
    found = written.content

    async def unreachable(occurrence: OccurrenceRow, target: TargetRow, deadline: float) -> PostRequest:
        monkeypatch.setattr(written, "content", found)
        raise ScheduleFault("source_unreachable", transient=True)

    monkeypatch.setattr(written, "content", unreachable)
    assert (act(alice, schedule, "pause").status, act(alice, schedule, "publish-now").status) == (200, 202)
    time.until(time.now + timedelta(minutes=3))
    assert (len(platforms.posts("linkedin")), state(alice, schedule)) == (1, "published")


def test_what_was_published_early_does_not_come_again_when_an_earlier_one_is_settled(
    alice: Client, platforms: Platforms, time: Clock, deployment: Store
) -> None:
    due = time.now + timedelta(minutes=2)
    schedule = create(alice, due, recurrence={"rrule": "FREQ=DAILY;COUNT=2"}, grace_minutes=1_440).json["id"]
    time.until(due + timedelta(seconds=30))
    (first,) = (row[0] for row in deployment.fetch("SELECT id FROM schedule_occurrences WHERE state = 'notified'"))
    assert act(alice, schedule, "publish-now").status == 202
    time.run()
    assert occurrences(deployment) == ["notified", "notified"]
    assert send(path_of(str(first)), "The first one").status == 201
    assert occurrences(deployment) == ["published", "notified"]


def test_what_was_published_early_does_not_come_again_after_a_pause(
    alice: Client, platforms: Platforms, time: Clock, deployment: Store
) -> None:
    due = time.now + timedelta(days=1)
    schedule = create(alice, due, recurrence={"rrule": "FREQ=DAILY;COUNT=1"}, grace_minutes=1_440).json["id"]
    assert act(alice, schedule, "publish-now").status == 202
    time.run()
    assert (act(alice, schedule, "pause").status, act(alice, schedule, "resume").status) == (200, 200)
    assert occurrences(deployment) == ["notified"]


def test_a_link_is_over_with_the_grace_also_before_the_miss_is_recorded(alice: Client, platforms: Platforms, time: Clock) -> None:
    schedule, link = told(alice, time)
    time.now += timedelta(minutes=62)
    load("maintain").handler({"task": "schedules"}, Context(60))
    answer = send(link, "Too late")
    assert (answer.status, answer.json["code"], platforms.posts("linkedin")) == (409, "link_over", [])
    occurrence = get(alice, schedule)["targets"][0]["occurrence"]
    assert (occurrence["state"], occurrence["code"]) == ("missed", "not_sent")
    notices = alice.request("profile", "GET", "/v1/notifications", query={"kind": "schedule_missed"}).json["items"]
    assert len(notices) == 1


def test_a_resumed_schedule_publishes_the_time_that_is_within_its_grace(
    alice: Client, platforms: Platforms, time: Clock, written: Written, deployment: Store
) -> None:
    due = time.now + timedelta(hours=1)
    schedule = create(alice, due, recurrence={"rrule": "FREQ=DAILY"}, grace_minutes=60).json["id"]
    assert act(alice, schedule, "pause").status == 200
    time.now = due + timedelta(days=2, minutes=30)
    assert act(alice, schedule, "resume").status == 200
    time.until(time.now + timedelta(minutes=2))
    assert len(platforms.posts("linkedin")) == 1
    assert occurrences(deployment) == ["skipped", "published", "pending"]


def test_what_begins_to_be_published_during_a_change_is_not_answered_as_changed(
    alice: Client, time: Clock, written: Written, monkeypatch: pytest.MonkeyPatch, deployment: Store
) -> None:
    due = time.now + timedelta(minutes=1)
    schedule = create(alice, due).json["id"]
    others = holding.change

    async def begins(*given: Any) -> None:
        await others(*given)
        lease, (row,) = leases.new(clock.monotonic() + 20), deployment.fetch("SELECT id FROM schedule_occurrences")
        await database().flight(Actor(ALICE), run_store.take(ALICE, str(row[0]), lease.owner, lease.since, lease.until))

    monkeypatch.setattr(holding, "change", begins)
    time.now = due
    answer = change(alice, schedule, due_at=(due + timedelta(days=1)).isoformat())
    assert (answer.status, answer.json.get("code"), state(alice, schedule)) == (409, "schedule_running", "running")
    assert get(alice, schedule)["starts_at"] == due.isoformat().replace("+00:00", "Z")


@pytest.mark.parametrize("step", ["refuse", "change"])
def test_a_change_that_comes_too_late_changes_nothing(
    step: str, alice: Client, time: Clock, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = time.now + timedelta(hours=1)
    schedule, first, second = create(alice, due).json["id"], due + timedelta(days=1), due + timedelta(days=2)
    others = getattr(holding, step)

    async def meanwhile(*given: Any) -> None:
        monkeypatch.setattr(holding, step, others)
        await others(*given)
        time.now += timedelta(milliseconds=1)
        patch = SchedulePatch.model_validate({"due_at": first.isoformat()})
        await changing.change(ALICE, schedule, patch, ANY, clock.monotonic() + 20)

    monkeypatch.setattr(holding, step, meanwhile)
    answer = change(alice, schedule, due_at=second.isoformat())
    assert (answer.status, answer.json["code"]) == (409, "changed_at_once")
    shown = get(alice, schedule)
    assert shown["targets"][0]["occurrence"]["due_at"] == shown["starts_at"] == first.isoformat().replace("+00:00", "Z")


def test_what_was_sent_through_a_link_and_failed_while_it_was_looked_up_is_told_as_failed(
    alice: Client, platforms: Platforms, time: Clock
) -> None:
    due = time.now + timedelta(minutes=2)
    schedule = create(alice, due, "facebook").json["id"]
    time.until(due + timedelta(seconds=30))
    platforms.fault(platform="facebook", method="POST", path="/feed$", when="before", drop=True)
    sent = send(get(alice, schedule)["targets"][0]["occurrence"]["link"], "What I wanted to say")
    assert (sent.status, sent.json["status"], state(alice, schedule)) == (201, "unknown", "processing"), sent.text
    target = str(platforms.database.fetch("SELECT id FROM post_targets")[0][0])
    for minutes in (6, 12, 20, 40):
        time.until(due + timedelta(minutes=minutes))
        platforms.world.clock.offset = (time.now - datetime.now(UTC)).total_seconds()
        body = json.dumps({"user_id": ALICE, "target_id": target})
        load("publish").handler({"Records": [{"messageId": str(uuid4()), "body": body}]}, Context(29))
    time.until(due + timedelta(minutes=90))
    occurrence = get(alice, schedule)["targets"][0]["occurrence"]
    assert (occurrence["state"], occurrence["code"]) == ("failed", "publish_failed"), occurrence


@pytest.mark.parametrize("part", ["recurrence", "targets"])
def test_what_was_published_early_does_not_come_again_after_a_change(
    part: str, alice: Client, time: Clock, written: Written
) -> None:
    due = (time.now + timedelta(days=1)).replace(hour=12, minute=0, second=0)
    schedule = create(alice, due, recurrence={"rrule": "FREQ=DAILY"}).json["id"]
    assert act(alice, schedule, "publish-now").status == 202
    time.run()
    following = get(alice, schedule)["targets"][0]["occurrence"]["due_at"]
    account = alice.connections["facebook"]  # type: ignore[attr-defined]
    given = {
        "recurrence": {"exdates": [f"{(due + timedelta(days=9)):%Y-%m-%dT%H:%M:%S}"]},
        "targets": [{"connection_id": account}],
    }
    answer = change(alice, schedule, **{part: given[part]})
    assert answer.status == 200, answer.text
    assert answer.json["targets"][0]["occurrence"]["due_at"] == following


def test_a_recurrence_ends_with_the_account_that_was_disconnected(
    alice: Client, time: Clock, written: Written, deployment: Store
) -> None:
    due = time.now + timedelta(minutes=5)
    schedule = create(alice, due, recurrence={"rrule": "FREQ=DAILY"}).json["id"]
    account = alice.connections["linkedin"]  # type: ignore[attr-defined]
    assert alice.request("connect_callback", "DELETE", f"/v1/connections/{account}").status == 200
    time.until(due + timedelta(minutes=1))
    assert occurrences(deployment) == ["failed"] and get(alice, schedule)["status"] == "ended"
