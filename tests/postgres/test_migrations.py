"""Migrations apply once, to plain PostgreSQL and to a Supabase project, whoever runs them and however often."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Any

import psycopg
import pytest
from psycopg import errors

from local.databases.pooler import Pooler
from local.databases.postgres import Server, temporary
from noillusion.core import clock, loop
from noillusion.db import WORKER, Actor, sql
from noillusion.db.postgres import PostgresDatabase
from noillusion.profiles import store as profiles
from noillusion.settings.errors import SettingsError
from noillusion.templates import store as templates
from tests.support.databases import PostgresStore, administrator
from tools import migrate
from tools.migrate import Migration, ensure, main, migrations

SYSTEM_TEMPLATE = "7e3a1c00-0001-4000-8000-000000000001"
NAMES = [migration.label for migration in migrations()]
HERE = "'public'::regnamespace"
CATALOG = (
    f"SELECT relname, relkind::text, relacl::text, relrowsecurity, relforcerowsecurity FROM pg_class WHERE relnamespace = {HERE}",
    f"SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE connamespace = {HERE}",
    "SELECT p::text FROM pg_policies p",
    "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    f"SELECT proname, prosrc FROM pg_proc WHERE pronamespace = {HERE}",
    "SELECT id, system_text, user_text FROM prompt_template_versions",
)
OBJECTS = (
    "SELECT count(*) FROM pg_class WHERE relnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname ~ '^pg_|^information_')"
)


def catalog(store: PostgresStore) -> list[set[tuple[Any, ...]]]:
    """What the migrations made, in full."""
    return [set(store.fetch(query)) for query in CATALOG]


def ledger(store: PostgresStore) -> list[str]:
    return [row[0] for row in store.fetch("SELECT version || '_' || name FROM supabase_migrations.schema_migrations ORDER BY 1")]


def test_an_empty_database_gets_all_and_a_second_run_nothing(empty: PostgresStore) -> None:
    assert ensure(empty.url) == NAMES
    before = catalog(empty)
    assert ensure(empty.url) == []
    assert (catalog(empty), ledger(empty)) == (before, NAMES)


def test_every_file_can_be_pasted_twice(store: PostgresStore) -> None:
    before = catalog(store)
    for migration in migrations():
        store.execute(migration.text)
    assert catalog(store) == before


def test_pasted_files_alone_make_the_same_database(empty: PostgresStore, store: PostgresStore) -> None:
    empty.execute((migrate.SUPABASE / "shim.sql").read_text())
    for migration in migrations():
        empty.execute(migration.text)
    assert catalog(empty) == catalog(store)


def test_files_can_be_pasted_twice_by_an_owner_that_security_binds(empty: PostgresStore) -> None:
    """Plain PostgreSQL: the role is neither a superuser nor past row-level security, as the one of a Supabase project is."""
    empty.execute((migrate.SUPABASE / "shim.sql").read_text())
    empty.execute("CREATE ROLE bound_owner CREATEROLE")
    try:
        empty.execute("GRANT noillusion_api, noillusion_worker, noillusion_health TO bound_owner WITH ADMIN OPTION")
        empty.execute("GRANT CREATE ON SCHEMA public TO bound_owner")
        empty.execute("GRANT USAGE ON SCHEMA auth TO bound_owner")
        empty.execute("SET ROLE bound_owner")
        for migration in (*migrations(), *migrations()):
            empty.execute(migration.text)
        assert empty.fetch("SELECT count(*) FROM prompt_template_versions") == [(6,)]
        assert empty.fetch("SELECT count(*) FROM profiles") == [(0,)]
    finally:
        empty.execute("RESET ROLE")
        empty.execute("DROP OWNED BY bound_owner CASCADE")
        empty.execute("DROP ROLE bound_owner")


def test_a_dry_run_tells_and_does_nothing(empty: PostgresStore) -> None:
    assert ensure(empty.url, dry_run=True) == NAMES
    assert empty.fetch(OBJECTS) == [(0,)]
    ensure(empty.url)
    empty.execute(f"DELETE FROM supabase_migrations.schema_migrations WHERE version = '{migrations()[-1].version}'")
    assert ensure(empty.url, dry_run=True) == NAMES[-1:]
    assert ledger(empty) == NAMES[:-1]


def test_the_ledger_that_the_supabase_cli_made_is_continued(empty: PostgresStore) -> None:
    first = migrations()[0]
    empty.execute("CREATE SCHEMA supabase_migrations")
    empty.execute("CREATE TABLE supabase_migrations.schema_migrations (version text NOT NULL PRIMARY KEY)")
    empty.execute(first.text)
    empty.execute(f"INSERT INTO supabase_migrations.schema_migrations (version) VALUES ('{first.version}')")
    assert ensure(empty.url) == NAMES[1:]


def test_runners_at_the_same_time_apply_each_migration_once(empty: PostgresStore) -> None:
    with ThreadPoolExecutor(6) as pool:
        applied = list(pool.map(lambda _: ensure(empty.url), range(6)))
    assert sorted(chain(*applied)) == NAMES
    assert ledger(empty) == NAMES


def test_runners_through_a_transaction_pooler_leave_no_lock_behind(empty: PostgresStore, pooler: Pooler) -> None:
    for _ in range(3):
        ensure(pooler.url(empty.name))
    assert ledger(empty) == NAMES
    assert empty.fetch("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == [(0,)]


def test_a_failing_migration_leaves_nothing_of_itself(empty: PostgresStore, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = Migration("20990101000000", "bad", "CREATE TABLE half_done (id int); SELECT 1 / 0;")
    good = migrations()
    monkeypatch.setattr(migrate, "migrations", lambda: [*good, bad])
    with pytest.raises(errors.DivisionByZero):
        ensure(empty.url)
    assert ledger(empty) == NAMES
    assert empty.fetch("SELECT to_regclass('half_done') IS NULL") == [(True,)]
    monkeypatch.setattr(
        migrate, "migrations", lambda: [*good, Migration(bad.version, bad.name, "CREATE TABLE half_done (id int)")]
    )
    assert ensure(empty.url) == [bad.label]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:s3cret@db.example.com/app?sslmode=disable",
        "postgresql://u:s3cret@/app",
        "postgresql://u:s3cret@h/a?nonsense=1",
    ],
)
def test_a_refused_url_is_not_repeated(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(SettingsError) as refused:
        ensure(url)
    with pytest.raises(SystemExit) as ended:
        main([])
    assert "DATABASE_URL" in str(refused.value) and "s3cret" not in f"{refused.value!r}{ended.value!r}"


def test_the_command_says_what_it_did(empty: PostgresStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", empty.url)
    assert main(["--dry-run"]) == "".join(f"would apply {name}\n" for name in NAMES)
    assert main([]) == "".join(f"applied {name}\n" for name in NAMES)
    assert main([]) == "Nothing to apply.\n"


def test_the_command_says_what_failed_and_where(empty: PostgresStore, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = Migration("20990101000000", "bad", "SELECT 1 / 0")
    monkeypatch.setattr(migrate, "migrations", lambda: [bad])
    monkeypatch.setenv("DATABASE_URL", empty.url)
    with pytest.raises(SystemExit) as ended:
        main([])
    assert bad.label in str(ended.value.code) and "division by zero" in str(ended.value.code)


@pytest.mark.parametrize("address", ["nobody:s3cret@127.0.0.1:{port}/postgres", "postgres:s3cret@127.0.0.1:9/postgres"])
def test_the_command_keeps_the_password_of_a_server_that_does_not_answer(
    address: str, postgres_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://{address.format(port=postgres_server.port)}")
    with pytest.raises(SystemExit) as ended:
        main([])
    assert "The migration failed." in str(ended.value.code) and "s3cret" not in str(ended.value.code)


@pytest.mark.parametrize("arguments", [["postgresql://u:s3cret@h/a"], ["--dry"]])
def test_the_command_takes_no_url_that_others_could_read(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:p@h/a")
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert str(ended.value.code).startswith("usage: ") and "s3cret" not in str(ended.value.code)


# ---- a Supabase project -----------------------------------------------------------------------------------------------------

ROLES = """
CREATE ROLE anon; CREATE ROLE authenticated; CREATE ROLE service_role BYPASSRLS; CREATE ROLE platform;
CREATE ROLE project LOGIN CREATEDB CREATEROLE BYPASSRLS REPLICATION;
"""
PROJECT = """
CREATE SCHEMA auth AUTHORIZATION platform;
SET ROLE platform;
CREATE FUNCTION auth.jwt() RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT coalesce(nullif(current_setting('request.jwt.claim', true), ''),
    nullif(current_setting('request.jwt.claims', true), ''))::jsonb
