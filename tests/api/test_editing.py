"""The text of a published post is changed where the platform allows it, and its ids and links are read again."""

from __future__ import annotations

import threading
from typing import Any
from uuid import uuid4

import pytest

from noillusion.db import sql
from tests.api.conftest import Platforms
from tests.api.harness import Answer
from tests.api.test_publishing import PHOTO, Publisher
from tests.support.databases import Store, fly
from tests.support.rows import NOW, insert

NEW = "Corrected: we open at ten [not nine] #opening"


@pytest.fixture
def publisher(platforms: Platforms) -> Publisher:
    return Publisher(platforms)


def edit(publisher: Publisher, post_id: str, body: Any = None, **headers: str) -> Answer:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    body = {"text": NEW} if body is None else body
    return publisher.client.request("publish", "PATCH", f"/v1/posts/{post_id}", body=body, headers=sent)


def refresh(publisher: Publisher, post_id: str) -> dict[str, Any]:
    answer = publisher.client.request("publish", "POST", f"/v1/posts/{post_id}/refresh")
    assert answer.status == 200, answer.text
    return {target["platform"]: target for target in answer.json["targets"]}


def reasons(answer: Answer) -> dict[str, str | None]:
    assert answer.status == 200, answer.text
    return {target["platform"]: target["reason"] for target in answer.json["targets"]}


def test_a_text_is_changed_where_the_platform_allows_it_and_every_target_says_so(publisher: Publisher) -> None:
    post = publisher.publish("k", publisher.body()).json
    answer = edit(publisher, post["id"])
    assert reasons(answer) == {
        "facebook": None, "instagram": "platform_cannot_edit", "linkedin": None, "tiktok": "platform_cannot_edit",
    }  # fmt: skip
    for name in ("facebook", "linkedin"):
        (shown,) = publisher.platforms.posts(name)
        assert shown["text"] == NEW
    targets = {target["platform"]: target for target in publisher.read(post["id"])["targets"]}
    assert {name: t["last_edit"] and t["last_edit"]["status"] for name, t in targets.items()} == {
        "facebook": "edited", "instagram": None, "linkedin": "edited", "tiktok": None,
    }  # fmt: skip
    assert all(target["status"] == "published" for target in targets.values())


@pytest.mark.parametrize("content", [{"media": [PHOTO]}, {"link": {"url": "https://example.com/", "title": "An article"}}])
@pytest.mark.parametrize("name", ["facebook", "linkedin"])
def test_other_parts_of_a_post_stay_as_they_are(publisher: Publisher, name: str, content: dict[str, Any]) -> None:
    if name == "facebook" and "link" in content:
        content = {"link": {"url": "https://example.com/"}}
    post = publisher.publish("k", publisher.body(name, **content)).json
    (before,) = publisher.platforms.posts(name)
    assert reasons(edit(publisher, post["id"])) == {name: None}
    (after,) = publisher.platforms.posts(name)
    changed = {key for key in before if before[key] != after[key]}
    assert changed <= {"text", "commentary", "modified", "updated_time", "edited", "truncated"} and after["text"] == NEW


def test_a_text_that_a_platform_would_not_take_is_refused_before_anything_is_sent(publisher: Publisher) -> None:
    post = publisher.publish("k", publisher.body("facebook", "linkedin")).json
    answer = edit(publisher, post["id"], {"text": "x" * 3001})
    found = [(error["field"], error["code"], error["platform"]) for error in answer.json["errors"]]
    assert (answer.status, found) == (422, [("text", "too_long", "linkedin")])
    assert {publisher.platforms.posts(name)[0]["text"] for name in ("facebook", "linkedin")} == {"Hello from a test"}
    only = [target["id"] for target in post["targets"] if target["platform"] == "facebook"]
    assert reasons(edit(publisher, post["id"], {"text": "x" * 3001, "targets": only})) == {"facebook": None}


@pytest.mark.parametrize(
    "body", [{}, {"text": ""}, {"text": " \n"}, {"text": None}, {"text": "a", "targets": []}, {"texts": "a"}]
)
def test_a_body_that_is_no_edit_is_refused(publisher: Publisher, body: dict[str, Any]) -> None:
    post = publisher.publish("k", publisher.body("facebook")).json
    assert edit(publisher, post["id"], body).status == 422
    assert publisher.platforms.posts("facebook")[0]["text"] == "Hello from a test"


def test_a_post_and_a_target_of_somebody_else_are_absent(publisher: Publisher) -> None:
    mallory = Publisher(publisher.platforms, "auth0|mallory")
    post = publisher.publish("k", publisher.body("facebook")).json
    other = mallory.publish("k", mallory.body("facebook", text="Mine")).json
    assert edit(mallory, post["id"]).status == 404
    answer = edit(publisher, post["id"], {"text": NEW, "targets": [other["targets"][0]["id"]]})
    assert [(e["field"], e["code"]) for e in answer.json["errors"]] == [("targets.0", "not_found")]
    assert mallory.client.request("publish", "POST", f"/v1/posts/{post['id']}/refresh").status == 404


