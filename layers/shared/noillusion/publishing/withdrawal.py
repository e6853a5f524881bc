"""Posts that a platform holds for an account that is disconnected, or for a user who leaves: removed while its token still works.

It takes a bounded time. What is left is counted, and becomes public unless the person removes it at the platform.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from noillusion.connections import credentials
from noillusion.connections.rows import CredentialRow
from noillusion.core import clock
from noillusion.core.errors import Conflict
from noillusion.core.records import record
from noillusion.db import Actor, database
from noillusion.flows.faults import OutcomeUnknown, PlatformError
from noillusion.flows.runner import Runner, Session
from noillusion.platforms import catalog
from noillusion.publishing import evidence, held, store
from noillusion.publishing.rows import TargetRow
from noillusion.settings.source import settings
from noillusion.vault.sealer import SealBroken

AT_ONCE = 8
MOST_S = 6.0
"""How long a request removes held posts before it goes on without the rest."""


@record()
class Withdrawal:
    """The posts that a platform held for one account."""

    removed: Sequence[TargetRow]
    left: int
    """Posts that it may still hold."""


async def of_connection(row: CredentialRow, deadline: float) -> Withdrawal:
    """Have the platform remove what it holds for an account, and record it."""
    if not _holds(row):
        return Withdrawal([], 0)
    until = min(deadline, clock.monotonic() + MOST_S)

    async def remove(target: TargetRow) -> bool:
        try:
            return await held.removed(target, row, until) is None
        except Conflict:
            return False

    targets = store.held(row.user_id, row.id, clock.now())
    found = (await database().flight(Actor(row.user_id), targets))[targets]
    return await _each(row, found, remove, until)


async def of_leaver(actor: Actor, rows: Sequence[CredentialRow], deadline: float) -> Mapping[str, Withdrawal]:
    """Have platforms remove what they hold for accounts whose records are about to be deleted, and record nothing.

    Returns the outcomes by connection, of those that had any.
    """
    until = min(deadline, clock.monotonic() + MOST_S)
    holding = [row for row in rows if _holds(row)]
    targets = {row.id: store.held(row.user_id, row.id, clock.now()) for row in holding}
    if not targets:
        return {}
    flight = await database().flight(actor, *targets.values())

    async def of_account(row: CredentialRow) -> Withdrawal:
        async def remove(target: TargetRow) -> bool:
            return await _gone(row, target, until)

        return await _each(row, flight[targets[row.id]], remove, until)

    waiting = [row for row in holding if flight[targets[row.id]]]
    return dict(zip([row.id for row in waiting], await asyncio.gather(*map(of_account, waiting)), strict=True))


def _holds(row: CredentialRow) -> bool:
    return bool(catalog.get(row.platform, row.registration).capabilities.holds)


async def _each(
    row: CredentialRow, found: Sequence[TargetRow], remove: Callable[[TargetRow], Awaitable[bool]], until: float
) -> Withdrawal:
    """Remove posts, several at once, those that are due first."""
    turn, works = asyncio.Semaphore(AT_ONCE), row.status == "active"

    async def one(target: TargetRow) -> bool:
        async with turn:
            owned = evidence.certainly_owned(target.accepted_id, target.handles)
            return works and owned and clock.monotonic() < until and await remove(target)

    done = await asyncio.gather(*map(one, found))
    removed = [target for target, gone in zip(found, done, strict=True) if gone]
    return Withdrawal(removed, len(found) - len(removed))


async def _gone(row: CredentialRow, target: TargetRow, until: float) -> bool:
    """Return whether the platform confirmed that a post is gone. It is asked once more if its answer was lost."""
    platform, app = catalog.get(row.platform, row.registration), settings().apps.get(row.platform, row.registration)
    for _ in range(2):
        try:
            runner = Runner(platform, Session(credentials.opened(row).access, app=app), deadline=until)
            await runner.run(platform.withdraw_held(target.handles, credentials.account_of(row)))
        except OutcomeUnknown:
            continue
        except (PlatformError, SealBroken):
            return False
        return True
    return False
