"""Instagram professional accounts, by Instagram Login and by Facebook Login (platforms.md 2): publishing, read-back, insights.

A post is prepared as a container, waited for, and published from it. A container is published once; its state is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from noillusion.catalog.accounts import NoAccounts
from noillusion.flows.account_options import AccountOptions
from noillusion.flows.draft import Draft
from noillusion.flows.faults import Fault
from noillusion.flows.inspection import Identity
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
    OtherVersion,
    Published,
    Reading,
    Reply,
    Tokens,
)
from noillusion.platforms.contract import Platform
from noillusion.platforms.instagram import account_options, checks, connect, facts, linked, links, measure, publish, removal
from noillusion.platforms.instagram.errors import ERRORS
from noillusion.platforms.instagram.options import InstagramOptions
from noillusion.platforms.instagram.paths import NEEDS
from noillusion.platforms.meta import emptiness, usage, versions
from noillusion.platforms.meta.errors import DIALOG, classify
from noillusion.platforms.meta.platform import BehindFacebookLogin


class Instagram(Platform):
    """Business and creator accounts."""

    name = "instagram"
    forms = facts.FORMS
    dialog = DIALOG
    wording = facts.WORDING
    options = InstagramOptions

    def account_options(self, account: Account) -> Flow[AccountOptions]:
        return account_options.account_options(account)

    def issues(self, draft: Draft, account: Account) -> Iterable[Issue]:
        return checks.issues(draft, account)

    def stored_text(self, draft: Draft) -> str:
        """The caption without whitespace at its ends."""
        return draft.text.reveal().strip()

    def publish(self, draft: Draft, account: Account) -> Flow[Published]:
        return publish.publish(draft, account)

    def resume(self, handles: Mapping[str, str], account: Account) -> Flow[Published]:
        return publish.resume(handles, account)

    def find(self, lookup: Lookup, account: Account) -> Flow[Reading]:
        return publish.find(lookup, account)

    def locate(self, post: PostRef, account: Account) -> Flow[Published]:
        return links.locate(post, account)

    def metrics(self, posts: Sequence[PostRef], account: Account) -> Flow[dict[str, PostMetrics]]:
        return measure.metrics(posts, account)

    def account_metrics(self, account: Account) -> Flow[AccountMetrics]:
        return measure.account_metrics(account)

    def classify(self, reply: Reply) -> Fault | None:
        return classify(reply, ERRORS)

    def other_version(self, call: Call, reply: Reply) -> OtherVersion | None:
        return versions.other_version(call, reply)

    def pause(self, reply: Reply, fault: Fault | None) -> Pause | None:
        return usage.pause(reply, fault)


class ByInstagramLogin(Instagram):
    """Accounts by themselves. The token lives 60 days and is extended in place before it expires."""

    hosts = ("graph.instagram.com", "api.instagram.com", "www.instagram.com")
    capabilities = facts.CAPABILITIES
    needs = NEEDS["instagram"]

    def authorize_url(self, app: App, *, redirect_uri: str, state: str) -> str:
        return connect.authorize_url(app, redirect_uri=redirect_uri, state=state)

    def exchange(self, app: App, *, code: str, redirect_uri: str) -> Flow[Tokens]:
        return connect.exchange(app, code=code, redirect_uri=redirect_uri)

    def refresh(self, app: App, tokens: Tokens) -> Flow[Tokens]:
        return connect.refresh(tokens)

    def accounts(self, app: App, tokens: Tokens) -> Flow[AccountList]:
        return connect.accounts()

    def probe(self, account: Account) -> Flow[None]:
        return connect.probe()

    def identity(self, account: Account) -> Flow[Identity]:
        return connect.identity()


class ByFacebookLogin(BehindFacebookLogin, Instagram):
    """Accounts that are linked to Pages. The token is the Page's, which does not expire."""

    capabilities = facts.LINKED_CAPABILITIES
    needs = NEEDS["facebook"]

    def accounts(self, app: App, tokens: Tokens) -> Flow[AccountList]:
        return linked.accounts(tokens)

    def why_none(self, app: App, tokens: Tokens) -> Flow[NoAccounts]:
        return emptiness.of_linked(app, tokens)

    def probe(self, account: Account) -> Flow[None]:
        return linked.probe(account)

    def identity(self, account: Account) -> Flow[Identity]:
        return linked.identity(account)

    def delete(self, post_id: str, account: Account) -> Flow[None]:
        return removal.delete(post_id, account)


PLATFORM: Final = ByInstagramLogin()
BY_REGISTRATION: Final[Mapping[str, Instagram]] = {"facebook": ByFacebookLogin()}
"""By the names of registrations other than the first. Where no connection is at hand, the first one stands for all."""
