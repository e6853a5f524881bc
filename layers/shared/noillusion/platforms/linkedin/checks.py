"""What LinkedIn would refuse or drop without a word, found before anything is sent (platforms.md 3.3)."""

from __future__ import annotations

from collections.abc import Iterator

from noillusion.flows.protocol import Account, Draft, Issue
from noillusion.platforms.linkedin.facts import ALT_TEXT_LIMIT, CAPABILITIES, IMAGE_TYPES, POSTING_SCOPE, TEXT_LIMIT
from noillusion.platforms.linkedin.options import options_of


def check(draft: Draft, account: Account) -> list[Issue]:
    """Everything that LinkedIn would refuse or silently drop (limits: platforms.md 3.3)."""
    if draft.kind not in CAPABILITIES.kinds:
        return [Issue("kind", "not_supported", f"LinkedIn takes these kinds here: {', '.join(CAPABILITIES.kinds)}.")]
    return [*_check_account(draft, account), *_check_text(draft), *_check_link(draft), *_check_media(draft)]


def _check_account(draft: Draft, account: Account) -> Iterator[Issue]:
    scope = POSTING_SCOPE[account.kind]
    # A token reply without scopes says nothing about them.
    if account.scopes and scope not in account.scopes:
        yield Issue("account", "scope_missing", f"The connection lacks the permission {scope}: reconnect and grant it.")
    if account.kind == "organization" and options_of(draft).visibility != "PUBLIC":
        yield Issue("options.linkedin.visibility", "not_supported", "An organization's post can only be PUBLIC.")


def _check_text(draft: Draft) -> Iterator[Issue]:
    text = draft.text.reveal()
    if draft.kind == "text" and not draft.says_something:
        yield Issue("text", "required", "A text post needs text.")
    if len(text) > TEXT_LIMIT:
        yield Issue("text", "too_long", f"LinkedIn takes at most {TEXT_LIMIT} characters; this text has {len(text)}.")


def _check_link(draft: Draft) -> Iterator[Issue]:
    if draft.kind != "link":
        if draft.link:
            yield Issue("link", "not_allowed", "Only a post of kind link can carry a link card.")
        return
    if draft.link is None:
        yield Issue("link", "required", "A link post needs a link.")
        return
    if not draft.link.url.reveal().lower().startswith(("https://", "http://")):
        yield Issue("link.url", "invalid", "The link must be an http or https address.")
    if not (draft.link.title and draft.link.title.reveal().strip()):
        yield Issue("link.title", "required", "LinkedIn reads nothing from the page: the link card needs a title.")


def _check_media(draft: Draft) -> Iterator[Issue]:
    if draft.kind != "image":
        if draft.media:
            yield Issue("media", "not_allowed", f"A {draft.kind} post carries no media on LinkedIn.")
        return
    if len(draft.media) != 1:
        yield Issue("media", "wrong_count", f"An image post needs exactly 1 image; this one has {len(draft.media)}.")
    for number, item in enumerate(draft.media):
        if item.kind != "image":
            yield Issue(f"media.{number}.kind", "not_supported", "An image post takes images only.")
        elif item.content_type and item.content_type not in IMAGE_TYPES:
            yield Issue(f"media.{number}.content_type", "not_supported", "LinkedIn takes JPEG, PNG and GIF images.")
        if item.alt_text and len(item.alt_text.reveal()) > ALT_TEXT_LIMIT:
            yield Issue(f"media.{number}.alt_text", "too_long", f"LinkedIn takes at most {ALT_TEXT_LIMIT} characters.")
