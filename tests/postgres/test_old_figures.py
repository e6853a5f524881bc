"""Readings of earlier versions become the newest figures and due times of their posts, on both engines."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import psycopg
import pytest

from noillusion.db.postgres import API_ROLE
from tests.support.databases import PostgresStore
from tools import migrate
from tools.migrate import ensure, migrations
from tools.sqlite.ledger import LEDGER, MAKE_LEDGER
from tools.sqlite.model import Schema
from tools.sqlite.statements import read

FIRST = "20261128010000"
FILLS = "20261128010900"
"""The migrations that make the tables and fill them."""
USER = "auth0|alice"
DAYS = [f"2026-11-{day}T10:00:00.000000Z" for day in range(20, 25)]


def row_id(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, name))


def target(name: str, due: str | None = None, *, connected: bool = True) -> str:
    """Statements that insert a published post as an earlier version left it."""
    connection = f"'{row_id('connection')}'" if connected else "NULL"
    return f"""INSERT INTO posts (id, user_id, idempotency_key) VALUES ('{row_id(name + " post")}', '{USER}', '{name}');
      INSERT INTO post_targets (id, user_id, post_id, connection_id, platform, account_id, position, kind, status, accepted_id,
        published_at, deadline_at, metrics_due_at)
      VALUES ('{row_id(name)}', '{USER}', '{row_id(name + " post")}', {connection}, 'tiktok', '1', 0, 'video', 'published',
        '{name}', '{DAYS[0]}', '{DAYS[0]}', {f"'{due}'" if due else "NULL"});"""


def reading(name: str, day: int, views: int | None) -> str:
    """A reading of a post; without views it brought nothing."""
    outcome = ("ok", "NULL") if views is not None else ("unavailable", "'transient'")
    return f"""INSERT INTO post_analytics (id, user_id, target_id, polled_at, status, reason, views, extra)
      VALUES ('{row_id(f"{name} {day}")}', '{USER}', '{row_id(name)}', '{DAYS[day]}', '{outcome[0]}', {outcome[1]},
        {"NULL" if views is None else views}, '{{"reposts":{day}}}');"""


FILL = "\n".join(
    (
        f"""INSERT INTO platform_connections
          (id, user_id, platform, account_id, account_kind, sealed_access_token, sealing_key_id, token_issued_at)
          VALUES ('{row_id("connection")}', '{USER}', 'tiktok', '1', 'creator', 'v1.k1.x', 'k1', '{DAYS[0]}');""",
        target("good", DAYS[4]),
        *(reading("good", day, views) for day, views in ((2, 30), (0, 10), (1, None))),
        target("gap", DAYS[3]),
        *(reading("gap", day, views) for day, views in ((0, 7), (1, None), (2, None), (3, None))),
        target("nothing"),
        reading("nothing", 0, None),
        target("unread", DAYS[1]),
        target("disconnected", DAYS[1], connected=False),
    )
)
POLLS = {(row_id(name), row_id("connection"), "tiktok") for name in ("good", "gap", "unread")}
# views, reposts, number of failed readings, the last reason, whether the last reading was good
FIGURES = {
    row_id("good"): (30, 2, 0, None, True),
    row_id("gap"): (7, 0, 3, "transient", False),
    row_id("nothing"): (None, None, 1, "transient", False),
}
WANTED = "SELECT target_id, views, extra ->> 'reposts', failures, reason, COALESCE(good_at = read_at, false) FROM post_figures"


def check(fetch: Callable[[str], list[Any]]) -> None:
    rows = [tuple(map(str, row)) for row in fetch("SELECT target_id, connection_id, platform FROM post_polls")]
    assert set(rows) == POLLS and len(rows) == len(POLLS)
    found = {
        str(row[0]): (row[1], None if row[2] is None else int(row[2]), row[3], row[4], bool(row[5])) for row in fetch(WANTED)
    }
    assert found == FIGURES


@pytest.fixture
def old(empty: PostgresStore, monkeypatch: pytest.MonkeyPatch) -> PostgresStore:
    known = migrations()
    with monkeypatch.context() as before:
        before.setattr(migrate, "migrations", lambda: [m for m in known if m.version < FIRST])
        ensure(empty.url)
    empty.execute(FILL)
    return empty


def test_H6_readings_of_earlier_versions_become_the_newest_figures(old: PostgresStore) -> None:
    ensure(old.url)
    check(old.fetch)
    # Once more, as a file pasted into the dashboard twice.
    for migration in migrations():
        if migration.version >= FIRST:
            old.execute(migration.text)
    check(old.fetch)


def test_H6_an_owner_that_row_level_security_binds_takes_them_along_too(old: PostgresStore) -> None:
    old.execute("CREATE ROLE bound_owner CREATEROLE")
    try:
        old.execute("GRANT ALL ON SCHEMA public TO bound_owner; GRANT USAGE ON SCHEMA auth TO bound_owner")
        for table in (*old.tables(), "platforms"):
            old.execute(f"ALTER TABLE {table} OWNER TO bound_owner")
        for migration in migrations():
            # The others are of other tables, or grant what needs more rights.
            if migration.version in (FIRST, "20261128010900"):
                old.execute(f"SET ROLE bound_owner; {migration.text}; RESET ROLE")
        check(old.fetch)
    finally:
        old.execute("REASSIGN OWNED BY bound_owner TO postgres; DROP OWNED BY bound_owner; DROP ROLE bound_owner")


def test_H6_what_the_version_before_publishes_meanwhile_is_read_and_what_it_deletes_is_not(old: PostgresStore) -> None:
    ensure(old.url)
    claims = f"SELECT set_config('request.jwt.claims', '{{\"sub\":\"{USER}\"}}', true)"
    with psycopg.connect(old.url) as connection:
        connection.execute(f"SET LOCAL ROLE {API_ROLE}".encode())
        connection.execute(claims.encode())
        for name, due in (("nothing", "now()"), ("good", "NULL"), ("gap", "now()")):
            connection.execute(f"UPDATE post_targets SET metrics_due_at = {due} WHERE id = '{row_id(name)}'".encode())
    found = {str(row[0]) for row in old.fetch("SELECT target_id FROM post_polls")}
    assert found == {row_id(name) for name in ("nothing", "gap", "unread")}
    assert old.fetch(f"SELECT due_at < now() - interval '1 day' FROM post_polls WHERE target_id = '{row_id('gap')}'") == [(True,)]


def test_H6_a_file_of_an_earlier_version_gets_the_newest_figures(tmp_path: Path) -> None:
    path, schema = tmp_path / "database", Schema()
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        older = [migration for migration in migrations() if migration.version < FIRST]
        for migration in older:
            for step in read(migration.path, migration.text):
                for statement in schema.apply(step):
                    database.execute(statement)
        database.execute(MAKE_LEDGER)
        database.executemany(f"INSERT INTO {LEDGER} VALUES (?, ?)", [(each.version, each.name) for each in older])
        database.executescript(FILL)
    ensure(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as database:
        check(lambda statement: database.execute(statement).fetchall())
