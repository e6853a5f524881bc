"""What is published: the kinds of posts, and the content of one on one account. API models name the kinds too."""

from __future__ import annotations

import unicodedata
from dataclasses import field
from typing import Any, Literal

from noillusion.core.records import record
from noillusion.core.sensitive import Content

Kind = Literal["text", "link", "image", "images", "video"]
MediaKind = Literal["image", "video"]


@record(eq=True)
class MediaItem:
    """One image or video: by public URL, or as bytes from the request. Exactly one of the two is set."""

    kind: MediaKind
    url: Content | None = None
    data: bytes | None = field(default=None, repr=False)
    content_type: str = ""
    alt_text: Content | None = None


@record(eq=True)
class Link:
    """A link to share, with the card's texts where the platform scrapes nothing."""

    url: Content
    title: Content | None = None
    description: Content | None = None


def says_something(text: str) -> bool:
    """Return whether a text has a visible character. Whitespace is not visible, nor are format characters such as U+200B."""
    return any(not character.isspace() and unicodedata.category(character) != "Cf" for character in text)


@record(eq=True)
class Draft:
    """Content to publish on one account. ``options`` is the platform's own model of options."""

    kind: Kind
    text: Content
    link: Link | None = None
    media: tuple[MediaItem, ...] = ()
    options: Any = None

    @property
    def says_something(self) -> bool:
        """True if the text has a visible character."""
        return says_something(self.text.reveal())
