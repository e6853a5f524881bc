"""TikTok: photos and videos that TikTok fetches from a verified URL, under the rules of its content-posting audit.

The init of a post *is* its commit. Must never start a second one for the same post, nor choose a privacy level for anyone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from noillusion.core.sensitive import Secret
from noillusion.flows.account_options import AccountOptions
from noillusion.flows.draft import Draft, MediaItem
from noillusion.flows.faults import Fault
from noillusion.flows.inspection import Identity, TokenState
from noillusion.flows.measures import AccountMetrics, PostMetrics, PostRef
from noillusion.flows.protocol import Account, AccountList, App, Flow, Issue, Lookup, Published, Reading, Reply, Tokens
from noillusion.platforms.contract import DailyCap, Platform
from noillusion.platforms.parts import Parts
from noillusion.platforms.tiktok import account_options, checks, connect, errors, facts, inspection, links, measure, publish
from noillusion.platforms.tiktok.options import TikTokOptions


class TikTok(Platform):
    """TikTok as flows (platforms.md 4). One authorization is one account; its id is the ``open_id``."""

    name = "tiktok"
    hosts = ("open.tiktokapis.com", "open-upload.tiktokapis.com", "www.tiktok.com")
    upload_hosts = (".tiktokapis.com",)
    capabilities = facts.CAPABILITIES
    forms = facts.FORMS
    dialog = errors.DIALOG
    wording = facts.WORDING
    options = TikTokOptions
    needs = facts.NEEDS

    def authorize_url(self, app: App, *, redirect_uri: str, state: str) -> str:
        return connect.authorize_url(app, redirect_uri=redirect_uri, state=state)

    def exchange(self, app: App, *, code: str, redirect_uri: str) -> Flow[Tokens]:
        return connect.ENDPOINT.exchange(app, code=code, redirect_uri=redirect_uri)

    def refresh(self, app: App, tokens: Tokens) -> Flow[Tokens]:
        return connect.refresh(app, tokens)

    def revoke(self, app: App, tokens: Tokens) -> Flow[None]:
        return connect.ENDPOINT.revoke(app, tokens)

    def accounts(self, app: App, tokens: Tokens) -> Flow[AccountList]:
        return connect.accounts(tokens, app.scopes)

    def probe(self, account: Account) -> Flow[None]:
        return connect.probe()

    def parts(self, draft: Draft) -> Parts | None:
        return checks.parts(draft)

    def identity(self, account: Account) -> Flow[Identity]:
        return inspection.identity(account)

    def token_state(self, app: App, token: Secret, account: Account) -> Flow[TokenState]:
        return inspection.token_state(account)

    def account_options(self, account: Account) -> Flow[AccountOptions]:
        return account_options.account_options(account)

    def option_issues(self, draft: Draft, options: AccountOptions) -> Iterable[Issue]:
        return [*options.problems, *account_options.option_issues(draft, options)]

    def issues(self, draft: Draft, account: Account) -> Iterable[Issue]:
        return checks.issues(draft, account)

    def stored_text(self, draft: Draft) -> str:
        """The beginning of the text, which is all that lists give back (platforms.md 4.4)."""
        return draft.text.reveal()[: facts.LISTED_TEXT]

    def sent_bytes(self, draft: Draft, account: Account) -> Iterable[MediaItem]:
        return draft.media if publish.is_uploaded(draft, account) else ()

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

    def daily_cap(self, draft: Draft) -> DailyCap | None:
        inbox = TikTokOptions.of(draft).mode == "inbox"
        return DailyCap(facts.DAILY_DRAFTS, drafts=True) if inbox else super().daily_cap(draft)

    def classify(self, reply: Reply) -> Fault | None:
        return errors.classify(reply)


PLATFORM: Final = TikTok()
