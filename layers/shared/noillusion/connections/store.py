"""SQL of connections and connection attempts. Rows carry sealed tokens; nothing here opens them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final

from noillusion.catalog.registrations import Registration
from noillusion.connections.conditions import of_registrations
from noillusion.connections.rows import (
    AccountVersion,
    ConnectionRow,
    CredentialVersion,
    NewConnection,
    SealedTokens,
    TokenExpiry,
)
from noillusion.db import Json, Query, Statement, query, sql

NO_ID = "00000000-0000-0000-0000-000000000000"
"""The id of no connection."""


def account_ids(user_id: str, platform: str) -> Query[AccountVersion]:
    """Select the accounts of a platform that the user has connected."""
    return query(
        AccountVersion,
        "SELECT {columns} FROM platform_connections WHERE user_id = :user_id AND platform = :platform",
        user_id=user_id,
        platform=platform,
    )


_RENEWED: Final = (
    *("registration", "account_kind", "display_name", "username", "grant_subject", "granted_scopes", "details"),
    *("sealed_access_token", "sealed_refresh_token", "sealing_key_id", "credential_version", "token_issued_at"),
    *("access_expires_at", "refresh_expires_at", "refresh_due_at", "data_access_expires_at", "verify_at", "metrics_due_at"),
    "updated_at",
)
"""Columns of a connection that is renewed in place."""


def put(
    account: NewConnection, tokens: SealedTokens, expiry: TokenExpiry, attempt_id: str, completed_at: datetime
) -> Query[ConnectionRow]:
    """Add a connection, or renew it in place. Returns nothing if the account's row has another id, or another credential than
    the one before this, by now.

    It stands behind :func:`complete_attempt` in its flight and does nothing where that found no attempt to complete: the grant
    was withdrawn or forgotten meanwhile.
    """
    renewed = ", ".join(f"{column} = excluded.{column}" for column in _RENEWED)
    return query(
        ConnectionRow,
        f"""INSERT INTO platform_connections (id, user_id, platform, registration, account_id, account_kind, display_name,
             username, grant_subject, granted_scopes, details, sealed_access_token, sealed_refresh_token, sealing_key_id,
             credential_version, token_issued_at, access_expires_at, refresh_expires_at, refresh_due_at, data_access_expires_at,
             verify_at, metrics_due_at, created_at, updated_at)
           SELECT :id, :user_id, :platform, :registration, :account_id, :account_kind, :display_name, :username,
             :grant_subject, :granted_scopes, :details, :sealed_access_token, :sealed_refresh_token, :sealing_key_id,
             :credential_version, :now, :access_expires_at, :refresh_expires_at, :refresh_due_at, :data_access_expires_at,
             :verify_at, :now, :now, :now
           WHERE EXISTS (SELECT 1 FROM connection_attempts
             WHERE user_id = :user_id AND id = :attempt_id AND state = 'completed' AND updated_at = :completed_at)
           ON CONFLICT (user_id, platform, account_id) DO UPDATE SET {renewed},
             expiring_since = NULL, refresh_lease_until = NULL, status = 'active', status_reason = ''
           WHERE platform_connections.id = excluded.id
             AND platform_connections.credential_version = excluded.credential_version - 1
           RETURNING {{columns}}""",  # noqa: S608 - names of columns
        attempt_id=attempt_id,
        completed_at=completed_at,
        **{**asdict(account), "granted_scopes": Json(account.granted_scopes), "details": Json(account.details)},
        **asdict(tokens),
        **asdict(expiry),
    )


_STATES: Final[Mapping[str | None, str]] = {
    None: "",
    "active": " AND status = 'active' AND expiring_since IS NULL",
    "expiring": " AND status = 'active' AND expiring_since IS NOT NULL",
    "needs_reconnect": " AND status <> 'active'",
}


def page(user_id: str, filters: Mapping[str, str | None], after: Sequence[str] | None, limit: int) -> Query[ConnectionRow]:
    """Select connections in the order they were created; one more than the page to know whether there is a next.

    ``filters``: values of the columns ``platform`` and ``status``, and a ``state``; ``None`` does not filter.
    """
    given = {name: filters[name] for name in ("platform", "status") if filters.get(name) is not None}
    conditions = "".join(f" AND {name} = :{name}" for name in given) + _STATES[filters.get("state")]
    return query(
        ConnectionRow,
        f"""SELECT {{columns}} FROM platform_connections
            WHERE user_id = :user_id{conditions} AND (:first OR (created_at, id) > (:created_at, :id))
            ORDER BY created_at, id LIMIT :limit""",  # noqa: S608 - constants
        **given,
        user_id=user_id,
        first=after is None,
        created_at=datetime.fromisoformat(after[0]) if after else datetime.fromisoformat("1970-01-01T00:00:00+00:00"),
        id=after[1] if after else "00000000-0000-0000-0000-000000000000",
        limit=limit + 1,
    )


def one(user_id: str, connection_id: str) -> Query[ConnectionRow]:
    """Select one connection without its tokens."""
    return query(
        ConnectionRow,
        "SELECT {columns} FROM platform_connections WHERE user_id = :user_id AND id = :id",
        user_id=user_id,
        id=connection_id,
    )


def renewed_since(user_id: str, platform: str, since: datetime) -> Query[ConnectionRow]:
    """Select the user's connections of a platform whose tokens are no older than that."""
    return query(
        ConnectionRow,
        """SELECT {columns} FROM platform_connections
           WHERE user_id = :user_id AND platform = :platform AND token_issued_at >= :since""",
        user_id=user_id,
        platform=platform,
        since=since,
    )


