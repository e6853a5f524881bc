"""F11, F14: versions of templates, what others use of them, ratings that name a version, and reports."""

from __future__ import annotations

from typing import Any

import pytest

from local.simulators.world import World
from tests.api.harness import Answer, Client
from tests.support.databases import Store

ALICE, BOB, CAROL = (Client(f"auth0|{name}") for name in ("alice", "bob", "carol"))
KEY = {"x-ai-key-openai": "sk-canary-openai-1"}
BUSINESS = "7e3a1c00-0001-4000-8000-000000000001"
pytestmark = pytest.mark.usefixtures("deployment")


def call(client: Client, method: str, path: str = "", **parts: Any) -> Answer:
    return client.request("templates", method, f"/v1/templates{path}", **parts)


def body(text: str) -> dict[str, Any]:
    return {"name": "Bob's", "content_mode": "personal", "user_text": f"{text} {{topic}}"}


def shared(text: str = "First") -> str:
    answer = call(BOB, "POST", body=body(text))
    assert call(BOB, "POST", f"/{answer.json['id']}/share").status == 200
    return str(answer.json["id"])


def edit(template_id: str, text: str) -> None:
    assert call(BOB, "PUT", f"/{template_id}", body=body(text)).status == 200


def used(client: Client, template_id: str, path: str = "/v1/generate", **more: Any) -> tuple[str, int]:
    """What is sent with a template, and the version that the answer names."""
    sent = {"task": "generate", "platforms": ["facebook"], "topic": "bridges", "template_id": template_id, **more}
    answer = client.request("generate", "POST", path, body=sent, headers=KEY)
    assert answer.status == 200, answer.text
    shown = answer.json.get("transparency", answer.json)
    assert shown["template"] == template_id
    return shown["messages"][1]["content"].split()[0], shown["template_version"]


def test_F11_an_edit_does_not_reach_who_used_the_template_before(world: World) -> None:
    template_id = shared()
    assert used(ALICE, template_id) == ("First", 1)
    edit(template_id, "Second")
    assert used(ALICE, template_id) == used(ALICE, template_id, "/v1/generate/preview") == ("First", 1)
    assert used(CAROL, template_id) == ("Second", 2), "who comes later begins with what is current"
    assert used(BOB, template_id) == ("Second", 2), "an own template is used as it is"
    assert call(ALICE, "GET", f"/{template_id}").json["pin"] == {"version": 1, "follows": False}


def test_F11_a_user_can_follow_the_author_choose_a_version_or_forget_the_choice(world: World) -> None:
    template_id = shared()
    used(ALICE, template_id)
    edit(template_id, "Second")
    assert call(ALICE, "PUT", f"/{template_id}/pin", body={"version": None}).json["pin"] == {"version": None, "follows": True}
    assert used(ALICE, template_id) == ("Second", 2)
    edit(template_id, "Third")
    assert used(ALICE, template_id) == ("Third", 3)
    assert call(ALICE, "PUT", f"/{template_id}/pin", body={"version": 2}).status == 200
    assert used(ALICE, template_id) == ("Second", 2)
    assert used(ALICE, template_id, template_version=1) == ("First", 1), "a request can name a version"
    assert call(ALICE, "DELETE", f"/{template_id}/pin").status == 204
    assert call(ALICE, "DELETE", f"/{template_id}/pin").status == 404
    assert used(ALICE, template_id) == ("Third", 3)
    assert call(ALICE, "GET", f"/{template_id}").json["pin"] == {"version": 3, "follows": False}


