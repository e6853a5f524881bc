"""The embedded engine: a flight is one transaction, values come back as what they are, and the schema refuses nonsense."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from noillusion import db
from noillusion.core import loop
from noillusion.core.errors import Unavailable
from noillusion.db import Actor, Duplicate, Json, Row, Statement, sql
from noillusion.db.sqlite import SQLiteDatabase
from tests.support.databases import CIRCUITS, LIBRARY, REFERENCE
from tests.support.rows import NOW, PARENTS, departure, insert, rows
from tools.migrate import ensure
from tools.sqlite_schema import TARGET, generate

ALICE = Actor("auth0|alice")

pytestmark = pytest.mark.usefixtures("deployment")


def fly(*statements: Statement) -> list[list[Row]]:
    """One flight of the deployment's database."""
    return loop.run(db.database().flight(ALICE, *statements))


def count(table: str = "profiles") -> int:
    """How many rows there are."""
    return int(fly(sql(f"SELECT COUNT(*) AS n FROM {table}"))[0][0]["n"])


def test_a_flight_returns_the_rows_of_each_statement_in_order() -> None:
    results = fly(
        insert("profiles", display_name="Ada"),
        sql("SELECT display_name FROM profiles WHERE user_id = :user_id", user_id="auth0|alice"),
        sql("UPDATE profiles SET bio = :bio RETURNING bio, display_name", bio="x"),
        sql("SELECT 1 AS one WHERE 1 = 0"),
    )
    assert results == [[], [{"display_name": "Ada"}], [{"bio": "x", "display_name": "Ada"}], []]


@pytest.mark.parametrize(
    ("failing", "error"),
    [
        (insert("profiles"), Duplicate),
        (insert("profiles", id="7e3a1c00-0000-4000-8000-000000000000"), Duplicate),
        (insert("profiles", user_id=""), sqlite3.IntegrityError),
        (insert("profiles", user_id="auth0|bob", content_mode="other"), sqlite3.IntegrityError),
        (insert("post_targets", post_id=str(uuid4())), sqlite3.IntegrityError),
        (sql("SELECT * FROM no_such_table"), Unavailable),
        (sql("SELECT :missing AS x WHERE :other"), sqlite3.ProgrammingError),
        (sql("SELECT :time AS x", time=datetime(2026, 11, 22)), ValueError),  # noqa: DTZ001 - what is refused
        (sql("SELECT :object AS x", object=object()), sqlite3.ProgrammingError),
    ],
    ids=["unique", "primary key", "check", "enum", "reference", "no table", "no parameter", "naive time", "no type"],
)
def test_an_error_anywhere_undoes_the_whole_flight(failing: Statement, error: type[Exception]) -> None:
    first = insert("profiles", id="7e3a1c00-0000-4000-8000-000000000000")
    usage = insert("ai_provider_state", provider="openai", model="m", outcome="ok")
    with pytest.raises(error):
        fly(first, usage, failing, insert("profiles", user_id="auth0|late"))
    assert (count("profiles"), count("ai_provider_state")) == (0, 0)
    fly(first)
    assert count() == 1


def test_what_was_deleted_is_neither_in_the_file_nor_in_its_log(deployment: Path) -> None:
    def left() -> set[str]:
        return {path.name for path in deployment.parent.glob(f"{deployment.name}*") if b"marker" in path.read_bytes()}

    fly(*(insert("profiles", f"auth0|{number}", bio="marker" * 500) for number in range(20)))
    assert left() == {f"{deployment.name}-wal"}
    with closing(sqlite3.connect(deployment)) as other:
        other.execute("PRAGMA wal_checkpoint(FULL)")
    assert deployment.name in left()
    fly(sql("UPDATE profiles SET display_name = 'so that both have it'"))
    fly(sql("DELETE FROM profiles"))
    assert left() == set()


