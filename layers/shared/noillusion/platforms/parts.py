"""The parts of a draft, and which of them a kind of post needs and may have on a platform.

Parts are found in the shapes themselves, so that a new field of a draft is refused until a kind declares it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from noillusion.core.records import record
from noillusion.core.sensitive import Content
from noillusion.flows.draft import Draft, MediaKind

LINK_ITSELF: Final = frozenset({"url"})
ITEM_ITSELF: Final = frozenset({"kind", "url", "data", "content_type", "duration_s", "redirected", "size"})
"""Fields without which there is no link and no media item, and what was seen of them. The others are parts of their own."""


@record(eq=True)
class Media:
    """The media of a kind of post: the content types of each sort of item, and the number of items."""

    types: Mapping[MediaKind, tuple[str, ...]]
    fewest: int = 1
    most: int = 1
    alt_text_limit: int | None = None
    """Characters; ``None`` where the platform documents no limit, or has no alt text."""
    pulled: frozenset[MediaKind] = frozenset()
    """Sorts of files, images that stand for a video among them, that the platform only fetches by URL. Those that come as bytes
    are handed over (publishing/handover.py), so flows find a URL in each."""
    own_domain: bool = False
    """The platform fetches them only from domains that the operator has verified there."""


@record(eq=True)
class Parts:
    """The parts of a kind of post: ``text``, ``link``, ``link.title``, ``media``, ``media.alt_text``, ``options.<name>`` …

    Whatever a draft has and its kind does not name is refused.
    """

    needs: tuple[str, ...]
    may: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()
    """Parts that the platform has no place for, of which a warning says that they are not sent."""
    media: Media | None = None


def given(draft: Draft, platform: str) -> dict[str, list[str]]:
    """The parts that a draft has, each with the fields in which it stands."""
    found = {name: [name] for name in _filled(draft, {"kind", "options", "publish_at"})}
    if draft.link is not None:
        found |= {f"link.{name}": [f"link.{name}"] for name in _filled(draft.link, LINK_ITSELF)}
    for at, item in enumerate(draft.media):
        for name in _filled(item, ITEM_ITSELF):
            found.setdefault(f"media.{name}", []).append(f"media.{at}.{name}")
    if draft.options is not None:
        chosen = (
            name for name, field in type(draft.options).model_fields.items() if getattr(draft.options, name) != field.default
        )
        found |= {f"options.{name}": [f"options.{platform}.{name}"] for name in chosen}
    return found


def lacking(draft: Draft, part: str) -> list[str]:
    """Return the fields in which a part that a kind needs is absent or nothing but whitespace."""
    if part == "text":
        return [] if draft.says_something else [part]
    owner, _, name = part.partition(".")
    whole = getattr(draft, owner)
    if not whole or not name:
        return [] if whole else [part]
    if isinstance(whole, tuple):
        return [f"{owner}.{at}.{name}" for at, one in enumerate(whole) if not _visible(getattr(one, name))]
    return [] if _visible(getattr(whole, name)) else [part]


def _visible(part: Any) -> bool:
    return bool(part.reveal().strip()) if isinstance(part, Content) else bool(part)


def _filled(shape: Any, leave: set[str] | frozenset[str]) -> list[str]:
    return [field.name for field in fields(shape) if field.name not in leave and getattr(shape, field.name)]
