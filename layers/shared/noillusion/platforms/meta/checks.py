"""Checks that Facebook and Instagram share: sources of images, and URLs (platforms.md 1.3, 2.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from noillusion.core.errors import Params
from noillusion.core.records import record
from noillusion.flows.draft import Draft, MediaItem
from noillusion.flows.protocol import Issue

MEDIA_HOSTS_OF_META: Final = ("fbcdn.net", "cdninstagram.com")
"""Media that lies on Meta's own delivery hosts is refused (platforms.md 1.3)."""


@record(eq=True)
class ImageRules:
    """Where a platform takes images from, and how large they may be, in bytes."""

    schemes: tuple[str, ...]
    largest: int
    inline: bool = True
    ascii_url: bool = False


def media_issues(draft: Draft, rules: ImageRules, title: str) -> Iterator[Issue]:
    """Problems with the images of a draft, each with the item's field path."""
    for at, item in enumerate(draft.media):
        yield from source_issues(item, f"media.{at}", rules, title)


def source_issues(item: MediaItem, field: str, rules: ImageRules, title: str) -> Iterator[Issue]:
    """Problems with where one file comes from."""
    if item.url is not None:
        yield from url_issues(item.url.reveal(), f"{field}.url", rules.schemes, ascii_only=rules.ascii_url)
        if on_meta(item.url.reveal()):
            yield Issue(f"{field}.url", "host_refused", f"{title} does not fetch media from Meta's own delivery hosts.")
    elif not rules.inline:
        message = f"{title} fetches media itself and takes no uploads. Put the file on a public https URL and send that as `url`."
        yield Issue(f"{field}.url", "url_required", message)
    elif not item.data:
        yield Issue(field, "required", "A media item needs a URL or data.")
    elif len(item.data) > rules.largest:
        message = f"{title} accepts images of at most {rules.largest // 1_000_000} MB."
        params: Params = {"limit": rules.largest, "actual": len(item.data), "unit": "bytes"}
        yield Issue(f"{field}.data", "too_large", message, params=params)


def url_issues(value: str, field: str, schemes: tuple[str, ...], *, ascii_only: bool = False) -> Iterator[Issue]:
    """Problems with a URL that Meta has to fetch without help: scheme, host, no credentials, no whitespace."""
    try:
        parts = urlsplit(value)
        host, named = parts.hostname, parts.username is not None or parts.password is not None
    except ValueError:
        host, named = None, False
    if not host or parts.scheme not in schemes or named or re.search(r"[\s\x00-\x1f\x7f]", value):
        message = f"A public {' or '.join(schemes)} URL without user name and whitespace is required."
        yield Issue(field, "invalid", message, params={"allowed": schemes})
    elif ascii_only and not value.isascii():
        yield Issue(field, "not_ascii", "The URL must contain only ASCII characters. Percent-encode all others.")


def on_meta(url: str) -> bool:
    """Return whether a URL is on Meta's own media hosts."""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return False
    return any(host == suffix or host.endswith(f".{suffix}") for suffix in MEDIA_HOSTS_OF_META)