def label(user_id: str, connection_id: str, text: str, seen: datetime | None, now: datetime) -> Query[ConnectionRow]:
    """Name a connection. Returns nothing if it was updated since ``seen``."""
    return query(
        ConnectionRow,
        f"""UPDATE platform_connections SET label = :label, updated_at = :now
            WHERE user_id = :user_id AND id = :id {"AND updated_at = :seen" if seen else ""} RETURNING {{columns}}""",  # noqa: S608
        user_id=user_id,
        id=connection_id,
        label=text,
        now=now,
        **({"seen": seen} if seen else {}),
    )


def checked(user_id: str, connection_id: str, version: int, scopes: Sequence[str] | None, now: datetime) -> Query[ConnectionRow]:
    """Record that the connection works, and the ``scopes`` that the platform told of this version of the credential."""
    return query(
        ConnectionRow,
        """UPDATE platform_connections SET checked_at = :now, updated_at = :now,
             granted_scopes = CASE WHEN credential_version = :version
               THEN COALESCE(:scopes, granted_scopes) ELSE granted_scopes END
           WHERE user_id = :user_id AND id = :id RETURNING {columns}""",
        user_id=user_id,
        id=connection_id,
        version=version,
        scopes=None if scopes is None else Json(list(scopes)),
        now=now,
    )


def known(user_id: str, connection_id: str) -> Statement:
    """Select the connection if it exists."""
    return sql(
        "SELECT 1 FROM platform_connections WHERE user_id = :user_id AND id = :connection_id",
        user_id=user_id,
        connection_id=connection_id,
    )


def delete(user_id: str, connection_id: str) -> Statement:
    """Forget a connection and its tokens."""
    return sql(
        "DELETE FROM platform_connections WHERE user_id = :user_id AND id = :id RETURNING id", user_id=user_id, id=connection_id
    )


def by_subject(found: Sequence[Registration], subject: str, granted_before: datetime) -> Query[CredentialVersion]:
    """Select the connections of one person through an app, whoever of our users holds them (platform callbacks only).

    A grant that is newer than the callback's message came after the person had removed the app: a message that is late or
    repeated does not concern it.
    """
    theirs, named = of_registrations(found)
    return query(
        CredentialVersion,
        f"""SELECT {{columns}} FROM platform_connections
           WHERE {theirs} AND grant_subject = :subject AND grant_subject <> ''
             AND token_issued_at <= :granted_before""",  # noqa: S608 - names of parameters
        subject=subject,
        granted_before=granted_before,
        **named,
    )


def by_grant_of(found: Sequence[Registration], subject: str, *, but: str = NO_ID) -> Statement:
    """Select a row if an account other than ``but`` is connected by a grant of this person to an app (workers only)."""
    theirs, named = of_registrations(found)
    return sql(
        f"SELECT 1 AS one FROM platform_connections WHERE {theirs} AND grant_subject = :subject AND id <> :but LIMIT 1",  # noqa: S608
        subject=subject,
        but=but,
        **named,
    )


def remember(user_id: str, connection_id: str, row_id: str, subject_hash: str, now: datetime) -> Statement:
    """Remember whose account a connection was, before it is deleted in the same flight."""
    return sql(
        """INSERT INTO former_accounts (id, user_id, platform, account_id, connection_id, subject_hash, created_at, updated_at)
           SELECT :row_id, user_id, platform, account_id, id, :subject_hash, :now, :now
           FROM platform_connections WHERE user_id = :user_id AND id = :connection_id
           ON CONFLICT (connection_id) DO NOTHING""",
        user_id=user_id,
        connection_id=connection_id,
        row_id=row_id,
        subject_hash=subject_hash,
        now=now,
    )
