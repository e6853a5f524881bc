"""Checks that only Facebook needs, made before anything is sent (platforms.md 1.3)."""

from __future__ import annotations

from collections.abc import Iterator

from noillusion.flows.draft import Draft
from noillusion.flows.protocol import Account, Issue
from noillusion.platforms.checks import granted
from noillusion.platforms.facebook.account_options import access_issues
from noillusion.platforms.facebook.facts import COMMENT, COMMENT_SCOPE, IMAGE
from noillusion.platforms.meta.checks import media_issues, url_issues


def issues(draft: Draft, account: Account) -> Iterator[Issue]:
    """Problems with the connection and with what Facebook has to fetch (platforms.md 1.3, "Limits")."""
    yield from access_issues(account)
    yield from media_issues(draft, IMAGE, "Facebook")
    if draft.link is not None:
        yield from url_issues(draft.link.url.reveal(), "link.url", ("https", "http"))
    if draft.first_comment and not granted(account, COMMENT_SCOPE):
        message = f"A first comment needs the permission {COMMENT_SCOPE}: connect the account again and grant it."
        yield Issue(COMMENT, "scope_missing", message, params={"needed": [COMMENT_SCOPE]})
