"""TikTok: photos and films that TikTok fetches from a verified address, under the rules of its content-posting audit.

The init of a post *is* its commit. Must never start a second one for the same post, nor choose a privacy level for anyone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import BaseModel

from noillusion.catalog.platforms import PlatformName
from noillusion.flows.faults import ErrorClass, Fault, PlatformError
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
from noillusion.platforms.tiktok import checks, connect, errors, facts, measure, publish
from noillusion.platforms.tiktok.options import Options


class TikTok:
    """TikTok as flows (platforms.md 4). One authorization is one account; its id is the ``open_id``."""

    name: PlatformName = "tiktok"
    title = "TikTok"
    hosts: tuple[str, ...] = ("open.tiktokapis.com", "www.tiktok.com")
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
        return connect.exchange(app, code=code, redirect_uri=redirect_uri)

    def refresh(self, app: App, tokens: Tokens) -> Flow[Tokens]:
        """Get a new access token."""
        return connect.refresh(app, tokens)

    def revoke(self, app: App, tokens: Tokens) -> Flow[None]:
        """Withdraw the grant."""
        return connect.revoke(app, tokens)

    def accounts(self, app: App, tokens: Tokens) -> Flow[list[Candidate]]:
        """List the accounts of a grant."""
        return connect.accounts(tokens, self.scopes)

    def probe(self, account: Account) -> Flow[None]:
        """Read who the token belongs to."""
        return connect.probe()

    def check(self, draft: Draft, account: Account) -> list[Issue]:
        """List the problems of a draft."""
        return checks.check(draft, account)

    def stored_text(self, draft: Draft) -> str:
        """The beginning of the text, which is all that lists give back (platforms.md 4.4)."""
        return draft.text.reveal()[: facts.LISTED_TEXT]

    def publish(self, draft: Draft, account: Account) -> Flow[Published]:
        """Publish a draft."""
        return publish.publish(draft, account)

    def resume(self, handles: Mapping[str, str], account: Account) -> Flow[Published]:
        """Finish a post that TikTok has accepted."""
        return publish.resume(handles, account)

    def find(self, lookup: Lookup, account: Account) -> Flow[Reading]:
        """Read back a post whose outcome is unknown."""
        return publish.find(lookup, account)

    def delete(self, post_id: str, account: Account) -> Flow[None]:
        """TikTok lets nobody delete by API (platforms.md 4.3); ``capabilities.deletes`` says so beforehand."""
        yield from ()
        raise PlatformError(Fault(ErrorClass.PERMISSION, "delete_not_supported"))

    def metrics(self, posts: Sequence[PostRef], account: Account) -> Flow[dict[str, PostMetrics]]:
        """Measure posts."""
        return measure.metrics(posts, account)

    def account_metrics(self, account: Account) -> Flow[AccountMetrics]:
        """Measure the account."""
        return measure.account_metrics(account)

    def classify(self, reply: Reply) -> Fault | None:
        """The fault in a reply. A data endpoint succeeded only if it says ``ok``, whatever the status (platforms.md 4.5)."""
        return errors.classify(reply)


PLATFORM: Platform = TikTok()
