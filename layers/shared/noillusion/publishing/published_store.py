"""SQL of published targets: ids and links that are read again, and edits. The outcome of a target is not changed here."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from noillusion.db import Query, Statement, query, sql
from noillusion.publishing.leases import Lease
from noillusion.publishing.rows import EditOutcome, TargetRow


def located(user_id: str, target_id: str, post_id: str | None, permalink: str | None, now: datetime) -> Query[TargetRow]:
    """Write the public id and the link that the platform told. An id that is known already stays.

    Raises ``Duplicate`` if another target holds the post.
    """
    return query(
        TargetRow,
        """UPDATE post_targets SET platform_post_id = COALESCE(platform_post_id, :post_id),
             permalink = COALESCE(:permalink, permalink), updated_at = :now
           WHERE user_id = :user_id AND id = :id AND status IN ('published', 'delivered_to_inbox') AND deleted_at IS NULL
           RETURNING {columns}""",
        user_id=user_id,
        id=target_id,
        post_id=post_id,
        permalink=permalink,
        now=now,
    )


def begin_edit(user_id: str, target_id: str, seen: datetime, lease: Lease) -> Statement:
    """Record, before an edit is sent, that it is. A row comes back unless somebody else edits the post, or has since ``seen``."""
    return sql(
        """UPDATE post_targets SET edited_at = :now, edit_status = 'unknown', edit_error_class = NULL, edit_code = NULL,
             lease_owner = :owner, lease_until = :until, updated_at = :now
           WHERE user_id = :user_id AND id = :id AND status = 'published' AND deleted_at IS NULL
             AND (lease_until IS NULL OR lease_until < :now) AND COALESCE(edited_at, created_at) = :seen
           RETURNING id""",
        user_id=user_id,
        id=target_id,
        seen=seen,
        owner=lease.owner,
        until=lease.until,
        now=lease.since,
    )


def end_edit(user_id: str, target_id: str, owner: str, outcome: EditOutcome, now: datetime) -> Statement:
    """Record the outcome of an edit."""
    return sql(
        """UPDATE post_targets SET edit_status = :status, edit_error_class = :error_class, edit_code = :code,
             lease_owner = NULL, lease_until = NULL, updated_at = :now
           WHERE user_id = :user_id AND id = :id AND lease_owner = :owner""",
        user_id=user_id,
        id=target_id,
        owner=owner,
        now=now,
        **asdict(outcome),
    )