$$;
GRANT USAGE ON SCHEMA auth TO project, anon, authenticated, service_role;
RESET ROLE;
GRANT USAGE ON SCHEMA public TO project, anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES FOR ROLE project IN SCHEMA public GRANT ALL ON TABLES TO anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES FOR ROLE project IN SCHEMA public GRANT ALL ON FUNCTIONS TO anon, authenticated, service_role;
"""
WEB_GRANTS = """
SELECT c.relname, r.rolname, p FROM pg_class c, pg_roles r, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v')
  AND r.rolname IN ('anon', 'authenticated', 'service_role') AND has_table_privilege(r.oid, c.oid, p)"""


@pytest.fixture
def project() -> Iterator[PostgresStore]:
    """A project as Supabase hands it over, on a server of its own, for roles belong to the server.

    The role that runs migrations owns the database, is no superuser, and may not pass on the use of the schema ``auth``.
    """
    with temporary() as server, administrator(server) as connection:
        connection.execute(ROLES)
        connection.execute("CREATE DATABASE project OWNER project")
        store = PostgresStore(server, "project", server.url("project", "project"))
        store.execute(PROJECT)
        yield store
        store.close()


def test_a_supabase_project_takes_the_migrations_and_keeps_its_own_claims(project: PostgresStore) -> None:
    claims = project.fetch("SELECT oid, prosrc, proowner::regrole::text FROM pg_proc WHERE proname = 'jwt'")
    assert ensure(project.url) == NAMES
    assert ensure(project.url) == []
    with psycopg.connect(project.url, autocommit=True) as connection:
        for migration in migrations():
            connection.execute(migration.text.encode())
    assert project.fetch("SELECT oid, prosrc, proowner::regrole::text FROM pg_proc WHERE proname = 'jwt'") == claims
    assert project.fetch("SELECT DISTINCT tableowner::text FROM pg_tables WHERE schemaname = 'public'") == [("project",)]


def test_the_web_roles_of_a_supabase_project_get_nothing(project: PostgresStore) -> None:
    ensure(project.url)
    project.execute("SET ROLE project")
    project.execute("CREATE TABLE somebody_elses (id int)")
    project.execute("RESET ROLE")
    assert {row[0] for row in project.fetch(WEB_GRANTS)} == {"somebody_elses"}


def test_a_table_is_closed_from_the_migration_on_that_makes_it(project: PostgresStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Policies and grants come in a later file, and the web roles may not get in between."""
    first = migrations()[0]
    monkeypatch.setattr(migrate, "migrations", lambda: [first])
    assert ensure(project.url) == [first.label]
    assert ("profiles", "anon", "INSERT") in project.fetch(WEB_GRANTS)
    assert project.fetch("SELECT count(*) FROM pg_class WHERE relname = 'profiles' AND relrowsecurity") == [(1,)]
    open_ = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND NOT rowsecurity"
    assert project.fetch(open_) == []


def test_the_product_works_as_the_role_of_a_supabase_project(project: PostgresStore, deploy: Callable[[str], None]) -> None:
    ensure(project.url)
    deploy(project.url)
    engine, alice = PostgresDatabase(project.url), Actor("auth0|alice")

    async def use() -> tuple[Any, ...]:
        await engine.flight(alice, profiles.create_if_absent("auth0|alice", clock.now()))
        mine = (await engine.flight(alice, profiles.profile("auth0|alice")))[0]
        # A system template: somebody else's row, counted at by functions that run with the rights of the project's role.
        await engine.flight(alice, templates.rate("auth0|alice", SYSTEM_TEMPLATE, 5, clock.now()))
        await engine.flight(alice, templates.count_use("auth0|alice", SYSTEM_TEMPLATE))
        swept = (await engine.flight(WORKER, sql("SELECT count(*) AS targets FROM post_targets")))[0]
        await engine.close()
        return len(mine), swept[0]["targets"]

    assert loop.run(use()) == (1, 0)
    loop.close()
    rated = project.fetch(f"SELECT rating_sum, rating_count, usage_count FROM prompt_templates WHERE id = '{SYSTEM_TEMPLATE}'")
    assert rated == [(5, 1, 1)]
