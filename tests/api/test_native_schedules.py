"""Schedules whose posts Facebook holds, over HTTP: handed over at once, shown, changed, published now, deleted, and followed."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest

from noillusion.core.errors import Conflict
from noillusion.core.preconditions import ANY
from noillusion.core.sensitive import Content
from noillusion.publishing.create import create
from noillusion.publishing.filters import Filters
from noillusion.publishing.listing import listing
from noillusion.publishing.models import HeldPostRequest
from noillusion.scheduling import changing, holding, settling
from noillusion.scheduling import queue as messages
from noillusion.scheduling.listing import listing as schedules
from noillusion.scheduling.models import SchedulePatch
from tests.api.conftest import Platforms
from tests.api.harness import Answer, Client, Context, load
from tests.api.test_held_posts import DAY, HOUR, KINDS, Planner, at, every_kind

Json = dict[str, Any]


class Desk(Planner):
    """A person who schedules on a Page."""

    queued: list[str]
    """Messages of the queue of what is due."""

    def body(self, kind: str = "text", ahead: float = DAY, **more: Any) -> Json:
        told = KINDS[kind]
        content = {**told["content"]}
        content["media"] = [self._item(item) for item in content.get("media", [])]
        target = {"connection_id": self.connection, "way": "native", "content": content, "kind": told.get("kind")}
        due = (self.now() + timedelta(seconds=ahead)).replace(microsecond=0)
        return {"due_at": due.isoformat(), "time_zone": "Europe/Berlin", "targets": [target], **more}

    def schedule(self, body: Json, key: str = "k1") -> Answer:
        return self.ask_for("POST", "/v1/schedules", body=body, headers={"idempotency-key": key})

    def ask_for(self, method: str, path: str, **more: Any) -> Answer:
        return self.client.request("schedules", method, path, **more)

    def read(self, schedule_id: str) -> Json:
        (target,) = self.ask_for("GET", f"/v1/schedules/{schedule_id}").json["targets"]
        return dict(target["occurrence"])

    def work(self) -> None:
        """The sweep of publications and the clock of schedules, which delivers what it finds."""
        self.sweep()
        self.queued.clear()
        load("maintain").handler({"task": "schedules"}, Context(60))
        for message in list(self.queued):
            record = {"messageId": "m1", "body": message}
            assert load("schedule_run").handler({"Records": [record]}, Context(60)) == {"batchItemFailures": []}

    def all_notices(self) -> list[str]:
        kinds = [row[0] for row in self.platforms.database.fetch("SELECT kind FROM notifications ORDER BY created_at")]
        return [kind for kind in kinds if not kind.startswith("connection_")]


@pytest.fixture
def desk(platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> Desk:
    found = Desk(platforms, monkeypatch)
    found.queued = []

    async def send(given: Any) -> int:
        found.queued += [json.dumps(dict(each.body)) for each in given]
        return 0

    monkeypatch.setattr(messages, "send", send)
    return found


@every_kind
def test_a_native_schedule_is_handed_over_in_its_request_and_published_by_facebook(desk: Desk, kind: str) -> None:
    made = desk.schedule(desk.body(kind))
    assert made.status == 201, made.text
    (target,) = made.json["targets"]
    occurrence, post = target["occurrence"], desk.at_facebook()
    assert (target["way"], occurrence["state"], occurrence["code"]) == ("native", "processing", "held_by_platform")
    assert (post["status"], post["live_at"], post["text"]) == ("scheduled", at(occurrence, "due_at").timestamp(), "Later")
    assert occurrence["message"] and desk.target(occurrence["post_id"])["status"] == "processing"
    desk.wait(DAY + 60)
    desk.work()
    desk.wait(60)
    desk.work()
    assert desk.read(made.json["id"])["state"] == "published"
    assert desk.ask_for("GET", f"/v1/schedules/{made.json['id']}").json["status"] == "ended"
    assert len(desk.platforms.posts("facebook")) == 1


def test_the_same_request_again_hands_nothing_over_twice(desk: Desk) -> None:
    body = desk.body()
    first, second = desk.schedule(body), desk.schedule(body)
    assert (first.status, second.status, second.headers["idempotency-replayed"]) == (201, 201, "true")
    assert first.json["id"] == second.json["id"] and len(desk.platforms.posts("facebook")) == 1


def test_a_request_that_died_before_it_handed_over_is_finished_by_its_repeat(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def dies(*_: Any) -> None:
        raise RuntimeError("killed")

    body = desk.body()
    with monkeypatch.context() as patch:
        patch.setattr(holding, "hand_over", dies)
        assert desk.schedule(body).status == 500
    assert desk.platforms.posts("facebook") == []
    again = desk.schedule(body)
    assert again.json["targets"][0]["occurrence"]["state"] == "processing" and len(desk.platforms.posts("facebook")) == 1
    assert holding.WAY == "native"


def handed_over_only(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> str:
    """The id of a schedule whose request died between what it handed over and the note of that."""

    async def dies(*_: Any) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(settling, "settle", dies)
        assert desk.schedule(desk.body()).status == 500
    (schedule,) = desk.ask_for("GET", "/v1/schedules").json["items"]
    assert (desk.read(schedule["id"])["state"], len(desk.platforms.posts("facebook"))) == ("pending", 1)
    return str(schedule["id"])


@pytest.mark.parametrize("late", [60, 5 * 3_600])
def test_what_was_handed_over_by_a_request_that_died_is_told_as_published(
    late: float, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule = handed_over_only(desk, monkeypatch)
    desk.wait(DAY + late)
    desk.work()
    desk.wait(300)
    desk.work()
    assert (desk.read(schedule)["state"], len(desk.platforms.posts("facebook"))) == ("published", 1)


def test_what_was_handed_over_by_a_request_that_died_can_be_canceled(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    schedule = handed_over_only(desk, monkeypatch)
    answer = desk.ask_for("DELETE", f"/v1/schedules/{schedule}")
    assert (answer.status, desk.platforms.posts("facebook")) == (204, [])


def test_what_was_handed_over_by_a_request_that_died_cannot_be_paused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    schedule = handed_over_only(desk, monkeypatch)
    assert desk.ask_for("POST", f"/v1/schedules/{schedule}/pause").json["code"] == "held_not_pausable"


def test_a_deletion_before_the_hand_over_takes_back_what_is_handed_over(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def deleted_before(user_id: str, key: str, request: HeldPostRequest, deadline: float) -> Any:
        await changing.delete(user_id, await only_schedule(user_id), deadline)
        return await create(user_id, key, request, deadline)

    monkeypatch.setattr(holding, "create", deleted_before)
    assert desk.schedule(desk.body()).json["code"] == "changed_at_once"
    assert (desk.platforms.posts("facebook"), desk.ask_for("GET", "/v1/schedules").json["items"]) == ([], [])
    assert desk.platforms.requests("facebook", "/feed") == 1, "it was handed over, and taken back"


def test_what_is_being_handed_over_cannot_be_deleted_or_changed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    refused: list[str] = []

    async def meanwhile(user_id: str, key: str, request: HeldPostRequest, deadline: float) -> Any:
        task, schedule_id = asyncio.ensure_future(create(user_id, key, request, deadline)), await only_schedule(user_id)
        while [post.targets[0].status for post in (await listing(user_id, Filters(), None, 1, key)).items] != ["committing"]:
            await asyncio.sleep(0.01)
        patch = SchedulePatch(text=Content("Another"))
        acts = (changing.delete(user_id, schedule_id, deadline), changing.change(user_id, schedule_id, patch, ANY, deadline))
        for act in acts:
            with pytest.raises(Conflict) as error:
                await act
            refused.append(error.value.code)
        return await task

    monkeypatch.setattr(holding, "create", meanwhile)
    desk.platforms.fault(platform="facebook", method="POST", path="/feed$", delay_ms=1_500)
    made = desk.schedule(desk.body())
    assert (made.status, refused) == (201, ["post_busy", "post_busy"])
    assert made.json["targets"][0]["occurrence"]["code"] == "held_by_platform" and desk.at_facebook()["text"] == "Later"


async def only_schedule(user_id: str) -> str:
    """The id of a user's one schedule."""
    (schedule,) = (await schedules(user_id, {}, None, 2)).items
    return str(schedule.id)