def test_a_post_whose_outcome_is_open_is_not_edited(publisher: Publisher) -> None:
    publisher.platforms.fault(platform="facebook", path="feed", method="POST", when="after", drop=True)
    post = publisher.publish("k", publisher.body("facebook", "linkedin")).json
    answer = edit(publisher, post["id"])
    assert (answer.status, answer.json["code"]) == (409, "post_open")
    assert publisher.platforms.posts("linkedin")[0]["text"] == "Hello from a test"


def test_an_edit_goes_by_the_state_that_it_was_made_for(publisher: Publisher) -> None:
    post = publisher.publish("k", publisher.body("facebook")).json
    path = f"/v1/posts/{post['id']}"
    tag = publisher.client.request("publish", "GET", path).headers["etag"]
    known = publisher.client.request("publish", "GET", path, headers={"if-none-match": tag})
    assert (known.status, known.text) == (304, "")
    assert edit(publisher, post["id"], if_match='"another"').json["code"] == "precondition_failed"
    assert reasons(edit(publisher, post["id"], if_match=tag)) == {"facebook": None}
    stale = edit(publisher, post["id"], {"text": "Too late"}, if_match=tag)
    assert (stale.status, publisher.platforms.posts("facebook")[0]["text"]) == (412, NEW)


def test_a_post_of_another_app_and_one_that_is_known_by_its_text_only_are_left_alone(publisher: Publisher) -> None:
    post = publisher.publish("k", publisher.body("facebook")).json
    publisher.platforms.world.simulators["facebook"].memory.posts[post["targets"][0]["platform_post_id"]].own = False  # type: ignore[attr-defined]
    assert reasons(edit(publisher, post["id"])) == {"facebook": "permission"}
    (target,) = publisher.read(post["id"])["targets"]
    assert (target["status"], target["last_edit"]["status"]) == ("published", "failed")
    found = str(uuid4())
    columns = {
        "platform": "linkedin",
        "account_id": "a",
        "position": 0,
        "kind": "text",
        "status": "published",
        "deadline_at": NOW,
    }
    ids = {"accepted_id": "urn:li:share:1", "platform_post_id": "urn:li:share:1"}
    connection = {"connection_id": publisher.connections["linkedin"]}
    user = publisher.client.sub or ""
    fly(
        insert("posts", user, id=found, idempotency_key="k2"),
        insert("post_targets", user, post_id=found, **columns, **ids, **connection),
    )
    assert reasons(edit(publisher, found)) == {"linkedin": "ownership_uncertain"}


@pytest.mark.parametrize("name", ["facebook", "linkedin"])
def test_A2_an_edit_whose_answer_was_lost_is_unknown_and_sent_once(publisher: Publisher, name: str) -> None:
    post = publisher.publish("k", publisher.body(name)).json
    sent = len(publisher.platforms.world.journal)
    publisher.platforms.fault(platform=name, method="POST", path="[0-9]$", when="after", drop=True, times=-1)
    assert reasons(edit(publisher, post["id"])) == {name: "outcome_unknown"}
    assert [entry.method for entry in list(publisher.platforms.world.journal)[sent:]] == ["POST"]
    (target,) = publisher.read(post["id"])["targets"]
    assert (target["status"], target["last_edit"]["status"]) == ("published", "unknown")
    publisher.platforms.world.faults.clear()
    assert reasons(edit(publisher, post["id"])) == {name: None}
    assert publisher.platforms.posts(name)[0]["text"] == NEW


