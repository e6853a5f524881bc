"""Checks that only LinkedIn needs, made before anything is sent (platforms.md 3.3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from noillusion.core.sensitive import Content
from noillusion.flows.draft import Draft, MediaItem, Poll, says_something
from noillusion.flows.protocol import Account, Issue
from noillusion.platforms.checks import scope_issues
from noillusion.platforms.linkedin.facts import (
    CAPTIONS_TYPES,
    COMMENT_LIMIT,
    COMMENT_SCOPE,
    IMAGE_TYPES,
    POLL_OPTION_LIMIT,
    POLL_OPTIONS,
    POLL_QUESTION_LIMIT,
    POSTING_SCOPE,
    SHARE_APP_SCOPE,
)
from noillusion.platforms.linkedin.options import LinkedInOptions


def issues(draft: Draft, account: Account) -> Iterator[Issue]:
    """Problems with the connection, the visibility, the link, the poll, files beside others, and the first comment."""
    yield from scope_issues(account, (POSTING_SCOPE[account.kind],))
    if account.kind == "organization" and LinkedInOptions.of(draft).visibility != "PUBLIC":
        message = "An organization's post can only be PUBLIC."
        yield Issue("options.linkedin.visibility", "not_supported", message, params={"allowed": ["PUBLIC"]})
    if draft.kind == "link" and draft.link:
        if not draft.link.url.reveal().lower().startswith(("https://", "http://")):
            yield Issue("link.url", "invalid", "The link must be an http or https URL.", params={"allowed": ["https", "http"]})
        yield from _type_issues("link.thumbnail", draft.link.thumbnail, IMAGE_TYPES)
    if draft.kind == "video":
        for at, item in enumerate(draft.media):
            yield from _type_issues(f"media.{at}.thumbnail", item.thumbnail, IMAGE_TYPES)
            yield from _type_issues(f"media.{at}.captions", item.captions, CAPTIONS_TYPES)
    if draft.kind == "poll" and draft.poll:
        yield from _poll_issues(draft.poll)
    if draft.first_comment:
        yield from _comment_issues(draft.first_comment, account)


def _type_issues(field: str, item: MediaItem | None, types: Sequence[str]) -> Iterator[Issue]:
    """A file beside another one whose sender names a type that LinkedIn does not take there."""
    if item is not None and item.content_type and item.content_type not in types:
        message = f"LinkedIn takes these types here: {', '.join(types)}."
        yield Issue(f"{field}.content_type", "not_supported", message, params={"allowed": types})


def _poll_issues(poll: Poll) -> Iterator[Issue]:
    yield from _length_issues("poll.question", poll.question, POLL_QUESTION_LIMIT)
    fewest, most = POLL_OPTIONS
    if not fewest <= (count := len(poll.options)) <= most:
        limit = most if count > most else fewest
        message = f"A poll on LinkedIn has {fewest} to {most} options; this one has {count}."
        yield Issue("poll.options", "wrong_count", message, params={"limit": limit, "actual": count, "unit": "items"})
    for at, option in enumerate(poll.options):
        yield from _length_issues(f"poll.options.{at}", option, POLL_OPTION_LIMIT)


def _comment_issues(comment: Content, account: Account) -> Iterator[Issue]:
    yield from _length_issues("first_comment", comment, COMMENT_LIMIT)
    if SHARE_APP_SCOPE in account.scopes:
        message = (
            "The post will be published, but LinkedIn is reported to refuse comments by apps that only have the products Sign In "
            "and Share on LinkedIn. An app with the Community Management API can comment."
        )
        params = {"needed": [COMMENT_SCOPE]}
        yield Issue("first_comment", "scope_missing", message, "warning", params)


def _length_issues(field: str, text: Content, limit: int) -> Iterator[Issue]:
    """A text with nothing in it, or with too much."""
    length = len(text.reveal())
    if not says_something(text.reveal()):
        yield Issue(field, "required", "This must have a visible character.")
    elif length > limit:
        message = f"LinkedIn takes at most {limit} characters here; this has {length}."
        yield Issue(field, "too_long", message, params={"limit": limit, "actual": length, "unit": "characters"})
