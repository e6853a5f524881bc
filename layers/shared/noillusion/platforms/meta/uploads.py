"""Bytes of videos on their way to Meta's upload host; nothing of them is public (platforms.md 1.3, 2.3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from noillusion.core.sensitive import Content
from noillusion.flows.draft import MediaItem
from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, PlatformError
from noillusion.flows.protocol import Call, Flow

T = TypeVar("T")
TIMEOUT_S: Final = 60.0


def begun_again(upload: Callable[[], Flow[T]]) -> Flow[T]:
    """Upload, and once more from the start where Meta lost the thread: a lost answer leaves an offset that is not ours."""
    try:
        return (yield from upload())
    except PlatformError as error:
        if error.fault.error_class is not ErrorClass.TRANSIENT:
            raise
    return (yield from upload())


def send(url: str, item: MediaItem, **more: Any) -> Call:
    """All of a file, or the header that says where it is: as a field of the body it would be ignored."""
    parts: dict[str, Any]
    if item.url is not None:
        headers: dict[str, str | Content] = {"file_url": item.url}
        parts = {"headers": headers}
    else:
        parts = {"headers": {"offset": "0", "file_size": str(len(item.data or b""))}, "body": item}
    return Call("POST", url, Effect.PREPARE, auth="oauth", timeout=TIMEOUT_S, **parts, **more)
