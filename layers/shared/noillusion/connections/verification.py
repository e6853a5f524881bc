"""Verifying connections: a cheap read tells that one does not work before a post depends on it (failure-classes.md C11)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from noillusion.catalog.platforms import PlatformName
from noillusion.connections import credentials, lanes, life_store
from noillusion.connections.rows import CredentialRow
from noillusion.core import clock
from noillusion.db import WORKER, Actor, Statement, database
from noillusion.flows.faults import ErrorClass, Fault, PlatformError
from noillusion.flows.runner import Runner, Session
from noillusion.platforms import catalog

EVERY: Final = timedelta(days=1)
"""How often a working connection is verified (platforms.md 1.2)."""
AHEAD: Final = timedelta(hours=72)
"""How far ahead something may be due for which a connection is verified more often."""
EVERY_AHEAD: Final = timedelta(hours=6)
AGAIN: Final = timedelta(hours=1)
"""When a connection is verified again whose platform gave no answer to go by."""
BATCH: Final = 100


async def verify_due(due: Sequence[Statement], deadline: float) -> Counter[str]:
    """Verify the connections whose time has come: ``working``, ``dead``, ``failed`` for now, and ``left`` for the next run.

    ``due``: queries of the ids of connections with something due by now + :data:`AHEAD`. They are verified earlier.
    """
    now = clock.now()
    await database().flight(
        WORKER, life_store.hasten_ended(now), *(life_store.hasten(ids, now, now - EVERY_AHEAD, now + AGAIN) for ids in due)
    )

    async def batches(platform: PlatformName, _: CredentialRow | None) -> list[CredentialRow]:
        claimed = life_store.claim_verification(platform, now, clock.now() + AGAIN, BATCH)
        return (await database().flight(WORKER, claimed))[claimed]

    return await lanes.run(batches, lambda row: _verify(row, deadline), deadline)


async def _verify(row: CredentialRow, deadline: float) -> str:
    fault = await probe(row, deadline)
    if fault is None:
        now = clock.now()
        await database().flight(Actor(row.user_id), life_store.verified(row.user_id, row.id, now, now + EVERY))
        return "working"
    return "dead" if fault.error_class is ErrorClass.REAUTH and fault.certain else "failed"


async def probe(row: CredentialRow, deadline: float) -> Fault | None:
    """Read something cheap through a connection. Returns the fault; one that ends the credential is recorded."""
    platform, session = catalog.get(row.platform, row.registration), Session()
    try:
        session = await credentials.session(row, deadline)
        await Runner(platform, session, deadline=deadline).run(platform.probe(credentials.account_of(row)))
    except PlatformError as error:
        if error.fault.error_class is ErrorClass.REAUTH:
            await credentials.refused(row, session, error.fault)
        return error.fault
    return None
