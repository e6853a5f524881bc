"""A cursor continues the list that gave it, for the user it was given to, with the filters it was asked with: nothing else."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from noillusion.api import paging
from noillusion.core import clock
from noillusion.core.errors import Invalid
from noillusion.settings.source import settings
from noillusion.templates.words import search_text
from tests.api.harness import Answer, Client
from tests.support.databases import fly
from tests.support.rows import insert, rows

pytestmark = pytest.mark.usefixtures("two_of_everything")

ALICE, BOB = "auth0|alice", "auth0|bob"
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Listed:
    """A list of the API, how the test asks for it, and how else it could be asked for."""

    function: str
    path: str
    others: tuple[Mapping[str, str], ...] = ()
    query: Mapping[str, str] = field(default_factory=dict)


PERIOD = {"from": "2026-11-01T00:00:00Z", "to": "2026-11-26T00:00:00Z"}
LISTS = {
    "connections": Listed("connect_callback", "/v1/connections"),
    "posts": Listed("publish", "/v1/posts"),
    "notices": Listed("profile", "/v1/notifications"),
    "own templates": Listed(
        "templates",
        "/v1/templates",
        (
            {"scope": "community"},
            {"scope": "system"},
            {"sort": "usage"},
            {"sort": "rating"},
            {"q": "name"},
            {"mode": "personal"},
            {"platform": "tiktok"},
            {"tag": "a"},
        ),
    ),
    "community": Listed(
        "templates", "/v1/templates", ({"scope": "mine"}, {"scope": "community", "q": "n"}), {"scope": "community"}
    ),
    "searched templates": Listed("templates", "/v1/templates", ({"q": "na"}, {}), {"q": "name"}),
    "top posts": Listed(
        "analytics",
        "/v1/analytics/posts",
        ({"sort": "likes"}, {"sort": "published_at"}, {"platform": "tiktok"}, {"from": PERIOD["from"]}, PERIOD),
    ),
    "top posts of a period": Listed(
        "analytics", "/v1/analytics/posts", ({}, {"from": PERIOD["from"]}, {"to": PERIOD["to"]}), PERIOD
    ),
    "accounts": Listed("analytics", "/v1/analytics/accounts", ({"platform": "tiktok"}, PERIOD)),
}


@pytest.fixture
def two_of_everything(deployment: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two users, each with two rows in every list, made at the same instants."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    for user in (ALICE, BOB):
        for number in range(2):
            at = NOW - timedelta(days=2 + number)
            made, stamp = rows(), {"created_at": at, "updated_at": at}
            connection = {**made["platform_connections"], "account_id": f"account-{number}", **stamp}
            template = {**made["prompt_templates"], "shared_at": at, **stamp}
            template |= {"search_text": search_text(template["name"], ""), "is_searchable": True}
            post = {**made["posts"], "idempotency_key": f"key-{number}", **stamp}
            target = {**made["post_targets"], "connection_id": connection["id"], **stamp}
            target |= {"status": "published", "accepted_id": "1", "platform_post_id": target["id"], "published_at": at}
            fly(
                insert("platform_connections", user, **connection),
                insert("posts", user, **post),
                insert("post_targets", user, **target),
                insert("notifications", user, kind="publish_finished", dedupe_key=str(number), **stamp),
                insert("prompt_templates", user, **template),
                insert("prompt_template_versions", user, **made["prompt_template_versions"]),
            )


def ask(listed: Listed, user: str = ALICE, **query: str) -> Answer:
    """One page of one item."""
    asked = {"limit": "1", **(query if query.keys() - {"cursor"} else {**listed.query, **query})}
    return Client(user).request(listed.function, "GET", listed.path, query=asked)


def cursor_of(listed: Listed, user: str = ALICE) -> str:
    """The cursor that a first page gives."""
    answer = ask(listed, user)
    assert answer.status == 200, answer.text
    assert len(answer.json["items"]) == 1
    return str(answer.json["next_cursor"])


def refused(answer: Answer) -> bool:
    """Whether the answer names the cursor and does not repeat it."""
    assert answer.status == 422, answer.text
    return [(error["field"], error["code"]) for error in answer.json["errors"]] == [("cursor", "cursor")]


@pytest.mark.parametrize("name", LISTS)
def test_a_cursor_continues_its_own_list(name: str) -> None:
    first = ask(LISTS[name]).json
    second = ask(LISTS[name], cursor=first["next_cursor"])
    assert second.status == 200, second.text
    assert len(second.json["items"]) == 1 and second.json["items"] != first["items"]


@pytest.mark.parametrize("name", LISTS)
def test_a_cursor_of_another_list_is_refused(name: str) -> None:
    others = [other for other in LISTS.values() if other.path != LISTS[name].path]
    assert len(others) >= 5
    assert all(refused(ask(LISTS[name], cursor=cursor_of(other))) for other in others)


@pytest.mark.parametrize("name", LISTS)
def test_a_cursor_of_another_user_is_refused(name: str) -> None:
    assert refused(ask(LISTS[name], cursor=cursor_of(LISTS[name], BOB)))


@pytest.mark.parametrize("name", [name for name, listed in LISTS.items() if listed.others])
def test_a_cursor_with_other_filters_is_refused(name: str) -> None:
    cursor = cursor_of(LISTS[name])
    asked = [{**other, "cursor": cursor} for other in LISTS[name].others]
    assert all(
        refused(Client().request(LISTS[name].function, "GET", LISTS[name].path, query={"limit": "1", **query})) for query in asked
    )


def test_a_larger_page_may_follow_a_smaller_one() -> None:
    cursor = cursor_of(LISTS["posts"])
    answer = Client().request("publish", "GET", "/v1/posts", query={"limit": "50", "cursor": cursor})
    assert (answer.status, len(answer.json["items"])) == (200, 1)


def test_equal_instants_are_equal_filters() -> None:
    listed, elsewhere = LISTS["top posts of a period"], {"from": "2026-11-01T01:00:00+01:00", "to": PERIOD["to"]}
    asked = {"limit": "1", "cursor": cursor_of(listed), **elsewhere}
    assert Client().request("analytics", "GET", "/v1/analytics/posts", query=asked).status == 200


@pytest.mark.parametrize("name", LISTS)
def test_a_cursor_of_an_earlier_version_has_expired(name: str) -> None:
    """It was bound to nothing but its position."""
    position = json.dumps(["2026-11-25T12:00:00+00:00", "00000000-0000-0000-0000-000000000000"], separators=(",", ":")).encode()
    tag = hmac.new(settings().state_key, b"cursor" + position, hashlib.sha256).digest()[:12]
    assert refused(ask(LISTS[name], cursor=base64.urlsafe_b64encode(tag + position).rstrip(b"=").decode()))


def test_a_cursor_with_one_changed_character_is_refused() -> None:
    cursor = cursor_of(LISTS["posts"])
    # The last character may carry bits that decoding ignores.
    changed = [cursor[:i] + ("A" if cursor[i] != "A" else "B") + cursor[i + 1 :] for i in range(0, len(cursor) - 1, 7)]
    assert all(refused(ask(LISTS["posts"], cursor=other)) for other in changed)


def test_a_cursor_of_another_number_of_values_is_refused() -> None:
    listed = paging.Listing("posts", ALICE)
    cursor = listed.cursor(NOW, "an id")
    assert listed.position(cursor, 2) == [NOW.isoformat(), "an id"]
    for length in (1, 3):
        with pytest.raises(Invalid):
            listed.position(cursor, length)
