"""What the product logs, for tests. The log's handler holds the output that was there first, so it is given another one."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO, cast

from noillusion.core import logs


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """The log of this block."""
    logs.bind()
    (handler,) = logging.getLogger("noillusion").handlers
    stream_handler = cast("logging.StreamHandler[TextIO]", handler)
    before, text = stream_handler.stream, io.StringIO()
    stream_handler.stream = text
    try:
        yield text
    finally:
        stream_handler.stream = before
