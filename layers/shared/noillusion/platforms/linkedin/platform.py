"""LinkedIn: members, and the organizations they manage. Bytes only, escaped text, no way to list a member's posts.

Must never take a 2xx without an ``x-restli-id`` for a post, nor repeat a post whose outcome is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeVar

from noillusion.core.sensitive import Content, Secret
from noillusion.flows.account_options import AccountOptions
from noillusion.flows.draft import Draft, MediaItem
from noillusion.flows.faults import Fault
from noillusion.flows.inspection import Identity, TokenState
from noillusion.flows.measures import AccountMetrics, PostMetrics, PostRef
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
from noillusion.platforms.linkedin import account_options, checks, connect, edit, errors, facts, measure, publish, versions
from noillusion.platforms.linkedin.options import LinkedInOptions

T = TypeVar("T")


class LinkedIn(Platform):
    """LinkedIn as flows (platforms.md 3). An account's id is the member's ``sub`` or the organization's number."""

    name = "linkedin"
    hosts = ("api.linkedin.com", "www.linkedin.com")
    capabilities = facts.CAPABILITIES
    forms = facts.FORMS
    dialog = errors.DIALOG
    wording = facts.WORDING
    options = LinkedInOptions
    needs = facts.NEEDS

    def authorize_url(self, app: App, *, redirect_uri: str, state: str) -> str:
        return connect.authorize_url(app, redirect_uri=redirect_uri, state=state)

    def exchange(self, app: App, *, code: str, redirect_uri: str) -> Flow[Tokens]:
        return connect.exchange(app, code=code, redirect_uri=redirect_uri)

    def refresh(self, app: App, tokens: Tokens) -> Flow[Tokens]:
        return connect.refresh(app, tokens)

    def revoke(self, app: App, tokens: Tokens) -> Flow[None]:
        return connect.ENDPOINT.revoke(app, tokens)

    def accounts(self, app: App, tokens: Tokens) -> Flow[AccountList]:
        return connect.accounts(tokens)

    def probe(self, account: Account) -> Flow[None]:
        return connect.probe(account)

    def identity(self, account: Account) -> Flow[Identity]:
        return connect.identity(account)

    def token_state(self, app: App, token: Secret, account: Account) -> Flow[TokenState]:
        return connect.token_state(app, token)

    def account_options(self, account: Account) -> Flow[AccountOptions]:
        return account_options.account_options(account)

    def issues(self, draft: Draft, account: Account) -> Iterable[Issue]:
        return checks.issues(draft, account)

    def sent_bytes(self, draft: Draft, account: Account) -> Iterable[MediaItem]:
        """All of them: LinkedIn fetches nothing (platforms.md 3.3)."""
        return draft.files

    def publish(self, draft: Draft, account: Account) -> Flow[Published]:
        return publish.publish(draft, account)

    def resume(self, handles: Mapping[str, str], account: Account) -> Flow[Published]:
        return publish.resume(handles)

    def find(self, lookup: Lookup, account: Account) -> Flow[Reading]:
        return publish.find(lookup, account)

    def delete(self, post_id: str, account: Account) -> Flow[None]:
        return publish.delete(post_id)

    def edit(self, post_id: str, text: Content, account: Account) -> Flow[None]:
        return edit.edit(post_id, text)

    def metrics(self, posts: Sequence[PostRef], account: Account) -> Flow[dict[str, PostMetrics]]:
        return measure.metrics(posts, account)

    def account_metrics(self, account: Account) -> Flow[AccountMetrics]:
        return measure.account_metrics(account)

    def classify(self, reply: Reply) -> Fault | None:
        return errors.classify(reply)

    def versioned(self, flow: Flow[T]) -> Flow[T]:
        return versions.versioned(flow)

    def other_version(self, call: Call, reply: Reply) -> OtherVersion | None:
        return versions.other_version(call, reply)


PLATFORM: Final = LinkedIn()
