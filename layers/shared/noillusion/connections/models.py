"""API models of connections and of the connection process."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, StringConstraints

from noillusion.catalog.platforms import PlatformName
from noillusion.core.fields import DISTINCT, Label
from noillusion.core.models import Model, Strict
from noillusion.core.patches import Patch, partial


class AuthorizeRequest(Strict):
    """Options of the authorization."""

    return_url: Annotated[str, StringConstraints(max_length=500)] | None = Field(
        default=None,
        description="URL to send the browser to afterwards, without a fragment and below an allowed URL; `platform` "
        "and `pending` or `error` are added to its query. Null: respond with JSON",
    )


class ScopeCost(Model):
    """A permission and the feature that needs it."""

    scope: str
    feature: str


class AuthorizeResponse(Model):
    """The authorization URL to open in the browser."""

    attempt_id: str
    authorization_url: str
    scopes: list[ScopeCost]
    expires_at: datetime


class CallbackResult(Model):
    """Response to a callback if no return URL was given."""

    platform: PlatformName
    pending_id: str | None = None
    error: str | None = None


class AccountChoice(Model):
    """An account that the grant gives access to."""

    id: str
    kind: str
    name: str
    username: str
    can_publish: bool
    reason: str = Field(description="Reason why the account cannot be published to, or empty")
    connected: bool = Field(description="The account is already connected; selecting it renews the connection")


class PendingConnection(Model):
    """A grant for which accounts must be selected."""

    pending_id: str
    platform: PlatformName
    granted_scopes: list[str]
    missing_scopes: list[ScopeCost]
    accounts: list[AccountChoice]
    empty_reason: str | None = Field(default=None, description="Reason why there are no accounts")
    expires_at: datetime


class ConfirmRequest(Strict):
    """The accounts to connect."""

    account_ids: Annotated[list[Annotated[str, StringConstraints(min_length=1, max_length=200)]], DISTINCT] = Field(
        min_length=1, max_length=50
    )


ConnectionStatus = Literal["active", "reauth_required"]


class Connection(Model):
    """A connected account, without its tokens."""

    id: str
    platform: PlatformName
    account_id: str
    account_kind: str
    display_name: str
    username: str
    label: str
    status: ConnectionStatus
    status_reason: str = Field(
        description="Reason why the account must be connected again: `grant_refused` (the platform refused to renew access), "
        "`refresh_interrupted` (a renewal was interrupted before its result was saved, and the old access no longer works), "
        "`token_refused`, `removed_at_platform` or `seal_broken`. Empty while the connection works"
    )
    granted_scopes: list[str]
    missing_scopes: list[ScopeCost]
    access_expires_at: datetime | None = Field(description="When the platform's access token expires unless it is renewed")
    reconnect_by: datetime | None = Field(description="Date by which the account must be connected again, if known")
    checked_at: datetime | None
    created_at: datetime
    updated_at: datetime


class ConnectionFields(Strict):
    """The part of a connection that its user can edit."""

    label: Label


if TYPE_CHECKING:
    ConnectionPatch = Patch
else:
    ConnectionPatch = partial(
        ConnectionFields, "ConnectionPatch", "Members of a connection to change (JSON Merge Patch, RFC 7396)."
    )


class ConnectionTest(Model):
    """Result of testing a connection."""

    ok: bool
    error_class: str | None = None
    platform_code: str | None = None
    advice: str | None = None
    connection: Connection


class Disconnected(Model):
    """Result of disconnecting an account."""

    id: str
    revoked: bool = Field(description="The platform confirmed that the grant was revoked")
    advice: str | None = Field(default=None, description="What you can do on the platform if it was not")


class Refused(Model):
    """Result of declining a grant."""

    platform: PlatformName
    revoked: bool = Field(description="The platform confirmed that the grant was revoked")
    advice: str | None = Field(default=None, description="Reason why it was not, or what you can do on the platform")


class DeletionAccepted(Model):
    """Response that Meta expects to a data deletion request (platforms.md 0.5)."""

    url: str
    confirmation_code: str


class Remainder(Model):
    """Something that remains after a deletion."""

    what: str
    why: str


class DeletionStatus(Model):
    """Status of a data deletion request, with what was deleted and what remains."""

    confirmation_code: str
    state: Literal["deleting", "completed"]
    requested_at: datetime
    completed_at: datetime | None = Field(description="Null while the deletion is in progress")
    message: str
    deleted: dict[str, int] = Field(description="Number of records deleted, by table")
    remains: list[Remainder]
