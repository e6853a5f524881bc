"""The facts of a media file, as its bytes tell them."""

from __future__ import annotations

from typing import Literal, TypedDict

from noillusion.core.records import record

ColorSpace = Literal["rgb", "gray", "cmyk", "other"]
OTHER = "other"
"""A codec without a name here."""
UNRECOGNIZED = "application/octet-stream"
"""The content type of bytes that begin like no known format."""


@record(eq=True)
class MediaFacts:
    """Facts about one file. ``None`` where a fact is unknown, or where the format has no such thing."""

    content_type: str | None = None
    """By its content, never by a header or a name; :data:`UNRECOGNIZED` for bytes of no known format."""
    size: int | None = None
    """Bytes."""
    width: int | None = None
    height: int | None = None
    """Pixels, as the file is shown: after its orientation is applied."""
    orientation: int | None = None
    """1 to 8 (EXIF)."""
    color_space: ColorSpace | None = None
    has_alpha: bool | None = None
    animated: bool | None = None
    frames: int | None = None
    duration_s: float | None = None
    video_codec: str | None = None
    audio_codec: str | None = None
    audio_hz: int | None = None
    frame_rate: float | None = None
    """Frames a second, on average."""
    moov_first: bool | None = None
    """True if the index of an MP4 or MOV file precedes its data, so that playback can start before the whole file is there."""
    pages: int | None = None

    @property
    def sort(self) -> str:
        """``image``, ``video``, ``audio``, ``text``, ``application``; empty if unknown."""
        return (self.content_type or "").partition("/")[0]


class Found(TypedDict, total=False):
    """Facts while they are being collected, by the names of :class:`MediaFacts`."""

    content_type: str
    size: int | None
    width: int
    height: int
    orientation: int
    color_space: ColorSpace
    has_alpha: bool
    animated: bool
    frames: int
    duration_s: float
    video_codec: str
    audio_codec: str
    audio_hz: int
    frame_rate: float
    moov_first: bool
    pages: int


def collected(found: Found) -> MediaFacts:
    """Return the facts that were found, with width and height as the file is shown."""
    facts = MediaFacts(**found)
    if facts.orientation is None or facts.orientation <= 4:
        return facts
    turned: Found = {**found}
    if facts.width is not None and facts.height is not None:
        turned["width"], turned["height"] = facts.height, facts.width
    return MediaFacts(**turned)
