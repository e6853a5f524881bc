"""SQL of schedules as their user has them. An occurrence that is over never changes: each statement names what it changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from noillusion.db import Json, Query, Statement, among, columns, query, sql
from noillusion.scheduling import stages
from noillusion.scheduling.rows import KeyedRequest, KeyedSchedule, OccurrenceRow, ScheduleRow, TargetRow

MAX_SCHEDULES = 2_000
"""Maximum number of schedules of one user that are not over."""
_LIVE = "status IN ('active', 'paused')"
_OPEN = "state IN ('pending', 'paused', 'running', 'processing', 'notified')"
IDLE = """NOT EXISTS (SELECT 1 FROM schedule_occurrences r WHERE r.user_id = :user_id AND r.schedule_id = :schedule_id
  AND r.state = 'running')"""
UNCHANGED = f"""EXISTS (SELECT 1 FROM schedules s WHERE s.user_id = :user_id AND s.id = :schedule_id AND s.version = :version)
  AND {IDLE}"""  # noqa: S608 - constants
"""Condition on a schedule that is about to be changed: nobody else did, and nothing of it is being published."""
FILTERS: Mapping[str, str] = {
    "status": "s.status = :status",
    "client_reference": "s.client_reference = :client_reference",
    "connection_id": """EXISTS (SELECT 1 FROM schedule_targets t WHERE t.user_id = :user_id AND t.schedule_id = s.id
      AND t.connection_id = :connection_id AND t.ended_at IS NULL)""",
    "way": """EXISTS (SELECT 1 FROM schedule_targets t WHERE t.user_id = :user_id AND t.schedule_id = s.id
      AND t.way = :way AND t.ended_at IS NULL)""",
}


def _created_with(keys: Sequence[str]) -> tuple[str, dict[str, str]]:
    listed, params = among("key", keys)
    return f"idempotency_key IN ({listed})", params


def create(schedule: ScheduleRow, keys: Sequence[str], fingerprint: str) -> Statement:
    """Insert a schedule unless its key is used or the user has :data:`MAX_SCHEDULES`. ``keys`` are the forms of its key."""
    used, params = _created_with(keys)
    return sql(
        f"""INSERT INTO schedules (id, user_id, status, time_zone, due_at, local_start, rrule, exdates, grace_s,
              client_reference, version, idempotency_key, request_fingerprint, created_at, updated_at)
            SELECT :id, :user_id, :status, :time_zone, :due_at, :local_start, :rrule, :exdates, :grace_s,
              :client_reference, :version, :key, :fingerprint, :created_at, :updated_at
            WHERE (SELECT count(*) FROM schedules WHERE user_id = :user_id AND {_LIVE}) < :most
              AND NOT EXISTS (SELECT 1 FROM schedules WHERE user_id = :user_id AND {used})
            ON CONFLICT (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING""",  # noqa: S608 - constants
        **params,
        **{**asdict(schedule), "exdates": Json(schedule.exdates)},
        key=keys[0],
        fingerprint=fingerprint,
        most=MAX_SCHEDULES,
    )


def add_request(
    user_id: str, row_id: str, schedule_id: str, key: str, fingerprint: str, now: datetime, *, effective: bool
) -> Statement:
    """Insert the request to publish now what waits. ``effective``: it did something already; else nothing if nothing waits."""
    return sql(
        """INSERT INTO schedule_requests (id, user_id, schedule_id, idempotency_key, request_fingerprint, created_at, updated_at)
           SELECT :id, user_id, id, :key, :fingerprint, :now, :now FROM schedules
           WHERE user_id = :user_id AND id = :schedule_id AND (:effective = true OR EXISTS (
             SELECT 1 FROM schedule_occurrences o WHERE o.user_id = :user_id AND o.schedule_id = :schedule_id
               AND o.state IN ('pending', 'paused')))""",
        id=row_id,
        user_id=user_id,
        schedule_id=schedule_id,
        key=key,
        fingerprint=fingerprint,
        now=now,
        effective=effective,
    )


def request(user_id: str, keys: Sequence[str]) -> Query[KeyedRequest]:
    """Select the request to publish now that had this key. ``keys`` are its forms."""
    used, params = _created_with(keys)
    return query(
        KeyedRequest,
        f"SELECT {{columns}} FROM schedule_requests WHERE user_id = :user_id AND {used}",  # noqa: S608 - parameters
        user_id=user_id,
        **params,
    )


def by_key(user_id: str, schedule_id: str, keys: Sequence[str]) -> Query[KeyedSchedule]:
    """Select the schedule just created, or the one that an earlier request with the same key created."""
    used, params = _created_with(keys)
    return query(
        KeyedSchedule,
        f"SELECT {{columns}} FROM schedules WHERE user_id = :user_id AND (id = :id OR {used})",  # noqa: S608 - parameters
        user_id=user_id,
        id=schedule_id,
        **params,
    )


def add_target(target: TargetRow, version: int, now: datetime) -> Statement:
    """Insert a target of a schedule that is there in this version."""
    return sql(
        f"""INSERT INTO schedule_targets (id, user_id, schedule_id, connection_id, platform, position, way, kind, source_hash,
             sealed_source, sealing_key_id, template_id, template_version, post_id, created_at, updated_at)
           SELECT :id, :user_id, :schedule_id, :connection_id, :platform, :position, :way, :kind, :source_hash,
             :sealed_source, :sealing_key_id, :template_id, :template_version, :post_id, :now, :now
           WHERE {UNCHANGED}""",
        version=version,
        now=now,
        **{name: value for name, value in asdict(target).items() if name != "ended_at"},
    )


def add_occurrence(
    target: TargetRow,
    row_id: str,
    due_at: datetime,
    local_due: str,
    now: datetime,
    *,
    slot: bool = False,
    behind: datetime | None = None,
) -> Statement:
    """Insert an occurrence of a target unless one of it waits. That of a paused schedule is paused.

    With ``slot``, the flight ends with ``Duplicate`` if the slot of the account was given away in the meantime.
    ``behind``: when the occurrence was due which it follows. Where there is a later one, that was followed before.
    """
    followed = "" if behind is None else " OR o.due_at > :behind"
    return sql(
        f"""INSERT INTO schedule_occurrences (id, user_id, schedule_id, target_id, connection_id, due_at, local_due, position,
             slot, state, wake_at, check_due_at, created_at, updated_at)
           SELECT :id, :user_id, s.id, t.id, t.connection_id, :due_at, :local_due, t.position, :slot,
             CASE WHEN s.status = 'paused' THEN 'paused' ELSE 'pending' END,
             CASE WHEN s.status = 'paused' THEN NULL ELSE :due_at END, :check_at, :now, :now
           FROM schedule_targets t JOIN schedules s ON s.user_id = t.user_id AND s.id = t.schedule_id
           WHERE t.user_id = :user_id AND t.id = :target_id AND t.ended_at IS NULL AND s.status IN ('active', 'paused')
             AND NOT EXISTS (SELECT 1 FROM schedule_occurrences o
               WHERE o.target_id = t.id AND (o.state IN ('pending', 'paused', 'running'){followed}))
           ON CONFLICT (target_id, local_due, due_at) DO NOTHING""",  # noqa: S608 - a constant
        id=row_id,
        user_id=target.user_id,
        target_id=target.id,
        due_at=due_at,
        local_due=local_due,
        slot=slot,
        check_at=stages.following(due_at, now),
        now=now,
        **({} if behind is None else {"behind": behind}),
    )


def one(user_id: str, schedule_id: str) -> Query[ScheduleRow]:
    """Select one schedule."""
    return query(
        ScheduleRow, "SELECT {columns} FROM schedules WHERE user_id = :user_id AND id = :id", user_id=user_id, id=schedule_id
    )


def targets(user_id: str, schedule_ids: Sequence[str]) -> Query[TargetRow]:
    """Select the current targets of schedules."""
    listed, params = among("schedule", schedule_ids)
    return query(
        TargetRow,
        f"""SELECT {{columns}} FROM schedule_targets WHERE user_id = :user_id AND ended_at IS NULL AND schedule_id IN ({listed})
            ORDER BY position""",  # noqa: S608 - names of parameters
        user_id=user_id,
        **params,
    )


def current_occurrences(user_id: str, schedule_ids: Sequence[str]) -> Query[OccurrenceRow]:
    """Select the open occurrences of schedules, and of each target the last one."""
    listed, params = among("schedule", schedule_ids)
    return query(
        OccurrenceRow,
        f"""SELECT {columns(OccurrenceRow, "o")} FROM schedule_occurrences o
            WHERE o.user_id = :user_id AND o.schedule_id IN ({listed})
              AND (o.{_OPEN} OR NOT EXISTS (SELECT 1 FROM schedule_occurrences l
                WHERE l.target_id = o.target_id AND (l.due_at, l.created_at, l.id) > (o.due_at, o.created_at, o.id)))
            ORDER BY o.due_at, o.created_at, o.id""",  # noqa: S608 - names of parameters
        user_id=user_id,
        **params,
    )


def page(user_id: str, filters: Mapping[str, Any], after: Sequence[str] | None, limit: int) -> Query[ScheduleRow]:
    """Select schedules that the filters leave, newest first, and one more than the page to know whether there is a next one."""
    params: dict[str, Any] = {name: filters[name] for name in FILTERS if filters.get(name) is not None}
    behind = "".join(f" AND {FILTERS[name]}" for name in params)
    if after is not None:
        behind += " AND (s.created_at, s.id) < (:created_at, :id)"
        params |= {"created_at": datetime.fromisoformat(after[0]), "id": after[1]}
    return query(
        ScheduleRow,
        f"""SELECT {columns(ScheduleRow, "s")} FROM schedules s WHERE s.user_id = :user_id{behind}
            ORDER BY s.created_at DESC, s.id DESC LIMIT :limit""",  # noqa: S608 - constants
        user_id=user_id,
        limit=limit + 1,
        **params,
    )
