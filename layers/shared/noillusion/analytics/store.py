"""SQL of analytics. Every statement names ``user_id`` except the two that find due work for the workers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from noillusion.analytics.models import Sort
from noillusion.analytics.rows import MeasuredConnection
from noillusion.db import Json, Query, Statement, query, sql

POST_COUNTS = ("views", "reach", "likes", "comments", "shares", "saves", "clicks")
ACCOUNT_COUNTS = ("followers", "following", "posts", "views", "reach", "engagements", "profile_views")
_TABLES = {"post_analytics": ("target_id", POST_COUNTS), "account_analytics": ("connection_id", ACCOUNT_COUNTS)}
MOST_READINGS = 2000
"""Readings of one post that are answered, the newest; the cadence makes fewer than a hundred per target."""
MOST_POSTS = 5000
"""Posts that best times look at, the newest."""

_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_NIL = "00000000-0000-0000-0000-000000000000"
_LEAST = -(2**63) + 1
"""Sorts after every count: stands for an unknown one."""
_LETTERS = str.maketrans("0123456789", "abcdefghij")


def _numbered(name: str, i: int) -> str:
    """A parameter's name with a number, written in letters: names have no digits."""
    return f"{name}_{str(i).translate(_LETTERS)}"


def _named(values: Sequence[str]) -> tuple[str, dict[str, str]]:
    """A list of parameters for ``IN`` and their values."""
    params = {_numbered("id", i): value for i, value in enumerate(values)}
    return ", ".join(f":{name}" for name in params), params


# ---- due work ---------------------------------------------------------------------------------------------------------------


def claim_targets(now: datetime, until: datetime, limit: int) -> Statement:
    """Take due targets, the longest overdue first, by moving them to ``until`` (workers only).

    Two runs never take the same one; what is lost on the way is due again at ``until``. A target without a connection is
    never due again.
    """
    return sql(
        """UPDATE post_targets SET metrics_due_at = CASE WHEN connection_id IS NULL THEN NULL ELSE :until END
           WHERE metrics_due_at <= :now AND id IN (
             SELECT id FROM post_targets WHERE metrics_due_at IS NOT NULL AND metrics_due_at <= :now
             ORDER BY metrics_due_at LIMIT :limit)
           RETURNING id, user_id, connection_id, platform, published_at""",
        now=now,
        until=until,
        limit=limit,
    )


def claim_accounts(now: datetime, until: datetime, limit: int) -> Statement:
    """Take working connections whose account figures are due, in the same way (workers only)."""
    return sql(
        """UPDATE platform_connections SET metrics_due_at = :until
           WHERE status = 'active' AND metrics_due_at <= :now AND id IN (
             SELECT id FROM platform_connections WHERE status = 'active' AND metrics_due_at IS NOT NULL AND metrics_due_at <= :now
             ORDER BY metrics_due_at LIMIT :limit)
           RETURNING id, user_id""",
        now=now,
        until=until,
        limit=limit,
    )


# ---- reading at the platforms -----------------------------------------------------------------------------------------------


def connection(user_id: str, connection_id: str) -> Query[MeasuredConnection]:
    """Select one connection with its sealed tokens."""
    return query(
        MeasuredConnection,
        "SELECT {columns} FROM platform_connections WHERE user_id = :user_id AND id = :id",
        user_id=user_id,
        id=connection_id,
    )


def targets(user_id: str, connection_id: str, target_ids: Sequence[str]) -> Statement:
    """The named targets of one connection that are to be read at all."""
    names, params = _named(target_ids)
    return sql(
        f"""SELECT id, kind, handles, accepted_id, platform_post_id, permalink, published_at, created_at, metrics_due_at
            FROM post_targets WHERE user_id = :user_id AND connection_id = :connection_id AND metrics_due_at IS NOT NULL
              AND id IN ({names})""",  # noqa: S608 - parameter names
        user_id=user_id,
        connection_id=connection_id,
        **params,
    )


def add_readings(
    table: str, user_id: str, now: datetime, readings: Mapping[str, tuple[str | None, Mapping[str, Any]]]
) -> Statement:
    """All readings of a message in one statement: subject id → (reason why unavailable, counts and ``extra``)."""
    subject, counts = _TABLES[table]
    columns = ("id", subject, "status", "reason", *counts, "extra")
    rows: list[str] = []
    params: dict[str, Any] = {}
    for i, (subject_id, (reason, figures)) in enumerate(readings.items()):
        status = "ok" if reason is None else "unavailable"
        values = (
            str(uuid4()),
            subject_id,
            status,
            reason,
            *(figures.get(name) for name in counts),
            Json(dict(figures.get("extra") or {})),
        )
        names = [_numbered(column, i) for column in columns]
        params |= dict(zip(names, values, strict=True))
        rows.append(f"({', '.join(f':{name}' for name in names)}, :user_id, :now, :now, :now)")
    return sql(
        f"""INSERT INTO {table} ({", ".join(columns)}, user_id, polled_at, created_at, updated_at)
            VALUES {", ".join(rows)}""",  # noqa: S608 - names from constants
        user_id=user_id,
        now=now,
        **params,
    )


