"""Taking everything along: complete at any size, in parts that fit, while the rows change (failure-classes.md K7)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from noillusion import db
from noillusion.core import clock
from noillusion.db import Json, Statement, sql
from noillusion.privacy import data_map, export, export_store
from tests.api.harness import Client
from tests.support.databases import Store, fly
from tests.support.exported import Taken, read_part, take_along
from tests.support.rows import PRINT, SEALED, insert, one_of_each, rows

pytestmark = pytest.mark.usefixtures("deployment")

ALICE, BOB = "auth0|alice", "auth0|bob"
RECEIPTS, DEPARTURES = "deletion_receipts", "departures"
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
HARD_TEXT = 'She said "no" \\ twice\n\u4e2d\u6587\U0001f600\t\u2028 ' * 60
"""What grows most on the way: quotation marks, backslashes, line breaks, and letters outside ASCII."""


def history(user_id: str, number: int, start: datetime = NOW) -> list[Statement]:
    """``number`` rows in every table that can hold many of a user, several of them made at the same instant."""
    found: list[Statement] = []
    base = rows()
    connection, template = base["platform_connections"], base["prompt_templates"]
    found += [insert("profiles", user_id, **base["profiles"]), insert("platform_connections", user_id, **connection)]
    found.append(insert("prompt_templates", user_id, **template))
    for n in range(number):
        made = rows()
        at = start + timedelta(seconds=n // 3)
        stamp = {"created_at": at, "updated_at": at}
        found += [
            insert("posts", user_id, **{**made["posts"], "idempotency_key": str(uuid4())}, **stamp),
            insert("post_targets", user_id, **made["post_targets"], **stamp),
            insert("post_analytics", user_id, **made["post_analytics"], **stamp),
            insert("post_analytics", user_id, **{**made["post_analytics"], "polled_at": at + timedelta(days=1)}, **stamp),
            insert("account_analytics", user_id, connection_id=connection["id"], polled_at=start + timedelta(seconds=n), **stamp),
            insert("ai_usage_tracking", user_id, **made["ai_usage_tracking"], **stamp),
            insert("notifications", user_id, kind="kind", dedupe_key=str(uuid4()), **stamp),
            insert("prompt_template_versions", user_id, template_id=template["id"], version=n + 1, user_text=HARD_TEXT, **stamp),
        ]
    return found


def ids(user_id: str, table: str) -> list[str]:
    """The ids of a user's rows."""
    return [row["id"] for row in fly(sql(f"SELECT id FROM {table} WHERE user_id = :user_id", user_id=user_id))[0]]


