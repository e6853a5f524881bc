"""Facebook Pages through Facebook Login (platforms.md 0.4 and 1): posts of every kind but polls, read-back, insights.

The call that creates a Page post makes it public, so it must never be sent again without a look.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from noillusion.catalog.accounts import NoAccounts
from noillusion.core.sensitive import Content
from noillusion.flows.account_options import AccountOptions
from noillusion.flows.draft import Draft
from noillusion.flows.faults import Fault
from noillusion.flows.inspection import Identity
from noillusion.flows.measures import AccountMetrics, PostMetrics, PostRef
from noillusion.flows.pauses import Pause
from noillusion.flows.protocol import (
    HELD,
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
from noillusion.platforms.facebook import account_options, checks, connect, edit, facts, holding, measure, publish
from noillusion.platforms.facebook.errors import ERRORS
from noillusion.platforms.facebook.options import FacebookOptions
from noillusion.platforms.meta import emptiness, usage, versions
from noillusion.platforms.meta.errors import DIALOG, classify
from noillusion.platforms.meta.platform import BehindFacebookLogin


class Facebook(BehindFacebookLogin):
    """Pages that the person may create content on. The account's token is the Page's own, which does not expire."""

    name = "facebook"
    capabilities = facts.CAPABILITIES
    forms = facts.FORMS
    dialog = DIALOG
    wording = facts.WORDING
    options = FacebookOptions
    needs = facts.NEEDS

    def accounts(self, app: App, tokens: Tokens) -> Flow[AccountList]:
        return connect.accounts(tokens)

    def why_none(self, app: App, tokens: Tokens) -> Flow[NoAccounts]:
        return emptiness.of_pages(app, tokens)

    def probe(self, account: Account) -> Flow[None]:
        return connect.probe(account)

    def identity(self, account: Account) -> Flow[Identity]:
        return connect.identity(account)

    def account_options(self, account: Account) -> Flow[AccountOptions]:
        return account_options.account_options(account)

    def issues(self, draft: Draft, account: Account) -> Iterable[Issue]:
        return checks.issues(draft, account)

    def stored_text(self, draft: Draft) -> str:
        """The message without whitespace at its ends."""
        return draft.text.reveal().strip()

    def publish(self, draft: Draft, account: Account) -> Flow[Published]:
        return publish.publish(draft, account)

    def resume(self, handles: Mapping[str, str], account: Account) -> Flow[Published]:
        return publish.resume(handles, account)

    def find(self, lookup: Lookup, account: Account) -> Flow[Reading]:
        return publish.find(lookup, account)

    def delete(self, post_id: str, account: Account) -> Flow[None]:
        return publish.delete(post_id)

    def edit(self, post_id: str, text: Content, account: Account) -> Flow[None]:
        return edit.edit(post_id, text)

    def change_held(
        self, handles: Mapping[str, str], text: Content | None, publish_at: int | None, account: Account
    ) -> Flow[None]:
        return holding.change(handles, text, publish_at)

    def release_held(self, handles: Mapping[str, str], account: Account) -> Flow[None]:
        return holding.release(handles)

    def withdraw_held(self, handles: Mapping[str, str], account: Account) -> Flow[None]:
        return publish.delete(handles[HELD])

    def locate(self, post: PostRef, account: Account) -> Flow[Published]:
        return edit.locate(post)

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


PLATFORM: Final = Facebook()
