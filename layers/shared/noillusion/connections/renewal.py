"""The life of a credential as data: how it is renewed, when that is due, and when only its owner can go on with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from noillusion.catalog.accounts import ConnectionState, Renewal
from noillusion.connections.rows import AccountVersion, ConnectionRow, CredentialRow, TokenExpiry
from noillusion.core import clock
from noillusion.flows.protocol import Tokens
from noillusion.platforms import catalog
from noillusion.platforms.contract import Platform

UNKNOWN_LIFE: Final = timedelta(days=1)
"""Assumed where a platform whose tokens expire names no life (failure-classes.md C1)."""
LONGEST_LIFE: Final = timedelta(days=3650)
"""Whatever a platform says of a token's life, its row can hold this."""
WARN_BEFORE: Final = timedelta(days=7)
"""How long before its end a connection that only its owner can renew is expiring."""


def expiry(platform: Platform, tokens: Tokens, now: datetime, *, consent: bool = True) -> TokenExpiry:
    """Return when tokens and the access to data expire, and when a refresh is due (``None``: nothing can or need be refreshed).

    ``consent``: the person has just consented, which the access to data counts from.
    """
    model = platform.capabilities.refresh
    renewal = of_tokens(platform, refresh_token=tokens.refresh is not None)
    access = now + _life(tokens.access_expires_in) if tokens.access_expires_in else None
    if access is None and renewal in ("rotating", "extend"):
        access = now + UNKNOWN_LIFE
    refresh = now + _life(tokens.refresh_expires_in) if tokens.refresh_expires_in else None
    due = None
    if is_automatic(renewal) and access is not None:
        due = max(access - timedelta(seconds=model.margin_s), now + timedelta(seconds=model.minimum_age_s))
    return TokenExpiry(access, refresh, due, _data_access(platform, tokens, now) if consent else None)


def _data_access(platform: Platform, tokens: Tokens, now: datetime) -> datetime | None:
    told, usual = tokens.data_access_expires_at, platform.capabilities.refresh.data_access_s
    if told is None:
        return now + timedelta(seconds=usual) if usual else None
    return min(datetime.fromtimestamp(min(told, 2**32), UTC), now + LONGEST_LIFE) if told > 0 else None


def _life(seconds: int) -> timedelta:
    return timedelta(seconds=min(max(seconds, 0), LONGEST_LIFE.total_seconds()))


def of_tokens(platform: Platform, *, refresh_token: bool) -> Renewal:
    """Return how a credential of a platform is renewed: without a refresh token, one that would need it is not (C10)."""
    model = platform.capabilities.refresh.model
    return "reconnect" if model in ("rotating", "renewable") and not refresh_token else model


def is_automatic(renewal: Renewal) -> bool:
    """Return whether we renew such a credential."""
    return renewal in ("rotating", "renewable", "extend")


def refreshable(row: CredentialRow) -> bool:
    """Return whether the credential of a connection can be refreshed."""
    return is_automatic(
        of_tokens(catalog.get(row.platform, row.registration), refresh_token=row.sealed_refresh_token is not None)
    )


def of_connection(row: ConnectionRow) -> Renewal:
    """Return how the credential of a connection is renewed, as its times tell."""
    renewed = row.refresh_due_at is not None or row.refresh_expires_at is not None
    return of_tokens(catalog.get(row.platform, row.registration), refresh_token=renewed)


def state(row: ConnectionRow | AccountVersion) -> ConnectionState:
    """Return where a connection is in its life."""
    if row.status != "active":
        return "needs_reconnect"
    return "expiring" if row.expiring_since is not None else "active"


def reconnect_by(row: ConnectionRow) -> datetime | None:
    """Return when the connection ends unless its owner connects the account again, ``None`` if that is not known."""
    return min(ends(row, expiring=row.expiring_since is not None), default=None)


def ends(row: ConnectionRow | TokenExpiry, *, expiring: bool) -> list[datetime]:
    """Return the times at which a connection ends unless its owner connects the account again.

    A token that is extended in place ends only where that fails, which is what ``expiring`` then means.
    """
    token = row.refresh_expires_at if row.refresh_due_at is not None else row.access_expires_at
    if token is None and expiring and row.data_access_expires_at is None:
        token = row.access_expires_at
    return [end for end in (token, row.data_access_expires_at) if end is not None]


def still_expiring(row: ConnectionRow, expiry: TokenExpiry) -> bool:
    """Return whether a connection that is expiring remains so with what a refresh brought."""
    kept = {name: getattr(expiry, name) or getattr(row, name) for name in ("refresh_expires_at", "data_access_expires_at")}
    soon = clock.now() + WARN_BEFORE
    return any(end <= soon for end in ends(replace(expiry, **kept), expiring=False))
