"""The content of a post as the API takes it, and the draft that it becomes."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from noillusion.core.models import Strict, refused
from noillusion.core.sensitive import Content
from noillusion.flows.draft import Draft, FileKind, Kind, Link, MediaItem, MediaKind, Poll, PollDays

MAX_INLINE_BYTES = 4 * 1024 * 1024
TYPE_PATTERN = r"^(image|video|application|text)/[a-z0-9.+-]{1,80}$"


def _web_address(value: Content) -> Content:
    text = value.reveal()
    if not _is_address(text) or any(c.isspace() or not c.isprintable() for c in text):
        raise refused("url", allowed=["http", "https"])
    return value


def _is_address(text: str) -> bool:
    try:
        split = urlsplit(text)
        # Reading the port checks it.
        return split.scheme in ("https", "http") and bool(split.hostname) and split.port != 0
    except ValueError:
        return False


def _base64(value: Content) -> Content:
    try:
        size = len(base64.b64decode(value.reveal(), validate=True))
    except (ValueError, binascii.Error):
        raise refused("base64") from None
    if not 0 < size <= MAX_INLINE_BYTES:
        raise refused("file_size", limit=MAX_INLINE_BYTES, actual=size, unit="bytes")
    return value


Address = Annotated[
    Content,
    Field(max_length=2048, json_schema_extra={"pattern": "^[Hh][Tt][Tt][Pp][Ss]?://[^/]"}),
    AfterValidator(_web_address),
]


class FileInput(Strict):
    """One file, as either ``url`` or ``data``."""

    url: Address | None = Field(default=None, description="Public https URL")
    data: Annotated[Content, AfterValidator(_base64)] | None = Field(
        default=None, description="Base64-encoded file of at most 4 MiB"
    )
    content_type: Annotated[str, StringConstraints(pattern=TYPE_PATTERN)] | None = Field(
        default=None, description="Media type; required with `data`"
    )

    @model_validator(mode="after")
    def _one_source(self) -> FileInput:
        if (self.url is None) == (self.data is None):
            raise refused("one_source", allowed=["url", "data"])
        if self.data is not None and self.content_type is None:
            raise refused("content_type_missing")
        return self


class LinkInput(Strict):
    """A link to share."""

    url: Address
    title: Annotated[Content, Field(max_length=400)] | None = Field(
        default=None, description="Title of the link card, for platforms that do not read the page"
    )
    description: Annotated[Content, Field(max_length=4000)] | None = None
    thumbnail: FileInput | None = Field(
        default=None, description="Image of the link card, for platforms that do not read the page"
    )


class MediaInput(FileInput):
    """One image, video or document, as either ``url`` or ``data``."""

    kind: MediaKind = "image"
    alt_text: Annotated[Content, Field(max_length=4086)] | None = None
    title: Annotated[Content, Field(max_length=400)] | None = Field(default=None, description="Title of a video or document")
    thumbnail: FileInput | None = Field(default=None, description="Image that stands for a video until it plays")
    captions: FileInput | None = Field(default=None, description="Subtitles of a video, as SubRip (`application/x-subrip`)")


class PollInput(Strict):
    """A question with answers to choose from."""

    question: Annotated[Content, Field(min_length=1, max_length=400)]
    options: list[Annotated[Content, Field(min_length=1, max_length=100)]] = Field(min_length=2, max_length=4)
    days: PollDays = Field(default=3, description="Number of days for which the poll is open")


class ContentInput(Strict):
    """The content to publish."""

    text: Annotated[Content, Field(max_length=70_000)] = Content("")
    link: LinkInput | None = None
    media: list[MediaInput] = Field(default_factory=list, max_length=35)
    poll: PollInput | None = None
    first_comment: Annotated[Content, Field(max_length=8000)] | None = Field(
        default=None,
        description="Comment by the same account, added as soon as the post is public. If adding it fails, the post stands",
    )


DERIVED: frozenset[Kind] = frozenset({"text", "link", "image", "images", "video", "document", "poll"})
"""Kinds that follow from a content. The others are asked for."""
EMPTY = ContentInput(text=Content(""))


def to_draft(
    content: ContentInput, kind: Kind | None, options: Any, instead: Mapping[Kind, Kind], publish_at: datetime | None = None
) -> Draft:
    """Return the draft of a post. Where no kind is given, it follows from the content; ``instead`` names other kinds for it."""
    derived = _kind(content)
    return Draft(
        kind=kind or instead.get(derived, derived),
        text=content.text,
        link=_link(content.link) if content.link else None,
        media=tuple(_media(item) for item in content.media),
        poll=Poll(content.poll.question, tuple(content.poll.options), content.poll.days) if content.poll else None,
        first_comment=content.first_comment,
        options=options,
        # Platforms take whole seconds.
        publish_at=None if publish_at is None else int(publish_at.timestamp()),
    )


def _kind(content: ContentInput) -> Kind:
    if content.poll:
        return "poll"
    if len(content.media) > 1:
        return "images"
    if content.media:
        return content.media[0].kind
    return "link" if content.link else "text"


def _link(link: LinkInput) -> Link:
    return Link(link.url, link.title, link.description, _file(link.thumbnail, "image"))


def _media(item: MediaInput) -> MediaItem:
    return replace(
        _item(item, item.kind),
        alt_text=item.alt_text,
        title=item.title,
        thumbnail=_file(item.thumbnail, "image"),
        captions=_file(item.captions, "captions"),
    )


def _file(given: FileInput | None, kind: FileKind) -> MediaItem | None:
    return _item(given, kind) if given is not None else None


def _item(given: FileInput, kind: FileKind) -> MediaItem:
    data = base64.b64decode(given.data.reveal()) if given.data else None
    return MediaItem(kind, given.url, data, given.content_type or "")
