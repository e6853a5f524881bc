"""The tokens of connections: sealing, opening, and refreshing one at a time. Only an explicit refusal of the grant kills one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from noillusion.catalog import registrations
from noillusion.catalog.accounts import StatusReason
from noillusion.connections import changes, credential_store, pauses, renewal, siblings
from noillusion.connections.rows import ConnectionRow, CredentialRow, CredentialVersion, SealedTokens
from noillusion.core import clock, logs
from noillusion.core.errors import AccountDeleted, Unavailable
from noillusion.core.sensitive import Secret
from noillusion.db import Actor, Query, Statement, database
from noillusion.flows.faults import ErrorClass, Fault, PlatformError
from noillusion.flows.protocol import Account, Tokens
from noillusion.flows.runner import Runner, Session
from noillusion.notices.notice import notice
from noillusion.platforms import catalog
from noillusion.platforms.contract import Platform
from noillusion.settings.source import settings
from noillusion.vault.sealer import Place, SealBroken, sealer

TABLE = "platform_connections"
LEASE = timedelta(seconds=30)
REFRESH_WITHIN_S = 25.0
"""Shorter than the lease."""
RETRY_AFTER = timedelta(minutes=10)
WAIT_FOR_OTHER_S = 8.0
SAVE_AGAIN_AFTER_S = (0.1, 0.3, 0.9, 2.7)
"""Pauses between attempts to save a new pair. Together they fit into what the lease outlives the call by."""


def of_user(user_id: str) -> Query[CredentialRow]:
    """Select a user's connections with their sealed tokens, for a feature that acts through them."""
    return credential_store.credentials_of(user_id)


def seal_tokens(user_id: str, connection_id: str, version: int, tokens: Tokens) -> SealedTokens:
    """Return the sealed tokens of a connection in one version of its credential. An empty token is refused, never stored."""

    def sealed(column: str, token: Secret | None) -> str | None:
        return sealer().seal(token, Place(TABLE, column, user_id, connection_id, version)) if token else None

    access = sealed("sealed_access_token", tokens.access)
    if access is None:
        raise ValueError("a connection needs an access token")
    refresh = sealed("sealed_refresh_token", tokens.refresh)
    return SealedTokens(access, refresh, sealer().key_id)


def opened(row: CredentialRow) -> Tokens:
    """Return the tokens of a connection. :class:`SealBroken` if they were altered, moved, or are of another version."""
    place = {
        column: Place(TABLE, column, row.user_id, row.id, row.credential_version)
        for column in ("sealed_access_token", "sealed_refresh_token")
    }
    refresh = row.sealed_refresh_token
    return Tokens(
        access=sealer().open(row.sealed_access_token, place["sealed_access_token"]),
        refresh=sealer().open(refresh, place["sealed_refresh_token"]) if refresh else None,
        scopes=tuple(row.granted_scopes),
        subject=row.grant_subject,
    )


def account_of(row: ConnectionRow) -> Account:
    """Return the account as flows see it."""
    apps, registration = settings().apps, registrations.get(row.platform, row.registration)
    return Account(
        row.account_id,
        row.account_kind,
        row.username,
        tuple(row.granted_scopes),
        row.details,
        verified_urls=settings().verified_urls.get(row.platform, ()),
        registration=registration.name,
        asked=tuple(apps.asked(registration)),
        public_posts=apps.publishes(registration),
    )


async def _usable(row: CredentialRow) -> Tokens:
    """Return the tokens of a connection. Those that cannot be opened are as good as revoked: :class:`PlatformError` (reauth)."""
    try:
        return opened(row)
    except SealBroken:
        await mark_dead(row, "seal_broken")
        raise PlatformError(Fault(ErrorClass.REAUTH, "seal_broken")) from None


