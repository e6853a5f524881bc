"""SQL of an erasure: deletes everything from a person's accounts at a platform, whichever of our users connected them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from noillusion.catalog.accounts import ERASED
from noillusion.catalog.registrations import Registration
from noillusion.connections.conditions import of_registrations
from noillusion.connections.rows import CredentialRow
from noillusion.db import Json, Query, Statement, among, query, sql
from noillusion.privacy.rows import AnswerRow, DueErasure, ErasureCounts, ErasureRow, PostOfTarget, TargetId

_FIRST = "00000000-0000-0000-0000-000000000000"
# The targets of an account in a range of the user's posts. Those created after the request belong to a newer consent.
_TARGETS = """user_id = :user_id AND platform = :platform AND account_id = :account_id AND created_at <= :asked_at
             AND post_id > :after AND (:whole OR post_id <= :upto)"""
_GOING_ON = "EXISTS (SELECT 1 FROM former_accounts WHERE user_id = :user_id AND id = :work_id)"


def ask_for_former(subject_hashes: Sequence[str], receipt_id: str, asked_at: datetime) -> Statement:
    """Request the erasure of remaining data of accounts that the person disconnected earlier (workers only)."""
    listed, hashes = among("subject_hash", subject_hashes)
    return sql(
        f"""UPDATE former_accounts SET erasure_id = :receipt_id, asked_at = :asked_at, updated_at = :asked_at
            WHERE subject_hash IN ({listed}) AND erasure_id IS NULL""",  # noqa: S608 - names of parameters
        receipt_id=receipt_id,
        asked_at=asked_at,
        **hashes,
    )


def connections(found: Sequence[Registration], subject: str, granted_before: datetime) -> Query[CredentialRow]:
    """Select connections by the person's grant that are older than the request (workers only)."""
    theirs, named = of_registrations(found)
    return query(
        CredentialRow,
        f"""SELECT {{columns}} FROM platform_connections
            WHERE {theirs} AND grant_subject = :subject AND token_issued_at <= :granted_before ORDER BY id""",  # noqa: S608
        subject=subject,
        granted_before=granted_before,
        **named,
    )


def ask_for_connected(
    user_id: str, connection_id: str, work_id: str, subject_hash: str, receipt_id: str, asked_at: datetime
) -> tuple[Statement, Statement]:
    """Request the erasure of a connected account, and disable its connection.

    One that is going on already covers from then on what came since it was requested, for the person connected the account again.
    """
    return (
        sql(
            """INSERT INTO former_accounts
                 (id, user_id, platform, account_id, connection_id, subject_hash, erasure_id, asked_at, created_at, updated_at)
               SELECT :work_id, user_id, platform, account_id, id, :subject_hash, :receipt_id, :asked_at, :asked_at, :asked_at
               FROM platform_connections WHERE user_id = :user_id AND id = :connection_id
               ON CONFLICT (connection_id) DO UPDATE SET asked_at = excluded.asked_at, updated_at = excluded.updated_at
                 WHERE former_accounts.asked_at < excluded.asked_at""",
            user_id=user_id,
            connection_id=connection_id,
            work_id=work_id,
            subject_hash=subject_hash,
            receipt_id=receipt_id,
            asked_at=asked_at,
        ),
        sql(
            """UPDATE platform_connections SET status = 'reauth_required', status_reason = :reason, refresh_due_at = NULL,
                 refresh_lease_until = NULL, metrics_due_at = NULL, updated_at = :asked_at
               WHERE user_id = :user_id AND id = :connection_id""",
            user_id=user_id,
            connection_id=connection_id,
            reason=ERASED,
            asked_at=asked_at,
        ),
    )


def due(now: datetime, limit: int) -> Query[DueErasure]:
    """Select accounts to erase that nobody works on, oldest requests first (workers only)."""
    return query(
        DueErasure,
        """SELECT {columns} FROM former_accounts
           WHERE erasure_id IS NOT NULL AND (lease_until IS NULL OR lease_until < :now) ORDER BY asked_at, id LIMIT :limit""",
        now=now,
        limit=limit,
    )


def of_receipt(receipt_id: str) -> Query[DueErasure]:
    """Select the accounts of a request (workers only)."""
    return query(
        DueErasure, "SELECT {columns} FROM former_accounts WHERE erasure_id = :receipt_id ORDER BY id", receipt_id=receipt_id
    )


