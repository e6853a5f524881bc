"""Checks that only Instagram needs, made before anything is sent (platforms.md 2.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from noillusion.core.errors import Params
from noillusion.flows.draft import Draft
from noillusion.flows.protocol import Account, Issue
from noillusion.platforms.checks import scope_issues
from noillusion.platforms.instagram.facts import COLLABORATOR_LIMIT, IMAGE, MENTION_LIMIT, PUBLISH_SCOPE
from noillusion.platforms.instagram.options import InstagramOptions
from noillusion.platforms.meta.checks import media_issues

_MENTIONS = re.compile(r"(?<![\w.])(?:@[\w.]+)+")


def mentions(text: str) -> int:
    """Return the mentions of a text, also those that are glued together. An e-mail address has none."""
    return sum(found.count("@") for found in _MENTIONS.findall(text))


def issues(draft: Draft, account: Account) -> Iterator[Issue]:
    """Problems with the connection, the image's URL, mentions and collaborators (platforms.md 2.3, "Limits")."""
    yield from scope_issues(account, (PUBLISH_SCOPE,))
    yield from media_issues(draft, IMAGE, "Instagram")
    if (count := mentions(draft.text.reveal())) > MENTION_LIMIT:
        params: Params = {"limit": MENTION_LIMIT, "actual": count, "unit": "mentions"}
        yield Issue("text", "too_many_mentions", f"Instagram accepts at most {MENTION_LIMIT} mentions.", params=params)
    if (count := len(InstagramOptions.of(draft).collaborators)) > COLLABORATOR_LIMIT:
        message = f"Instagram accepts at most {COLLABORATOR_LIMIT} collaborators."
        params = {"limit": COLLABORATOR_LIMIT, "actual": count, "unit": "items"}
        yield Issue("options.instagram.collaborators", "wrong_count", message, params=params)
