"""SQL of connections and connection attempts. Rows carry sealed tokens; nothing here opens them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from noillusion.connections.rows import (
    AccountVersion,
    ClaimedAttempt,
    ClaimedGrant,
    ConnectionRow,
    CredentialRow,
    CredentialVersion,
    ExpiringConnection,
    PendingGrant,
    SealedGrant,
)
from noillusion.db import Json, Query, Statement, among, query, sql


def start_attempt(
    attempt_id: str,
    user_id: str,
    platform: str,
    nonce_hash: str,
    return_url: str,
    scopes: Sequence[str],
    now: datetime,
    expires: datetime,
) -> Statement:
    """A new attempt to connect."""
    return sql(
        """INSERT INTO connection_attempts
             (id, user_id, platform, nonce_hash, return_url, requested_scopes, expires_at, created_at, updated_at)
           VALUES (:id, :user_id, :platform, :nonce_hash, :return_url, :scopes, :expires, :now, :now)""",
        id=attempt_id,
        user_id=user_id,
        platform=platform,
        nonce_hash=nonce_hash,
        return_url=return_url,
        scopes=Json(list(scopes)),
        expires=expires,
        now=now,
    )


def claim_attempt(attempt_id: str, platform: str, nonce_hashes: Sequence[str], now: datetime) -> Query[ClaimedAttempt]:
    """Take the attempt for exchanging its code: at most one callback ever gets the row."""
    listed, hashes = among("nonce_hash", nonce_hashes)
    return query(
        ClaimedAttempt,
        f"""UPDATE connection_attempts SET state = 'exchanging', updated_at = :now
           WHERE id = :id AND platform = :platform AND nonce_hash IN ({listed}) AND state = 'started' AND expires_at > :now
           RETURNING {{columns}}""",  # noqa: S608 - names of parameters
        id=attempt_id,
        platform=platform,
        now=now,
        **hashes,
    )


def authorise_attempt(
    attempt_id: str,
    user_id: str,
    handle_hash: str,
    subject_hash: str | None,
    sealed: str,
    key_id: str,
    now: datetime,
    expires: datetime,
) -> Statement:
    """The code was exchanged; the sealed grant waits for the account choice."""
    return sql(
        """UPDATE connection_attempts SET state = 'authorised', handle_hash = :handle_hash, sealed_credentials = :sealed,
             sealing_key_id = :key_id, subject_hash = :subject_hash, expires_at = :expires, return_url = '', updated_at = :now
           WHERE id = :id AND user_id = :user_id AND state = 'exchanging' RETURNING id""",
        id=attempt_id,
        user_id=user_id,
        handle_hash=handle_hash,
        subject_hash=subject_hash,
        sealed=sealed,
        key_id=key_id,
        expires=expires,
        now=now,
    )


def fail_attempt(attempt_id: str, user_id: str, code: str, now: datetime) -> Statement:
    """The person declined, or the exchange failed."""
    return sql(
        """UPDATE connection_attempts SET state = 'failed', error_code = :code, return_url = '', updated_at = :now
           WHERE id = :id AND user_id = :user_id AND state = 'exchanging'""",
        id=attempt_id,
        user_id=user_id,
        code=code,
        now=now,
    )


def pending(user_id: str, handle_hashes: Sequence[str], now: datetime) -> Query[PendingGrant]:
    """The authorised attempt behind a handle."""
    listed, hashes = among("handle_hash", handle_hashes)
    return query(
        PendingGrant,
        f"""SELECT {{columns}} FROM connection_attempts
           WHERE user_id = :user_id AND handle_hash IN ({listed}) AND state = 'authorised'
             AND expires_at > :now""",  # noqa: S608 - names of parameters
        user_id=user_id,
        now=now,
        **hashes,
    )


def complete_attempt(attempt_id: str, user_id: str, now: datetime) -> Statement:
    """The choice was made: the attempt's copy of the grant is erased."""
    return sql(
        """UPDATE connection_attempts SET state = 'completed', sealed_credentials = NULL, handle_hash = NULL, updated_at = :now
           WHERE id = :id AND user_id = :user_id AND state = 'authorised' RETURNING id""",
        id=attempt_id,
        user_id=user_id,
        now=now,
    )


