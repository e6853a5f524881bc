"""T7: the database itself keeps tenants apart, gives each role no more than it needs, and lets finished things be."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from typing import Any

import psycopg
import pytest
from psycopg import errors

from noillusion.analytics.rows import POST_COUNTS
from noillusion.catalog import platforms, providers
from noillusion.db.postgres import API_ROLE, HEALTH_ROLE, WORKER_ROLE
from tests.postgres.rows import ALICE, BOB, VALUES, insert, row_id
from tests.support.databases import CIRCUITS, LIBRARY, REFERENCE, PostgresStore

RECEIPTS = "deletion_receipts"
OPERATOR = "ai_operator_spending"
NOBODYS = (RECEIPTS, OPERATOR)
"""Tables that name a keyed hash where others name a user."""


def acting(store: PostgresStore, role: str, sub: str | None) -> AbstractContextManager[psycopg.Connection[Any]]:
    """One transaction as a role, with or without a subject in its claims."""
    return store.acting(role, json.dumps({"sub": sub} if sub else {}))


def do(store: PostgresStore, role: str, sub: str | None, statement: str) -> int:
    """Run one statement in a transaction of its own; how many rows it touched."""
    with acting(store, role, sub) as connection:
        return connection.execute(statement.encode()).rowcount


def count(store: PostgresStore, role: str, sub: str | None, table: str) -> int:
    """How many rows of a table a role sees."""
    with acting(store, role, sub) as connection:
        found = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
        assert found is not None
        return int(found[0])


@pytest.fixture
def filled(store: PostgresStore) -> PostgresStore:
    """One row of Alice's in every table, written by the API role on her behalf."""
    with acting(store, API_ROLE, ALICE) as connection:
        connection.execute(";".join(insert(ALICE, table) for table in VALUES).encode())
    store.execute(f"INSERT INTO {RECEIPTS} (user_hash, code_hash, origin) VALUES ('h', 'c', 'user')")
    store.execute(f"INSERT INTO {OPERATOR} (user_hash, month) VALUES ('h', '2026-11')")
    return store


# ---- every table ------------------------------------------------------------------------------------------------------------


def test_the_tables_of_these_tests_are_all_there_are(store: PostgresStore) -> None:
    assert sorted([*VALUES, *NOBODYS]) == store.tables()


def test_row_level_security_is_on_and_forced_on_every_table(store: PostgresStore) -> None:
    loose = """SELECT relname::text FROM pg_class c
      WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'm', 'f')
      AND NOT (relrowsecurity AND {} AND EXISTS (SELECT 1 FROM pg_policy WHERE polrelid = c.oid))"""
    assert store.fetch(loose.format("true")) == []
    # A migration adds rows to the reference tables as their owner, and a view reads the library as its; nobody else may.
    assert {name for (name,) in store.fetch(loose.format("relforcerowsecurity"))} == {*REFERENCE, LIBRARY}


def test_the_views_show_what_they_are_made_for_and_stop_conditions_of_others(store: PostgresStore) -> None:
    views = store.fetch(
        "SELECT relname::text, reloptions FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'v'"
    )
    barrier = ["security_barrier=true"]
    assert sorted(views) == [
        ("listed_templates", None),
        ("prompt_template_uses", None),
        ("shared_template_versions", barrier),
        ("shared_templates", barrier),
    ]
    shown = {*store.columns("shared_templates"), *store.columns("listed_templates")}
    assert not {"user_id", "idempotency_key", "copied_from", "copied_version"} & shown


def test_the_roles_can_neither_log_in_nor_pass_by_row_level_security(store: PostgresStore) -> None:
    roles = store.fetch(
        """SELECT rolname::text, rolsuper, rolbypassrls, rolcanlogin, rolinherit, rolcreaterole, rolcreatedb,
             EXISTS (SELECT 1 FROM pg_auth_members WHERE member = r.oid)
           FROM pg_roles r WHERE rolname LIKE 'noillusion%' AND rolname NOT LIKE '%login' ORDER BY 1"""
    )
    assert roles == [(role, *[False] * 7) for role in (API_ROLE, HEALTH_ROLE, WORKER_ROLE)]


def test_every_table_has_an_index_that_begins_with_its_user(store: PostgresStore) -> None:
    led = store.fetch(
        """SELECT DISTINCT attrelid::regclass::text FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
           WHERE attname IN ('user_id', 'user_hash')"""
    )
    assert sorted(row[0] for row in led) == store.tables()


SOME_COLUMNS = {"post_polls": "due_at", "post_figures": "read_at"}
"""Tables of which a role may change some columns only, such as this one, and none that says whose a row is."""


