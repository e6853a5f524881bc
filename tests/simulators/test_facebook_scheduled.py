"""Scheduled publishing of the simulated Facebook, as platforms.md 1.3 describes it: windows, lists, edits, and its own clock."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulators.graph_api import DAY, PAGE, Api, error_of
from tests.simulators.test_facebook import reel

PLAN = {"published": "false", "unpublished_content_type": "SCHEDULED"}
REEL = {"upload_phase": "finish", "video_state": "SCHEDULED"}


def now(page: Api) -> int:
    return int(page.world.clock.now())


def later(page: Api, seconds: int = 3600, **form: Any) -> str:
    sent = page.post(f"{PAGE}/feed", **{"message": "later", **PLAN, "scheduled_publish_time": now(page) + seconds, **form})
    return str(sent.json()["id"])


def listed(page: Api, edge: str = "scheduled_posts") -> list[str]:
    return [row["id"] for row in page.get(f"{PAGE}/{edge}").json()["data"]]


@pytest.mark.parametrize(("edge", "latest"), [("feed", 30 * DAY), ("videos", 183 * DAY), ("video_reels", 29 * DAY)])
def test_each_endpoint_takes_times_within_its_own_window(page: Api, edge: str, latest: int) -> None:
    taken = []
    for ahead in (590, 605, latest - 5, latest + 5):
        form: dict[str, Any] = {"scheduled_publish_time": now(page) + ahead}
        match edge:
            case "feed":
                form |= {"message": f"in {ahead}", **PLAN}
            case "videos":
                form |= {"file_url": page.media("clip.mp4"), **PLAN}
            case _:
                form |= {"video_id": reel(page, "clip.mp4"), **REEL}
        answer = page.post(f"{PAGE}/{edge}", **form)
        taken.append(answer.status_code == 200)
        assert taken[-1] or error_of(answer) == (100, None)
    assert taken == [False, True, True, False]


def test_photos_of_a_scheduled_post_must_be_temporary_and_tell_their_post_at_once(page: Api) -> None:
    photo = page.post(f"{PAGE}/photos", url=page.media("photo.jpg"), published="false", temporary="true").json()["id"]
    post = later(page, attached_media=f'[{{"media_fbid": "{photo}"}}]')
    assert page.get(f"/{photo}", fields="page_story_id").json()["page_story_id"] == post


def test_a_scheduled_post_tells_its_time_and_is_not_public(page: Api) -> None:
    post = later(page)
    seen = page.get(f"/{post}", fields="is_published,scheduled_publish_time").json()
    assert seen == {"id": post, "is_published": False, "scheduled_publish_time": now(page) + 3600}
    assert (listed(page), listed(page, "published_posts"), listed(page, "feed")) == ([post], [], [])
    page.pass_time(3600)
    assert (listed(page), listed(page, "published_posts")) == ([], [post])
    assert page.get(f"/{post}", fields="is_published,scheduled_publish_time").json()["is_published"] is True


def test_text_and_time_of_a_scheduled_post_can_be_changed_within_the_window(page: Api) -> None:
    post = later(page)
    at = now(page) + 7200
    assert page.post(f"/{post}", message="another", scheduled_publish_time=at).json() == {"success": True}
    page.pass_time(3700)
    assert listed(page) == [post]
    for wrong in (now(page) + 500, now(page) + 31 * DAY, "soon"):
        assert error_of(page.post(f"/{post}", message="third", scheduled_publish_time=wrong)) == (100, None)
    page.pass_time(3600)
    (shown,) = page.state()["posts"]
    assert (shown["status"], shown["text"]) == ("published", "another")
    assert error_of(page.post(f"/{post}", scheduled_publish_time=now(page) + 3600)) == (100, None)


def test_a_scheduled_post_that_is_deleted_never_appears(page: Api) -> None:
    post = later(page)
    assert page.delete(f"/{post}").json() == {"success": True}
    assert error_of(page.delete(f"/{post}")) == (100, 33)
    page.pass_time(3700)
    assert (listed(page), listed(page, "published_posts")) == ([], [])


@pytest.mark.parametrize("kind", ["video", "reel"])
def test_a_scheduled_video_or_reel_is_ready_and_waits_for_its_time(page: Api, kind: str) -> None:
    at = now(page) + 3600
    if kind == "reel":
        video = reel(page, "clip.mp4")
        assert page.post(f"{PAGE}/video_reels", video_id=video, scheduled_publish_time=at, **REEL).json() == {"success": True}
    else:
        form = {"file_url": page.media("clip.mp4"), "scheduled_publish_time": at, **PLAN}
        video = page.post(f"{PAGE}/videos", **form).json()["id"]
    page.pass_time(60)
    seen = page.get(f"/{video}", fields="status,published,scheduled_publish_time").json()
    assert seen["status"]["video_status"] == "ready" and seen["status"]["publishing_phase"]["publish_status"] == "scheduled"
    assert (seen["published"], seen["scheduled_publish_time"]) == (False, at)
    assert page.post(f"/{video}", description="another", scheduled_publish_time=at + 3600).json() == {"success": True}
    page.pass_time(3600)
    assert page.get(f"/{video}", fields="published").json()["published"] is False
    page.pass_time(3600)
    assert page.get(f"/{video}", fields="published,description").json() == {
        "id": video,
        "published": True,
        "description": "another",
    }


def test_a_scheduled_reel_can_be_published_now(page: Api) -> None:
    video = reel(page, "clip.mp4")
    page.post(f"{PAGE}/video_reels", video_id=video, scheduled_publish_time=now(page) + 3600, **REEL)
    page.pass_time(10)
    assert page.post(f"/{video}", published="true").json() == {"success": True}
    assert page.get(f"/{video}", fields="status").json()["status"]["publishing_phase"]["publish_status"] == "published"


@pytest.mark.parametrize(
    ("act", "left"),
    [({"at": 0}, ["published"]), ({"draft": True}, ["draft"]), ({"remove": True}, [])],
)
def test_a_person_moves_unschedules_or_removes_a_scheduled_post(page: Api, act: dict[str, Any], left: list[str]) -> None:
    page.act("change_scheduled", id=later(page), **act)
    assert [post["status"] for post in page.state()["posts"]] == left
