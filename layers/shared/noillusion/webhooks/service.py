"""Endpoints of a user: created, changed, tested and deleted; the log of their deliveries, and deliveries made again."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal
from uuid import uuid4

from noillusion import idempotency
from noillusion.api import paging
from noillusion.core import clock
from noillusion.core.errors import Conflict, Invalid, NotFound, Unavailable, field_error
from noillusion.core.preconditions import ANY, Condition, etag
from noillusion.core.sensitive import Content, Secret
from noillusion.db import Actor, database
from noillusion.net.queues import Message
from noillusion.publishing.request_limits import RequestLimit
from noillusion.vault.sealer import SealBroken, sealer
from noillusion.webhooks import queue, sending, signing, store
from noillusion.webhooks.fan_out import KEPT_TRYING
from noillusion.webhooks.models import (
    Delivery,
    DeliveryState,
    NewWebhook,
    RotatedSecret,
    Webhook,
    WebhookInput,
    WebhookPatch,
)
from noillusion.webhooks.rows import TEST, DeliveryRow, DueDelivery, WebhookRow

OLD_SECRET = timedelta(hours=24)
"""How long requests are signed with the previous secret too."""
TEST_RESERVE_S = 2.0
TESTS_PER_MINUTE = 10
"""Tests of one user: each has this service send a request to wherever the user says."""
_REFUSED = {
    "address_not_public": field_error("url", "hook_address_not_public"),
    "https_required": field_error("url", "hook_https_required"),
    "invalid_url": field_error("url", "hook_invalid_url"),
    "port_not_allowed": field_error("url", "hook_port_not_allowed"),
    "unresolvable": field_error("url", "hook_unresolvable"),
}
"""What the guarded client refuses → the error of the field."""


async def create(user_id: str, given: WebhookInput, key: str | None) -> tuple[NewWebhook, bool]:
    """Store a new endpoint and return it with its secret. With a key, a repeat gets the one that the first created, and true.

    Raises :class:`Conflict` if the key was used for another request, or the user has too many endpoints.
    """
    await _check(given.url)
    row_id, now, secret = str(uuid4()), clock.now(), signing.new_secret()
    keys = idempotency.hashes(user_id, "webhooks", key) if key else ()
    fingerprint = idempotency.fingerprint_of(user_id, "webhooks", key, given)
    sealed = {
        "sealed_url": _sealed(user_id, row_id, "sealed_url", Secret(given.url.reveal())),
        "sealed_secret": _sealed(user_id, row_id, "sealed_secret", secret),
        "sealing_key_id": sealer().key_id,
    }
    creation = store.create(user_id, row_id, keys, fingerprint, sealed, store.events(given.events), now)
    created = store.created(user_id, row_id, keys)
    row = (await database().flight(Actor(user_id), creation, created)).first(created)
    if row is None:
        raise Conflict("too_many_webhooks", limit=store.MAX_WEBHOOKS)
    if row.id != row_id and key:
        idempotency.check_repeat(row.request_fingerprint, row.created_at, user_id, "webhooks", key, given)
        secret = _opened(row, "sealed_secret")
    return NewWebhook(**_shown(row).model_dump(), secret=secret.reveal()), row.id != row_id


async def listing(user_id: str) -> paging.Page[Webhook]:
    """Return the user's endpoints, oldest first. There are never more than fit on a page."""
    found = store.all_of(user_id)
    return paging.Page[Webhook](items=[_shown(row) for row in (await database().flight(Actor(user_id), found))[found]])


async def get(user_id: str, row_id: str) -> Webhook:
    """Return an endpoint."""
    return _shown(await _row(user_id, row_id))


def tag(webhook: Webhook) -> str:
    """Return the entity tag of an endpoint. Attempts do not change it."""
    return etag(webhook, without={"failing_since", "old_secret_until"})


async def change(user_id: str, row_id: str, patch: WebhookPatch, condition: Condition = ANY) -> Webhook:
    """Change an endpoint. A new URL has to show again that it answers."""
    row, now = await _row(user_id, row_id), clock.now()
    condition.check(tag(_shown(row)))
    columns: dict[str, object] = {}
    if patch.url is not None:
        await _check(patch.url)
        columns |= {"sealed_url": _sealed(user_id, row_id, "sealed_url", Secret(patch.url.reveal())), **_FRESH}
        columns |= {"sealing_key_id": sealer().key_id}
    if "events" in patch.model_fields_set:
        columns["events"] = store.events(patch.events)
    if patch.active is not None and patch.active != row.active:
        columns |= {"active": patch.active, "disabled_reason": None if patch.active else "paused", "due_at": None, **_FRESH}
    stored = store.one(user_id, row_id)
    seen: dict[str, object] = {"sealed_secret": row.sealed_secret}
    if condition:
        seen |= {"sealed_url": row.sealed_url, "events": store.events(row.events), "active": row.active}
    changed = store.change(user_id, row_id, columns, now, seen=seen)
    flight = await database().flight(Actor(user_id), changed, store.cancel(user_id, row_id, now), stored)
    if not flight.number_of(changed):
        if condition and (left := flight.first(stored)) is not None:
            condition.check(tag(_shown(left)))
        raise Conflict("changed_at_once") if flight.number_of(stored) else NotFound()
    return _shown(flight.one(stored))


_FRESH = {"failures": 0, "failing_since": None, "proven": False}


async def delete(user_id: str, row_id: str, condition: Condition = ANY) -> None:
    """Delete an endpoint with its deliveries."""
    if condition:
        condition.check(tag(await get(user_id, row_id)))
    deletion = store.delete(user_id, row_id)
    if not (await database().flight(Actor(user_id), deletion)).number_of(deletion):
        raise NotFound