def account_ids(user_id: str, platform: str) -> Query[AccountVersion]:
    """Which accounts of a platform the user has connected."""
    return query(
        AccountVersion,
        "SELECT {columns} FROM platform_connections WHERE user_id = :user_id AND platform = :platform",
        user_id=user_id,
        platform=platform,
    )


def put(row: Mapping[str, Any], attempt_id: str, completed_at: datetime) -> Query[ConnectionRow]:
    """Add a connection, or renew it in place. Returns nothing if the account's row has another id, or another credential than
    the one before this, by now.

    It stands behind :func:`complete_attempt` in its flight and does nothing where that found no attempt to complete: the grant
    was withdrawn or forgotten meanwhile.
    """
    values = {**row, "granted_scopes": Json(row["granted_scopes"]), "details": Json(row["details"])}
    values |= {"attempt_id": attempt_id, "completed_at": completed_at}
    return query(
        ConnectionRow,
        """INSERT INTO platform_connections (id, user_id, platform, account_id, account_kind, display_name, username,
             grant_subject, granted_scopes, details, sealed_access_token, sealed_refresh_token, sealing_key_id,
             credential_version, token_issued_at, access_expires_at, refresh_expires_at, refresh_due_at, metrics_due_at,
             created_at, updated_at)
           SELECT :id, :user_id, :platform, :account_id, :account_kind, :display_name, :username,
             :grant_subject, :granted_scopes, :details, :sealed_access_token, :sealed_refresh_token, :sealing_key_id,
             :credential_version, :now, :access_expires_at, :refresh_expires_at, :refresh_due_at, :now, :now, :now
           WHERE EXISTS (SELECT 1 FROM connection_attempts
             WHERE user_id = :user_id AND id = :attempt_id AND state = 'completed' AND updated_at = :completed_at)
           ON CONFLICT (user_id, platform, account_id) DO UPDATE SET
             account_kind = excluded.account_kind, display_name = excluded.display_name, username = excluded.username,
             grant_subject = excluded.grant_subject, granted_scopes = excluded.granted_scopes, details = excluded.details,
             sealed_access_token = excluded.sealed_access_token, sealed_refresh_token = excluded.sealed_refresh_token,
             sealing_key_id = excluded.sealing_key_id, credential_version = excluded.credential_version,
             token_issued_at = excluded.token_issued_at, access_expires_at = excluded.access_expires_at,
             refresh_expires_at = excluded.refresh_expires_at, refresh_due_at = excluded.refresh_due_at,
             refresh_lease_until = NULL, status = 'active', status_reason = '', metrics_due_at = excluded.metrics_due_at,
             updated_at = excluded.updated_at
           WHERE platform_connections.id = excluded.id
             AND platform_connections.credential_version = excluded.credential_version - 1
           RETURNING {columns}""",
        **values,
    )


def page(user_id: str, after: Sequence[str] | None, limit: int) -> Query[ConnectionRow]:
    """Connections in the order they were made; one more than the page to know whether there is a next."""
    return query(
        ConnectionRow,
        """SELECT {columns} FROM platform_connections
           WHERE user_id = :user_id AND (:first OR (created_at, id) > (:created_at, :id))
           ORDER BY created_at, id LIMIT :limit""",
        user_id=user_id,
        first=after is None,
        created_at=datetime.fromisoformat(after[0]) if after else datetime.fromisoformat("1970-01-01T00:00:00+00:00"),
        id=after[1] if after else "00000000-0000-0000-0000-000000000000",
        limit=limit + 1,
    )


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


def label(user_id: str, connection_id: str, text: str, now: datetime) -> Query[ConnectionRow]:
    """Name a connection."""
    return query(
        ConnectionRow,
        """UPDATE platform_connections SET label = :label, updated_at = :now
           WHERE user_id = :user_id AND id = :id RETURNING {columns}""",
        user_id=user_id,
        id=connection_id,
        label=text,
        now=now,
    )


def checked(user_id: str, connection_id: str, now: datetime) -> Query[ConnectionRow]:
    """The connection was found working."""
    return query(
        ConnectionRow,
        """UPDATE platform_connections SET checked_at = :now, updated_at = :now
           WHERE user_id = :user_id AND id = :id RETURNING {columns}""",
        user_id=user_id,
        id=connection_id,
        now=now,
    )