def take(user_id: str, work_id: str, now: datetime, until: datetime) -> Query[ErasureRow]:
    """Lease the erasure of an account, unless another process works on it."""
    return query(
        ErasureRow,
        """UPDATE former_accounts SET lease_until = :until
           WHERE user_id = :user_id AND id = :work_id AND erasure_id IS NOT NULL AND (lease_until IS NULL OR lease_until < :now)
           RETURNING {columns}""",
        user_id=user_id,
        work_id=work_id,
        now=now,
        until=until,
    )


def hold(user_id: str, work_id: str, until: datetime) -> Statement:
    """Renew the lease and lock out other processes until the end of this transaction. The first statement of a step."""
    return sql(
        "UPDATE former_accounts SET lease_until = :until WHERE user_id = :user_id AND id = :work_id",
        user_id=user_id,
        work_id=work_id,
        until=until,
    )


def let_go(user_id: str, work_id: str) -> Statement:
    """Release the lease, so that another process can continue."""
    return sql("UPDATE former_accounts SET lease_until = NULL WHERE user_id = :user_id AND id = :id", user_id=user_id, id=work_id)


def end_of_window(user_id: str, after: str | None, size: int) -> Query[PostOfTarget]:
    """Select the last post of a full window of the user's targets after ``after``. No row if fewer are left."""
    return query(
        PostOfTarget,
        """SELECT {columns} FROM post_targets WHERE user_id = :user_id AND post_id > :after ORDER BY post_id
           LIMIT 1 OFFSET :skipped""",
        user_id=user_id,
        after=after or _FIRST,
        skipped=size - 1,
    )


def _bounds(work: ErasureRow, after: str | None, upto: str | None) -> dict[str, Any]:
    named = {name: getattr(work, name) for name in ("user_id", "platform", "account_id", "asked_at")}
    return {**named, "after": after or _FIRST, "whole": upto is None, "upto": upto or _FIRST}


def answers(work: ErasureRow, after: str | None, upto: str | None) -> tuple[Query[AnswerRow], Query[TargetId]]:
    """Select the stored responses of posts in a window that contain the account, and the ids of its targets."""
    bounds = _bounds(work, after, upto)
    return (
        query(
            AnswerRow,
            f"""SELECT {{columns}} FROM posts WHERE user_id = :user_id AND answer IS NOT NULL
                  AND id IN (SELECT post_id FROM post_targets WHERE {_TARGETS})""",  # noqa: S608 - constant
            **bounds,
        ),
        query(TargetId, f"SELECT {{columns}} FROM post_targets WHERE {_TARGETS}", **bounds),  # noqa: S608 - constant
    )


def count(work: ErasureRow, after: str | None, upto: str | None) -> Statement:
    """Add a window's rows to the counts, before they are deleted in the same flight."""
    targets = f"SELECT id FROM post_targets WHERE {_TARGETS}"  # noqa: S608 - constant
    numbers = {
        "post_analytics": f"SELECT COUNT(*) FROM post_analytics WHERE user_id = :user_id AND target_id IN ({targets})",  # noqa: S608
        "post_figures": f"SELECT COUNT(*) FROM post_figures WHERE user_id = :user_id AND target_id IN ({targets})",  # noqa: S608
        # The targets that are read, for several share a row.
        "post_polls": f"""SELECT COUNT(*) FROM post_targets WHERE {_TARGETS} AND EXISTS (
          SELECT 1 FROM post_polls p WHERE p.user_id = post_targets.user_id AND p.connection_id = post_targets.connection_id
            AND (p.target_id = post_targets.id OR jsonb_exists(p.other_target_ids, CAST(post_targets.id AS text))))""",  # noqa: S608
        "post_targets": f"SELECT COUNT(*) FROM post_targets WHERE {_TARGETS}",  # noqa: S608 - constant
        "notifications": f"SELECT COUNT(*) FROM notifications WHERE user_id = :user_id AND subject_id IN ({targets})",  # noqa: S608
        "posts": f"SELECT COUNT(*) FROM posts WHERE {_ONLY_THERE}",  # noqa: S608 - constant
    }
    return _add(work, numbers, _bounds(work, after, upto))


