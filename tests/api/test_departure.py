"""Leaving: every row deleted, every grant withdrawn, a receipt (failure-classes.md K7)."""

from __future__ import annotations

import pytest

from noillusion.db import sql
from noillusion.privacy import data_map, store
from noillusion.vault.sealer import fingerprint
from tests.api.conftest import Platforms
from tests.api.harness import Answer, Client
from tests.support.databases import Store, fly
from tests.support.rows import insert, one_of_each, rows

ALICE, BOB = "auth0|alice", "auth0|bob"
RECEIPTS, DEPARTURES = "deletion_receipts", "departures"


def owned(deployment: Store, user_id: str) -> dict[str, int]:
    """How many rows of each table belong to a user, but for the one that says that they are leaving."""
    return {
        table: deployment.fetch(f"SELECT COUNT(*) FROM {table} WHERE user_id = '{user_id}'")[0][0]
        for table in deployment.tables()
        if "user_id" in deployment.columns(table) and table != DEPARTURES
    }


def leave(user_id: str = ALICE) -> Answer:
    """A user deletes everything."""
    return Client(user_id).request("profile", "DELETE", "/v1/profile")


def test_rows_are_deleted_before_the_rows_they_refer_to(deployment: Store) -> None:
    order = [entry.table for entry in data_map.TABLES]
    for table in order:
        parents = deployment.references(table) - {table}
        assert [parent for parent in parents if order.index(parent) < order.index(table)] == []


def test_K7_deletion_leaves_no_row_of_the_user_in_any_table_and_none_of_others_is_touched(deployment: Store) -> None:
    fly(*one_of_each(ALICE), *one_of_each(BOB))
    before = owned(deployment, BOB)
    assert set(owned(deployment, ALICE).values()) == {1}
    answer = leave()
    assert answer.status == 200, answer.text
    assert set(owned(deployment, ALICE).values()) == {0}
    assert owned(deployment, BOB) == before
    assert ALICE not in deployment.dump()
    assert answer.json["deleted"] == dict.fromkeys(before, 1)


def test_the_receipt_can_be_proved_by_its_code_and_traced_by_nothing_else(deployment: Store) -> None:
    fly(*one_of_each(ALICE))
    receipt = leave().json
    (row,) = deployment.fetch(f"SELECT id, user_hash, code_hash, origin, counts FROM {RECEIPTS}")
    assert row[:4] == (
        receipt["receipt_id"],
        fingerprint("deleted-user", ALICE),
        fingerprint("deletion-code", receipt["code"]),
        "user",
    )
    assert row[4] == receipt["deleted"]
    assert receipt["code"] not in deployment.dump()


def test_deleting_again_is_harmless_and_has_a_receipt_of_its_own(deployment: Store) -> None:
    fly(*one_of_each(ALICE))
    first, second = leave(), leave()
    assert (first.status, second.status) == (200, 200)
    assert set(second.json["deleted"].values()) == {0} and second.json["code"] != first.json["code"]
    assert deployment.fetch(f"SELECT COUNT(*) FROM {RECEIPTS}") == [(2,)]


def test_the_receipt_counts_rows_that_go_with_their_parents(deployment: Store) -> None:
    first, again = rows(), rows()["post_targets"]
    fly(
        *(insert(table, ALICE, **first[table]) for table in ("posts", "post_targets", "post_analytics")),
        insert("post_targets", ALICE, **{**again, "post_id": first["posts"]["id"], "retry_of": first["post_targets"]["id"]}),
        insert("post_analytics", ALICE, **{**first["post_analytics"], "target_id": again["id"]}),
    )
    before = {table: count for table, count in owned(deployment, ALICE).items() if count}
    assert before == {"posts": 1, "post_targets": 2, "post_analytics": 2}
    deleted = leave().json["deleted"]
    assert {table: count for table, count in deleted.items() if count} == before
    assert deployment.fetch(f"SELECT counts FROM {RECEIPTS}") == [(deleted,)]


