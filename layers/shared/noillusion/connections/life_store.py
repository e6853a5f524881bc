"""SQL of the life of connections: which end soon, which are verified when."""

from __future__ import annotations

from datetime import datetime

from noillusion.connections.rows import ConnectionRow, CredentialRow
from noillusion.db import Query, Statement, query, sql
from noillusion.db.batches import Remaining

_EXPIRING = """FROM platform_connections
           WHERE status = 'active' AND expiring_since IS NULL AND (
             (refresh_due_at IS NULL AND access_expires_at > :now AND access_expires_at <= :until)
             OR (refresh_due_at IS NOT NULL AND refresh_expires_at > :now AND refresh_expires_at <= :until)
             OR (refresh_due_at IS NOT NULL AND refresh_expires_at IS NULL AND sealed_refresh_token IS NULL
               AND access_expires_at > :now AND access_expires_at <= :until)
             OR (data_access_expires_at > :now AND data_access_expires_at <= :until))"""


def expiring(now: datetime, until: datetime, limit: int) -> Query[ConnectionRow]:
    """Select working connections that end soon unless their owner connects the account again (workers only).

    A token that is extended in place counts when it should have been extended long before.
    """
    return query(
        ConnectionRow,
        f"SELECT {{columns}} {_EXPIRING} ORDER BY created_at, id LIMIT :limit",
        now=now,
        until=until,
        limit=limit,
    )


def left_expiring(now: datetime, until: datetime, limit: int) -> Query[Remaining]:
    """Count these connections, up to ``limit`` (workers only)."""
    return query(
        Remaining,
        f"SELECT COUNT(*) AS remaining FROM (SELECT 1 {_EXPIRING} LIMIT :limit) AS found",  # noqa: S608 - constant
        now=now,
        until=until,
        limit=limit,
    )


def mark_expiring(user_id: str, connection_id: str, version: int, now: datetime) -> Statement:
    """Record that a working connection is about to end. A credential that came since is left alone."""
    return sql(
        """UPDATE platform_connections SET expiring_since = :now, updated_at = :now
           WHERE user_id = :user_id AND id = :id AND credential_version = :version AND status = 'active'
             AND expiring_since IS NULL RETURNING id""",
        user_id=user_id,
        id=connection_id,
        version=version,
        now=now,
    )


def known_expiring(user_id: str, connection_id: str, since: datetime) -> Statement:
    """Select the connection if it is expiring since then."""
    return sql(
        """SELECT 1 FROM platform_connections WHERE user_id = :user_id AND id = :connection_id AND status = 'active'
             AND expiring_since = :since""",
        user_id=user_id,
        connection_id=connection_id,
        since=since,
    )


def hasten(connection_ids: Statement, now: datetime, before: datetime, retried: datetime) -> Statement:
    """Verify now the connections that a query selects and that were not verified since ``before`` (workers only).

    One that is due by ``retried`` anyway is left alone.
    """
    return sql(
        f"""UPDATE platform_connections SET verify_at = :hasten_now
            WHERE status = 'active' AND verify_at > :hasten_retried AND COALESCE(checked_at, token_issued_at) < :hasten_before
              AND id IN ({connection_ids.text})""",  # noqa: S608 - a query
        **connection_ids.params,
        hasten_now=now,
        hasten_before=before,
        hasten_retried=retried,
    )


def hasten_ended(now: datetime) -> Statement:
    """Verify now the connections whose access is over by their date (workers only)."""
    return sql(
        """UPDATE platform_connections SET verify_at = :now
           WHERE status = 'active' AND refresh_due_at IS NULL AND access_expires_at <= :now AND verify_at > :now
             AND COALESCE(checked_at, token_issued_at) < access_expires_at""",
        now=now,
    )


def claim_verification(platform: str, now: datetime, until: datetime, limit: int) -> Query[CredentialRow]:
    """Take working connections of a platform to verify, the longest overdue first, by moving them to ``until`` (workers only)."""
    return query(
        CredentialRow,
        """UPDATE platform_connections SET verify_at = :until
           WHERE status = 'active' AND verify_at <= :now AND id IN (
             SELECT id FROM platform_connections WHERE status = 'active' AND platform = :platform AND verify_at <= :now
             ORDER BY verify_at LIMIT :limit)
           RETURNING {columns}""",
        platform=platform,
        now=now,
        until=until,
        limit=limit,
    )


def verified(user_id: str, connection_id: str, now: datetime, following: datetime) -> Statement:
    """Record that a connection works, and when it is verified next. To its owner nothing changes but the time of the check."""
    return sql(
        "UPDATE platform_connections SET checked_at = :now, verify_at = :following WHERE user_id = :user_id AND id = :id",
        user_id=user_id,
        id=connection_id,
        now=now,
        following=following,
    )
