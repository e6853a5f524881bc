"""SQL of the ledger. A target's row moves only in the hands of its lease's owner; terminal rows never move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from noillusion.connections.rows import CredentialRow
from noillusion.db import Json, Query, Statement, query, sql
from noillusion.publishing.rows import (
    CommitRow,
    DueTarget,
    HeldState,
    LeasedTarget,
    OpenState,
    Outcome,
    RecordedPost,
    TargetRow,
)


def committing(user_id: str, target_id: str, owner: str, now: datetime, ahead_ms: int | None) -> Statement:
    """Record that the commit is about to leave. Nothing comes back if the lease is somebody else's by now, or if the account was
    disconnected meanwhile: its token may work on for other accounts of the same grant."""
    return sql(
        """UPDATE post_targets SET status = 'committing', committing_at = :now, platform_ahead_ms = :ahead_ms, updated_at = :now
           WHERE user_id = :user_id AND id = :id AND lease_owner = :owner AND connection_id IS NOT NULL
             AND status IN ('pending', 'preparing', 'committing', 'processing', 'unknown')
           RETURNING id""",
        user_id=user_id,
        id=target_id,
        owner=owner,
        now=now,
        ahead_ms=ahead_ms,
    )


def not_committed(user_id: str, target_id: str, owner: str, now: datetime) -> Statement:
    """Record that the commit did nothing for certain, by its refusal or by what was read back: nothing was sent."""
    return sql(
        """UPDATE post_targets SET status = 'preparing', committing_at = NULL, updated_at = :now
           WHERE user_id = :user_id AND id = :id AND lease_owner = :owner AND accepted_id IS NULL
             AND status IN ('committing', 'unknown', 'processing')
           RETURNING id""",
        user_id=user_id,
        id=target_id,
        owner=owner,
        now=now,
    )


def keep_handles(
    user_id: str, target_id: str, owner: str, handles: Mapping[str, str], accepted_id: str | None, now: datetime
) -> Statement:
    """Keep the platform's handles. With an ``accepted_id`` the platform has the post, whatever happens from here on."""
    return sql(
        """UPDATE post_targets SET handles = :handles, accepted_id = COALESCE(:accepted_id, accepted_id),
             status = CASE WHEN :accepted THEN 'processing' WHEN status = 'pending' THEN 'preparing' ELSE status END,
             updated_at = :now
           WHERE user_id = :user_id AND id = :id AND lease_owner = :owner
             AND status IN ('pending', 'preparing', 'committing', 'processing', 'unknown')
           RETURNING id""",
        user_id=user_id,
        id=target_id,
        owner=owner,
        handles=Json(dict(handles)),
        accepted_id=accepted_id,
        accepted=accepted_id is not None,
        now=now,
    )


def settle(user_id: str, target_id: str, owner: str, outcome: Outcome, now: datetime) -> Query[TargetRow]:
    """Record the outcome of a target. Its text's fingerprint is erased, for it is of no more use."""
    return query(
        TargetRow,
        """UPDATE post_targets SET status = :status, accepted_id = COALESCE(:accepted_id, accepted_id),
             platform_post_id = COALESCE(:platform_post_id, platform_post_id), permalink = COALESCE(:permalink, permalink),
             handles = :handles,
             error_class = :error_class, error_code = :error_code, platform_code = :platform_code,
             retry_after_at = :retry_after_at, published_at = :published_at,
             first_comment = CASE WHEN first_comment = 'pending' THEN COALESCE(:first_comment, :comment_left)
               ELSE first_comment END,
             text_fingerprint = NULL, lease_owner = NULL, lease_until = NULL, next_check_at = NULL, updated_at = :now
           WHERE user_id = :user_id AND id = :id AND lease_owner = :owner
             AND status IN ('pending', 'preparing', 'committing', 'processing', 'unknown')
           RETURNING {columns}""",
        user_id=user_id,
        id=target_id,
        owner=owner,
        now=now,
        # A post that went out in a run that ended early may have its comment.
        comment_left="not_sent" if outcome.status == "failed" else "unknown",
        **{**asdict(outcome), "handles": Json(outcome.handles)},
    )


def leave_open(user_id: str, target_id: str, owner: str, state: OpenState, now: datetime) -> Query[TargetRow]:
    """Record that a target has no outcome yet, and when to look again."""
    return query(
        TargetRow,
        """UPDATE post_targets SET status = :status, error_class = :error_class, error_code = :error_code,
             platform_code = :platform_code, next_check_at = :next_check_at, checks = checks + 1,
             first_comment = CASE WHEN first_comment = 'pending' AND :waits THEN 'not_sent' ELSE first_comment END,
             text_fingerprint = CASE WHEN :forget THEN NULL ELSE text_fingerprint END,
             committing_at = CASE WHEN :unsent THEN NULL ELSE committing_at END,
             lease_owner = NULL, lease_until = NULL, updated_at = :now
           WHERE user_id = :user_id AND id = :id AND lease_owner = :owner
             AND status IN ('pending', 'preparing', 'committing', 'processing', 'unknown')
           RETURNING {columns}""",
        user_id=user_id,
        id=target_id,
        owner=owner,
        now=now,
        # A flow waits before its comment; whoever goes on has no text for it.
        waits=state.status == "processing",
        **asdict(state),
    )


