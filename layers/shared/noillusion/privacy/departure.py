"""Deletion of an account: the departure is recorded, grants are revoked, rows are deleted in steps, and a receipt is written.

After the record, work that began earlier can no longer write for this user, and later work cannot until the deletion is complete.
Each step is one transaction, and a process may die after any of them: the scheduled task continues from the record.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal
from uuid import uuid4

from noillusion import epoch
from noillusion.core import clock, logs
from noillusion.core.errors import NotFound, Unavailable
from noillusion.db import WORKER, Actor, Statement, database
from noillusion.privacy import store, windows
from noillusion.privacy.models import DeletionReceipt, Revocation
from noillusion.privacy.rows import DepartureReceipt, DepartureRow
from noillusion.privacy.windows import Window
from noillusion.settings.source import settings
from noillusion.vault.sealer import fingerprint, fingerprints, matches

if TYPE_CHECKING:
    from noillusion.connections.grants import Grant
    from noillusion.connections.rows import CredentialRow

PATIENCE_S = 12.0
"""How long a request works on a deletion before it leaves the rest to the scheduled task."""
LEASE = timedelta(seconds=30)
"""Time without a step after which the process that works on a departure is considered dead."""
PER_RUN = 50
OPEN_TARGETS = 500
"""Posts whose files are deleted at once, the longest open first. Those of any more are gone after an hour."""
CODE, CODE_SEED = "deletion-code", "deletion-code-seed"
"""Purposes of keyed hashes: one to store a code, one to derive it."""


class Departure:
    """A departure that this process works on."""

    def __init__(self, row: DepartureRow, connected: Sequence[CredentialRow], grants: Sequence[Grant]) -> None:
        self.id, self.user_id = row.id, row.user_id
        self.settled = row.grants_settled_at is not None
        self.partial = not all(revocation["revoked"] for revocation in row.revocations)
        self.connected, self.grants, self.reached = connected, grants, row.reached
        self.actor = Actor(self.user_id, leaving=True)


async def leave(user_id: str, deadline: float) -> DeletionReceipt:
    """Delete all data of a user. The rest continues after the request; rows are deleted even if no platform responds."""
    now = clock.now()
    departure_id = str(uuid4())
    recorded = store.record(departure_id, user_id, fingerprint(CODE, _code(departure_id)), now)
    departure, row = await _take(user_id, recorded)
    receipt = None
    if departure is not None:
        try:
            receipt = await _go_on(departure, min(deadline, clock.monotonic() + PATIENCE_S))
        except Exception as error:  # noqa: BLE001 - they have left; the chore does what this request could not
            logs.failure("departure_interrupted", error)
    if receipt is None:
        assert row is not None, "it was recorded in the same transaction"
        return await _read(row)
    # A user who returns after this response is later than the departure by every clock.
    await asyncio.sleep(epoch.CLOCKS.total_seconds())
    return receipt


async def resume(deadline: float) -> tuple[int, int]:
    """Continue departures that nobody works on. Return how many were continued, and how many of them are complete."""
    taken = ended = 0
    failed: Exception | None = None
    due = store.due(clock.now(), PER_RUN)
    for row in (await database().flight(WORKER, due))[due]:
        if clock.monotonic() > deadline:
            break
        try:
            departure, _ = await _take(row.user_id)
            if departure is not None:
                taken += 1
                ended += await _go_on(departure, deadline) is not None
        except Exception as error:  # noqa: BLE001 - whatever one departure meets, the others wait as well
            logs.failure("departure_failed", error)
            failed = error
    if failed is not None:
        # The task fails, so that an alarm is raised; the next run tries again.
        raise failed
    return taken, ended


async def status(code: str) -> DeletionReceipt:
    """Return the progress of the deletion with this code. Raises :class:`NotFound` for an unknown code."""
    going_on, receipt = store.by_code(fingerprints(CODE, code))
    flight = await database().flight(WORKER, going_on, receipt)
    if (written := flight.first(receipt)) is not None:
        return _shown(written, code, written.created_at)
    if (row := flight.first(going_on)) is not None:
        return _shown(row, code)
    raise NotFound


async def _read(row: DepartureRow) -> DeletionReceipt:
    """Return the progress of a departure that others continue. It is recorded, so respond even if it cannot be read."""
    code = _code(row.id, row.code_hash)
    try:
        return await status(code)
    except Unavailable:
        return _shown(row, code)


def _shown(row: DepartureRow | DepartureReceipt, code: str, deleted_at: datetime | None = None) -> DeletionReceipt:
    finished: Literal["completed", "partial"] = "completed" if all(r["revoked"] for r in row.revocations) else "partial"
    return DeletionReceipt(
        receipt_id=row.id,
        code=code,
        state=finished if deleted_at else "deleting",
        status_url=f"{settings().public_url}/v1/profile/deletion/{code}",
        left_at=row.left_at,
        deleted_at=deleted_at,
        deleted=dict(row.counts),
        revocations=[Revocation(**revocation) for revocation in row.revocations],
    )


def _code(departure_id: str, code_hash: str | None = None) -> str:
    """Return the code of a departure's receipt. A repeated deletion in the meantime gets the same one. It is not stored."""
    seeds = (seed.rpartition(".")[2] for seed in fingerprints(CODE_SEED, departure_id))
    codes = [base64.urlsafe_b64encode(bytes.fromhex(seed)[:18]).decode() for seed in seeds]
    # The key may have been rotated since the departure was recorded.
    return next((code for code in codes if matches(code_hash, CODE, code)), codes[0])


