"""SQL of the answers of analytics. Every statement names ``user_id``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from noillusion.analytics.rows import (
    POST_COUNTS,
    AccountReadingRow,
    AccountRow,
    EngagementRow,
    FiguresRow,
    NextReadingRow,
    PostReadingRow,
    TargetRow,
    TopRow,
    TotalsRow,
    ZoneRow,
)
from noillusion.catalog.figures import Sort
from noillusion.db import Query, Statement, columns, query, sql

MOST_READINGS = 2000
"""Readings of one post that are answered, the newest; the cadence makes fewer than a hundred per target."""
MOST_POSTS = 5000
"""Posts that best times look at, the newest."""

_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_NIL = "00000000-0000-0000-0000-000000000000"
_LEAST = -(2**63) + 1
"""Sorts after every count: stands for an unknown one."""

ENGAGEMENTS = """CASE WHEN COALESCE(a.likes, a.comments, a.shares, a.saves) IS NULL THEN NULL
  ELSE COALESCE(a.likes, 0) + COALESCE(a.comments, 0) + COALESCE(a.shares, 0) + COALESCE(a.saves, 0) END"""
# A post in a TikTok inbox is not public; it becomes so when the person finishes it and its public id is learnt.
SHOWN = """t.user_id = :user_id
  AND (t.status = 'published' OR t.status = 'delivered_to_inbox' AND t.platform_post_id IS NOT NULL)
  AND t.published_at >= :start AND t.published_at < :end AND t.published_at <= :cutoff AND (:every OR t.platform = :platform)"""


NOW = "post_targets t LEFT JOIN post_figures a ON a.user_id = :user_id AND a.target_id = t.id"
"""The posts of a user with their newest figures, which are those of ``a.good_at``."""
_WHY = """CASE WHEN t.connection_id IS NULL THEN 'disconnected' WHEN a.target_id IS NULL THEN 'not_measured_yet'
  ELSE a.reason END"""
_ALL = 2**31 - 1
"""No bound on a list. A list with one is read before it is joined, on both engines. Otherwise PostgreSQL would read all readings
that the user ever had, for row-level security keeps it from looking up each row by what another look-up found."""
_THEN = f"""(SELECT t.*, (SELECT MAX(s.polled_at) FROM post_analytics s WHERE s.user_id = :user_id AND s.target_id = t.id
    AND s.polled_at <= :cutoff AND s.status = 'ok') AS seen_at FROM post_targets t WHERE {SHOWN} LIMIT {_ALL}) t
  LEFT JOIN post_analytics a ON a.user_id = :user_id AND a.target_id = t.id AND a.polled_at = t.seen_at"""  # noqa: S608 - constants
"""The posts of a user with their figures as they were at ``:cutoff``."""


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
    """Select sums over the newest figures of each post, per platform and reason why there is no current one."""
    return _totals(NOW, "good_at", _WHY, params)


def totals_then(params: Mapping[str, Any]) -> Query[TotalsRow]:
    """Select sums per platform over the figures that each post had at ``cutoff``."""
    return _totals(_THEN, "polled_at", "CAST(NULL AS text)", params)


def _totals(source: str, at: str, why: str, params: Mapping[str, Any]) -> Query[TotalsRow]:
    sums = ", ".join(f"CAST(SUM(a.{name}) AS bigint) AS {name}" for name in POST_COUNTS)
    return query(
        TotalsRow,
        f"""SELECT t.platform, {why} AS why, COUNT(*) AS posts, COUNT(a.{at}) AS measured, MAX(a.{at}) AS as_of, {sums},
              CAST(SUM({ENGAGEMENTS}) AS bigint) AS engagements,
              CAST(SUM(CASE WHEN a.views IS NOT NULL THEN {ENGAGEMENTS} END) AS bigint) AS rated_engagements,
              CAST(SUM(CASE WHEN {ENGAGEMENTS} IS NOT NULL THEN a.views END) AS bigint) AS rated_views
            FROM {source} WHERE {SHOWN} GROUP BY 1, 2 ORDER BY 1, 2""",  # noqa: S608 - constants
        **params,
    )


def top(params: Mapping[str, Any], sort: Sort, after: tuple[int | datetime, str] | None, limit: int) -> Query[TopRow]:
    """Select up to ``limit`` posts behind ``after`` (sort value, id), the highest first, each with its ``position``.

    Without ``after`` with the newest figures, else with those of ``cutoff``, at which the first page was answered.
    """
    value = {"published_at": "t.published_at", "engagements": f"COALESCE({ENGAGEMENTS}, {_LEAST})"}.get(
        sort, f"COALESCE(a.{sort}, {_LEAST})"
    )
    counts = ", ".join(f"a.{name}" for name in POST_COUNTS)
    source, at, last, behind, place = NOW, "good_at", "a", "", {}
    if after is not None:
        source = f"{_THEN} LEFT JOIN post_figures l ON l.user_id = :user_id AND l.target_id = t.id"
        at, last, behind = "polled_at", "l", f" AND ({value}, t.id) < (:position, :last_id)"
        place = {"position": after[0], "last_id": after[1]}
    return query(
        TopRow,
        f"""SELECT {{columns}} FROM (
              SELECT t.id, t.post_id, t.connection_id, t.platform, t.account_id, t.kind, t.published_at, t.deleted_at,
                t.permalink, a.{at} AS measured_at, {counts}, {last}.read_at AS last_at, {last}.reason AS last_reason,
                (SELECT p.client_reference FROM posts p WHERE p.user_id = :user_id AND p.id = t.post_id) AS client_reference,
                {value} AS position
              FROM {source} WHERE {SHOWN}{behind}
              ORDER BY position DESC, t.id DESC LIMIT :limit) shown
            ORDER BY position DESC, id DESC""",  # noqa: S608 - constants
        **params,
        **place,
        limit=limit,
    )


def engagements(params: Mapping[str, Any]) -> Query[EngagementRow]:
    """Select when each post with known engagements went out, the newest posts first."""
    return query(
        EngagementRow,
        f"""SELECT t.platform, t.account_id, t.published_at, {ENGAGEMENTS} AS engagements
            FROM {NOW} WHERE {SHOWN} AND COALESCE(a.likes, a.comments, a.shares, a.saves) IS NOT NULL
            ORDER BY t.published_at DESC LIMIT {MOST_POSTS}""",  # noqa: S608 - constants
        **params,
    )


def time_zone(user_id: str) -> Query[ZoneRow]:
    """Select the zone of the user's clock."""
    return query(ZoneRow, "SELECT {columns} FROM profiles WHERE user_id = :user_id", user_id=user_id)