def mark_dead(user_id: str, connection_id: str, version: int, reason: str, now: datetime) -> Statement:
    """The person has to consent again. Only the credential that was refused is marked, not one that came since."""
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
    """Finds the connection if this very credential is marked dead."""
    return sql(
        """SELECT 1 FROM platform_connections WHERE user_id = :user_id AND id = :connection_id
             AND credential_version = :version AND status = 'reauth_required'""",
        user_id=user_id,
        connection_id=connection_id,
        version=version,
    )


def delete(user_id: str, connection_id: str) -> Statement:
    """Forget a connection and its tokens."""
    return sql(
        "DELETE FROM platform_connections WHERE user_id = :user_id AND id = :id RETURNING id", user_id=user_id, id=connection_id
    )


def lease_refresh(user_id: str, connection_id: str, version: int, now: datetime, until: datetime) -> Statement:
    """Take the right to refresh this credential: one holder at a time."""
    return sql(
        """UPDATE platform_connections SET refresh_lease_until = :until
           WHERE user_id = :user_id AND id = :id AND credential_version = :version AND status = 'active'
             AND (refresh_lease_until IS NULL OR refresh_lease_until < :now)
           RETURNING id""",
        user_id=user_id,
        id=connection_id,
        version=version,
        now=now,
        until=until,
    )


def save_tokens(row: Mapping[str, Any]) -> Statement:
    """Store what a refresh gave: both tokens, sealed for the version that the row has from now on."""
    return sql(
        """UPDATE platform_connections SET sealed_access_token = :sealed_access_token,
             sealed_refresh_token = :sealed_refresh_token, sealing_key_id = :sealing_key_id,
             credential_version = credential_version + 1, token_issued_at = :now, access_expires_at = :access_expires_at,
             refresh_expires_at = COALESCE(:refresh_expires_at, refresh_expires_at), refresh_due_at = :refresh_due_at,
             refresh_lease_until = NULL, updated_at = :now
           WHERE user_id = :user_id AND id = :id AND credential_version = :version RETURNING id""",
        **row,
    )


def release_refresh(user_id: str, connection_id: str, retry_at: datetime | None, left: datetime | None = None) -> Statement:
    """A refresh failed for a passing reason: let go, and try again later. ``left``: an earlier lease that ran out, to be kept."""
    return sql(
        """UPDATE platform_connections SET refresh_lease_until = :left, refresh_due_at = COALESCE(:retry_at, refresh_due_at)
           WHERE user_id = :user_id AND id = :id""",
        user_id=user_id,
        id=connection_id,
        retry_at=retry_at,
        left=left,
    )


def due_for_refresh(now: datetime, limit: int) -> Query[CredentialRow]:
    """Connections whose token is due, the longest overdue first (workers only)."""
    return query(
        CredentialRow,
        """SELECT {columns} FROM platform_connections
           WHERE status = 'active' AND refresh_due_at IS NOT NULL AND refresh_due_at <= :now
           ORDER BY refresh_due_at LIMIT :limit""",
        now=now,
        limit=limit,
    )


def expiring(now: datetime, until: datetime, limit: int) -> Query[ExpiringConnection]:
    """Working connections that end soon and that nothing renews by itself (workers only)."""
    return query(
        ExpiringConnection,
        """SELECT {columns} FROM platform_connections
           WHERE status = 'active' AND refresh_due_at IS NULL AND access_expires_at > :now AND access_expires_at <= :until
           ORDER BY access_expires_at LIMIT :limit""",
        now=now,
        until=until,
        limit=limit,
    )


def by_subject(platforms: Sequence[str], subject: str, granted_before: datetime) -> Query[CredentialVersion]:
    """Connections of one person at a platform, whoever of our users holds them (platform callbacks only).

    A grant that is newer than the callback's message came after the person had removed the app: a message that is late or
    repeated does not concern it.
    """
    return query(
        CredentialVersion,
        """SELECT {columns} FROM platform_connections
           WHERE platform IN (:first, :second) AND grant_subject = :subject AND grant_subject <> ''
             AND token_issued_at <= :granted_before""",
        first=platforms[0],
        second=platforms[-1],
        subject=subject,
        granted_before=granted_before,
    )