@pytest.mark.parametrize("table", VALUES)
def test_T7_nobody_but_the_user_sees_a_row(table: str, filled: PostgresStore) -> None:
    seen = {sub: count(filled, API_ROLE, sub, table) for sub in (ALICE, BOB, "", None)}
    shared = 3 if table in ("prompt_templates", "prompt_template_versions") else 0
    assert seen == {ALICE: 1 + shared, BOB: shared, "": 0, None: 0}


@pytest.mark.parametrize("sub", [BOB, None])
@pytest.mark.parametrize("table", VALUES)
def test_T7_nobody_changes_or_deletes_a_row_of_somebody_else(table: str, sub: str | None, filled: PostgresStore) -> None:
    before = filled.dump()
    change = f"{SOME_COLUMNS[table]} = now()" if table in SOME_COLUMNS else f"user_id = '{sub}'"
    assert do(filled, API_ROLE, sub, f"UPDATE {table} SET {change} WHERE user_id <> 'system'") == 0
    assert do(filled, API_ROLE, sub, f"DELETE FROM {table}") == 0
    assert filled.dump() == before


@pytest.mark.parametrize("table", VALUES)
def test_T7_nobody_writes_a_row_for_somebody_else(table: str, filled: PostgresStore) -> None:
    for sub in (BOB, None):
        with pytest.raises(errors.InsufficientPrivilege):
            do(filled, API_ROLE, sub, insert(BOB, table, owner=ALICE))


@pytest.mark.parametrize("table", VALUES)
def test_T7_no_claims_make_anybody_the_owner_of_what_comes_with_the_product(table: str, filled: PostgresStore) -> None:
    for name in VALUES:
        filled.execute(insert("system", name))
    before = filled.dump()
    with pytest.raises((errors.InsufficientPrivilege, errors.ForeignKeyViolation)):
        do(filled, API_ROLE, "system", insert(BOB, table, owner="system"))
    change = SOME_COLUMNS.get(table, "updated_at")
    assert do(filled, API_ROLE, "system", f"UPDATE {table} SET {change} = now()") == 0
    assert do(filled, API_ROLE, "system", f"DELETE FROM {table}") == 0
    assert filled.dump() == before
    shown = 3 if table in ("prompt_templates", "prompt_template_versions") else 0
    assert count(filled, API_ROLE, "system", table) == shown


@pytest.mark.parametrize("owner", [BOB, "system"])
@pytest.mark.parametrize("table", VALUES)
def test_T7_nobody_passes_a_row_on_to_somebody_else(table: str, owner: str, filled: PostgresStore) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        do(filled, API_ROLE, ALICE, f"UPDATE {table} SET user_id = '{owner}' WHERE id = '{row_id(ALICE, table)}'")


def test_T7_forced_security_binds_the_owner_of_the_tables_too(own: PostgresStore) -> None:
    for table in VALUES:
        own.execute(insert(ALICE, table))
    own.execute("CREATE ROLE plain_owner")
    try:
        for table in own.tables():
            own.execute(f"ALTER TABLE {table} OWNER TO plain_owner")
        assert {count(own, "plain_owner", ALICE, table) for table in own.tables()} == {0}
        for table in VALUES:
            with pytest.raises(errors.InsufficientPrivilege):
                do(own, "plain_owner", BOB, insert(BOB, table))
    finally:
        own.execute("REASSIGN OWNED BY plain_owner TO postgres")
        own.execute("DROP ROLE plain_owner")


def test_references_are_followed_past_security_when_a_parent_goes(filled: PostgresStore) -> None:
    filled.execute(f"UPDATE prompt_templates SET shared_at = now() WHERE id = '{row_id(ALICE, 'prompt_templates')}'")
    mine = row_id(ALICE, "prompt_templates")
    filled.execute("DELETE FROM prompt_template_ratings")
    assert do(filled, API_ROLE, BOB, insert(BOB, "prompt_templates")) == 1
    assert do(filled, API_ROLE, BOB, f"UPDATE prompt_templates SET copied_from = '{mine}' WHERE user_id = '{BOB}'") == 1
    rating = f"INSERT INTO prompt_template_ratings (user_id, template_id, stars) VALUES ('{BOB}', '{mine}', 5)"
    assert do(filled, API_ROLE, BOB, rating) == 1
    assert do(filled, API_ROLE, ALICE, f"DELETE FROM prompt_templates WHERE id = '{mine}'") == 1
    assert filled.fetch("SELECT count(*) FROM prompt_template_ratings") == [(0,)]
    assert filled.fetch(f"SELECT copied_from FROM prompt_templates WHERE user_id = '{BOB}'") == [(None,)]


