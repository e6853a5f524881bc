"""What TikTok would refuse or drop without a word, found before anything is sent (platforms.md 4.3)."""

from __future__ import annotations

from collections.abc import Iterator

from noillusion.core.sensitive import Content
from noillusion.flows.protocol import Account, Draft, Issue
from noillusion.platforms.tiktok.facts import (
    CAPABILITIES,
    MEDIA_TYPES,
    PHOTO_LIMIT,
    PHOTO_OPTIONS,
    POSTING_SCOPE,
    TEXT_LIMITS,
    TITLE_LIMIT,
    VIDEO_OPTIONS,
)
from noillusion.platforms.tiktok.options import TikTokOptions, options_of


def check(draft: Draft, account: Account) -> list[Issue]:
    """Everything that TikTok would refuse or silently drop, short of what only the creator's own settings tell."""
    if draft.kind not in CAPABILITIES.kinds:
        return [Issue("kind", "not_supported", f"TikTok takes these kinds here: {', '.join(CAPABILITIES.kinds)}.")]
    options = options_of(draft)
    by_mode = _check_direct(options, draft) if options.mode == "direct" else _check_inbox(options, draft)
    return [*_check_account(options, account), *_check_text(draft), *_check_media(draft), *by_mode]


def _check_account(options: TikTokOptions, account: Account) -> Iterator[Issue]:
    scope = POSTING_SCOPE[options.mode]
    if account.scopes and scope not in account.scopes:
        yield Issue("account", "scope_missing", f"The connection lacks the permission {scope}: reconnect and grant it.")


def _check_text(draft: Draft) -> Iterator[Issue]:
    limit, length = TEXT_LIMITS[draft.kind], _utf16(draft.text)
    if length > limit:
        yield Issue("text", "too_long", f"TikTok takes at most {limit} UTF-16 units here; this text has {length}.")
    if draft.link:
        yield Issue("link", "not_allowed", "TikTok has no link posts.")


def _check_media(draft: Draft) -> Iterator[Issue]:
    kind, most = ("video", 1) if draft.kind == "video" else ("image", PHOTO_LIMIT if draft.kind == "images" else 1)
    if not 1 <= len(draft.media) <= most:
        allowed = "exactly 1" if most == 1 else f"1 to {most}"
        yield Issue("media", "wrong_count", f"This kind of post needs {allowed} of {kind}; this one has {len(draft.media)}.")
    for number, item in enumerate(draft.media):
        where = f"media.{number}"
        if item.kind != kind:
            yield Issue(f"{where}.kind", "not_supported", f"This kind of post takes {kind}s only.")
        elif item.content_type and item.content_type not in MEDIA_TYPES[kind]:
            yield Issue(f"{where}.content_type", "not_supported", f"TikTok takes these types: {', '.join(MEDIA_TYPES[kind])}.")
        if item.url is None:
            yield Issue(f"{where}.url", "url_required", "TikTok fetches media by itself: give a public https address.")
        elif not item.url.reveal().lower().startswith("https://"):
            yield Issue(f"{where}.url", "https_required", "TikTok fetches media from https addresses only.")
        if item.alt_text:
            yield Issue(f"{where}.alt_text", "not_supported", "TikTok has no alt text; it will not be sent.", "warning")


def _check_direct(options: TikTokOptions, draft: Draft) -> Iterator[Issue]:
    if options.privacy_level is None:
        levels = "PUBLIC_TO_EVERYONE, MUTUAL_FOLLOW_FRIENDS, FOLLOWER_OF_CREATOR or SELF_ONLY"
        yield _issue("privacy_level", "required", f"The person must choose who sees the post: {levels}.")
    if not options.consent:
        yield _issue("consent", "consent_required", "The person must agree to TikTok's music usage confirmation.")
    if options.brand_content_toggle and options.privacy_level == "SELF_ONLY":
        yield _issue("privacy_level", "branded_content_private", "Branded content cannot be SELF_ONLY.")
    for name in PHOTO_OPTIONS if draft.kind == "video" else VIDEO_OPTIONS:
        if getattr(options, name) != TikTokOptions.model_fields[name].default:
            yield _issue(name, "not_applicable", f"This option does not exist for posts of kind {draft.kind}.")
    if draft.kind != "video" and options.cover_index and options.cover_index >= len(draft.media):
        yield _issue("cover_index", "out_of_range", f"The cover is one of the {len(draft.media)} photos, counted from 0.")
    if options.title and _utf16(options.title) > TITLE_LIMIT:
        yield _issue("title", "too_long", f"A photo post's title has at most {TITLE_LIMIT} UTF-16 units.")


def _check_inbox(options: TikTokOptions, draft: Draft) -> Iterator[Issue]:
    """An inbox draft drops what it does not know, so asking for it is refused here (failure-classes.md F2)."""
    for name in sorted(options.model_fields_set - {"mode"}):
        if getattr(options, name) is not None:
            yield _issue(name, "ignored_in_inbox", "In inbox mode the person decides this in TikTok's app: leave it out.")
    if draft.kind == "video" and draft.text:
        yield Issue("text", "ignored_in_inbox", "TikTok drops the text of a film sent to the inbox: leave it out.")


def _issue(option: str, code: str, message: str) -> Issue:
    return Issue(f"options.tiktok.{option}", code, message)


def _utf16(text: Content) -> int:
    return len(text.reveal().encode("utf-16-le", "surrogatepass")) // 2