def schedule_targets(user_id: str, target_ids: Sequence[str], due: datetime | None) -> Statement:
    """When these are read next. One that was deleted in the meantime stays without a time."""
    names, params = _named(target_ids)
    return sql(
        f"""UPDATE post_targets SET metrics_due_at = :due
            WHERE user_id = :user_id AND metrics_due_at IS NOT NULL AND id IN ({names})""",  # noqa: S608 - parameter names
        user_id=user_id,
        due=due,
        **params,
    )


def schedule_account(user_id: str, connection_id: str, due: datetime) -> Statement:
    """When an account is read next. A connection that died in the meantime stays without a time."""
    return sql(
        """UPDATE platform_connections SET metrics_due_at = :due
           WHERE user_id = :user_id AND id = :id AND metrics_due_at IS NOT NULL""",
        user_id=user_id,
        id=connection_id,
        due=due,
    )


def postpone(user_id: str, connection_id: str, until: datetime) -> tuple[Statement, Statement]:
    """Leave a connection alone until then: whatever of it is due earlier waits."""
    params = {"user_id": user_id, "connection_id": connection_id, "until": until}
    return (
        Statement(
            """UPDATE post_targets SET metrics_due_at = :until
               WHERE user_id = :user_id AND connection_id = :connection_id AND metrics_due_at < :until""",
            params,
        ),
        Statement(
            """UPDATE platform_connections SET metrics_due_at = :until
               WHERE user_id = :user_id AND id = :connection_id AND metrics_due_at < :until""",
            params,
        ),
    )


def reveal(user_id: str, target_id: str, post_id: str | None, permalink: str | None, now: datetime) -> Statement:
    """A reading showed the public id or the link (failure-classes.md G6). What is known already stays."""
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


# ---- answers ----------------------------------------------------------------------------------------------------------------

_ENGAGEMENTS = """CASE WHEN COALESCE(a.likes, a.comments, a.shares, a.saves) IS NULL THEN NULL
  ELSE COALESCE(a.likes, 0) + COALESCE(a.comments, 0) + COALESCE(a.shares, 0) + COALESCE(a.saves, 0) END"""
# A post in a TikTok inbox is not public; it becomes so when the person finishes it and its public id is learnt.
_SHOWN = """t.user_id = :user_id
  AND (t.status = 'published' OR t.status = 'delivered_to_inbox' AND t.platform_post_id IS NOT NULL)
  AND t.published_at >= :start AND t.published_at < :end AND t.published_at <= :cutoff AND (:every OR t.platform = :platform)"""


def _newest(alias: str, *, good: bool = False) -> str:
    """A join with the newest reading of target ``t`` that was made by ``:cutoff``."""
    only = " AND s.status = 'ok'" if good else ""
    return f"""post_analytics {alias} ON {alias}.user_id = :user_id AND {alias}.id = (SELECT s.id FROM post_analytics s
      WHERE s.user_id = :user_id AND s.target_id = t.id AND s.polled_at <= :cutoff{only} ORDER BY s.polled_at DESC LIMIT 1)"""  # noqa: S608


_GOOD, _LAST = _newest("a", good=True), _newest("l")


def scope(user_id: str, start: datetime, end: datetime, cutoff: datetime, platform: str | None) -> dict[str, Any]:
    """Parameters that say which posts, and up to when readings count."""
    return {
        "user_id": user_id,
        "start": start,
        "end": end,
        "cutoff": cutoff,
        "every": platform is None,
        "platform": platform or "",
    }


def totals(params: Mapping[str, Any]) -> Statement:
    """Sums per platform over the last good reading of each post, with how many there are."""
    sums = ", ".join(f"CAST(SUM(a.{name}) AS bigint) AS {name}" for name in POST_COUNTS)
    return Statement(
        f"""SELECT t.platform, COUNT(*) AS posts, COUNT(a.id) AS measured, MAX(a.polled_at) AS as_of, {sums},
              CAST(SUM({_ENGAGEMENTS}) AS bigint) AS engagements,
              CAST(SUM(CASE WHEN a.views IS NOT NULL THEN {_ENGAGEMENTS} END) AS bigint) AS rated_engagements,
              CAST(SUM(CASE WHEN {_ENGAGEMENTS} IS NOT NULL THEN a.views END) AS bigint) AS rated_views
            FROM post_targets t LEFT JOIN {_GOOD} WHERE {_SHOWN} GROUP BY t.platform ORDER BY t.platform""",  # noqa: S608
        dict(params),
    )


def reasons(params: Mapping[str, Any]) -> Statement:
    """Posts without a current figure, counted by platform and reason."""
    return Statement(
        f"""SELECT t.platform, CASE WHEN t.connection_id IS NULL THEN 'disconnected' WHEN l.id IS NULL THEN 'not_measured_yet'
              ELSE l.reason END AS why, COUNT(*) AS posts
            FROM post_targets t LEFT JOIN {_LAST}
            WHERE {_SHOWN} AND (t.connection_id IS NULL OR l.id IS NULL OR l.status = 'unavailable')
            GROUP BY 1, 2 ORDER BY 1, 2""",  # noqa: S608 - constants
        dict(params),
    )