REFERENCES = {
    "post_targets": {"post_id": "posts", "connection_id": "platform_connections", "retry_of": "post_targets"},
    "post_analytics": {"target_id": "post_targets"},
    "post_figures": {"target_id": "post_targets"},
    "post_polls": {"target_id": "post_targets", "connection_id": "platform_connections"},
    "account_analytics": {"connection_id": "platform_connections"},
    "prompt_template_versions": {"template_id": "prompt_templates"},
    "schedules": {"post_id": "posts", "template_id": "prompt_templates"},
    "slot_plans": {"connection_id": "platform_connections"},
    "schedule_targets": {
        "schedule_id": "schedules",
        "connection_id": "platform_connections",
        "post_id": "posts",
        "template_id": "prompt_templates",
    },
    "schedule_occurrences": {
        "schedule_id": "schedules",
        "target_id": "schedule_targets",
        "connection_id": "platform_connections",
        "post_id": "posts",
    },
    "schedule_requests": {"schedule_id": "schedules"},
    "prompt_templates": {"copied_from": "prompt_templates"},
    "prompt_template_ratings": {"template_id": "prompt_templates"},
    "prompt_template_choices": {"template_id": "prompt_templates"},
}


@pytest.mark.parametrize(
    ("table", "column", "parent"), [(table, *pair) for table, columns in REFERENCES.items() for pair in columns.items()]
)
def test_T7_a_row_of_somebody_else_cannot_be_referred_to_and_looks_absent(
    table: str, column: str, parent: str, filled: PostgresStore
) -> None:
    if table == "prompt_template_versions":
        filled.execute("UPDATE prompt_templates SET shared_at = now()")
    with acting(filled, API_ROLE, BOB) as connection:
        connection.execute(";".join(insert(BOB, name) for name in VALUES).encode())
    refusals = []
    for referred in (row_id(ALICE, parent), row_id("auth0|nobody", parent)):
        with pytest.raises(errors.InsufficientPrivilege if table in SOME_COLUMNS else errors.ForeignKeyViolation) as refused:
            do(filled, API_ROLE, BOB, f"UPDATE {table} SET {column} = '{referred}' WHERE user_id = '{BOB}'")
        refusals.append(str(refused.value))
    assert refusals[0] == refusals[1]


def test_S10_no_query_is_planned_anew_for_each_row_of_a_reading(store: PostgresStore) -> None:
    functions = store.fetch(
        """SELECT t.tgrelid::regclass::text, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
           WHERE NOT t.tgisinternal AND t.tgrelid IN ('post_figures'::regclass, 'post_analytics'::regclass)"""
    )
    assert {table for table, _ in functions} == {"post_figures", "post_analytics"}
    assert [table for table, source in functions if "EXECUTE" in source] == []


def test_T7_no_row_is_added_under_one_of_somebody_else(filled: PostgresStore) -> None:
    assert do(filled, API_ROLE, BOB, insert(BOB, "platform_connections")) == 1
    for table, parent in (("post_targets", "posts"), ("post_polls", "post_targets")):
        with pytest.raises(errors.ForeignKeyViolation):
            do(filled, API_ROLE, BOB, insert(BOB, table).replace(row_id(BOB, parent), row_id(ALICE, parent)))


# ---- privileges -------------------------------------------------------------------------------------------------------------

