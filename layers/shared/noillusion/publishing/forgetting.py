"""Forgetting: the record of one post at its user's wish, and what every post keeps only for a time."""

from __future__ import annotations

from itertools import groupby

from noillusion.core import clock, logs
from noillusion.core.errors import AccountDeleted, Conflict, NotFound
from noillusion.db import WORKER, Actor, batches, database
from noillusion.db.batches import Erased
from noillusion.idempotency import WINDOW
from noillusion.publishing import forget_store, status, store
from noillusion.publishing.service import current


async def forget_record(user_id: str, post_id: str, accept_unknown: bool) -> None:
    """Forget everything that is kept about a post. Nothing happens at the platforms.

    The idempotency key goes on protecting against a second publication until its window is over. :class:`Conflict` while somebody
    works on the post, while its outcome is open (unless ``accept_unknown``), and while another post of the account needs it.
    """
    now = clock.now()
    (needed,) = await database().flight(WORKER, forget_store.still_needed(user_id, post_id))
    if needed:
        raise Conflict("record_needed")
    found, targets, marked, *_ = await database().flight(
        Actor(user_id),
        store.post(user_id, post_id),
        store.targets(user_id, post_id),
        *forget_store.record(user_id, post_id, accept_unknown, now, now - WINDOW),
    )
    if not found:
        raise NotFound
    if marked:
        logs.event("post_forgotten", post_id=post_id, targets=len(targets))
        return
    states = {row["status"] for row in current(targets)}
    if not accept_unknown and "unknown" in states and not states & status.OPEN:
        raise Conflict("outcome_unknown")
    raise Conflict("post_open")


async def forget_requests(deadline: float) -> Erased:
    """Erase the fingerprints and answers of requests whose idempotency window is over."""
    before = clock.now() - WINDOW
    return await batches.erase(
        WORKER,
        lambda size: forget_store.requests(before, size),
        lambda most: forget_store.requests_due(before, most),
        deadline,
    )


async def drop_forgotten(deadline: float) -> Erased:
    """Delete what is left of forgotten posts whose idempotency window is over."""
    before, done = clock.now() - WINDOW, 0
    while rows := (await database().flight(WORKER, forget_store.forgotten(before, batches.BATCH)))[0]:
        if clock.monotonic() > deadline:
            return Erased(done, len(rows))
        by_user = groupby(sorted(rows, key=lambda row: str(row["user_id"])), key=lambda row: str(row["user_id"]))
        dropped = 0
        for user_id, group in by_user:
            try:
                drop = forget_store.drop(user_id, [row["id"] for row in group])
                dropped += len((await database().flight(Actor(user_id), drop))[0])
            except AccountDeleted:
                continue
            except Exception as error:  # noqa: BLE001 - whatever one user's rows meet, the others' are due as well
                logs.failure("forgotten_post_not_dropped", error)
        if not dropped:
            return Erased(done, len(rows))
        done += dropped
    return Erased(done)
