"""Lost answers: no post is credited to a target that may not have made it, called missing on half a list, or sent twice."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.simulators.lists import Lists
from noillusion.core import clock
from tests.api.conftest import Platforms
from tests.api.harness import Answer
from tests.api.test_publishing import PHOTO, Publisher, jpeg, publisher

__all__ = ["publisher"]

TEXT = "Hello from a test"
INLINE: dict[str, Any] = {"media": [{"data": jpeg(), "content_type": "image/jpeg"}]}
PASS = Callable[[float], None]
COMMITS = {
    "facebook": r"graph.facebook.com/v[0-9.]+/[0-9]+/feed",
    "instagram": "media_publish",
    "linkedin": "rest/posts$",
    "tiktok": "content/init",
}


@pytest.fixture
def wait(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> PASS:
    """Let minutes pass, for the product and for the platforms."""
    passed = 0.0

    def go(minutes: float) -> None:
        nonlocal passed
        passed += minutes
        publisher.platforms.world.clock.offset += minutes * 60
        monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(minutes=passed))

    return go


def seed(publisher: Publisher, name: str, **what: Any) -> str:
    """A post that somebody makes past the product."""
    made: Any = publisher.platforms.world.simulators[name].actions["seed"]({"text": TEXT, **what})
    return str(made["ids"][0])


def lose(publisher: Publisher, name: str, *, arrives: bool, times: int = 1) -> None:
    """Lose the answer to the next commit, or the commit itself."""
    when = "after" if arrives else "before"
    publisher.platforms.fault(platform=name, method="POST", path=COMMITS[name], when=when, drop=True, times=times)


def lost(publisher: Publisher, name: str, key: str = "k", **content: Any) -> dict[str, Any]:
    """Publish; the outcome is unknown. The target."""
    answer = publisher.publish(key, publisher.body(name, **content))
    assert publisher.statuses(answer) == {name: "unknown"}, answer.text
    return dict(answer.json["targets"][0]) | {"post": answer.json["id"]}


def looked(publisher: Publisher, target: dict[str, Any]) -> dict[str, Any]:
    """The target after one more look at the platform."""
    publisher.make_due()
    publisher.advance(target["id"])
    return dict(publisher.read(target["post"])["targets"][0])


def remove(publisher: Publisher, target: dict[str, Any]) -> tuple[bool, str | None]:
    """Delete the post at its platform."""
    answer: Answer = publisher.client.request("publish", "DELETE", f"/v1/posts/{target['post']}")
    return answer.json["targets"][0]["deleted"], answer.json["targets"][0]["reason"]


def notices(publisher: Publisher) -> list[dict[str, Any]]:
    """The data of all notices of outcomes that stay unknown."""
    rows = publisher.platforms.database.fetch("SELECT data FROM notifications WHERE kind = 'publish_unknown'")
    return [json.loads(value) if isinstance(value, str) else value for (value,) in rows]


# ---- somebody else's post


@pytest.mark.parametrize("text", ["", TEXT], ids=["no text", "same text"])
@pytest.mark.parametrize("name", ["facebook", "instagram", "tiktok"])
@pytest.mark.parametrize("arrives", [True, False], ids=["answer lost", "commit lost"])
def test_an_older_post_of_somebody_else_is_never_taken(
    publisher: Publisher, wait: PASS, name: str, text: str, arrives: bool
) -> None:
    other = seed(publisher, name, text=text, photo=True, kind="photo", age_s=20)
    lose(publisher, name, arrives=arrives)
    target = lost(publisher, name, text=text, media=[PHOTO])
    for minutes in (1, 5, 130):
        wait(minutes)
        target |= looked(publisher, target)
    assert target["platform_post_id"] != other and other not in (target["permalink"] or "")
    ours = [post["id"] for post in publisher.platforms.posts(name) if post["id"] != other]
    if target["status"] == "published":
        assert arrives or name == "instagram"  # its container is still there, and is published then
    else:
        # Without text and without a handle nobody can tell; what certainly did not happen is a failure.
        assert target["status"] == ("failed" if name == "facebook" and not arrives else "unknown")
    assert len(ours) == (1 if arrives or name == "instagram" else 0)
    if name == "facebook":
        remove(publisher, target)
        assert other in [post["id"] for post in publisher.platforms.posts(name)]


def test_an_image_without_text_is_known_by_its_photo_and_can_be_deleted(publisher: Publisher, wait: PASS) -> None:
    other = seed(publisher, "facebook", text="", photo=True, age_s=20)
    lose(publisher, "facebook", arrives=True)
    target = lost(publisher, "facebook", text="", **INLINE)
    later = seed(publisher, "facebook", text="", photo=True)
    publisher.platforms.world.lists["facebook"] = Lists(delay_s=3_600)
    wait(1)
    target |= looked(publisher, target)
    assert target["status"] == "published" and target["platform_post_id"] not in (other, later)
    assert remove(publisher, target) == (True, None)
    assert {post["id"] for post in publisher.platforms.posts("facebook")} == {other, later}


def test_a_photo_that_does_not_name_its_post_is_recognized_in_the_list(publisher: Publisher, wait: PASS) -> None:
    lose(publisher, "facebook", arrives=True)
    target = lost(publisher, "facebook", text="", **INLINE)
    seed(publisher, "facebook", text="", photo=True)
    publisher.platforms.fault(platform="facebook", method="GET", path=r"/v[0-9.]+/[0-9]+$", status=200, body={"id": "1"}, times=1)
    wait(1)
    target |= looked(publisher, target)
    assert target["status"] == "published"
    assert remove(publisher, target) == (True, None)
    assert len(publisher.platforms.posts("facebook")) == 1


def test_a_post_found_by_its_text_alone_is_never_deleted(publisher: Publisher, wait: PASS) -> None:
    """The commit never arrived, and the person posted the same words by hand: the words cannot tell the two apart."""
    lose(publisher, "facebook", arrives=False)
    target = lost(publisher, "facebook")
    by_hand = seed(publisher, "facebook")
    wait(1)
    target |= looked(publisher, target)
    assert remove(publisher, target) == (False, "ownership_uncertain" if target["status"] == "published" else "not_published")
    assert [post["id"] for post in publisher.platforms.posts("facebook")] == [by_hand]


def test_the_platforms_own_clock_decides_what_is_older(publisher: Publisher, wait: PASS) -> None:
    publisher.platforms.world.clock.skew = -3_600
    other = seed(publisher, "facebook", age_s=20)
    seed(publisher, "facebook", text="Something between, for a repeat would be refused", age_s=15)
    lose(publisher, "facebook", arrives=True)
    target = lost(publisher, "facebook")
    wait(1)
    target |= looked(publisher, target)
    assert target["status"] == "published" and target["platform_post_id"] != other


# ---- two of our own


@pytest.mark.parametrize("name", ["facebook", "tiktok"])
def test_of_two_lost_commits_with_one_text_neither_takes_the_one_post(publisher: Publisher, wait: PASS, name: str) -> None:
    lose(publisher, name, arrives=True)
    first = lost(publisher, name, "k1", media=[PHOTO]) if name == "tiktok" else lost(publisher, name, "k1")
    lose(publisher, name, arrives=False)
    second = lost(publisher, name, "k2", media=[PHOTO]) if name == "tiktok" else lost(publisher, name, "k2")
    for minutes in (1, 10, 170):
        wait(minutes)
        first |= looked(publisher, first)
        second |= looked(publisher, second)
    assert (first["status"], second["status"]) == ("unknown", "unknown")
    assert (first["platform_post_id"], second["platform_post_id"]) == (None, None)
    assert [data["seen_reason"] for data in notices(publisher)] == ["several_commits", "several_commits"]


def test_a_later_commit_does_not_take_what_an_earlier_one_was_credited_with(publisher: Publisher, wait: PASS) -> None:
    lose(publisher, "facebook", arrives=True)
    first = lost(publisher, "facebook", "k1")
    wait(1)
    first |= looked(publisher, first)
    assert first["status"] == "published"
    lose(publisher, "facebook", arrives=False)
    second = lost(publisher, "facebook", "k2")
    for minutes in (1, 10):
        wait(minutes)
        second |= looked(publisher, second)
    assert (second["status"], second["error"]["retryable"]) == ("failed", True)


def test_a_post_that_was_answered_for_is_out_of_the_question_for_a_lost_commit_before_it(
    publisher: Publisher, wait: PASS
) -> None:
    lose(publisher, "facebook", arrives=False)
    first = lost(publisher, "facebook", "k1")
    second = publisher.publish("k2", publisher.body("facebook")).json["targets"][0]
    assert second["status"] == "published"
    wait(6)
    first |= looked(publisher, first)
    assert (first["status"], first["platform_post_id"]) == ("failed", None)
    assert len(publisher.platforms.posts("facebook")) == 1


def test_another_users_lost_commit_on_the_same_account_counts(platforms: Platforms, wait: PASS, publisher: Publisher) -> None:
    other = Publisher(platforms, "auth0|bob")
    lose(publisher, "facebook", arrives=True)
    mine = lost(publisher, "facebook")
    lose(other, "facebook", arrives=False)
    theirs = lost(other, "facebook")
    wait(1)
    mine |= looked(publisher, mine)
    theirs |= looked(other, theirs)
    assert (mine["status"], theirs["status"]) == ("unknown", "unknown")


def test_a_post_that_another_target_holds_is_refused_by_the_database_and_the_outcome_is_unknown(publisher: Publisher) -> None:
    first = publisher.publish("k1", publisher.body("facebook")).json["targets"][0]
    publisher.platforms.fault(
        platform="facebook", method="POST", path="/feed$", when="after", status=200, body={"id": first["platform_post_id"]}
    )
    second = publisher.publish("k2", publisher.body("facebook", text="Something else"))
    target = second.json["targets"][0]
    assert (target["status"], target["platform_post_id"], target["next_check_at"]) == ("unknown", None, None)
    assert (target["error"]["platform_code"], target["error"]["retryable"]) == ("held_by_another", False)
    assert remove(publisher, {"post": second.json["id"]}) == (False, "not_published")
    assert [data["seen_reason"] for data in notices(publisher)] == ["held_by_another"]
    assert len(publisher.platforms.posts("facebook")) == 2


# ---- lists


@pytest.mark.parametrize("lists", [Lists(paging="time"), Lists(hollow=True)], ids=["by time", "an empty page first"])
@pytest.mark.parametrize("arrives", [True, False], ids=["answer lost", "commit lost"])
def test_a_list_is_read_to_its_end_before_anything_is_missing(
    publisher: Publisher, wait: PASS, lists: Lists, arrives: bool
) -> None:
    lose(publisher, "facebook", arrives=arrives)
    target = lost(publisher, "facebook")
    publisher.platforms.world.lists["facebook"] = lists
    seed(publisher, "facebook", count=60, text="Something else")
    wait(6)
    target |= looked(publisher, target)
    assert target["status"] == ("published" if arrives else "failed")


def test_a_list_that_has_no_end_proves_nothing(publisher: Publisher, wait: PASS) -> None:
    lose(publisher, "facebook", arrives=True)
    target = lost(publisher, "facebook")
    seed(publisher, "facebook", count=400, text="Something else")
    for minutes in (6, 60):
        wait(minutes)
        target |= looked(publisher, target)
    assert (target["status"], target["next_check_at"], target["error"]["retryable"]) == ("unknown", None, False)
    assert [data["seen_reason"] for data in notices(publisher)] == ["not_listed"]


# ---- one attempt


ANYBODY: list[dict[str, Any]] = [
    *({"status": status, "body": "<html>blocked</html>"} for status in (401, 403, 404, 409, 429, 451, 502)),
    *({"status": status, "body": {}} for status in (400, 401, 403, 404, 429)),
    {"status": 200, "body": "<html>ok</html>"},
    {"status": 302, "body": ""},
]


@pytest.mark.parametrize("how", ANYBODY, ids=lambda how: f"{how['status']} {how['body'] or 'empty'}")
@pytest.mark.parametrize("name", COMMITS)
def test_what_anybody_could_have_answered_leaves_a_commit_unknown_and_sent_once(
    publisher: Publisher, name: str, how: dict[str, Any]
) -> None:
    publisher.platforms.fault(platform=name, method="POST", path=COMMITS[name], when="after", times=1, **how)
    lost(publisher, name)
    assert publisher.platforms.requests(name, {"facebook": "/feed", "linkedin": "rest/posts"}.get(name, COMMITS[name])) == 1
    publisher.platforms.world.clock.offset += 60
    assert posted(publisher, name) == 1


def posted(publisher: Publisher, name: str) -> int:
    """How many posts there are once a platform that works on its own has done so."""
    for _ in range(1_000):
        if publisher.platforms.posts(name):
            break
        time.sleep(0.05)
    return len(publisher.platforms.posts(name))


@pytest.mark.parametrize("name", ["facebook", "instagram", "tiktok"])
def test_a_documented_refusal_of_a_commit_is_a_failure_that_can_be_retried(publisher: Publisher, name: str) -> None:
    publisher.platforms.fault(platform=name, method="POST", path=COMMITS[name], preset="rate_limited")
    answer = publisher.publish("k", publisher.body(name))
    assert publisher.statuses(answer) == {name: "failed"}, answer.text
    assert answer.json["targets"][0]["error"]["retryable"] is True
    assert publisher.platforms.posts(name) == []


# ---- giving up


def test_what_nothing_can_find_is_given_up_in_hours_with_growing_gaps_and_a_notice(publisher: Publisher, wait: PASS) -> None:
    lose(publisher, "tiktok", arrives=False)
    target = lost(publisher, "tiktok")
    gaps, minutes = [], 0.0
    while target["next_check_at"] is not None:
        gap = (datetime.fromisoformat(target["next_check_at"]) - clock.now()).total_seconds()
        gaps.append(gap)
        wait(gap / 60)
        minutes += gap / 60
        target |= looked(publisher, target)
    assert target["status"] == "unknown" and 60 <= minutes <= 180
    assert gaps == sorted(gaps) or max(gaps) - gaps[-1] < 5
    assert len(gaps) < 20 and len(notices(publisher)) == 1
    assert publisher.platforms.database.fetch("SELECT text_fingerprint FROM post_targets") == [(None,)]


# ---- what a handle proves while the list lags


@pytest.mark.parametrize("appears", [True, False])
def test_instagram_waits_for_the_id_of_what_its_container_says_is_published(
    publisher: Publisher, wait: PASS, appears: bool
) -> None:
    publisher.platforms.world.lists["instagram"] = Lists(delay_s=120 if appears else 3_600)
    lose(publisher, "instagram", arrives=True)
    target = lost(publisher, "instagram")
    wait(1)
    target |= looked(publisher, target)
    assert (target["status"], target["platform_post_id"], target["error"]) == ("processing", None, None)
    wait(6)
    target |= looked(publisher, target)
    assert target["status"] == "published" and (target["platform_post_id"] is not None) is appears
    assert len(publisher.platforms.posts("instagram")) == 1