@pytest.mark.parametrize("refused", ["write_receipt", "delete", "end"])
def test_there_is_no_deletion_without_its_receipt_and_no_receipt_without_its_deletion(
    deployment: Store, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    fly(*one_of_each(ALICE))
    before = owned(deployment, ALICE)
    with monkeypatch.context() as broken:
        # The database refuses this one statement of the flight.
        broken.setattr(store, refused, lambda *_: sql("INSERT INTO profiles (user_id) VALUES ('')"))
        first = leave()
        assert (first.status, first.json["state"]) == (202, "deleting")
    assert owned(deployment, ALICE) == before
    assert deployment.fetch(f"SELECT COUNT(*) FROM {RECEIPTS}") == [(0,)]
    second = leave()
    assert (second.status, second.json["code"]) == (200, first.json["code"])
    assert set(owned(deployment, ALICE).values()) == {0}
    assert deployment.fetch(f"SELECT COUNT(*) FROM {RECEIPTS}") == [(1,)]


def test_whoever_left_can_begin_anew(deployment: Store) -> None:
    Client().request("profile", "PATCH", "/v1/profile", body={"bio": "old"})
    leave()
    assert Client().request("profile", "GET", "/v1/profile").json["bio"] == ""


def test_the_stars_of_whoever_left_are_taken_out_of_the_sums(deployment: Store) -> None:
    mine, theirs, other = rows()["prompt_templates"], rows()["prompt_templates"], rows()["prompt_templates"]
    fly(
        insert("prompt_templates", BOB, **theirs),
        insert("prompt_templates", BOB, **other),
        insert("prompt_templates", ALICE, **mine),
        insert("prompt_template_ratings", ALICE, template_id=theirs["id"], stars=3),
        insert("prompt_template_ratings", "auth0|carol", template_id=theirs["id"], stars=5),
        insert("prompt_template_ratings", "auth0|carol", template_id=other["id"], stars=4),
        insert("prompt_template_ratings", BOB, template_id=mine["id"], stars=2),
    )
    assert leave().json["deleted"]["prompt_template_ratings"] == 1
    sums = fly(sql("SELECT id, rating_sum, rating_count FROM prompt_templates WHERE user_id = :user_id", user_id=BOB))[0]
    assert {row["id"]: (row["rating_sum"], row["rating_count"]) for row in sums} == {theirs["id"]: (5, 1), other["id"]: (4, 1)}
    # Ratings of a template that is gone go with it.
    assert fly(sql("SELECT user_id, stars FROM prompt_template_ratings ORDER BY stars"))[0] == [
        {"user_id": "auth0|carol", "stars": 4},
        {"user_id": "auth0|carol", "stars": 5},
    ]


def test_copies_that_others_made_of_a_template_stay(deployment: Store) -> None:
    mine, copy = rows()["prompt_templates"], rows()["prompt_templates"]
    fly(
        insert("prompt_templates", ALICE, **mine),
        insert("prompt_templates", BOB, **copy, copied_from=mine["id"], copied_version=1),
    )
    leave()
    assert fly(sql("SELECT id, copied_from FROM prompt_templates WHERE user_id = :user_id", user_id=BOB))[0] == [
        {"id": copy["id"], "copied_from": None}
    ]


def test_the_templates_of_the_product_stay(deployment: Store) -> None:
    before = owned(deployment, "system")
    leave()
    assert owned(deployment, "system") == before and before["prompt_templates"] == 3


def grants(platforms: Platforms, platform: str) -> int:
    """How many grants or working tokens a platform holds."""
    state = platforms.world.simulators[platform].state()
    return sum(bool(user["granted"]) for user in state["users"]) if platform == "facebook" else int(state["tokens"])


@pytest.mark.parametrize("platform", ["facebook", "instagram", "linkedin", "tiktok"])
def test_the_receipt_says_of_each_grant_whether_the_platform_withdrew_it(platforms: Platforms, platform: str) -> None:
    connected = platforms.connect(Client(), platform)
    assert grants(platforms, platform)
    receipt = leave().json
    assert {r["connection_id"] for r in receipt["revocations"]} == {c["id"] for c in connected}
    withdrawn = grants(platforms, platform) == 0
    assert {r["revoked"] for r in receipt["revocations"]} == {withdrawn}
    assert all((r["advice"] is None) == r["revoked"] for r in receipt["revocations"])


@pytest.mark.parametrize("platform", ["linkedin", "tiktok"])
def test_grants_are_withdrawn_where_the_platform_lets_us(platforms: Platforms, platform: str) -> None:
    platforms.connect(Client(), platform)
    leave()
    assert grants(platforms, platform) == 0


def test_the_rows_go_even_where_no_platform_answers(platforms: Platforms) -> None:
    for name in ("facebook", "instagram", "linkedin", "tiktok"):
        platforms.connect(Client(), name)
        platforms.fault(platform=name, status=503, times=-1)
    answer = leave()
    assert answer.status == 200, answer.text
    assert set(owned(platforms.database, ALICE).values()) == {0}
    assert platforms.database.fetch(f"SELECT state FROM {RECEIPTS}") == [("partial",)]
    assert all(not r["revoked"] and r["advice"] for r in answer.json["revocations"] if r["platform"] in ("linkedin", "tiktok"))


def test_a_credential_that_cannot_be_opened_stops_no_deletion(deployment: Store) -> None:
    fly(*one_of_each(ALICE))
    found = leave().json["revocations"]
    assert [(r["platform"], r["connection_id"] is None, r["revoked"]) for r in found] == [
        ("tiktok", False, False),
        ("tiktok", True, False),
    ]
    assert deployment.fetch(f"SELECT state FROM {RECEIPTS}") == [("partial",)]
