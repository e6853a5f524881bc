"""Withdrawing grants at the platforms: of connections, of attempts that nobody confirmed, of tokens that could not be saved."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from noillusion import receipts
from noillusion.catalog import registrations
from noillusion.catalog.registrations import Registration
from noillusion.connections import attempt_store, credential_store, credentials, messages, pending, store
from noillusion.connections.models import GrantOutcome
from noillusion.connections.rows import CredentialRow, SealedGrant
from noillusion.core import clock, logs
from noillusion.core.records import record
from noillusion.db import WORKER, Actor, Query, database
from noillusion.flows.faults import ErrorClass, PlatformError
from noillusion.flows.protocol import Tokens
from noillusion.flows.runner import Runner, Session
from noillusion.platforms import catalog
from noillusion.settings.source import settings
from noillusion.vault.sealer import SealBroken, fingerprint, fingerprints

SUBJECT = "grant-subject"
"""Purpose of the keyed hash of a person at a platform."""
AT_ONCE = 8
"""Persons at platforms whose grants are withdrawn side by side."""
DROP_AGAIN_AFTER = timedelta(minutes=2)
"""When grants that were taken to be dropped are looked at again, if whoever took them died."""
AT_LEAST_S = 2.0
"""Time for withdrawing what was just obtained, however late it is."""


@record(eq=True)
class Grant:
    """A grant behind a row; without tokens where they cannot be opened."""

    row_id: str
    platform: str
    registration: str
    subject: str
    tokens: Tokens | None
    confirmed: bool
    """Whether an account is connected by it."""

    @property
    def person(self) -> tuple[str, str]:
        """The person who gave it, as far as is known: withdrawing one of their grants may withdraw them all."""
        sharing = settings().apps.sharing(registrations.get(self.platform, self.registration))
        return sharing[0].key, self.subject or self.row_id

    @property
    def presented(self) -> str:
        """The token that tells the grants of one person apart: rows that depend on one grant hold the same."""
        return (self.tokens.refresh or self.tokens.access).reveal() if self.tokens else self.row_id


def subject_hash(registration: Registration, subject: str) -> str | None:
    """Return the keyed hash of the person who gave a grant, ``None`` where the platform names nobody."""
    return fingerprint(SUBJECT, registration.people, subject) if subject else None


def subject_hashes(found: Sequence[Registration], subject: str) -> tuple[str, ...]:
    """Return the keyed hashes by which a person may be stored."""
    return tuple(hashed for one in found for hashed in fingerprints(SUBJECT, one.people, subject))


def queries(user_id: str) -> tuple[Query[CredentialRow], Query[SealedGrant]]:
    """Return the queries of the rows that :func:`of_connection` and :func:`of_attempt` make a user's grants from."""
    return credential_store.credentials_of(user_id), attempt_store.with_grants(user_id)


def of_connection(row: CredentialRow) -> Grant:
    """Return the grant of a connection."""
    try:
        tokens = credentials.opened(row)
    except SealBroken:
        tokens = None
    return Grant(row.id, row.platform, row.registration, row.grant_subject, tokens, confirmed=True)


def of_attempt(row: SealedGrant) -> Grant:
    """Return the grant of an attempt that was never confirmed."""
    try:
        tokens = pending.opened(row)
    except SealBroken:
        tokens = None
    return Grant(row.id, row.platform, row.registration, tokens.subject if tokens else "", tokens, confirmed=False)


def can_withdraw(grant: Grant) -> bool:
    """Return whether the platform can be asked: it lets us withdraw grants, and there is a token to do so with."""
    platform, app = catalog.get(grant.platform, grant.registration), settings().apps.get(grant.platform, grant.registration)
    return app is not None and grant.tokens is not None and platform.capabilities.revokes