async def session(row: CredentialRow, deadline: float) -> Session:
    """Return a session with a token that is not about to expire, refreshed now if it is due.

    A refresh that fails for a passing reason leaves the old token in use. A dead grant, tokens that cannot be opened, and an
    account that rests raise :class:`PlatformError`.
    """
    if rests := pauses.of_calls(row):
        raise PlatformError(rests)
    ready = Session(app=settings().apps.get(row.platform, row.registration))

    async def renew(fault: Fault) -> Secret | None:
        try:
            return await refresh(row, deadline, forced=fault.certain)
        except PlatformError:
            return None

    due = row.refresh_due_at
    if row.status == "active" and due is not None and due <= clock.now():
        ready.token = await refresh(row, deadline)
    if ready.token is None:
        ready.token = (await _usable(row)).access
    ready.refresh = renew
    return ready


async def refresh(row: CredentialRow, deadline: float, *, forced: bool = False) -> Secret | None:
    """Refresh a credential: one caller does it, the others wait and take what it got (failure-classes.md C3).

    ``forced`` is for a token that the platform itself just refused, for certain. Returns the newest access token, or ``None`` if
    there is none newer. Raises :class:`PlatformError` (reauth) when the platform says that the grant is dead.
    """
    platform = catalog.get(row.platform, row.registration)
    too_young = clock.now() < row.token_issued_at + timedelta(seconds=platform.capabilities.refresh.minimum_age_s)
    if not renewal.refreshable(row) or too_young:
        if forced:
            await mark_dead(row, "token_refused")
        return None
    now = clock.now()
    lease = credential_store.lease_refresh(row.user_id, row.id, row.credential_version, now, now + LEASE)
    if (await database().flight(Actor(row.user_id), *siblings.leased(row, lease, now + LEASE))).number_of(lease):
        return await _refresh_as_holder(platform, row, deadline)
    return await _take_from_holder(row)


async def _refresh_as_holder(platform: Platform, row: CredentialRow, deadline: float) -> Secret | None:
    app = settings().apps.get(row.platform, row.registration)
    if app is None:
        await _postpone(row)
        return None
    # The lease must outlive the call, or a second holder would spend the same refresh token.
    runner = Runner(platform, Session(), deadline=min(deadline, clock.monotonic() + REFRESH_WITHIN_S))
    try:
        # Opened before the call, so that sealing the new pair has nothing left to load.
        old, others = await _usable(row), await siblings.of(row)
        # From the platform's answer on, the new pair exists here only: log lines wait until it is saved (failure-classes.md C6).
        with logs.held():
            tokens = await runner.run(platform.refresh(app, old))
            updates = [update for each in (row, *others) for update in _updates(platform, each, old, tokens)]
            saved = await _save(row, updates, tokens, deadline)
    except PlatformError as error:
        if error.fault.error_class is ErrorClass.REAUTH and error.fault.certain:
            reason: StatusReason = "refresh_interrupted" if _interrupted(platform, row) else "grant_refused"
            for each in (row, *await siblings.of(row)):
                await mark_dead(each, reason)
            raise
        logs.event("refresh_postponed", connection_id=row.id, error_class=error.fault.error_class.value, code=error.fault.code)
        await _postpone(row)
        return None
    except (AccountDeleted, Unavailable):
        raise
    except Exception:
        # A row that always fails must not stand first in every sweep (failure-classes.md C4).
        await _postpone(row)
        raise
    if not saved:
        return None
    logs.event("token_refreshed", connection_id=row.id, platform=row.platform)
    return tokens.access


async def _save(row: CredentialRow, updates: Sequence[Statement], tokens: Tokens, deadline: float) -> bool:
    """Save a new pair. Without it the connection may be lost, so a database that is away for a moment is asked again.

    False if the connection is gone: then nobody would hold the new grant, so it is withdrawn.
    """
    from noillusion.connections import grants

    present = credential_store.version(row.user_id, row.id)
    registration = registrations.get(row.platform, row.registration)
    for pause in (*SAVE_AGAIN_AFTER_S, None):
        try:
            # Harmless to repeat: the row takes a pair only for the version that was refreshed.
            results = await database().flight(Actor(row.user_id), *updates, present)
        except AccountDeleted:
            await grants.withdraw_unsaved(row.user_id, registration, tokens, deadline)
            raise
        except Unavailable:
            if pause is None:
                raise
            await asyncio.sleep(pause)
        else:
            break
    if results.first(present) is None:
        await grants.withdraw_unused(row.user_id, registration, tokens, deadline)
        return False
    return True