def taken_ids(taken: Taken, table: str) -> list[str]:
    """The ids of the rows that an export holds of a table."""
    return [row["id"] for row in taken.tables[table]]


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts and reads so small that a few rows need many of them."""
    monkeypatch.setattr(export, "PART_BYTES", 6_000)
    monkeypatch.setattr(export, "FIRST_READ", 4)
    monkeypatch.setattr(export, "READ", 7)
    monkeypatch.setattr(export, "LONG_ROWS", {"prompt_template_versions": 2})


def test_the_export_holds_every_table_with_the_users_rows_only(deployment: Store) -> None:
    fly(*one_of_each(ALICE), *one_of_each(BOB))
    taken = take_along()
    assert taken.manifest["user_id"] == ALICE and BOB not in taken.text
    assert set(taken.tables) == set(deployment.tables()) - {RECEIPTS, DEPARTURES, "ai_operator_spending"}
    for table in taken.tables:
        assert taken_ids(taken, table) == ids(ALICE, table), table
    assert {table["table"]: (table["rows"], table["exact"]) for table in taken.manifest["tables"]} == dict.fromkeys(
        taken.tables, (1, True)
    )


def test_parents_come_before_their_children(deployment: Store) -> None:
    order = [table["table"] for table in take_along().manifest["tables"]]
    for table in order:
        assert [parent for parent in deployment.references(table) - {table} if order.index(parent) > order.index(table)] == []


HIDDEN = ("sealed", "sealing", "fingerprint", "_hash", "lease_", "idempotency_")


def test_the_export_holds_every_column_but_credentials_and_inner_workings_which_it_names(deployment: Store) -> None:
    fly(*one_of_each(ALICE))
    taken = take_along()
    for table in taken.manifest["tables"]:
        (row,) = taken.tables[table["table"]]
        columns = deployment.columns(table["table"])
        shown = [name for name in columns if not any(part in name for part in HIDDEN)]
        assert sorted(row) == sorted(shown), table
        assert sorted(table["withheld"]) == sorted(set(columns) - set(shown)), table
    assert SEALED not in taken.text and PRINT not in taken.text and "sealed-marker" not in taken.text
    assert taken.tables["profiles"][0]["bio"] == "bio"


def test_values_keep_their_types() -> None:
    at = datetime(2026, 11, 26, 12, 0, 0, 123456, tzinfo=UTC)
    fly(insert("profiles", ALICE, bio=HARD_TEXT, skills=Json(["\u4e2d", '"']), created_at=at))
    (row,) = take_along().tables["profiles"]
    assert (row["bio"], row["skills"], row["created_at"]) == (HARD_TEXT, ["\u4e2d", '"'], "2026-11-26T12:00:00.123456Z")


@pytest.mark.parametrize("user_id", ["auth0|nobody", ALICE])
def test_a_small_export_takes_two_requests_and_two_flights(user_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fly(*one_of_each(ALICE))
    engine, flights = db.database(), []
    real = engine.flight

    async def counted(*arguments: Any) -> Any:
        flights.append(arguments)
        return await real(*arguments)

    monkeypatch.setattr(engine, "flight", counted)
    taken = take_along(user_id)
    assert (len(taken.parts), len(flights)) == (1, 2)
    assert {len(found) for found in taken.tables.values()} == {0 if user_id == "auth0|nobody" else 1}


@pytest.mark.usefixtures("small_parts")
def test_H2_every_row_of_every_table_is_in_exactly_one_part() -> None:
    fly(*history(ALICE, 40), *history(BOB, 5))
    taken = take_along()
    assert len(taken.parts) > 20
    for table in taken.tables:
        assert Counter(taken_ids(taken, table)) == Counter(ids(ALICE, table)), table
    assert {table["table"]: table["rows"] for table in taken.manifest["tables"]} == {
        table: len(found) for table, found in taken.tables.items()
    }


@pytest.mark.usefixtures("small_parts")
def test_H2_rows_that_are_added_and_deleted_meanwhile_cost_no_other_row_its_place() -> None:
    fly(*history(ALICE, 25))
    before = {entry.table: ids(ALICE, entry.table) for entry in data_map.TABLES}
    templates = [before["prompt_templates"][0]]
    deleted: list[str] = []
    turn = iter(range(1_000))

    def something_happens() -> None:
        n = next(turn)
        # One with an older time than anything here, one with a newer time, and readings of a post that may have been passed.
        for at in (NOW - timedelta(days=1, seconds=n), NOW + timedelta(days=1, seconds=n)):
            made, stamp = rows(), {"created_at": at, "updated_at": at}
            fly(
                insert("posts", ALICE, **{**made["posts"], "idempotency_key": str(uuid4())}, **stamp),
                insert("post_targets", ALICE, **made["post_targets"], **stamp),
                insert("post_analytics", ALICE, target_id=made["post_targets"]["id"], polled_at=at, **stamp),
                insert(
                    "post_analytics", ALICE, target_id=before["post_targets"][n % 25], polled_at=at + timedelta(days=9), **stamp
                ),
                insert("notifications", ALICE, kind="kind", dedupe_key=str(uuid4()), **stamp),
                insert(
                    "prompt_template_versions", ALICE, template_id=templates[0], version=1000 + 2 * n + (at > NOW), user_text="t"
                ),
            )
        if n < 20:
            deleted.append(before["notifications"][n])
            fly(sql("DELETE FROM notifications WHERE id = :id", id=deleted[-1]))
        fly(sql("UPDATE posts SET updated_at = :now WHERE user_id = :user_id", now=clock.now(), user_id=ALICE))

    taken = take_along(between=something_happens)
    assert len(taken.parts) > 10 and len(deleted) > 10
    for table in taken.tables:
        found = Counter(taken_ids(taken, table))
        assert set(found.values()) <= {1}, table
        assert set(before[table]) - set(found) <= set(deleted), table


@pytest.mark.usefixtures("small_parts")
def test_H2_scheduled_times_that_move_meanwhile_are_in_exactly_one_part() -> None:
    made = rows()
    fly(
        *history(ALICE, 1),
        insert("schedules", ALICE, **made["schedules"]),
        insert("schedule_targets", ALICE, **made["schedule_targets"]),
    )
    for n in range(40):
        due_at = NOW + timedelta(hours=n)
        fly(insert("schedule_occurrences", ALICE, **{**made["schedule_occurrences"], "id": str(uuid4()), "due_at": due_at}))
    waiting = enumerate(ids(ALICE, "schedule_occurrences"))

    def moved() -> None:
        """One after the other moves behind all others and before them."""
        if row := next(waiting, None):
            due_at = NOW + timedelta(days=400 - 800 * (row[0] % 2), seconds=row[0])
            fly(sql("UPDATE schedule_occurrences SET due_at = :due_at WHERE id = :id", due_at=due_at, id=row[1]))

    taken = take_along(between=moved)
    assert Counter(taken_ids(taken, "schedule_occurrences")) == Counter(ids(ALICE, "schedule_occurrences"))


def test_H2_no_part_is_larger_than_the_function_may_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "PART_BYTES", 100_000)
    fly(*history(ALICE, 60))
    taken = take_along()
    assert len(taken.parts) >= 5
    # The last line comes on top.
    assert max(taken.answer_bytes) < 100_000 + 4_000
    assert sum(size > 80_000 for size in taken.answer_bytes) >= len(taken.parts) - 2


def test_H2_a_part_of_the_full_size_stays_under_lambdas_limit() -> None:
    versions = [
        insert("prompt_template_versions", ALICE, template_id=template["id"], version=n + 1, user_text=HARD_TEXT * 3)
        for template in [rows()["prompt_templates"]]
        for n in range(450)
    ]
    template = versions[0].params["template_id"]
    fly(insert("prompt_templates", ALICE, id=template, name="n", content_mode="personal"), *versions)
    taken = take_along()
    assert len(taken.parts) == 2
    assert 3_900_000 < max(taken.answer_bytes) < 4_010_000


def test_a_row_that_is_larger_than_a_part_is_a_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "PART_BYTES", 10)
    fly(*one_of_each(ALICE))
    taken = take_along()
    assert [sum(part["rows"].values()) for part in taken.parts] == [1] * len(taken.tables)


@pytest.mark.usefixtures("small_parts")
def test_a_part_can_be_read_again() -> None:
    fly(*history(ALICE, 10))
    taken = take_along()
    name = taken.parts[2]["next_part"]
    first, second = (Client().request("profile", "GET", f"/v1/profile/export/{name}") for _ in range(2))
    assert first.text == second.text and read_part(first.text)[1] == taken.parts[3]


@pytest.mark.usefixtures("small_parts")
def test_a_part_that_is_short_of_time_ends_early_and_loses_nothing() -> None:
    fly(*history(ALICE, 20))
    hurried = Client(ALICE, seconds=1.0)
    manifest = hurried.request("profile", "GET", "/v1/profile/export").json
    name, found, parts = manifest["first_part"], Counter[str](), 0
    while name:
        rows_of_part, end = read_part(hurried.request("profile", "GET", f"/v1/profile/export/{name}").text)
        found.update(row["id"] for _, row in rows_of_part)
        name, parts = end["next_part"], parts + 1
    assert found == Counter(identity for entry in data_map.TABLES for identity in ids(ALICE, entry.table))
    assert parts > len(take_along().parts)


def test_more_rows_than_are_counted_are_said_to_be_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_store, "COUNTED_AT_MOST", 3)
    fly(*history(ALICE, 4))
    taken = take_along()
    said = {table["table"]: (table["rows"], table["exact"]) for table in taken.manifest["tables"]}
    assert (said["posts"], said["profiles"]) == ((3, False), (1, True))
    assert taken.parts[-1]["total_rows"]["posts"] == 4


def change(name: str) -> str:
    """The same with another character in it."""
    return name[:20] + ("A" if name[20] != "A" else "B") + name[21:]


@pytest.mark.parametrize("other", [change, lambda name: name[:-4], lambda _: "first", lambda _: "0" * 400], ids=range(4))
def test_a_part_that_was_never_given_is_as_absent_as_somebody_elses(other: Callable[[str], str]) -> None:
    fly(*one_of_each(ALICE), *one_of_each(BOB))
    mine, theirs = (Client(user).request("profile", "GET", "/v1/profile/export").json["first_part"] for user in (ALICE, BOB))
    answers = [Client(ALICE).request("profile", "GET", f"/v1/profile/export/{name}") for name in (theirs, other(mine))]
    assert [answer.status for answer in answers] == [404, 404]
    same = [{key: value for key, value in answer.json.items() if key != "correlation_id"} for answer in answers]
    assert same[0] == same[1]


def test_a_cursor_of_a_list_is_no_part() -> None:
    for number in range(2):
        fly(insert("posts", ALICE, idempotency_key=str(number)))
    cursor = Client().request("publish", "GET", "/v1/posts", query={"limit": "1"}).json["next_cursor"]
    assert cursor and Client().request("profile", "GET", f"/v1/profile/export/{cursor}").status == 404


def test_the_name_of_a_part_holds_nothing_but_ids_times_and_counts() -> None:
    import base64

    fly(*one_of_each(ALICE))
    name = Client().request("profile", "GET", "/v1/profile/export").json["first_part"]
    position = json.loads(base64.urlsafe_b64decode(name + "=" * (-len(name) % 4))[16:])
    assert position[1] == 1 and set(position[4:]) == {"", 0}
