"""SQL that changes schedules. Only what waits gets other times: what is over keeps them (failure-classes.md B10)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from noillusion.db import LOCKED, Json, Query, Statement, query, sql
from noillusion.scheduling import stages, store
from noillusion.scheduling.rows import ClaimedOccurrence, OccurrenceRow, ScheduleRow

_OF = "user_id = :user_id AND schedule_id = :schedule_id"
_SAVED = ("id", "user_id", "time_zone", "due_at", "local_start", "rrule", "grace_s", "client_reference")


def hold(user_id: str, schedule_id: str) -> Statement:
    """Hold other changes of a schedule up until the end of the flight."""
    return sql(
        f"SELECT id FROM schedules WHERE user_id = :user_id AND id = :id {LOCKED}",  # noqa: S608 - a constant
        user_id=user_id,
        id=schedule_id,
    )


def change(schedule: ScheduleRow, version: int, now: datetime, *, idle: bool) -> Statement:
    """Update a schedule. Returns a row unless ``version`` is no longer the current one or, where it must be ``idle``, something
    of it is being published."""
    values = {name: value for name, value in asdict(schedule).items() if name in _SAVED}
    return sql(
        f"""UPDATE schedules SET time_zone = :time_zone, due_at = :due_at, local_start = :local_start, rrule = :rrule,
             exdates = :exdates, grace_s = :grace_s, client_reference = :client_reference, version = version + 1,
             updated_at = :now
           WHERE user_id = :user_id AND id = :id AND version = :version AND status IN ('active', 'paused')
             {f"AND {store.IDLE}" if idle else ""} RETURNING id""",  # noqa: S608 - a constant
        exdates=Json(schedule.exdates),
        version=version,
        now=now,
        schedule_id=schedule.id,
        **values,
    )


def busy(user_id: str, schedule_id: str) -> Statement:
    """Select the occurrences of a schedule that are being published."""
    return sql(
        f"SELECT id FROM schedule_occurrences WHERE {_OF} AND state = 'running'",  # noqa: S608 - a constant
        user_id=user_id,
        schedule_id=schedule_id,
    )


def move(schedule: ScheduleRow, due_at: datetime, local_due: str, now: datetime, *, slot: bool = False) -> Statement:
    """Give what waits another time, before its schedule is changed.

    With ``slot``, the flight ends with ``Duplicate`` if it was given away in the meantime.
    """
    return sql(
        f"""UPDATE schedule_occurrences SET due_at = :due_at, local_due = :local_due, slot = :slot, check_stage = 0,
              check_due_at = :check_at, lease_until = NULL,
              wake_at = CASE WHEN state = 'pending' THEN :due_at ELSE NULL END, updated_at = :now
            WHERE {_OF} AND state IN ('pending', 'paused') AND {store.UNCHANGED} RETURNING id""",  # noqa: S608 - a constant
        user_id=schedule.user_id,
        schedule_id=schedule.id,
        version=schedule.version,
        due_at=due_at,
        local_due=local_due,
        slot=slot,
        check_at=stages.following(due_at, now),
        now=now,
    )


def end_targets(schedule: ScheduleRow, now: datetime) -> tuple[Statement, Statement]:
    """Cancel what waits, and end the targets of a schedule, before it is changed."""
    params = {"user_id": schedule.user_id, "schedule_id": schedule.id, "version": schedule.version, "now": now}
    return (
        sql(
            f"""UPDATE schedule_occurrences SET state = 'canceled', code = 'canceled', wake_at = NULL, check_due_at = NULL,
                  lease_until = NULL, updated_at = :now
                WHERE {_OF} AND state IN ('pending', 'paused') AND {store.UNCHANGED}""",  # noqa: S608 - a constant
            **params,
        ),
        sql(
            f"""UPDATE schedule_targets SET ended_at = :now, sealed_source = NULL, sealing_key_id = NULL, updated_at = :now
                WHERE {_OF} AND ended_at IS NULL AND {store.UNCHANGED}""",  # noqa: S608 - a constant
            **params,
        ),
    )


def pause(user_id: str, schedule_id: str, now: datetime) -> tuple[Statement, Statement]:
    """Pause a schedule and what waits."""
    params = {"user_id": user_id, "schedule_id": schedule_id, "now": now}
    return (
        sql(
            """UPDATE schedules SET status = 'paused', version = version + 1, updated_at = :now
               WHERE user_id = :user_id AND id = :schedule_id AND status = 'active'""",
            **params,
        ),
        sql(
            f"""UPDATE schedule_occurrences SET state = 'paused', wake_at = NULL, check_due_at = NULL, updated_at = :now
                WHERE {_OF} AND state = 'pending'""",  # noqa: S608 - a constant
            **params,
        ),
    )


def resume(user_id: str, schedule_id: str, passed: datetime, now: datetime) -> tuple[Statement, Statement, Statement]:
    """Resume a schedule: what was due before ``passed`` is skipped, the rest waits again."""
    params = {"user_id": user_id, "schedule_id": schedule_id, "now": now}
    return (
        sql(
            """UPDATE schedules SET status = 'active', version = version + 1, updated_at = :now
               WHERE user_id = :user_id AND id = :schedule_id AND status = 'paused'""",
            **params,
        ),
        sql(
            f"""UPDATE schedule_occurrences SET state = 'skipped', code = 'schedule_paused', lease_until = NULL, updated_at = :now
                WHERE {_OF} AND state = 'paused' AND due_at < :passed""",  # noqa: S608 - a constant
            passed=passed,
            **params,
        ),
        sql(
            f"""UPDATE schedule_occurrences SET state = 'pending', wake_at = due_at, check_stage = 0, check_due_at = :now,
                  updated_at = :now
                WHERE {_OF} AND state = 'paused'""",  # noqa: S608 - a constant
            **params,
        ),
    )


def publish_now(user_id: str, schedule_id: str, now: datetime) -> Statement:
    """Have what waits published now. Its local time stays the one of its rule, from which the next one follows."""
    return sql(
        f"""UPDATE schedule_occurrences SET state = 'pending', due_at = :now, wake_at = :now, lease_until = NULL,
              check_due_at = NULL, updated_at = :now
            WHERE {_OF} AND state IN ('pending', 'paused') RETURNING id""",  # noqa: S608 - a constant
        user_id=user_id,
        schedule_id=schedule_id,
        now=now,
    )


def soon(user_id: str, schedule_id: str, ahead: datetime) -> Query[ClaimedOccurrence]:
    """Select what waits and is due by then."""
    return query(
        ClaimedOccurrence,
        f"""SELECT {{columns}} FROM schedule_occurrences WHERE {_OF} AND state = 'pending' AND due_at <= :ahead
            ORDER BY due_at, position""",  # noqa: S608 - a constant
        user_id=user_id,
        schedule_id=schedule_id,
        ahead=ahead,
    )


def delete(user_id: str, schedule_id: str) -> Statement:
    """Delete a schedule of which nothing is being published. Its targets and occurrences go with it."""
    return sql(
        f"""DELETE FROM schedules WHERE user_id = :user_id AND id = :schedule_id
              AND NOT EXISTS (SELECT 1 FROM schedule_occurrences WHERE {_OF} AND state = 'running')
            RETURNING id""",  # noqa: S608 - a constant
        user_id=user_id,
        schedule_id=schedule_id,
    )


def held(user_id: str, target_id: str, post_id: str, now: datetime) -> Statement:
    """Record the post that a platform holds for a target."""
    return sql(
        "UPDATE schedule_targets SET post_id = :post_id, updated_at = :now WHERE user_id = :user_id AND id = :id",
        user_id=user_id,
        id=target_id,
        post_id=post_id,
        now=now,
    )


def move_held(row: OccurrenceRow, due_at: datetime, local_due: str, now: datetime) -> Query[OccurrenceRow]:
    """Give an occurrence whose post a platform holds another time. It is looked at soon, for it may be due earlier now."""
    return query(
        OccurrenceRow,
        """UPDATE schedule_occurrences SET due_at = :due_at, local_due = :local_due, check_stage = 0, check_due_at = NULL,
             wake_at = :now, updated_at = :now
           WHERE user_id = :user_id AND id = :id AND state = 'processing' AND lease_owner IS NULL RETURNING {columns}""",
        user_id=row.user_id,
        id=row.id,
        due_at=due_at,
        local_due=local_due,
        now=now,
    )
