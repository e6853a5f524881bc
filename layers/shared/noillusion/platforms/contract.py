"""What every platform module provides, and the data by which platforms differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

from pydantic import BaseModel

from noillusion.catalog.platforms import PlatformName
from noillusion.flows.faults import Fault
from noillusion.flows.names import Kind
from noillusion.flows.protocol import (
    Account,
    AccountMetrics,
    App,
    Candidate,
    Draft,
    Flow,
    Issue,
    Lookup,
    MissingScope,
    PostMetrics,
    PostRef,
    Published,
    Reading,
    Reply,
    Tokens,
)
from noillusion.flows.shapes import Forms


@dataclass(frozen=True, slots=True)
class Refresh:
    """How a platform's tokens stay alive (failure-classes.md C2).

    ``rotating``: a refresh token that may change. ``renewable``: a refresh token that stays. ``extend``: the access token itself
    is exchanged for a longer one before it expires. ``static``: nothing to refresh.
    """

    model: Literal["rotating", "renewable", "extend", "static"]
    margin_s: int = 0
    """How long before expiry a refresh is due."""
    minimum_age_s: int = 0
    """A token younger than this cannot be refreshed."""


@dataclass(frozen=True, slots=True)
class ReadBack:
    """How an unknown outcome is looked for, in seconds since the commit (platforms.md 5.2)."""

    created_within_s: float
    """The platform creates the post no later than this after the commit. A later one is somebody else's, or not to be trusted."""
    settles_after_s: float
    """Before this a post that is missing from a complete list may still appear."""
    gives_up_after_s: float
    """After this nothing new can be seen: the outcome stays unknown and the person is told."""
    first_look_s: float = 15.0
    growth: float = 1.5
    """How many times longer each wait between two looks is than the one before."""
    longest_gap_s: float = 600.0


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a platform can do, as data. A missing ability is an absent entry here, never an ``if`` elsewhere."""

    kinds: tuple[Kind, ...]
    text_limit: int
    text_unit: Literal["characters", "utf16"]
    refresh: Refresh
    metrics_batch: int
    """Posts per metrics flow."""
    deletes: bool
    revokes: bool
    read_back: ReadBack
    media_by: Literal["url", "bytes"]
    hashtag_limit: int | None = None
    hashtag_warning: int | None = None
    pkce: bool = False
    text_limits: Mapping[Kind, int] = field(default_factory=dict)
    """Where kinds of posts have other limits than ``text_limit``."""


@dataclass(frozen=True, slots=True)
class ApiVersion:
    """The pinned API version with the day on which it is switched off (``None``: not announced)."""

    name: str
    sunset: date | None


class Platform(Protocol):
    """One platform. Every operation is a flow or a pure function; ``app`` is the operator's registration."""

    name: PlatformName
    title: str
    hosts: tuple[str, ...]
    upload_hosts: tuple[str, ...]
    """Host suffixes, besides the platform's own hosts, to which the platform may direct uploads."""
    version: ApiVersion
    capabilities: Capabilities
    forms: Forms
    """The forms of what the platform gives: nothing of another form is stored."""
    scopes: tuple[str, ...]
    """What is asked for at authorization."""
    features: Mapping[str, str]
    """Scope → the feature that is lost without it."""
    options: type[BaseModel]
    """The platform's own publishing options."""

    def authorize_url(self, app: App, *, redirect_uri: str, state: str) -> str: ...

    def exchange(self, app: App, *, code: str, redirect_uri: str) -> Flow[Tokens]: ...

    def refresh(self, app: App, tokens: Tokens) -> Flow[Tokens]: ...

    def revoke(self, app: App, tokens: Tokens) -> Flow[None]: ...

    def accounts(self, app: App, tokens: Tokens) -> Flow[list[Candidate]]: ...

    def probe(self, account: Account) -> Flow[None]:
        """Read something cheap: an error tells that the connection does not work."""
        ...

    def check(self, draft: Draft, account: Account) -> list[Issue]: ...

    def stored_text(self, draft: Draft) -> str:
        """The text as the platform would list it afterwards: what ``find`` compares."""
        ...

    def publish(self, draft: Draft, account: Account) -> Flow[Published]: ...

    def resume(self, handles: Mapping[str, str], account: Account) -> Flow[Published]:
        """Go on from what ``publish`` kept, without the content. :class:`UnexpectedShape` where that is impossible."""
        ...

    def find(self, lookup: Lookup, account: Account) -> Flow[Reading]:
        """Read what the platform shows of a post whose outcome is unknown. Judging it is not the platform module's business."""
        ...

    def delete(self, post_id: str, account: Account) -> Flow[None]: ...

    def metrics(self, posts: Sequence[PostRef], account: Account) -> Flow[dict[str, PostMetrics]]: ...

    def account_metrics(self, account: Account) -> Flow[AccountMetrics]: ...

    def classify(self, reply: Reply) -> Fault | None:
        """The fault in a reply, ``None`` for success. Decides on parsed codes only (failure-classes.md F8)."""
        ...


def missing_scopes(platform: Platform, granted: Iterable[str]) -> list[MissingScope]:
    """What was not granted and what each missing scope costs."""
    have = set(granted)
    return [MissingScope(scope, feature) for scope, feature in platform.features.items() if scope not in have]
