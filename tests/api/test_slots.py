"""Scheduling into the next free slot of an account: a slot is given away once, and a move gives it back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from noillusion.scheduling import slot_plans
from tests.api.harness import Answer, Client
from tests.api.test_schedules import Clock, alice, create, get, state, time

__all__ = ["alice", "time"]
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@pytest.fixture(autouse=True)
def plan(alice: Client, time: Clock) -> None:
    """Every day at nine in Berlin."""
    body = {"time_zone": "Europe/Berlin", "slots": [{"weekday": day, "time": "09:00"} for day in DAYS]}
    assert alice.request("calendar", "PUT", f"/v1/connections/{account(alice)}/slots", body=body).status == 200


def account(client: Client, platform: str = "linkedin") -> str:
    return str(client.connections[platform])  # type: ignore[attr-defined]


def queued(client: Client, *platforms: str, key: str | None = None, **fields: Any) -> Answer:
    """Schedule into the next free slot."""
    targets = [{"connection_id": account(client, name)} for name in platforms or ("linkedin",)]
    body = {"next_free_slot": True, "targets": targets, **fields}
    return client.request("schedules", "POST", "/v1/schedules", body=body, headers={"idempotency-key": key or str(uuid4())})


def at(answer: Answer) -> datetime:
    assert answer.status in (200, 201), answer.text
    return datetime.fromisoformat(answer.json["starts_at"])


def test_items_of_a_queue_get_one_slot_after_the_other(alice: Client) -> None:
    answers = [queued(alice) for _ in range(3)]
    local = [datetime.fromisoformat(answer.json["local_starts_at"]) for answer in answers]
    assert [each.hour for each in local] == [9, 9, 9]
    assert [each.date() for each in local] == [local[0].date() + timedelta(days=days) for days in range(3)]
    assert answers[0].json["time_zone"] == "Europe/Berlin"


def test_what_is_scheduled_at_the_time_of_a_slot_takes_it(alice: Client) -> None:
    path = f"/v1/connections/{account(alice)}/slots"
    first = datetime.fromisoformat(alice.request("calendar", "GET", path).json["next_free"]["due_at"])
    assert create(alice, first).status == 201
    assert at(queued(alice)) > first


def test_a_repeat_gets_the_same_slot(alice: Client) -> None:
    first, second = queued(alice, key="k"), queued(alice, key="k")
    assert (first.json["id"], at(first)) == (second.json["id"], at(second))
    assert second.headers["idempotency-replayed"] == "true"


def test_two_requests_at_once_never_get_the_same_slot(alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both looked before either wrote: the second finds its slot taken by the index, and looks again."""
    free, seen = slot_plans.free, list[tuple[datetime, str]]()

    async def look(user_id: str, connection_id: str) -> tuple[datetime, str]:
        found = await free(user_id, connection_id)
        seen.append(found)
        return seen[0] if len(seen) == 2 else found

    monkeypatch.setattr(slot_plans, "free", look)
    first, second = queued(alice), queued(alice)
    assert len(seen) == 3 and at(first) == seen[0][0]
    assert at(second) > at(first)


def test_a_canceled_item_gives_its_slot_back(alice: Client) -> None:
    first = queued(alice)
    assert alice.request("schedules", "DELETE", f"/v1/schedules/{first.json['id']}").status == 204
    assert at(queued(alice)) == at(first)


def test_a_moved_item_gets_the_next_slot_or_a_time_of_its_own_and_gives_its_slot_back(alice: Client) -> None:
    first, second = queued(alice), queued(alice)
    path = f"/v1/schedules/{first.json['id']}"
    moved = alice.request("schedules", "PATCH", path, body={"next_free_slot": True})
    assert at(moved) > at(second)
    assert at(queued(alice)) == at(first)
    own = (at(moved) + timedelta(hours=1)).isoformat()
    assert at(alice.request("schedules", "PATCH", path, body={"due_at": own})) == at(moved) + timedelta(hours=1)
    assert at(queued(alice)) == at(moved)


def test_two_moves_at_once_never_get_the_same_slot(alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = queued(alice), queued(alice)
    free, seen = slot_plans.free, list[tuple[datetime, str]]()

    async def look(user_id: str, connection_id: str) -> tuple[datetime, str]:
        seen.append(await free(user_id, connection_id))
        return (at(second), "UTC") if len(seen) == 1 else seen[-1]

    monkeypatch.setattr(slot_plans, "free", look)
    moved = alice.request("schedules", "PATCH", f"/v1/schedules/{first.json['id']}", body={"next_free_slot": True})
    assert len(seen) == 2 and at(moved) > at(second)


def test_B10_a_queue_moves_nothing_that_is_over(alice: Client, time: Clock) -> None:
    first = queued(alice)
    time.until(at(first) + timedelta(hours=2))
    over = get(alice, first.json["id"])
    assert state(alice, first.json["id"]) == "missed"
    body = {"time_zone": "Europe/Berlin", "slots": [{"weekday": day, "time": "10:00"} for day in DAYS]}
    alice.request("calendar", "PUT", f"/v1/connections/{account(alice)}/slots", body=body)
    moved = alice.request("schedules", "PATCH", f"/v1/schedules/{first.json['id']}", body={"next_free_slot": True})
    assert (moved.status, moved.json["code"]) == (409, "schedule_over")
    assert at(queued(alice)) > at(first)
    assert get(alice, first.json["id"]) == over


def test_a_slot_that_cannot_be_had_is_refused_by_its_field(alice: Client) -> None:
    own = {"due_at": "2030-01-01T09:00:00Z"}

    def told(answer: Answer) -> list[tuple[str, str]]:
        assert answer.status == 422, answer.text
        return [(error["field"], error["code"]) for error in answer.json["errors"]]

    assert told(queued(alice, "tiktok")) == [("next_free_slot", "no_free_slot")]
    assert told(queued(alice, **own)) == [("body", "exactly_one")]
    assert told(queued(alice, next_free_slot=False)) == [("body", "exactly_one")]
    assert told(queued(alice, "linkedin", "tiktok")) == [("body", "slot_alone")]
    assert told(queued(alice, recurrence={"rrule": "FREQ=DAILY"})) == [("body", "slot_alone")]
    scheduled = queued(alice).json["id"]
    for body in ({"next_free_slot": True, **own}, {"next_free_slot": True, "recurrence": {"rrule": "FREQ=DAILY"}}):
        answer = alice.request("schedules", "PATCH", f"/v1/schedules/{scheduled}", body=body)
        assert told(answer) == [("next_free_slot", "slot_alone")]
    assert told(alice.request("schedules", "PATCH", f"/v1/schedules/{scheduled}", body={"due_at": None})) == [("due_at", "null")]
