"""What a platform gets for a ticket: the file, for as long as the target is open and the ticket is valid; otherwise nothing."""

from __future__ import annotations

import asyncio
from typing import Final

from noillusion.core import logs
from noillusion.core.errors import NotFound, Unavailable
from noillusion.core.records import record
from noillusion.core.sensitive import Content
from noillusion.db import Actor, database
from noillusion.media import tickets
from noillusion.media.signatures import content_type
from noillusion.media.tickets import NoTicket, Ticket
from noillusion.publishing import pull_store
from noillusion.settings.source import settings

SOURCE_S: Final = 15.0
"""How long a source may take. Platforms wait for us no longer than some twenty seconds."""
TYPES: Final = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
"""What is served. Nothing that a browser could run gets out under the domain of the API."""
HEAD: Final = 1024


@record()
class PulledFile:
    """A file as it is served."""

    target_id: str
    content_type: str
    data: bytes


async def fetch(text: str) -> PulledFile:
    """Return the file that a ticket names. Raises :class:`NotFound` for whatever is not, or no longer, to be had."""
    try:
        ticket = tickets.read(text)
    except NoTicket:
        raise NotFound from None
    target = pull_store.open_target(ticket.user_id, ticket.target_id)
    if not settings().handover_bucket or (await database().flight(Actor(ticket.user_id), target)).first(target) is None:
        raise NotFound
    data = await _data(ticket)
    found = content_type(data[:HEAD])
    if found not in TYPES:
        logs.event("handed_file_refused", target_id=ticket.target_id, content_type=found)
        raise NotFound
    return PulledFile(ticket.target_id, found, data)


async def _data(ticket: Ticket) -> bytes:
    if ticket.url is not None:
        return await _from_source(ticket.url, ticket.target_id)
    assert ticket.stored is not None, "a ticket names one or the other"
    from noillusion.media import stored

    try:
        return await stored.get(ticket.target_id, ticket.stored)
    except stored.Gone:
        raise NotFound from None
    except Exception as error:  # noqa: BLE001 - whatever the client raises, the platform may come again
        logs.failure("handed_file_not_read", error)
        raise Unavailable("media_unavailable") from None


async def _from_source(url: Content, target_id: str) -> bytes:
    from noillusion.net.guarded import Refused, open_url

    try:
        async with asyncio.timeout(SOURCE_S), open_url(url.reveal(), limit=tickets.LARGEST_FILE) as source:
            return b"".join([chunk async for chunk in source.chunks()])
    except TimeoutError:
        code = "timeout"
    except Refused as refused:
        code = refused.code
    logs.event("source_not_fetched", target_id=target_id, code=code)
    if code.startswith("http_4") or code == "too_large":
        raise NotFound
    raise Unavailable("media_unavailable")
