"""SQL of forgetting: the record of one post at its user's wish, and what every post keeps only for a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from noillusion.db import Query, Statement, among, query, sql
from noillusion.db.batches import Remaining
from noillusion.notices import notice as notices
from noillusion.publishing.rows import ForgottenPost

_CURRENT = "NOT EXISTS (SELECT 1 FROM post_targets later WHERE later.retry_of = t.id)"
_OPEN = "t.status IN ('scheduled', 'pending', 'preparing', 'committing', 'processing', 'unknown')"


def still_needed(user_id: str, post_id: str) -> Statement:
    """Select a row if the post's record tells it from another one of the account whose outcome is being found out (workers only).

    Without the record the other's outcome would be looked for among posts that nobody seems to have.
    """
    return sql(
        """SELECT o.id FROM post_targets o JOIN post_targets t ON t.platform = o.platform AND t.account_id = o.account_id
           WHERE t.user_id = :user_id AND t.post_id = :post_id AND t.committing_at IS NOT NULL
             AND o.post_id <> :post_id AND o.platform_post_id IS NULL AND o.committing_at IS NOT NULL
             AND o.status IN ('committing', 'processing', 'unknown') AND o.next_check_at IS NOT NULL
           LIMIT 1""",
        user_id=user_id,
        post_id=post_id,
    )


def record(user_id: str, post_id: str, accept_unknown: bool, now: datetime, window: datetime) -> tuple[Statement, ...]:
    """Forget a post with its targets, figures and notices. The first statement returns a row if that was possible.

    It is not where somebody works on the post; nor, unless ``accept_unknown``, where the outcome of a target is open. The post's
    own row stays as the hash of its idempotency key if it was made after ``window``. A target that is taken up while this runs
    loses its row, and without it nothing of it is sent.
    """
    params = {"user_id": user_id, "post_id": post_id, "now": now}
    settled = "1 = 1" if accept_unknown else f"NOT (({_OPEN}) AND {_CURRENT})"
    mark = f"""UPDATE posts SET forgotten_at = :now, request_fingerprint = NULL, answer = NULL, answer_status = NULL,
                 client_reference = NULL, generation_id = NULL, repost_of = NULL, lease_owner = NULL, lease_until = NULL,
                 updated_at = :now
               WHERE user_id = :user_id AND id = :post_id AND forgotten_at IS NULL AND (lease_until IS NULL OR lease_until < :now)
                 AND NOT EXISTS (SELECT 1 FROM post_targets t WHERE t.user_id = :user_id AND t.post_id = :post_id
                   AND (t.lease_until > :now OR NOT ({settled})))
               RETURNING id"""  # noqa: S608 - constants
    forgotten_now = "SELECT 1 FROM posts WHERE user_id = :user_id AND id = :post_id AND forgotten_at = :now"
    its_targets = "SELECT id FROM post_targets WHERE user_id = :user_id AND post_id = :post_id"
    marked = f"EXISTS ({forgotten_now})"
    return (
        Statement(mark, params),
        notices.forget(user_id, Statement(its_targets, params), Statement(forgotten_now, params)),
        Statement(f"DELETE FROM post_targets WHERE user_id = :user_id AND post_id = :post_id AND {marked}", params),  # noqa: S608
        Statement(
            f"DELETE FROM posts WHERE user_id = :user_id AND id = :post_id AND created_at < :window AND {marked}",  # noqa: S608
            {**params, "window": window},
        ),
    )


_PAST = "(request_fingerprint IS NOT NULL OR answer_status IS NOT NULL) AND created_at < :before"


def requests(before: datetime, limit: int) -> Statement:
    """Erase the fingerprints and answers of requests whose idempotency window is over, the oldest first. A row for each."""
    return sql(
        f"""UPDATE posts SET request_fingerprint = NULL, answer = NULL, answer_status = NULL
           WHERE id IN (SELECT id FROM posts WHERE {_PAST} ORDER BY created_at LIMIT :limit)
           RETURNING id""",  # noqa: S608 - a constant
        before=before,
        limit=limit,
    )


def requests_due(before: datetime, limit: int) -> Query[Remaining]:
    """Count the requests that are past their window and not erased, up to ``limit``."""
    return query(
        Remaining,
        f"SELECT COUNT(*) AS remaining FROM (SELECT 1 FROM posts WHERE {_PAST} LIMIT :limit) AS due",  # noqa: S608 - a constant
        before=before,
        limit=limit,
    )


def forgotten(before: datetime, limit: int) -> Query[ForgottenPost]:
    """Select forgotten posts whose idempotency window is over, the oldest first (workers only)."""
    return query(
        ForgottenPost,
        """SELECT {columns} FROM posts WHERE forgotten_at IS NOT NULL AND created_at < :before
           ORDER BY created_at LIMIT :limit""",
        before=before,
        limit=limit,
    )


def drop(user_id: str, post_ids: Sequence[str]) -> Statement:
    """Delete what was left of forgotten posts."""
    listed, params = among("id", post_ids)
    return sql(
        f"DELETE FROM posts WHERE user_id = :user_id AND forgotten_at IS NOT NULL AND id IN ({listed}) RETURNING id",  # noqa: S608
        user_id=user_id,
        **params,
    )