def post(
    user_id: str, post_id: str
) -> tuple[Statement, Query[TargetRow], Query[NextReadingRow], Query[FiguresRow], Query[PostReadingRow]]:
    """Select a post, its current targets, and of these when they are due, the newest figures and the history.

    A target can be in two rows of due times until the next reading that finds both. The earlier one comes last.
    """
    current = """t.user_id = :user_id AND t.post_id = :post_id AND NOT EXISTS
      (SELECT 1 FROM post_targets later WHERE later.user_id = :user_id AND later.retry_of = t.id)"""
    params = {"user_id": user_id, "post_id": post_id}
    of_targets = f"a JOIN post_targets t ON t.id = a.target_id WHERE a.user_id = :user_id AND {current}"
    return (
        sql("SELECT id FROM posts WHERE user_id = :user_id AND id = :post_id AND forgotten_at IS NULL", **params),
        query(TargetRow, f"SELECT {columns(TargetRow, 't')} FROM post_targets t WHERE {current} ORDER BY t.position", **params),  # noqa: S608 - constant
        query(
            NextReadingRow,
            f"""SELECT t.id AS target_id, p.due_at FROM post_targets t
                JOIN post_polls p ON p.user_id = :user_id AND p.connection_id = t.connection_id
                  AND (p.target_id = t.id OR jsonb_exists(p.other_target_ids, CAST(t.id AS text)))
                WHERE {current} AND t.deleted_at IS NULL ORDER BY p.due_at DESC""",  # noqa: S608 - constant
            **params,
        ),
        query(FiguresRow, f"SELECT {columns(FiguresRow, 'a')} FROM post_figures {of_targets}", **params),  # noqa: S608 - constant
        query(
            PostReadingRow,
            f"""SELECT {columns(PostReadingRow, "a")} FROM post_analytics {of_targets}
                ORDER BY a.polled_at DESC LIMIT {MOST_READINGS}""",  # noqa: S608 - constant
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

    def newest(only: str) -> Query[AccountReadingRow]:
        return query(
            AccountReadingRow,
            f"""SELECT {reading} FROM (
                  SELECT id, (SELECT MAX(s.polled_at) FROM account_analytics s WHERE s.user_id = :user_id
                    AND s.connection_id = platform_connections.id AND s.polled_at < :end{only}) AS seen_at
                  {_ACCOUNTS}) c
                JOIN account_analytics a ON a.user_id = :user_id AND a.connection_id = c.id AND a.polled_at = c.seen_at""",  # noqa: S608
            **params,
        )

    return (
        query(AccountRow, f"SELECT {{columns}} {_ACCOUNTS}", **params),
        query(
            AccountReadingRow,
            f"""SELECT {reading} FROM (SELECT id {_ACCOUNTS}) c JOIN account_analytics a ON a.connection_id = c.id
                WHERE a.user_id = :user_id AND a.polled_at >= :start AND a.polled_at < :end
                ORDER BY a.polled_at""",  # noqa: S608 - constants
            **params,
        ),
        newest(""),
        newest(" AND s.status = 'ok'"),
    )
