"""SQL of the answers of analytics. Every statement names ``user_id``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from noillusion.analytics.models import Sort
from noillusion.analytics.rows import (
    POST_COUNTS,
    AccountReadingRow,
    AccountRow,
    EngagementRow,
    MissingRow,
    PostReadingRow,
    TargetRow,
    TopRow,
    TotalsRow,
    ZoneRow,
)
from noillusion.db import Query, Statement, columns, query, sql

MOST_READINGS = 2000
"""Readings of one post that are answered, the newest; the cadence makes fewer than a hundred per target."""
MOST_POSTS = 5000
"""Posts that best times look at, the newest."""

_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_NIL = "00000000-0000-0000-0000-000000000000"
_LEAST = -(2**63) + 1
"""Sorts after every count: stands for an unknown one."""

_ENGAGEMENTS = """CASE WHEN COALESCE(a.likes, a.comments, a.shares, a.saves) IS NULL THEN NULL
  ELSE COALESCE(a.likes, 0) + COALESCE(a.comments, 0) + COALESCE(a.shares, 0) + COALESCE(a.saves, 0) END"""
# A post in a TikTok inbox is not public; it becomes so when the person finishes it and its public id is learnt.
_SHOWN = """t.user_id = :user_id
  AND (t.status = 'published' OR t.status = 'delivered_to_inbox' AND t.platform_post_id IS NOT NULL)
  AND t.published_at >= :start AND t.published_at < :end AND t.published_at <= :cutoff AND (:every OR t.platform = :platform)"""


def _newest(alias: str, *, good: bool = False) -> str:
    """Return a join with the newest reading of target ``t`` that was made by ``:cutoff``."""
    only = " AND s.status = 'ok'" if good else ""
    return f"""post_analytics {alias} ON {alias}.user_id = :user_id AND {alias}.id = (SELECT s.id FROM post_analytics s
      WHERE s.user_id = :user_id AND s.target_id = t.id AND s.polled_at <= :cutoff{only} ORDER BY s.polled_at DESC LIMIT 1)"""  # noqa: S608


_GOOD, _LAST = _newest("a", good=True), _newest("l")


def scope(user_id: str, start: datetime, end: datetime, cutoff: datetime, platform: str | None) -> dict[str, Any]:
    """Return parameters that say which posts, and up to when readings count."""
    return {
        "user_id": user_id,
        "start": start,
        "end": end,
        "cutoff": cutoff,
        "every": platform is None,
        "platform": platform or "",
    }


def totals(params: Mapping[str, Any]) -> Query[TotalsRow]:
    """Select sums per platform over the last good reading of each post, with how many there are."""
    sums = ", ".join(f"CAST(SUM(a.{name}) AS bigint) AS {name}" for name in POST_COUNTS)
    return query(
        TotalsRow,
        f"""SELECT t.platform, COUNT(*) AS posts, COUNT(a.id) AS measured, MAX(a.polled_at) AS as_of, {sums},
              CAST(SUM({_ENGAGEMENTS}) AS bigint) AS engagements,
              CAST(SUM(CASE WHEN a.views IS NOT NULL THEN {_ENGAGEMENTS} END) AS bigint) AS rated_engagements,
              CAST(SUM(CASE WHEN {_ENGAGEMENTS} IS NOT NULL THEN a.views END) AS bigint) AS rated_views
            FROM post_targets t LEFT JOIN {_GOOD} WHERE {_SHOWN} GROUP BY t.platform ORDER BY t.platform""",  # noqa: S608
        **params,
    )


def reasons(params: Mapping[str, Any]) -> Query[MissingRow]:
    """Select posts without a current figure, counted by platform and reason."""
    return query(
        MissingRow,
        f"""SELECT t.platform, CASE WHEN t.connection_id IS NULL THEN 'disconnected' WHEN l.id IS NULL THEN 'not_measured_yet'
              ELSE l.reason END AS why, COUNT(*) AS posts
            FROM post_targets t LEFT JOIN {_LAST}
            WHERE {_SHOWN} AND (t.connection_id IS NULL OR l.id IS NULL OR l.status = 'unavailable')
            GROUP BY 1, 2 ORDER BY 1, 2""",  # noqa: S608 - constants
        **params,
    )


def top(params: Mapping[str, Any], sort: Sort, after: tuple[int | datetime, str] | None, limit: int) -> Query[TopRow]:
    """Select up to ``limit`` posts behind ``after`` (sort value, id), the highest first, each with its ``position``."""
    value = {"published_at": "t.published_at", "engagements": f"COALESCE({_ENGAGEMENTS}, {_LEAST})"}.get(
        sort, f"COALESCE(a.{sort}, {_LEAST})"
    )
    first: int | datetime = _EPOCH if sort == "published_at" else 0
    position, last_id = after or (first, _NIL)
    counts = ", ".join(f"a.{name}" for name in POST_COUNTS)
    return query(
        TopRow,
        f"""SELECT {{columns}} FROM (
              SELECT t.id, t.post_id, t.connection_id, t.platform, t.account_id, t.kind, t.published_at, t.deleted_at,
                t.permalink, a.polled_at AS measured_at, {counts}, l.polled_at AS last_at, l.status AS last_status,
                l.reason AS last_reason,
                (SELECT p.client_reference FROM posts p WHERE p.user_id = :user_id AND p.id = t.post_id) AS client_reference,
                {value} AS position
              FROM post_targets t LEFT JOIN {_GOOD} LEFT JOIN {_LAST} WHERE {_SHOWN}) shown
            WHERE :first OR position < :position OR (position = :position AND id < :last_id)
            ORDER BY position DESC, id DESC LIMIT :limit""",  # noqa: S608 - constants
        **params,
        first=after is None,
        position=position,
        last_id=last_id,
        limit=limit,
    )


def engagements(params: Mapping[str, Any]) -> Query[EngagementRow]:
    """Select when each post with known engagements went out, the newest posts first."""
    return query(
        EngagementRow,
        f"""SELECT t.platform, t.account_id, t.published_at, {_ENGAGEMENTS} AS engagements
            FROM post_targets t JOIN {_GOOD} WHERE {_SHOWN} AND COALESCE(a.likes, a.comments, a.shares, a.saves) IS NOT NULL
            ORDER BY t.published_at DESC LIMIT {MOST_POSTS}""",  # noqa: S608 - constants
        **params,
    )


def time_zone(user_id: str) -> Query[ZoneRow]:
    """Select the zone of the user's clock."""
    return query(ZoneRow, "SELECT {columns} FROM profiles WHERE user_id = :user_id", user_id=user_id)


