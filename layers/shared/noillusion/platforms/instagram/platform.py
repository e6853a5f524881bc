"""Instagram professional accounts through Instagram Login (platforms.md 2, path B): image posts, read-back, insights.

A post is prepared as a container, waited for, and published from it. A container is published once; what became of it is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import BaseModel

from noillusion.catalog.platforms import PlatformName
from noillusion.flows.faults import ErrorClass, Fault, PlatformError
from noillusion.flows.names import Effect
from noillusion.flows.protocol import (
    Account,
    AccountMetrics,
    App,
    Candidate,
    Draft,
    Flow,
    Issue,
    Lookup,
    PostMetrics,
    PostRef,
    Published,
    Reading,
    Reply,
    Tokens,
)
from noillusion.flows.shapes import Forms
from noillusion.platforms.contract import Platform
from noillusion.platforms.instagram import checks, connect, facts, measure, publish
from noillusion.platforms.instagram.errors import ERRORS
from noillusion.platforms.instagram.options import Options
from noillusion.platforms.meta.errors import classify
from noillusion.platforms.meta.facts import VERSION


class Instagram:
    """Business and creator accounts. The token lives 60 days and is extended in place before it expires."""

    name: PlatformName = "instagram"
    title = "Instagram"
    hosts: tuple[str, ...] = ("graph.instagram.com", "api.instagram.com", "www.instagram.com")
    upload_hosts: tuple[str, ...] = ()
    version = VERSION
    capabilities = facts.CAPABILITIES
    forms: Forms = facts.FORMS
    scopes: tuple[str, ...] = tuple(facts.FEATURES)
    features: Mapping[str, str] = facts.FEATURES
    options: type[BaseModel] = Options

    def authorize_url(self, app: App, *, redirect_uri: str, state: str) -> str:
        """The URL where the person consents."""
        return connect.authorize_url(app, self.scopes, redirect_uri=redirect_uri, state=state)

    def exchange(self, app: App, *, code: str, redirect_uri: str) -> Flow[Tokens]:
        """Exchange an authorization code for tokens."""
        return connect.exchange(app, code=code, redirect_uri=redirect_uri)

    def refresh(self, app: App, tokens: Tokens) -> Flow[Tokens]:
        """Get a new access token."""
        return connect.refresh(tokens)

    def revoke(self, app: App, tokens: Tokens) -> Flow[None]:
        """Nothing to call: the person removes the app in Instagram's settings (platforms.md 2.2)."""
        yield from ()

    def accounts(self, app: App, tokens: Tokens) -> Flow[list[Candidate]]:
        """List the accounts of a grant."""
        return connect.accounts()

    def probe(self, account: Account) -> Flow[None]:
        """Read who the token belongs to."""
        return connect.probe()

    def check(self, draft: Draft, account: Account) -> list[Issue]:
        """List the problems of a draft."""
        return checks.check(draft, account)

    def stored_text(self, draft: Draft) -> str:
        """The caption without blanks at its ends."""
        return draft.text.reveal().strip()

    def publish(self, draft: Draft, account: Account) -> Flow[Published]:
        """Publish a draft."""
        return publish.publish(draft, account)

    def resume(self, handles: Mapping[str, str], account: Account) -> Flow[Published]:
        """Finish a post that Instagram has accepted."""
        return publish.resume(handles, account)

    def find(self, lookup: Lookup, account: Account) -> Flow[Reading]:
        """Read back a post whose outcome is unknown."""
        return publish.find(lookup, account)

    def delete(self, post_id: str, account: Account) -> Flow[None]:
        """Always refused: this login path cannot delete (platforms.md 2.3)."""
        yield from ()
        raise PlatformError(Fault(ErrorClass.PERMISSION, "delete_not_supported"), Effect.COMMIT)

    def metrics(self, posts: Sequence[PostRef], account: Account) -> Flow[dict[str, PostMetrics]]:
        """Measure posts."""
        return measure.metrics(posts, account)

    def account_metrics(self, account: Account) -> Flow[AccountMetrics]:
        """Measure the account."""
        return measure.account_metrics(account)

    def classify(self, reply: Reply) -> Fault | None:
        """The fault in a reply (platforms.md 0.3, 2.5)."""
        return classify(reply, ERRORS)


PLATFORM: Platform = Instagram()
