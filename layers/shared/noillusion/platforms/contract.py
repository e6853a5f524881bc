"""The base class of platforms, and the data by which they differ."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, ClassVar, Literal, TypeVar

from noillusion.catalog import registrations
from noillusion.catalog.accounts import AccountKind, NoAccounts
from noillusion.catalog.platforms import PLATFORMS, Entry, PlatformName
from noillusion.catalog.registrations import Registration
from noillusion.core.records import record
from noillusion.core.sensitive import Content, Secret
from noillusion.flows import pauses
from noillusion.flows.account_options import AccountOptions
from noillusion.flows.draft import Draft, Kind, MediaItem
from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, Fault, PlatformError, UnexpectedShape
from noillusion.flows.inspection import Identity, TokenState
from noillusion.flows.measures import AccountMetrics, PostMetrics, PostRef
from noillusion.flows.pauses import Pause
from noillusion.flows.protocol import (
    Account,
    AccountList,
    App,
    Call,
    Flow,
    Issue,
    Lookup,
    MissingScope,
    OtherVersion,
    Published,
    Reading,
    Reply,
    Tokens,
    Unreadable,
)
from noillusion.flows.shapes import Forms
from noillusion.platforms import checks
from noillusion.platforms.checks import Wording
from noillusion.platforms.dialogs import Dialog
from noillusion.platforms.files import FilesOf
from noillusion.platforms.holding import Holds, Window
from noillusion.platforms.needs import NeedsOf
from noillusion.platforms.parts import Parts

if TYPE_CHECKING:
    from noillusion.platforms.options import PlatformOptions

T = TypeVar("T")


@record(eq=True)
class Refresh:
    """The way in which a platform's tokens are renewed (failure-classes.md C2).

    ``rotating``: a refresh token that may change. ``renewable``: a refresh token that stays. ``extend``: the access token itself
    is exchanged for a longer one before it expires. ``static``: nothing to refresh.
    """

    model: Literal["rotating", "renewable", "extend", "static"]
    margin_s: int = 0
    """Seconds before expiry at which a refresh is due."""
    minimum_age_s: int = 0
    """Seconds: a younger token cannot be refreshed."""
    shared: bool = False
    """Whether all accounts of a grant have the same tokens."""
    data_access_s: int = 0
    """Seconds from the consent in which the person's data may be read, where the platform does not tell; 0: no limit."""


@record(eq=True)
class ReadBack:
    """The times at which an unknown outcome is looked for, in seconds since the commit (platforms.md 5.2)."""

    created_within_s: float
    """The platform creates the post no later than this after the commit. A later one is somebody else's, or not to be trusted."""
    settles_after_s: float
    """Before this a post that is missing from a complete list may still appear."""
    gives_up_after_s: float
    """After this nothing new can be seen: the outcome stays unknown and the person is told."""
    first_look_s: float = 15.0
    growth: float = 1.5
    """The factor by which each wait between two looks is longer than the one before."""
    longest_gap_s: float = 600.0


@record(eq=True)
class DailyCap:
    """The posts that a platform accepts of an account in 24 hours, those of other apps included, which nobody can count here."""

    posts: int
    drafts: bool = False
    """Whether only drafts that wait in the app's inbox count."""


@record(eq=True)
class Capabilities:
    """The abilities of a platform as data. A missing ability is an absent entry here, never an ``if`` elsewhere."""

    kinds: Mapping[Kind, Parts]
    """Kinds of posts, and the parts of each."""
    refresh: Refresh
    metrics_batch: int
    """Posts per metrics flow."""
    deletes: bool
    revokes: bool
    read_back: ReadBack
    files: FilesOf = field(default_factory=dict)
    """The rules for each sort of media file."""
    instead: Mapping[Kind, Kind] = field(default_factory=dict)
    """The kind that a post becomes whose own kind, which follows from its content, the platform lacks: a video may be a reel."""
    edits: frozenset[Kind] = frozenset()
    """Kinds of posts whose text can be changed once they are published."""
    text_limits: Mapping[Kind, int] = field(default_factory=dict)
    """Where kinds of posts have other limits than the platform's catalog entry says, in the same unit."""
    daily_posts: int | None = None
    """The cap on the posts of a day, where it is the same for all accounts."""
    holds: Mapping[Kind, Window] = field(default_factory=dict)
    """Kinds of posts that the platform takes ahead of their time and publishes itself."""