def post(user_id: str, post_id: str) -> tuple[Statement, Query[TargetRow], Query[PostReadingRow]]:
    """Select a post, its current targets, and the newest readings of these."""
    current = """t.user_id = :user_id AND t.post_id = :post_id AND NOT EXISTS
      (SELECT 1 FROM post_targets later WHERE later.user_id = :user_id AND later.retry_of = t.id)"""
    params = {"user_id": user_id, "post_id": post_id}
    return (
        sql("SELECT id FROM posts WHERE user_id = :user_id AND id = :post_id AND forgotten_at IS NULL", **params),
        query(TargetRow, f"SELECT {columns(TargetRow, 't')} FROM post_targets t WHERE {current} ORDER BY t.position", **params),  # noqa: S608 - constant
        query(
            PostReadingRow,
            f"""SELECT {columns(PostReadingRow, "a")} FROM post_analytics a JOIN post_targets t ON t.id = a.target_id
                WHERE a.user_id = :user_id AND {current} ORDER BY a.polled_at DESC LIMIT {MOST_READINGS}""",  # noqa: S608
            **params,
        ),
    )


_ACCOUNTS = """FROM platform_connections WHERE user_id = :user_id AND (:every OR platform = :platform)
  AND (:first OR (created_at, id) > (:created_at, :last_id)) ORDER BY created_at, id LIMIT :limit"""


def accounts(
    params: Mapping[str, Any], after: tuple[datetime, str] | None, limit: int
) -> tuple[Query[AccountRow], Query[AccountReadingRow], Query[AccountReadingRow], Query[AccountReadingRow]]:
    """Select a page of connections, their readings in the period, and of each the last and the last good one before its end."""
    created_at, last_id = after or (_EPOCH, _NIL)
    params = {**params, "first": after is None, "created_at": created_at, "last_id": last_id, "limit": limit}
    reading = columns(AccountReadingRow, "a")
    on_page = f"c.user_id = :user_id AND c.id IN (SELECT id {_ACCOUNTS})"

    def newest(only: str) -> Query[AccountReadingRow]:
        return query(
            AccountReadingRow,
            f"""SELECT {reading} FROM platform_connections c JOIN account_analytics a ON a.user_id = :user_id AND a.id = (
                  SELECT s.id FROM account_analytics s WHERE s.user_id = :user_id AND s.connection_id = c.id
                    AND s.polled_at < :end{only} ORDER BY s.polled_at DESC LIMIT 1)
                WHERE {on_page}""",  # noqa: S608 - constants
            **params,
        )

    return (
        query(AccountRow, f"SELECT {{columns}} {_ACCOUNTS}", **params),
        query(
            AccountReadingRow,
            f"""SELECT {reading} FROM platform_connections c JOIN account_analytics a ON a.connection_id = c.id
                WHERE a.user_id = :user_id AND {on_page} AND a.polled_at >= :start AND a.polled_at < :end
                ORDER BY a.polled_at""",  # noqa: S608 - constants
            **params,
        ),
        newest(""),
        newest(" AND s.status = 'ok'"),
    )
