"""The optional partitions of history (supabase/optional), made on a database with rows in it: only where rows are changes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import errors

from local.databases.postgres import Server
from noillusion.db.postgres import API_ROLE, HEALTH_ROLE, WORKER_ROLE
from tests.postgres import test_plans as plans
from tests.postgres.rows import ALICE, BOB, insert, row_id
from tests.postgres.test_access import do
from tests.postgres.test_plans import statements as statements
from tests.support import databases
from tests.support.databases import PostgresStore
from tests.support.partitions import by_month

TABLE = "'post_analytics'::regclass"
ATTRIBUTES = f"FROM pg_attribute WHERE attrelid = {TABLE} AND attnum > 0"
ACL = f"FROM pg_attribute, aclexplode(attacl) a WHERE attrelid = {TABLE}"
LOOKS = {
    "columns": f"SELECT attname, format_type(atttypid, atttypmod), attnotnull {ATTRIBUTES}",
    "defaults": f"SELECT adnum, pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = {TABLE}",
    "keys and checks": f"SELECT conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint WHERE conrelid = {TABLE}",
    "triggers": f"SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = {TABLE} AND NOT tgisinternal",
    "policies": "SELECT policyname, permissive, roles, cmd, qual, with_check FROM pg_policies WHERE tablename = 'post_analytics'",
    "security": f"SELECT relowner, relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = {TABLE}",
    "grants": f"SELECT a.grantee, a.privilege_type FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = {TABLE}",
    "grants of columns": f"SELECT attname, a.grantee, a.privilege_type {ACL}",
    "rows": "SELECT to_jsonb(post_analytics)::text FROM post_analytics",
}
PARTITIONS = f"SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = {TABLE} ORDER BY 1"
MONTHS_BEFORE = 14
Looks = dict[str, list[Any]]
PARENTS = ("platform_connections", "posts", "post_targets")


@pytest.fixture(scope="module")
def divided(postgres_server: Server) -> Iterator[tuple[PostgresStore, Looks]]:
    """A database whose users have readings of many months, and how it looked before."""
    with databases.fresh(postgres_server) as store:
        for user in (ALICE, BOB):
            for table in PARENTS:
                store.execute(insert(user, table))
            store.execute(
                f"""INSERT INTO post_analytics (id, user_id, target_id, polled_at, views)
                    SELECT gen_random_uuid(), '{user}', '{row_id(user, "post_targets")}', now() - make_interval(days => n), n
                    FROM generate_series(0, {MONTHS_BEFORE * 30}) n"""
            )
        before = looks(store)
        by_month(store)
        yield store, before


@pytest.fixture
def copy(divided: tuple[PostgresStore, Looks]) -> PostgresStore:
    """The database with partitions."""
    return divided[0]


def looks(store: PostgresStore) -> Looks:
    return {name: sorted(map(repr, store.fetch(query))) for name, query in LOOKS.items()}


def partitions(store: PostgresStore) -> list[str]:
    return [name for (name,) in store.fetch(PARTITIONS)]


def as_role(store: PostgresStore, role: str, user: str, statement: str) -> list[Any]:
    with store.acting(role, json.dumps({"sub": user, "role": role})) as connection:
        return connection.execute(statement.encode()).fetchall()


def test_rows_keys_policies_and_grants_are_what_they_were(divided: tuple[PostgresStore, Looks]) -> None:
    copy, before = divided
    after = looks(copy)
    assert {name for name in LOOKS if after[name] != before[name]} == set()
    assert len(after["rows"]) == 2 * (MONTHS_BEFORE * 30 + 1)
    assert {"post_analytics_first", "post_analytics_rest"} < set(partitions(copy)) and len(partitions(copy)) >= 4


def test_everybody_has_their_own_rows_and_nobody_reaches_a_partition(copy: PostgresStore) -> None:
    own = f"SELECT DISTINCT user_id FROM post_analytics WHERE user_id IN ('{ALICE}', '{BOB}')"
    assert as_role(copy, API_ROLE, ALICE, own) == [(ALICE,)]
    assert sorted(as_role(copy, WORKER_ROLE, "", own)) == [(ALICE,), (BOB,)]
    for role in (API_ROLE, WORKER_ROLE, HEALTH_ROLE):
        for name in partitions(copy):
            with pytest.raises(errors.InsufficientPrivilege):
                as_role(copy, role, ALICE, f"SELECT 1 FROM {name}")
    closed = f"SELECT relrowsecurity FROM pg_class JOIN pg_inherits ON inhrelid = pg_class.oid WHERE inhparent = {TABLE}"
    assert set(copy.fetch(closed)) == {(True,)}


def test_readings_go_where_they_belong_and_twice_is_once(copy: PostgresStore) -> None:
    made = partitions(copy)
    by_month(copy)
    assert partitions(copy) == made
    target = row_id(ALICE, "post_targets")
    row = f"INSERT INTO post_analytics (user_id, target_id, polled_at, views) VALUES ('{ALICE}', '{target}', "
    where = "SELECT tableoid::regclass::text FROM post_analytics WHERE views = 424242"
    copy.execute(f"{row} date_trunc('month', now(), 'UTC') + interval '6 months 3 days', 424242)")
    assert copy.fetch(where) == [("post_analytics_rest",)]
    created = [name.removeprefix("created ") for (name,) in copy.fetch("SELECT post_analytics_months(ahead => 8)")]
    assert copy.fetch(where)[0][0] in created and len(created) == 5
    with pytest.raises(errors.ForeignKeyViolation):
        do(copy, API_ROLE, ALICE, f"{row.replace(target, row_id(BOB, 'post_targets'))} now(), 1)")
    copy.execute("DELETE FROM post_analytics WHERE views = 424242")


def test_old_months_go_as_tables_and_readings_with_their_target(postgres_server: Server) -> None:
    with databases.fresh(postgres_server) as store:
        for table in PARENTS:
            store.execute(insert(ALICE, table))
        by_month(store)
        # A year later, in which nobody ran anything.
        for name in set(partitions(store)) - {"post_analytics_first", "post_analytics_rest"}:
            store.execute(f"DROP TABLE {name}")
        store.execute("ALTER TABLE post_analytics DETACH PARTITION post_analytics_first")
        store.execute(
            """ALTER TABLE post_analytics ATTACH PARTITION post_analytics_first
               FOR VALUES FROM (MINVALUE) TO (date_trunc('month', now(), 'UTC') - interval '12 months')"""
        )
        row = f"INSERT INTO post_analytics (user_id, target_id, polled_at) SELECT '{ALICE}', '{row_id(ALICE, 'post_targets')}', "
        store.execute(f"{row} now() - make_interval(months => n) FROM generate_series(1, 20, 5) n")
        assert store.fetch("SELECT count(*) FROM post_analytics_rest") == [(3,)]
        store.execute("SELECT post_analytics_months()")
        assert store.fetch("SELECT count(*) FROM post_analytics_rest") == [(0,)]
        dropped = store.fetch("SELECT post_analytics_months(keep => '6 months')")
        assert ("dropped post_analytics_first",) in dropped and 6 <= len(dropped) <= 8
        assert store.fetch("SELECT count(*) FROM post_analytics WHERE polled_at > now() - interval '6 months'") == [(1,)]
        store.execute(f"DELETE FROM post_targets WHERE user_id = '{ALICE}'")
        assert store.fetch("SELECT count(*) FROM post_analytics") == [(0,)]


def test_after_an_interruption_it_goes_on(postgres_server: Server) -> None:
    with databases.fresh(postgres_server) as store:
        store.execute("ALTER TABLE post_analytics ADD CONSTRAINT post_analytics_limit CHECK (polled_at < now()) NOT VALID")
        by_month(store)
        assert "post_analytics_first" in partitions(store)
        limits = "SELECT count(*) FROM pg_constraint WHERE conname = 'post_analytics_limit'"
        assert store.fetch(limits) == [(0,)]
        # What a later migration may do.
        store.execute("ALTER TABLE post_analytics ADD COLUMN later integer; CREATE INDEX ON post_analytics (later)")


@pytest.fixture(scope="module")
def full(postgres_server: Server) -> Iterator[PostgresStore]:
    """The database of :mod:`tests.postgres.test_plans` in partitions."""
    for store in plans.filled(postgres_server):
        by_month(store)
        with psycopg.connect(store.url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE post_analytics")
        yield store


def test_H3_plans_look_up_as_they_do_in_one_table(
    full: PostgresStore, statements: tuple[dict[str, list[Any]], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "LARGE", plans.LARGE | {"post_analytics_first"})
    found = {name: each for name, each in statements[0].items() if any("post_analytics" in one.text for one in each)}
    assert len(found) >= 6
    assert plans.wrong(full, found) == []