async def rotate(user_id: str, row_id: str) -> RotatedSecret:
    """Replace the secret of an endpoint. The previous one is good for another day, an earlier one no longer."""
    row, now, secret = await _row(user_id, row_id), clock.now(), signing.new_secret()
    old = _opened(row, "sealed_secret")
    columns = {
        "sealed_secret": _sealed(user_id, row_id, "sealed_secret", secret),
        "sealed_old_secret": _sealed(user_id, row_id, "sealed_old_secret", old),
        "old_secret_until": now + OLD_SECRET,
        "sealing_key_id": sealer().key_id,
    }
    changed = store.change(user_id, row_id, columns, now, seen={"sealed_secret": row.sealed_secret})
    if not (await database().flight(Actor(user_id), changed)).number_of(changed):
        raise Conflict("changed_at_once")
    return RotatedSecret(secret=secret.reveal(), old_secret_until=now + OLD_SECRET)


async def test(user_id: str, row_id: str, deadline: float) -> Delivery:
    """Send a test event to an endpoint, active or not, once. A quick success shows that the endpoint works.

    Raises :class:`TooManyRequests` above :data:`TESTS_PER_MINUTE`.
    """
    row, now, delivery_id = await _row(user_id, row_id), clock.now(), str(uuid4())
    limit = RequestLimit(user_id, "webhook_tests", TESTS_PER_MINUTE, now)
    count = limit.count()
    counted = await database().flight(Actor(user_id), *count)
    limit.tell(counted, count)
    limit.check_room(counted, count, counted=True)
    event = DueDelivery(delivery_id, None, TEST, None, 0, now, now, None, None)
    seconds = max(1.0, min(sending.SLOW_S, deadline - clock.monotonic() - TEST_RESERVE_S))
    outcome = await sending.attempt(row, event, seconds)
    columns = {
        "state": "delivered" if outcome.delivered else "failed",
        "code": outcome.code,
        "status": outcome.status,
        "duration_ms": outcome.duration_ms,
        "attempted_at": outcome.began,
    }
    works = []
    if outcome.delivered and row.active:
        quick = outcome.duration_ms < sending.FAST_S * 1000
        seen = {"failures": 0, "failing_since": None, "proven": quick}
        works = [store.change(user_id, row_id, seen, row.updated_at), store.hasten(user_id, row_id, clock.now())]
    found = store.delivery(user_id, row_id, delivery_id)
    recorded = store.record_test(user_id, row_id, delivery_id, columns, now)
    written = (await database().flight(Actor(user_id), recorded, *works, found)).first(found)
    if written is None:
        raise NotFound
    return _delivery(written)


async def log(user_id: str, row_id: str, state: DeliveryState | None, cursor: str | None, limit: int) -> paging.Page[Delivery]:
    """Return the deliveries of an endpoint, newest first."""
    place = paging.Listing("webhook_deliveries", user_id, {"webhook": row_id, "state": state})
    page, endpoint = store.log(user_id, row_id, state, place.position(cursor, 2), limit), store.one(user_id, row_id)
    flight = await database().flight(Actor(user_id), endpoint, page)
    if not flight.number_of(endpoint):
        raise NotFound
    rows = flight[page]
    following = place.cursor(rows[limit - 1].created_at, rows[limit - 1].id) if len(rows) > limit else None
    return paging.Page[Delivery](items=[_delivery(row) for row in rows[:limit]], next_cursor=following)


async def replay(user_id: str, row_id: str, delivery_id: str) -> Delivery:
    """Have a delivery made again under the same message id. One that waits stays as it is."""
    now = clock.now()
    again = store.replay(user_id, row_id, delivery_id, now, now + KEPT_TRYING)
    found, endpoint = store.delivery(user_id, row_id, delivery_id), store.one(user_id, row_id)
    flight = await database().flight(Actor(user_id), again, found, endpoint, store.look_now(user_id, row_id, now))
    row, webhook = flight.first(found), flight.first(endpoint)
    if row is None or webhook is None:
        raise NotFound
    if not webhook.active:
        raise Conflict("webhook_disabled")
    await queue.enqueue([Message({"user_id": user_id})])
    return _delivery(row)


async def _row(user_id: str, row_id: str) -> WebhookRow:
    found = store.one(user_id, row_id)
    row = (await database().flight(Actor(user_id), found)).first(found)
    if row is None:
        raise NotFound
    return row


async def _check(url: Content) -> None:
    """Refuse a URL to which nothing would ever be sent. Raises :class:`Invalid`."""
    from noillusion.net import guarded

    try:
        await guarded.check(url.reveal())
    except guarded.Refused as refused:
        raise Invalid([_REFUSED.get(refused.code, _REFUSED["invalid_url"])]) from None


def _sealed(user_id: str, row_id: str, column: str, value: Secret) -> str:
    return sealer().seal(value, sending.place(row_id, user_id, column))


def _opened(row: WebhookRow, column: Literal["sealed_url", "sealed_secret"]) -> Secret:
    try:
        return sealer().open(getattr(row, column), sending.place(row.id, row.user_id, column))
    except SealBroken:
        raise Unavailable("keys_unavailable") from None


def _shown(row: WebhookRow) -> Webhook:
    url = _opened(row, "sealed_url").reveal()
    over = row.old_secret_until is None or row.old_secret_until <= clock.now()
    return Webhook.of(row, url=url, events=list(row.events) or None, old_secret_until=None if over else row.old_secret_until)


def _delivery(row: DeliveryRow) -> Delivery:
    return Delivery.of(row, message_id=sending.message_id(row.id, row.notice_id), next_attempt_at=row.next_at)
