"""Statements for analytics: when figures of targets are due, and what a reading shows of a post. They hold no figures.

A target is read as long as a row of ``post_polls`` names it. Targets of one account that are due at the same time share a row, so
a reading writes one due time for all of them: the newest is its key, the others are in ``other_target_ids``. A target that is
deleted, here or at its platform, leaves its row (a trigger), and a row goes with its connection.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from noillusion.db import Json, Query, Statement, among, query, sql
from noillusion.publishing.rows import TargetsToMeasure

SHARE: Final = 25
"""Targets that share a row at most: enough to make its cost small, few enough to keep it in a page of the table."""
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
              AND status IN ('published', 'delivered_to_inbox') AND NOT EXISTS (
                SELECT 1 FROM post_polls p WHERE p.user_id = :user_id AND p.connection_id = post_targets.connection_id
                  AND jsonb_exists(p.other_target_ids, CAST(post_targets.id AS text)))"""
    return _begin(condition, user_id, target_id, now)


_FREE = "due_at <= :now AND (claimed_until IS NULL OR claimed_until <= :now)"
"""Condition for what is due and not in the hands of a message."""


def claim(
    platform: str, now: datetime, until: datetime, limit: int, since: datetime | None = None, left_out: Sequence[str] = ()
) -> Query[TargetsToMeasure]:
    """Take up to ``limit`` rows of due targets of a platform until then, the longest overdue first (workers only).

    Two runs never take the same one; what is lost on the way can be taken again at ``until``. ``since``: due time behind which
    nothing is looked for, for what this run took already. ``left_out``: users of whom none is taken.
    """
    names, params = among("left_out", left_out)
    others = f" AND user_id NOT IN ({names})" if left_out else ""
    return query(
        TargetsToMeasure,
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


def sample(platform: str, now: datetime, until: datetime, limit: int) -> Query[TargetsToMeasure]:
    """Take any few rows of the targets that are due longest, to see whether a platform answers again (workers only)."""
    return query(
        TargetsToMeasure,
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


_CLAIMED = "user_id = :user_id AND target_id = :target_id AND claimed_until = :until"


def divide(row: TargetsToMeasure, rest: TargetsToMeasure, until: datetime, now: datetime) -> Statement:
    """Add the second half of a claimed row, which goes to another message than the first (workers only)."""
    return sql(
        f"""INSERT INTO post_polls (target_id, user_id, connection_id, platform, published_at, due_at, claimed_until,
              other_target_ids, created_at, updated_at)
            SELECT :rest, user_id, connection_id, platform, published_at, due_at, claimed_until, :others, :now, :now
            FROM post_polls WHERE {_CLAIMED}
            ON CONFLICT (target_id) DO UPDATE SET claimed_until = excluded.claimed_until,
              other_target_ids = jsonb_concat(post_polls.other_target_ids, excluded.other_target_ids)""",  # noqa: S608 - constant
        user_id=row.user_id,
        target_id=row.target_id,
        until=until,
        rest=rest.target_id,
        others=Json(rest.other_target_ids),
        now=now,
    )


def shorten(row: TargetsToMeasure, rest: TargetsToMeasure, until: datetime) -> Statement:
    """Leave the first half in a claimed row, unless half of another has joined it (workers only)."""
    return sql(
        f"UPDATE post_polls SET other_target_ids = :others WHERE {_CLAIMED} AND jsonb_contained(other_target_ids, :held)",  # noqa: S608
        held=Json([*row.ids, *rest.ids]),
        user_id=row.user_id,
        target_id=row.target_id,
        until=until,
        others=Json(row.other_target_ids),
    )


def schedule(user_id: str, rows: Sequence[str], due: datetime) -> Statement:
    """Set when the targets of rows, which are named by their keys, are read next."""
    names, params = among("id", rows)
    return sql(
        f"UPDATE post_polls SET due_at = :due, claimed_until = NULL WHERE user_id = :user_id AND target_id IN ({names})",  # noqa: S608
        user_id=user_id,
        due=due,
        **params,
    )


def arrange(
    user_id: str, due: Mapping[datetime, Sequence[str]], before: Collection[str], held: Collection[str], now: datetime
) -> list[Statement]:
    """Set when targets of one account are read next: due time → targets, the newest first. They leave the rows with the keys
    ``before``, which go unless they are used again.

    ``held``: all targets that these rows had. What a row has beside them was put there by a reading that took it over after a
    claim had ended, and it stays.
    """
    shares = [(at, ids[i : i + SHARE]) for at, ids in due.items() for i in range(0, len(ids), SHARE)]
    gone, known = sorted(set(before) - {ids[0] for _, ids in shares}), Json(sorted(held))
    names, params = among("id", gone)
    left = sql(
        f"""DELETE FROM post_polls
            WHERE user_id = :user_id AND target_id IN ({names}) AND jsonb_contained(other_target_ids, :held)""",  # noqa: S608
        user_id=user_id,
        held=known,
        **params,
    )
    return [*([left] if gone else ()), *(_share(user_id, ids, at, known, now) for at, ids in shares)]


def _share(user_id: str, ids: Sequence[str], due: datetime, held: Json, now: datetime) -> Statement:
    """Put targets into one row. Whichever of them was deleted in the meantime, the others are read."""
    names, params = among("id", ids)
    return sql(
        f"""INSERT INTO post_polls
              (target_id, user_id, connection_id, platform, published_at, due_at, other_target_ids, created_at, updated_at)
            SELECT id, user_id, connection_id, platform, COALESCE(published_at, created_at), :due,
              jsonb_delete(:ids, CAST(id AS text)), :now, :now
            FROM post_targets
            WHERE user_id = :user_id AND connection_id IS NOT NULL AND deleted_at IS NULL AND id IN ({names})
            ORDER BY COALESCE(published_at, created_at) DESC, id LIMIT 1
            ON CONFLICT (target_id) DO UPDATE SET due_at = excluded.due_at, claimed_until = NULL,
              other_target_ids = CASE WHEN jsonb_contained(post_polls.other_target_ids, :held) THEN excluded.other_target_ids
                ELSE jsonb_concat(excluded.other_target_ids, post_polls.other_target_ids) END""",  # noqa: S608 - parameter names
        user_id=user_id,
        due=due,
        ids=Json(list(ids)),
        held=held,
        now=now,
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