def hold(user_id: str, target_id: str, owner: str, state: HeldState, now: datetime) -> Query[TargetRow]:
    """Record that the platform holds a target's post until its time. It is known by its id, so its text need not be.

    Raises ``Duplicate`` if another target has the post.
    """
    return query(
        TargetRow,
        """UPDATE post_targets SET status = 'processing', handles = :handles, accepted_id = :accepted_id,
             platform_post_id = COALESCE(platform_post_id, :platform_post_id), publish_at = :publish_at,
             deadline_at = :deadline_at, next_check_at = :next_check_at, checks = checks + 1, text_fingerprint = NULL,
             error_class = NULL, error_code = NULL, platform_code = NULL,
             lease_owner = NULL, lease_until = NULL, updated_at = :now
           WHERE user_id = :user_id AND id = :id AND lease_owner = :owner
             AND status IN ('pending', 'preparing', 'committing', 'processing', 'unknown')
           RETURNING {columns}""",
        user_id=user_id,
        id=target_id,
        owner=owner,
        now=now,
        **{**asdict(state), "handles": Json(state.handles)},
    )


IDS_AT_ONCE = 8
"""Ids that :func:`recorded_posts` asks for at once."""


COMMITS_AT_MOST = 50


def recorded_posts(platform: str, account_id: str, target_id: str, post_ids: Sequence[str]) -> Query[RecordedPost]:
    """Select the posts, of up to :data:`IDS_AT_ONCE`, that other targets of an account hold, of any user (workers only)."""
    names = [f"id_{n}" for n in range(IDS_AT_ONCE)]
    listed = ", ".join(f":{name}" for name in names)
    params = dict(zip(names, [*post_ids, *[""] * IDS_AT_ONCE], strict=False))
    return query(
        RecordedPost,
        f"""SELECT {{columns}} FROM post_targets
            WHERE platform = :platform AND account_id = :account_id AND id <> :target_id
              AND (platform_post_id IN ({listed}) OR accepted_id IN ({listed}))""",  # noqa: S608 - names of parameters
        platform=platform,
        account_id=account_id,
        target_id=target_id,
        **params,
    )


def open_commits(platform: str, account_id: str, target_id: str, since: datetime) -> Query[CommitRow]:
    """Select other commits on an account that can have made a post which no target holds yet, of any user (workers only)."""
    return query(
        CommitRow,
        """SELECT {columns} FROM post_targets
           WHERE platform = :platform AND account_id = :account_id AND id <> :target_id
             AND platform_post_id IS NULL AND committing_at IS NOT NULL AND committing_at >= :since
             AND status NOT IN ('failed', 'canceled', 'missed')
           ORDER BY committing_at DESC LIMIT :limit""",
        platform=platform,
        account_id=account_id,
        target_id=target_id,
        since=since,
        limit=COMMITS_AT_MOST,
    )


def lease(
    user_id: str, target_id: str, owner: str, now: datetime, until: datetime
) -> tuple[Query[LeasedTarget], Query[CredentialRow]]:
    """Take up an open target that nobody works on, with its connection."""
    return (
        query(
            LeasedTarget,
            """UPDATE post_targets SET lease_owner = :owner, lease_until = :until, next_check_at = :until
               WHERE user_id = :user_id AND id = :id AND (lease_until IS NULL OR lease_until < :now)
                 AND status IN ('pending', 'preparing', 'committing', 'processing', 'unknown') AND next_check_at IS NOT NULL
               RETURNING {columns}""",
            user_id=user_id,
            id=target_id,
            owner=owner,
            now=now,
            until=until,
        ),
        query(
            CredentialRow,
            """SELECT {columns} FROM platform_connections WHERE user_id = :user_id
                 AND id = (SELECT connection_id FROM post_targets WHERE user_id = :user_id AND id = :id)""",
            user_id=user_id,
            id=target_id,
        ),
    )


def by_accepted_id(platform: str, accepted_id: str) -> Query[DueTarget]:
    """Select targets by the id a platform gave (platform webhooks only)."""
    return query(
        DueTarget,
        "SELECT {columns} FROM post_targets WHERE platform = :platform AND accepted_id = :accepted_id",
        platform=platform,
        accepted_id=accepted_id,
    )


def set_public_id(user_id: str, target_id: str, post_id: str, now: datetime) -> Statement:
    """Record the public id of a published target."""
    return sql(
        """UPDATE post_targets SET platform_post_id = :post_id, updated_at = :now
           WHERE user_id = :user_id AND id = :id AND platform_post_id IS NULL""",
        user_id=user_id,
        id=target_id,
        post_id=post_id,
        now=now,
    )