async def withdraw(grants: Sequence[Grant], deadline: float, *, fresh: bool = False) -> list[bool]:
    """Withdraw grants, each once however many rows live on it; for each row whether the platform confirmed.

    ``fresh`` grants were given just now, so one that is dead already was withdrawn with another of the same person.
    """
    turn = asyncio.Semaphore(AT_ONCE)

    async def one_person(theirs: Sequence[Grant]) -> bool:
        async with turn:
            outcomes = [await _withdraw(grant, deadline) for grant in {grant.presented: grant for grant in theirs}.values()]
        # With the first one that is withdrawn the person's others may be dead already.
        return (fresh or "done" in outcomes) and "failed" not in outcomes

    persons: dict[tuple[str, str], list[Grant]] = {}
    for grant in grants:
        persons.setdefault(grant.person, []).append(grant)
    done = dict(zip(persons, await asyncio.gather(*map(one_person, persons.values())), strict=True))
    return [done[grant.person] for grant in grants]


async def withdraw_of_last(row: CredentialRow, deadline: float) -> GrantOutcome:
    """Withdraw the grant of a connection, unless another account that this would cut off lives on it."""
    grant = of_connection(row)
    if await _carries_others(row, grant):
        return "kept"
    if not catalog.get(row.platform, row.registration).capabilities.revokes:
        return "not_supported"
    return "revoked" if (await withdraw([grant], deadline))[0] else "not_revoked"


async def _carries_others(row: CredentialRow, grant: Grant) -> bool:
    """Return whether another account lives on a grant. Where the platform names nobody, those with the same token do."""
    if row.grant_subject:
        return await has_connection(registrations.get(row.platform, row.registration), row.grant_subject, but=row.id)
    of_user = credential_store.credentials_of(row.user_id)
    rows = (await database().flight(Actor(row.user_id), of_user))[of_user]
    return any(of_connection(other).presented == grant.presented for other in rows if other.id != row.id)


async def _withdraw(grant: Grant, deadline: float) -> Literal["done", "dead", "failed"]:
    platform, app = catalog.get(grant.platform, grant.registration), settings().apps.get(grant.platform, grant.registration)
    if app is None or grant.tokens is None or not platform.capabilities.revokes:
        return "failed"
    try:
        runner = Runner(platform, Session(grant.tokens.access, app=app), deadline=deadline)
        await runner.run(platform.revoke(app, grant.tokens))
    except PlatformError as error:
        return "dead" if error.fault.error_class is ErrorClass.REAUTH else "failed"
    return "done"


async def drop_pending(found: Sequence[Registration], subject: str, before: datetime, deadline: float | None) -> int:
    """Forget the grants of one person that nobody confirmed; how many. They are withdrawn first, unless there is no ``deadline``:
    then the platform said itself that they are gone."""
    now, hashes = clock.now(), subject_hashes(found, subject)
    theirs = attempt_store.by_subject_hash(hashes, before, now, now + DROP_AGAIN_AFTER)
    rows = (await database().flight(WORKER, theirs))[theirs]
    if rows and deadline is not None:
        await withdraw([of_attempt(row) for row in rows], deadline)
    if rows:
        await database().flight(WORKER, attempt_store.erase_attempts([row.id for row in rows]))
    return len(rows)


async def withdraw_unsaved(user_id: str, registration: Registration, tokens: Tokens, deadline: float) -> None:
    """Withdraw a grant that was obtained while its user left, and name it in the receipt: nobody holds it from here on."""
    platform = registration.platform
    grant = Grant("", platform, registration.name, tokens.subject, tokens, confirmed=False)
    (revoked,) = await withdraw([grant], max(deadline, clock.monotonic() + AT_LEAST_S), fresh=True)
    logs.event("grant_not_saved", platform=platform, revoked=revoked)
    advice = None if revoked else messages.remove_by_hand(platform, registration.name)
    named = receipts.add_revocation(user_id, platform, revoked=revoked, advice=advice, now=clock.now())
    await database().flight(WORKER, *named)


async def has_connection(registration: Registration, subject: str, *, but: str = store.NO_ID) -> bool:
    """Return whether a person's grant to an app carries an account other than ``but``, whoever of our users connected it."""
    carried = store.by_grant_of(settings().apps.sharing(registration), subject, but=but)
    return bool((await database().flight(WORKER, carried)).number_of(carried))


async def withdraw_unused(user_id: str, registration: Registration, tokens: Tokens, deadline: float) -> None:
    """Withdraw a grant that could not be stored, unless the person has connected accounts that this might cut off."""
    if tokens.subject and await has_connection(registration, tokens.subject):
        return
    await withdraw_unsaved(user_id, registration, tokens, deadline)
