"""Checks that only TikTok needs, made before anything is sent (platforms.md 4.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from noillusion.catalog.platforms import length_of
from noillusion.flows.draft import Draft
from noillusion.flows.protocol import Account, Issue
from noillusion.platforms.checks import scope_issues
from noillusion.platforms.parts import Parts
from noillusion.platforms.tiktok.facts import KINDS, PHOTO_OPTIONS, POSTING_SCOPE, TITLE_LIMIT, VIDEO_OPTIONS
from noillusion.platforms.tiktok.options import TikTokOptions


def parts(draft: Draft) -> Parts | None:
    """The parts of a draft. In inbox mode options are judged by whether they were sent at all, see :func:`_check_inbox`."""
    of_kind = KINDS.get(draft.kind)
    if of_kind is None or TikTokOptions.of(draft).mode == "direct":
        return of_kind
    return replace(of_kind, may=(*of_kind.may, *VIDEO_OPTIONS, *PHOTO_OPTIONS))


def issues(draft: Draft, account: Account) -> Iterator[Issue]:
    """Problems with the connection, the media's URLs and the options, short of what only the creator's settings tell."""
    options = TikTokOptions.of(draft)
    yield from scope_issues(account, (POSTING_SCOPE[options.mode],))
    yield from _check_urls(draft)
    yield from _check_direct(options, draft) if options.mode == "direct" else _check_inbox(options, draft)


def _check_urls(draft: Draft) -> Iterator[Issue]:
    for at, item in enumerate(draft.media):
        if item.url is None:
            yield Issue(f"media.{at}.url", "url_required", "TikTok fetches media itself. Provide a public https URL.")
        elif not item.url.reveal().lower().startswith("https://"):
            yield Issue(f"media.{at}.url", "https_required", "TikTok fetches media only from https URLs.")


def _check_direct(options: TikTokOptions, draft: Draft) -> Iterator[Issue]:
    if options.privacy_level is None:
        levels = "PUBLIC_TO_EVERYONE, MUTUAL_FOLLOW_FRIENDS, FOLLOWER_OF_CREATOR or SELF_ONLY"
        yield _issue("privacy_level", "required", f"The person must choose who sees the post: {levels}.")
    if not options.consent:
        yield _issue("consent", "consent_required", "The person must agree to TikTok's music usage confirmation.")
    if options.brand_content_toggle and options.privacy_level == "SELF_ONLY":
        yield _issue("privacy_level", "branded_content_private", "Branded content cannot be SELF_ONLY.")
    if draft.kind != "video" and options.cover_index and options.cover_index >= len(draft.media):
        yield _issue("cover_index", "out_of_range", f"The cover is one of the {len(draft.media)} photos, counted from 0.")
    if options.title and length_of(options.title.reveal(), "utf16") > TITLE_LIMIT:
        yield _issue("title", "too_long", f"A photo post's title has at most {TITLE_LIMIT} UTF-16 units.")


def _check_inbox(options: TikTokOptions, draft: Draft) -> Iterator[Issue]:
    """An inbox draft drops what it does not know, so asking for it is refused here (failure-classes.md F2)."""
    for name in sorted(options.model_fields_set - {"mode"}):
        if getattr(options, name) is not None:
            yield _issue(name, "ignored_in_inbox", "In inbox mode the person decides this in TikTok's app: leave it out.")
    if draft.kind == "video" and draft.text:
        yield Issue("text", "ignored_in_inbox", "TikTok ignores the text of a video that is sent to the inbox. Omit it.")


def _issue(option: str, code: str, message: str) -> Issue:
    return Issue(f"options.tiktok.{option}", code, message)
