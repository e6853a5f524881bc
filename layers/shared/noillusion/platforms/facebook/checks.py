"""Checks that only Facebook needs, made before anything is sent (platforms.md 1.3)."""

from __future__ import annotations

from collections.abc import Iterator

from noillusion.core.errors import Params
from noillusion.flows.draft import Draft
from noillusion.flows.protocol import Account, Issue
from noillusion.platforms.checks import granted, scope_issue, scope_issues
from noillusion.platforms.facebook.account_options import access_issues
from noillusion.platforms.facebook.facts import (
    COMMENT,
    COMMENT_SCOPE,
    IMAGE,
    IMAGE_TYPES,
    READ_SCOPE,
    UPRIGHT_SOURCE,
    VIDEO_SOURCE,
    WAITS,
)
from noillusion.platforms.facebook.options import FacebookOptions
from noillusion.platforms.meta.checks import ImageRules, media_issues, url_issues


def issues(draft: Draft, account: Account) -> Iterator[Issue]:
    """Problems with the connection and with what Facebook has to fetch (platforms.md 1.3, "Limits")."""
    yield from access_issues(account)
    if draft.kind in WAITS or draft.publish_at is not None:
        yield from scope_issues(account, (READ_SCOPE,))
    yield from media_issues(draft, _source(draft), "Facebook")
    yield from _thumbnail_issues(draft)
    if draft.link is not None:
        yield from url_issues(draft.link.url.reveal(), "link.url", ("https", "http"))
    if draft.first_comment and not granted(account, COMMENT_SCOPE):
        yield scope_issue(COMMENT, account, COMMENT_SCOPE, "A first comment")
    if _is_photo_story(draft) and FacebookOptions.of(draft).is_ai_generated:
        yield Issue("options.facebook.is_ai_generated", "not_applicable", "Facebook has no AI label for photo stories.")


def _source(draft: Draft) -> ImageRules:
    """Return the rules for the source of the files of a draft."""
    if draft.kind not in WAITS or _is_photo_story(draft):
        return IMAGE
    return VIDEO_SOURCE if draft.kind == "video" else UPRIGHT_SOURCE


def _is_photo_story(draft: Draft) -> bool:
    return draft.kind == "story" and any(item.kind == "image" for item in draft.media)


def _thumbnail_issues(draft: Draft) -> Iterator[Issue]:
    """Problems with the image of a video until it plays, which Facebook takes as bytes only (platforms.md 1.3)."""
    if draft.kind != "video":
        return
    for at, item in enumerate(draft.media):
        if item.thumbnail is None:
            continue
        field, given = f"media.{at}.thumbnail", item.thumbnail
        if given.data is None:
            yield Issue(f"{field}.url", "not_supported", "Facebook takes the thumbnail of a video as data, not by URL.")
        elif given.content_type not in IMAGE_TYPES:
            params: Params = {"allowed": IMAGE_TYPES}
            yield Issue(f"{field}.content_type", "not_supported", "Facebook accepts thumbnails as images only.", params=params)
