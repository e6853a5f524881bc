"""Erasure requested by Meta of everything from a person: connections, tokens, ids and links of posts, figures, notices.

The request is recorded as work, one row for each account, and done in windows. A scheduled task completes the rest.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from noillusion.catalog.registrations import Registration
from noillusion.connections import grants
from noillusion.connections.models import DeletionAccepted, DeletionStatus
from noillusion.core import clock, logs
from noillusion.core.errors import AccountDeleted, NotFound
from noillusion.db import WORKER, Actor, Statement, database
from noillusion.media import stored
from noillusion.privacy import erasure_receipts, messages
from noillusion.privacy import erasure_store as store
from noillusion.privacy.rows import DueErasure, ErasureRow
from noillusion.settings.source import settings
from noillusion.vault.sealer import fingerprint, fingerprints

CODE = "deletion-code"
"""Purpose of the keyed hash of a receipt's code."""
PATIENCE_S = 6.0
"""How long the platform's request works on an erasure before it leaves the rest to the scheduled task."""
LEASE = timedelta(seconds=30)
WINDOW = 100
"""Maximum number of a user's targets in one step."""
FIGURES = 5_000
PER_RUN = 50


async def request(found: Sequence[Registration], subject: str, granted_before: datetime, deadline: float) -> DeletionAccepted:
    """Record a verified request of the app of these registrations, and do as much of it as time allows.

    It does not apply to newer grants.
    """
    now, receipt_id, code = clock.now(), str(uuid4()), secrets.token_hex(12)
    until = min(deadline, clock.monotonic() + PATIENCE_S)
    hashed = grants.subject_hash(found[0], subject) or ""
    await database().flight(
        WORKER,
        erasure_receipts.open_receipt(receipt_id, hashed, fingerprint(CODE, code), now),
        store.ask_for_former(grants.subject_hashes(found, subject), receipt_id, now),
    )
    # Before the connections, so that a grant confirmed in the meantime is found among them.
    dropped = await grants.drop_pending(found, subject, granted_before, until)
    connections = store.connections(found, subject, granted_before)
    connected = (await database().flight(WORKER, connections))[connections]
    for row in connected:
        # A user who is leaving is deleted as a whole.
        with suppress(AccountDeleted):
            asked = store.ask_for_connected(row.user_id, row.id, str(uuid4()), hashed, receipt_id, now)
            await database().flight(Actor(row.user_id), *asked)
    # Most people have also removed the app; for those who only asked for deletion, the permission must be revoked.
    await grants.withdraw([grants.of_connection(row) for row in connected], until)
    work = store.of_receipt(receipt_id)
    flight = await database().flight(
        WORKER,
        erasure_receipts.add_grants(receipt_id, dropped, clock.now()),
        work,
        erasure_receipts.complete(receipt_id, clock.now()),
    )
    await _work_on(flight[work], until)
    logs.event("deletion_requested", platform=found[0].platform, connections=len(connected), grants=dropped)
    return DeletionAccepted(url=f"{settings().public_url}/v1/callbacks/meta/data-deletion/{code}", confirmation_code=code)


async def resume(deadline: float) -> int:
    """Continue erasures that nobody works on. Return how many accounts were erased completely."""
    now = clock.now()
    due = store.due(now, PER_RUN)
    flight = await database().flight(WORKER, due, erasure_receipts.complete_deserted(now - LEASE, now))
    return await _work_on(flight[due], deadline)


async def status(code: str) -> DeletionStatus:
    """Return the progress of a request, and what remains. Raises :class:`NotFound` for an unknown code."""
    by_code = erasure_receipts.receipt(fingerprints(CODE, code))
    receipt = (await database().flight(WORKER, by_code)).first(by_code)
    if receipt is None:
        raise NotFound
    state = "deleting" if receipt.state == "deleting" else "completed"
    return DeletionStatus(
        confirmation_code=code,
        state=state,
        requested_at=receipt.created_at,
        completed_at=receipt.updated_at if state == "completed" else None,
        message=messages.DELETION[state],
        deleted=dict(receipt.counts),
        remains=list(messages.REMAINS),
    )


async def _work_on(erasures: Sequence[DueErasure], deadline: float) -> int:
    done = 0
    failed: Exception | None = None
    for erasure in erasures:
        if clock.monotonic() > deadline:
            break
        try:
            done += await _erase(erasure.user_id, erasure.id, deadline)
        except AccountDeleted:
            continue
        except Exception as error:  # noqa: BLE001 - whatever one account meets, the others are asked for as well
            logs.failure("erasure_failed", error)
            failed = error
    if failed is not None:
        raise failed
    return done


async def _erase(user_id: str, work_id: str, deadline: float) -> bool:
    """Erase the data of one account. Return whether that is complete."""
    now = clock.now()
    actor = Actor(user_id)
    take, end = store.take(user_id, work_id, now, now + LEASE), store.end_of_window(user_id, None, WINDOW)
    flight = await database().flight(actor, take, end)
    work, last = flight.first(take), flight.first(end)
    if work is None:
        return False
    after, upto = None, last.post_id if last else None
    while True:
        following = await _erase_window(work, after, upto)
        if upto is None:
            break
        after, upto = upto, following
        if clock.monotonic() > deadline:
            await database().flight(actor, store.let_go(user_id, work_id))
            return False
    deleted = FIGURES
    while deleted == FIGURES:
        counted, deletion = store.delete_account_figures(work, FIGURES)
        flight = await database().flight(actor, store.hold(user_id, work_id, clock.now() + LEASE), counted, deletion)
        deleted = flight.number_of(deletion)
    counts = store.counts(work)
    flight = await database().flight(
        actor, store.hold(user_id, work_id, clock.now() + LEASE), *store.delete_connection(work), counts
    )
    total = flight.first(counts)
    if total is None:
        return False
    await database().flight(WORKER, *erasure_receipts.settle(work_id, work.erasure_id, work.asked_at, total.counts, clock.now()))
    return True


async def _erase_window(work: ErasureRow, after: str | None, upto: str | None) -> str | None:
    """Erase the data of an account in a window of the user's posts. Return the end of the next window."""
    actor, user_id = Actor(work.user_id), work.user_id
    answers, targets = store.answers(work, after, upto)
    flight = await database().flight(actor, answers, targets)
    gone = {target.id for target in flight[targets]}
    kept = [store.put_answer(work, row.id, _without(row.answer, gone)) for row in flight[answers]]
    step: list[Statement] = [store.hold(user_id, work.id, clock.now() + LEASE)]
    if gone:
        step += [store.count(work, after, upto), *kept, *store.delete(work, after, upto)]
    end = store.end_of_window(user_id, upto or after, WINDOW)
    last = (await database().flight(actor, *step, end)).first(end)
    await stored.delete(target.id for target in flight[targets] if target.next_check_at is not None)
    return last.post_id if last else None


def _without(answer: Mapping[str, Any], gone: set[str]) -> dict[str, Any]:
    return {**answer, "targets": [target for target in answer.get("targets", []) if target.get("id") not in gone]}
