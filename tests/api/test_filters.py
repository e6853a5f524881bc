"""Filters of lists: what they leave is what the unfiltered list has with that value, page by page."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any, get_args
from uuid import uuid4

import pytest

from noillusion.catalog.platforms import NAMES
from noillusion.publishing.models import PostStatus, TargetStatus
from tests.api.harness import Client
from tests.support.databases import Store, fly
from tests.support.rows import NOW, insert, rows

USER = "auth0|alice"
LISTS = {"posts": "publish", "connections": "connect_callback", "notifications": "profile"}


def listed(name: str, sub: str = USER, **query: str) -> list[dict[str, Any]]:
    """Every item of a list, page by page."""
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = {"limit": "3", **query, **({"cursor": cursor} if cursor else {})}
        answer = Client(sub).request(LISTS[name], "GET", f"/v1/{name}", query=page)
        assert answer.status == 200, answer.text
        found += answer.json["items"]
        cursor = answer.json["next_cursor"]
    return found


def target(at: random.Random, post: str, position: int, connections: dict[str, str], **columns: Any) -> dict[str, Any]:
    """The columns of a target with a random status on a random account."""
    status, platform = at.choice(get_args(TargetStatus)), at.choice(sorted(connections))
    found = {"id": str(uuid4()), "post_id": post, "platform": platform, "connection_id": connections[platform], "status": status}
    found |= {"account_id": "a", "position": position, "kind": "text", "deadline_at": NOW, "text_fingerprint": None, **columns}
    if found["status"] == "failed":
        found["error_class"] = "transient"
    if found["status"] in ("published", "delivered_to_inbox"):
        found["accepted_id"] = found["id"]
    return found


@pytest.fixture
def ledger(deployment: Store) -> None:
    """Posts with targets in every state, some of them tried again, of two users."""
    at = random.Random(1)
    for user in (USER, "auth0|mallory"):
        connections: dict[str, str] = {name: str(uuid4()) for name in NAMES[:3]}
        for name, identifier in connections.items():
            status = "active" if name != "linkedin" else "reauth_required"
            known = {**rows()["platform_connections"], "id": identifier, "platform": name, "status": status}
            fly(insert("platform_connections", user, **known))
        for number in range(40):
            post = str(uuid4())
            created = NOW + timedelta(minutes=number // 2)
            fly(insert("posts", user, id=post, idempotency_key=str(number), created_at=created))
            for position in range(at.randint(1, 3)):
                columns = target(at, post, position, connections)
                fly(insert("post_targets", user, **columns))
                if columns["status"] in ("failed", "unknown") and at.random() < 0.7:
                    again = target(at, post, position, connections, retry_of=columns["id"], attempt=2)
                    fly(insert("post_targets", user, **again))
        for number in range(9):
            kind = ("publish_failed", "publish_unknown", "connection_dead")[number % 3]
            fly(insert("notifications", user, kind=kind, dedupe_key=str(number), created_at=NOW + timedelta(minutes=number)))


@pytest.mark.usefixtures("ledger")
def test_posts_are_filtered_by_what_the_list_says_of_them() -> None:
    posts = listed("posts")
    assert len(posts) == 40 and {post["status"] for post in posts} == set(get_args(PostStatus))
    for status in get_args(PostStatus):
        assert listed("posts", status=status) == [post for post in posts if post["status"] == status], status
    for platform in NAMES:
        with_it = [post for post in posts if platform in {t["platform"] for t in post["targets"]}]
        # A target that was tried again on another account counts as well.
        assert [p for p in listed("posts", platform=platform) if p in with_it] == with_it
    some, later = posts[30]["created_at"], posts[10]["created_at"]
    assert listed("posts", **{"from": some, "to": later}) == [p for p in posts if some <= p["created_at"] < later]
    failed_there = listed("posts", status="failed", platform="facebook", to=later)
    assert failed_there and all(p["status"] == "failed" and p["created_at"] < later for p in failed_there)
    for connection in listed("connections"):
        ids = {p["id"] for p in posts if connection["id"] in {t["connection_id"] for t in p["targets"]}}
        assert ids <= {p["id"] for p in listed("posts", connection_id=connection["id"])}
    (foreign, *_) = listed("connections", "auth0|mallory")
    assert listed("posts", connection_id=foreign["id"]) == []


@pytest.mark.usefixtures("ledger")
def test_connections_and_notices_are_filtered() -> None:
    connections, notices = listed("connections"), listed("notifications")
    assert len(connections) == 3 and len(notices) == 9
    for key, values in {"platform": NAMES, "status": ("active", "reauth_required")}.items():
        for value in values:
            assert listed("connections", **{key: value}) == [c for c in connections if c[key] == value]
    assert listed("connections", platform="linkedin", status="active") == []
    kind, since, until = "publish_failed", notices[6]["created_at"], notices[0]["created_at"]
    assert listed("notifications", kind=kind) == [n for n in notices if n["kind"] == kind]
    wanted = [n for n in notices if n["kind"] == kind and since <= n["created_at"] < until]
    assert wanted and listed("notifications", kind=kind, **{"from": since, "to": until}) == wanted


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(
    ("name", "query", "another"),
    [
        ("posts", {"status": "failed"}, "unknown"),
        ("connections", {"status": "active"}, "reauth_required"),
        ("notifications", {"kind": "publish_failed"}, "publish_unknown"),
    ],
)
def test_a_cursor_is_good_for_its_filters_only(name: str, query: dict[str, str], another: str) -> None:
    client, path = Client(USER), f"/v1/{name}"
    first = client.request(LISTS[name], "GET", path, query={"limit": "1", **query}).json
    for other in ({}, dict.fromkeys(query, another)):
        moved = client.request(LISTS[name], "GET", path, query={"cursor": first["next_cursor"], **other})
        assert [(e["field"], e["code"]) for e in moved.json["errors"]] == [("cursor", "cursor")]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"status": "broken"}, "literal_error"),
        ({"connection_id": "x"}, "string_pattern_mismatch"),
        ({"from": "x"}, "date_time_format"),
    ],
)
def test_a_value_that_no_post_can_have_is_refused(deployment: Store, query: dict[str, str], code: str) -> None:
    answer = Client(USER).request("publish", "GET", "/v1/posts", query=query)
    assert [(e["field"], e["code"]) for e in answer.json["errors"]] == [(name, code) for name in query]


def test_a_kind_that_no_notice_can_have_is_refused(deployment: Store) -> None:
    answer = Client(USER).request("profile", "GET", "/v1/notifications", query={"kind": "publish_filed"})
    assert [(e["field"], e["code"]) for e in answer.json["errors"]] == [("kind", "literal_error")]
    assert "grant_not_withdrawn" in answer.json["errors"][0]["params"]["allowed"]
