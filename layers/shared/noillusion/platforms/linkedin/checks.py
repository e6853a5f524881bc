"""Checks that only LinkedIn needs, made before anything is sent (platforms.md 3.3)."""

from __future__ import annotations

from collections.abc import Iterator

from noillusion.flows.draft import Draft
from noillusion.flows.protocol import Account, Issue
from noillusion.platforms.checks import scope_issues
from noillusion.platforms.linkedin.facts import POSTING_SCOPE
from noillusion.platforms.linkedin.options import LinkedInOptions


def issues(draft: Draft, account: Account) -> Iterator[Issue]:
    """Problems with the connection, the visibility and the link."""
    yield from scope_issues(account, (POSTING_SCOPE[account.kind],))
    if account.kind == "organization" and LinkedInOptions.of(draft).visibility != "PUBLIC":
        message = "An organization's post can only be PUBLIC."
        yield Issue("options.linkedin.visibility", "not_supported", message, params={"allowed": ["PUBLIC"]})
    if draft.kind == "link" and draft.link and not draft.link.url.reveal().lower().startswith(("https://", "http://")):
        yield Issue("link.url", "invalid", "The link must be an http or https URL.", params={"allowed": ["https", "http"]})