def test_a_death_in_the_middle_of_an_edit_leaves_unknown_and_the_next_one_waits_for_the_lease(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = publisher.publish("k", publisher.body("facebook")).json
    with monkeypatch.context() as dying:
        dying.setattr("noillusion.publishing.editing._outcome", _die)
        assert edit(publisher, post["id"]).status == 500
    (target,) = publisher.read(post["id"])["targets"]
    assert target["last_edit"]["status"] == "unknown"
    assert reasons(edit(publisher, post["id"])) == {"facebook": "edit_in_progress"}
    publisher.platforms.database.execute("UPDATE post_targets SET lease_until = '2020-01-01T00:00:00Z'")
    assert reasons(edit(publisher, post["id"])) == {"facebook": None}


async def _die(*_: Any) -> None:
    raise RuntimeError


def test_nothing_of_an_edit_is_kept(publisher: Publisher, deployment: Store, capsys: pytest.CaptureFixture[str]) -> None:
    post = publisher.publish("k", publisher.body()).json
    edit(publisher, post["id"], {"text": "sesame in the text"})
    edit(publisher, post["id"], {"text": "sesame " * 5000})
    publisher.platforms.fault(
        platform="facebook", method="POST", path="[0-9]$", status=500, body={"error": {"message": "sesame"}}
    )
    edit(publisher, post["id"], {"text": "sesame again"})
    rows = str([fly(sql(f"SELECT * FROM {table}"))[0] for table in ("posts", "post_targets", "notifications")])
    assert "sesame" not in rows and "sesame" not in capsys.readouterr().out


def test_links_that_an_outage_hid_are_read_again(publisher: Publisher) -> None:
    post = publisher.publish("k", publisher.body("instagram")).json
    publisher.platforms.database.execute("UPDATE post_targets SET permalink = NULL")
    (target,) = publisher.read(post["id"])["targets"]
    assert (target["status"], target["permalink"]) == ("published", None)
    publisher.platforms.fault(platform="instagram", method="GET", status=500, times=-1)
    assert refresh(publisher, post["id"])["instagram"]["reason"] == "transient"
    assert publisher.read(post["id"])["targets"] == [target]
    publisher.platforms.world.faults.clear()
    found = refresh(publisher, post["id"])["instagram"]
    assert (found["changed"], found["reason"]) == (True, None)
    (known,) = publisher.read(post["id"])["targets"]
    assert known["permalink"] == found["permalink"] and "/p/" in found["permalink"]
    assert refresh(publisher, post["id"])["instagram"]["changed"] is False


def test_a_link_that_was_built_is_replaced_by_the_platforms_own(publisher: Publisher) -> None:
    publisher.platforms.fault(platform="facebook", method="GET", path="[0-9]+_[0-9]+$", status=500, times=-1)
    post = publisher.publish("k", publisher.body("facebook")).json
    (target,) = post["targets"]
    assert target["permalink"] == f"https://www.facebook.com/{target['platform_post_id']}"
    assert refresh(publisher, post["id"])["facebook"]["reason"] == "transient"
    publisher.platforms.world.faults.clear()
    found = refresh(publisher, post["id"])["facebook"]
    assert found["changed"] and "/posts/" in found["permalink"]
    assert publisher.read(post["id"])["targets"][0]["permalink"] == found["permalink"]


def test_a_late_public_id_of_tiktok_is_learned(publisher: Publisher) -> None:
    tiktok = publisher.platforms.world.simulators["tiktok"]
    tiktok.actions["settings"]({"moderation_s": 600})
    post = publisher.publish("k", publisher.body("tiktok")).json
    (target,) = post["targets"]
    assert (target["status"], target["platform_post_id"], target["permalink"]) == ("published", None, None)
    assert refresh(publisher, post["id"])["tiktok"]["changed"] is False
    publisher.platforms.world.clock.offset += 700
    found = refresh(publisher, post["id"])["tiktok"]
    assert found["changed"] and found["platform_post_id"].isdigit() and found["permalink"].startswith("https://www.tiktok.com/@")
    (known,) = publisher.read(post["id"])["targets"]
    assert (known["status"], known["platform_post_id"]) == ("published", found["platform_post_id"])


def test_a_refresh_says_why_nothing_could_be_read_and_changes_nothing(publisher: Publisher) -> None:
    publisher.platforms.fault(platform="linkedin", status=503, times=-1)
    post = publisher.publish("k", publisher.body("facebook", "linkedin")).json
    publisher.platforms.world.faults.clear()
    path = f"/v1/connections/{publisher.connections['facebook']}"
    assert publisher.client.request("connect_callback", "DELETE", path).status == 200
    assert {name: t["reason"] for name, t in refresh(publisher, post["id"]).items()} == {
        "facebook": "disconnected", "linkedin": "not_published",
    }  # fmt: skip
    assert reasons(edit(publisher, post["id"])) == {"facebook": "disconnected", "linkedin": "not_published"}
    publisher.platforms.connect(publisher.client, "facebook")
    again = {name: target["reason"] for name, target in refresh(publisher, post["id"]).items()}
    assert again == {"facebook": None, "linkedin": "not_published"}, "the account is connected again"
    assert reasons(edit(publisher, post["id"]))["facebook"] is None


def test_two_edits_at_once_do_not_mix(publisher: Publisher) -> None:
    post = publisher.publish("k", publisher.body("facebook")).json
    answers: list[Answer] = []
    threads = [threading.Thread(target=lambda: answers.append(edit(publisher, post["id"]))) for _ in range(2)]
    for thread in threads:
        thread.start()
        thread.join()
    assert [reasons(answer) for answer in answers] == [{"facebook": None}] * 2
