"""SQL of the calendar: what is due and was published in a period, and the token of its feed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from noillusion.core.records import record
from noillusion.db import Query, Statement, columns, query, sql
from noillusion.scheduling.calendar_rows import PublishedEntry, RecurringTarget, ScheduledEntry, TokenOwner, ZoneRow

MAX_RECURRING = 2_000
"""Most targets of schedules that recur that a calendar shows."""
_OCCURRENCES: Mapping[str, str] = {
    "platform": "t.platform = :platform",
    "connection_id": "o.connection_id = :connection_id",
    "state": "o.state = :state",
}
_POSTS: Mapping[str, str] = {
    "platform": "p.platform = :platform",
    "connection_id": "p.connection_id = :connection_id",
    "state": "p.status = :state",
}
_TARGETS: Mapping[str, str] = {"platform": "t.platform = :platform", "connection_id": "t.connection_id = :connection_id"}


@record()
class Span:
    """A period, exclusive at its end, and where in it a page begins."""

    start: datetime
    end: datetime
    after: tuple[datetime, str] | None
    """Time and id of the last row of the page before. An empty id: rows at that time follow."""


def _where(user_id: str, filters: Mapping[str, object], allowed: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    chosen = {name: filters[name] for name in allowed if filters.get(name) is not None}
    return "".join(f" AND {allowed[name]}" for name in chosen), {"user_id": user_id, **chosen}


def _behind(span: Span, time: str, row_id: str) -> tuple[str, dict[str, Any]]:
    params: dict[str, Any] = {"start": span.start, "end": span.end}
    if span.after is None:
        return "", params
    at, last = span.after
    if not last:
        return f" AND {time} >= :at", {**params, "at": at}
    return f" AND ({time}, {row_id}) > (:at, :last)", {**params, "at": at, "last": last}


def scheduled(user_id: str, filters: Mapping[str, object], span: Span, limit: int) -> Query[ScheduledEntry]:
    """Select occurrences of a period in the order of time."""
    condition, params = _where(user_id, filters, _OCCURRENCES)
    behind, period = _behind(span, "o.due_at", "o.id")
    return query(
        ScheduledEntry,
        f"""SELECT o.id, o.schedule_id, o.target_id, o.connection_id, o.post_id, o.due_at, o.local_due, o.state, o.code,
              t.platform, t.kind, t.way, s.rrule, s.version, o.updated_at
            FROM schedule_occurrences o
            JOIN schedule_targets t ON t.user_id = o.user_id AND t.id = o.target_id
            JOIN schedules s ON s.user_id = o.user_id AND s.id = o.schedule_id
            WHERE o.user_id = :user_id AND o.due_at >= :start AND o.due_at < :end{condition}{behind}
            ORDER BY o.due_at, o.id LIMIT :limit""",  # noqa: S608 - constants
        limit=limit,
        **params,
        **period,
    )


def published(user_id: str, filters: Mapping[str, object], span: Span, limit: int) -> Query[PublishedEntry]:
    """Select what was published in a period without a schedule, in the order of time."""
    condition, params = _where(user_id, filters, _POSTS)
    behind, period = _behind(span, "p.published_at", "p.id")
    return query(
        PublishedEntry,
        f"""SELECT p.id, p.post_id, p.connection_id, p.platform, p.kind, p.status, p.published_at, p.updated_at
            FROM post_targets p
            WHERE p.user_id = :user_id AND p.published_at >= :start AND p.published_at < :end{condition}{behind}
              AND NOT EXISTS (SELECT 1 FROM schedule_occurrences o WHERE o.user_id = :user_id AND o.post_id = p.post_id)
              AND NOT EXISTS (SELECT 1 FROM schedule_targets t WHERE t.user_id = :user_id AND t.post_id = p.post_id)
            ORDER BY p.published_at, p.id LIMIT :limit""",  # noqa: S608 - constants
        limit=limit,
        **params,
        **period,
    )


def recurring(user_id: str, filters: Mapping[str, object]) -> Query[RecurringTarget]:
    """Select the targets of schedules that recur and go on, each with the time of its latest occurrence."""
    condition, params = _where(user_id, filters, _TARGETS)
    return query(
        RecurringTarget,
        f"""SELECT t.id AS target_id, t.schedule_id, t.connection_id, t.platform, t.kind, t.way, s.status, s.time_zone,
              s.local_start, s.rrule, s.exdates, s.version, s.updated_at,
              (SELECT MAX(o.due_at) FROM schedule_occurrences o WHERE o.target_id = t.id) AS last_due
            FROM schedules s JOIN schedule_targets t ON t.user_id = s.user_id AND t.schedule_id = s.id
            WHERE s.user_id = :user_id AND s.status IN ('active', 'paused') AND s.rrule IS NOT NULL
              AND t.ended_at IS NULL{condition}
            ORDER BY s.created_at DESC, t.id LIMIT :most""",  # noqa: S608 - constants
        most=MAX_RECURRING,
        **params,
    )


def time_zone(user_id: str) -> Query[ZoneRow]:
    """Select the time zone of the user's profile."""
    return query(ZoneRow, f"SELECT {columns(ZoneRow)} FROM profiles WHERE user_id = :user_id", user_id=user_id)  # noqa: S608


def set_token(user_id: str, token_hash: str, now: datetime) -> Statement:
    """Store the hash of a token in place of an earlier one."""
    return sql(
        """INSERT INTO calendar_tokens (id, user_id, token_hash, created_at, updated_at) VALUES (:id, :user_id, :hash, :now, :now)
           ON CONFLICT (user_id) DO UPDATE SET token_hash = excluded.token_hash, created_at = excluded.created_at,
             updated_at = excluded.updated_at""",
        id=str(uuid4()),
        user_id=user_id,
        hash=token_hash,
        now=now,
    )


def delete_token(user_id: str) -> Statement:
    """Delete the token. Returns a row if there was one."""
    return sql("DELETE FROM calendar_tokens WHERE user_id = :user_id RETURNING id", user_id=user_id)


def owner(token_hash: str) -> Query[TokenOwner]:
    """Select whose a token is (workers only: a calendar program has no access token)."""
    return query(TokenOwner, "SELECT {columns} FROM calendar_tokens WHERE token_hash = :hash", hash=token_hash)
