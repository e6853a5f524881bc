"""The database logins of functions. Each can become the role that it needs, and has no rights of its own."""

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
"""Login → the role that it can become."""
PASSWORDS: Mapping[str, str] = {login: f"{login.removeprefix('noillusion_').upper()}_PASSWORD" for login in LOGINS}
"""Login → environment variable with its password."""
MIN_PASSWORD = 16


class BadPassword(Exception):
    """A password is missing or too short. The text contains the name of the variable."""


def passwords(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the password of each login. Raises :class:`BadPassword` if one is missing or two are the same."""
    for variable in PASSWORDS.values():
        if len(environment.get(variable, "")) < MIN_PASSWORD:
            raise BadPassword(f"{variable} must have at least {MIN_PASSWORD} characters")
    found = {login: environment[variable] for login, variable in PASSWORDS.items()}
    if len(set(found.values())) < len(found):
        raise BadPassword(f"{', '.join(PASSWORDS.values())} must differ from each other")
    return found


def ensure_logins(connection: Connection[TupleRow], given: Mapping[str, str]) -> list[str]:
    """Create or update the logins. Return a line about each.

    Passwords are sent as SCRAM verifiers, so neither the connection nor the server's log contains them in plain text.
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