ALL = {"SELECT", "INSERT", "UPDATE", "DELETE"}
WORKER_PRIVILEGES = {
    "platforms": {"SELECT"},
    "ai_providers": {"SELECT"},
    CIRCUITS: {"SELECT", "INSERT", "UPDATE"},
    "platform_connections": {"SELECT", "UPDATE (metrics_due_at)", "UPDATE (verify_at)"},
    "connection_attempts": {
        "SELECT",
        "DELETE",
        *(f"UPDATE ({column})" for column in ("state", "updated_at", "expires_at", "revoke_tries")),
    },
    "former_accounts": {
        "SELECT",
        "DELETE",
        *(f"UPDATE ({column})" for column in ("erasure_id", "asked_at", "updated_at")),
    },
    "request_counts": {"SELECT (id)", "SELECT (window_start)", "DELETE"},
    "departures": {"SELECT", "UPDATE (revocations)", "UPDATE (updated_at)"},
    "posts": {
        *(f"SELECT ({column})" for column in ("id", "user_id", "created_at", "idempotency_key", "request_fingerprint")),
        *(f"SELECT ({column})" for column in ("answer_status", "forgotten_at")),
        *(f"UPDATE ({column})" for column in ("request_fingerprint", "answer", "answer_status")),
    },
    **{
        table: {
            *(f"SELECT ({column})" for column in ("id", "user_id", "created_at", "idempotency_key", "request_fingerprint")),
            "UPDATE (request_fingerprint)",
            *(["SELECT (is_searchable)"] if table == "prompt_templates" else ()),
        }
        for table in ("prompt_templates", "ai_usage_tracking", "schedules")
    },
    "post_targets": {"SELECT", "UPDATE (metrics_due_at)", "UPDATE (request_fingerprint)"},
    "post_polls": {"SELECT", "INSERT", "UPDATE (claimed_until)", "UPDATE (other_target_ids)"},
    "post_figures": {
        *(f"SELECT ({column})" for column in ("id", "user_id", "target_id", "created_at", "thinned_at", "expires_at")),
        "UPDATE (thinned_at)",
        "DELETE",
    },
    "post_analytics": {*(f"SELECT ({column})" for column in ("id", "user_id", "target_id", "polled_at", "status")), "DELETE"},
    "account_analytics": {*(f"SELECT ({column})" for column in ("id", "connection_id", "polled_at")), "DELETE"},
    "calendar_tokens": {"SELECT (id)", "SELECT (user_id)", "SELECT (token_hash)"},
    "schedule_targets": {f"SELECT ({column})" for column in ("id", "user_id", "sealed_source", "sealing_key_id")},
    "schedule_occurrences": {"SELECT", *(f"UPDATE ({column})" for column in ("wake_at", "check_due_at"))},
    "schedule_requests": {
        *(f"SELECT ({column})" for column in ("id", "created_at", "request_fingerprint")),
        "UPDATE (request_fingerprint)",
    },
    "ai_provider_keys": {"SELECT"},
    "webhooks": {
        "SELECT",
        *(f"UPDATE ({column})" for column in ("lease_owner", "lease_until", "due_at", "sealed_old_secret", "old_secret_until")),
        "UPDATE (request_fingerprint)",
    },
    "webhook_deliveries": {"SELECT (id)", "SELECT (created_at)", "DELETE"},
    "notifications": {"SELECT (id)", "SELECT (user_id)", "SELECT (outbox)"},
    RECEIPTS: {
        "SELECT",
        "INSERT",
        *(f"UPDATE ({column})" for column in ("user_hash", "counts", "revocations", "state", "updated_at")),
    },
    OPERATOR: {"SELECT", "DELETE"},
}
HEALTH_PRIVILEGES = {
    "post_targets": {"SELECT (status)", "SELECT (next_check_at)", "SELECT (lease_until)"},
    "schedule_occurrences": {"SELECT (state)", "SELECT (due_at)", "SELECT (wake_at)"},
}
API_PRIVILEGES = {
    "platforms": {"SELECT"},
    "ai_providers": {"SELECT"},
    CIRCUITS: {"SELECT"},
    "listed_templates": {"SELECT"},
    **dict.fromkeys(VALUES, ALL),
    "post_polls": {*ALL - {"UPDATE"}, *(f"UPDATE ({column})" for column in ("due_at", "claimed_until", "other_target_ids"))},
    "post_figures": {
        *ALL - {"UPDATE"},
        *(f"UPDATE ({column})" for column in (*POST_COUNTS, "read_at", "reason", "failures", "good_at", "extra", "updated_at")),
    },
    RECEIPTS: {"INSERT"},
    OPERATOR: {
        "SELECT",
        "INSERT",
        "UPDATE (spent_nanousd)",
        "UPDATE (reserved_nanousd)",
        "UPDATE (last_attempt)",
        "UPDATE (updated_at)",
    },
    "shared_templates": {"SELECT"},
    "shared_template_versions": {"SELECT"},
    "prompt_template_uses": {"INSERT"},
}
PRIVILEGES = {API_ROLE: API_PRIVILEGES, WORKER_ROLE: WORKER_PRIVILEGES, HEALTH_ROLE: HEALTH_PRIVILEGES, "public": {}}


@pytest.mark.parametrize("role", PRIVILEGES)
def test_a_role_has_exactly_these_privileges(role: str, store: PostgresStore) -> None:
    grantee = "0" if role == "public" else f"'{role}'::regrole"
    whole = f"""SELECT c.relname, a.privilege_type FROM pg_class c, aclexplode(c.relacl) a
      WHERE c.relnamespace = 'public'::regnamespace AND a.grantee = {grantee}"""
    columns = f"""SELECT c.relname, a.privilege_type || ' (' || attname || ')'
      FROM pg_class c JOIN pg_attribute ON attrelid = c.oid, aclexplode(attacl) a
      WHERE c.relnamespace = 'public'::regnamespace AND a.grantee = {grantee}"""
    found: dict[str, set[str]] = {}
    for table, privilege in (*store.fetch(whole), *store.fetch(columns)):
        found.setdefault(table, set()).add(privilege)
    assert found == PRIVILEGES[role]


