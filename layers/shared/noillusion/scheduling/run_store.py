"""SQL of occurrences in the hands of a run: taken under a lease, settled once, followed by the next one.

Two occurrences of one account are never run at once, and none before an earlier one. What is over never changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from noillusion.db import Query, Statement, among, columns, query, sql
from noillusion.scheduling.rows import ClaimedOccurrence, OccurrenceRow, ScheduleRow, TargetRow

FIRST_OF_ACCOUNT = """NOT EXISTS (SELECT 1 FROM schedule_occurrences e
    WHERE e.connection_id = {row}.connection_id AND e.state IN ('pending', 'running')
      AND (e.due_at, e.position, e.created_at, e.id) < ({row}.due_at, {row}.position, {row}.created_at, {row}.id))"""
_FIRST = FIRST_OF_ACCOUNT.format(row="schedule_occurrences")
_PAUSED = """EXISTS (SELECT 1 FROM schedules s WHERE s.user_id = :user_id AND s.id = schedule_occurrences.schedule_id
  AND s.status = 'paused')"""
_WAITING = "state IN ('pending', 'paused', 'running')"


def occurrence(user_id: str, occurrence_id: str) -> Query[OccurrenceRow]:
    """Select an occurrence."""
    return query(
        OccurrenceRow,
        "SELECT {columns} FROM schedule_occurrences WHERE user_id = :user_id AND id = :id",
        user_id=user_id,
        id=occurrence_id,
    )


def of_posts(user_id: str, post_ids: Sequence[str]) -> Query[OccurrenceRow]:
    """Select the occurrences whose posts a platform holds, by the ids of the posts."""
    listed, ids = among("post_id", post_ids)
    return query(
        OccurrenceRow,
        f"""SELECT {{columns}} FROM schedule_occurrences
            WHERE user_id = :user_id AND state = 'processing' AND post_id IN ({listed})""",  # noqa: S608 - names of parameters
        user_id=user_id,
        **ids,
    )


def schedule_of(user_id: str, occurrence_id: str) -> Query[ScheduleRow]:
    """Select the schedule of an occurrence."""
    return query(
        ScheduleRow,
        """SELECT {columns} FROM schedules WHERE user_id = :user_id
             AND id = (SELECT schedule_id FROM schedule_occurrences WHERE user_id = :user_id AND id = :id)""",
        user_id=user_id,
        id=occurrence_id,
    )


def target_of(user_id: str, occurrence_id: str) -> Query[TargetRow]:
    """Select the target of an occurrence."""
    return query(
        TargetRow,
        """SELECT {columns} FROM schedule_targets WHERE user_id = :user_id
             AND id = (SELECT target_id FROM schedule_occurrences WHERE user_id = :user_id AND id = :id)""",
        user_id=user_id,
        id=occurrence_id,
    )


def take(user_id: str, occurrence_id: str, owner: str, now: datetime, until: datetime) -> Query[OccurrenceRow]:
    """Take an occurrence that is due, unless somebody else has it or an earlier one of its account is not over."""
    return query(
        OccurrenceRow,
        f"""UPDATE schedule_occurrences SET state = 'running', lease_owner = :owner, lease_until = :until, wake_at = :until,
              check_due_at = NULL, updated_at = :now
            WHERE user_id = :user_id AND id = :id AND due_at <= :now AND state IN ('pending', 'running')
              AND (lease_until IS NULL OR lease_until <= :now) AND {_FIRST}
            RETURNING {{columns}}""",  # noqa: S608 - a constant
        user_id=user_id,
        id=occurrence_id,
        owner=owner,
        now=now,
        until=until,
    )


def take_told(user_id: str, occurrence_id: str, owner: str, now: datetime, until: datetime) -> Query[OccurrenceRow]:
    """Take an occurrence of which the user was told, to publish what the user sends. Its grace may be over."""
    return query(
        OccurrenceRow,
        """UPDATE schedule_occurrences SET state = 'running', lease_owner = :owner, lease_until = :until, wake_at = :until,
             updated_at = :now
           WHERE user_id = :user_id AND id = :id AND state = 'notified' RETURNING {columns}""",
        user_id=user_id,
        id=occurrence_id,
        owner=owner,
        now=now,
        until=until,
    )


def leave(
    row: OccurrenceRow,
    owner: str | None,
    state: str,
    now: datetime,
    *,
    code: str | None = None,
    post_id: str | None = None,
    wake_at: datetime | None = None,
    not_before: datetime | None = None,
    pausable: bool = False,
) -> Query[OccurrenceRow]:
    """Leave an occurrence in another state. Whoever took it names its lease; without one it must be in the state of ``row``.

    ``not_before``: when a run may take it again. ``pausable``: if its schedule was paused in the meantime, it is paused instead.
    """
    becomes, wakes = ":state", ":wake_at"
    if pausable:
        becomes, wakes = f"CASE WHEN {_PAUSED} THEN 'paused' ELSE :state END", f"CASE WHEN {_PAUSED} THEN NULL ELSE :wake_at END"
    held = "state = 'running' AND lease_owner = :owner" if owner else "state = :from_state AND lease_owner IS NULL"
    return query(
        OccurrenceRow,
        f"""UPDATE schedule_occurrences SET state = {becomes}, code = :code, post_id = COALESCE(:post_id, post_id),
              lease_owner = NULL, lease_until = :not_before, wake_at = {wakes}, check_due_at = NULL, updated_at = :now
            WHERE user_id = :user_id AND id = :id AND {held} RETURNING {{columns}}""",  # noqa: S608 - constants
        user_id=row.user_id,
        id=row.id,
        state=state,
        code=code,
        post_id=post_id,
        wake_at=wake_at,
        not_before=not_before,
        now=now,
        **({"owner": owner} if owner else {"from_state": row.state}),
    )


def is_left(row: OccurrenceRow, state: str) -> Statement:
    """Select an occurrence if it is in a state."""
    return sql(
        "SELECT 1 FROM schedule_occurrences WHERE user_id = :left_user_id AND id = :left_id AND state = :left_state",
        left_user_id=row.user_id,
        left_id=row.id,
        left_state=state,
    )


def end(user_id: str, schedule_id: str, now: datetime) -> tuple[Statement, Statement]:
    """Forget the sources that no occurrence needs any more, and end a schedule of which none is open."""
    params = {"user_id": user_id, "schedule_id": schedule_id, "now": now}
    return (
        sql(
            f"""UPDATE schedule_targets SET sealed_source = NULL, sealing_key_id = NULL, updated_at = :now
                WHERE user_id = :user_id AND schedule_id = :schedule_id AND sealed_source IS NOT NULL
                  AND NOT EXISTS (SELECT 1 FROM schedule_occurrences o
                    WHERE o.target_id = schedule_targets.id AND o.{_WAITING})""",  # noqa: S608 - a constant
            **params,
        ),
        sql(
            """UPDATE schedules SET status = 'ended', version = version + 1, updated_at = :now
               WHERE user_id = :user_id AND id = :schedule_id AND status IN ('active', 'paused')
                 AND NOT EXISTS (SELECT 1 FROM schedule_occurrences o WHERE o.schedule_id = schedules.id
                   AND o.state IN ('pending', 'paused', 'running', 'processing', 'notified'))""",
            **params,
        ),
    )


def wake_next(user_id: str, connection_id: str, ahead: datetime, until: datetime) -> Query[ClaimedOccurrence]:
    """Claim the next occurrence of an account if it is due by ``ahead``, now that an earlier one is over."""
    return query(
        ClaimedOccurrence,
        f"""UPDATE schedule_occurrences SET wake_at = :until
            WHERE user_id = :user_id AND state = 'pending' AND id = (
              SELECT id FROM schedule_occurrences WHERE user_id = :user_id AND connection_id = :connection_id
                AND state IN ('pending', 'running') AND due_at <= :ahead
              ORDER BY due_at, position, created_at, id LIMIT 1)
              AND (lease_until IS NULL OR lease_until <= :ahead)
            RETURNING {columns(ClaimedOccurrence)}""",  # noqa: S608 - columns of a shape
        user_id=user_id,
        connection_id=connection_id,
        ahead=ahead,
        until=until,
    )
