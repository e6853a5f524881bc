"""Statements for analytics: when figures of targets are due, and what a reading shows of a post. They hold no figures.

A target is read as long as it has a row in ``post_polls``. The row goes with the target and with its connection.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from noillusion.db import Query, Statement, among, query, sql
from noillusion.publishing.rows import TargetToMeasure

_EVER = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def _begin(condition: str, user_id: str, target_id: str, now: datetime, **params: Any) -> Statement:
    return sql(
        f"""INSERT INTO post_polls (target_id, user_id, connection_id, platform, published_at, due_at, created_at, updated_at)
            SELECT id, user_id, connection_id, platform, published_at, :now, :now, :now FROM post_targets
            WHERE user_id = :user_id AND id = :target_id AND connection_id IS NOT NULL AND {condition}
            ON CONFLICT (target_id) DO NOTHING""",  # noqa: S608 - constants
        user_id=user_id,
        target_id=target_id,
        now=now,
        **params,
    )


def begin(user_id: str, target_id: str, published_at: datetime) -> Statement:
    """Read a target's figures from now on. It follows the statement that records its publication, in the same flight."""
    return _begin("status = 'published' AND published_at = :now", user_id, target_id, published_at)


def begin_with_id(user_id: str, target_id: str, now: datetime) -> Statement:
    """Read a target's figures from now on, for its public id is known now. It precedes the statement that records the id, in the
    same flight."""
    condition = """published_at IS NOT NULL AND platform_post_id IS NULL AND deleted_at IS NULL
              AND status IN ('published', 'delivered_to_inbox')"""
    return _begin(condition, user_id, target_id, now)


_FREE = "due_at <= :now AND (claimed_until IS NULL OR claimed_until <= :now)"
"""Condition for what is due and not in the hands of a message."""


def claim(
    platform: str, now: datetime, until: datetime, limit: int, since: datetime | None = None, left_out: Sequence[str] = ()
) -> Query[TargetToMeasure]:
    """Take due targets of a platform until then, the longest overdue first (workers only).

    Two runs never take the same one; what is lost on the way can be taken again at ``until``. ``since``: due time behind which
    nothing is looked for, for what this run took already. ``left_out``: users of whom none is taken.
    """
    names, params = among("left_out", left_out)
    others = f" AND user_id NOT IN ({names})" if left_out else ""
    return query(
        TargetToMeasure,
        f"""UPDATE post_polls SET claimed_until = :until
            WHERE {_FREE} AND target_id IN (
              SELECT target_id FROM post_polls WHERE platform = :platform AND due_at >= :since AND {_FREE}{others}
              ORDER BY due_at LIMIT :limit)
            RETURNING {{columns}}""",  # noqa: S608 - constants and parameter names
        platform=platform,
        now=now,
        until=until,
        limit=limit,
        since=since or _EVER,
        **params,
    )


def sample(platform: str, now: datetime, until: datetime, limit: int) -> Query[TargetToMeasure]:
    """Take any few of the targets that are due longest, to see whether a platform answers again (workers only)."""
    return query(
        TargetToMeasure,
        f"""UPDATE post_polls SET claimed_until = :until
           WHERE {_FREE} AND target_id IN (
             SELECT target_id FROM (
               SELECT target_id FROM post_polls WHERE platform = :platform AND {_FREE} ORDER BY due_at LIMIT 10000) AS due
             ORDER BY target_id LIMIT :limit)
           RETURNING {{columns}}""",  # noqa: S608 - constant
        platform=platform,
        now=now,
        until=until,
        limit=limit,
    )


def schedule(user_id: str, target_ids: Sequence[str], due: datetime | None) -> Statement:
    """Set when targets are read next, ``None``: never again. One that was deleted in the meantime stays without a time."""
    names, params = among("id", target_ids)
    chosen = f"WHERE user_id = :user_id AND target_id IN ({names})"
    if due is None:
        return sql(f"DELETE FROM post_polls {chosen}", user_id=user_id, **params)  # noqa: S608 - parameter names
    return sql(
        f"UPDATE post_polls SET due_at = :due, claimed_until = NULL {chosen}",  # noqa: S608 - parameter names
        user_id=user_id,
        due=due,
        **params,
    )


def postpone(user_id: str, connection_id: str, until: datetime) -> Statement:
    """Leave the targets of a connection alone until then: whatever is due earlier waits, and messages of it come to nothing."""
    return sql(
        """UPDATE post_polls SET due_at = :until, claimed_until = NULL
           WHERE user_id = :user_id AND connection_id = :connection_id AND due_at < :until""",
        user_id=user_id,
        connection_id=connection_id,
        until=until,
    )


def reveal(user_id: str, target_id: str, post_id: str | None, permalink: str | None, now: datetime) -> Statement:
    """Write the public id or the link that a reading showed (failure-classes.md G6). What is known already stays."""
    return sql(
        """UPDATE post_targets SET platform_post_id = COALESCE(platform_post_id, :post_id),
             permalink = COALESCE(permalink, :permalink), updated_at = :now
           WHERE user_id = :user_id AND id = :id""",
        user_id=user_id,
        id=target_id,
        post_id=post_id,
        permalink=permalink,
        now=now,
    )
