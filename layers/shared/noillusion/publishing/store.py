"""SQL of the ledger. A target's row moves only in the hands of its lease's owner; terminal rows never move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from noillusion import idempotency
from noillusion.db import Json, Query, Statement, among, columns, query, sql
from noillusion.db.batches import Remaining
from noillusion.publishing.filters import Filters
from noillusion.publishing.leases import Lease
from noillusion.publishing.limit_store import HAS_ROOM, NO_LIMIT
from noillusion.publishing.rows import (
    DueTarget,
    KeyedAttempt,
    LeasedTarget,
    NewPost,
    NewTarget,
    PostRow,
    RecentPosts,
    RequestRow,
    TargetRow,
)


def by_key(user_id: str, keys: Sequence[str]) -> Query[RequestRow]:
    """Select the request behind an idempotency key, by the forms in which the key may be stored."""
    listed, params = among("key", keys)
    return query(
        RequestRow,
        f"SELECT {{columns}} FROM posts WHERE user_id = :user_id AND idempotency_key IN ({listed})",  # noqa: S608 - parameters
        user_id=user_id,
        **params,
    )


def under_other_keys(user_id: str, since: datetime) -> Query[RequestRow]:
    """Select requests whose idempotency key :func:`by_key` cannot find. As a rule there are none.

    Their key is stored as it came by an earlier version, or hashed under a key that this environment has not read yet.
    """
    condition, params = idempotency.under_other_keys()
    return query(
        RequestRow,
        f"SELECT {{columns}} FROM posts WHERE user_id = :user_id AND created_at >= :since AND {condition}",  # noqa: S608 - names of parameters
        user_id=user_id,
        since=since,
        **params,
    )


def claim(post: NewPost, most_requests: int = NO_LIMIT) -> Query[PostRow]:
    """Take an idempotency key. No row comes back if it is taken or the user has requested more than so many posts in this
    minute, and then no target is added in the same flight either.

    A refusal by the unique index would stand in the database's log, with the user's id.
    """
    return query(
        PostRow,
        f"""INSERT INTO posts (id, user_id, idempotency_key, request_fingerprint, client_reference, generation_id,
             repost_of, lease_owner, lease_until, created_at, updated_at)
           SELECT :id, :user_id, :key, :fingerprint, :client_reference, :generation_id, :repost_of, :owner, :lease_until, :now,
             :now
           WHERE {HAS_ROOM}
           ON CONFLICT (user_id, idempotency_key) DO NOTHING
           RETURNING {{columns}}""",
        most_requests=most_requests,
        **asdict(post),
    )


def add_target(target: NewTarget, most_requests: int = NO_LIMIT) -> Query[LeasedTarget]:
    """Insert a target of a post that is there, unless the user has requested more than so many posts in this minute.

    ``retry_of`` is unique: a failed target is tried again once, and that attempt again once (``Duplicate``). So is the key of a
    retry, which its first attempt has.
    """
    return query(
        LeasedTarget,
        f"""INSERT INTO post_targets (id, user_id, post_id, connection_id, platform, account_id, position, kind, attempt,
             retry_of, status, text_length, text_fingerprint, idempotency_key, request_fingerprint, first_comment, lease_owner,
             lease_until, next_check_at, publish_at, deadline_at, created_at, updated_at)
           SELECT :id, :user_id, :post_id, :connection_id, :platform, :account_id, :position, :kind, :attempt, :retry_of,
             'pending', :text_length, :text_fingerprint, :key, :request_fingerprint, :first_comment, :owner, :lease_until,
             :lease_until, :publish_at, :deadline_at, :now, :now
           WHERE EXISTS (SELECT 1 FROM posts WHERE user_id = :user_id AND id = :post_id AND forgotten_at IS NULL)
             AND {HAS_ROOM}
           RETURNING {{columns}}""",  # noqa: S608 - a constant
        most_requests=most_requests,
        **asdict(target),
    )


def retried_with(user_id: str, keys: Sequence[str]) -> Query[KeyedAttempt]:
    """Select the attempts of the retry behind an idempotency key, the one with the key first.

    ``keys`` are the forms in which the key may be stored. The others have the same fingerprint, which the key is part of.
    """
    listed, params = among("key", keys)
    return query(
        KeyedAttempt,
        f"""SELECT {columns(KeyedAttempt, "a")} FROM post_targets k
            JOIN post_targets a ON a.user_id = k.user_id AND a.post_id = k.post_id
              AND (a.id = k.id OR a.request_fingerprint = k.request_fingerprint)
            WHERE k.user_id = :user_id AND k.idempotency_key IN ({listed})
            ORDER BY CASE WHEN a.id = k.id THEN 0 ELSE 1 END""",  # noqa: S608 - parameters
        user_id=user_id,
        **params,
    )


def take_over(user_id: str, post_id: str, owner: str, now: datetime, until: datetime) -> Statement:
    """Take up a post whose run died: its lease ran out and it has no answer."""
    return sql(
        """UPDATE posts SET lease_owner = :owner, lease_until = :until, updated_at = :now
           WHERE user_id = :user_id AND id = :id AND answer IS NULL AND (lease_until IS NULL OR lease_until < :now)
           RETURNING id""",
        user_id=user_id,
        id=post_id,
        owner=owner,
        now=now,
        until=until,
    )


def take_handed_over(user_id: str, post_id: str, owner: str, lease: Lease) -> Query[LeasedTarget]:
    """Take up the targets of a request that ``owner`` handed over. None comes back to whoever comes second."""
    return query(
        LeasedTarget,
        """UPDATE post_targets SET lease_owner = :new_owner, lease_until = :until, next_check_at = :until, updated_at = :now
           WHERE user_id = :user_id AND post_id = :post_id AND lease_owner = :owner
             AND status IN ('pending', 'preparing') AND committing_at IS NULL
           RETURNING {columns}""",
        user_id=user_id,
        post_id=post_id,
        owner=owner,
        new_owner=lease.owner,
        until=lease.until,
        now=lease.since,
    )


def own_handed_over(user_id: str, post_id: str, owner: str, lease: Lease) -> Statement:
    """Take up the post of a request that ``owner`` handed over."""
    return sql(
        """UPDATE posts SET lease_owner = :new_owner, lease_until = :until, updated_at = :now
           WHERE user_id = :user_id AND id = :post_id AND lease_owner = :owner AND answer IS NULL""",
        user_id=user_id,
        post_id=post_id,
        owner=owner,
        new_owner=lease.owner,
        until=lease.until,
        now=lease.since,
    )


def renew(user_id: str, post_id: str, lease: Lease) -> tuple[Statement, Statement]:
    """Prolong the leases that the owner of this one has of a post and of its targets."""
    params = {"user_id": user_id, "post_id": post_id, "owner": lease.owner, "until": lease.until, "now": lease.since}
    return (
        sql(
            """UPDATE posts SET lease_until = :until, updated_at = :now
               WHERE user_id = :user_id AND id = :post_id AND lease_owner = :owner AND answer IS NULL""",
            **params,
        ),
        sql(
            """UPDATE post_targets SET lease_until = :until, next_check_at = :until, updated_at = :now
               WHERE user_id = :user_id AND post_id = :post_id AND lease_owner = :owner
                 AND status IN ('pending', 'preparing', 'committing', 'processing', 'unknown')""",
            **params,
        ),
    )


def worked_on(user_id: str, target_ids: Sequence[str], now: datetime) -> Statement:
    """Select those of some targets that somebody works on right now."""
    listed, params = among("id", target_ids)
    return sql(
        f"SELECT id FROM post_targets WHERE user_id = :user_id AND lease_until > :now AND id IN ({listed})",  # noqa: S608 - parameters
        user_id=user_id,
        now=now,
        **params,
    )


def answer(user_id: str, post_id: str, status: int, body: Any, now: datetime) -> Statement:
    """Keep what was answered, for repeats of the same request."""
    return sql(
        """UPDATE posts SET answer = :answer, answer_status = :status, lease_owner = NULL, lease_until = NULL, updated_at = :now
           WHERE user_id = :user_id AND id = :id AND answer IS NULL""",
        user_id=user_id,
        id=post_id,
        answer=Json(body),
        status=status,
        now=now,
    )


def post(user_id: str, post_id: str) -> Query[PostRow]:
    """Select one post."""
    return query(
        PostRow,
        "SELECT {columns} FROM posts WHERE user_id = :user_id AND id = :id AND forgotten_at IS NULL",
        user_id=user_id,
        id=post_id,
    )


def recent(user_id: str, connection_ids: Sequence[str], since: datetime) -> Query[RecentPosts]:
    """Count what went out, or may have, on some connections by posts that were made after ``since``."""
    listed, params = among("connection", connection_ids)
    return query(
        RecentPosts,
        f"""SELECT connection_id, status, COUNT(*) AS posts FROM post_targets
            WHERE user_id = :user_id AND connection_id IN ({listed})
              AND CASE WHEN post_created_at IS NULL THEN created_at ELSE post_created_at END > :since
              AND (committing_at IS NOT NULL OR accepted_id IS NOT NULL) AND status NOT IN ('failed', 'canceled', 'missed')
            GROUP BY connection_id, status""",  # noqa: S608 - names of parameters
        user_id=user_id,
        since=since,
        **params,
    )


def targets(user_id: str, post_id: str) -> Query[TargetRow]:
    """Select every target of a post, superseded ones included."""
    return query(
        TargetRow,
        "SELECT {columns} FROM post_targets WHERE user_id = :user_id AND post_id = :post_id ORDER BY position, attempt",
        user_id=user_id,
        post_id=post_id,
    )


def page(user_id: str, filters: Filters, after: Sequence[str] | None, limit: int) -> tuple[Query[PostRow], Query[TargetRow]]:
    """Select a page of the posts that the filters leave, newest first, and all their targets."""
    found, params = filters.found(after)
    params |= {"user_id": user_id, "limit": limit + 1}
    return (
        query(PostRow, f"SELECT {columns(PostRow, 'p')} {found}", **params),
        query(
            TargetRow,
            f"""SELECT {{columns}} FROM post_targets WHERE user_id = :user_id AND post_id IN (SELECT p.id {found})
                ORDER BY position, attempt""",  # noqa: S608 - a constant
            **params,
        ),
    )


def held(user_id: str, connection_id: str, now: datetime) -> Query[TargetRow]:
    """Select the targets of a connection whose posts the platform holds or may hold, those first that are due first."""
    return query(
        TargetRow,
        """SELECT {columns} FROM post_targets
           WHERE user_id = :user_id AND connection_id = :connection_id AND publish_at IS NOT NULL
             AND (status = 'processing' AND accepted_id IS NOT NULL OR status IN ('committing', 'unknown') AND publish_at > :now)
           ORDER BY publish_at, id""",
        user_id=user_id,
        connection_id=connection_id,
        now=now,
    )


_OVERDUE = """status IN ('pending', 'preparing', 'committing', 'processing', 'unknown')
  AND next_check_at IS NOT NULL AND next_check_at <= :now AND (lease_until IS NULL OR lease_until < :now)"""


def open_and_due(now: datetime, last: DueTarget | None, limit: int) -> Query[DueTarget]:
    """Select open targets that nobody looked at in time, the longest overdue first, behind ``last`` (workers only)."""
    behind = "AND next_check_at >= :after AND (next_check_at, id) > (:after, :last_id)" if last else ""
    return query(
        DueTarget,
        f"""SELECT {{columns}} FROM post_targets WHERE {_OVERDUE} {behind}
            ORDER BY next_check_at, id LIMIT :limit""",  # noqa: S608 - constants
        now=now,
        limit=limit,
        **({"after": last.next_check_at, "last_id": last.id} if last else {}),
    )


def overdue(now: datetime, limit: int) -> Query[Remaining]:
    """Count open targets that nobody looked at in time (workers only)."""
    return query(
        Remaining,
        f"SELECT COUNT(*) AS remaining FROM (SELECT 1 FROM post_targets WHERE {_OVERDUE} LIMIT :limit) AS found",  # noqa: S608 - constant
        now=now,
        limit=limit,
    )


def cancel(user_id: str, post_id: str, now: datetime) -> Statement:
    """Cancel the targets of a post of which nothing was sent and on which nobody works right now."""
    return sql(
        """UPDATE post_targets SET status = 'canceled', text_fingerprint = NULL, next_check_at = NULL, lease_owner = NULL,
             lease_until = NULL, updated_at = :now
           WHERE user_id = :user_id AND post_id = :post_id AND committing_at IS NULL AND accepted_id IS NULL
             AND status IN ('scheduled', 'pending', 'preparing', 'processing') AND (lease_until IS NULL OR lease_until < :now)
           RETURNING id""",
        user_id=user_id,
        post_id=post_id,
        now=now,
    )


def mark_deleted(user_id: str, target_id: str, now: datetime) -> Statement:
    """Record that the platform confirmed that the post is gone."""
    return sql(
        """UPDATE post_targets SET deleted_at = :now, updated_at = :now
           WHERE user_id = :user_id AND id = :id RETURNING id""",
        user_id=user_id,
        id=target_id,
        now=now,
    )
