"""Tickets of the media hand-over: the sealed part of a URL from which a platform fetches one file, for an hour at most.

A ticket names the target that it is for, and either a URL or an object of the hand-over bucket with the only copy of its key.
"""

from __future__ import annotations

import json
from dataclasses import field
from datetime import datetime, timedelta
from typing import Any, Final

from noillusion.core import clock, logs
from noillusion.core.records import record
from noillusion.core.sensitive import Content, Secret
from noillusion.settings.source import settings
from noillusion.vault.sealer import Place, SealBroken, Sealer, sealer

LIFE: Final = timedelta(hours=1)
"""As long as a platform takes to fetch a file at most (platforms.md 4.3)."""
PLACE: Final = Place("media", "ticket", "", "")
"""The purpose of a ticket. No other ciphertext can be opened as one; whose it is stands inside."""
LONGEST_URL: Final = 2048
"""Characters of a URL that every platform takes."""
LONGEST_SOURCE: Final = 1000
"""Bytes of a URL that fits into a ticket, whatever the API's own domain and the user's id are."""
LARGEST_FILE: Final = 4_400_000
"""Bytes of a file that fits into one response of a function: 6 MB, as base64."""
PATH: Final = "/v1/media/"


class NoTicket(Exception):
    """This is no ticket, was altered, or is no longer valid."""


class TicketTooLong(Exception):
    """The URL with the ticket is longer than platforms take."""


@record(eq=True)
class StoredFile:
    """An object of the hand-over bucket, by its number among those of its target, and the key that opens it."""

    number: int
    key: Secret = field(repr=False)


@record(eq=True)
class Ticket:
    """One file for one target: what is behind ``url``, or what is stored for the target."""

    user_id: str
    target_id: str
    url: Content | None = None
    stored: StoredFile | None = None


def url_of(ticket: Ticket) -> Content:
    """Return the URL to give to the platform. Raises :class:`TicketTooLong`."""
    sealed = sealer().seal(Secret(_written(ticket, clock.now() + LIFE)), PLACE)
    url = f"{settings().public_url}{PATH}{sealed}"
    if len(url) > LONGEST_URL:
        raise TicketTooLong
    return Content(url)


def read(text: str) -> Ticket:
    """Return what a ticket names. Raises :class:`NoTicket`."""
    if len(text) > LONGEST_URL:
        raise NoTicket
    try:
        written = json.loads(_sealer(text).open(text, PLACE).reveal())
    except SealBroken:
        raise NoTicket from None
    if clock.now().timestamp() >= written["until"]:
        raise NoTicket
    url, stored = written.get("url"), written.get("stored")
    return Ticket(
        written["user"],
        written["target"],
        Content(url) if url is not None else None,
        StoredFile(stored["number"], Secret(stored["key"])) if stored is not None else None,
    )


def _written(ticket: Ticket, until: datetime) -> str:
    parts: dict[str, Any] = {"user": ticket.user_id, "target": ticket.target_id, "until": int(until.timestamp())}
    if ticket.url is not None:
        parts["url"] = ticket.url.reveal()
    if ticket.stored is not None:
        parts["stored"] = {"number": ticket.stored.number, "key": ticket.stored.key.reveal()}
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


ASK_AGAIN: Final = timedelta(seconds=60)
_asked: datetime | None = None


def _sealer(text: str) -> Sealer:
    """Return a sealer that has the key of a ticket. Raises :class:`NoTicket` if there is none.

    Anybody can send what looks like a ticket, so unknown keys are looked for once a minute and not once for each of them.
    """
    global _asked
    _, _, rest = text.partition(".")
    key_id = rest.partition(".")[0]
    now = clock.now()
    if not sealer().has(key_id) and (_asked is None or now - _asked >= ASK_AGAIN):
        _asked = now
        try:
            settings.reread(fresh=True)
        except Exception as error:  # noqa: BLE001 - the keys at hand stay in effect
            logs.failure("keys_not_reread", error)
    if not sealer().has(key_id):
        raise NoTicket
    return sealer()
