"""API models of connections and of the connection process."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from pydantic import Field, StringConstraints

from noillusion.catalog.accounts import (
    AccountCapability,
    AccountKind,
    AccountReason,
    CapabilityGap,
    ConnectionState,
    ConnectionStatus,
    NoAccounts,
    Renewal,
    StatusReason,
)
from noillusion.catalog.platforms import PlatformName
from noillusion.catalog.registrations import ACCESSES, Access, RegistrationName
from noillusion.connections.callback_errors import CATALOG, CallbackError
from noillusion.core.fields import DISTINCT, Id, Label
from noillusion.core.models import Model, Stored, Strict, Uuid
from noillusion.core.patches import Patch, partial
from noillusion.flows.faults import ErrorClass


class AuthorizeRequest(Strict):
    """Options of the authorization."""

    wanted: Annotated[list[Access], DISTINCT] = Field(
        default_factory=list,
        max_length=len(ACCESSES),
        description="What the connection is for, of what `GET /v1/platforms` lists as available in `access`. The first "
        "registration that gives access to all of it is used. Empty: the platform's first one",
    )
    registration: RegistrationName | None = Field(
        default=None, description="Registration to use, of those in `registrations` of `GET /v1/platforms`. Null: any"
    )
    connection_id: Id | None = Field(
        default=None,
        description="Connection to renew in place: it keeps its id and history, and only its account can be selected. Without "
        "`wanted` and `registration` it is renewed by the registration that it has. Null: connect any account",
    )
    return_url: Annotated[str, StringConstraints(max_length=500)] | None = Field(
        default=None,
        description="URL to send the browser to afterwards, without a fragment and below an allowed URL; `platform` "
        "and `pending`, or `error` and `retryable`, are added to its query. Null: respond with JSON",
    )


class ScopeCost(Model):
    """A permission and the feature that needs it."""

    scope: str
    feature: str


class AuthorizeResponse(Model):
    """The authorization URL to open in the browser."""

    attempt_id: Uuid
    registration: RegistrationName
    authorization_url: str
    scopes: list[ScopeCost]
    expires_at: datetime


class CallbackResult(Model):
    """Response to a callback if no return URL was given."""

    platform: PlatformName
    pending_id: str | None = None
    error: CallbackError | None = Field(default=None, description="Reason why there is no grant")
    retryable: bool | None = Field(default=None, description="Starting again can help; null without an error")
    advice: str | None = Field(default=None, description="What the person can do; null without an error")

    @classmethod
    def failed(cls, platform: PlatformName, error: CallbackError) -> CallbackResult:
        """Return the response to a callback that brought no grant."""
        entry = CATALOG[error]
        return cls(platform=platform, error=error, retryable=entry.retryable, advice=entry.advice)

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters that the return URL gets."""
        if self.error is None:
            return {"platform": self.platform, "pending": self.pending_id or ""}
        return {"platform": self.platform, "error": self.error, "retryable": "true" if self.retryable else "false"}


class MissingCapability(Model):
    """Something that cannot be done with an account, and what is missing for it."""

    capability: AccountCapability
    code: CapabilityGap
    needed: list[str] = Field(description="Permissions that are missing, or tasks or roles of which one is needed")
    message: str
    advice: str | None = Field(description="What you can do; null if you can do nothing")


class CapabilityInfo(NamedTuple):
    """What can be done with an account, and what cannot."""

    capabilities: list[AccountCapability]
    missing: list[MissingCapability]


_CAPABILITIES = "What can be done with the account, as far as it is known without trying"
_MISSING = "Each thing that cannot be done with the account, with what is missing for it"


class AccountChoice(Model):
    """An account that the grant gives access to."""

    id: str
    kind: AccountKind
    name: str
    username: str
    image_url: str | None = Field(
        description="URL of the account's image at the platform, to show while selecting. It expires and is not stored"
    )
    can_publish: bool
    reason: AccountReason = Field(description="Reason why the account cannot be published to, or empty")
    capabilities: list[AccountCapability] = Field(description=_CAPABILITIES)
    missing_capabilities: list[MissingCapability] = Field(description=_MISSING)
    connected: bool = Field(description="The account is already connected; selecting it renews the connection")


class PendingConnection(Model):
    """A grant for which accounts must be selected."""

    pending_id: str
    platform: PlatformName
    registration: RegistrationName
    connection_id: Uuid | None = Field(description="Connection that is renewed, whose account is the only one offered")
    granted_scopes: list[str]
    missing_scopes: list[ScopeCost]
    accounts: list[AccountChoice]
    complete: bool = Field(
        description="`false` if the platform has more accounts than were read: of each of Meta's lists the first 2,000 rows, of "
        "LinkedIn's the first 500. An account that is missing here cannot be selected by this grant"
    )
    empty_code: NoAccounts | None = Field(default=None, description="Reason why there are no accounts, as a code")
    empty_reason: str | None = Field(default=None, description="Reason why there are no accounts, and what you can do")
    expires_at: datetime


