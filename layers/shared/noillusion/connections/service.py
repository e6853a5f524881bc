"""Connected accounts: listing, testing, naming and disconnecting them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import uuid4

from noillusion.api import paging
from noillusion.catalog import registrations
from noillusion.catalog.platforms import owned_by
from noillusion.connections import abilities, changes, credential_store, credentials, grants, messages, renewal, store, testing
from noillusion.connections.models import (
    AccountIdentity,
    AccountQuota,
    Connection,
    ConnectionPatch,
    ConnectionTest,
    Disconnected,
    ScopeCost,
)
from noillusion.connections.rows import ConnectionRow, CredentialRow
from noillusion.core import clock, logs
from noillusion.core.errors import NotFound, PreconditionFailed
from noillusion.core.preconditions import ANY, Condition, etag
from noillusion.db import Actor, database
from noillusion.platforms.contract import missing_scopes
from noillusion.settings.source import settings

ASK_FOR_DELETION = owned_by("meta")
"""Platforms that may ask for the deletion of what came from a person. Whose account it was is remembered for that alone."""


def to_connection(row: ConnectionRow) -> Connection:
    """Return the API shape of a connection."""
    registration = registrations.get(row.platform, row.registration)
    missing = missing_scopes(settings().apps.asked(registration), row.granted_scopes)
    able = abilities.of(credentials.account_of(row), registration)
    return Connection.of(
        row,
        registration=registration.name,
        state=renewal.state(row),
        renewal=renewal.of_connection(row),
        missing_scopes=[ScopeCost(scope=m.scope, feature=m.feature) for m in missing],
        capabilities=able.capabilities,
        missing_capabilities=able.missing,
        reconnect_by=renewal.reconnect_by(row),
    )


async def listing(user_id: str, filters: Mapping[str, str | None], cursor: str | None, limit: int) -> paging.Page[Connection]:
    """Return the user's connections with the given ``platform``, ``status`` and ``state``, oldest first."""
    place = paging.Listing("connections", user_id, filters)
    page = store.page(user_id, filters, place.position(cursor, 2), limit)
    rows = (await database().flight(Actor(user_id), page))[page]
    following = place.cursor(rows[limit - 1].created_at, rows[limit - 1].id) if len(rows) > limit else None
    return paging.Page[Connection](items=[to_connection(row) for row in rows[:limit]], next_cursor=following)


async def _credential(user_id: str, connection_id: str) -> CredentialRow:
    wanted = credential_store.credential(user_id, connection_id)
    row = (await database().flight(Actor(user_id), wanted)).first(wanted)
    if row is None:
        raise NotFound
    return row


async def test(user_id: str, connection_id: str, deadline: float) -> ConnectionTest:
    """Ask the platform whether a connection works, and what it may do. Permissions that it tells replace those of the consent."""
    row = await _credential(user_id, connection_id)
    found = await testing.examine(row, deadline)
    who = found.identity
    identity = AccountIdentity(account_id=who.id, name=who.name, username=who.username) if who else None
    if fault := found.fault:
        return ConnectionTest(
            ok=False,
            error_class=fault.error_class,
            platform_code=fault.code,
            advice=messages.not_working(row.platform, fault),
            latency_ms=found.latency_ms,
            identity=identity,
            connection=to_connection(await _credential(user_id, connection_id)),
        )
    state, now = found.state, clock.now()
    checked = store.checked(user_id, connection_id, row.credential_version, state.scopes, now)
    seen = (await database().flight(Actor(user_id), checked)).first(checked)
    return ConnectionTest(
        ok=True,
        latency_ms=found.latency_ms,
        identity=identity,
        scopes_told=state.scopes is not None,
        access_expires_at=testing.moment(state.expires_at),
        data_access_expires_at=testing.moment(state.data_access_expires_at),
        quota=AccountQuota.of(found.quota) if found.quota else None,
        connection=to_connection(seen or row),
    )


def tag(connection: Connection) -> str:
    """Return the entity tag of a connection."""
    return etag(connection)


async def get(user_id: str, connection_id: str) -> Connection:
    """Return one connection."""
    return to_connection(await _row(user_id, connection_id))


async def _row(user_id: str, connection_id: str) -> ConnectionRow:
    wanted = store.one(user_id, connection_id)
    row = (await database().flight(Actor(user_id), wanted)).first(wanted)
    if row is None:
        raise NotFound
    return row


async def change(user_id: str, connection_id: str, patch: ConnectionPatch, condition: Condition = ANY) -> Connection:
    """Name a connection. Raises :class:`PreconditionFailed` if it is not in the state that the condition names."""
    changes, seen, now = patch.changes(), None, clock.now()
    if condition or not changes:
        row = await _row(user_id, connection_id)
        condition.check(tag(to_connection(row)))
        if not changes:
            return to_connection(row)
        # Later than what was seen, even by a clock that is behind: the time is the row's version.
        seen, now = row.updated_at, max(now, row.updated_at + timedelta(microseconds=1))
    label = store.label(user_id, connection_id, changes["label"], seen, now)
    changed = (await database().flight(Actor(user_id), label)).first(label)
    if changed is None:
        raise PreconditionFailed("precondition_failed") if seen else NotFound()
    return to_connection(changed)


async def to_disconnect(user_id: str, connection_id: str, condition: Condition = ANY) -> CredentialRow:
    """Return a connection with its tokens. Raises :class:`PreconditionFailed` if the condition names another state of it."""
    row = await _credential(user_id, connection_id)
    condition.check(tag(to_connection(row)))
    return row


async def disconnect(row: CredentialRow, deadline: float) -> Disconnected:
    """Withdraw the grant if no other account lives on it and the platform lets us, and forget the connection in any case."""
    user_id, connection_id = row.user_id, row.id
    outcome = await grants.withdraw_of_last(row, deadline)
    subject = grants.subject_hash(registrations.get(row.platform, row.registration), row.grant_subject)
    remembered = (
        [store.remember(user_id, connection_id, str(uuid4()), subject, clock.now())]
        if subject and row.platform in ASK_FOR_DELETION
        else []
    )
    told = changes.disconnected(user_id, row.platform, connection_id, clock.now())
    await database().flight(Actor(user_id), *remembered, told, store.delete(user_id, connection_id))
    if outcome == "kept":
        # The accounts for which it was kept may have been disconnected at the same time.
        outcome = await grants.withdraw_of_last(row, deadline)
    logs.event("disconnected", platform=row.platform, connection_id=connection_id, grant=outcome)
    advice = messages.KEPT if outcome == "kept" else messages.remove_by_hand(row.platform, row.registration)
    return Disconnected(
        id=connection_id, revoked=outcome == "revoked", grant=outcome, advice=None if outcome == "revoked" else advice
    )