def test_a_duplicate_tells_nothing_of_the_values() -> None:
    fly(insert("profiles", user_id="auth0|marker"))
    with pytest.raises(Duplicate) as refused:
        fly(insert("profiles", user_id="auth0|marker"))
    assert "marker" not in repr(refused.value) + str(refused.value) and refused.value.__cause__ is None


def test_parameters_are_not_part_of_a_statements_repr() -> None:
    assert "marker" not in repr(sql("SELECT :word", word="marker"))


@pytest.mark.parametrize(
    "time",
    [
        NOW,
        NOW.replace(microsecond=1),
        NOW.replace(microsecond=999_999),
        datetime(2026, 7, 1, 1, 30, tzinfo=timezone(timedelta(hours=5, minutes=30))),
        datetime(1970, 1, 1, tzinfo=UTC),
    ],
    ids=str,
)
def test_I1_a_time_comes_back_as_the_same_instant_in_utc(time: datetime) -> None:
    fly(insert("notifications", kind="k", dedupe_key="d", read_at=time))
    found = fly(sql("SELECT read_at FROM notifications"))[0][0]["read_at"]
    assert (found, found.utcoffset()) == (time, timedelta(0))


def test_times_have_one_width_and_the_order_of_their_instants() -> None:
    times = [NOW + timedelta(microseconds=step) for step in (0, 1, 10, 999_999, 1_000_000, 86_400_000_000)]
    times += [time.astimezone(timezone(timedelta(hours=-9))) for time in times]
    for i, time in enumerate(times):
        fly(insert("notifications", kind=str(i), dedupe_key=str(i), read_at=time))
    raw = [row["raw"] for row in fly(sql("SELECT CAST(read_at AS TEXT) AS raw FROM notifications ORDER BY raw"))[0]]
    assert {len(text) for text in raw} == {len("2026-11-22T12:00:00.000000Z")}
    assert [datetime.fromisoformat(text) for text in raw] == sorted(times)
    later = fly(sql("SELECT COUNT(*) AS n FROM notifications WHERE read_at > :now", now=NOW))[0][0]["n"]
    assert later == len(times) - 2


def test_default_times_look_like_given_ones() -> None:
    fly(insert("profiles"))
    row = fly(sql("SELECT created_at, CAST(created_at AS TEXT) AS raw FROM profiles"))[0][0]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", row["raw"])
    assert abs(row["created_at"] - datetime.now(UTC)) < timedelta(minutes=1)


def test_default_ids_are_random_uuids() -> None:
    for i in range(50):
        fly(insert("notifications", kind="k", dedupe_key=str(i)))
    ids = {row["id"] for row in fly(sql("SELECT id FROM notifications"))[0]}
    form = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
    assert len(ids) == 50 and all(form.fullmatch(found) for found in ids)


@pytest.mark.parametrize("value", [{}, [], {"a": [1, None, {"ü": "漢"}]}, "text", 0, None, ["\x00", '"']], ids=repr)
def test_json_comes_back_parsed(value: Any) -> None:
    fly(insert("notifications", kind="k", dedupe_key="d", data=Json(value)))
    assert fly(sql("SELECT data FROM notifications"))[0][0]["data"] == value


def test_booleans_and_numbers_and_nothing_come_back_as_themselves() -> None:
    fly(insert("webhooks", sealed_url="u", sealed_secret="s", sealing_key_id="k", active=False, failures=3))
    fly(insert("webhooks", sealed_url="u", sealed_secret="s", sealing_key_id="k", active=True, failures=2**31))
    rows = fly(sql("SELECT active, failures, due_at FROM webhooks ORDER BY failures"))[0]
    assert rows == [{"active": False, "failures": 3, "due_at": None}, {"active": True, "failures": 2**31, "due_at": None}]
    assert [type(row["active"]) for row in rows] == [bool, bool]