def test_only_versions_that_were_shared_can_be_used_or_seen(world: World) -> None:
    template_id = str(call(BOB, "POST", body=body("Private")).json["id"])
    edit(template_id, "Public")
    call(BOB, "POST", f"/{template_id}/share")
    edit(template_id, "Newest")
    seen = call(ALICE, "GET", f"/{template_id}/versions").json["items"]
    assert [(v["version"], v["is_current"], v["is_shared"]) for v in seen] == [(3, True, True), (2, False, True)]
    mine = call(BOB, "GET", f"/{template_id}/versions").json["items"]
    assert [(v["version"], v["is_current"], v["is_shared"]) for v in mine] == [
        (3, True, True), (2, False, True), (1, False, False)
    ]  # fmt: skip
    assert call(ALICE, "GET", f"/{template_id}", query={"version": "2"}).json["user_text"] == "Public {topic}"
    assert call(ALICE, "GET", f"/{template_id}", query={"version": "1"}).status == 404
    answer = call(ALICE, "PUT", f"/{template_id}/pin", body={"version": 1})
    assert [(e["field"], e["code"]) for e in answer.json["errors"]] == [("version", "not_found")]
    sent = {"task": "generate", "platforms": ["facebook"], "topic": "x", "template_id": template_id, "template_version": 1}
    assert ALICE.request("generate", "POST", "/v1/generate/preview", body=sent).status == 404
    call(BOB, "DELETE", f"/{template_id}/share")
    assert call(ALICE, "GET", f"/{template_id}/versions").status == 404
    call(BOB, "POST", f"/{template_id}/share")
    assert [v["version"] for v in call(ALICE, "GET", f"/{template_id}/versions").json["items"]] == [3, 2]


def test_versions_come_in_pages_that_meet() -> None:
    template_id = shared()
    for text in ("Second", "Third", "Fourth"):
        edit(template_id, text)
    first = call(BOB, "GET", f"/{template_id}/versions", query={"limit": "3"}).json
    rest = call(BOB, "GET", f"/{template_id}/versions", query={"limit": "3", "cursor": first["next_cursor"]}).json
    assert [v["version"] for v in first["items"] + rest["items"]] == [4, 3, 2, 1] and rest["next_cursor"] is None


def test_a_version_is_restored_as_a_new_one() -> None:
    template_id = shared()
    edit(template_id, "Second")
    tag = call(BOB, "GET", f"/{template_id}").headers["etag"]
    answer = call(BOB, "POST", f"/{template_id}/versions/1/restore", headers={"if-match": tag})
    assert (answer.status, answer.json["version"], answer.json["user_text"]) == (200, 3, "First {topic}")
    stale = call(BOB, "POST", f"/{template_id}/versions/2/restore", headers={"if-match": tag})
    assert (stale.status, stale.json["code"]) == (412, "precondition_failed")
    assert call(BOB, "POST", f"/{template_id}/versions/9/restore").status == 404
    assert call(ALICE, "POST", f"/{template_id}/versions/1/restore").status == 404
    assert call(BOB, "POST", f"/{BUSINESS}/versions/1/restore").json["code"] == "system_template"
    assert call(BOB, "GET", f"/{template_id}").json["version"] == 3


def test_F11_a_rating_names_the_version_and_the_average_says_what_it_is_about(world: World) -> None:
    template_id = shared()
    call(ALICE, "PUT", f"/{template_id}/rating", body={"stars": 5})
    used(CAROL, template_id)
    edit(template_id, "Second")
    shown = call(ALICE, "GET", f"/{template_id}").json
    assert shown["rating"] == {"average": 5.0, "count": 1, "mine": 5, "mine_version": 1}
    assert shown["version_rating"] == {"average": None, "count": 0}, "nobody has rated the new text"
    call(CAROL, "PUT", f"/{template_id}/rating", body={"stars": 3})
    assert call(CAROL, "GET", f"/{template_id}").json["rating"]["mine_version"] == 1, "the version that she uses"
    call(ALICE, "PUT", f"/{template_id}/rating", body={"stars": 2})
    versions = call(BOB, "GET", f"/{template_id}/versions").json["items"]
    assert [v["rating"] for v in versions] == [{"average": 2.0, "count": 1}, {"average": 3.0, "count": 1}]
    assert call(BOB, "GET", f"/{template_id}").json["version_rating"] == {"average": 2.0, "count": 1}


