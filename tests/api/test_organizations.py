"""Organizations of LinkedIn: lost answers are read back from a list that lags, ends early and goes on, and by the image shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.simulators.lists import Lists
from noillusion.core import clock
from noillusion.platforms.linkedin import facts as linkedin
from tests.api.conftest import Platforms
from tests.api.harness import Client
from tests.api.test_publishing import PHOTO, Publisher

COMMIT = {"platform": "linkedin", "method": "POST", "path": "rest/posts$"}
TEXT = "Hello from a test"
PASS = Callable[[float], None]


class Organizations(Publisher):
    """One user with an organization of LinkedIn, through an app that LinkedIn vetted for organizations."""

    def __init__(self, platforms: Platforms) -> None:
        self.platforms, self.client = platforms, Client("auth0|alice")
        accounts = platforms.connect(self.client, "linkedin", wanted=["organizations"])
        (self.account,) = [a["account_id"] for a in accounts if a["display_name"] == "Fenwick Robotics"]
        self.connections = {"linkedin": next(a["id"] for a in accounts if a["account_id"] == self.account)}

    def seed(self, text: str, count: int = 1, age_s: float = 0) -> list[str]:
        """Posts that somebody makes past the product."""
        given = {"text": text, "count": count, "age_s": age_s, "author": f"urn:li:organization:{self.account}"}
        made: Any = self.platforms.world.simulators["linkedin"].actions["seed"](given)
        return list(made["ids"])

    def lost(self, *, arrives: bool, **content: Any) -> dict[str, Any]:
        """Publish without an answer to the commit; the target."""
        self.platforms.fault(**COMMIT, when="after" if arrives else "before", drop=True, times=1)
        answer = self.publish("k", self.body("linkedin", **content))
        assert self.statuses(answer) == {"linkedin": "unknown"}, answer.text
        return dict(answer.json["targets"][0]) | {"post": answer.json["id"]}

    def looked(self, target: dict[str, Any]) -> dict[str, Any]:
        """The target after one more look at the platform."""
        self.make_due()
        self.advance(target["id"])
        return dict(self.read(target["post"])["targets"][0])

    def ours(self) -> list[str]:
        """The URNs of posts that came through the API."""
        return [post["id"] for post in self.platforms.posts("linkedin") if post["text"] != "Seeded"]


@pytest.fixture
def page(platforms: Platforms) -> Organizations:
    """A connected organization."""
    platforms.world.simulators["linkedin"].actions["settings"]({"processing_s": 0})
    return Organizations(platforms)


@pytest.fixture
def wait(platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> PASS:
    """Let minutes pass, for the product and for the platforms."""
    passed = 0.0

    def go(minutes: float) -> None:
        nonlocal passed
        passed += minutes
        platforms.world.clock.offset += minutes * 60
        monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(minutes=passed))

    return go


@pytest.mark.parametrize("lists", [{}, {"short_by": 2}, {"short_by": 9}, {"delay_s": 90}], ids=str)
def test_a_post_whose_answer_was_lost_is_found_behind_newer_ones(page: Organizations, wait: PASS, lists: dict[str, Any]) -> None:
    target = page.lost(arrives=True)
    (urn,) = page.ours()
    wait(1)
    page.seed("Seeded", 9)
    page.platforms.world.lists["linkedin"] = Lists(**lists)
    left = page.looked(target)
    if "delay_s" in lists:
        assert left["status"] == "unknown"
        wait(2)
        left = page.looked(target)
    assert (left["status"], left["platform_post_id"]) == ("published", urn), left
    assert len(page.ours()) == 1


def test_a_commit_that_never_arrived_is_a_failure_only_after_the_whole_list_was_read(page: Organizations, wait: PASS) -> None:
    target = page.lost(arrives=False)
    page.platforms.world.lists["linkedin"] = Lists(short_by=2)
    page.seed("Seeded", 25)
    wait(5)
    assert page.looked(target)["status"] == "unknown"
    wait(10)
    left = page.looked(target)
    assert (left["status"], left["error"]["retryable"]) == ("failed", True), left
    assert page.ours() == []


def test_a_list_longer_than_we_read_proves_nothing(page: Organizations, wait: PASS) -> None:
    target = page.lost(arrives=False)
    wait(1)
    page.seed("Seeded", 10 * linkedin.PAGES_OF_POSTS + 1)
    wait(15)
    assert page.looked(target)["status"] == "unknown"
    wait(120)
    left = page.looked(target)
    assert (left["status"], left["next_check_at"]) == ("unknown", None)
    assert page.platforms.database.fetch("SELECT kind FROM notifications WHERE kind LIKE 'publish%'") == [("publish_unknown",)]


@pytest.mark.parametrize("arrives", [True, False], ids=["answer lost", "commit lost"])
def test_an_older_post_with_the_same_text_is_never_taken(page: Organizations, wait: PASS, arrives: bool) -> None:
    (older,) = page.seed(TEXT, age_s=600)
    target = page.lost(arrives=arrives)
    wait(15)
    left = page.looked(target)
    assert left["status"] == ("published" if arrives else "failed"), left
    assert left["platform_post_id"] != older


def test_of_two_posts_with_the_same_text_neither_is_taken(page: Organizations, wait: PASS) -> None:
    target = page.lost(arrives=True)
    page.seed(TEXT)
    wait(15)
    left = page.looked(target)
    assert (left["status"], left["platform_post_id"]) == ("unknown", None)


@pytest.mark.parametrize("text", ["", TEXT], ids=["no text", "same text"])
def test_an_image_post_is_found_by_the_image_that_it_shows(page: Organizations, wait: PASS, text: str) -> None:
    target = page.lost(arrives=True, media=[PHOTO], text=text)
    (urn,) = page.ours()
    page.seed(text)
    wait(2)
    left = page.looked(target)
    assert (left["status"], left["platform_post_id"]) == ("published", urn), left


def test_an_image_post_that_never_arrived_takes_no_other_post(page: Organizations, wait: PASS) -> None:
    target = page.lost(arrives=False, media=[PHOTO], text="")
    page.seed("Seeded", 3)
    wait(15)
    left = page.looked(target)
    assert (left["status"], left["platform_post_id"]) == ("failed", None), left
    assert page.ours() == []


def test_every_organization_is_offered_however_the_pages_end(page: Organizations) -> None:
    held = [{"id": str(7000 + n), "name": f"Org {n}", "role": "ADMINISTRATOR", "followers": 1} for n in range(23)]
    page.platforms.world.simulators["linkedin"].actions["user"]({"id": "mB7xQ2kPzA", "organizations": held})
    page.platforms.world.lists["linkedin"] = Lists(short_by=3)
    assert len(page.platforms.connect(Client("auth0|bob"), "linkedin", wanted=["organizations"])) == 1 + 23


def test_a_commit_without_the_organization_permission_is_a_certain_refusal(page: Organizations) -> None:
    body = {"status": 400, "message": "Organization Or Events permissions must be used when using organization as author"}
    page.platforms.fault(**COMMIT, status=400, body=body, times=1)
    (target,) = page.publish("k", page.body("linkedin")).json["targets"]
    assert (target["status"], target["error"]["error_class"]) == ("failed", "permission"), target
