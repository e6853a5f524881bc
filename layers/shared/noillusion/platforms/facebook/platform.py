"""Facebook Pages through Facebook Login (platforms.md 0.4 and 1): text, link and image posts, read-back, insights.

The call that creates a Page post makes it public, so it must never be sent again without a look. Only an image can be prepared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import BaseModel

from noillusion.catalog.platforms import PlatformName
from noillusion.flows.faults import Fault
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
from noillusion.platforms.facebook import checks, connect, facts, measure, publish
from noillusion.platforms.facebook.errors import ERRORS
from noillusion.platforms.facebook.options import Options
from noillusion.platforms.meta.errors import classify
from noillusion.platforms.meta.facts import VERSION


class Facebook:
    """Pages that the person may create content on. The account's token is the Page's own, which does not expire."""

    name: PlatformName = "facebook"
    title = "Facebook"
    hosts: tuple[str, ...] = ("graph.facebook.com", "www.facebook.com")
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
        """The tokens unchanged: nothing can be refreshed, a dead Page token needs a new login (platforms.md 1.2)."""
        yield from ()
        return tokens

    def revoke(self, app: App, tokens: Tokens) -> Flow[None]:
        """Withdraw the grant."""
        return connect.revoke(tokens)

    def accounts(self, app: App, tokens: Tokens) -> Flow[list[Candidate]]:
        """List the accounts of a grant."""
        return connect.accounts(tokens)

    def probe(self, account: Account) -> Flow[None]:
        """Read who the token belongs to."""
        return connect.probe(account)

    def check(self, draft: Draft, account: Account) -> list[Issue]:
        """List the problems of a draft."""
        return checks.check(draft, account)

    def stored_text(self, draft: Draft) -> str:
        """The message without blanks at its ends."""
        return draft.text.reveal().strip()

    def publish(self, draft: Draft, account: Account) -> Flow[Published]:
        """Publish a draft."""
        return publish.publish(draft, account)

    def resume(self, handles: Mapping[str, str], account: Account) -> Flow[Published]:
        """Finish a post that Facebook has accepted."""
        return publish.resume(handles)

    def find(self, lookup: Lookup, account: Account) -> Flow[Reading]:
        """Read back a post whose outcome is unknown."""
        return publish.find(lookup, account)

    def delete(self, post_id: str, account: Account) -> Flow[None]:
        """Remove a post."""
        return publish.delete(post_id)

    def metrics(self, posts: Sequence[PostRef], account: Account) -> Flow[dict[str, PostMetrics]]:
        """Measure posts."""
        return measure.metrics(posts, account)

    def account_metrics(self, account: Account) -> Flow[AccountMetrics]:
        """Measure the account."""
        return measure.account_metrics(account)

    def classify(self, reply: Reply) -> Fault | None:
        """The fault in a reply (platforms.md 0.3, 1.5)."""
        return classify(reply, ERRORS)


PLATFORM: Platform = Facebook()
