"""Rows of connections and of attempts to connect. Only those named for credentials and grants carry sealed tokens."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from typing import Any, ClassVar

from noillusion.catalog.accounts import AccountKind, ConnectionStatus, StatusReason
from noillusion.catalog.platforms import PlatformName
from noillusion.catalog.registrations import RegistrationName
from noillusion.db import record


@record()
class CredentialVersion:
    """A connection and the version of its credential."""

    TABLE: ClassVar = "platform_connections"

    id: str
    user_id: str
    platform: PlatformName
    credential_version: int


@record()
class ConnectionRow(CredentialVersion):
    """A connected account without its tokens."""

    account_id: str
    registration: str
    """Empty: the first one of the platform."""
    account_kind: AccountKind
    display_name: str
    username: str
    label: str
    grant_subject: str = field(repr=False)
    granted_scopes: list[str]
    details: dict[str, Any]
    status: ConnectionStatus
    status_reason: StatusReason
    access_expires_at: datetime | None
    refresh_expires_at: datetime | None
    refresh_due_at: datetime | None
    data_access_expires_at: datetime | None
    expiring_since: datetime | None
    checked_at: datetime | None
    posts_paused_until: datetime | None
    calls_paused_until: datetime | None
    created_at: datetime
    updated_at: datetime


@record()
class CredentialRow(ConnectionRow):
    """A connected account with its sealed tokens, for acting through it."""

    sealed_access_token: str = field(repr=False)
    sealed_refresh_token: str | None = field(repr=False)
    token_issued_at: datetime
    refresh_lease_until: datetime | None


@record()
class AccountVersion:
    """An account that is connected already."""

    TABLE: ClassVar = "platform_connections"

    id: str
    account_id: str
    registration: str
    grant_subject: str = field(repr=False)
    credential_version: int
    status: ConnectionStatus
    status_reason: StatusReason
    expiring_since: datetime | None


@record()
class ConnectionToMeasure:
    """A connection whose account figures are due."""

    TABLE: ClassVar = "platform_connections"

    id: str
    user_id: str
    platform: PlatformName


@record()
class ClaimedAttempt:
    """An attempt whose code may be exchanged now."""

    TABLE: ClassVar = "connection_attempts"

    id: str
    user_id: str
    registration: str
    return_url: str


@record()
class CompletedAttempt:
    """An attempt whose accounts were chosen, at ``updated_at``."""

    TABLE: ClassVar = "connection_attempts"

    id: str
    platform: PlatformName
    updated_at: datetime


@record()
class SealedGrant:
    """An attempt with the sealed grant that it waits with."""

    TABLE: ClassVar = "connection_attempts"
    NOT_NULL: ClassVar = ("sealed_credentials",)

    id: str
    user_id: str
    platform: PlatformName
    registration: str
    sealed_credentials: str = field(repr=False)


@record()
class PendingGrant(SealedGrant):
    """A grant that can be confirmed until it expires."""

    connection_id: str | None
    """The connection that it is to renew, where it is for one."""
    expires_at: datetime


@record()
class ClaimedGrant(SealedGrant):
    """A grant that is to be withdrawn, and the number of times that this was tried."""

    revoke_tries: int


@record()
class SealedTokens:
    """The tokens of one version of a credential, and the key that sealed them."""

    sealed_access_token: str = field(repr=False)
    sealed_refresh_token: str | None = field(repr=False)
    sealing_key_id: str


@record()
class TokenExpiry:
    """When tokens and the access to data expire, and when a refresh is due: ``None`` where nothing can or need be refreshed."""

    access_expires_at: datetime | None
    refresh_expires_at: datetime | None
    refresh_due_at: datetime | None
    data_access_expires_at: datetime | None = None


@record()
class NewConnection(CredentialVersion):
    """An account to connect, or to renew in place."""

    registration: RegistrationName
    account_id: str
    account_kind: AccountKind
    display_name: str
    username: str
    grant_subject: str = field(repr=False)
    granted_scopes: list[str]
    details: dict[str, Any]
    verify_at: datetime
    now: datetime
