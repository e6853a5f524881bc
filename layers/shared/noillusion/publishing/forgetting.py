"""Forgetting: the record of one post at its user's wish, and what every post keeps only for a time."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter

from noillusion.core import clock, logs
from noillusion.core.errors import AccountDeleted, Conflict, NotFound
from noillusion.db import WORKER, Actor, batches, database
from noillusion.db.batches import Erased
from noillusion.idempotency import WINDOW
from noillusion.publishing import forget_store, handover, status, store
from noillusion.publishing.status import current


async def forget_record(user_id: str, post_id: str, accept_unknown: bool) -> None:
    """Forget everything that is kept about a post. Nothing happens at the platforms.

    The idempotency key goes on protecting against a second publication until its window is over. :class:`Conflict` while somebody
    works on the post, while its outcome is open (unless ``accept_unknown``), and while another post of the account needs it.
    """
    now = clock.now()
    needed = forget_store.still_needed(user_id, post_id)
    if (await database().flight(WORKER, needed)).number_of(needed):
        raise Conflict("record_needed")
    post, targets = store.post(user_id, post_id), store.targets(user_id, post_id)
    mark, *deletions = forget_store.record(user_id, post_id, accept_unknown, now, now - WINDOW)
    results = await database().flight(Actor(user_id), post, targets, mark, *deletions)
    if results.first(post) is None:
        raise NotFound
    if results.number_of(mark):
        # The tickets of targets that were given up so end with their records.
        await handover.withdraw_settled(row for row in results[targets] if row.next_check_at is not None)
        logs.event("post_forgotten", post_id=post_id, targets=results.number_of(targets))
        return
    states = {row.status for row in current(results[targets])}
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
    done, forgotten = 0, forget_store.forgotten(clock.now() - WINDOW, batches.BATCH)
    while rows := (await database().flight(WORKER, forgotten))[forgotten]:
        if clock.monotonic() > deadline:
            return Erased(done, len(rows))
        by_user = groupby(sorted(rows, key=attrgetter("user_id")), key=attrgetter("user_id"))
        dropped = 0
        for user_id, group in by_user:
            try:
                drop = forget_store.drop(user_id, [row.id for row in group])
                dropped += (await database().flight(Actor(user_id), drop)).number_of(drop)
            except AccountDeleted:
                continue
            except Exception as error:  # noqa: BLE001 - whatever one user's rows meet, the others' are due as well
                logs.failure("forgotten_post_not_dropped", error)
        if not dropped:
            return Erased(done, len(rows))
        done += dropped
    return Erased(done)
