"""SQL of series and comparisons. Every statement names ``user_id``.

Instants are grouped by quarters of an hour, in which the offset of every zone's clock is counted. What falls into an hour, a day
or a week of a zone is summed up afterwards, the same for both engines.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from noillusion.analytics.queries import ENGAGEMENTS, NOW, SHOWN
from noillusion.analytics.rows import POST_COUNTS
from noillusion.analytics.trend_rows import GroupRow, SlotRow
from noillusion.catalog.figures import Dimension, Metric
from noillusion.db import Query, query

SLOT_S = 900
_SLOT = f"CAST(FLOOR(date_part('epoch', {{}}) / {SLOT_S}) AS bigint)"
_VALUES: Mapping[str, str] = {**{name: f"a.{name}" for name in POST_COUNTS}, "engagements": f"({ENGAGEMENTS})"}

_GENERATED = """ JOIN posts p ON p.user_id = :user_id AND p.id = t.post_id
  LEFT JOIN ai_usage_tracking u ON u.user_id = :user_id AND u.request_id = p.generation_id AND u.outcome = 'ok'
    AND NOT EXISTS (SELECT 1 FROM ai_usage_tracking later WHERE later.user_id = :user_id AND later.request_id = u.request_id
      AND later.outcome = 'ok' AND later.attempt > u.attempt)"""
"""Each post once: a text that was corrected has two attempts that succeeded, of which the last one wrote it."""
_KEYS: Mapping[Dimension, str] = {
    "platform": "t.platform",
    "kind": "t.kind",
    "connection": "CAST(t.connection_id AS text)",
    "text_length": "t.text_length",
    "hour": f"CAST({_SLOT.format('t.published_at')} AS text)",
    "weekday": f"CAST({_SLOT.format('t.published_at')} AS text)",
    "provider": "u.provider",
    "template": "CAST(u.template_id AS text)",
}


def _only(connection_id: str | None, post_id: str | None) -> tuple[str, dict[str, str]]:
    """Return conditions for the posts of one connection, or for one post, and their parameters."""
    wanted = {"connection_id": connection_id, "post_id": post_id}
    given = {name: value for name, value in wanted.items() if value is not None}
    return "".join(f" AND t.{name} = :{name}" for name in given), given


def published(scope: Mapping[str, Any], metric: Metric, connection_id: str | None, post_id: str | None) -> Query[SlotRow]:
    """Select the newest figure of posts, summed up by when they were published."""
    only, given = _only(connection_id, post_id)
    value = _VALUES[metric]
    return query(
        SlotRow,
        f"""SELECT {_SLOT.format("t.published_at")} AS slot, COUNT(*) AS posts, COUNT({value}) AS measured,
              CAST(SUM({value}) AS bigint) AS value, MAX(a.good_at) AS as_of
            FROM {NOW} WHERE {SHOWN}{only} GROUP BY 1 ORDER BY 1""",  # noqa: S608 - constants
        **scope,
        **given,
    )


def gained(
    scope: Mapping[str, Any], since: datetime, metric: Metric, connection_id: str | None, post_id: str | None
) -> Query[SlotRow]:
    """Select how much a figure grew from one reading to the next, summed up by when the later one was made, from ``since`` on.

    The first reading of a post counts from zero. ``scope`` says which posts can have readings in the period at all.
    """
    only, given = _only(connection_id, post_id)
    value = _VALUES[metric]
    return query(
        SlotRow,
        f"""SELECT {_SLOT.format("r.polled_at")} AS slot, NULL AS posts, COUNT(*) AS measured,
              CAST(SUM(r.value - COALESCE(r.earlier, 0)) AS bigint) AS value, MAX(r.polled_at) AS as_of
            FROM (SELECT a.target_id, a.polled_at, {value} AS value,
                LAG({value}) OVER (PARTITION BY a.target_id ORDER BY a.polled_at) AS earlier
              FROM post_targets t JOIN post_analytics a ON a.user_id = :user_id AND a.target_id = t.id
              WHERE {SHOWN}{only} AND a.polled_at < :end AND a.status = 'ok' AND {value} IS NOT NULL) r
            WHERE r.polled_at >= :since GROUP BY 1 ORDER BY 1""",  # noqa: S608 - constants
        **scope,
        **given,
        since=since,
    )


def compared(scope: Mapping[str, Any], by: Dimension) -> Query[GroupRow]:
    """Select sums of the newest figures of posts that have something in common, and of how many posts each is known."""
    sums = ", ".join(f"CAST(SUM({_VALUES[name]}) AS bigint) AS {name}" for name in _VALUES)
    known = ", ".join(f"COUNT({_VALUES[name]}) AS known_{name}" for name in _VALUES)
    source = NOW + (_GENERATED if by in ("provider", "template") else "")
    return query(
        GroupRow,
        f"""SELECT {_KEYS[by]} AS shared, COUNT(*) AS posts, COUNT(a.good_at) AS measured, {sums}, {known},
              CAST(SUM(CASE WHEN a.views IS NOT NULL THEN {ENGAGEMENTS} END) AS bigint) AS rated_engagements,
              CAST(SUM(CASE WHEN {ENGAGEMENTS} IS NOT NULL THEN a.views END) AS bigint) AS rated_views
            FROM {source} WHERE {SHOWN} GROUP BY 1 ORDER BY 1""",  # noqa: S608 - constants
        **scope,
    )
