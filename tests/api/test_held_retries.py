"""Retries of posts that Facebook was to hold: they are for the same time, not for now."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.harness import Answer
from tests.api.test_held_posts import DAY, at
from tests.api.test_native_schedules import Desk, desk

__all__ = ["desk"]


def failed(desk: Desk) -> str:
    """A post that Facebook could not be asked to hold."""
    desk.platforms.fault(platform="facebook", status=503, times=-1)
    made = desk.schedule(desk.body())
    desk.platforms.world.faults.clear()
    return str(made.json["targets"][0]["occurrence"]["post_id"])


def retry(desk: Desk, post_id: str, **headers: str) -> Answer:
    body: dict[str, Any] = {"content": {"text": "Later"}}
    return desk.client.request("publish", "POST", f"/v1/posts/{post_id}/retry", body=body, headers=headers)


@pytest.mark.parametrize("prefer", ["", "respond-async"])
def test_what_was_to_be_held_is_handed_over_for_its_time(desk: Desk, prefer: str) -> None:
    post_id = failed(desk)
    due = at(desk.target(post_id))
    answer = retry(desk, post_id, prefer=prefer)
    (target,) = answer.json["targets"]
    assert (answer.status, target["status"], at(target)) == (200, "processing", due), answer.text
    assert (desk.at_facebook()["status"], desk.at_facebook()["live_at"]) == ("scheduled", due.timestamp())
    removal = desk.client.request("publish", "DELETE", f"/v1/posts/{post_id}").json
    assert removal["targets"][0]["deleted"] and desk.platforms.posts("facebook") == []


def test_what_was_to_be_public_by_now_is_published_at_once(desk: Desk) -> None:
    post_id = failed(desk)
    desk.wait(DAY + 60)
    assert retry(desk, post_id).json["status"] == "published"
    assert desk.at_facebook()["status"] != "scheduled"


def test_what_is_due_too_soon_to_be_held_is_refused(desk: Desk) -> None:
    post_id = failed(desk)
    desk.wait(DAY - 60)
    answer = retry(desk, post_id)
    assert (answer.status, answer.json["errors"][0]["field"], answer.json["errors"][0]["code"]) == (
        422,
        "body",
        "out_of_range",
    ), answer.text
    assert desk.platforms.posts("facebook") == []
