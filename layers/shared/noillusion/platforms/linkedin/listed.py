"""The content of a listed post: its kind, and the files that it shows (platforms.md 3.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from noillusion.core.records import record
from noillusion.flows.draft import Kind

KINDS: Final[Mapping[str, Kind]] = {"article": "link", "multiImage": "images", "poll": "poll"}
"""Members of a content that tell the kind of post."""
MEDIA: Final[Mapping[str, Kind]] = {"urn:li:image": "image", "urn:li:video": "video", "urn:li:document": "document"}
"""The same for the file of a content with one file."""


@record(eq=True)
class Shown:
    """What a listed post shows. No kinds: nothing that is known tells them."""

    kinds: frozenset[Kind] = frozenset()
    assets: frozenset[str] = frozenset()


def read(content: object) -> Shown:
    """Return what a content shows, as far as it is of a known form."""
    if not content:
        return Shown(frozenset({"text"}))
    if not isinstance(content, Mapping):
        return Shown()
    assets = frozenset(_assets(content))
    kinds = {kind for name, kind in KINDS.items() if name in content}
    if "media" in content:
        kinds |= {kind for urn in assets for prefix, kind in MEDIA.items() if urn.startswith(f"{prefix}:")}
    return Shown(frozenset(kinds), assets)


def _assets(content: Mapping[str, Any]) -> Iterator[str]:
    """The URNs of files, wherever a content can name one."""
    several = _member(content, "multiImage").get("images")
    named = [_member(content, "media").get("id"), _member(content, "article").get("thumbnail")]
    named += [image.get("id") for image in several if isinstance(image, Mapping)] if isinstance(several, list) else []
    yield from (urn for urn in named if isinstance(urn, str))


def _member(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    member = content.get(name)
    return member if isinstance(member, Mapping) else {}
