"""Creates schedules. Under one idempotency key there is one schedule."""

from __future__ import annotations

import contextlib
from uuid import uuid4

from noillusion import idempotency
from noillusion.connections import credentials
from noillusion.core import clock
from noillusion.core.errors import Conflict, NotFound
from noillusion.db import Actor, Duplicate, database
from noillusion.scheduling import holding, listing, planning, queue, store
from noillusion.scheduling.models import Schedule, ScheduleInput
from noillusion.scheduling.rows import KeyedSchedule

MOST_TRIES = 20
"""How often a slot is looked for again because another request took it first. One of those that meet always succeeds."""


async def create(user_id: str, key: str, body: ScheduleInput, deadline: float) -> tuple[Schedule, bool]:
    """Schedule. A repeat with the same key gets the schedule that the first request created, and true.

    Raises :class:`Invalid` with all problems at once; nothing is stored then.
    """
    with contextlib.suppress(NotFound):
        # Another request deleted it at once.
        for _ in range(MOST_TRIES):
            with contextlib.suppress(Duplicate):
                return await _create(user_id, key, body, deadline)
    raise Conflict("changed_at_once")


async def _create(user_id: str, key: str, body: ScheduleInput, deadline: float) -> tuple[Schedule, bool]:
    """Schedule once. Raises ``Duplicate`` if another request took the slot in the meantime."""
    now, schedule_id, keys = clock.now(), str(uuid4()), idempotency.hashes(user_id, "schedules", key)
    under_key, connected = store.by_key(user_id, schedule_id, keys), credentials.of_user(user_id)
    flight = await database().flight(Actor(user_id), under_key, connected)
    if (earlier := flight.first(under_key)) is not None:
        return await _repeated(user_id, key, body, earlier, deadline)
    schedule = planning.new_schedule(user_id, schedule_id, await planning.placed(user_id, body), now)
    time, connections = planning.first_time(schedule, now), flight[connected]
    targets = await planning.targets(user_id, schedule.id, body.targets, connections, deadline)
    await holding.check(schedule, body, targets, connections)
    occurrences = [str(uuid4()) for _ in targets]
    fingerprint = idempotency.fingerprint_of(user_id, "schedules", key, body) or ""
    flight = await database().flight(
        Actor(user_id),
        store.create(schedule, keys, fingerprint),
        *(store.add_target(target, schedule.version, now) for target in targets),
        *(
            store.add_occurrence(target, row_id, time.due_at, time.local, now, slot=body.next_free_slot)
            for target, row_id in zip(targets, occurrences, strict=True)
        ),
        under_key,
    )
    row = flight.first(under_key)
    if row is None:
        raise Conflict("too_many_schedules", limit=store.MAX_SCHEDULES)
    if row.id != schedule.id:
        return await _repeated(user_id, key, body, row, deadline)
    await holding.hand_over(user_id, schedule.id, body.targets, deadline)
    if time.due_at <= now + queue.AHEAD:
        await queue.send([queue.message(user_id, row_id, time.due_at, now) for row_id in occurrences])
    return await listing.get(user_id, schedule.id), False


async def _repeated(
    user_id: str, key: str, body: ScheduleInput, earlier: KeyedSchedule, deadline: float
) -> tuple[Schedule, bool]:
    idempotency.check_repeat(earlier.request_fingerprint, earlier.created_at, user_id, "schedules", key, body)
    # An earlier run may have died before everything was handed over; the content is here again.
    await holding.hand_over(user_id, earlier.id, body.targets, deadline)
    return await listing.get(user_id, earlier.id), True
