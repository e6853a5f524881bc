"""What Facebook and Instagram both refuse: parts, lengths, images and URLs (platforms.md 1.3, 2.3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from noillusion.flows.names import Kind
from noillusion.flows.protocol import Account, Draft, Issue, MediaItem

MEDIA_HOSTS_OF_META: Final = ("fbcdn.net", "cdninstagram.com")
"""Media that lies on Meta's own delivery hosts is refused (platforms.md 1.3)."""


@dataclass(frozen=True, slots=True)
class ImageRules:
    """What a platform accepts as an image. Sizes in bytes."""

    formats: tuple[str, ...]
    schemes: tuple[str, ...]
    largest: int
    inline: bool = True
    ascii_url: bool = False
    alt_limit: int | None = None


def shape_issues(draft: Draft, kinds: tuple[Kind, ...], needs: Mapping[Kind, str], title: str) -> Iterator[Issue]:
    """Problems with the kind, and with parts that it needs or does not use. ``needs``: kind → text, link or media."""
    if draft.kind not in kinds:
        yield Issue("kind", "not_supported", f"{title} accepts these kinds here: {', '.join(kinds)}.")
        return
    need = needs[draft.kind]
    given = {"text": draft.says_something, "link": draft.link is not None, "media": bool(draft.media)}
    if not given[need]:
        yield Issue(need, "required", f"A {draft.kind} post on {title} needs {need}.")
    for part in ("link", "media"):
        if given[part] and part != need:
            yield Issue(part, "not_allowed", f"A {draft.kind} post on {title} has no {part}.")
    if need == "media" and len(draft.media) > 1:
        yield Issue("media", "wrong_count", f"A {draft.kind} post on {title} has exactly 1 item.")


def media_issues(draft: Draft, rules: ImageRules, title: str) -> Iterator[Issue]:
    """Problems with the images of a draft, each with the item's field path."""
    for at, item in enumerate(draft.media):
        yield from _image_issues(item, f"media.{at}", rules, title)


def _image_issues(item: MediaItem, field: str, rules: ImageRules, title: str) -> Iterator[Issue]:
    formats = ", ".join(name.removeprefix("image/") for name in rules.formats)
    if item.kind != "image":
        yield Issue(f"{field}.kind", "not_supported", f"{title} accepts an image here.")
    elif item.content_type and item.content_type not in rules.formats:
        yield Issue(f"{field}.content_type", "not_supported", f"{title} accepts images as {formats}.")
    if item.url is not None:
        yield from url_issues(item.url.reveal(), f"{field}.url", rules.schemes, ascii_only=rules.ascii_url)
        if on_meta(item.url.reveal()):
            yield Issue(f"{field}.url", "host_refused", f"{title} does not fetch media from Meta's own delivery hosts.")
    elif not rules.inline:
        yield Issue(f"{field}.url", "url_required", f"{title} fetches media itself and needs a public URL; it takes no uploads.")
    elif not item.data:
        yield Issue(field, "required", "A media item needs a URL or data.")
    elif len(item.data) > rules.largest:
        yield Issue(f"{field}.data", "too_large", f"{title} accepts images of at most {rules.largest // 1_000_000} MB.")
    if rules.alt_limit and item.alt_text is not None and len(item.alt_text.reveal()) > rules.alt_limit:
        yield Issue(f"{field}.alt_text", "too_long", f"{title} accepts alt texts of at most {rules.alt_limit} characters.")


def url_issues(value: str, field: str, schemes: tuple[str, ...], *, ascii_only: bool = False) -> Iterator[Issue]:
    """Problems with a URL that Meta has to fetch without help: scheme, host, no credentials, no blanks."""
    try:
        parts = urlsplit(value)
        host, named = parts.hostname, parts.username is not None or parts.password is not None
    except ValueError:
        host, named = None, False
    if not host or parts.scheme not in schemes or named or re.search(r"[\s\x00-\x1f\x7f]", value):
        yield Issue(field, "invalid", f"A public {' or '.join(schemes)} URL without user name and blanks is needed.")
    elif ascii_only and not value.isascii():
        yield Issue(field, "not_ascii", "The URL must consist of ASCII characters: percent-encode all others.")


def on_meta(url: str) -> bool:
    """Whether a URL lies on Meta's own media hosts."""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return False
    return any(host == suffix or host.endswith(f".{suffix}") for suffix in MEDIA_HOSTS_OF_META)


def length_issues(text: str, limit: int, title: str) -> Iterator[Issue]:
    """A text that is too long."""
    if len(text) > limit:
        yield Issue("text", "too_long", f"{title} accepts at most {limit} characters.")


def scope_issues(account: Account, needed: Iterable[str]) -> Iterator[Issue]:
    """Scopes that publishing needs and the account lacks. An account without any known scope is left to the platform."""
    for scope in (scope for scope in needed if not granted(account, scope)):
        yield Issue("account", "scope_missing", f"The connection lacks the permission {scope}: reconnect and grant it.")


def granted(account: Account, scope: str) -> bool:
    """Whether the account has a scope; an account without any known scope is taken to have it."""
    return not account.scopes or scope in account.scopes