class ConfirmRequest(Strict):
    """The accounts to connect."""

    account_ids: Annotated[list[Annotated[str, StringConstraints(min_length=1, max_length=200)]], DISTINCT] = Field(
        min_length=1, max_length=50
    )


class Connection(Model):
    """A connected account, without its tokens."""

    id: Uuid
    platform: PlatformName
    registration: RegistrationName = Field(description="Registration by which the account was connected")
    account_id: str
    account_kind: Stored[AccountKind]
    display_name: str
    username: str
    label: str
    status: ConnectionStatus = Field(description="`active` while the account can be used; `state` says more")
    state: ConnectionState = Field(
        description="`active`; `expiring`: it works and ends at `reconnect_by`; `needs_reconnect`: connect the "
        "account again, with this `id` as the `connection_id` of the authorization"
    )
    status_reason: Stored[StatusReason] = Field(
        description="Reason why the account must be connected again: `grant_refused` (the platform refused to renew access), "
        "`refresh_interrupted` (a renewal was interrupted before its result was saved, and the old access no longer works), "
        "`token_refused`, `removed_at_platform`, `seal_broken`, or `erased` (the platform asked for the deletion "
        "of the data, which is in progress). Empty while the connection works"
    )
    granted_scopes: list[str]
    missing_scopes: list[ScopeCost]
    capabilities: list[AccountCapability] = Field(description=_CAPABILITIES)
    missing_capabilities: list[MissingCapability] = Field(description=_MISSING)
    renewal: Renewal
    access_expires_at: datetime | None = Field(description="When the platform's access token expires unless it is renewed")
    data_access_expires_at: datetime | None = Field(
        description="Until when the platform lets us read the person's data, where it limits that apart from the token"
    )
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


class AccountQuota(Model):
    """The number of posts that an account may publish in a period."""

    limit: int
    used: int
    period_s: int = Field(description="Length of the period in seconds. It ends now")


class AccountIdentity(Model):
    """The account that the platform names for a connection. It is not stored."""

    account_id: str
    name: str = Field(description="Empty: the platform does not tell")
    username: str = Field(description="Empty: the platform does not tell")


class ConnectionTest(Model):
    """Result of testing a connection. Null is what the platform did not tell."""

    ok: bool
    error_class: ErrorClass | None = None
    platform_code: str | None = None
    advice: str | None = None
    latency_ms: int | None = Field(
        default=None,
        description="Milliseconds until the platform named the account, including a renewal of access if one was due",
    )
    identity: AccountIdentity | None = Field(default=None, description="The account as the platform names it now")
    scopes_told: bool = Field(
        default=False,
        description="The platform told the permissions just now, and `connection` has them. False: it has those of the last "
        "consent",
    )
    access_expires_at: datetime | None = Field(default=None, description="When the access token expires, as told now")
    data_access_expires_at: datetime | None = Field(
        default=None,
        description="Until when the platform lets us read the person's data, as told now",
    )
    quota: AccountQuota | None = None
    connection: Connection


GrantOutcome = Literal["revoked", "kept", "not_revoked", "not_supported"]


class Disconnected(Model):
    """Result of disconnecting an account."""

    id: Uuid
    revoked: bool = Field(description="The platform confirmed that the grant was revoked")
    grant: GrantOutcome = Field(
        description="`revoked`; `kept`: other accounts are connected with the same grant; `not_revoked`: the platform refused "
        "or did not answer; `not_supported`: the platform has no call for it"
    )
    advice: str | None = Field(default=None, description="What you can do if it was not revoked")
    removed_posts: int = Field(
        default=0, description="Number of scheduled posts that the platform held and removed, so that they are not published"
    )
    held_posts: int = Field(
        default=0,
        description="Number of scheduled posts that the platform may still hold and publish: remove them in its planner",
    )


class Refused(Model):
    """Result of declining a grant."""

    platform: PlatformName
    revoked: bool = Field(description="The platform confirmed that the grant was revoked")
    advice: str | None = Field(default=None, description="Reason why it was not, or what you can do on the platform")


DeletionState = Literal["deleting", "completed"]


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
    state: DeletionState
    requested_at: datetime
    completed_at: datetime | None = Field(description="Null while the deletion is in progress")
    message: str
    deleted: dict[str, int] = Field(description="Number of records deleted, by table")
    remains: list[Remainder]