def _interrupted(platform: Platform, row: CredentialRow) -> bool:
    """Return whether an earlier refresh of this credential was cut off: its lease ran out and nothing was saved.

    Where a refresh ends the life of the old token, that is how a connection is lost: the platform's answer was the only copy.
    """
    held = row.refresh_lease_until
    return platform.capabilities.refresh.model in ("rotating", "extend") and held is not None and held < clock.now()


async def _postpone(row: CredentialRow) -> None:
    now = clock.now()
    # A lease that ran out stays as it was: it tells why the platform may refuse the next refresh.
    held = row.refresh_lease_until
    left, retry_at = held if held is not None and held < now else None, now + RETRY_AFTER
    release = credential_store.release_refresh(row.user_id, row.id, row.credential_version, retry_at, left)
    await database().flight(Actor(row.user_id), *siblings.released(row, release, retry_at))


def _updates(platform: Platform, row: CredentialRow, old: Tokens, tokens: Tokens) -> list[Statement]:
    """Return the statements that save the tokens of a refresh, with a notice if the connection no longer is about to end.

    Without a new refresh token the stored one is sealed again: the row names one key and one version for both tokens.
    """
    now = clock.now()
    kept = tokens if tokens.refresh else replace(tokens, refresh=old.refresh)
    version = row.credential_version + 1
    sealed = seal_tokens(row.user_id, row.id, version, kept)
    expiry = renewal.expiry(platform, kept, now, consent=False)
    expiring = row.expiring_since is not None and renewal.still_expiring(row, expiry)
    saved = credential_store.save_tokens(row.user_id, row.id, row.credential_version, sealed, expiry, now, expiring=expiring)
    if row.expiring_since is None or expiring:
        return [saved]
    return [saved, changes.became_active(row.user_id, row.platform, row.id, version, "expiring", now)]


async def _take_from_holder(row: CredentialRow) -> Secret | None:
    waited = 0.0
    while waited < WAIT_FOR_OTHER_S:
        await asyncio.sleep(0.2)
        waited += 0.2
        current = credential_store.credential(row.user_id, row.id)
        latest = (await database().flight(Actor(row.user_id), current)).first(current)
        if latest is None:
            return None
        if latest.credential_version != row.credential_version:
            return (await _usable(latest)).access
        lease = latest.refresh_lease_until
        if latest.status != "active" or lease is None or lease < clock.now():
            return None
    return None


async def refused(row: CredentialRow, used: Session, fault: Fault) -> None:
    """Mark the connection dead if the platform refused a new token, the one that ``used`` holds.

    A token that could not be renewed is judged by :func:`refresh`, which tells a dead grant from a passing failure: an outage of
    the token endpoint disconnects nobody (failure-classes.md C5, C8). Neither does a refusal that anybody in between could have
    given.
    """
    if not used.renewed or not fault.certain:
        return
    current = credential_store.version(row.user_id, row.id)
    latest = (await database().flight(Actor(row.user_id), current)).first(current)
    if latest is not None:
        await mark_dead(latest, "token_refused")


async def mark_dead(row: CredentialVersion, reason: StatusReason) -> None:
    """Mark a connection dead, with a notice in the same flight: the person must consent again. A newer credential stays."""
    now, user_id, version = clock.now(), row.user_id, row.credential_version
    dead = credential_store.known_dead(user_id, row.id, version)
    told = notice(
        user_id, "connection_dead", row.id, str(version), now, {"platform": row.platform, "reason": reason}, provided=dead
    )
    marked = credential_store.mark_dead(user_id, row.id, version, reason, now)
    if (await database().flight(Actor(user_id), marked, told)).number_of(marked):
        logs.event("connection_dead", connection_id=row.id, platform=row.platform, reason=reason)
