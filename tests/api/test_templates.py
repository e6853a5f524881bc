"""The template routes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from noillusion import db
from noillusion.core import clock, loop
from noillusion.core.errors import NotFound
from noillusion.db import Actor, Row, Statement, sql
from noillusion.templates import service, store
from tests.api.harness import Answer, Client
from tests.support.databases import fly

pytestmark = pytest.mark.usefixtures("deployment")

BUSINESS, INFLUENCER, PERSONAL = (f"7e3a1c00-000{n}-4000-8000-00000000000{n}" for n in (1, 2, 3))
ALICE, BOB, CAROL = Client("auth0|alice"), Client("auth0|bob"), Client("auth0|carol")


def call(who: Client, method: str, path: str = "", **parts: Any) -> Answer:
    return who.request("templates", method, f"/v1/templates{path}", **parts)


def body(**fields: Any) -> dict[str, Any]:
    return {"name": "Mine", "content_mode": "personal", "user_text": "About {topic} by {name}", **fields}


def made(who: Client = ALICE, **fields: Any) -> dict[str, Any]:
    answer = call(who, "POST", body=body(**fields))
    assert answer.status == 201, answer.text
    return dict(answer.json)


def shared(who: Client = ALICE, **fields: Any) -> dict[str, Any]:
    answer = call(who, "POST", f"/{made(who, **fields)['id']}/share")
    assert answer.status == 200, answer.text
    return dict(answer.json)


def listed(**query: str) -> list[str]:
    answer = call(ALICE, "GET", query=query)
    assert answer.status == 200, answer.text
    return [item["name"] for item in answer.json["items"]]


def run(*statements: Statement, user: str = "auth0|alice") -> list[list[Row]]:
    return loop.run(db.database().flight(Actor(user), *statements))


# Own templates


def test_a_template_is_kept_as_it_was_given() -> None:
    given = body(
        description="d",
        platforms=["linkedin"],
        tags=["Launch", "öffentlich"],
        system_text="You are {name}.",
        variables=[{"name": "tone", "type": "choice", "choices": ["a", "b"], "default": "a"}],
    )
    template = call(ALICE, "POST", body=given)
    assert template.status == 201
    read = call(ALICE, "GET", f"/{template.json['id']}")
    assert read.status == 200
    assert read.json == template.json
    assert {name: read.json[name] for name in given if name not in ("variables", "tags")} == {
        name: value for name, value in given.items() if name not in ("variables", "tags")
    }
    assert read.json["tags"] == ["launch", "öffentlich"]
    assert read.json["variables"] == [
        {
            "name": "tone",
            "type": "choice",
            "description": "",
            "required": True,
            "default": "a",
            "max_length": None,
            "choices": ["a", "b"],
        }
    ]
    assert (read.json["origin"], read.json["version"], read.json["shared_at"]) == ("own", 1, None)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "marker" * 30}, "name"),
        ({"content_mode": "marker"}, "content_mode"),
        ({"platforms": ["marker"]}, "platforms.0"),
        ({"platforms": ["tiktok", "tiktok"]}, "platforms"),
        ({"tags": ["marker value"]}, "tags.0"),
        ({"tags": [f"marker{n}" for n in range(11)]}, "tags"),
        ({"user_text": " "}, "user_text"),
        ({"user_text": "marker" * 1400}, "user_text"),
        ({"system_text": "marker\x00"}, "system_text"),
        ({"variables": [{"name": "marker"}] * 31}, "variables"),
        ({"variables": [{"name": "v", "type": "number", "default": "marker"}]}, "variables.0"),
        ({"variables": [{"name": "v", "type": "marker"}]}, "variables.0.type"),
        ({"is_default": "marker"}, "is_default"),
        ({"user_id": "marker"}, "*"),
    ],
)
def test_bad_fields_are_named_and_never_repeated(fields: dict[str, Any], field: str) -> None:
    answer = call(ALICE, "POST", body=body(**fields))
    assert (answer.status, answer.headers["content-type"]) == (422, "application/problem+json"), answer.text
    assert field in [error["field"] for error in answer.json["errors"]]
    assert "marker" not in answer.text


def test_a_repeat_with_the_same_key_returns_the_same_template() -> None:
    headers = {"idempotency-key": "k-1"}
    first, second = (call(ALICE, "POST", body=body(), headers=headers) for _ in range(2))
    assert (first.status, second.status) == (201, 201)
    assert first.json == second.json
    assert len(listed()) == 1
    assert call(BOB, "POST", body=body(), headers=headers).json["id"] != first.json["id"]


@pytest.mark.parametrize(
    "other", [{"name": "Other"}, {"user_text": "Other"}, {"tags": ["other"]}, {"variables": [{"name": "v"}]}]
)
def test_a_key_is_not_used_for_two_templates(other: dict[str, Any]) -> None:
    headers = {"idempotency-key": "k-1"}
    assert call(ALICE, "POST", body=body(), headers=headers).status == 201
    answer = call(ALICE, "POST", body=body(**other), headers=headers)
    assert (answer.status, answer.json["code"]) == (409, "idempotency_key_reused")
    assert len(listed()) == 1


def test_a_late_repeat_of_a_create_leaves_later_edits_alone() -> None:
    headers = {"idempotency-key": "k-1"}
    template = call(ALICE, "POST", body=body(), headers=headers).json
    call(ALICE, "PUT", f"/{template['id']}", body=body(name="Edited", user_text="Edited"))
    repeat = call(ALICE, "POST", body=body(), headers=headers)
    assert (repeat.status, repeat.json["name"], repeat.json["version"]) == (201, "Edited", 2)


def test_a_key_of_a_wrong_form_is_refused() -> None:
    assert call(ALICE, "POST", body=body(), headers={"idempotency-key": "x" * 129}).status == 422


def test_a_user_has_a_limited_number_of_templates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MAX_TEMPLATES", 2)
    ids = [made()["id"] for _ in range(2)]
    for answer in (call(ALICE, "POST", body=body()), call(ALICE, "POST", f"/{BUSINESS}/copy")):
        assert (answer.status, answer.json["code"]) == (409, "too_many_templates")
    assert call(ALICE, "DELETE", f"/{ids[0]}").status == 204
    made()


def test_every_edit_is_a_new_version_and_old_ones_stay_readable() -> None:
    template = made(user_text="one", variables=[{"name": "v"}])
    changed = call(ALICE, "PUT", f"/{template['id']}", body=body(name="New", user_text="two", version=1))
    assert changed.status == 200, changed.text
    assert (changed.json["version"], changed.json["name"], changed.json["user_text"]) == (2, "New", "two")
    first = call(ALICE, "GET", f"/{template['id']}", query={"version": "1"}).json
    assert (first["version"], first["user_text"], first["variables"][0]["name"]) == (1, "one", "v")
    assert call(ALICE, "GET", f"/{template['id']}", query={"version": "3"}).status == 404


def test_a_stale_edit_is_refused_and_changes_nothing() -> None:
    template = made()
    default = made(is_default=True)
    assert call(ALICE, "PUT", f"/{template['id']}", body=body(user_text="two", version=1)).status == 200
    stale = call(ALICE, "PUT", f"/{template['id']}", body=body(user_text="three", version=1, is_default=True))
    assert (stale.status, stale.json["code"], stale.json["errors"][0]["field"]) == (409, "stale_version", "version")
    now = call(ALICE, "GET", f"/{template['id']}").json
    assert (now["version"], now["user_text"], now["is_default"]) == (2, "two", False)
    assert call(ALICE, "GET", f"/{default['id']}").json["is_default"]
    assert run(sql("SELECT count(*) AS n FROM prompt_template_versions WHERE template_id = :id", id=now["id"]))[0][0]["n"] == 2


def test_there_is_one_default_per_content_mode() -> None:
    first, other_mode = made(is_default=True), made(content_mode="business", is_default=True)
    second = made(is_default=True)
    third = made()
    assert second["is_default"]
    assert call(ALICE, "PUT", f"/{third['id']}", body=body(is_default=True)).json["is_default"]
    flags = {t["id"]: t["is_default"] for t in call(ALICE, "GET").json["items"]}
    assert flags == {first["id"]: False, second["id"]: False, third["id"]: True, other_mode["id"]: True}


def test_a_default_can_be_given_up_and_can_change_its_mode() -> None:
    template = made(is_default=True)
    business = made(content_mode="business", is_default=True)
    moved = call(ALICE, "PUT", f"/{template['id']}", body=body(content_mode="business", is_default=True))
    assert (moved.status, moved.json["is_default"]) == (200, True)
    assert not call(ALICE, "GET", f"/{business['id']}").json["is_default"]
    assert not call(ALICE, "PUT", f"/{template['id']}", body=body()).json["is_default"]


def test_a_deleted_template_is_gone_with_its_versions_and_ratings() -> None:
    template = shared()
    assert call(BOB, "PUT", f"/{template['id']}/rating", body={"stars": 5}).status == 200
    assert call(ALICE, "DELETE", f"/{template['id']}").status == 204
    assert call(ALICE, "GET", f"/{template['id']}").status == 404
    assert call(ALICE, "DELETE", f"/{template['id']}").status == 404
    tables = ("prompt_template_versions", "prompt_template_ratings")
    counts = run(*(sql(f"SELECT count(*) AS n FROM {table} WHERE user_id <> 'system'") for table in tables))
    assert [rows[0]["n"] for rows in counts] == [0, 0]


# Copies


def test_a_copy_knows_where_it_came_from() -> None:
    source = made(user_text="one", tags=["x"], variables=[{"name": "v"}])
    call(ALICE, "PUT", f"/{source['id']}", body=body(user_text="two {v}", tags=["x"], variables=[{"name": "v"}], is_default=True))
    copy = call(ALICE, "POST", f"/{source['id']}/copy")
    assert copy.status == 201, copy.text
    assert (copy.json["copied_from"], copy.json["copied_version"], copy.json["version"]) == (source["id"], 2, 1)
    assert (copy.json["user_text"], copy.json["tags"], copy.json["is_default"]) == ("two {v}", ["x"], False)
    assert copy.json["variables"][0]["name"] == "v"


def test_shared_and_system_templates_can_be_copied_under_a_name_of_ones_own() -> None:
    source = shared(BOB, name="Bob's")
    for id in (source["id"], INFLUENCER):
        copy = call(ALICE, "POST", f"/{id}/copy", body={"name": "Renamed"})
        assert (copy.status, copy.json["name"], copy.json["origin"]) == (201, "Renamed", "own"), copy.text
        assert (copy.json["copied_from"], copy.json["shared_at"], copy.json["usage_count"]) == (id, None, 0)


def test_a_copy_outlives_its_source() -> None:
    source = shared(BOB, user_text="kept")
    copy = call(ALICE, "POST", f"/{source['id']}/copy").json
    call(BOB, "DELETE", f"/{source['id']}")
    after = call(ALICE, "GET", f"/{copy['id']}").json
    assert (after["user_text"], after["copied_from"], after["copied_version"]) == ("kept", None, 1)


def test_a_repeated_copy_makes_one_template() -> None:
    headers = {"idempotency-key": "c-1"}
    first, second = (call(ALICE, "POST", f"/{BUSINESS}/copy", headers=headers) for _ in range(2))
    assert first.json == second.json
    assert call(ALICE, "POST", f"/{PERSONAL}/copy", headers=headers).status == 409
    assert call(ALICE, "POST", body=body(), headers=headers).status == 409
    assert len(listed()) == 1


# Tenants and the product's own


MUTATIONS = [
    ("PUT", "", body()),
    ("DELETE", "", None),
    ("POST", "/share", None),
    ("DELETE", "/share", None),
]


@pytest.mark.parametrize(
    ("method", "suffix", "sent"),
    [*MUTATIONS, ("GET", "", None), ("POST", "/copy", None), ("PUT", "/rating", {"stars": 3}), ("DELETE", "/rating", None)],
)
def test_anothers_private_template_looks_like_an_absent_one(method: str, suffix: str, sent: Any) -> None:
    foreign = made(BOB, user_text="private", is_default=True)
    answers = [call(ALICE, method, f"/{id}{suffix}", body=sent) for id in (foreign["id"], str(uuid4()), "nonsense")]
    assert {answer.status for answer in answers} == {404}
    assert len({json.dumps(answer.json | {"correlation_id": ""}) for answer in answers}) == 1
    assert call(BOB, "GET", f"/{foreign['id']}").json == foreign
    assert run(sql("SELECT count(*) AS n FROM prompt_template_ratings"))[0][0]["n"] == 0


@pytest.mark.parametrize(("method", "suffix", "sent"), MUTATIONS)
def test_a_shared_template_is_changed_by_its_owner_only(method: str, suffix: str, sent: Any) -> None:
    template = shared(BOB)
    assert call(ALICE, method, f"/{template['id']}{suffix}", body=sent).status == 404
    assert call(BOB, "GET", f"/{template['id']}").json == template


@pytest.mark.parametrize(("method", "suffix", "sent"), MUTATIONS)
def test_a_system_template_cannot_be_changed(method: str, suffix: str, sent: Any) -> None:
    before = call(ALICE, "GET", f"/{BUSINESS}").json
    answer = call(ALICE, method, f"/{BUSINESS}{suffix}", body=sent)
    assert (answer.status, answer.json["code"]) == (403, "system_template")
    assert call(ALICE, "GET", f"/{BUSINESS}").json == before


def test_versions_before_a_template_was_shared_stay_private() -> None:
    template = made(BOB, user_text="private draft")
    call(BOB, "PUT", f"/{template['id']}", body=body(user_text="public"))
    call(BOB, "POST", f"/{template['id']}/share")
    assert call(ALICE, "GET", f"/{template['id']}").json["user_text"] == "public"
    assert call(ALICE, "GET", f"/{template['id']}", query={"version": "1"}).status == 404
    assert call(ALICE, "GET", f"/{template['id']}", query={"version": "2"}).status == 200
    assert call(BOB, "GET", f"/{template['id']}", query={"version": "1"}).json["user_text"] == "private draft"


def test_the_three_system_templates_can_be_filled_in_as_they_are() -> None:
    assert sorted(t["content_mode"] for t in call(ALICE, "GET", query={"scope": "system"}).json["items"]) == [
        "business",
        "influencer",
        "personal",
    ]
    for id in (BUSINESS, INFLUENCER, PERSONAL):
        sent = {"template_id": id, "platforms": ["linkedin"], "topic": "A new bridge", "text": ""}
        answer = call(ALICE, "POST", "/preview", body=sent)
        assert answer.status == 200, answer.text
        assert (answer.json["missing"], answer.json["unknown"]) == ([], [])
        assert answer.json["user_text"] == "<brief>A new bridge</brief>", "what nobody spoke of has no line"
        assert "{" not in answer.json["system_text"] + answer.json["user_text"]


# Community


def test_sharing_shows_a_template_and_unsharing_hides_it_again() -> None:
    template = made(BOB, name="Bob's", is_default=True)
    assert listed(scope="community") == []
    first = call(BOB, "POST", f"/{template['id']}/share").json["shared_at"]
    assert first is not None
    assert call(BOB, "POST", f"/{template['id']}/share").json["shared_at"] == first
    assert listed(scope="community") == ["Bob's"]
    seen = call(ALICE, "GET", f"/{template['id']}").json
    assert (seen["origin"], seen["user_text"], seen["is_default"]) == ("community", template["user_text"], False)
    for _ in range(2):
        assert call(BOB, "DELETE", f"/{template['id']}/share").status == 204
    assert listed(scope="community") == []
    assert call(ALICE, "GET", f"/{template['id']}").status == 404


def test_nobody_learns_whose_template_it_is_or_what_it_was_copied_from() -> None:
    source = made(BOB)
    copy = call(BOB, "POST", f"/{source['id']}/copy").json
    call(BOB, "POST", f"/{copy['id']}/share")
    texts = call(ALICE, "GET", query={"scope": "community"}).text + call(ALICE, "GET", f"/{copy['id']}").text
    assert copy["id"] in texts
    assert "auth0" not in texts and source["id"] not in texts


def test_scopes_do_not_mix() -> None:
    made(name="private")
    shared(name="public")
    shared(BOB, name="bob")
    assert sorted(listed()) == ["private", "public"]
    assert sorted(listed(scope="community")) == ["bob", "public"]
    assert len(listed(scope="system")) == 3


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"q": "SALE"}, ["Summer sale", "Winter"]),
        ({"q": "100%"}, ["Winter"]),
        ({"q": "1_0"}, []),
        ({"q": "!"}, []),
        ({"q": "Über"}, ["Über uns"]),
        ({"q": "UBER"}, ["Über uns"]),
        ({"q": "ale"}, ["Summer sale", "Winter"]),
        ({"q": "su"}, ["Summer sale"]),
        ({"q": "um"}, []),
        ({"q": "sale winter"}, []),
        ({"mode": "business"}, ["Summer sale"]),
        ({"platform": "tiktok"}, ["Winter", "Über uns"]),
        ({"platform": "linkedin"}, ["Summer sale", "Über uns"]),
        ({"tag": "sale"}, ["Summer sale"]),
        ({"tag": "SALE"}, ["Summer sale"]),
        ({"tag": "sal"}, []),
        ({"tag": "s_le"}, []),
        ({"tag": "Öko"}, ["Winter"]),
        ({"tag": '","'}, []),
        ({"tag": "sale", "mode": "personal"}, []),
        ({"tag": "öko", "platform": "tiktok", "q": "100", "mode": "personal"}, ["Winter"]),
    ],
)
@pytest.mark.parametrize("scope", ["mine", "community"])
def test_lists_are_narrowed_by_words_mode_platform_and_tag(scope: str, query: dict[str, str], names: list[str]) -> None:
    shared(name="Summer sale", content_mode="business", platforms=["linkedin", "facebook"], tags=["sale", "sales-2026"])
    shared(name="Winter", description="100% sale!", platforms=["tiktok"], tags=["öko"])
    shared(name="Über uns")
    assert sorted(listed(scope=scope, **query)) == names


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"scope": "marker"}, "scope"),
        ({"sort": "marker"}, "sort"),
        ({"mode": "marker"}, "mode"),
        ({"platform": "marker"}, "platform"),
        ({"limit": "0"}, "limit"),
        ({"limit": "101"}, "limit"),
        ({"limit": "marker"}, "limit"),
        ({"cursor": "marker"}, "cursor"),
        ({"q": ""}, "q"),
        ({"q": "marker" * 20}, "q"),
        ({"q": "marker\x00"}, "q"),
        ({"tag": "marker" * 6}, "tag"),
    ],
)
def test_bad_queries_are_named_and_never_repeated(query: dict[str, str], field: str) -> None:
    answer = call(ALICE, "GET", query=query)
    assert answer.status == 422, answer.text
    assert [error["field"] for error in answer.json["errors"]] == [field]
    assert "marker" not in answer.text


@pytest.mark.parametrize("sort", ["new", "rating", "usage"])
@pytest.mark.parametrize("scope", ["mine", "community"])
def test_pages_meet_without_gaps_or_repeats_where_sort_values_are_equal(
    scope: str, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 22, 12, tzinfo=UTC))
    ids = {shared(name=f"t{n}")["id"] for n in range(7)}
    seen: list[str] = []
    query = {"scope": scope, "sort": sort, "limit": "3"}
    sizes = []
    while True:
        page = call(ALICE, "GET", query=query).json
        seen += [item["id"] for item in page["items"]]
        sizes.append(len(page["items"]))
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert sizes == [3, 3, 1]
    assert len(seen) == len(set(seen)) and set(seen) == ids


def test_a_full_last_page_has_no_cursor() -> None:
    for _ in range(2):
        made()
    assert call(ALICE, "GET", query={"limit": "2"}).json["next_cursor"] is None


def test_a_cursor_belongs_to_its_list() -> None:
    for _ in range(2):
        shared()
    cursor = call(ALICE, "GET", query={"limit": "1", "sort": "usage"}).json["next_cursor"]
    for query in ({"sort": "new"}, {"sort": "usage", "scope": "community"}):
        assert call(ALICE, "GET", query={"limit": "1", "cursor": cursor, **query}).status == 422
    assert call(ALICE, "GET", query={"limit": "1", "cursor": cursor, "sort": "usage"}).status == 200


def test_the_newest_come_first() -> None:
    for name in ("a", "b", "c"):
        made(name=name)
    assert listed() == ["c", "b", "a"]


def test_the_best_rated_come_first_and_one_vote_does_not_beat_many() -> None:
    many, one, bad, none = (shared(name=name)["id"] for name in ("many", "one", "bad", "none"))
    for n in range(20):
        call(Client(f"auth0|rater{n}"), "PUT", f"/{many}/rating", body={"stars": 5 if n else 4})
    call(BOB, "PUT", f"/{one}/rating", body={"stars": 5})
    call(BOB, "PUT", f"/{bad}/rating", body={"stars": 1})
    assert listed(scope="community", sort="rating") == ["many", "one", "none", "bad"]
    assert call(ALICE, "GET", f"/{none}").json["rating"] == {"average": None, "count": 0, "mine": None, "mine_version": None}


def test_a_rating_counts_once_per_user_however_often_it_is_given() -> None:
    path = f"/{shared()['id']}"
    assert call(BOB, "PUT", f"{path}/rating", body={"stars": 2}).json == {
        "average": 2.0,
        "count": 1,
        "mine": 2,
        "mine_version": 1,
    }
    for _ in range(2):
        assert call(BOB, "PUT", f"{path}/rating", body={"stars": 5}).json == {
            "average": 5.0,
            "count": 1,
            "mine": 5,
            "mine_version": 1,
        }
    assert call(CAROL, "PUT", f"{path}/rating", body={"stars": 2}).json == {
        "average": 3.5,
        "count": 2,
        "mine": 2,
        "mine_version": 1,
    }
    assert call(ALICE, "GET", path).json["rating"] == {"average": 3.5, "count": 2, "mine": None, "mine_version": None}
    assert call(BOB, "DELETE", f"{path}/rating").status == 204
    assert call(BOB, "DELETE", f"{path}/rating").status == 404
    assert call(BOB, "GET", path).json["rating"] == {"average": 2.0, "count": 1, "mine": None, "mine_version": None}


def test_own_templates_cannot_be_rated() -> None:
    for template in (made(), shared()):
        answer = call(ALICE, "PUT", f"/{template['id']}/rating", body={"stars": 5})
        assert (answer.status, answer.json["code"]) == (409, "own_template")
        assert call(ALICE, "GET", f"/{template['id']}").json["rating"]["count"] == 0


def test_stars_are_whole_numbers_however_they_are_written() -> None:
    assert call(BOB, "PUT", f"/{shared()['id']}/rating", body={"stars": 3.0}).json["mine"] == 3


@pytest.mark.parametrize("stars", [0, 6, 4.5, "5", True, None])
def test_stars_are_one_to_five(stars: Any) -> None:
    template = shared()
    answer = call(BOB, "PUT", f"/{template['id']}/rating", body={"stars": stars})
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "stars")


def test_ratings_stay_while_a_template_is_hidden() -> None:
    path = f"/{shared()['id']}"
    call(BOB, "PUT", f"{path}/rating", body={"stars": 4})
    call(ALICE, "DELETE", f"{path}/share")
    assert call(CAROL, "DELETE", f"{path}/rating").status == 404
    assert call(ALICE, "POST", f"{path}/share").json["rating"] == {"average": 4.0, "count": 1, "mine": None, "mine_version": None}


def test_who_rated_a_hidden_template_can_take_the_rating_back() -> None:
    path = f"/{shared()['id']}"
    call(BOB, "PUT", f"{path}/rating", body={"stars": 4})
    call(ALICE, "DELETE", f"{path}/share")
    assert [call(BOB, "DELETE", f"{path}/rating").status for _ in range(2)] == [204, 404]
    assert call(ALICE, "POST", f"{path}/share").json["rating"]["count"] == 0


def test_a_leaving_users_ratings_are_taken_out_of_the_averages() -> None:
    paths = [f"/{shared()['id']}" for _ in range(2)]
    for path in paths:
        call(BOB, "PUT", f"{path}/rating", body={"stars": 1})
        call(CAROL, "PUT", f"{path}/rating", body={"stars": 5})
    left = BOB.request("profile", "DELETE", "/v1/profile")
    assert left.json["deleted"]["prompt_template_ratings"] == 2, left.text
    assert [call(ALICE, "GET", path).json["rating"] for path in paths] == [
        {"average": 5.0, "count": 1, "mine": None, "mine_version": None}
    ] * 2


def test_uses_are_counted_where_the_user_may_use_the_template() -> None:
    public, private = shared(BOB, name="public")["id"], made(BOB, name="private")["id"]
    shared(BOB, name="unused")
    run(store.count_use("auth0|alice", public), store.count_use("auth0|alice", private))
    assert call(BOB, "GET", f"/{public}").json["usage_count"] == 1
    assert call(BOB, "GET", f"/{private}").json["usage_count"] == 0
    assert listed(scope="community", sort="usage") == ["public", "unused"]


# Preview


def test_a_preview_fills_in_the_profile_the_request_and_the_variables() -> None:
    ALICE.request("profile", "PATCH", "/v1/profile", body={"display_name": "Ada", "skills": ["engines", "notes"], "bio": "b"})
    template = {
        "system_text": "{user_name}: {skills} on {platform_name}{mission_statement}",
        "user_text": "{topic} {tone} {count} {{name}}",
        "variables": [{"name": "tone", "default": "calm"}, {"name": "count", "type": "number"}],
    }
    sent = {"template": template, "topic": "Bridges", "platforms": ["tiktok", "facebook"], "variables": {"count": 3}}
    answer = call(ALICE, "POST", "/preview", body=sent)
    assert answer.json == {
        "system_text": "Ada: engines, notes on TikTok and Facebook",
        "user_text": "<brief>Bridges</brief> calm 3 {name}",
        "missing": [],
        "unknown": [],
    }


def test_a_preview_of_a_value_with_braces_shows_the_braces() -> None:
    ALICE.request("profile", "PATCH", "/v1/profile", body={"bio": "{name} secret", "display_name": "{bio}"})
    sent = {"template": {"user_text": "{topic} {own} {name}"}, "topic": "{bio} {{x}}", "variables": {"own": "{topic} {bio}"}}
    assert call(ALICE, "POST", "/preview", body=sent).json["user_text"] == ("<brief>{bio} {{x}}</brief> {topic} {bio} {bio}")


def test_a_preview_lists_missing_and_unknown_variables() -> None:
    template = {"system_text": "{first}", "user_text": "{topic} {second}", "variables": [{"name": "unused"}]}
    answer = call(ALICE, "POST", "/preview", body={"template": template, "variables": {"frist": "x"}})
    assert answer.status == 200, answer.text
    assert (answer.json["missing"], answer.json["unknown"]) == (["first", "topic", "second"], ["frist"])
    assert (answer.json["system_text"], answer.json["user_text"]) == ("{first}", "{topic} {second}")


def test_a_preview_of_a_stored_template_needs_sight_of_it() -> None:
    private, public = made(BOB)["id"], shared(BOB)["id"]
    statuses = [call(ALICE, "POST", "/preview", body={"template_id": id, "topic": "x"}).status for id in (private, public)]
    assert statuses == [404, 200]
    assert (
        call(BOB, "POST", "/preview", body={"template_id": private, "topic": "x"}).json["user_text"]
        == "About <brief>x</brief> by "
    )


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "body"),
        ({"template_id": BUSINESS, "template": {"user_text": "x"}}, "body"),
        ({"template_id": "marker"}, "template_id"),
        ({"template": {"user_text": "x", "name": "marker"}}, "template.*"),
        ({"template_id": BUSINESS, "topic": "marker" * 1000}, "topic"),
        ({"template_id": BUSINESS, "platforms": ["marker"]}, "platforms.0"),
        ({"template_id": BUSINESS, "variables": {"goal": "marker"}}, "variables.goal"),
        ({"template_id": INFLUENCER, "variables": {"partnership": "marker"}}, "variables.partnership"),
    ],
)
def test_bad_previews_are_named_and_never_repeated(sent: dict[str, Any], field: str) -> None:
    answer = call(ALICE, "POST", "/preview", body=sent)
    assert answer.status == 422, answer.text
    assert [error["field"] for error in answer.json["errors"]] == [field]
    assert "marker" not in answer.text


def test_a_preview_stores_nothing() -> None:
    tables = ("prompt_templates", "prompt_template_versions", "profiles")
    counts = [sql(f"SELECT count(*) AS n, max(updated_at) AS last FROM {table}") for table in tables]
    before = run(*counts)
    assert call(ALICE, "POST", "/preview", body={"template_id": PERSONAL, "topic": "x"}).status == 200
    assert run(*counts) == before


# Which template a generation uses


def resolve(template_id: str | None = None, mode: str | None = None) -> Any:
    return loop.run(service.resolve("auth0|alice", template_id, mode))


def test_a_named_template_comes_before_the_defaults() -> None:
    named = made(content_mode="business", user_text="named")
    made(is_default=True)
    found = resolve(named["id"], "personal")
    assert (found.id, found.origin, found.user_text) == (named["id"], "own", "named")


def test_the_users_default_comes_before_the_products_and_at_last_the_built_in_one() -> None:
    assert (resolve(mode="business").id, resolve(mode="business").origin) == (BUSINESS, "system")
    made(BOB, content_mode="business", is_default=True)
    assert resolve(mode="business").id == BUSINESS
    mine = made(content_mode="business", is_default=True)
    call(ALICE, "PUT", f"/{mine['id']}", body=body(content_mode="business", is_default=True, user_text="second"))
    found = resolve(mode="business")
    assert (found.id, found.version, found.user_text) == (mine["id"], 2, "second")
    fly(sql("DELETE FROM prompt_templates"))
    assert (resolve(mode="business").id, resolve(mode="business").origin) == (None, "built_in")


def test_without_a_content_mode_the_profiles_decides() -> None:
    assert resolve().id == PERSONAL
    ALICE.request("profile", "PATCH", "/v1/profile", body={"content_mode": "influencer"})
    assert resolve().id == INFLUENCER


def test_a_named_template_that_cannot_be_seen_is_not_replaced_by_another() -> None:
    private, public = made(BOB)["id"], shared(BOB)["id"]
    assert resolve(public).origin == "community"
    for id in (private, str(uuid4())):
        with pytest.raises(NotFound):
            resolve(id)


# Cost and identity


@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        ("GET", "", None),
        ("POST", "", body(is_default=True)),
        ("POST", "/preview", {"template_id": BUSINESS}),
        ("GET", "/{id}", None),
        ("PUT", "/{id}", body(is_default=True)),
        ("POST", "/{id}/copy", None),
        ("POST", "/{id}/share", None),
        ("DELETE", "/{id}/share", None),
        ("PUT", "/{id}/rating", {"stars": 5}),
        ("DELETE", "/{id}/rating", None),
        ("DELETE", "/{id}", None),
    ],
)
def test_every_route_needs_an_identity_and_one_flight(method: str, path: str, sent: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    route = path.replace("{id}", shared()["id"])
    assert call(Client(None), method, route, body=sent).status == 401
    engine, flights = db.database(), []
    flight = engine.flight

    async def counted(actor: Actor, *statements: Statement) -> list[list[Row]]:
        flights.append(actor.user_id)
        return await flight(actor, *statements)

    monkeypatch.setattr(engine, "flight", counted)
    assert call(ALICE, method, route, body=sent).status in (200, 201, 204, 404, 409)
    assert flights == ["auth0|alice"]