class Platform(Holds, ABC):
    """One platform: its facts as class attributes, its operations as flows or pure functions.

    A flow does no I/O; ``app`` is the operator's registration. What a platform need not have has a default that calls nobody
    and says so in its answer; ``capabilities`` says the same beforehand.
    """

    name: ClassVar[PlatformName]
    hosts: ClassVar[tuple[str, ...]]
    upload_hosts: ClassVar[tuple[str, ...]] = ()
    """Host suffixes, besides the platform's own hosts, to which the platform may direct uploads."""
    signed_hosts: ClassVar[tuple[str, ...]] = ()
    """The hosts that know proofs of the app's secret."""
    capabilities: ClassVar[Capabilities]
    forms: ClassVar[Forms]
    """The forms of what the platform gives: nothing of another form is stored."""
    dialog: ClassVar[Dialog]
    """The errors of the platform's authorization dialog."""
    needs: ClassVar[Mapping[AccountKind, NeedsOf]]
    """What each kind of account needs for what it can do. An absent entry cannot be done on the platform at all."""
    options: ClassVar[type[PlatformOptions]]
    """The platform's own publishing options."""
    wording: ClassVar[Wording]
    """The texts of the shared checks."""

    @property
    def entry(self) -> Entry:
        """The platform's entry in the catalog."""
        return PLATFORMS[self.name]

    @property
    def title(self) -> str:
        """The platform's name as people write it."""
        return self.entry.title

    @property
    def registrations(self) -> tuple[Registration, ...]:
        """The registrations that an operator can have at the platform."""
        return registrations.of(self.name)

    @abstractmethod
    def authorize_url(self, app: App, *, redirect_uri: str, state: str) -> str:
        """Return the URL where the person consents."""

    @abstractmethod
    def exchange(self, app: App, *, code: str, redirect_uri: str) -> Flow[Tokens]:
        """Exchange an authorization code for tokens."""

    def refresh(self, app: App, tokens: Tokens) -> Flow[Tokens]:
        """Get new tokens before the old ones expire. By default they stay as they are."""
        yield from ()
        return tokens

    def revoke(self, app: App, tokens: Tokens) -> Flow[None]:
        """Withdraw the grant. By default there is nothing to call: the person removes the app in the platform's settings."""
        yield from ()

    @abstractmethod
    def accounts(self, app: App, tokens: Tokens) -> Flow[AccountList]:
        """List the accounts that a grant can use."""

    def why_none(self, app: App, tokens: Tokens) -> Flow[NoAccounts]:
        """Find out why a grant offers no account. By default that cannot be known."""
        yield from ()
        return "no_accounts"

    @abstractmethod
    def probe(self, account: Account) -> Flow[None]:
        """Read something cheap: an error tells that the connection does not work."""

    def identity(self, account: Account) -> Flow[Identity]:
        """Read which account the credential reaches: an error tells that the connection does not work."""
        yield from self.probe(account)
        return Identity(account.id)

    def token_state(self, app: App, token: Secret, account: Account) -> Flow[TokenState]:
        """Ask which permissions a token has now, and when it ends. By default the platform tells nothing."""
        yield from ()
        return TokenState()

    def account_options(self, account: Account) -> Flow[AccountOptions]:
        """Ask what the account can publish at the moment. By default the platform tells no more than that the connection works.

        :meth:`publish` goes by the same answer.
        """
        yield from self.probe(account)
        return AccountOptions(username=account.username)

    def option_issues(self, draft: Draft, options: AccountOptions) -> Iterable[Issue]:
        """List the problems of a draft with what its account can publish at the moment."""
        return options.problems

    def check(self, draft: Draft, account: Account) -> list[Issue]:
        """List all problems that are visible without sending anything."""
        parts = self.parts(draft)
        if parts is None:
            kinds = tuple(self.capabilities.kinds)
            return [self.wording.issue("kind", "unknown", {"kinds": ", ".join(kinds)}, params={"allowed": kinds})]
        limit, entry = self.text_limit(draft.kind), self.entry
        return [
            *checks.part_issues(draft, parts, self.wording),
            *checks.text_issues(draft, limit, entry.length.unit, entry.hashtags, self.wording),
            *self.issues(draft, account),
            *checks.item_issues(draft, parts.media, self.wording),
        ]

    def parts(self, draft: Draft) -> Parts | None:
        """Return the parts that a draft needs and may have, ``None`` if its kind is not supported."""
        return self.capabilities.kinds.get(draft.kind)

    @abstractmethod
    def issues(self, draft: Draft, account: Account) -> Iterable[Issue]:
        """List the problems that only this platform sees in a draft of a kind that it supports."""

    def text_limit(self, kind: Kind) -> int:
        """Return the greatest length of a text, in the unit of :meth:`text_length`."""
        return self.capabilities.text_limits.get(kind, self.entry.length.limit)

    def text_length(self, text: str) -> int:
        """Return the length of a text as the platform counts it."""
        return self.entry.length.of(text)

    def stored_text(self, draft: Draft) -> str:
        """Return the text as the platform would list it afterwards, which is what a post is recognized by."""
        return draft.text.reveal()

    def sent_bytes(self, draft: Draft, account: Account) -> Iterable[MediaItem]:
        """List the files of a draft whose bytes :meth:`publish` sends. By default those of the request: others are fetched."""
        return [file for file in draft.files if file.data is not None]

    @abstractmethod
    def publish(self, draft: Draft, account: Account) -> Flow[Published]:
        """Publish a draft that passed :meth:`check`. The call that makes it public is the one COMMIT."""

    def resume(self, handles: Mapping[str, str], account: Account) -> Flow[Published]:
        """Go on from what ``publish`` kept, without the content. :class:`UnexpectedShape` where that is impossible."""
        yield from ()
        raise UnexpectedShape("handles")

    def find(self, lookup: Lookup, account: Account) -> Flow[Reading]:
        """Read what the platform shows of a post whose outcome is unknown. Judging it is not the platform's business."""
        yield from ()
        return Unreadable("not_listable")

    def delete(self, post_id: str, account: Account) -> Flow[None]:
        """Remove a post. By default that is refused: the platform has no such call."""
        yield from ()
        raise PlatformError(Fault(ErrorClass.PERMISSION, "delete_not_supported"), Effect.COMMIT)

    def edit(self, post_id: str, text: Content, account: Account) -> Flow[None]:
        """Replace the text of a published post. By default that is refused: the platform has no such call."""
        yield from ()
        raise PlatformError(Fault(ErrorClass.PERMISSION, "edit_not_supported"), Effect.COMMIT)

    def locate(self, post: PostRef, account: Account) -> Flow[Published]:
        """Read the public id and the link of a published post again. By default nobody is asked: they never change."""
        yield from ()
        return Published(post.handles.get("accepted_id", post.post_id), post.post_id or None)

    def metrics(self, posts: Sequence[PostRef], account: Account) -> Flow[dict[str, PostMetrics]]:
        """Read the figures of posts, by post id. By default there are none."""
        yield from ()
        return {post.post_id: PostMetrics(unavailable="not_supported") for post in posts}

    def account_metrics(self, account: Account) -> Flow[AccountMetrics]:
        """Read the figures of an account. By default there are none."""
        yield from ()
        return AccountMetrics(unavailable="not_supported")

    @abstractmethod
    def classify(self, reply: Reply) -> Fault | None:
        """Return the fault in a reply, ``None`` for success. Decides on parsed codes only (failure-classes.md F8)."""

    def versioned(self, flow: Flow[T]) -> Flow[T]:
        """Return a flow that asks for another API version where the platform refuses the one asked for. By default none does."""
        return flow

    def other_version(self, call: Call, reply: Reply) -> OtherVersion | None:
        """Return the API version that a reply is of where the call asked for another one. By default replies name no version."""
        return None

    def pause(self, reply: Reply, fault: Fault | None) -> Pause | None:
        """Return how long the account is to be left alone after a reply. By default publishing rests for the time that a throttle
        names."""
        return pauses.of_refusal(fault)

    def daily_cap(self, draft: Draft) -> DailyCap | None:
        """Return how many posts like a draft an account may publish in 24 hours, ``None`` where that is not known beforehand."""
        most = self.capabilities.daily_posts
        return None if most is None else DailyCap(most)


def missing_scopes(asked: Mapping[str, str], granted: Iterable[str]) -> list[MissingScope]:
    """Return the scopes that were asked for and not granted, each with the feature that is lost."""
    have = set(granted)
    return [MissingScope(scope, feature) for scope, feature in asked.items() if scope not in have]