def top(params: Mapping[str, Any], sort: Sort, after: tuple[int | datetime, str] | None, limit: int) -> Statement:
    """Up to ``limit`` posts behind ``after`` (sort value, id), the highest first, each with its ``position``."""
    value = {"published_at": "t.published_at", "engagements": f"COALESCE({_ENGAGEMENTS}, {_LEAST})"}.get(
        sort, f"COALESCE(a.{sort}, {_LEAST})"
    )
    first: int | datetime = _EPOCH if sort == "published_at" else 0
    position, last_id = after or (first, _NIL)
    counts = ", ".join(f"a.{name}" for name in POST_COUNTS)
    return Statement(
        f"""SELECT * FROM (
              SELECT t.id, t.post_id, t.connection_id, t.platform, t.account_id, t.kind, t.published_at, t.deleted_at,
                t.permalink, a.polled_at AS measured_at, {counts}, l.polled_at AS last_at, l.status AS last_status,
                l.reason AS last_reason,
                {value} AS position
              FROM post_targets t LEFT JOIN {_GOOD} LEFT JOIN {_LAST} WHERE {_SHOWN}) shown
            WHERE :first OR position < :position OR (position = :position AND id < :last_id)
            ORDER BY position DESC, id DESC LIMIT :limit""",  # noqa: S608 - constants
        {**params, "first": after is None, "position": position, "last_id": last_id, "limit": limit},
    )


def engagements(params: Mapping[str, Any]) -> Statement:
    """When each post with known engagements went out, the newest posts first."""
    return Statement(
        f"""SELECT t.platform, t.account_id, t.published_at, {_ENGAGEMENTS} AS engagements
            FROM post_targets t JOIN {_GOOD} WHERE {_SHOWN} AND COALESCE(a.likes, a.comments, a.shares, a.saves) IS NOT NULL
            ORDER BY t.published_at DESC LIMIT {MOST_POSTS}""",  # noqa: S608 - constants
        dict(params),
    )


def time_zone(user_id: str) -> Statement:
    """The zone of the user's clock."""
    return sql("SELECT time_zone FROM profiles WHERE user_id = :user_id", user_id=user_id)


def post(user_id: str, post_id: str) -> tuple[Statement, Statement, Statement]:
    """A post, its current targets, and the newest readings of these."""
    current = """t.user_id = :user_id AND t.post_id = :post_id AND NOT EXISTS
      (SELECT 1 FROM post_targets later WHERE later.user_id = :user_id AND later.retry_of = t.id)"""
    params = {"user_id": user_id, "post_id": post_id}
    return (
        Statement("SELECT id FROM posts WHERE user_id = :user_id AND id = :post_id AND forgotten_at IS NULL", params),
        Statement(f"SELECT t.* FROM post_targets t WHERE {current} ORDER BY t.position", params),  # noqa: S608 - constant
        Statement(
            f"""SELECT a.* FROM post_analytics a JOIN post_targets t ON t.id = a.target_id
                WHERE a.user_id = :user_id AND {current} ORDER BY a.polled_at DESC LIMIT {MOST_READINGS}""",  # noqa: S608
            params,
        ),
    )


_ACCOUNTS = """FROM platform_connections WHERE user_id = :user_id AND (:every OR platform = :platform)
  AND (:first OR (created_at, id) > (:created_at, :last_id)) ORDER BY created_at, id LIMIT :limit"""


def accounts(params: Mapping[str, Any], after: tuple[datetime, str] | None, limit: int) -> tuple[Statement, ...]:
    """A page of connections; their readings in the period; of each the last reading, and the last good one, before its end."""
    created_at, last_id = after or (_EPOCH, _NIL)
    params = {**params, "first": after is None, "created_at": created_at, "last_id": last_id, "limit": limit}
    on_page = f"c.user_id = :user_id AND c.id IN (SELECT id {_ACCOUNTS})"

    def newest(only: str) -> Statement:
        return Statement(
            f"""SELECT a.* FROM platform_connections c JOIN account_analytics a ON a.user_id = :user_id AND a.id = (
                  SELECT s.id FROM account_analytics s WHERE s.user_id = :user_id AND s.connection_id = c.id
                    AND s.polled_at < :end{only} ORDER BY s.polled_at DESC LIMIT 1)
                WHERE {on_page}""",  # noqa: S608 - constants
            params,
        )

    return (
        Statement(
            f"""SELECT id, platform, account_id, account_kind, display_name, username, label, status, created_at
                {_ACCOUNTS}""",
            params,
        ),
        Statement(
            f"""SELECT a.* FROM platform_connections c JOIN account_analytics a ON a.connection_id = c.id
                WHERE a.user_id = :user_id AND {on_page} AND a.polled_at >= :start AND a.polled_at < :end
                ORDER BY a.polled_at""",  # noqa: S608 - constants
            params,
        ),
        newest(""),
        newest(" AND s.status = 'ok'"),
    )
