"""The functions' logins: made by the runner of migrations, each able to become one role and no other, with secret passwords."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors

from local.databases.postgres import API_LOGIN, HEALTH_LOGIN, WORKER_LOGIN, create_logins
from noillusion.db import logins
from noillusion.db.logins import LOGINS, PASSWORDS
from tests.support.databases import PostgresStore
from tools import migrate

GIVEN = {variable: f"s3cret-of-{variable.lower()}" for variable in PASSWORDS.values()}
ROLES = ("noillusion_api", "noillusion_worker", "noillusion_health", "postgres", *LOGINS)


@pytest.fixture
def logged_in(store: PostgresStore) -> PostgresStore:
    """A database with the product's schema and the logins."""
    create_logins(store.server)
    return store


@pytest.fixture
def asked(own: PostgresStore, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostgresStore]:
    """A database of its own, named in the environment with the logins' passwords."""
    monkeypatch.setenv("DATABASE_URL", own.url)
    for variable, password in GIVEN.items():
        monkeypatch.setenv(variable, password)
    yield own


def becomes(store: PostgresStore, login: str) -> set[str]:
    """The roles that a login can be in a transaction, itself left out."""
    found = set()
    with psycopg.connect(store.server.url(store.name, login), autocommit=True) as connection:
        for role in ROLES:
            try:
                with connection.transaction():
                    connection.execute("SELECT set_config('role', %s, true)", (role,))
                    found.add(role)
            except errors.InsufficientPrivilege:
                continue
    return found - {login}


def test_a_login_can_become_its_own_role_and_no_other(logged_in: PostgresStore) -> None:
    assert {login: becomes(logged_in, login) for login in LOGINS} == {login: {role} for login, role in LOGINS.items()}


def test_the_login_of_users_requests_cannot_become_the_worker(logged_in: PostgresStore) -> None:
    assert becomes(logged_in, API_LOGIN) == {"noillusion_api"}
    with psycopg.connect(logged_in.server.url(logged_in.name, API_LOGIN), autocommit=True) as connection:
        for statement in (
            "SET ROLE noillusion_worker",
            "SET SESSION AUTHORIZATION noillusion_worker_login",
            "GRANT noillusion_worker TO CURRENT_USER",
            "SELECT count(*) FROM platform_connections",
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(statement)


def test_the_workers_login_acts_for_no_user(logged_in: PostgresStore) -> None:
    assert "noillusion_api" not in becomes(logged_in, WORKER_LOGIN)


def test_a_login_has_nothing_of_its_own(logged_in: PostgresStore) -> None:
    attributes = "rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls, rolcanlogin"
    found = logged_in.fetch(f"SELECT rolname::text, {attributes} FROM pg_roles WHERE rolname LIKE 'noillusion%login'")
    assert sorted(found) == sorted((login, *[False] * 6, True) for login in LOGINS)
    for login in LOGINS:
        with psycopg.connect(logged_in.server.url(logged_in.name, login), autocommit=True) as connection:
            for table in logged_in.tables():
                with pytest.raises(errors.InsufficientPrivilege):
                    connection.execute(f"SELECT 1 FROM {table}".encode())


def test_the_health_login_sees_when_work_is_due_and_whose_it_is_not(logged_in: PostgresStore) -> None:
    seen = {"post_targets": {"status", "next_check_at", "lease_until"}, "schedule_occurrences": {"state", "due_at", "wake_at"}}
    with psycopg.connect(logged_in.server.url(logged_in.name, HEALTH_LOGIN), autocommit=True) as connection:
        for table in logged_in.tables():
            for column in logged_in.columns(table):
                with connection.transaction(force_rollback=True):
                    connection.execute("SET LOCAL ROLE noillusion_health")
                    query = f"SELECT {column} FROM {table}".encode()
                    if column in seen.get(table, ()):
                        connection.execute(query)
                        continue
                    with pytest.raises(errors.InsufficientPrivilege):
                        connection.execute(query)


# ---- the runner -------------------------------------------------------------------------------------------------------------


def test_the_runner_makes_the_logins_and_tells_no_password(asked: PostgresStore) -> None:
    asked.execute("ALTER SYSTEM SET log_statement = 'all'; ")
    asked.execute("SELECT pg_reload_conf()")
    try:
        said = migrate.main(["--logins"])
        again = migrate.main(["--logins"])
    finally:
        asked.execute("ALTER SYSTEM RESET log_statement")
        asked.execute("SELECT pg_reload_conf()")
    assert all(f"{login}, which may become {role}" in said for login, role in LOGINS.items())
    assert again.count("changed") == 3
    log = (asked.server.directory / "server.log").read_text()
    assert "noillusion_worker_login" in log
    for password in GIVEN.values():
        assert password not in said + again + log
    kept = dict(asked.fetch("SELECT rolname::text, rolpassword FROM pg_authid WHERE rolname LIKE 'noillusion%login'"))
    assert {text.partition("$")[0] for text in kept.values()} == {"SCRAM-SHA-256"} and len(kept) == 3
    assert {login: becomes(asked, login) for login in LOGINS} == {login: {role} for login, role in LOGINS.items()}


def test_a_login_that_could_become_more_is_brought_down_to_its_role(asked: PostgresStore) -> None:
    migrate.main(["--logins"])
    asked.execute("GRANT noillusion_worker TO noillusion_api_login")
    assert becomes(asked, API_LOGIN) == {"noillusion_api", "noillusion_worker"}
    migrate.main(["--logins"])
    assert becomes(asked, API_LOGIN) == {"noillusion_api"}


@pytest.mark.parametrize("variable", GIVEN)
@pytest.mark.parametrize("password", ["", "short", "same"])
def test_passwords_that_are_missing_short_or_the_same_are_refused_by_name(
    variable: str, password: str, asked: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = next(name for name in GIVEN if name != variable)
    monkeypatch.setenv(variable, GIVEN[other] if password == "same" else password)
    with pytest.raises(SystemExit) as ended:
        migrate.main(["--logins"])
    assert variable in str(ended.value.code) and not any(text in str(ended.value.code) for text in (*GIVEN.values(), "short "))


def test_the_password_itself_logs_in(asked: PostgresStore) -> None:
    """The test's server trusts whoever reaches it, so the verifier is compared with what the server makes of the password."""
    migrate.main(["--logins"])
    for login, variable in PASSWORDS.items():
        (kept,) = asked.fetch(f"SELECT rolpassword FROM pg_authid WHERE rolname = '{login}'")[0]
        assert verifies(kept, GIVEN[variable])
        assert not verifies(kept, GIVEN[variable] + "x")


def verifies(kept: str, password: str) -> bool:
    """Whether a SCRAM verifier is the one of a password (RFC 5803)."""
    _, salted, keys = kept.split("$")
    rounds, salt = salted.split(":")
    made = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(salt), int(rounds))
    client = hashlib.sha256(hmac.new(made, b"Client Key", hashlib.sha256).digest()).digest()
    return base64.b64decode(keys.split(":")[0]) == client


def test_the_names_of_passwords_are_those_of_the_guide() -> None:
    guide = (migrate.SUPABASE.parent / "docs" / "deploying.md").read_text("utf-8")
    assert all(name in guide for name in (*LOGINS, *PASSWORDS.values()))
    assert logins.MIN_PASSWORD == 16
