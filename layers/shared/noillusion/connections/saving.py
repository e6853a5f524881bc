"""Saving connections: the accounts that a person chose of a grant, each with its own sealed tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import uuid4

from noillusion.catalog import registrations
from noillusion.catalog.accounts import ERASED
from noillusion.catalog.registrations import Registration
from noillusion.connections import attempt_store, changes, credentials, grants, renewal, store, verification
from noillusion.connections.models import Connection
from noillusion.connections.rows import AccountVersion, ConnectionRow, NewConnection
from noillusion.connections.service import to_connection
from noillusion.core import clock, logs
from noillusion.core.errors import AccountDeleted, Conflict, NotFound
from noillusion.db import Actor, Query, Statement, database
from noillusion.flows.protocol import Candidate, Tokens
from noillusion.platforms import catalog

PUT_ATTEMPTS = 3
"""How often a connection is saved whose credential is renewed by somebody else at the same time."""


async def connected(user_id: str, registration: Registration) -> list[AccountVersion]:
    """Return the accounts that the user has connected at the platform."""
    accounts = store.account_ids(user_id, registration.platform)
    return (await database().flight(Actor(user_id), accounts))[accounts]


async def connect(
    user_id: str,
    attempt_id: str,
    registration: Registration,
    chosen: Sequence[Candidate],
    offered: Sequence[Candidate],
    tokens: Tokens,
    deadline: float,
) -> list[Connection]:
    """Connect the chosen accounts of an attempt, which gives its grant away. Other accounts that are connected by the same grant
    and ``offered`` again are renewed with them: a consent may have ended what their tokens were worth."""
    now, confirmed = clock.now(), False
    for _ in range(PUT_ATTEMPTS):
        earlier = {account.account_id: account for account in await connected(user_id, registration)}
        completed = attempt_store.complete_attempt(attempt_id, user_id, now)
        siblings = _siblings(registration, earlier, chosen, offered, tokens)
        all_puts = [_put(user_id, earlier.get(c.id), registration, c, tokens, attempt_id, now) for c in (*chosen, *siblings)]
        puts = all_puts[: len(chosen)]
        told = [_told(user_id, earlier.get(c.id), put, now) for c, put in zip((*chosen, *siblings), all_puts, strict=True)]
        try:
            results = await database().flight(Actor(user_id), completed, *all_puts, *filter(None, told))
        except AccountDeleted:
            if confirmed:
                # The attempt gave its grant away, so the departure did not find it there.
                await grants.withdraw_unsaved(user_id, registration, tokens, deadline)
            raise
        confirmed |= bool(results.number_of(completed))
        if not confirmed:
            raise NotFound
        # A refresh may have renewed a credential since it was read: its version is part of what is sealed.
        saved = [row for put in puts for row in results[put]]
        if len(saved) == len(puts):
            logs.event("connected", platform=registration.platform, count=len(saved))
            return [to_connection(row) for row in saved]
    raise Conflict("connected_elsewhere")


def _siblings(
    registration: Registration,
    earlier: Mapping[str, AccountVersion],
    chosen: Sequence[Candidate],
    offered: Sequence[Candidate],
    tokens: Tokens,
) -> list[Candidate]:
    """Return the accounts that are connected by earlier consents of the same person to the same app, and were not chosen."""

    def is_sibling(account: AccountVersion | None) -> bool:
        if account is None or not tokens.subject or account.grant_subject != tokens.subject:
            return False
        return registrations.get(registration.platform, account.registration) is registration and account.status_reason != ERASED

    names = {candidate.id for candidate in chosen}
    return [c for c in offered if c.id not in names and c.can_publish and is_sibling(earlier.get(c.id))]


def _told(user_id: str, earlier: AccountVersion | None, put: Query[ConnectionRow], now: datetime) -> Statement | None:
    """Return the notice of an account that works from now on and did not before."""
    before = renewal.state(earlier) if earlier else "pending"
    if before == "active":
        return None
    saved = put.params
    return changes.became_active(user_id, saved["platform"], saved["id"], saved["credential_version"], before, now)


def _put(
    user_id: str,
    earlier: AccountVersion | None,
    registration: Registration,
    candidate: Candidate,
    tokens: Tokens,
    attempt_id: str,
    completed_at: datetime,
) -> Query[ConnectionRow]:
    """Return the statement that connects an account with its own sealed tokens."""
    connection_id, version = (earlier.id, earlier.credential_version + 1) if earlier else (str(uuid4()), 1)
    now = clock.now()
    own = tokens
    if candidate.token is not None:
        # The person's token stays beside the account's own one: only it can withdraw the grant.
        ends = tokens.data_access_expires_at
        own = Tokens(candidate.token, tokens.access, None, None, tokens.scopes, tokens.subject, ends)
    account = NewConnection(
        id=connection_id,
        user_id=user_id,
        platform=registration.platform,
        registration=registration.name,
        credential_version=version,
        account_id=candidate.id,
        account_kind=candidate.kind,
        display_name=candidate.name,
        username=candidate.username,
        grant_subject=tokens.subject,
        granted_scopes=list(tokens.scopes),
        details=dict(candidate.details),
        verify_at=now + verification.EVERY,
        now=now,
    )
    sealed = credentials.seal_tokens(user_id, connection_id, version, own)
    platform = catalog.get(registration.platform, registration.name)
    return store.put(account, sealed, renewal.expiry(platform, own, now), attempt_id, completed_at)
