"""Changes schedules: times, targets, pause, resumption, publication now, deletion. What is over stays as it is."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from noillusion import idempotency
from noillusion.connections import credentials
from noillusion.core import clock
from noillusion.core.errors import Conflict, Invalid, field_error
from noillusion.core.patches import merge
from noillusion.core.preconditions import ANY, Condition
from noillusion.db import Actor, Duplicate, Statement, database
from noillusion.scheduling import change_store, holding, listing, planning, queue, run_store, slot_plans, store, times
from noillusion.scheduling.models import Schedule, SchedulePatch, ScheduleTargetInput
from noillusion.scheduling.rows import ScheduleRow
from noillusion.scheduling.time_models import Recurrence
from noillusion.scheduling.times import Time

MOST_TRIES = 20
"""How often a slot is looked for again because another request took it first."""
MOST_EARLY = 50
"""Times to come that are looked at for having been published early."""
TIMES = frozenset({"due_at", "time_zone", "recurrence"})


async def _read(user_id: str, schedule_id: str, condition: Condition, *, live: bool = True) -> ScheduleRow:
    """Return a schedule in the state that the condition names. Raises :class:`Conflict` if it must be ``live`` and is over."""
    schedule, row = await listing.read(user_id, schedule_id)
    condition.check(listing.tag(schedule))
    if live and row.status not in ("active", "paused"):
        raise Conflict("schedule_over")
    return row


async def change(user_id: str, schedule_id: str, patch: SchedulePatch, condition: Condition, deadline: float) -> Schedule:
    """Merge a patch into a schedule. New times apply to what waits; what is being published now is not changed."""
    for _ in range(MOST_TRIES):
        with contextlib.suppress(Duplicate):
            return await _change(user_id, schedule_id, patch, condition, deadline)
    raise Conflict("changed_at_once")


async def _change(user_id: str, schedule_id: str, patch: SchedulePatch, condition: Condition, deadline: float) -> Schedule:
    """Change a schedule once. Raises ``Duplicate`` if another request took the slot in the meantime."""
    row, now = await _read(user_id, schedule_id, condition), clock.now()
    patch = await _placed(user_id, row, patch)
    given = patch.model_fields_set
    changed = _merged(row, patch)
    taken = await _taken_until(row, now) if given & {*TIMES, "targets"} and "due_at" not in given else None
    time = _time(changed, given, row, taken) if given & TIMES else None
    await holding.refuse(changed, patch)
    statements: list[Statement] = []
    if "targets" in given:
        statements = await _targets(changed, patch.targets, time, taken, deadline)
    elif time is not None:
        statements = [change_store.move(row, time.due_at, time.local, now, slot=bool(patch.next_free_slot))]
    idle = time is not None or "targets" in given
    await _check(row, idle=idle)
    if time is not None or "text" in given:
        # First at the platforms: what they refuse changes nothing here.
        await holding.change(changed, patch.text, None if time is None else time.due_at, deadline)
    update = change_store.change(changed, row.version, now, idle=idle)
    flight = await database().flight(Actor(user_id), change_store.hold(user_id, schedule_id), *statements, update)
    if not flight.number_of(update):
        await _check(row, idle=idle)
        raise Conflict("changed_at_once")
    await queue_soon(user_id, schedule_id)
    return await listing.get(user_id, schedule_id)


async def _check(row: ScheduleRow, *, idle: bool) -> None:
    """Raise :class:`Conflict` if a schedule was changed meanwhile or, where it must be ``idle``, something of it is published."""
    busy, current = change_store.busy(row.user_id, row.id), store.one(row.user_id, row.id)
    flight = await database().flight(Actor(row.user_id), busy, current)
    if idle and flight.number_of(busy):
        raise Conflict("schedule_running")
    if (found := flight.first(current)) is None or found.version != row.version:
        raise Conflict("changed_at_once")


async def _placed(user_id: str, row: ScheduleRow, patch: SchedulePatch) -> SchedulePatch:
    """Return a patch with the time of the next free slot, if it asks for one."""
    given = patch.model_fields_set
    if "due_at" in given and patch.due_at is None:
        raise Invalid([field_error("due_at", "not_null")])
    if not patch.next_free_slot:
        return patch
    targets = store.targets(user_id, [row.id])
    current = (await database().flight(Actor(user_id), targets))[targets]
    if given & {"due_at", "recurrence", "targets"} or row.rrule or len(current) != 1 or current[0].connection_id is None:
        raise Invalid([field_error("next_free_slot", "slot_alone")])
    due_at, _ = await slot_plans.free(user_id, current[0].connection_id)
    return patch.model_copy(update={"due_at": due_at})


def _merged(row: ScheduleRow, patch: SchedulePatch) -> ScheduleRow:
    given, changed = patch.model_fields_set, row
    if "recurrence" in given:
        before = {"rrule": row.rrule, "exdates": row.exdates} if row.rrule else None
        merged = merge(before, patch.changes()["recurrence"])
        if merged is not None and not merged.get("rrule"):
            raise Invalid([field_error("recurrence.rrule", "recurrence_missing")])
        changed = planning.with_recurrence(changed, Recurrence.model_validate(merged) if merged else None)
    if "time_zone" in given:
        changed = replace(changed, time_zone=patch.time_zone)
    if "due_at" in given:
        changed = replace(changed, due_at=times.whole(patch.due_at))
    if "grace_minutes" in given:
        changed = replace(changed, grace_s=patch.grace_minutes * 60)
    if "client_reference" in given:
        changed = replace(changed, client_reference=patch.client_reference)
    return replace(changed, local_start=times.local_text(changed.due_at, changed.time_zone))


async def _taken_until(row: ScheduleRow, now: datetime) -> datetime | None:
    """Return the last time of a recurrence that is to come and was published early: what waits is due later."""
    if row.rrule is None:
        return None
    current = store.current_occurrences(row.user_id, [row.id])
    found = (await database().flight(Actor(row.user_id), current))[current]
    waiting = min((each.due_at for each in found if each.state in ("pending", "paused")), default=now)
    return max((time.due_at for time in times.after(row, now, MOST_EARLY) if time.due_at < waiting), default=None)


def _time(changed: ScheduleRow, given: set[str], row: ScheduleRow, taken: datetime | None) -> Time:
    """Return the next time of a schedule whose times change. A start that is given must be in the future."""
    now = clock.now()
    if "due_at" in given or (row.due_at > now and taken is None):
        return planning.first_time(changed, now)
    found = times.after(changed, taken or now) if changed.rrule else []
    if not found:
        raise Invalid([field_error("due_at", "due_past")])
    return found[0]


async def _targets(
    schedule: ScheduleRow, given: Sequence[ScheduleTargetInput], time: Time | None, taken: datetime | None, deadline: float
) -> list[Statement]:
    """Return the statements that put other targets in the place of those that a schedule has."""
    user_id, now = schedule.user_id, clock.now()
    connected = credentials.of_user(user_id)
    connections = (await database().flight(Actor(user_id), connected))[connected]
    rows = await planning.targets(user_id, schedule.id, given, connections, deadline)
    if time is None:
        found = times.after(schedule, taken or now)
        if not found:
            raise Conflict("schedule_over")
        time = found[0]
    return [
        *change_store.end_targets(schedule, now),
        *(store.add_target(row, schedule.version, now) for row in rows),
        *(store.add_occurrence(row, str(uuid4()), time.due_at, time.local, now) for row in rows),
    ]


async def pause(user_id: str, schedule_id: str, condition: Condition = ANY) -> Schedule:
    """Pause a schedule: nothing of it is published until it is resumed."""
    await _read(user_id, schedule_id, condition)
    await holding.refuse_pause(user_id, schedule_id)
    await database().flight(Actor(user_id), *change_store.pause(user_id, schedule_id, clock.now()))
    return await listing.get(user_id, schedule_id)


async def resume(user_id: str, schedule_id: str, condition: Condition = ANY) -> Schedule:
    """Resume a schedule. What should have been published in the meantime, and is past its grace, is skipped."""
    row, now = await _read(user_id, schedule_id, condition), clock.now()
    passed = now - timedelta(seconds=row.grace_s)
    targets, waiting = store.targets(user_id, [schedule_id]), store.current_occurrences(user_id, [schedule_id])
    found = await database().flight(Actor(user_id), targets, waiting)
    skipped = {each.target_id for each in found[waiting] if each.state == "paused" and each.due_at < passed}
    # A later time of the pause may be within its grace.
    following = next(iter(times.after(row, passed)), None) if row.rrule else None
    added = [
        store.add_occurrence(each, str(uuid4()), following.due_at, following.local, now)
        for each in found[targets]
        if following and each.id in skipped
    ]
    await database().flight(
        Actor(user_id),
        *change_store.resume(user_id, schedule_id, passed, now),
        *added,
        *run_store.end(user_id, schedule_id, now),
    )
    await queue_soon(user_id, schedule_id)
    return await listing.get(user_id, schedule_id)


async def publish_now(
    user_id: str, schedule_id: str, key: str | None, deadline: float, condition: Condition = ANY
) -> tuple[Schedule, bool]:
    """Have what waits published now, instead of at its time. With a key, a repeat changes nothing and gets true.

    Raises :class:`Conflict` if nothing waits, or the key was used for another request.
    """
    if key and await _asked_before(user_id, schedule_id, key):
        return await listing.get(user_id, schedule_id), True
    await _read(user_id, schedule_id, condition)
    released, now = await holding.publish_now(user_id, schedule_id, deadline), clock.now()
    hastened = change_store.publish_now(user_id, schedule_id, now)
    recorded = [_request(user_id, schedule_id, key, effective=released > 0)] if key else []
    try:
        flight = await database().flight(Actor(user_id), *recorded, hastened)
    except Duplicate:
        # The same request at the same time was faster.
        if not (key and await _asked_before(user_id, schedule_id, key)):
            raise
        return await listing.get(user_id, schedule_id), True
    if not flight.number_of(hastened) and not released:
        raise Conflict("nothing_waits")
    await queue_soon(user_id, schedule_id)
    return await listing.get(user_id, schedule_id), False


def _request(user_id: str, schedule_id: str, key: str, *, effective: bool) -> Statement:
    """Return the statement that records a request to publish now with its key."""
    fingerprint = idempotency.fingerprint_of(user_id, "publish-now", key, None, schedule_id) or ""
    stored = idempotency.hashed(user_id, "publish-now", key)
    return store.add_request(user_id, str(uuid4()), schedule_id, stored, fingerprint, clock.now(), effective=effective)


async def _asked_before(user_id: str, schedule_id: str, key: str) -> bool:
    """Return whether this request was made before. Raises :class:`Conflict` if another one was, or this one too long ago."""
    found = store.request(user_id, idempotency.hashes(user_id, "publish-now", key))
    row = (await database().flight(Actor(user_id), found)).first(found)
    if row is not None:
        idempotency.check_repeat(row.request_fingerprint, row.created_at, user_id, "publish-now", key, None, schedule_id)
    return row is not None


async def delete(user_id: str, schedule_id: str, deadline: float, condition: Condition = ANY) -> None:
    """Delete a schedule with all its records. What waits is not published, and what platforms hold is removed there; other posts
    stay. Raises :class:`Conflict` during a run."""
    await _read(user_id, schedule_id, condition, live=False)
    await holding.cancel(user_id, schedule_id, deadline)
    deletion = change_store.delete(user_id, schedule_id)
    if not (await database().flight(Actor(user_id), deletion)).number_of(deletion):
        raise Conflict("schedule_running")


async def queue_soon(user_id: str, schedule_id: str) -> None:
    """Queue what is due before the clock would find it."""
    now = clock.now()
    soon = change_store.soon(user_id, schedule_id, now + queue.AHEAD)
    await queue.enqueue((await database().flight(Actor(user_id), soon))[soon])