def sharing_grant(user_id: str, platform: str, subject: str) -> Statement:
    """A row for each of a user's connections that one person's grant at a platform carries."""
    return sql(
        "SELECT id FROM platform_connections WHERE user_id = :user_id AND platform = :platform AND grant_subject = :subject",
        user_id=user_id,
        platform=platform,
        subject=subject,
    )


def by_grant_of(platform: str, subject: str) -> Statement:
    """Whether any account is connected by a grant of this person (workers only)."""
    return sql(
        "SELECT 1 AS one FROM platform_connections WHERE platform = :platform AND grant_subject = :subject LIMIT 1",
        platform=platform,
        subject=subject,
    )


def with_grants(user_id: str) -> Query[SealedGrant]:
    """The user's attempts that hold a grant."""
    return query(
        SealedGrant,
        """SELECT {columns} FROM connection_attempts
           WHERE user_id = :user_id AND sealed_credentials IS NOT NULL ORDER BY created_at, id""",
        user_id=user_id,
    )


def refuse_attempt(user_id: str, handle_hashes: Sequence[str], now: datetime, retry_at: datetime) -> Query[ClaimedGrant]:
    """The person does not want the grant behind a handle: nobody can confirm it from here on. It waits to be withdrawn."""
    listed, hashes = among("handle_hash", handle_hashes)
    return query(
        ClaimedGrant,
        f"""UPDATE connection_attempts SET state = 'failed', error_code = 'refused', handle_hash = NULL,
              revoke_tries = revoke_tries + 1, expires_at = :retry_at, updated_at = :now
            WHERE user_id = :user_id AND handle_hash IN ({listed}) AND state = 'authorised' AND expires_at > :now
            RETURNING {{columns}}""",  # noqa: S608 - names of parameters
        user_id=user_id,
        now=now,
        retry_at=retry_at,
        **hashes,
    )


def claim_expired_grants(now: datetime, retry_at: datetime, limit: int) -> Query[ClaimedGrant]:
    """Take grants whose attempt is past its time, to withdraw them. Each is due again at ``retry_at`` (workers only)."""
    return query(
        ClaimedGrant,
        """UPDATE connection_attempts SET state = 'failed', revoke_tries = revoke_tries + 1, expires_at = :retry_at,
             updated_at = :now
           WHERE expires_at < :now AND sealed_credentials IS NOT NULL AND id IN (
             SELECT id FROM connection_attempts WHERE expires_at < :now AND sealed_credentials IS NOT NULL
             ORDER BY expires_at LIMIT :limit)
           RETURNING {columns}""",
        now=now,
        retry_at=retry_at,
        limit=limit,
    )


def forget_attempt(user_id: str, attempt_id: str) -> Statement:
    """Forget one attempt with its grant."""
    return sql("DELETE FROM connection_attempts WHERE user_id = :user_id AND id = :id", user_id=user_id, id=attempt_id)


def forget_attempts(now: datetime, limit: int) -> Statement:
    """Forget attempts past their time that hold no grant, the oldest first. A row for each (workers only)."""
    return sql(
        """DELETE FROM connection_attempts WHERE id IN (
             SELECT id FROM connection_attempts WHERE expires_at < :now AND sealed_credentials IS NULL
             ORDER BY expires_at LIMIT :limit)
           RETURNING id""",
        now=now,
        limit=limit,
    )


def by_subject_hash(subject_hashes: Sequence[str], before: datetime, now: datetime, retry_at: datetime) -> Query[ClaimedGrant]:
    """Take the grants of one person that nobody confirmed (platform callbacks only)."""
    listed, hashes = among("subject_hash", subject_hashes)
    return query(
        ClaimedGrant,
        f"""UPDATE connection_attempts SET state = 'failed', revoke_tries = revoke_tries + 1, expires_at = :retry_at,
              updated_at = :now
            WHERE subject_hash IN ({listed}) AND sealed_credentials IS NOT NULL AND updated_at <= :before
            RETURNING {{columns}}""",  # noqa: S608 - names of parameters
        before=before,
        now=now,
        retry_at=retry_at,
        **hashes,
    )


def erase_attempts(attempt_ids: Sequence[str]) -> Statement:
    """Forget attempts with their grants (workers only)."""
    listed, ids = among("attempt_id", attempt_ids)
    return sql(f"DELETE FROM connection_attempts WHERE id IN ({listed})", **ids)  # noqa: S608 - names of parameters


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
