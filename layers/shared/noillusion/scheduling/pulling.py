"""Fetches a content document from its URL and compares it with the hash that was scheduled. It is never written anywhere."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Mapping
from typing import Final

from noillusion.core import clock
from noillusion.core.sensitive import Content
from noillusion.net.guarded import Refused, open_url
from noillusion.scheduling.document import MAX_BYTES, ContentDocument, DocumentCut, DocumentInvalid, Loaded, load
from noillusion.scheduling.faults import ScheduleFault, SourceCode

FETCH_S = 9.0
"""The most that one fetch may take, redirects included: less than the client waits for a single read."""
CODES: Final[Mapping[str, SourceCode]] = {
    "invalid_url": "source_refused",
    "https_required": "source_refused",
    "port_not_allowed": "source_refused",
    "address_not_public": "source_refused",
    "too_large": "source_too_large",
    "interrupted": "source_truncated",
}
"""Refusals of the guarded client. Any other is a matter of the host."""
NOW_AND_THEN: Final = (408, 425, 429)
"""Statuses of the range 4xx that tell of the moment, not of the URL."""


async def pull(url: Content, sha256: str, deadline: float) -> ContentDocument:
    """Return the document behind a URL, if its hash is the given one.

    Raises :class:`ScheduleFault`; its cause is a :class:`DocumentInvalid` where fields of the document are not valid.
    """
    loaded = await _load(url, deadline)
    if not hmac.compare_digest(loaded.sha256, sha256):
        raise ScheduleFault("source_changed")
    try:
        return loaded.document()
    except DocumentInvalid as error:
        raise ScheduleFault("source_invalid", error.errors[0].code if error.errors else "") from error


async def _load(url: Content, deadline: float) -> Loaded:
    try:
        async with asyncio.timeout(max(0.0, min(FETCH_S, deadline - clock.monotonic()))):
            raw = await _read(url.reveal())
    except TimeoutError:
        raise ScheduleFault("source_timeout", transient=True) from None
    except Refused as refused:
        raise _fault(refused.code) from None
    try:
        return load(raw)
    except DocumentCut:
        raise ScheduleFault("source_truncated") from None
    except DocumentInvalid:
        raise ScheduleFault("source_invalid", "json_invalid") from None


async def _read(url: str) -> bytes:
    async with open_url(url, limit=MAX_BYTES) as source:
        if source.compressed:
            raise ScheduleFault("source_invalid", "compressed")
        raw = bytearray()
        async for chunk in source.chunks():
            raw += chunk
        if source.length is not None and len(raw) < source.length:
            raise Refused("interrupted")
        return bytes(raw)


def _fault(code: str) -> ScheduleFault:
    """Return the fault of a refusal. A host that is down or busy, and a response that broke off, can be asked again."""
    if code.startswith("http_"):
        status = int(code.removeprefix("http_"))
        if 400 <= status < 500 and status not in NOW_AND_THEN:
            return ScheduleFault("source_expired", code)
        return ScheduleFault("source_invalid" if status < 300 else "source_unreachable", code, transient=status >= 400)
    return ScheduleFault(CODES.get(code, "source_unreachable"), code, transient=code not in CODES or code == "interrupted")
