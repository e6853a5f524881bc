"""What an account can publish at the moment: asked of the platform, told to the person, and what publishing goes by."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Platforms
from tests.api.harness import Answer, Client
from tests.api.test_organizations import Organizations, page
from tests.api.test_publishing import Publisher

__all__ = ["page"]


@pytest.fixture
def publisher(platforms: Platforms) -> Publisher:
    return Publisher(platforms)


def options(publisher: Publisher, name: str, sub: str | None = None) -> Answer:
    client = Client(sub) if sub else publisher.client
    return client.request("connect_callback", "GET", f"/v1/connections/{publisher.connections[name]}/publishing-options")


def told(publisher: Publisher, name: str) -> dict[str, Any]:
    answer = options(publisher, name)
    assert answer.status == 200, answer.text
    return dict(answer.json)


def check(publisher: Publisher, body: dict[str, Any]) -> dict[str, Any]:
    answer = publisher.client.request("publish", "POST", "/v1/posts/check", body={**body, "live": True})
    assert answer.status == 200, answer.text
    return dict(answer.json["targets"][0])


def creator(publisher: Publisher, **settings: Any) -> None:
    """Change the settings of the creator in TikTok's app."""
    memory = publisher.platforms.world.simulators["tiktok"].memory  # type: ignore[attr-defined]
    next(iter(memory.users.values())).update(settings)


def test_a_tiktok_creator_is_shown_with_the_choices_of_the_moment(publisher: Publisher) -> None:
    found = told(publisher, "tiktok")
    assert found["can_publish"]
    assert found["privacy_levels"] == ["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"]
    assert found["name"]
    assert found["avatar_url"].startswith("http")
    assert found["longest_video_s"] == 300
    creator(publisher, comment_disabled=True, private=True, max_video_post_duration_sec=180)
    found = told(publisher, "tiktok")
    assert found["disabled"] == ["comment"]
    assert found["longest_video_s"] == 180
    assert "PUBLIC_TO_EVERYONE" not in found["privacy_levels"]


def test_the_choices_are_stored_nowhere(publisher: Publisher) -> None:
    name = told(publisher, "tiktok")["name"]
    before = publisher.platforms.database.dump()
    assert told(publisher, "tiktok")["name"] == name
    assert publisher.platforms.database.dump() == before


def test_a_live_check_and_publishing_refuse_the_same(publisher: Publisher) -> None:
    creator(publisher, comment_disabled=True, private=True, max_video_post_duration_sec=1)
    media = [{"kind": "video", "url": publisher.platforms.media("clip.mp4")}]
    body = publisher.body("tiktok", media=media)
    body["targets"][0]["options"]["tiktok"] |= {"disable_comment": False}
    problems = check(publisher, body)["problems"]
    assert {(p["field"], p["code"]) for p in problems if p["severity"] == "error"} == {
        ("targets.0.options.tiktok.privacy_level", "not_allowed"),
        ("targets.0.options.tiktok.disable_comment", "disabled_by_account"),
        ("content.media.0", "duration_out_of_range"),
    }
    published = publisher.publish("k1", body)
    assert published.json["targets"][0]["error"]["platform_code"] == "privacy_level_option_mismatch"
    assert publisher.platforms.posts("tiktok") == []


def test_a_creator_who_cannot_post_now_is_told_before_publishing(publisher: Publisher) -> None:
    creator(publisher, banned=True)
    found = told(publisher, "tiktok")
    assert (found["can_publish"], [p["code"] for p in found["problems"]]) == (False, ["posting_blocked"])
    target = check(publisher, publisher.body("tiktok"))
    assert ("targets.0.connection_id", "posting_blocked") in {(p["field"], p["code"]) for p in target["problems"]}
    assert not target["ok"]


def test_a_quota_that_is_used_up_is_told_and_stops_publishing(publisher: Publisher) -> None:
    memory = publisher.platforms.world.simulators["instagram"].memory  # type: ignore[attr-defined]
    memory.settings["quota_total"] = 1
    before = told(publisher, "instagram")
    assert before["quota"] == {"limit": 1, "used": 0, "period_s": 86400}
    assert publisher.publish("k1", publisher.body("instagram")).status == 201
    after = told(publisher, "instagram")
    assert after["quota"]["used"] == 1
    assert (after["can_publish"], [p["code"] for p in after["problems"]]) == (False, ["quota_used"])
    assert [p["code"] for p in check(publisher, publisher.body("instagram"))["problems"]] == ["quota_used"]
    refused = publisher.publish("k2", publisher.body("instagram", text="Another"))
    assert refused.json["targets"][0]["error"]["platform_code"] == "content_publishing_limit"


def test_tasks_of_a_page_and_a_members_permissions_are_told(publisher: Publisher) -> None:
    page = told(publisher, "facebook")
    assert page["can_publish"]
    assert "CREATE_CONTENT" in page["roles"]
    member = told(publisher, "linkedin")
    assert (member["can_publish"], member["roles"]) == (True, [])


def test_roles_in_an_organization_are_those_of_now(page: Organizations) -> None:
    assert told(page, "linkedin")["roles"] == ["ADMINISTRATOR"]
    for member in page.platforms.world.simulators["linkedin"].memory.users.values():  # type: ignore[attr-defined]
        member["organizations"].clear()
    now = told(page, "linkedin")
    assert (now["can_publish"], now["roles"], [p["code"] for p in now["problems"]]) == (False, [], ["role_missing"])


def test_a_platform_that_does_not_answer_is_a_warning_in_a_check(publisher: Publisher) -> None:
    publisher.platforms.fault(platform="facebook", preset="server_error", times=-1)
    assert options(publisher, "facebook").status == 502
    assert options(publisher, "facebook").json["code"] == "options_unavailable"
    target = check(publisher, publisher.body("facebook"))
    assert [(p["code"], p["severity"]) for p in target["problems"]] == [("not_answered", "warning")]
    assert target["ok"]


def test_a_dead_connection_is_told_and_marked(publisher: Publisher) -> None:
    publisher.platforms.fault(platform="facebook", preset="app_removed", times=-1)
    found = told(publisher, "facebook")
    assert (found["can_publish"], [p["code"] for p in found["problems"]]) == (False, ["reauth_required"])


def test_nobody_sees_the_options_of_others(publisher: Publisher) -> None:
    assert options(publisher, "tiktok", "auth0|mallory").status == 404


def test_a_check_asks_no_account_unless_it_is_live(publisher: Publisher) -> None:
    before = len(publisher.platforms.world.journal)
    answer = publisher.client.request("publish", "POST", "/v1/posts/check", body=publisher.body("facebook", "linkedin"))
    assert answer.status == 200
    assert len(publisher.platforms.world.journal) == before
