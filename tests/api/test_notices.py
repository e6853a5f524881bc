"""Notices: unread ones first, found by what they are about, marked, counted in a header, deleted one by one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from noillusion.notices import store
from noillusion.notices.notice import notice
from tests.api.harness import Answer, Client
from tests.support.databases import Store, fly
from tests.support.rows import NOW, insert

ALICE, BOB = "auth0|alice", "auth0|bob"
SUBJECT = "2a3b4c5d-6e7f-4a8b-9c0d-1e2f3a4b5ca9"


@pytest.fixture
def told(deployment: Store) -> list[str]:
    """Ids of eight notices, oldest first; every second one is about the same subject. Another user has one as well."""
    ids = [str(uuid4()) for _ in range(8)]
    for number, identifier in enumerate(ids):
        fly(add(ALICE, number, identifier, subject_id=SUBJECT if number % 2 else str(uuid4())))
    fly(add(BOB, 0, str(uuid4())))
    return ids


def add(user: str, number: int, identifier: str, **more: Any) -> Any:
    kind = "publish_failed" if number < 4 else "connection_dead"
    at = NOW + timedelta(minutes=number)
    values = {"id": identifier, "kind": kind, "dedupe_key": str(number), "created_at": at, "updated_at": at}
    return insert("notifications", user, **{**values, **more})


def ask(method: str = "GET", path: str = "", user: str = ALICE, **parts: Any) -> Answer:
    return Client(user).request("profile", method, f"/v1/notifications{path}", **parts)


def listed(user: str = ALICE, **query: str) -> list[dict[str, Any]]:
    """Every notice of a list, in pages of three."""
    found, cursor = [], ""
    while cursor is not None:
        page = ask(user=user, query={"limit": "3", **query, **({"cursor": cursor} if cursor else {})})
        assert page.status == 200, page.text
        found += page.json["items"]
        cursor = page.json["next_cursor"]
    return found


def mark(identifier: str, unread: bool, user: str = ALICE) -> Answer:
    return ask("PATCH", f"/{identifier}", user, body={"unread": unread})


def test_unread_notices_come_first_and_pages_hold_each_once(told: list[str]) -> None:
    for identifier in (told[7], told[2], told[5]):
        assert mark(identifier, unread=False).status == 200
    assert [each["id"] for each in listed()] == [told[n] for n in (6, 4, 3, 1, 0, 7, 5, 2)]
    assert [each["id"] for each in listed(unread="true")] == [told[n] for n in (6, 4, 3, 1, 0)]
    assert [each["id"] for each in listed(unread="false")] == [told[n] for n in (7, 5, 2)]


def test_notices_are_found_by_kind_subject_and_period_together(told: list[str]) -> None:
    assert [each["id"] for each in listed(subject_id=SUBJECT)] == [told[n] for n in (7, 5, 3, 1)]
    assert [each["id"] for each in listed(subject_id=SUBJECT, kind="publish_failed")] == [told[3], told[1]]
    since = (NOW + timedelta(minutes=2)).isoformat()
    mark(told[3], unread=False)
    assert [
        each["id"] for each in listed(subject_id=SUBJECT, **{"from": since, "to": (NOW + timedelta(minutes=7)).isoformat()})
    ] == [
        told[5],
        told[3],
    ]
    assert listed(subject_id=str(uuid4())) == []
    assert ask(query={"subject_id": "none"}).status == 422


def test_a_notice_is_marked_as_read_once_and_as_unread_again(told: list[str]) -> None:
    first = mark(told[0], unread=False).json
    assert (first["id"], first["unread"]) == (told[0], False) and datetime.fromisoformat(first["read_at"])
    assert mark(told[0], unread=False).json == first
    again = mark(told[0], unread=True).json
    assert (again["unread"], again["read_at"]) == (True, None)
    assert [(error["field"], error["code"]) for error in ask("PATCH", f"/{told[0]}", body={"unread": "no"}).json["errors"]] == [
        ("unread", "bool_type")
    ]


def test_all_notices_up_to_one_are_marked_and_later_ones_stay_unread(told: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    until = (NOW + timedelta(minutes=5)).isoformat()
    assert ask("PATCH", body={"unread": False, "until": until}).json == {"changed": 6, "remaining": 0}
    assert ask("PATCH", body={"unread": False, "until": until}).json == {"changed": 0, "remaining": 0}
    assert [each["id"] for each in listed(unread="true")] == [told[7], told[6]]
    assert len(listed(BOB, unread="true")) == 1
    monkeypatch.setattr("noillusion.db.batches.BATCH", 2)
    assert ask("PATCH", body={"unread": True, "until": until}).json == {"changed": 6, "remaining": 0}


def test_unread_notices_are_counted_by_kind_and_an_unchanged_count_is_304(told: list[str]) -> None:
    mark(told[7], unread=False)
    found = ask(path="/unread")
    newest = (NOW + timedelta(minutes=6)).isoformat()
    assert found.json | {"newest_at": datetime.fromisoformat(found.json["newest_at"]).isoformat()} == {
        "unread": 7,
        "more": False,
        "by_kind": {"publish_failed": 4, "connection_dead": 3},
        "newest_at": newest,
    }
    head = ask("HEAD", "/unread")
    assert (head.status, head.text, head.headers["x-unread-count"]) == (200, "", "7")
    assert head.headers["etag"] == found.headers["etag"]
    same = ask(path="/unread", headers={"if-none-match": found.headers["etag"]})
    assert (same.status, same.headers["x-unread-count"]) == (304, "7")
    # One is read and another arrives: the number is the same, the state is not.
    mark(told[6], unread=False)
    fly(add(ALICE, 8, str(uuid4())))
    changed = ask("HEAD", "/unread", headers={"if-none-match": found.headers["etag"]})
    assert (changed.status, changed.headers["x-unread-count"]) == (200, "7")
    assert ask(path="/unread", user="auth0|nobody").json == {"unread": 0, "more": False, "by_kind": {}, "newest_at": None}


def test_no_more_unread_notices_are_counted_than_a_client_shows(told: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "COUNTED_AT_MOST", 5)
    assert {name: ask(path="/unread").json[name] for name in ("unread", "more")} == {"unread": 5, "more": True}


def test_one_notice_is_deleted_and_the_others_stay(told: list[str]) -> None:
    assert ask("DELETE", f"/{told[3]}").status == 204
    assert ask("DELETE", f"/{told[3]}").status == 404
    assert [each["id"] for each in listed()] == [told[n] for n in (7, 6, 5, 4, 2, 1, 0)]


def test_nobody_marks_or_deletes_the_notices_of_others(told: list[str]) -> None:
    assert mark(told[0], unread=False, user=BOB).status == 404
    assert ask("DELETE", f"/{told[0]}", user=BOB).status == 404
    assert mark("none", unread=False).status == 404
    assert len(listed(unread="true")) == 8


def test_a_change_of_state_is_told_once_even_if_its_notice_was_read(deployment: Store) -> None:
    for _ in range(2):
        fly(notice(ALICE, "publish_failed", SUBJECT, "failed", NOW))
        (only,) = listed()
        mark(only["id"], unread=False)
    assert [each["unread"] for each in listed()] == [False]
