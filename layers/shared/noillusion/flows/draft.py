"""What is published: the kinds of posts, and the content of one on one account. API models name the kinds too."""

from __future__ import annotations

import unicodedata
from dataclasses import field
from typing import Any, Literal

from noillusion.core.records import record
from noillusion.core.sensitive import Content

Kind = Literal["text", "link", "image", "images", "video", "reel", "story", "document", "poll"]
MediaKind = Literal["image", "video", "document"]
FileKind = Literal[MediaKind, "captions"]
PollDays = Literal[1, 3, 7, 14]
CommentState = Literal["pending", "posted", "failed", "unknown", "not_sent"]
"""The state of a post's first comment. ``not_sent``: the post became public after the request that had the comment's text."""

EditStatus = Literal["edited", "failed", "unknown"]
"""The outcome of a change of a published post's text. ``unknown``: the platform's answer was lost."""


@record(eq=True)
class MediaItem:
    """One media file: by public URL, or as bytes from the request. Exactly one of the two is set."""

    kind: FileKind
    url: Content | None = None
    data: bytes | None = field(default=None, repr=False)
    content_type: str = ""
    alt_text: Content | None = None
    title: Content | None = None
    thumbnail: MediaItem | None = None
    """The image that stands for a video until it plays."""
    captions: MediaItem | None = None
    """The subtitles of a video."""
    duration_s: float | None = None
    """The duration that its bytes tell, where they were looked at."""
    redirected: bool = False
    """Its URL was seen to lead to another one."""
    size: int | None = None
    """Its number of bytes, where it was looked at."""


@record(eq=True)
class Link:
    """A link to share, with the card's texts where the platform scrapes nothing."""

    url: Content
    title: Content | None = None
    description: Content | None = None
    thumbnail: MediaItem | None = None


@record(eq=True)
class Poll:
    """A question with answers to choose from, open for ``days`` days."""

    question: Content
    options: tuple[Content, ...]
    days: PollDays = 3


def says_something(text: str) -> bool:
    """Return whether a text has a visible character. Whitespace is not visible, nor are format characters such as U+200B."""
    return any(not character.isspace() and unicodedata.category(character) != "Cf" for character in text)


TextLength = Literal["none", "short", "medium", "long", "very_long"]
_LENGTHS: tuple[tuple[int, TextLength], ...] = ((80, "short"), (280, "medium"), (1000, "long"))


def text_length(text: str) -> TextLength:
    """Return the step of a text's length: up to 80, 280 or 1,000 characters (code points), or more. It is all that is kept."""
    if not says_something(text):
        return "none"
    return next((name for limit, name in _LENGTHS if len(text) <= limit), "very_long")


@record(eq=True)
class Draft:
    """Content to publish on one account. ``options`` is the platform's own model of options."""

    kind: Kind
    text: Content
    link: Link | None = None
    media: tuple[MediaItem, ...] = ()
    poll: Poll | None = None
    first_comment: Content | None = None
    """A comment by the same account, added as soon as the post is public."""
    options: Any = None
    publish_at: int | None = None
    """The time until which the platform is to hold the post, in seconds since the epoch; ``None``: it is published at once."""

    @property
    def files(self) -> tuple[MediaItem, ...]:
        """Its media, and what stands beside them or on the card of a link."""
        beside = (file for item in self.media for file in (item, item.thumbnail, item.captions))
        return tuple(file for file in (*beside, self.link.thumbnail if self.link else None) if file is not None)

    @property
    def says_something(self) -> bool:
        """True if the text has a visible character."""
        return says_something(self.text.reveal())