def test_publishing_now_what_facebook_published_meanwhile_is_told_as_published(desk: Desk) -> None:
    schedule = desk.schedule(desk.body()).json["id"]
    desk.wait(DAY + 60)
    answer = desk.ask_for("POST", f"/v1/schedules/{schedule}/publish-now")
    assert (answer.status, answer.json["status"], desk.read(schedule)["state"]) == (202, "ended", "published"), answer.text
    assert len(desk.platforms.posts("facebook")) == 1


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"recurrence": {"rrule": "FREQ=WEEKLY"}}, "recurrence", "not_supported"),
        ({"ahead": 300}, "due_at", "out_of_range"),
        ({"ahead": 30 * DAY}, "due_at", "out_of_range"),
        ({"content": {"text": "x", "first_comment": "y"}}, "targets.0.content.first_comment", "not_applicable"),
        ({"content": {"text": ""}}, "targets.0.content.text", "required"),
        ({"content": None}, "targets.0.content", "missing"),
        ({"way": "notify"}, "targets.0.content", "not_applicable"),
    ],
)
def test_what_cannot_be_held_is_refused_before_anything_is_sent(desk: Desk, change: Json, field: str, code: str) -> None:
    body = desk.body(ahead=change.get("ahead", DAY))
    if "recurrence" in change:
        body |= change
    elif "ahead" not in change:
        body["targets"][0] |= change
    answer = desk.schedule(body)
    assert answer.status == 422, answer.text
    assert (field, code) in [(e["field"], e["code"]) for e in answer.json["errors"]]
    assert desk.platforms.posts("facebook") == []
    assert desk.ask_for("GET", "/v1/schedules").json["items"] == []


