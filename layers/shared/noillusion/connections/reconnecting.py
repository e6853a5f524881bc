"""Renewing one connection in place: it keeps its id and its history, and no other account is accepted."""

from __future__ import annotations

from collections.abc import Sequence

from noillusion.catalog.platforms import PlatformName
from noillusion.connections import store
from noillusion.connections.models import AuthorizeRequest
from noillusion.connections.rows import AccountVersion, PendingGrant
from noillusion.core.errors import Conflict, Invalid, field_error
from noillusion.db import Actor, database
from noillusion.flows.protocol import Candidate
from noillusion.settings.source import settings


async def request_of(user_id: str, platform: PlatformName, request: AuthorizeRequest) -> AuthorizeRequest:
    """Return a request with the registration that its connection has, where it names a connection and nothing else.

    :class:`Invalid` if the user has no such connection at the platform.
    """
    if request.connection_id is None:
        return request
    wanted = store.one(user_id, request.connection_id)
    row = (await database().flight(Actor(user_id), wanted)).first(wanted)
    if row is None or row.platform != platform:
        raise Invalid([field_error("connection_id", "connection")])
    offered = {found.name for found in settings().apps.offered[platform]}
    if request.wanted or request.registration or row.registration not in offered:
        return request
    return request.model_copy(update={"registration": row.registration})


def account(attempt: PendingGrant, connected: Sequence[AccountVersion]) -> str | None:
    """Return the account that an attempt is for, ``None`` if it is for any: no connection was named, or it exists no more."""
    if attempt.connection_id is None:
        return None
    return next((row.account_id for row in connected if row.id == attempt.connection_id), None)


def only(wanted: str | None, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates that an attempt accepts."""
    return [candidate for candidate in candidates if wanted in (None, candidate.id)]


def hold_to(wanted: str | None, candidates: Sequence[Candidate], selected: Sequence[str]) -> None:
    """Refuse every account but the one that the attempt is for.

    :class:`Conflict` if the grant does not give access to it, :class:`Invalid` for a selection of others.
    """
    if wanted is None:
        return
    if not only(wanted, candidates):
        raise Conflict("other_account")
    others = [at for at, account_id in enumerate(selected) if account_id != wanted]
    if others:
        raise Invalid([field_error(f"account_ids.{at}", "other_account") for at in others])