async def _take(user_id: str, *recorded: Statement) -> tuple[Departure | None, DepartureRow | None]:
    """Lease a user's departure and return what its next step needs, or ``None`` if another process works on it."""
    # These features are needed once per user, and importing them at the top would slow every cold start of the profile.
    from noillusion.connections import grants

    now = clock.now()
    connections, attempts = grants.queries(user_id)
    take, going_on = store.take(user_id, now, now + LEASE), store.going_on(user_id)
    flight = await database().flight(Actor(user_id, leaving=True), *recorded, take, going_on, connections, attempts)
    taken = flight.first(take)
    if taken is None:
        return None, flight.first(going_on)
    theirs = [*map(grants.of_connection, flight[connections]), *map(grants.of_attempt, flight[attempts])]
    return Departure(taken, flight[connections], theirs), taken


async def _go_on(departure: Departure, until: float) -> DeletionReceipt | None:
    """Continue a departure until ``until``. Return its receipt if it is complete; otherwise it can be continued."""
    try:
        receipt = await _erase(departure, until)
    except Exception:
        with suppress(Unavailable):
            await database().flight(departure.actor, store.let_go(departure.user_id, departure.id))
        raise
    return receipt


async def _erase(departure: Departure, until: float) -> DeletionReceipt | None:
    await _delete_files(departure)
    statements = [] if departure.settled else await _withdraw_grants(departure, until)
    waiting: list[Window] = []
    for table, after, upto in await _rest(departure):
        size = following_size = windows.SIZE
        while upto is not None:
            began = clock.monotonic()
            if began > until:
                await database().flight(departure.actor, *statements, store.let_go(departure.user_id, departure.id))
                return None
            step = [*waiting, Window(table, after, upto, windows.known_rows(table, size))]
            following = windows.end_of_window(departure.user_id, table, upto, following_size)
            flight = await database().flight(departure.actor, *statements, *_deletion(departure, step), following)
            size, following_size = following_size, windows.next_size(following_size, clock.monotonic() - began)
            after, upto, waiting, statements = upto, windows.end(table, flight.first(following)), [], []
        waiting.append(Window(table, after))
    return await _finish(departure, [*statements, *_deletion(departure, waiting)])


async def _delete_files(departure: Departure) -> None:
    """Delete what waits for platforms. Work that began earlier can store a file, but deletes it where it can no longer write."""
    if not settings().handover_bucket:
        return
    from noillusion.media import stored

    waiting = store.open_targets(departure.user_id, OPEN_TARGETS)
    await stored.delete(row.id for row in (await database().flight(departure.actor, waiting))[waiting])


async def _rest(departure: Departure) -> list[tuple[str, tuple[Any, ...] | None, tuple[Any, ...] | None]]:
    """Return the tables that are not done, where to continue in each, and the end of its next full window."""
    reached, user_id = departure.reached, departure.user_id
    known = bool(reached) and reached["table"] in windows.ORDER
    tables = windows.ORDER[windows.ORDER.index(reached["table"]) if known else 0 :]
    places = [windows.read(reached["after"]) if known and table == reached["table"] else None for table in tables]
    ends = [windows.end_of_window(user_id, table, place) for table, place in zip(tables, places, strict=True)]
    flight = await database().flight(departure.actor, *ends)
    return [(table, after, windows.end(table, flight.first(end))) for table, after, end in zip(tables, places, ends, strict=True)]


async def _withdraw_grants(departure: Departure, until: float) -> list[Statement]:
    """Have platforms remove what they hold, and revoke the grants. Return statements that record the results."""
    from noillusion.connections import grants, messages
    from noillusion.publishing import withdrawal

    held = await withdrawal.of_leaver(departure.actor, departure.connected, until)
    revoked = await grants.withdraw(departure.grants, until)
    revocations = [
        {
            "connection_id": grant.row_id if grant.confirmed else None,
            "platform": grant.platform,
            "revoked": done,
            "advice": None if done else messages.remove_by_hand(grant.platform, grant.registration),
            **({"removed_posts": len(posts.removed), "held_posts": posts.left} if (posts := held.get(grant.row_id)) else {}),
        }
        for grant, done in zip(departure.grants, revoked, strict=True)
    ]
    departure.partial |= not all(revoked)
    departure.settled = True
    return [store.settle_grants(departure.user_id, departure.id, revocations, clock.now())]


def _deletion(departure: Departure, step: Sequence[Window]) -> list[Statement]:
    """Count the rows of windows and delete them."""
    now = clock.now()
    counted = store.count(departure.user_id, departure.id, step, now + LEASE, now)
    return [counted, *(store.delete(departure.user_id, departure.id, window) for window in step)]


async def _finish(departure: Departure, rest: Sequence[Statement]) -> DeletionReceipt | None:
    """Delete the last rows, write the receipt and end the departure in one transaction."""
    now = clock.now()
    state = "partial" if departure.partial else "completed"
    user_hash = epoch.traces(departure.user_id)[0]
    end = store.end(departure.user_id, departure.id)
    flight = await database().flight(
        departure.actor,
        *rest,
        store.write_receipt(departure.user_id, departure.id, user_hash, state, now + epoch.CLOCKS, now),
        end,
    )
    ended = flight.first(end)
    if ended is None:
        # Another process was faster; the code shows its result.
        return None
    revoked = sum(revocation["revoked"] for revocation in ended.revocations)
    logs.event("user_deleted", rows=sum(ended.counts.values()), revoked=revoked)
    written = replace(ended, left_at=now + epoch.CLOCKS)
    return _shown(written, _code(departure.id, ended.code_hash), now)