def test_native_is_the_default_where_the_content_is_given(desk: Desk) -> None:
    body = desk.body()
    del body["targets"][0]["way"]
    assert desk.schedule(body).json["targets"][0]["way"] == "native"


def test_the_options_tell_where_posts_can_be_held(desk: Desk) -> None:
    linkedin = desk.platforms.connect(desk.client, "linkedin")[0]["id"]
    answer = desk.ask_for("POST", "/v1/schedules/options", body={"connection_ids": [desk.connection, linkedin]})
    reasons = [{way["way"]: way["reason"] for way in each["ways"]}["native"] for each in answer.json["accounts"]]
    assert reasons == ["available", "platform_cannot_hold"]


@pytest.mark.parametrize("kind", ["text", "reel"])
def test_time_and_text_are_patched_at_facebook_and_here(desk: Desk, kind: str) -> None:
    schedule_id = desk.schedule(desk.body(kind)).json["id"]
    due = (desk.now() + timedelta(days=3)).replace(microsecond=0)
    answer = desk.ask_for("PATCH", f"/v1/schedules/{schedule_id}", body={"due_at": due.isoformat(), "text": "Another"})
    assert answer.status == 200, answer.text
    occurrence, post = answer.json["targets"][0]["occurrence"], desk.at_facebook()
    assert (post["text"], post["live_at"], at(occurrence, "due_at")) == ("Another", due.timestamp(), due)
    assert answer.json["starts_at"] == occurrence["due_at"] and occurrence["local_due_at"]


@pytest.mark.parametrize(
    ("patch", "field", "code"),
    [
        ({"due_at": 60}, "due_at", "out_of_range"),
        ({"text": "x" * 63_207}, "text", "too_long"),
        ({"targets": []}, "targets", "too_short"),
        ({"recurrence": {"rrule": "FREQ=WEEKLY"}}, "recurrence", "not_supported"),
    ],
)
def test_a_refused_patch_changes_nothing(desk: Desk, patch: Json, field: str, code: str) -> None:
    made = desk.schedule(desk.body()).json
    if "due_at" in patch:
        patch = {"due_at": (desk.now() + timedelta(seconds=patch["due_at"])).isoformat()}
    answer = desk.ask_for("PATCH", f"/v1/schedules/{made['id']}", body=patch)
    assert answer.status == 422 and answer.json["errors"][0]["field"] == field, answer.text
    post = desk.at_facebook()
    assert (post["text"], post["live_at"]) == ("Later", at(made, "starts_at").timestamp())
    assert desk.ask_for("GET", f"/v1/schedules/{made['id']}").json["starts_at"] == made["starts_at"]


def test_replacing_the_targets_of_what_is_held_is_refused(desk: Desk) -> None:
    schedule_id = desk.schedule(desk.body()).json["id"]
    targets = [{"connection_id": desk.connection, "way": "notify"}]
    answer = desk.ask_for("PATCH", f"/v1/schedules/{schedule_id}", body={"targets": targets})
    assert answer.status == 422 and answer.json["errors"][0]["code"] == "not_supported"


