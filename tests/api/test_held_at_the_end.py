"""Posts that Facebook holds when their account is disconnected or their user leaves: removed there, or counted in the answer."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from noillusion.core.preconditions import ANY
from noillusion.publishing import withdrawal
from noillusion.publishing.create import create
from noillusion.publishing.filters import Filters
from noillusion.publishing.listing import listing
from noillusion.publishing.models import HeldPostRequest
from noillusion.scheduling import disconnecting, holding
from tests.api.test_held_posts import DAY
from tests.api.test_native_schedules import Desk, desk

__all__ = ["desk"]

Json = dict[str, Any]
KINDS = ("text", "images", "video", "reel")


def scheduled(desk: Desk, *kinds: str) -> list[str]:
    made = [desk.schedule(desk.body(kind), f"k{number}") for number, kind in enumerate(kinds)]
    assert [answer.status for answer in made] == [201] * len(kinds)
    return [answer.json["id"] for answer in made]


def disconnect(desk: Desk) -> tuple[int, int]:
    answer = desk.client.request("connect_callback", "DELETE", f"/v1/connections/{desk.connection}")
    assert answer.status == 200, answer.text
    return answer.json["removed_posts"], answer.json["held_posts"]


def leave(desk: Desk) -> list[tuple[int, int]]:
    """Delete the account; what the receipt says of posts that were held, of the connections that had any."""
    answer = desk.client.request("profile", "DELETE", "/v1/profile")
    assert answer.status == 200, answer.text
    status = desk.client.request("profile", "GET", f"/v1/profile/deletion/{answer.json['code']}").json
    assert status["revocations"] == answer.json["revocations"]
    told = [(each["removed_posts"], each["held_posts"]) for each in status["revocations"]]
    return [pair for pair in told if pair != (0, 0)]


def refused(desk: Desk) -> None:
    desk.platforms.fault(platform="facebook", method="DELETE", path="_[0-9]+$", preset="security_check", times=-1)


def held(desk: Desk) -> int:
    return sum(post["status"] == "scheduled" for post in desk.platforms.posts("facebook"))


def test_disconnecting_removes_what_facebook_holds_and_ends_its_schedules(desk: Desk) -> None:
    schedules = scheduled(desk, *KINDS)
    assert disconnect(desk) == (len(KINDS), 0)
    assert desk.platforms.posts("facebook") == []
    assert [(desk.read(each)["state"], desk.read(each)["code"]) for each in schedules] == [("canceled", "canceled")] * len(KINDS)
    assert desk.ask_for("GET", f"/v1/schedules/{schedules[0]}").json["status"] == "ended"
    desk.wait(2 * DAY)
    desk.work()
    assert desk.all_notices() == []


def test_what_facebook_does_not_remove_is_told_and_keeps_nobody_connected(desk: Desk) -> None:
    scheduled(desk, "text", "text")
    refused(desk)
    assert disconnect(desk) == (0, 2)
    assert held(desk) == 2
    assert desk.client.request("connect_callback", "GET", f"/v1/connections/{desk.connection}").status == 404


def test_nothing_is_sent_with_a_token_that_does_not_work_any_more(desk: Desk) -> None:
    scheduled(desk, "text")
    desk.platforms.database.execute("UPDATE platform_connections SET status = 'reauth_required', status_reason = 'token_refused'")
    before = list(desk.platforms.world.journal)
    assert disconnect(desk) == (0, 1)
    assert not [
        e for e in list(desk.platforms.world.journal)[len(before) :] if e.method == "DELETE" and "_" in e.path.rpartition("/")[2]
    ]


def test_a_condition_that_does_not_hold_removes_nothing(desk: Desk) -> None:
    scheduled(desk, "text")
    path, headers = f"/v1/connections/{desk.connection}", {"if-match": '"another"'}
    assert desk.client.request("connect_callback", "DELETE", path, headers=headers).status == 412
    assert held(desk) == 1


@pytest.mark.parametrize("end", [disconnect, leave])
def test_removing_takes_a_bounded_time_and_the_rest_is_told(
    desk: Desk,
    end: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scheduled(desk, "text", "text")
    monkeypatch.setattr(withdrawal, "MOST_S", 0.0)
    assert end(desk) in ((0, 2), [(0, 2)])
    assert held(desk) == 2


def test_leaving_removes_what_facebook_holds_even_if_an_answer_is_lost(desk: Desk) -> None:
    scheduled(desk, *KINDS)
    desk.platforms.fault(platform="facebook", method="DELETE", path="_[0-9]+$", when="after", drop=True)
    assert leave(desk) == [(len(KINDS), 0)]
    assert desk.platforms.posts("facebook") == []


def test_the_receipt_tells_what_facebook_still_holds(desk: Desk) -> None:
    scheduled(desk, "text")
    refused(desk)
    assert leave(desk) == [(0, 1)]
    assert held(desk) == 1 and desk.platforms.database.fetch("SELECT count(*) FROM post_targets") == [(0,)]


def test_what_facebook_is_being_asked_to_hold_is_told_to_be_left(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []

    async def meanwhile(user_id: str, key: str, request: HeldPostRequest, deadline: float) -> Any:
        task = asyncio.ensure_future(create(user_id, key, request, deadline))
        while [post.targets[0].status for post in (await listing(user_id, Filters(), None, 1, key)).items] != ["committing"]:
            await asyncio.sleep(0.01)
        told.append((await disconnecting.disconnect(user_id, desk.connection, ANY, deadline)).held_posts)
        return await task

    monkeypatch.setattr(holding, "create", meanwhile)
    desk.platforms.fault(platform="facebook", method="POST", path="/feed$", delay_ms=1_500)
    assert desk.schedule(desk.body()).status == 201
    assert (told, held(desk)) == ([1], 1)
