"""What a request schedules: rows of the schedule and its targets, checked before anything is written."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from noillusion.connections.rows import ConnectionRow
from noillusion.core.errors import FieldError, Invalid, field_error
from noillusion.scheduling import recurrence, slot_plans, times, ways
from noillusion.scheduling.models import ScheduleInput, ScheduleTargetInput
from noillusion.scheduling.rows import ScheduleRow, TargetRow
from noillusion.scheduling.states import WayName
from noillusion.scheduling.time_models import Recurrence
from noillusion.scheduling.times import Time
from noillusion.templates import service as templates
from noillusion.vault.sealer import Place, sealer

TABLE, COLUMN = "schedule_targets", "sealed_source"


async def placed(user_id: str, body: ScheduleInput) -> ScheduleInput:
    """Return a request with the time of its slot, if it asks for one. Raises :class:`Invalid` if none is free."""
    if not body.next_free_slot:
        return body
    due_at, zone = await slot_plans.free(user_id, body.targets[0].connection_id)
    return body.model_copy(update={"due_at": due_at, **({} if "time_zone" in body.model_fields_set else {"time_zone": zone})})


def new_schedule(user_id: str, schedule_id: str, body: ScheduleInput, now: datetime) -> ScheduleRow:
    """Return the row of a new schedule."""
    assert body.due_at is not None
    due_at = times.whole(body.due_at)
    return ScheduleRow(
        id=schedule_id,
        user_id=user_id,
        status="active",
        time_zone=body.time_zone,
        due_at=due_at,
        local_start=times.local_text(due_at, body.time_zone),
        rrule=body.recurrence.rrule if body.recurrence else None,
        exdates=list(body.recurrence.exdates) if body.recurrence else [],
        grace_s=body.grace_minutes * 60,
        client_reference=body.client_reference,
        version=1,
        created_at=now,
        updated_at=now,
    )


def with_recurrence(schedule: ScheduleRow, given: Recurrence | None) -> ScheduleRow:
    """Return a schedule with another recurrence."""
    return replace(schedule, rrule=given.rrule if given else None, exdates=list(given.exdates) if given else [])


def first_time(schedule: ScheduleRow, now: datetime) -> Time:
    """Return the first time of a schedule. Raises :class:`Invalid` if what would be stored is past (failure-classes.md B9)."""
    if schedule.due_at <= now:
        raise Invalid([field_error("due_at", "due_past")])
    found = times.first(schedule)
    if found is None:
        raise Invalid([field_error("recurrence.rrule", "rrule_never", limit=recurrence.MAX_YEARS)])
    return found


async def targets(
    user_id: str, schedule_id: str, given: Sequence[ScheduleTargetInput], connected: Sequence[ConnectionRow], deadline: float
) -> list[TargetRow]:
    """Return the rows of targets. Raises :class:`Invalid` with all that is wrong with them."""
    known, rows, errors = {each.id: each for each in connected}, list[TargetRow](), list[FieldError]()
    for i, each in enumerate(given):
        connection = known.get(each.connection_id)
        if connection is None:
            errors.append(field_error(f"targets.{i}.connection_id", "connection"))
            continue
        usable = [name for name in ways.names() if ways.get(name).reason(connection) == "available"]
        way = each.way or next((name for name in usable if ways.get(name).fits(each)), None)
        if way is None or way not in usable:
            errors.append(field_error(f"targets.{i}.way", "way_unavailable", allowed=usable))
            continue
        rows.append(_target(user_id, schedule_id, i, way, each, connection))
    if not errors:
        found = await asyncio.gather(*(ways.get(row.way).verify(user_id, row, deadline) for row in rows))
        errors = [
            replace(error, field=f"targets.{row.position}.{error.field}")
            for row, of in zip(rows, found, strict=True)
            for error in of
        ]
    if errors:
        raise Invalid(errors)
    return [await _pinned(user_id, row) for row in rows]


async def _pinned(user_id: str, row: TargetRow) -> TargetRow:
    """Return a target with the version that its template has now."""
    if row.template_id is None:
        return row
    return replace(row, template_version=(await templates.resolve(user_id, row.template_id, None)).version)


def _target(
    user_id: str, schedule_id: str, position: int, way: WayName, given: ScheduleTargetInput, connection: ConnectionRow
) -> TargetRow:
    row_id, source = str(uuid4()), ways.get(way).source(given)
    sealed = sealer().seal(source.secret, Place(TABLE, COLUMN, user_id, row_id)) if source.secret else None
    return TargetRow(
        id=row_id,
        user_id=user_id,
        schedule_id=schedule_id,
        connection_id=connection.id,
        platform=connection.platform,
        position=position,
        way=way,
        kind=given.kind,
        source_hash=source.sha256,
        sealed_source=sealed,
        sealing_key_id=sealer().key_id if sealed else None,
        template_id=source.template_id,
        template_version=source.template_version,
        post_id=None,
        ended_at=None,
    )
