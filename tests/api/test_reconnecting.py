"""Renewing a connection in place: it keeps its id and its history, and refuses another identity."""

from __future__ import annotations

from typing import Any

import pytest

from noillusion.db import sql
from tests.api.conftest import Platforms
from tests.api.harness import Answer, Client
from tests.support.databases import fly
from tests.support.rows import insert, rows

ALICE, BOB = "auth0|alice", "auth0|bob"
ALL = ("facebook", "instagram", "linkedin", "tiktok")
OTHERS: dict[str, dict[str, Any]] = {
    "instagram": {"id": "17841400000009999"},
    "linkedin": {"id": "OtherMember"},
    "tiktok": {"open_id": "-000OtherCreator"},
}
"""Another person at a platform."""


def somebody_else(platforms: Platforms, platform: str, account_id: str) -> None:
    """The next dialog is answered by a person who has not this account."""
    actions: Any = platforms.world.simulators[platform].actions
    if platform == "facebook":
        pages = {page["id"] for page in platforms.world.simulators["facebook"].state()["pages"]}
        actions["consent"]({"accounts": sorted(pages - {account_id})})
        return
    actions["user"](OTHERS[platform])
    actions["consent"]({"user": next(iter(OTHERS[platform].values()))})


def begin(client: Client, platform: str, connection_id: str) -> Answer:
    """The request for the dialog that renews a connection."""
    path = f"/v1/connections/{platform}/authorize"
    return client.request("connect_callback", "POST", path, body={"connection_id": connection_id})


def came_back(platforms: Platforms, client: Client, platform: str, connection_id: str) -> tuple[str, dict[str, Any]]:
    """The path of the grant that the person brought back from the dialog, and what it offers."""
    path = f"/v1/connections/pending/{platforms.consent(client, platform, connection_id=connection_id).json['pending_id']}"
    return path, client.request("connect_callback", "GET", path).json


def confirm(client: Client, path: str, *account_ids: str) -> Answer:
    """The person selects accounts of a grant."""
    return client.request("connect_callback", "POST", f"{path}/confirm", body={"account_ids": list(account_ids)})


CREDENTIAL = {"credential_version", "sealed_access_token"}


def stored() -> list[dict[str, Any]]:
    """All connections as they are stored."""
    columns = f"id, account_id, label, status, created_at, {', '.join(sorted(CREDENTIAL))}"
    return list(fly(sql(f"SELECT {columns} FROM platform_connections ORDER BY created_at, id"))[0])


def besides(connection: dict[str, Any]) -> list[dict[str, Any]]:
    """The other connections, without their credentials: those of the same grant are renewed with it."""
    others = (row for row in stored() if row["id"] != connection["id"])
    return [{name: value for name, value in row.items() if name not in CREDENTIAL} for row in others]


@pytest.mark.parametrize("platform", ALL)
def test_a_dead_connection_comes_back_with_its_id_and_its_history(platforms: Platforms, platform: str) -> None:
    client = Client(ALICE)
    connection = platforms.connect(client, platform)[0]
    path = f"/v1/connections/{connection['id']}"
    client.request("connect_callback", "PATCH", path, body={"label": "Mine"})
    post, target = rows()["posts"], rows()["post_targets"]
    history = {**target, "post_id": post["id"], "connection_id": connection["id"], "platform": platform, "status": "canceled"}
    fly(insert("posts", ALICE, **post), insert("post_targets", ALICE, **history))
    platforms.world.simulators[platform].actions["revoke"]({})
    assert not client.request("connect_callback", "POST", f"{path}/test").json["ok"]
    others = besides(connection)

    pending, offered = came_back(platforms, client, platform, connection["id"])
    assert offered["connection_id"] == connection["id"] and offered["empty_reason"] is None
    assert [(account["id"], account["connected"]) for account in offered["accounts"]] == [(connection["account_id"], True)]
    answer = confirm(client, pending, connection["account_id"])
    assert [(item["id"], item["state"], item["label"]) for item in answer.json["items"]] == [(connection["id"], "active", "Mine")]
    assert client.request("connect_callback", "POST", f"{path}/test").json["ok"]
    assert fly(sql("SELECT connection_id FROM post_targets"))[0] == [{"connection_id": connection["id"]}]
    assert besides(connection) == others


@pytest.mark.parametrize("platform", ALL)
def test_another_identity_is_refused_and_nothing_is_stored(platforms: Platforms, platform: str) -> None:
    client = Client(ALICE)
    connection = platforms.connect(client, platform)[0]
    before = stored()
    somebody_else(platforms, platform, connection["account_id"])
    pending, offered = came_back(platforms, client, platform, connection["id"])
    assert offered["accounts"] == [] and "another" not in offered["empty_reason"] and "right account" in offered["empty_reason"]
    for account_id in (connection["account_id"], *OTHERS.get(platform, {"id": "104857600002931"}).values()):
        answer = confirm(client, pending, account_id)
        assert (answer.status, answer.json["code"]) == (409, "other_account"), answer.text
    assert stored() == before
    declined = client.request("connect_callback", "DELETE", pending)
    assert declined.status == 200, declined.text


def test_only_the_account_that_is_renewed_can_be_selected(platforms: Platforms) -> None:
    client = Client(ALICE)
    first, *others = platforms.connect(client, "facebook")
    assert others
    before = stored()
    pending, _ = came_back(platforms, client, "facebook", first["id"])
    answer = confirm(client, pending, first["account_id"], others[0]["account_id"])
    assert answer.status == 422
    assert [(error["field"], error["code"]) for error in answer.json["errors"]] == [("account_ids.1", "other_account")]
    assert stored() == before
    assert confirm(client, pending, first["account_id"]).status == 200
    # The other Pages of the grant are renewed with it, in place.
    assert {row["credential_version"] for row in stored()} == {2}
    assert [(row["id"], row["account_id"]) for row in stored()] == [(row["id"], row["account_id"]) for row in before]


def test_a_connection_is_renewed_by_its_owner_at_its_platform_only(platforms: Platforms) -> None:
    (connection,) = platforms.connect(Client(ALICE), "tiktok")
    absent = "00000000-0000-4000-8000-000000000000"
    for client, platform, connection_id in (
        (Client(BOB), "tiktok", connection["id"]),
        (Client(ALICE), "tiktok", absent),
        (Client(ALICE), "linkedin", connection["id"]),
    ):
        answer = begin(client, platform, connection_id)
        (error,) = answer.json["errors"]
        assert (answer.status, error["field"], error["code"]) == (422, "connection_id", "not_found")
    assert begin(Client(ALICE), "tiktok", "no id").status == 422
    assert platforms.database.fetch("SELECT COUNT(*) FROM connection_attempts WHERE state = 'started'") == [(0,)]


def test_a_connection_that_was_deleted_meanwhile_leaves_an_ordinary_grant(platforms: Platforms) -> None:
    client = Client(ALICE)
    (connection,) = platforms.connect(client, "linkedin")
    pending, _ = came_back(platforms, client, "linkedin", connection["id"])
    platforms.database.execute("DELETE FROM platform_connections")
    offered = client.request("connect_callback", "GET", pending).json
    assert offered["connection_id"] is None and [account["connected"] for account in offered["accounts"]] == [False]
    (made,) = confirm(client, pending, connection["account_id"]).json["items"]
    assert made["id"] != connection["id"]
