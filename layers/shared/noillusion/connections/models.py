"""API shapes of connections and of connecting."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from noillusion.catalog.platforms import PlatformName
from noillusion.core.models import Model, Strict


class AuthorizeRequest(Strict):
    """How the person comes back after consenting."""

    return_url: Annotated[str, StringConstraints(max_length=500)] | None = Field(
        default=None, description="Where to send the browser afterwards; must begin with an allowed prefix. Empty: a JSON answer"
    )


class ScopeCost(Model):
    """A permission and the feature that is lost without it."""

    scope: str
    feature: str


class AuthorizeResponse(Model):
    """Where to send the browser now."""

    attempt_id: str
    authorization_url: str
    scopes: list[ScopeCost]
    expires_at: datetime


class CallbackResult(Model):
    """The answer to a callback whose attempt names no return URL."""

    platform: PlatformName
    pending_id: str | None = None
    error: str | None = None


class AccountChoice(Model):
    """An account that the grant can use."""

    id: str
    kind: str
    name: str
    username: str
    can_publish: bool
    reason: str = Field(description="Why it cannot be published to, if so")
    connected: bool = Field(description="Already connected; choosing it renews the connection in place")


class PendingConnection(Model):
    """A grant that waits for the person to choose accounts."""

    pending_id: str
    platform: PlatformName
    granted_scopes: list[str]
    missing_scopes: list[ScopeCost]
    accounts: list[AccountChoice]
    empty_reason: str | None = Field(default=None, description="Why there is nothing to choose")
    expires_at: datetime


def _distinct(ids: list[str]) -> list[str]:
    if len(set(ids)) != len(ids):
        raise ValueError("Must not repeat an account.")
    return ids


class ConfirmRequest(Strict):
    """The accounts to connect."""

    account_ids: Annotated[list[Annotated[str, StringConstraints(min_length=1, max_length=200)]], AfterValidator(_distinct)] = (
        Field(min_length=1, max_length=50)
    )


class Connection(Model):
    """A connected account. Tokens are never part of it."""

    id: str
    platform: PlatformName
    account_id: str
    account_kind: str
    display_name: str
    username: str
    label: str
    status: Literal["active", "reauth_required"]
    status_reason: str = Field(
        description="Why the account must be connected again: `grant_refused` (the platform refused to renew the access), "
        "`refresh_interrupted` (a renewal was cut off before its answer was saved, and the old access no longer works), "
        "`token_refused`, `removed_at_platform` or `seal_broken`. Empty while the connection works."
    )
    granted_scopes: list[str]
    missing_scopes: list[ScopeCost]
    access_expires_at: datetime | None = Field(description="When the platform's token ends if nothing renews it")
    reconnect_by: datetime | None = Field(description="When the person must consent again at the latest, where that is known")
    checked_at: datetime | None
    created_at: datetime
    updated_at: datetime


class ConnectionPatch(Strict):
    """What a user can change about a connection."""

    label: Annotated[str, StringConstraints(max_length=80, strip_whitespace=True, pattern=r"^[^\x00]*$")]


class ConnectionTest(Model):
    """Whether the connection works right now."""

    ok: bool
    error_class: str | None = None
    platform_code: str | None = None
    advice: str | None = None
    connection: Connection


class Disconnected(Model):
    """What became of a connection that was removed."""

    id: str
    revoked: bool = Field(description="Whether the platform confirmed that the grant is withdrawn")
    advice: str | None = Field(default=None, description="What the person can do at the platform, if it was not")


class Refused(Model):
    """What happened to a grant that was refused."""

    platform: PlatformName
    revoked: bool = Field(description="Whether the platform confirmed that the grant is withdrawn")
    advice: str | None = Field(default=None, description="Why it was not, or what the person can do at the platform")


class DeletionAccepted(Model):
    """What Meta expects as answer to a data deletion request (platforms.md 0.5)."""

    url: str
    confirmation_code: str


class Remainder(Model):
    """Something that stays after a deletion."""

    what: str
    why: str


class DeletionStatus(Model):
    """The state of a data deletion request, what was deleted, and what remains."""

    confirmation_code: str
    state: Literal["deleting", "completed"]
    requested_at: datetime
    completed_at: datetime | None = Field(description="Null while the deletion goes on")
    message: str
    deleted: dict[str, int] = Field(description="Records deleted by table")
    remains: list[Remainder]