@pytest.mark.parametrize("role", [API_ROLE, WORKER_ROLE])
def test_no_role_can_make_or_drop_anything(role: str, store: PostgresStore) -> None:
    for statement in (
        "CREATE TABLE t (id int)",
        "DROP TABLE posts",
        "ALTER TABLE posts DISABLE ROW LEVEL SECURITY",
        "TRUNCATE posts",
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            do(store, role, ALICE, statement)


def test_workers_see_across_users_only_where_they_sweep(filled: PostgresStore) -> None:
    for table in filled.tables():
        if table in WORKER_PRIVILEGES:
            seen = "*" if "SELECT" in WORKER_PRIVILEGES[table] else "id"
            assert count(filled, WORKER_ROLE, None, f"(SELECT {seen} FROM {table}) AS rows_of_others") == 1 + 3 * (
                table == "prompt_templates"
            )
        else:
            with pytest.raises(errors.InsufficientPrivilege):
                count(filled, WORKER_ROLE, None, table)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE platform_connections SET user_id = 'auth0|mallory'",
        "UPDATE platform_connections SET sealed_access_token = 'x'",
        "UPDATE post_targets SET status = 'pending'",
        "UPDATE ai_provider_keys SET sealed_key = 'x'",
        "SELECT answer FROM posts",
        "DELETE FROM posts",
    ],
)
def test_workers_change_nothing_that_belongs_to_a_user(statement: str, filled: PostgresStore) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        do(filled, WORKER_ROLE, None, statement)


def test_a_finished_target_loses_the_fingerprint_of_its_request_and_gets_no_other(filled: PostgresStore) -> None:
    filled.execute("UPDATE post_targets SET request_fingerprint = 'a', status = 'canceled'")
    before = filled.fetch("SELECT updated_at FROM post_targets ORDER BY id")
    with pytest.raises(errors.CheckViolation):
        do(filled, WORKER_ROLE, None, "UPDATE post_targets SET request_fingerprint = 'b'")
    assert do(filled, WORKER_ROLE, None, "UPDATE post_targets SET request_fingerprint = NULL") == 1
    assert filled.fetch("SELECT updated_at FROM post_targets ORDER BY id") == before


