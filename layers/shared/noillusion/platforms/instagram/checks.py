"""Checks that only Instagram needs, made before anything is sent (platforms.md 2.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from noillusion.core.errors import Params
from noillusion.flows.draft import Draft
from noillusion.flows.protocol import Account, Issue
from noillusion.platforms.checks import scope_issues
from noillusion.platforms.instagram.facts import (
    COLLABORATOR_LIMIT,
    FILE,
    FILES,
    KINDS,
    MENTION_LIMIT,
    SENT_VIDEO,
    WORDING,
)
from noillusion.platforms.instagram.options import InstagramOptions
from noillusion.platforms.instagram.paths import path_of
from noillusion.platforms.meta import tasks
from noillusion.platforms.meta.checks import source_issues

_MENTIONS = re.compile(r"(?<![\w.])(?:@[\w.]+)+")


def mentions(text: str) -> int:
    """Return the mentions of a text, also those that are glued together. An e-mail address has none."""
    return sum(found.count("@") for found in _MENTIONS.findall(text))


def issues(draft: Draft, account: Account) -> Iterator[Issue]:
    """Problems with the connection, URLs, covers, alt texts, mentions and collaborators (platforms.md 2.3, "Limits")."""
    path = path_of(account)
    yield from scope_issues(account, (path.publish, *((path.comment,) if draft.first_comment else ())))
    yield from tasks.issues(account)
    for at, item in enumerate(draft.media):
        sent = item.kind == "video" and draft.kind in path.takes_bytes
        yield from source_issues(item, f"media.{at}", SENT_VIDEO if sent else FILE, "Instagram")
    yield from _cover_issues(draft)
    yield from _alt_text_issues(draft)
    if (count := mentions(draft.text.reveal())) > MENTION_LIMIT:
        params: Params = {"limit": MENTION_LIMIT, "actual": count, "unit": "mentions"}
        yield Issue("text", "too_many_mentions", f"Instagram accepts at most {MENTION_LIMIT} mentions.", params=params)
    if (count := len(InstagramOptions.of(draft).collaborators)) > COLLABORATOR_LIMIT:
        message = f"Instagram accepts at most {COLLABORATOR_LIMIT} collaborators."
        params = {"limit": COLLABORATOR_LIMIT, "actual": count, "unit": "items"}
        yield Issue("options.instagram.collaborators", "wrong_count", message, params=params)


def _cover_issues(draft: Draft) -> Iterator[Issue]:
    """A cover that Instagram cannot fetch, or that is asked for twice."""
    cover = draft.media[0].thumbnail if draft.media else None
    if cover is None or "media.thumbnail" not in KINDS[draft.kind].may:
        return
    yield from source_issues(cover, "media.0.thumbnail", FILE, "Instagram")
    types = FILES["cover"].types
    if cover.content_type and cover.content_type not in types:
        known = {"sort": "cover image", "formats": ", ".join(name.partition("/")[2] for name in types)}
        yield WORDING.issue("item", "type", known, "media.0.thumbnail.content_type", params={"allowed": types})
    if InstagramOptions.of(draft).thumb_offset_ms is not None:
        message = "The cover is either an image or a frame of the video. Leave out the offset or the thumbnail."
        yield Issue("options.instagram.thumb_offset_ms", "not_applicable", message)


def _alt_text_issues(draft: Draft) -> Iterator[Issue]:
    """Alt texts of videos between a carousel's images. Other kinds with videos take no alt text at all."""
    if "media.alt_text" in KINDS[draft.kind].may:
        for at in (at for at, item in enumerate(draft.media) if item.alt_text and item.kind == "video"):
            yield Issue(f"media.{at}.alt_text", "not_allowed", "Instagram takes alt texts of images only, not of videos.")
