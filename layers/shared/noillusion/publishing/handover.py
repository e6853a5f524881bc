"""Hands files over to platforms that only fetch by URL: each gets a ticket of ours for as long as its target is open.

Bytes wait in a bucket as ciphertext whose key is in the ticket alone. A URL of the user's becomes a ticket where the platform
fetches from verified domains only, which those of users are not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from noillusion.core.sensitive import Content
from noillusion.flows.draft import Draft, MediaItem
from noillusion.flows.faults import ErrorClass, Fault, PlatformError
from noillusion.flows.protocol import Issue
from noillusion.media import tickets
from noillusion.media.tickets import Ticket, TicketTooLong
from noillusion.platforms import catalog
from noillusion.publishing import messages
from noillusion.settings.source import settings

if TYPE_CHECKING:
    from noillusion.platforms.contract import Platform
    from noillusion.platforms.parts import Media
    from noillusion.publishing.rows import TargetRow

FAILED: Final = Fault(ErrorClass.TRANSIENT, "handover_failed")
TOO_LONG: Final = Fault(ErrorClass.INVALID_CONTENT, "url_too_long")
SOMEWHERE: Final = Content("https://handover.invalid/")
"""Stands for the URL of a ticket in checks, where there is no target yet."""


def files(platform: Platform, draft: Draft) -> list[MediaItem]:
    """Return the files of a draft that need a ticket, in the order of their numbers."""
    parts = platform.parts(draft)
    media = parts.media if parts is not None else None
    if media is None or not media.pulled or not settings().handover_bucket:
        return []
    every = (file for item in draft.media for file in (item, item.thumbnail) if file is not None)
    return [file for file in every if file.kind in media.pulled and _needs(file, media, platform)]


def _needs(file: MediaItem, media: Media, platform: Platform) -> bool:
    if file.url is None:
        return file.data is not None
    url, verified = file.url.reveal(), settings().verified_urls.get(platform.name, ())
    known = url.startswith((f"{settings().public_url}{tickets.PATH}", *verified))
    return media.own_domain and url.lower().startswith("https://") and not known


def as_sent(platform: Platform, draft: Draft) -> Draft:
    """Return the draft as the platform would get it, for checks: a URL in place of what will be handed over."""
    return _replaced(draft, {id(file): SOMEWHERE for file in files(platform, draft)})


async def hand_over(platform: Platform, draft: Draft, user_id: str, target_id: str) -> Draft:
    """Return the draft with tickets in place of files. Raises :class:`PlatformError`, or what the bucket's client raises."""
    handed = files(platform, draft)
    urls = await asyncio.gather(*(_url(file, number, user_id, target_id) for number, file in enumerate(handed)))
    return _replaced(draft, {id(file): url for file, url in zip(handed, urls, strict=True)})


async def _url(file: MediaItem, number: int, user_id: str, target_id: str) -> Content:
    if file.url is not None:
        try:
            return tickets.url_of(Ticket(user_id, target_id, url=file.url))
        except TicketTooLong:
            raise PlatformError(TOO_LONG) from None
    # The client of the bucket comes with it, which few posts need.
    from noillusion.media import stored

    assert file.data is not None, "a file has a URL or data"
    return tickets.url_of(Ticket(user_id, target_id, stored=await stored.put(target_id, number, file.data)))


def _replaced(draft: Draft, urls: Mapping[int, Content]) -> Draft:
    return replace(draft, media=tuple(_with(item, urls) for item in draft.media)) if urls else draft


def _with(item: MediaItem, urls: Mapping[int, Content]) -> MediaItem:
    whole = item if item.thumbnail is None else replace(item, thumbnail=_with(item.thumbnail, urls))
    url = urls.get(id(item))
    return whole if url is None else replace(whole, url=url, data=None)


def is_handed(platform: Platform, draft: Draft, item: MediaItem) -> bool:
    """Return whether a file of a draft is handed over."""
    return any(file is item for file in files(platform, draft))


def limits(platform: Platform, draft: Draft, item: MediaItem, size: int | None, field: str) -> Iterator[Issue]:
    """Problems of a file with the way through our domain: what it serves at once, and what fits into a ticket."""
    if not is_handed(platform, draft, item):
        return
    if size is not None and size > tickets.LARGEST_FILE:
        message = messages.HANDED_TOO_LARGE.format(platform=platform.title, limit=tickets.LARGEST_FILE)
        yield Issue(field, "too_large", message, params={"limit": tickets.LARGEST_FILE, "actual": size, "unit": "bytes"})
    length = len(item.url.reveal().encode()) if item.url is not None else 0
    if length > tickets.LONGEST_SOURCE:
        message = messages.HANDED_TOO_LONG.format(platform=platform.title, limit=tickets.LONGEST_SOURCE)
        yield Issue(field, "too_long", message, params={"limit": tickets.LONGEST_SOURCE, "actual": length, "unit": "bytes"})


async def withdraw(numbers: Mapping[str, int]) -> None:
    """Delete what waits for targets that are settled. ``numbers``: target id → its number of files."""
    if handed := {target_id: number for target_id, number in numbers.items() if number}:
        from noillusion.media import stored

        await stored.delete(handed, max(handed.values()))


async def withdraw_settled(rows: Iterable[TargetRow]) -> None:
    """Delete what may wait for targets whose number of files is not known here."""
    if not settings().handover_bucket:
        return
    from noillusion.media import stored

    await withdraw({row.id: stored.MOST_PER_TARGET for row in rows if _may_have_files(row)})


def _may_have_files(row: TargetRow) -> bool:
    parts = catalog.get(row.platform).capabilities.kinds.get(row.kind)
    return parts is not None and parts.media is not None and bool(parts.media.pulled)