def test_F14_uses_of_an_own_template_do_not_count(world: World) -> None:
    template_id = shared()
    used(BOB, template_id)
    assert call(BOB, "GET", f"/{template_id}").json["usage_count"] == 0
    used(ALICE, template_id)
    assert call(BOB, "GET", f"/{template_id}").json["usage_count"] == 1


def test_a_report_hides_the_template_from_the_reporter_and_counts_for_the_operator(world: World, deployment: Store) -> None:
    template_id = shared()
    counted = f"SELECT report_count FROM prompt_templates WHERE id = '{template_id}'"
    for reason in ("spam", "harmful"):
        assert call(ALICE, "PUT", f"/{template_id}/report", body={"reason": reason}).status == 204
        assert deployment.fetch(counted) == [(1,)], "one user, one report"
    assert call(CAROL, "PUT", f"/{template_id}/report", body={"reason": "other"}).status == 204
    assert deployment.fetch(counted) == [(2,)]
    sent = {"task": "generate", "platforms": ["facebook"], "topic": "x", "template_id": template_id}
    assert call(ALICE, "GET", f"/{template_id}").status == 404
    assert call(ALICE, "POST", f"/{template_id}/copy").status == 404
    assert ALICE.request("generate", "POST", "/v1/generate/preview", body=sent).status == 404
    assert call(ALICE, "GET", query={"scope": "community"}).json["items"] == []
    assert call(BOB, "GET", f"/{template_id}").status == 200 and "report" not in call(BOB, "GET", f"/{template_id}").text
    assert call(ALICE, "DELETE", f"/{template_id}/report").status == 204
    assert call(ALICE, "DELETE", f"/{template_id}/report").status == 404
    assert call(ALICE, "GET", f"/{template_id}").status == 200
    CAROL.request("profile", "DELETE", "/v1/profile")
    assert deployment.fetch(counted) == [(0,)]


def test_a_reported_template_cannot_be_pinned(world: World, deployment: Store) -> None:
    template_id = shared()
    edit(template_id, "Second")
    assert call(ALICE, "PUT", f"/{template_id}/report", body={"reason": "spam"}).status == 204
    assert call(ALICE, "PUT", f"/{template_id}/pin", body={"version": 1}).status == 404
    assert call(ALICE, "DELETE", f"/{template_id}/report").status == 204
    assert used(ALICE, template_id) == ("Second", 2)


@pytest.mark.parametrize(("route", "sent"), [("pin", {"version": 1}), ("report", {"reason": "spam"})])
def test_own_system_and_private_templates_are_neither_pinned_nor_reported(route: str, sent: dict[str, Any]) -> None:
    private = str(call(BOB, "POST", body=body("Private")).json["id"])
    assert call(BOB, "PUT", f"/{shared()}/{route}", body=sent).json["code"] == "own_template"
    assert call(BOB, "PUT", f"/{BUSINESS}/{route}", body=sent).json["code"] == "system_template"
    assert call(ALICE, "PUT", f"/{private}/{route}", body=sent).status == 404


def test_a_value_can_have_a_maximum_length(world: World) -> None:
    variables = [{"name": "event", "max_length": 5}]
    made = call(BOB, "POST", body={**body("{event}"), "variables": variables})
    sent = {"task": "generate", "platforms": ["facebook"], "topic": "x", "template_id": made.json["id"]}
    for value, status in (("abcde", 200), ("abcdef", 422)):
        answer = BOB.request("generate", "POST", "/v1/generate/preview", body={**sent, "variables": {"event": value}})
        assert answer.status == status
    assert answer.json["errors"][0] | {"message": ""} == {
        "field": "variables.event",
        "code": "too_long",
        "message": "",
        "params": {"limit": 5, "actual": 6, "unit": "characters"},
    }
    for wrong in ({"type": "number", "max_length": 5}, {"default": "abcdef", "max_length": 5}, {"max_length": 0}):
        assert call(BOB, "POST", body={**body("x"), "variables": [{"name": "event", **wrong}]}).status == 422
