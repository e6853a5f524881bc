"""Checks that only TikTok needs, made before anything is sent (platforms.md 4.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from noillusion.catalog.platforms import length_of
from noillusion.catalog.registrations import no_access
from noillusion.core.errors import Params
from noillusion.flows.draft import Draft
from noillusion.flows.issues import IssueCode
from noillusion.flows.protocol import Account, Issue
from noillusion.platforms.checks import scope_issues
from noillusion.platforms.parts import Parts
from noillusion.platforms.tiktok.facts import KINDS, PHOTO_OPTIONS, POSTING_SCOPE, PRIVATE, TITLE_LIMIT, VIDEO_OPTIONS
from noillusion.platforms.tiktok.options import PRIVACY_LEVELS, TikTokOptions

NOT_AUDITED: Final = (
    f"{no_access('public_posts')} Until TikTok has audited the app, posts can only be {PRIVATE}, by accounts that are private."
)
URL_REQUIRED: Final = (
    "TikTok takes images only by URL: put the image on a public https URL, on a domain that is verified for this app at TikTok."
)


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
    if options.mode == "direct" and not account.public_posts and options.privacy_level not in (None, PRIVATE):
        yield _issue("privacy_level", "no_access", NOT_AUDITED, {"allowed": [PRIVATE]})


def _check_urls(draft: Draft) -> Iterator[Issue]:
    for at, item in enumerate(draft.media):
        if item.url is None:
            if draft.kind != "video":
                yield Issue(f"media.{at}.url", "url_required", URL_REQUIRED)
        elif not item.url.reveal().lower().startswith("https://"):
            yield Issue(
                f"media.{at}.url", "https_required", "TikTok takes media only from https URLs.", params={"allowed": ["https"]}
            )


def _check_direct(options: TikTokOptions, draft: Draft) -> Iterator[Issue]:
    if options.privacy_level is None:
        message = f"The person must choose who sees the post: {', '.join(PRIVACY_LEVELS[:-1])} or {PRIVACY_LEVELS[-1]}."
        yield _issue("privacy_level", "required", message, {"allowed": PRIVACY_LEVELS})
    if not options.consent:
        yield _issue("consent", "consent_required", "The person must agree to TikTok's music usage confirmation.")
    if options.brand_content_toggle and options.privacy_level == PRIVATE:
        yield _issue("privacy_level", "branded_content_private", f"Branded content cannot be {PRIVATE}.")
    if draft.kind != "video" and options.cover_index and options.cover_index >= len(draft.media):
        yield _issue(
            "cover_index", "out_of_range", f"The cover is one of the {len(draft.media)} photos, counted from 0.", _last(draft)
        )
    length = length_of(options.title.reveal(), "utf16") if options.title else 0
    if length > TITLE_LIMIT:
        params: Params = {"limit": TITLE_LIMIT, "actual": length, "unit": "utf16"}
        yield _issue("title", "too_long", f"A photo post's title has at most {TITLE_LIMIT} UTF-16 units.", params)


def _last(draft: Draft) -> Params:
    return {"limit": len(draft.media) - 1}


def _check_inbox(options: TikTokOptions, draft: Draft) -> Iterator[Issue]:
    """An inbox draft drops what it does not know, so asking for it is refused here (failure-classes.md F2)."""
    for name in sorted(options.model_fields_set - {"mode"}):
        if getattr(options, name) is not None:
            yield _issue(name, "ignored_in_inbox", "In inbox mode the person decides this in TikTok's app: leave it out.")
    if draft.kind == "video" and draft.text:
        yield Issue("text", "ignored_in_inbox", "TikTok ignores the text of a video that is sent to the inbox. Omit it.")


def _issue(option: str, code: IssueCode, message: str, params: Params = MappingProxyType({})) -> Issue:
    return Issue(f"options.tiktok.{option}", code, message, params=params)
