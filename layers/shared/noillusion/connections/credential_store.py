"""SQL of the credentials of connections: reading them sealed, refreshing them one at a time, marking them dead."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from noillusion.catalog import registrations
from noillusion.catalog.accounts import StatusReason
from noillusion.connections.conditions import of_registrations
from noillusion.connections.rows import CredentialRow, CredentialVersion, SealedTokens, TokenExpiry
from noillusion.db import Query, Statement, query, sql


def credential(user_id: str, connection_id: str) -> Query[CredentialRow]:
    """Select one connection with its sealed tokens."""
    return query(
        CredentialRow,
        "SELECT {columns} FROM platform_connections WHERE user_id = :user_id AND id = :id",
        user_id=user_id,
        id=connection_id,
    )


def version(user_id: str, connection_id: str) -> Query[CredentialVersion]:
    """Select the version of one connection's credential."""
    return query(
        CredentialVersion,
        "SELECT {columns} FROM platform_connections WHERE user_id = :user_id AND id = :id",
        user_id=user_id,
        id=connection_id,
    )


def credentials_of(user_id: str) -> Query[CredentialRow]:
    """Select every connection of a user with its sealed tokens."""
    return query(
        CredentialRow,
        "SELECT {columns} FROM platform_connections WHERE user_id = :user_id ORDER BY created_at, id",
        user_id=user_id,
    )


def mark_dead(user_id: str, connection_id: str, version: int, reason: StatusReason, now: datetime) -> Statement:
    """Mark a credential dead: the person has to consent again. One that came since is left alone."""
    return sql(
        """UPDATE platform_connections SET status = 'reauth_required', status_reason = :reason, refresh_due_at = NULL,
             refresh_lease_until = NULL, metrics_due_at = NULL, updated_at = :now
           WHERE user_id = :user_id AND id = :id AND credential_version = :version AND status = 'active' RETURNING id""",
        user_id=user_id,
        id=connection_id,
        version=version,
        reason=reason,
        now=now,
    )


def known_dead(user_id: str, connection_id: str, version: int) -> Statement:
    """Select the connection if this credential is marked dead."""
    return sql(
        """SELECT 1 FROM platform_connections WHERE user_id = :user_id AND id = :connection_id
             AND credential_version = :version AND status = 'reauth_required'""",
        user_id=user_id,
        connection_id=connection_id,
        version=version,
    )


def known_active(user_id: str, connection_id: str, version: int) -> Statement:
    """Select the connection if it works with this credential and is not about to end."""
    return sql(
        """SELECT 1 FROM platform_connections WHERE user_id = :user_id AND id = :connection_id
             AND credential_version = :version AND status = 'active' AND expiring_since IS NULL""",
        user_id=user_id,
        connection_id=connection_id,
        version=version,
    )


def lease_refresh(user_id: str, connection_id: str, version: int, now: datetime, until: datetime) -> Statement:
    """Take the right to refresh this credential: one holder at a time. If the holder dies it is due once the lease is over."""
    return sql(
        """UPDATE platform_connections SET refresh_lease_until = :until, refresh_due_at = :until
           WHERE user_id = :user_id AND id = :id AND credential_version = :version AND status = 'active'
             AND (refresh_lease_until IS NULL OR refresh_lease_until < :now)
           RETURNING id""",
        user_id=user_id,
        id=connection_id,
        version=version,
        now=now,
        until=until,
    )


def save_tokens(
    user_id: str,
    connection_id: str,
    version: int,
    tokens: SealedTokens,
    expiry: TokenExpiry,
    now: datetime,
    *,
    expiring: bool = False,
) -> Statement:
    """Save the tokens of a refresh, sealed for the version that the row has from now on. ``expiring``: it still ends soon."""
    return sql(
        """UPDATE platform_connections SET sealed_access_token = :sealed_access_token,
             sealed_refresh_token = :sealed_refresh_token, sealing_key_id = :sealing_key_id,
             credential_version = credential_version + 1, token_issued_at = :now, access_expires_at = :access_expires_at,
             refresh_expires_at = COALESCE(:refresh_expires_at, refresh_expires_at), refresh_due_at = :refresh_due_at,
             data_access_expires_at = COALESCE(:data_access_expires_at, data_access_expires_at),
             expiring_since = CASE WHEN :expiring THEN expiring_since END, refresh_lease_until = NULL, updated_at = :now
           WHERE user_id = :user_id AND id = :id AND credential_version = :version RETURNING id""",
        user_id=user_id,
        id=connection_id,
        version=version,
        now=now,
        expiring=expiring,
        **asdict(tokens),
        **asdict(expiry),
    )


