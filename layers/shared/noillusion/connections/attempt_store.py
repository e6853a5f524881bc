"""SQL of attempts to connect and of the grants that wait with them. Rows carry sealed tokens; nothing here opens them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from noillusion.connections.rows import (
    ClaimedAttempt,
    ClaimedGrant,
    CompletedAttempt,
    PendingGrant,
    SealedGrant,
)
from noillusion.db import Json, Query, Statement, among, query, sql


def start_attempt(
    attempt_id: str,
    user_id: str,
    platform: str,
    registration: str,
    connection_id: str | None,
    nonce_hash: str,
    return_url: str,
    scopes: Sequence[str],
    now: datetime,
    expires: datetime,
) -> Statement:
    """Insert a new attempt to connect."""
    return sql(
        """INSERT INTO connection_attempts
             (id, user_id, platform, registration, connection_id, nonce_hash, return_url, requested_scopes, expires_at,
             created_at, updated_at)
           VALUES (:id, :user_id, :platform, :registration, :connection_id, :nonce_hash, :return_url, :scopes, :expires, :now,
             :now)""",
        id=attempt_id,
        user_id=user_id,
        platform=platform,
        registration=registration,
        connection_id=connection_id,
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
    """Keep the sealed grant that the code was exchanged for, until accounts are chosen."""
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
    """Record that the person declined, or that the exchange failed."""
    return sql(
        """UPDATE connection_attempts SET state = 'failed', error_code = :code, return_url = '', updated_at = :now
           WHERE id = :id AND user_id = :user_id AND state = 'exchanging'""",
        id=attempt_id,
        user_id=user_id,
        code=code,
        now=now,
    )


def pending(user_id: str, handle_hashes: Sequence[str], now: datetime) -> Query[PendingGrant]:
    """Select the grant behind a handle."""
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


def completed(user_id: str, handle_hashes: Sequence[str], now: datetime) -> Query[CompletedAttempt]:
    """Select the confirmed attempt behind a handle, until it expires."""
    listed, hashes = among("handle_hash", handle_hashes)
    return query(
        CompletedAttempt,
        f"""SELECT {{columns}} FROM connection_attempts
           WHERE user_id = :user_id AND handle_hash IN ({listed}) AND state = 'completed'
             AND expires_at > :now""",  # noqa: S608 - names of parameters
        user_id=user_id,
        now=now,
        **hashes,
    )


def complete_attempt(attempt_id: str, user_id: str, now: datetime) -> Statement:
    """Erase the attempt's copy of the grant once accounts are chosen. The handle's hash stays, to recognize a repeat."""
    return sql(
        """UPDATE connection_attempts SET state = 'completed', sealed_credentials = NULL, updated_at = :now
           WHERE id = :id AND user_id = :user_id AND state = 'authorised' RETURNING id""",
        id=attempt_id,
        user_id=user_id,
        now=now,
    )


def with_grants(user_id: str) -> Query[SealedGrant]:
    """Select the user's attempts that hold a grant."""
    return query(
        SealedGrant,
        """SELECT {columns} FROM connection_attempts
           WHERE user_id = :user_id AND sealed_credentials IS NOT NULL ORDER BY created_at, id""",
        user_id=user_id,
    )


def refuse_attempt(user_id: str, handle_hashes: Sequence[str], now: datetime, retry_at: datetime) -> Query[ClaimedGrant]:
    """Refuse the grant behind a handle: nobody can confirm it any more, and it waits to be withdrawn."""
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
