"""Leases: whoever works on a post or a target holds it until an instant that is a little later than their own deadline."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from noillusion.connections.rows import CredentialRow
from noillusion.core import clock
from noillusion.core.records import record
from noillusion.db import Actor, database
from noillusion.publishing import ledger_store
from noillusion.publishing.rows import LeasedTarget

RESERVE = timedelta(seconds=10)
RENEWED_S = 15.0
"""Seconds between renewals of the leases of long work. They outlast two that fail."""


@record(eq=True)
class Lease:
    """An owner that nobody else has, and the lease's beginning and end."""

    owner: str
    since: datetime
    until: datetime


def new(deadline: float) -> Lease:
    """Return a lease for work that ends at ``deadline`` (``clock.monotonic``)."""
    now = clock.now()
    return Lease(str(uuid4()), now, now + timedelta(seconds=deadline - clock.monotonic()) + RESERVE)


def renewed(owner: str | None = None) -> Lease:
    """Return a lease that its owner renews while its work goes on, so that a dead one is found soon, however long it takes."""
    begun = new(clock.monotonic() + 2 * RENEWED_S)
    return Lease(owner or begun.owner, begun.since, begun.until)


async def take(user_id: str, target_id: str, lease: Lease) -> tuple[LeasedTarget, CredentialRow | None] | None:
    """Take up an open target that nobody works on. Returns it with its connection, ``None`` if somebody else has it."""
    target, connection = ledger_store.lease(user_id, target_id, lease.owner, lease.since, lease.until)
    results = await database().flight(Actor(user_id), target, connection)
    taken = results.first(target)
    return None if taken is None else (taken, results.first(connection))