def test_reading_does_not_wait_for_a_writer(deployment: Path) -> None:
    with closing(sqlite3.connect(deployment, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO profiles (user_id) VALUES ('auth0|other')")
        assert count() == 0
        writer.execute("COMMIT")
    assert count() == 1


def test_a_database_that_stays_locked_is_unavailable_and_then_well_again(
    deployment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("noillusion.db.sqlite.BUSY_TIMEOUT_MS", 50)
    with closing(sqlite3.connect(deployment, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Unavailable) as refused:
            fly(insert("profiles"))
        assert refused.value.retry_after
        other.execute("ROLLBACK")
    fly(insert("profiles"))
    assert count() == 1


WRITER = """
import sys
from noillusion.core import loop
from noillusion.db import Actor, connect, sql
database = connect(sys.argv[1])
async def go():
    for i in range(100):
        await database.flight(
            Actor(sys.argv[2]),
            sql("UPDATE profiles SET bio = CAST(CAST(bio AS INTEGER) + 1 AS TEXT)"),
            sql("INSERT INTO notifications (user_id, kind, dedupe_key) VALUES (:who, 'k', :i)", who=sys.argv[2], i=str(i)),
        )
    await database.close()
loop.run(go())
"""


def test_several_processes_share_one_file_without_losing_a_write(deployment: Path) -> None:
    fly(insert("profiles", bio="0"))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    arguments = [sys.executable, "-c", WRITER, f"sqlite:///{deployment}"]
    running = [subprocess.Popen([*arguments, f"auth0|{i}"], env=environment, stderr=subprocess.PIPE) for i in range(4)]
    errors = [process.communicate(timeout=300)[1].decode() for process in running]
    assert errors == [""] * 4
    assert (fly(sql("SELECT bio FROM profiles"))[0][0]["bio"], count("notifications")) == ("400", 400)


def test_a_claim_is_won_once_by_connections_that_race(deployment: Path) -> None:
    results: list[bool] = []
    start = threading.Barrier(8)

    async def claim(database: SQLiteDatabase, work: Callable[[], Awaitable[object]]) -> None:
        try:
            await work()
            results.append(True)
        except Duplicate:
            results.append(False)
        await database.close()

    def race() -> None:
        import asyncio

        database = SQLiteDatabase(str(deployment))
        start.wait(10)
        asyncio.run(claim(database, lambda: database.flight(ALICE, insert("posts", idempotency_key="k"))))

    threads = [threading.Thread(target=race) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(results) == [False] * 7 + [True]


def test_a_database_that_is_not_there_is_unavailable_and_is_not_made(tmp_path: Path) -> None:
    missing = tmp_path / "missing.sqlite3"
    with pytest.raises(Unavailable) as refused:
        loop.run(SQLiteDatabase(str(missing)).flight(ALICE, sql("SELECT 1")))
    assert (refused.value.status, refused.value.retry_after, missing.exists()) == (503, 5, False)
    assert str(tmp_path) not in str(refused.value) + refused.value.detail


def test_T12_a_file_that_goes_away_is_noticed_and_one_that_comes_back_is_used(deployment: Path) -> None:
    fly(insert("profiles"))
    aside = deployment.with_suffix(".aside")
    deployment.rename(aside)
    with pytest.raises(Unavailable):
        fly(sql("SELECT 1"))
    aside.rename(deployment)
    assert count() == 1
    deployment.unlink()
    ensure(f"sqlite:///{deployment}")
    assert count() == 0
    fly(insert("profiles"))
    with closing(sqlite3.connect(deployment)) as reader:
        assert reader.execute("SELECT COUNT(*) FROM profiles").fetchone() == (1,)


def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a database, " * 100)
    with pytest.raises(Unavailable):
        loop.run(SQLiteDatabase(str(tmp_path / "notes.txt")).flight(ALICE, sql("SELECT 1 FROM profiles")))


def test_a_closed_database_opens_again_when_it_is_needed() -> None:
    loop.run(db.database().close())
    assert count() == 0


def test_the_schema_is_made_once_and_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "test.sqlite3"
    assert ensure(f"sqlite:///{path}") and not ensure(f"sqlite:///{path}")
    assert path.stat().st_mode & 0o077 == 0


def test_the_embedded_schema_is_what_the_migrations_give() -> None:
    assert TARGET.read_text() == generate()


OWN = {"user_id", "created_at", "updated_at", "id"}

TABLES = sorted(set(re.findall(r"^CREATE TABLE (?:IF NOT EXISTS )?(\w+)", generate(), re.MULTILINE)))
NOBODYS = "0b0d1e50-0000-4000-8000-000000000000"
"""An id that no row has. Always the same, so that every run has the same tests."""
NO_USERS = ("ai_operator_spending", "deletion_receipts", CIRCUITS, LIBRARY, *REFERENCE)
PER_USER = [table for table in TABLES if table not in NO_USERS]


def columns(table: str) -> dict[str, Row]:
    """The columns of a table by name."""
    return {row["name"]: row for row in fly(sql(f"SELECT * FROM pragma_table_info('{table}')"))[0]}


@pytest.mark.parametrize("table", PER_USER)
def test_every_table_has_an_owner_who_is_not_empty_and_is_found_by_an_index(table: str) -> None:
    found = columns(table)
    assert set(found) >= OWN and found["user_id"]["notnull"] == 1
    firsts = [
        fly(sql(f"SELECT name FROM pragma_index_info('{row['name']}') ORDER BY seqno"))[0][0]["name"]
        for row in fly(sql(f"SELECT name FROM pragma_index_list('{table}')"))[0]
    ]
    assert "user_id" in firsts
    with pytest.raises(sqlite3.IntegrityError):
        fly(insert(table, **{**VALID[table], "user_id": ""}))


STRANGE = "strange"
VALID = rows() | {"departures": departure()}
TARGET_ID, CONNECTION = VALID["post_targets"]["id"], VALID["platform_connections"]["id"]


def rows_before(table: str) -> list[Statement]:
    """Rows that a row of the table refers to."""
    return [insert(parent, **VALID[parent]) for parent in PARENTS.get(table, ())]


@pytest.mark.parametrize("table", PER_USER)
def test_each_table_takes_a_plain_row(table: str) -> None:
    before = count(table)
    fly(*rows_before(table), insert(table, **VALID[table]))
    assert count(table) == before + 1


REFUSED: list[tuple[str, dict[str, Any]]] = [
    # Words that mean nothing.
    ("profiles", {"content_mode": STRANGE}),
    ("ai_provider_keys", {"provider": STRANGE}),
    ("platform_connections", {"platform": STRANGE}),
    ("platform_connections", {"status": STRANGE}),
    ("connection_attempts", {"platform": STRANGE}),
    ("connection_attempts", {"state": STRANGE}),
    ("post_targets", {"platform": STRANGE}),
    ("post_targets", {"kind": STRANGE}),
    ("post_targets", {"status": STRANGE}),
    ("post_analytics", {"status": STRANGE}),
    ("account_analytics", {"status": STRANGE}),
    ("post_polls", {"platform": STRANGE}),
    ("ai_usage_tracking", {"task": STRANGE}),
    ("ai_usage_tracking", {"provider": STRANGE}),
    ("ai_usage_tracking", {"key_source": STRANGE}),
    ("ai_provider_state", {"provider": STRANGE}),
    ("prompt_templates", {"content_mode": STRANGE}),
    ("schedules", {"status": STRANGE}),
    ("schedule_targets", {"platform": STRANGE}),
    ("schedule_targets", {"way": STRANGE}),
    ("schedule_occurrences", {"state": STRANGE}),
    # Empty where emptiness would pass for a value (failure-classes.md C1, E2).
    ("ai_provider_keys", {"sealed_key": ""}),
    ("platform_connections", {"sealed_access_token": ""}),
    ("platform_connections", {"sealed_access_token": None}),
    ("platform_connections", {"sealed_refresh_token": ""}),
    ("platform_connections", {"account_id": ""}),
    ("connection_attempts", {"nonce_hash": ""}),
    ("connection_attempts", {"sealed_credentials": ""}),
    ("posts", {"idempotency_key": ""}),
    ("post_targets", {"accepted_id": "", "status": "processing"}),
    ("post_targets", {"platform_post_id": ""}),
    ("prompt_templates", {"name": ""}),
    ("prompt_template_versions", {"user_text": ""}),
    ("schedule_targets", {"sealed_source": ""}),
    ("notifications", {"dedupe_key": ""}),
    ("webhooks", {"sealed_url": ""}),
    ("webhooks", {"sealed_secret": ""}),
    # States that need their evidence (failure-classes.md A1).
    ("post_targets", {"status": "published"}),
    ("post_targets", {"status": "delivered_to_inbox"}),
    ("post_targets", {"status": "failed"}),
    ("post_analytics", {"status": "unavailable"}),
    ("account_analytics", {"status": "unavailable"}),
    ("post_figures", {"good_at": None}),
    # Numbers out of range, and references to nothing.
    ("post_targets", {"attempt": 0}),
    ("prompt_templates", {"version": 0}),
    ("prompt_template_versions", {"version": 0}),
    ("prompt_template_ratings", {"stars": 0}),
    ("prompt_template_ratings", {"stars": 6}),
    ("schedules", {"grace_s": -1}),
    ("schedule_targets", {"schedule_id": NOBODYS}),
    ("schedule_occurrences", {"target_id": NOBODYS}),
    ("post_targets", {"post_id": NOBODYS}),
    ("post_targets", {"connection_id": NOBODYS}),
    ("post_targets", {"retry_of": NOBODYS}),
    ("post_analytics", {"target_id": NOBODYS}),
    ("post_figures", {"target_id": NOBODYS}),
    ("post_figures", {"failures": -1}),
    ("post_polls", {"connection_id": NOBODYS}),
    ("account_analytics", {"connection_id": NOBODYS}),
    ("prompt_template_versions", {"template_id": NOBODYS}),
]


@pytest.mark.parametrize(
    ("table", "change"), REFUSED, ids=[f"{table}-{'-'.join(f'{k}={v}' for k, v in c.items())}"[:70] for table, c in REFUSED]
)
def test_the_schema_refuses_a_row_that_makes_no_sense(table: str, change: dict[str, Any]) -> None:
    fly(*rows_before(table))
    with pytest.raises(sqlite3.IntegrityError):
        fly(insert(table, **{**VALID[table], **change}))


TWICE = [
    *(
        "profiles",
        "ai_provider_keys",
        "platform_connections",
        "posts",
        "post_analytics",
        "post_figures",
        "post_polls",
        "account_analytics",
        "ai_provider_state",
    ),
    *("prompt_template_versions", "prompt_template_ratings", "notifications", "schedule_occurrences"),
]


@pytest.mark.parametrize("table", TWICE)
def test_what_may_exist_once_exists_once(table: str) -> None:
    row = {name: value for name, value in VALID[table].items() if name != "id"}
    fly(*rows_before(table), insert(table, **row))
    with pytest.raises(Duplicate):
        fly(insert(table, **row))


def test_a_failed_target_is_tried_again_once() -> None:
    fly(*rows_before("post_targets"), insert("post_targets", **VALID["post_targets"]))
    again = {**VALID["post_targets"], "retry_of": TARGET_ID, "attempt": 2}
    fly(insert("post_targets", **{**again, "id": str(uuid4())}))
    with pytest.raises(Duplicate):
        fly(insert("post_targets", **{**again, "id": str(uuid4())}))


def test_a_target_outlives_its_connection_and_goes_with_its_post() -> None:
    fly(insert("posts", **VALID["posts"]), insert("platform_connections", **VALID["platform_connections"]))
    fly(insert("post_targets", **VALID["post_targets"], connection_id=CONNECTION))
    fly(sql("DELETE FROM platform_connections"))
    assert fly(sql("SELECT connection_id FROM post_targets"))[0] == [{"connection_id": None}]
    fly(sql("DELETE FROM posts"))
    assert count("post_targets") == 0