def test_the_api_role_counts_on_the_operators_keys_for_a_person_only_and_erases_nothing(filled: PostgresStore) -> None:
    counting = f"UPDATE {OPERATOR} SET reserved_nanousd = reserved_nanousd + 1"
    assert do(filled, API_ROLE, ALICE, counting) == 1
    for sub in ("", None, "system"):
        assert (count(filled, API_ROLE, sub, OPERATOR), do(filled, API_ROLE, sub, counting)) == (0, 0)
    for change in (
        f"DELETE FROM {OPERATOR}",
        f"UPDATE {OPERATOR} SET user_hash = 'x'",
        f"UPDATE {OPERATOR} SET month = '2026-12'",
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            do(filled, API_ROLE, ALICE, change)
    with pytest.raises(errors.CheckViolation):
        do(filled, API_ROLE, ALICE, f"UPDATE {OPERATOR} SET reserved_nanousd = -1")


def test_the_api_role_writes_receipts_of_users_and_reaches_none(filled: PostgresStore) -> None:
    receipt = f"INSERT INTO {RECEIPTS} (user_hash, code_hash, origin) VALUES ('a', 'b', '{{}}')"
    for sub, statement in (
        (ALICE, f"SELECT id FROM {RECEIPTS}"),
        (ALICE, f"UPDATE {RECEIPTS} SET state = 'partial'"),
        (ALICE, f"DELETE FROM {RECEIPTS}"),
        (ALICE, f"{receipt.format('user')} RETURNING id"),
        (ALICE, receipt.format("meta")),
        (None, receipt.format("user")),
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            do(filled, API_ROLE, sub, statement)
    assert do(filled, API_ROLE, ALICE, receipt.format("user")) == 1


# ---- shared templates -------------------------------------------------------------------------------------------------------

MINE = row_id(ALICE, "prompt_templates")


@pytest.fixture
def shared(filled: PostgresStore) -> PostgresStore:
    """Alice's template is shared in its second version."""
    columns = "user_id, template_id, version, user_text"
    filled.execute(f"INSERT INTO prompt_template_versions ({columns}) VALUES ('{ALICE}', '{MINE}', 2, 'new')")
    filled.execute(f"UPDATE prompt_templates SET shared_at = now(), version = 2 WHERE id = '{MINE}'")
    return filled


def test_a_shared_template_is_seen_in_its_present_version_only(shared: PostgresStore) -> None:
    with acting(shared, API_ROLE, BOB) as connection:
        seen = f"SELECT version, user_text FROM shared_templates WHERE id = '{MINE}'"
        assert connection.execute(seen.encode()).fetchall() == [(2, "new")]
    assert count(shared, API_ROLE, BOB, f"prompt_template_versions WHERE template_id = '{MINE}'") == 0


def readable(store: PostgresStore, sub: str) -> str:
    """All that a user can read of templates, in any way, as text."""
    found = []
    with acting(store, API_ROLE, sub) as connection:
        for name in ("prompt_templates", "prompt_template_versions", "prompt_template_ratings", "shared_templates"):
            found += [row[0] for row in connection.execute(f"SELECT row_to_json(t)::text FROM {name} t".encode())]
    return "\n".join(found)


def test_nobody_reads_whose_a_shared_template_is(shared: PostgresStore) -> None:
    assert MINE in readable(shared, BOB) and ALICE not in readable(shared, BOB)
    assert ALICE in readable(shared, ALICE)


def test_a_condition_of_the_asker_sees_no_template_that_is_not_shared(shared: PostgresStore) -> None:
    """Whoever can run SQL can make a function that costs nothing and tells what it is called with."""
    shared.execute("CREATE SCHEMA spied; GRANT ALL ON SCHEMA spied TO noillusion_api")
    try:
        with acting(shared, API_ROLE, BOB) as connection:
            connection.execute(b"CREATE TABLE spied.names (name text)")
            connection.execute(
                b"""CREATE FUNCTION spied.tell(name text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS
                    $$ BEGIN INSERT INTO spied.names VALUES (name); RETURN true; END $$"""
            )
            connection.execute(b"SELECT 1 FROM shared_templates WHERE spied.tell(name)")
        shared.execute(f"UPDATE prompt_templates SET shared_at = NULL WHERE id = '{MINE}'")
        with acting(shared, API_ROLE, BOB) as connection:
            connection.execute(b"DELETE FROM spied.names; SELECT 1 FROM shared_templates WHERE spied.tell(name)")
        told = {name for (name,) in shared.fetch("SELECT DISTINCT name FROM spied.names")}
        assert len(told) == 3 and "n" not in told
    finally:
        shared.execute("DROP SCHEMA spied CASCADE")


RATING = "INSERT INTO prompt_template_ratings (user_id, template_id, stars) VALUES ('{}', '{}', {})"


def counters(store: PostgresStore) -> tuple[int, int, int]:
    """Sum and number of ratings and uses of Alice's template."""
    (found,) = store.fetch(f"SELECT rating_sum, rating_count, usage_count FROM prompt_templates WHERE id = '{MINE}'")
    return found[0], found[1], found[2]


@pytest.fixture
def unrated(shared: PostgresStore) -> PostgresStore:
    """Alice's template is shared, and nobody has rated it."""
    shared.execute("DELETE FROM prompt_template_ratings")
    assert counters(shared) == (0, 0, 0)
    return shared


def test_a_rating_of_an_unshared_template_is_refused_as_one_of_an_absent_template_and_opens_nothing(
    unrated: PostgresStore,
) -> None:
    unrated.execute("UPDATE prompt_templates SET shared_at = NULL")
    refusals = []
    for template in (MINE, row_id("auth0|nobody", "prompt_templates")):
        with pytest.raises(errors.ForeignKeyViolation) as refused:
            do(unrated, API_ROLE, BOB, RATING.format(BOB, template, 5))
        refusals.append(str(refused.value))
    assert refusals[0] == refusals[1]
    assert MINE not in readable(unrated, BOB)


def test_nobody_rates_an_own_template(unrated: PostgresStore) -> None:
    for sub, shared_at in ((ALICE, "now()"), (ALICE, "NULL")):
        unrated.execute(f"UPDATE prompt_templates SET shared_at = {shared_at} WHERE id = '{MINE}'")
        with pytest.raises(errors.InsufficientPrivilege):
            do(unrated, API_ROLE, sub, RATING.format(sub, MINE, 5))


def test_a_rated_template_cannot_be_read_after_it_was_unshared(unrated: PostgresStore) -> None:
    assert do(unrated, API_ROLE, BOB, RATING.format(BOB, MINE, 5)) == 1
    unrated.execute(f"UPDATE prompt_templates SET shared_at = NULL WHERE id = '{MINE}'")
    seen = readable(unrated, BOB)
    assert seen.count(MINE) == 1 and '"stars":5' in seen
    with pytest.raises(errors.InsufficientPrivilege):
        do(unrated, API_ROLE, BOB, "UPDATE prompt_template_ratings SET stars = 1")
    assert do(unrated, API_ROLE, BOB, "DELETE FROM prompt_template_ratings") == 1
    assert counters(unrated) == (0, 0, 0)


def test_counters_follow_what_people_do_and_nothing_else(unrated: PostgresStore) -> None:
    use = "INSERT INTO prompt_template_uses (user_id, template_id) VALUES ('{}', '{}')"
    assert do(unrated, API_ROLE, BOB, RATING.format(BOB, MINE, 5)) == 1
    assert do(unrated, API_ROLE, BOB, "UPDATE prompt_template_ratings SET stars = 2") == 1
    assert do(unrated, API_ROLE, "auth0|carol", RATING.format("auth0|carol", MINE, 4)) == 1
    do(unrated, API_ROLE, BOB, use.format(BOB, MINE))
    do(unrated, API_ROLE, ALICE, use.format(ALICE, MINE))
    assert counters(unrated) == (6, 2, 1)
    free = "usage_count = 99, rating_sum = 99, rating_count = 99"
    assert do(unrated, API_ROLE, BOB, f"UPDATE prompt_templates SET {free} WHERE id = '{MINE}'") == 0
    assert do(unrated, API_ROLE, ALICE, f"UPDATE prompt_templates SET {free} WHERE id = '{MINE}'") == 1
    assert counters(unrated) == (6, 2, 1)
    columns = "user_id, name, content_mode, usage_count, rating_sum, rating_count"
    do(unrated, API_ROLE, BOB, f"INSERT INTO prompt_templates ({columns}) VALUES ('{BOB}', 'n', 'personal', 9, 9, 9)")
    counted = f"SELECT usage_count, rating_sum, rating_count FROM prompt_templates WHERE user_id = '{BOB}'"
    assert unrated.fetch(counted) == [(0, 0, 0)]
    with pytest.raises(errors.InsufficientPrivilege):
        do(unrated, API_ROLE, BOB, use.format(ALICE, MINE))
    unrated.execute(f"UPDATE prompt_templates SET shared_at = NULL WHERE id = '{MINE}'")
    do(unrated, API_ROLE, BOB, use.format(BOB, MINE))
    assert counters(unrated) == (6, 2, 1)
    assert do(unrated, API_ROLE, "auth0|carol", "DELETE FROM prompt_template_ratings") == 1
    assert counters(unrated) == (2, 1, 1)


def test_others_change_and_delete_nothing_of_a_shared_template(unrated: PostgresStore) -> None:
    before = unrated.dump()
    for table in ("prompt_templates", "prompt_template_versions", "shared_templates", "prompt_template_uses"):
        for statement in (f"UPDATE {table} SET user_id = '{BOB}'", f"UPDATE {table} SET version = 9", f"DELETE FROM {table}"):
            try:
                assert do(unrated, API_ROLE, BOB, statement) == 0
            except (errors.InsufficientPrivilege, errors.UndefinedColumn, errors.ObjectNotInPrerequisiteState):
                continue
    assert unrated.dump() == before


def test_a_copy_keeps_its_lineage_while_its_source_comes_and_goes(unrated: PostgresStore) -> None:
    columns = "user_id, name, content_mode, copied_from"
    copied = f"INSERT INTO prompt_templates ({columns}) VALUES ('{BOB}', 'n', 'personal', '{MINE}')"
    assert do(unrated, API_ROLE, BOB, copied) == 1
    unrated.execute(f"UPDATE prompt_templates SET shared_at = NULL WHERE id = '{MINE}'")
    assert do(unrated, API_ROLE, BOB, f"UPDATE prompt_templates SET name = 'other' WHERE user_id = '{BOB}'") == 1
    with pytest.raises(errors.ForeignKeyViolation):
        do(unrated, API_ROLE, BOB, copied)
    assert do(unrated, API_ROLE, ALICE, f"DELETE FROM prompt_templates WHERE id = '{MINE}'") == 1
    assert unrated.fetch(f"SELECT copied_from FROM prompt_templates WHERE user_id = '{BOB}'") == [(None,)]


# ---- the ledger stays honest ------------------------------------------------------------------------------------------------

TARGET = row_id(ALICE, "post_targets")
ENDS = {
    "published": "accepted_id = 'a'",
    "delivered_to_inbox": "accepted_id = 'a'",
    "failed": "error_class = 'transient'",
    "canceled": "checks = 0",
    "missed": "checks = 0",
}
LEARNED = {
    "connection_id": "NULL",
    "deleted_at": "now()",
    "metrics_due_at": "now()",
    "lease_owner": "gen_random_uuid()",
    "lease_until": "now()",
    "next_check_at": "now()",
    "platform_post_id": "'p'",
    "updated_at": "now()",
}
PUBLIC = ("published", "delivered_to_inbox")


@pytest.mark.parametrize("role", [API_ROLE, "postgres"])
@pytest.mark.parametrize("status", ENDS)
def test_B10_a_finished_target_does_not_change(status: str, role: str, filled: PostgresStore) -> None:
    filled.execute(f"UPDATE post_targets SET status = '{status}', {ENDS[status]} WHERE id = '{TARGET}'")
    for change in (
        "status = 'pending'",
        "accepted_id = 'b'",
        "error_code = 'x'",
        "attempt = 2",
        "kind = 'video'",
        "handles = '[1]'",
    ):
        with pytest.raises(errors.CheckViolation):
            do(filled, role, ALICE, f"UPDATE post_targets SET {change} WHERE id = '{TARGET}'")
    for column, value in LEARNED.items():
        assert do(filled, role, ALICE, f"UPDATE post_targets SET {column} = {value} WHERE id = '{TARGET}'") == 1
    with pytest.raises(errors.CheckViolation):
        do(filled, role, ALICE, f"UPDATE post_targets SET platform_post_id = 'other' WHERE id = '{TARGET}'")
    for link in ("'https://example.com/p'", "'https://example.com/renamed'"):
        relinked = f"UPDATE post_targets SET permalink = {link} WHERE id = '{TARGET}'"
        if status in PUBLIC:
            # The link of a public post is learned late, and changes with the name of its account.
            assert do(filled, role, ALICE, relinked) == 1
        else:
            with pytest.raises(errors.CheckViolation):
                do(filled, role, ALICE, relinked)


def test_a_finished_target_outlives_its_connection_and_goes_with_its_post(filled: PostgresStore) -> None:
    filled.execute(f"UPDATE post_targets SET status = 'published', accepted_id = 'a' WHERE id = '{TARGET}'")
    assert do(filled, API_ROLE, ALICE, "DELETE FROM platform_connections") == 1
    assert filled.fetch("SELECT connection_id, status FROM post_targets") == [(None, "published")]
    assert do(filled, API_ROLE, ALICE, "DELETE FROM posts") == 1
    assert filled.fetch("SELECT count(*) FROM post_targets") == [(0,)]


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("post_targets", "status = 'published'"),
        ("post_targets", "status = 'failed'"),
        ("post_targets", "status = 'paused'"),
        ("platform_connections", "sealed_access_token = ''"),
        ("platform_connections", "sealed_refresh_token = ''"),
        ("ai_provider_keys", "sealed_key = ''"),
        ("webhooks", "sealed_secret = ''"),
        ("prompt_template_ratings", "stars = 6"),
        ("schedules", "status = 'late'"),
        ("profiles", "user_id = ''"),
    ],
)
def test_what_must_not_be_stored_is_refused(table: str, change: str, filled: PostgresStore) -> None:
    with pytest.raises(errors.CheckViolation):
        filled.execute(f"UPDATE {table} SET {change} WHERE id = '{row_id(ALICE, table)}'")


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("platform_connections", "platform = 'myspace'"),
        ("connection_attempts", "platform = 'myspace'"),
        ("post_targets", "platform = 'myspace'"),
        ("ai_provider_keys", "provider = 'nobody'"),
        ("ai_usage_tracking", "provider = 'nobody'"),
    ],
)
def test_a_platform_or_provider_that_there_is_not_is_refused(table: str, change: str, filled: PostgresStore) -> None:
    with pytest.raises(errors.ForeignKeyViolation):
        filled.execute(f"UPDATE {table} SET {change} WHERE id = '{row_id(ALICE, table)}'")