def release_refresh(
    user_id: str, connection_id: str, version: int, retry_at: datetime | None, left: datetime | None = None
) -> Statement:
    """Release a refresh that failed for a temporary reason, to retry later. ``left``: an expired lease to keep.

    A credential that came since has a time, and perhaps a holder, of its own.
    """
    return sql(
        """UPDATE platform_connections SET refresh_lease_until = :left, refresh_due_at = COALESCE(:retry_at, refresh_due_at)
           WHERE user_id = :user_id AND id = :id AND credential_version = :version AND status = 'active'""",
        user_id=user_id,
        id=connection_id,
        version=version,
        retry_at=retry_at,
        left=left,
    )


def due_for_refresh(platform: str, now: datetime, last: CredentialRow | None, limit: int) -> Query[CredentialRow]:
    """Select connections whose token is due and that nobody refreshes, longest overdue first, behind ``last`` (workers only)."""
    behind = "AND (refresh_due_at, id) > (:after, :last_id)" if last else ""
    return query(
        CredentialRow,
        f"""SELECT {{columns}} FROM platform_connections
           WHERE status = 'active' AND platform = :platform AND refresh_due_at IS NOT NULL AND refresh_due_at <= :now
             AND (refresh_lease_until IS NULL OR refresh_lease_until < :now) {behind}
           ORDER BY refresh_due_at, id LIMIT :limit""",  # noqa: S608 - a constant
        platform=platform,
        now=now,
        limit=limit,
        **({"after": last.refresh_due_at, "last_id": last.id} if last else {}),
    )


def pause_posts(user_id: str, connection_id: str, until: datetime) -> Statement:
    """Let publishing with a connection rest until then, or as long as it rests already."""
    return sql(
        """UPDATE platform_connections SET posts_paused_until = :until
           WHERE user_id = :user_id AND id = :id AND (posts_paused_until IS NULL OR posts_paused_until < :until)""",
        user_id=user_id,
        id=connection_id,
        until=until,
    )


def pause_calls(user_id: str, connection_id: str, until: datetime) -> Statement:
    """Let a connection rest until then, or as long as it rests already."""
    return sql(
        """UPDATE platform_connections SET calls_paused_until = :until
           WHERE user_id = :user_id AND id = :id AND (calls_paused_until IS NULL OR calls_paused_until < :until)""",
        user_id=user_id,
        id=connection_id,
        until=until,
    )


def siblings(row: CredentialRow) -> Query[CredentialRow]:
    """Select the other working connections of the user with the grant of this one."""
    same, named = _of_grant(row)
    return query(
        CredentialRow,
        f"""SELECT {{columns}} FROM platform_connections
            WHERE user_id = :user_id AND {same} AND id <> :id AND status = 'active' ORDER BY id""",  # noqa: S608
        id=row.id,
        **named,
    )


def wait_for_grant(row: CredentialRow) -> Statement:
    """Wait until no other transaction works on the grant of a connection. Changes nothing."""
    same, named = _of_grant(row)
    return sql(
        f"""UPDATE platform_connections SET refresh_lease_until = refresh_lease_until WHERE user_id = :user_id AND id = (
              SELECT id FROM platform_connections WHERE user_id = :user_id AND {same} ORDER BY id LIMIT 1)""",  # noqa: S608
        **named,
    )


def lease_siblings(row: CredentialRow, until: datetime) -> Statement:
    """Take the right to refresh the other connections with the grant of this one, if it was taken for this one until then."""
    same, named = _of_grant(row)
    return sql(
        f"""UPDATE platform_connections SET refresh_lease_until = :until, refresh_due_at = :until
            WHERE user_id = :user_id AND {same} AND id <> :id AND status = 'active' AND EXISTS (
              SELECT 1 FROM platform_connections WHERE user_id = :user_id AND id = :id AND refresh_lease_until = :until)""",  # noqa: S608
        id=row.id,
        until=until,
        **named,
    )


def release_siblings(row: CredentialRow, retry_at: datetime) -> Statement:
    """Release the other connections with the grant of this one, whose refresh failed for a temporary reason.

    Where this one was connected again since, so were they.
    """
    same, named = _of_grant(row)
    return sql(
        f"""UPDATE platform_connections SET refresh_lease_until = NULL, refresh_due_at = :retry_at
            WHERE user_id = :user_id AND {same} AND id <> :id AND status = 'active' AND refresh_due_at IS NOT NULL
              AND EXISTS (SELECT 1 FROM platform_connections WHERE user_id = :user_id AND id = :id
                AND credential_version = :version)""",  # noqa: S608
        id=row.id,
        version=row.credential_version,
        retry_at=retry_at,
        **named,
    )


def _of_grant(row: CredentialRow) -> tuple[str, dict[str, str]]:
    """Return the condition for rows of the grant of a connection, and its parameters with the user."""
    theirs, named = of_registrations([registrations.get(row.platform, row.registration)])
    return f"{theirs} AND grant_subject = :subject", {**named, "subject": row.grant_subject, "user_id": row.user_id}
