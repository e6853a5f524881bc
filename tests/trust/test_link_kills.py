"""A function is killed (SIGKILL) while it publishes what came through a link of one use, also between publishing and settling.

What became public counts as published, and the link is over. What did not is published once by the link again, or is missed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from tests.api.harness import event
from tests.api.test_held_posts import HOUR
from tests.api.test_native_schedules import Desk, desk
from tests.trust import ENGINES, LONG
from tests.trust.rig import unique
from tests.trust.table import Table
from tests.trust.test_kills import Victim, victims

__all__ = ["desk"]
pytestmark = pytest.mark.timeout(1_800 if LONG else 600)

CHOSEN = 3
"""Instants of the short form besides the last three, which lie behind the publication."""
AHEAD_S = 30.0
LEASE_OVER_S = 60.0
CLAIM_S = 91.0
"""When an occurrence is looked at again whose message came before its turn."""
STEPS_S = (60, 300, 1_200, HOUR, HOUR)


@dataclass
class Link:
    """An occurrence of which its user was told, and what is sent through its link."""

    schedule: str
    path: str
    text: str

    def event(self) -> dict[str, Any]:
        """The request, which needs no token."""
        return event("POST", self.path, function="schedules", body={"content": {"text": self.text}})


def told(desk: Desk, number: int) -> list[Link]:
    """So many occurrences that are due now."""
    due = (desk.now() + timedelta(seconds=AHEAD_S)).isoformat()
    body = {"due_at": due, "targets": [{"connection_id": desk.connection, "way": "notify"}]}
    made = [desk.schedule(body, unique(["link"])) for _ in range(number)]
    assert {answer.status for answer in made} == {201}
    ids = [str(answer.json["id"]) for answer in made]
    # Only here, and for the platforms; the function that is killed does not ask for the time.
    desk.wait(AHEAD_S)
    while any(desk.read(each)["state"] == "pending" for each in ids):
        desk.wait(CLAIM_S)
        desk.work()
    assert {desk.read(each)["state"] for each in ids} == {"notified"}
    return [Link(each, str(desk.read(each)["link"]), unique(["Through a link"])) for each in ids]


def instants(hire: Callable[[], Victim], link: Link) -> int:
    """How many instants the request has undisturbed."""
    victim = hire()
    victim.begin(link.event())
    said = victim.end()
    assert said is not None and said["status"] == 201, said
    return len(said["instants"])


def mark(desk: Desk, link: Link) -> str:
    posts = [post for post in desk.platforms.posts("facebook") if post["text"] == link.text]
    state = desk.read(link.schedule)["state"]
    if len(posts) > 1:
        return "DUPLICATE!"
    if state not in ("published", "missed"):
        return f"{state.upper()}!"
    if bool(posts) == (state == "published"):
        return str(state)
    return "LOST!" if posts else "FALSE-PUBLISHED!"


@pytest.mark.parametrize("deployment", ENGINES, indirect=True)
def test_a_killed_function_publishes_what_a_link_was_sent_once_and_says_so(desk: Desk, table: Callable[[str], Table]) -> None:
    shown = table(f"kills of links on {desk.platforms.database.engine}")
    with victims("schedules") as hire:
        (first,) = told(desk, 1)
        number = instants(hire, first)
        step = 1 if LONG else max(1, number // CHOSEN)
        points = [*range(1, number - 2, step), number - 2, number - 1, number]
        links = told(desk, len(points))
        for point, link in zip(points, links, strict=True):
            victim = hire()
            victim.begin(link.event(), point)
            assert victim.end() is None
    again = links[::2]
    desk.wait(LEASE_OVER_S)
    for _ in links:
        # Of one account, one after the other.
        desk.wait(CLAIM_S)
        desk.work()
    for link in again:
        answer = desk.client.request("schedules", "POST", link.path, body={"content": {"text": link.text}})
        assert (answer.status, answer.json.get("code")) in ((201, None), (409, "link_over")), answer.text
    for seconds in STEPS_S:
        desk.wait(seconds)
        desk.work()
    marks = {link.schedule: mark(desk, link) for link in links}
    for link in links:
        shown.add("the link again" if link in again else "the clock alone", "link", marks[link.schedule])
    assert not [each for each in marks.values() if "!" in each], marks
    assert {marks[link.schedule] for link in again} == {"published"}
    # The last instants lie behind the answer of the platform.
    assert {marks[link.schedule] for link in links[-3:]} == {"published"}
