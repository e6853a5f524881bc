"""API models of what the platforms offer: from them a client builds its form, without a list of its own."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from noillusion.catalog.platforms import LengthUnit, PlatformName
from noillusion.catalog.registrations import Access, RegistrationName
from noillusion.connections.models import AccountQuota
from noillusion.core.models import ErrorParams, Model, Unit, Uuid
from noillusion.flows.account_options import Interaction
from noillusion.flows.draft import Kind
from noillusion.flows.issues import IssueCode
from noillusion.platforms.files import Figure, Rule, Source

FileSort = Literal["image", "video", "document", "thumbnail"]


class FigureBounds(Model):
    """The bounds of one figure of a media file."""

    figure: Figure
    minimum: float | None = None
    maximum: float | None = None
    unit: Unit


class FileOffer(Model):
    """The media files of one sort that are accepted."""

    sort: FileSort
    content_types: list[str] = Field(description="By the content of the file, whatever its name or its server says")
    figures: list[FigureBounds]
    video_codecs: list[str] = Field(description="Empty: any")
    audio_codecs: list[str] = Field(description="Empty: any")
    color_spaces: list[str] = Field(description="Empty: any")
    sources: list[Source] = Field(description="`data`: in the request. Without it, the file must be behind a public URL")
    handed_over: bool = Field(
        description="The platform only fetches by URL: `data` waits encrypted until the platform has fetched it from this service"
    )
    index_first: bool = Field(description="An MP4 or MOV file must have its index (`moov`) before its data")
    redirects: bool = Field(description="The URL of the file may redirect")
    advised: list[Rule] = Field(description="Rules of which breaking is a warning, because the platform only advises them")


class MediaOffer(Model):
    """The media of a kind of post."""

    minimum: int
    maximum: int
    alt_text_limit: int | None = Field(default=None, description="Characters; null: no documented limit, or no alt text")


class HoldingOffer(Model):
    """How far ahead a post can be scheduled that the platform holds until its time (`way: native` of `POST /v1/schedules`)."""

    earliest_s: int = Field(description="Seconds from now")
    latest_s: int = Field(description="Seconds from now")


class KindOffer(Model):
    """A kind of post and its parts. Parts are paths in `content`, or options of the platform as `options.<name>`."""

    kind: Kind
    text_limit: int = Field(description="Greatest length of the text, in the unit of the platform")
    required: list[str]
    optional: list[str]
    ignored: list[str] = Field(description="Accepted with a warning and not sent, because the platform has no place for them")
    media: MediaOffer | None = None
    files: list[FileOffer] = Field(description="Rules for its media files, and for images that stand for a video or a link")
    held: HoldingOffer | None = Field(
        default=None, description="The platform holds such posts until their time and publishes them itself. Null: it does not"
    )


class HashtagOffer(Model):
    """The numbers of hashtags in a text."""

    warning: int | None = Field(default=None, description="More of them draw a warning")
    limit: int | None = Field(default=None, description="More of them are refused")


class ScopeOffer(Model):
    """A permission that a registration asks for, or that the operator's app does not have."""

    scope: str
    feature: str = Field(description="The feature that needs it")


class RegistrationOffer(Model):
    """An app of this deployment at the platform, by which accounts can be connected."""

    registration: RegistrationName
    title: str
    access: list[Access] = Field(description="What a connection by it can be for")
    scopes: list[ScopeOffer] = Field(description="Permissions that it asks for, always the same")
    left_out: list[ScopeOffer] = Field(description="Permissions that the app does not have, with the features that are lost")
    can_delete: bool = Field(description="Posts of accounts that are connected by it can be deleted at the platform")
    can_revoke: bool = Field(description="Its grants are revoked when an account is disconnected")
    kinds: list[KindOffer] = Field(
        description="Kinds of posts that differ for accounts connected by it. They replace those among the platform's `kinds`"
    )


class AccessOffer(Model):
    """Something that connections to the platform can be for."""

    access: Access
    available: bool
    registrations: list[RegistrationName] = Field(description="Registrations that give access to it. Empty: none")
    message: str | None = Field(default=None, description="What this deployment has no access to. Null: it has access")


class PlatformOffer(Model):
    """What one platform offers."""

    platform: PlatformName
    title: str
    configured: bool = Field(description="False: this deployment has no app at the platform, so nobody can connect an account")
    registrations: list[RegistrationOffer] = Field(
        description="Registrations by which accounts can be connected, in the order in which they are chosen"
    )
    access: list[AccessOffer] = Field(description="What a connection can be for, to name as `wanted` when connecting")
    text_unit: LengthUnit = Field(description="Unit of the lengths of texts; `utf16`: UTF-16 code units")
    hashtags: HashtagOffer
    kinds: list[KindOffer] = Field(description="As accounts of the first registration have them")
    options: dict[str, Any] = Field(
        description="JSON Schema of `options.<platform>`, with the conditions between the options. Empty: there are none"
    )
    daily_posts: int | None = Field(
        default=None,
        description="Posts that the platform accepts of an account within 24 hours, those of other apps included. Null: the "
        "number differs between accounts, or is not known",
    )
    can_delete: bool = Field(description="A published post can be deleted through this API. Registrations can differ")
    can_revoke: bool = Field(description="Disconnecting withdraws the grant at the platform as well. Registrations can differ")


class PlatformOffers(Model):
    """What all platforms offer."""

    items: list[PlatformOffer]


class PublishingProblem(Model):
    """A reason why nothing can be published on an account at the moment."""

    code: IssueCode
    message: str
    params: ErrorParams


class PublishingOptions(Model):
    """What an account can publish at the moment, as its platform tells. Null or empty: the platform does not tell."""

    connection_id: Uuid
    platform: PlatformName
    registration: RegistrationName
    can_publish: bool
    problems: list[PublishingProblem]
    username: str
    name: str
    avatar_url: str | None = Field(default=None, description="The platform lets it expire, after two hours for example")
    privacy_levels: list[str] = Field(description="Audiences to choose from; the person must choose one if there are any")
    disabled: list[Interaction] = Field(description="Interactions that the account's own settings turn off")
    longest_video_s: int | None = Field(default=None, description="Greatest duration of a video in seconds")
    quota: AccountQuota | None = None
    can_delete: bool = Field(description="Posts of the account can be deleted at the platform")
    kinds: list[KindOffer] = Field(description="Kinds of posts that the account can have, with their rules")
    roles: list[str] = Field(description="The person's roles in the organization, or tasks on the Page")
