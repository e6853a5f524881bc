"""The logins that functions connect with. Each may become the roles that its work needs, and has nothing of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from psycopg import sql

from noillusion.db.postgres import API_ROLE, HEALTH_ROLE, WORKER_ROLE

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg.rows import TupleRow

LOGINS: Mapping[str, str] = {
    f"{API_ROLE}_login": API_ROLE,
    f"{WORKER_ROLE}_login": WORKER_ROLE,
    f"{HEALTH_ROLE}_login": HEALTH_ROLE,
}
"""Each login and the one role that it may become."""
PASSWORDS: Mapping[str, str] = {login: f"{login.removeprefix('noillusion_').upper()}_PASSWORD" for login in LOGINS}
"""The environment variable with each login's password."""
MIN_PASSWORD = 16


class BadPassword(Exception):
    """A password is missing or too short. The text names the variable."""


def passwords(environment: Mapping[str, str]) -> dict[str, str]:
    """The password of each login. :class:`BadPassword` unless all are there, and no two are the same."""
    for variable in PASSWORDS.values():
        if len(environment.get(variable, "")) < MIN_PASSWORD:
            raise BadPassword(f"{variable} must have at least {MIN_PASSWORD} characters")
    found = {login: environment[variable] for login, variable in PASSWORDS.items()}
    if len(set(found.values())) < len(found):
        raise BadPassword(f"{', '.join(PASSWORDS.values())} must differ from each other")
    return found


def ensure_logins(connection: Connection[TupleRow], given: Mapping[str, str]) -> list[str]:
    """Create the logins, or bring those that are there to what they should be. A line for each: what was done.

    Passwords travel as SCRAM verifiers: neither the connection nor the server's log ever has one as it is written.
    """
    done = []
    with connection.transaction():
        for login, role in LOGINS.items():
            there = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (login,)).fetchone()
            verifier = connection.pgconn.encrypt_password(given[login].encode(), login.encode(), b"scram-sha-256").decode()
            verb = sql.SQL("ALTER" if there else "CREATE")
            connection.execute(
                sql.SQL("{} ROLE {} LOGIN NOINHERIT PASSWORD {}").format(verb, sql.Identifier(login), sql.Literal(verifier))
            )
            for other in _memberships(connection, login) - {role}:
                connection.execute(sql.SQL("REVOKE {} FROM {}").format(sql.Identifier(other), sql.Identifier(login)))
            connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(role), sql.Identifier(login)))
            done.append(f"{'changed' if there else 'created'} {login}, which may become {role}")
    return done


def _memberships(connection: Connection[TupleRow], login: str) -> set[str]:
    found = connection.execute(
        "SELECT roleid::regrole::text FROM pg_auth_members WHERE member = (SELECT oid FROM pg_roles WHERE rolname = %s)", (login,)
    )
    return {row[0] for row in found}