def test_a_text_for_what_nobody_holds_is_refused(desk: Desk) -> None:
    body = desk.body()
    body["targets"] = [{"connection_id": desk.connection, "way": "notify"}]
    schedule_id = desk.schedule(body).json["id"]
    answer = desk.ask_for("PATCH", f"/v1/schedules/{schedule_id}", body={"text": "Another"})
    assert answer.status == 422 and answer.json["errors"][0]["code"] == "not_applicable"


def test_a_held_schedule_is_published_now(desk: Desk) -> None:
    schedule_id = desk.schedule(desk.body()).json["id"]
    answer = desk.ask_for("POST", f"/v1/schedules/{schedule_id}/publish-now")
    assert answer.status == 202, answer.text
    assert answer.json["targets"][0]["occurrence"]["state"] == "published"
    assert (desk.at_facebook()["status"], answer.json["status"]) == ("published", "ended")


def test_pausing_what_facebook_holds_is_refused_and_it_stays(desk: Desk) -> None:
    schedule_id = desk.schedule(desk.body()).json["id"]
    answer = desk.ask_for("POST", f"/v1/schedules/{schedule_id}/pause")
    assert (answer.status, answer.json["code"]) == (409, "held_not_pausable")
    assert (desk.at_facebook()["status"], desk.read(schedule_id)["state"]) == ("scheduled", "processing")


def test_deleting_a_schedule_removes_what_facebook_holds(desk: Desk) -> None:
    made = desk.schedule(desk.body()).json
    post_id = made["targets"][0]["occurrence"]["post_id"]
    assert desk.ask_for("DELETE", f"/v1/schedules/{made['id']}").status == 204
    assert (desk.platforms.posts("facebook"), desk.target(post_id)["status"]) == ([], "canceled")


def test_a_deletion_that_facebook_refuses_deletes_nothing(desk: Desk) -> None:
    made = desk.schedule(desk.body()).json
    desk.platforms.fault(platform="facebook", method="DELETE", preset="security_check")
    answer = desk.ask_for("DELETE", f"/v1/schedules/{made['id']}")
    assert (answer.status, answer.json["code"]) == (502, "change_refused")
    assert desk.read(made["id"])["state"] == "processing"


@pytest.mark.parametrize("act", ["move", "remove"])
def test_what_a_person_does_at_facebook_is_noticed_at_the_next_look(desk: Desk, act: str) -> None:
    schedule_id = desk.schedule(desk.body()).json["id"]
    due = int((desk.now() + timedelta(days=3)).timestamp())
    change = {"at": due} if act == "move" else {"remove": True}
    desk.facebook.actions["change_scheduled"]({"id": desk.at_facebook()["id"], **change})
    for _ in range(2):
        desk.wait(HOUR)
        desk.work()
    found = desk.read(schedule_id)
    if act == "move":
        assert (found["state"], at(found, "due_at").timestamp(), desk.all_notices()) == ("processing", due, ["publish_moved"])
        desk.wait(3 * DAY)
        desk.work()
        desk.wait(60)
        desk.work()
        assert desk.read(schedule_id)["state"] == "published"
    else:
        assert (found["state"], found["code"]) == ("failed", "publish_failed")
        assert sorted(desk.all_notices()) == ["publish_failed", "schedule_failed"]


def test_a_refusal_at_the_hand_over_is_the_outcome_of_the_schedule(desk: Desk) -> None:
    desk.platforms.fault(platform="facebook", method="POST", path="/feed$", preset="community_standards")
    made = desk.schedule(desk.body())
    assert made.status == 201 and made.json["targets"][0]["occurrence"]["state"] == "failed"
    assert desk.platforms.posts("facebook") == [] and "schedule_failed" in desk.all_notices()


def test_another_user_sees_nothing_of_it(desk: Desk) -> None:
    schedule_id = desk.schedule(desk.body()).json["id"]
    other = Client(sub="auth0|mallory")
    for method, path in (("PATCH", ""), ("DELETE", ""), ("POST", "/publish-now"), ("POST", "/pause")):
        answer = other.request("schedules", method, f"/v1/schedules/{schedule_id}{path}", body={} if method == "PATCH" else None)
        assert answer.status == 404
    assert desk.at_facebook()["status"] == "scheduled"
