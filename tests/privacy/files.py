"""Files with a mark in their bytes, as base64."""

from __future__ import annotations

import base64
import io

from PIL import Image

from tests.support.movies import box, movie


def picture(mark: str) -> str:
    """A JPEG with the mark in it."""
    buffer = io.BytesIO()
    Image.new("RGB", (640, 640), "teal").save(buffer, "JPEG", comment=mark.encode())
    assert mark.encode() in buffer.getvalue()
    return base64.b64encode(buffer.getvalue()).decode()


def film(mark: str) -> str:
    """An MP4 file with the mark in it."""
    return base64.b64encode(movie() + box(b"free", mark.encode())).decode()