# Posts in a window that were published to this account and nowhere else.
_ONLY_THERE = f"""user_id = :user_id AND id IN (SELECT post_id FROM post_targets WHERE {_TARGETS})
    AND NOT EXISTS (SELECT 1 FROM post_targets o WHERE o.user_id = :user_id AND o.post_id = posts.id
      AND NOT (o.platform = :platform AND o.account_id = :account_id AND o.created_at <= :asked_at))"""  # noqa: S608 - constant


def _add(work: ErasureRow, numbers: Mapping[str, str], params: Mapping[str, Any]) -> Statement:
    pairs = ", ".join(
        f"'{table}', COALESCE(CAST(counts ->> '{table}' AS bigint), 0) + ({query})" for table, query in numbers.items()
    )
    return sql(
        f"""UPDATE former_accounts SET counts = jsonb_concat(counts, jsonb_build_object({pairs}))
            WHERE user_id = :user_id AND id = :work_id""",  # noqa: S608 - names and queries above
        **{**params, "user_id": work.user_id, "work_id": work.id},
    )


def delete(work: ErasureRow, after: str | None, upto: str | None) -> list[Statement]:
    """Delete the account's data from the posts of a window. Posts without other targets are deleted with their last one."""
    params = {**_bounds(work, after, upto), "work_id": work.id}
    targets = f"SELECT id FROM post_targets WHERE {_TARGETS}"  # noqa: S608 - constant
    return [
        sql(f"DELETE FROM {text} AND {_GOING_ON}", **params)  # noqa: S608 - constants
        for text in (
            f"post_analytics WHERE user_id = :user_id AND target_id IN ({targets})",
            f"notifications WHERE user_id = :user_id AND subject_id IN ({targets})",
            # Their targets are deleted with them, so this condition can still find them.
            f"posts WHERE {_ONLY_THERE}",
            f"post_targets WHERE {_TARGETS}",
        )
    ]


def put_answer(work: ErasureRow, post_id: str, answer: Mapping[str, Any]) -> Statement:
    """Replace a stored response by one without the account's targets."""
    return sql(
        f"UPDATE posts SET answer = :answer WHERE user_id = :user_id AND id = :post_id AND {_GOING_ON}",  # noqa: S608 - constant
        user_id=work.user_id,
        work_id=work.id,
        post_id=post_id,
        answer=Json(dict(answer)),
    )


def delete_account_figures(work: ErasureRow, limit: int) -> tuple[Statement, Statement]:
    """Count and delete some of the account's own figures. Returns a row for each."""
    chosen = "user_id = :user_id AND connection_id = :connection_id"
    some = f"SELECT id FROM account_analytics WHERE {chosen} ORDER BY polled_at LIMIT :limit"  # noqa: S608 - constant
    params = {"user_id": work.user_id, "connection_id": work.connection_id, "limit": limit}
    number = f"SELECT COUNT(*) FROM ({some}) AS found"  # noqa: S608 - constant
    return (
        _add(work, {"account_analytics": number}, params),
        sql(
            f"DELETE FROM account_analytics WHERE id IN ({some}) AND {chosen} AND {_GOING_ON} RETURNING id",  # noqa: S608 - constants
            work_id=work.id,
            **params,
        ),
    )


def counts(work: ErasureRow) -> Query[ErasureCounts]:
    """Select the counts of deleted rows so far."""
    return query(
        ErasureCounts,
        "SELECT {columns} FROM former_accounts WHERE user_id = :user_id AND id = :id",
        user_id=work.user_id,
        id=work.id,
    )


def delete_connection(work: ErasureRow) -> list[Statement]:
    """Count and delete the connection with the notices about it, unless the person connected the account again."""
    params = {"user_id": work.user_id, "connection_id": work.connection_id}
    told = "notifications WHERE user_id = :user_id AND subject_id = :connection_id AND created_at <= :asked_at"
    mine = "platform_connections WHERE user_id = :user_id AND id = :connection_id AND status_reason = :reason"
    told_params = {**params, "asked_at": work.asked_at}
    return [
        _add(
            work,
            {"notifications": f"SELECT COUNT(*) FROM {told}", "platform_connections": f"SELECT COUNT(*) FROM {mine}"},  # noqa: S608
            {**told_params, "reason": ERASED},
        ),
        sql(f"DELETE FROM {told} AND {_GOING_ON}", work_id=work.id, **told_params),  # noqa: S608 - constants
        sql(f"DELETE FROM {mine} AND {_GOING_ON} RETURNING id", work_id=work.id, reason=ERASED, **params),  # noqa: S608 - constants
    ]
