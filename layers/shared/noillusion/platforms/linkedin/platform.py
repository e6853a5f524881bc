"""LinkedIn: members, and the organizations they manage. Bytes only, escaped text, no way to list a member's posts.

Must never take a 2xx without an ``x-restli-id`` for a post, nor repeat a post whose outcome is unknown.
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
from noillusion.platforms.linkedin import checks, connect, errors, facts, measure, publish
from noillusion.platforms.linkedin.options import Options


class LinkedIn:
    """LinkedIn as flows (platforms.md 3). An account's id is the member's ``sub`` or the organization's number."""

    name: PlatformName = "linkedin"
    title = "LinkedIn"
    hosts: tuple[str, ...] = ("api.linkedin.com", "www.linkedin.com")
    upload_hosts: tuple[str, ...] = ()
    version = facts.VERSION
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
        return connect.exchange(app, self.scopes, code=code, redirect_uri=redirect_uri)

    def refresh(self, app: App, tokens: Tokens) -> Flow[Tokens]:
        """Get a new access token."""
        return connect.refresh(app, tokens)

    def revoke(self, app: App, tokens: Tokens) -> Flow[None]:
        """Withdraw the grant."""
        return connect.revoke(app, tokens)

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
        """The commentary as readers see it; ``find`` undoes LinkedIn's escaping before it compares."""
        return draft.text.reveal()

    def publish(self, draft: Draft, account: Account) -> Flow[Published]:
        """Publish a draft."""
        return publish.publish(draft, account)

    def resume(self, handles: Mapping[str, str], account: Account) -> Flow[Published]:
        """Finish a post that LinkedIn has accepted."""
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
        """The fault in a reply by its codes, else by its status (platforms.md 3.5)."""
        return errors.classify(reply)


PLATFORM: Platform = LinkedIn()
