"""Weekly plans of accounts, and the next slot of one that is free."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from noillusion.core import clock
from noillusion.core.errors import Invalid, NotFound, PreconditionFailed, field_error
from noillusion.core.preconditions import ANY, Condition, etag
from noillusion.db import Actor, database
from noillusion.scheduling import ahead, calendar_store, slot_store
from noillusion.scheduling.calendar_models import SlotPlan, SlotPlanInput, WeekSlot
from noillusion.scheduling.calendar_rows import RecurringTarget, SlotPlanRow
from noillusion.scheduling.recurrence import Occurrence, on_the_clock
from noillusion.scheduling.slots import WEEKDAYS, WeeklySlot, upcoming
from noillusion.scheduling.time_models import Due

HORIZON = timedelta(days=366)
"""How far ahead a free slot is looked for."""
_STEP = timedelta(days=31)
_MOST = 24 * 31
"""Times of one recurring schedule in a step."""


async def get(user_id: str, connection_id: str) -> SlotPlan:
    """Return the plan of an account. Without one, it has no slots. One round trip."""
    return (await _read(user_id, connection_id))[0]


async def put(user_id: str, connection_id: str, given: SlotPlanInput, condition: Condition = ANY) -> SlotPlan:
    """Store the plan of an account. Raises :class:`PreconditionFailed` if it is not in the state that the condition names."""
    expected = None
    if condition:
        shown, row = await _read(user_id, connection_id)
        condition.check(tag(shown))
        expected = row.version if row else 0
    slots = sorted(given.slots, key=lambda slot: (WEEKDAYS.index(slot.weekday), slot.time))
    stored = slot_store.put(
        user_id,
        connection_id,
        given.time_zone,
        [slot.model_dump() for slot in slots],
        paused=given.paused,
        expected=expected,
        now=clock.now(),
    )
    if not (await database().flight(Actor(user_id), stored)).number_of(stored):
        if condition:
            raise PreconditionFailed("precondition_failed")
        raise NotFound
    return await get(user_id, connection_id)


async def free(user_id: str, connection_id: str) -> tuple[datetime, str]:
    """Return the next free slot of an account and the time zone of its plan. Raises :class:`Invalid` if it has none."""
    try:
        plan = await get(user_id, connection_id)
    except NotFound:
        raise Invalid([field_error("targets.0.connection_id", "connection")]) from None
    if plan.next_free is None:
        raise Invalid([field_error("next_free_slot", "no_free_slot")])
    return plan.next_free.due_at, plan.time_zone


def tag(plan: SlotPlan) -> str:
    """Return the entity tag of a plan. The next free slot is not part of it."""
    return etag(plan, without={"next_free"})


def week(row: SlotPlanRow) -> list[WeeklySlot]:
    """Return the slots of a stored plan."""
    return [WeeklySlot(WEEKDAYS.index(slot["weekday"]), time.fromisoformat(slot["time"])) for slot in row.slots]


async def _read(user_id: str, connection_id: str) -> tuple[SlotPlan, SlotPlanRow | None]:
    now = clock.now()
    account, plan = slot_store.account(user_id, connection_id), slot_store.plan(user_id, connection_id)
    taken = slot_store.taken(user_id, now, now + HORIZON, connection_id)
    recurring, zone = calendar_store.recurring(user_id, {"connection_id": connection_id}), calendar_store.time_zone(user_id)
    flight = await database().flight(Actor(user_id), account, plan, taken, recurring, zone)
    if flight.first(account) is None:
        raise NotFound
    row = flight.first(plan)
    if row is None:
        profile = flight.first(zone)
        name = profile.time_zone if profile else "UTC"
        return SlotPlan(
            connection_id=connection_id, time_zone=name, slots=[], paused=False, next_free=None, updated_at=None
        ), None
    free = _next_free(row, {each.due_at for each in flight[taken]}, flight[recurring], now)
    shown = SlotPlan(
        connection_id=connection_id,
        time_zone=row.time_zone,
        slots=[WeekSlot(**slot) for slot in row.slots],
        paused=row.paused,
        next_free=_shown(free, row.time_zone) if free else None,
        updated_at=row.updated_at,
    )
    return shown, row


def _shown(slot: Occurrence, zone: str) -> Due:
    return Due(due_at=slot.due_at, local_due_at=on_the_clock(slot.due_at, ZoneInfo(zone)))


def _next_free(
    plan: SlotPlanRow, taken: Collection[datetime], recurring: Sequence[RecurringTarget], now: datetime
) -> Occurrence | None:
    """Return the first slot later than ``now`` at which nothing waits and no schedule recurs."""
    slots, start = week(plan), now
    while slots and not plan.paused and start < now + HORIZON:
        end = start + _STEP
        busy = {each.due_at for _, each in ahead.following(recurring, start, end, _MOST)}
        for slot in upcoming(slots, plan.time_zone, start, end):
            if slot.due_at not in taken and slot.due_at not in busy:
                return slot
        start = end - timedelta(microseconds=1)
    return None
