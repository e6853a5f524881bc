"""The feed for calendar programs, which have no access token: whoever has the feed's token reads platform, kind and state."""

from __future__ import annotations

import base64
import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from noillusion.catalog.platforms import PLATFORMS, PlatformName
from noillusion.core import clock
from noillusion.core.errors import NotFound
from noillusion.core.records import record
from noillusion.db import WORKER, Actor, database
from noillusion.scheduling import ahead, calendar_store
from noillusion.scheduling.calendar_models import CalendarToken
from noillusion.scheduling.calendar_rows import PublishedEntry, RecurringTarget, ScheduledEntry
from noillusion.scheduling.calendar_store import Span
from noillusion.scheduling.feed import Event, write
from noillusion.scheduling.recurrence import Occurrence
from noillusion.settings.source import settings

PATH: Final = "/v1/calendar.ics"
BACK, FORWARD = timedelta(days=31), timedelta(days=92)
"""The period of a feed, from now."""
MOST: Final = 1_000
"""Most entries of each sort in a feed."""
REFRESH: Final = timedelta(minutes=60)
TOKEN_BYTES: Final = 32
TOKEN_LENGTH: Final = 43
"""Characters of a token."""
_CANCELED = ("canceled", "skipped")
_PROGRESS = {"pending": 0, "paused": 0, "running": 1, "processing": 2, "notified": 2}
"""State → how far an occurrence has come. The others are the last ones."""


@record()
class Feed:
    """The text of a feed and its entity tag."""

    text: str
    tag: str


async def create_token(user_id: str) -> CalendarToken:
    """Create the token of the user's feed. An earlier one is no longer valid. Only its hash is stored."""
    token, now = secrets.token_urlsafe(TOKEN_BYTES), clock.now()
    await database().flight(Actor(user_id), calendar_store.set_token(user_id, _hash(token), now))
    return CalendarToken(token=token, url=f"{settings().public_url}{PATH}?token={token}", created_at=now)


async def delete_token(user_id: str) -> None:
    """Delete the token. Raises :class:`NotFound` if there is none."""
    deleted = calendar_store.delete_token(user_id)
    if not (await database().flight(Actor(user_id), deleted)).number_of(deleted):
        raise NotFound


async def read(token: str | None) -> Feed:
    """Return the feed of a token. Raises :class:`NotFound` if the token is missing, wrong or no longer valid."""
    if token is None or len(token) != TOKEN_LENGTH:
        raise NotFound
    owner = calendar_store.owner(_hash(token))
    row = (await database().flight(WORKER, owner)).first(owner)
    if row is None:
        raise NotFound
    now = clock.now()
    span = Span(now - BACK, now + FORWARD, None)
    scheduled = calendar_store.scheduled(row.user_id, {}, span, MOST)
    published = calendar_store.published(row.user_id, {}, span, MOST)
    recurring = calendar_store.recurring(row.user_id, {})
    flight = await database().flight(Actor(row.user_id), scheduled, published, recurring)
    following = list(ahead.following(flight[recurring], now - BACK, span.end, MOST))
    following.sort(key=lambda each: (each[1].due_at, each[0].target_id))
    # Of a schedule that recurred once, earlier times are rows as well. The last one is that which can be moved.
    last = {each.target_id: each.id for each in flight[scheduled] if not each.rrule}
    events = [
        *(_scheduled(each, named=last.get(each.target_id) != each.id) for each in flight[scheduled]),
        *(_later(target, each) for target, each in following[:MOST]),
        *map(_published, flight[published]),
    ]
    text = write("No iLLusion Social", events, REFRESH)
    return Feed(text, f'"{base64.urlsafe_b64encode(sha256(text.encode()).digest()[:16]).rstrip(b"=").decode()}"')


def _hash(token: str) -> str:
    """Return the hash of a token. A token has 256 random bits, so its hash needs no key."""
    return sha256(token.encode()).hexdigest()


def _scheduled(row: ScheduledEntry, *, named: bool) -> Event:
    """Return the entry of an occurrence. ``named``: its target has others, so its id is that of its time."""
    return Event(
        uid=_uid(row.target_id, row.local_due if named else ""),
        starts_at=row.due_at,
        title=_title(row.platform, row.kind, row.state),
        changed_at=row.updated_at,
        sequence=10 * (row.version - 1) + _PROGRESS.get(row.state, 3),
        canceled=row.state in _CANCELED,
    )


def _later(target: RecurringTarget, each: Occurrence) -> Event:
    return Event(
        uid=_uid(target.target_id, each.local.isoformat(timespec="seconds")),
        starts_at=each.due_at,
        title=_title(target.platform, target.kind, "paused" if target.status == "paused" else "pending"),
        changed_at=target.updated_at,
        sequence=10 * (target.version - 1),
        canceled=False,
    )


def _published(row: PublishedEntry) -> Event:
    return Event(
        uid=_uid(row.id, ""),
        starts_at=row.published_at,
        title=_title(row.platform, row.kind, row.status),
        changed_at=row.updated_at,
        sequence=0,
        canceled=False,
    )


def _uid(target_id: str, local: str) -> str:
    """Return an id that stays the same while a later time of a schedule becomes an occurrence, and while one is moved."""
    return f"{uuid5(NAMESPACE_URL, f'noillusion:{target_id}:{local}')}@noillusion"


def _title(platform: PlatformName, kind: str | None, state: str) -> str:
    return f"{PLATFORMS[platform].title} · {kind or 'post'} · {state.replace('_', ' ')}"