def test_the_reference_tables_hold_what_the_catalogs_name(store: PostgresStore) -> None:
    assert {name for (name,) in store.fetch("SELECT name FROM platforms")} == set(platforms.NAMES)
    assert {name for (name,) in store.fetch("SELECT name FROM ai_providers")} == {*providers.NAMES, "static"}


# ---- updated_at -------------------------------------------------------------------------------------------------------------

OLD = "2020-01-01T00:00:00+00:00"
BOOKKEEPING = {
    "posts": "lease_until = now()",
    "post_targets": "metrics_due_at = now(), lease_until = now(), next_check_at = now()",
    "post_polls": "due_at = now(), claimed_until = now()",
    "platform_connections": "metrics_due_at = now(), sealed_access_token = 'anew', sealing_key_id = 'k2'",
    "ai_provider_keys": "sealed_key = 'anew', sealing_key_id = 'k2'",
    "prompt_templates": "usage_count = 5, rating_sum = 5, rating_count = 1",
    "profiles": "bio = bio",
}


def _age(store: PostgresStore, table: str) -> None:
    store.execute(f"UPDATE {table} SET created_at = '{OLD}', updated_at = '{OLD}'")


def _touched(store: PostgresStore, table: str) -> bool:
    return bool(store.fetch(f"SELECT bool_or(updated_at > '{OLD}') FROM {table}")[0][0])


@pytest.mark.parametrize("table", [table for table in (*VALUES, *NOBODYS) if table not in SOME_COLUMNS])
def test_a_change_moves_updated_at_where_the_statement_does_not(table: str, filled: PostgresStore) -> None:
    _age(filled, table)
    filled.execute(f"UPDATE {table} SET created_at = now()")
    assert _touched(filled, table)


@pytest.mark.parametrize("table", BOOKKEEPING)
def test_bookkeeping_does_not_move_updated_at(table: str, filled: PostgresStore) -> None:
    _age(filled, table)
    filled.execute(f"UPDATE {table} SET {BOOKKEEPING[table]}")
    assert not _touched(filled, table)


def test_an_updated_at_that_a_statement_sets_stays(filled: PostgresStore) -> None:
    filled.execute("UPDATE profiles SET bio = 'x', updated_at = '2027-01-01T00:00:00Z'")
    assert filled.fetch("SELECT updated_at::text FROM profiles") == [("2027-01-01 00:00:00+00",)]
