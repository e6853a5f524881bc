"""The content of a post as the API takes it, and the draft that it becomes."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from noillusion.core.models import Strict, refused
from noillusion.core.sensitive import Content
from noillusion.flows.draft import Draft, Kind, Link, MediaItem, MediaKind

MAX_INLINE_BYTES = 4 * 1024 * 1024


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


class LinkInput(Strict):
    """A link to share."""

    url: Address
    title: Annotated[Content, Field(max_length=400)] | None = Field(
        default=None, description="Title of the link card, for platforms that do not read the page"
    )
    description: Annotated[Content, Field(max_length=4000)] | None = None


class MediaInput(Strict):
    """One image or video, as either ``url`` or ``data``."""

    kind: MediaKind = "image"
    url: Address | None = Field(default=None, description="Public https URL")
    data: Annotated[Content, AfterValidator(_base64)] | None = Field(
        default=None, description="Base64-encoded file of at most 4 MiB"
    )
    content_type: Annotated[str, StringConstraints(pattern=r"^(image|video)/[a-z0-9.+-]{1,40}$")] | None = Field(
        default=None, description="Media type; required with `data`"
    )
    alt_text: Annotated[Content, Field(max_length=4086)] | None = None

    @model_validator(mode="after")
    def _one_source(self) -> MediaInput:
        if (self.url is None) == (self.data is None):
            raise refused("one_source", allowed=["url", "data"])
        if self.data is not None and self.content_type is None:
            raise refused("content_type_missing")
        return self


class ContentInput(Strict):
    """The content to publish."""

    text: Annotated[Content, Field(max_length=70_000)] = Content("")
    link: LinkInput | None = None
    media: list[MediaInput] = Field(default_factory=list, max_length=35)


EMPTY = ContentInput(text=Content(""))


def to_draft(content: ContentInput, kind: Kind | None, options: Any) -> Draft:
    """Return the draft of a post. Its kind follows from the content where none is given."""
    return Draft(
        kind=kind or _kind(content),
        text=content.text,
        link=Link(content.link.url, content.link.title, content.link.description) if content.link else None,
        media=tuple(_media(content)),
        options=options,
    )


def _kind(content: ContentInput) -> Kind:
    if any(item.kind == "video" for item in content.media):
        return "video"
    if content.media:
        return "image" if len(content.media) == 1 else "images"
    return "link" if content.link else "text"


def _media(content: ContentInput) -> list[MediaItem]:
    return [
        MediaItem(
            kind=item.kind,
            url=item.url,
            data=base64.b64decode(item.data.reveal()) if item.data else None,
            content_type=item.content_type or "",
            alt_text=item.alt_text,
        )
        for item in content.media
    ]
