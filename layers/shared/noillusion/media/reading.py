"""The reader of a file: by its first bytes, whatever it is called. Drives itself over bytes at hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from noillusion.media.facts import Found, MediaFacts, collected
from noillusion.media.signatures import content_type
from noillusion.media.window import Ended, Reading, Window

FormatReader: TypeAlias = Callable[[Window, Found], Reading[None]]
SIGNATURE = 1024
"""Bytes that decide the type."""


def read(window: Window) -> Reading[MediaFacts]:
    """Return the facts of a file. It raises nothing: what is broken or cannot be read leaves facts unknown."""
    found: Found = {}
    try:
        if not window.beginning(1):
            yield from window.at(0, 1)
        found["content_type"] = content_type(window.beginning(SIGNATURE))
        if (reader := _reader(found["content_type"])) is not None:
            yield from reader(window, found)
    except Ended:
        # The facts so far are true.
        pass
    found["size"] = window.size
    return collected(found)


def facts_of(data: bytes) -> MediaFacts:
    """Return the facts of a file that is at hand."""
    steps = read(Window(data))
    try:
        next(steps)
        while True:
            steps.throw(Ended())
    except StopIteration as done:
        facts: MediaFacts = done.value
        return facts


def _reader(found: str) -> FormatReader | None:
    """Return the reader of a content type, loaded when it is needed."""
    if found in ("image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "image/tiff"):
        from noillusion.media import images

        reader: FormatReader = getattr(images, found.removeprefix("image/"))
        return reader
    if found in ("image/heic", "image/heif", "image/avif"):
        from noillusion.media.heif import heif

        return heif
    if found in ("video/mp4", "video/quicktime", "video/3gpp", "audio/mp4"):
        from noillusion.media.movies import movie

        return movie
    if found == "video/webm":
        from noillusion.media.matroska import matroska

        return matroska
    if found == "application/pdf":
        from noillusion.media.documents import pdf

        return pdf
    return None
