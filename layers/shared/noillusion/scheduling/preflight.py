"""Looks at occurrences before they are due, while there is time to mend what is wrong (failure-classes.md C11).

72, 24 and 1 hour before: whether the account works and may publish, has quota left, and whether the content could be had. Each
change of the problems of an occurrence is one notice. Nothing is published, generated or kept.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from noillusion.core import clock, logs
from noillusion.core.errors import AccountDeleted, FieldError
from noillusion.db import WORKER, Actor, Statement, database
from noillusion.notices.notice import notice
from noillusion.scheduling import checks_store, run_store
from noillusion.scheduling.faults import ScheduleFault
from noillusion.scheduling.stages import following, stage

if TYPE_CHECKING:
    from noillusion.scheduling.rows import OccurrenceRow, TargetRow

BATCH: Final = 20
AT_ONCE: Final = 5
"""Occurrences that are looked at side by side."""
CLAIM: Final = timedelta(minutes=10)
"""How long an occurrence is left to the run that claimed it."""
EACH_S: Final = 20.0
"""The most that looking at one occurrence may take."""
MOST_CODES: Final = 8
"""Problems whose codes a notice names."""


async def run(deadline: float) -> Counter[str]:
    """Look at the occurrences whose time has come, the nearest due first: ``fine``, ``problems`` and ``failed`` ones."""
    done: Counter[str] = Counter()
    slots = asyncio.Semaphore(AT_ONCE)
    while clock.monotonic() + EACH_S < deadline:
        now = clock.now()
        claimed = checks_store.claim(now, now + CLAIM, BATCH)
        rows = (await database().flight(WORKER, claimed))[claimed]
        done.update(await asyncio.gather(*(_look(row.user_id, row.id, slots, deadline) for row in rows)))
        if len(rows) < BATCH:
            break
    return done


async def _look(user_id: str, occurrence_id: str, slots: asyncio.Semaphore, deadline: float) -> str:
    async with slots:
        try:
            return await _check(user_id, occurrence_id, min(deadline, clock.monotonic() + EACH_S))
        except AccountDeleted:
            return "gone"
        except Exception as error:  # noqa: BLE001 - whatever one meets, the others are looked at; it is claimed again
            logs.failure("preflight_failed", error)
            return "failed"


async def _check(user_id: str, occurrence_id: str, deadline: float) -> str:
    occurrence, target = run_store.occurrence(user_id, occurrence_id), run_store.target_of(user_id, occurrence_id)
    flight = await database().flight(Actor(user_id), occurrence, target)
    row, goal = flight.first(occurrence), flight.first(target)
    if row is None or goal is None or row.state != "pending":
        return "gone"
    found = await _problems(goal, deadline)
    now, codes = clock.now(), row.check_codes if found is None else _codes(found)
    done = checks_store.done(row, codes, stage(row.due_at, now), following(row.due_at, now), now)
    # One that is told stays told until it is solved; one that comes back is told again.
    told = [_notice(row, goal, found, codes, now)] if found and codes and codes != row.check_codes else []
    await database().flight(Actor(user_id), done, *told)
    return "problems" if found else "fine"


def _codes(found: Sequence[FieldError]) -> str | None:
    return ",".join(sorted({error.code for error in found})[:MOST_CODES]) or None


async def _problems(target: TargetRow, deadline: float) -> Sequence[FieldError] | None:
    """Return what would keep a target from being published now, ``None`` if that was not found out."""
    # The ways bring the platforms and the HTTP client.
    from noillusion.scheduling import messages, ways

    if target.connection_id is None:
        return [FieldError("connection_id", "disconnected", messages.CODES["disconnected"])]
    try:
        async with asyncio.timeout(max(0.1, deadline - clock.monotonic())):
            return await ways.get(target.way).verify(target.user_id, target, deadline, live=True)
    except ScheduleFault as fault:
        return [FieldError(target.way, fault.code, messages.CODES[fault.code])]
    except TimeoutError:
        # Nobody is told of it: the platform or the host was slow, and the next look is soon enough.
        return None


def _notice(row: OccurrenceRow, target: TargetRow, found: Sequence[FieldError], codes: str, now: datetime) -> Statement:
    return notice(
        row.user_id,
        "schedule_problem",
        row.id,
        f"{codes}:{row.check_changes + 1}",
        now,
        {
            "platform": target.platform,
            "schedule_id": row.schedule_id,
            "way": target.way,
            "due_at": row.due_at.isoformat(),
            "code": codes.partition(",")[0],
            "codes": codes,
            "field": found[0].field,
        },
        provided=run_store.is_left(row, "pending"),
    )
