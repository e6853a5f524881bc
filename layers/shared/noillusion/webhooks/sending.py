"""One attempt: the request for an event, signed, through the guarded client; and what its answer means."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from noillusion.core import clock
from noillusion.core.records import record
from noillusion.core.sensitive import Secret
from noillusion.vault.sealer import Place, SealBroken, sealer
from noillusion.webhooks import signing
from noillusion.webhooks.rows import TEST, DueDelivery, WebhookRow

FAST_S = 3.0
"""Seconds for an endpoint that has always answered faster. A slower one has more time, where it holds up no other."""
SLOW_S = 10.0
FIRST_WAIT_S, LONGEST_WAIT_S = 5.0, 7_200.0
_LONGEST_RETRY_AFTER_S = 86_400.0
_CODES = {"invalid_url", "unresolvable", "address_not_public", "unreachable", "timeout"}


@record(repr=False)
class Endpoint:
    """An endpoint with its URL and the keys of its signatures. Never printed."""

    url: Secret
    keys: Sequence[Secret]


@record(eq=True)
class Outcome:
    """What an attempt led to. ``retry_after``: seconds that the endpoint asks to wait."""

    code: str
    status: int | None
    began: datetime
    duration_ms: int
    retry_after: float | None = None

    @property
    def delivered(self) -> bool:
        """Return whether the endpoint accepted the event."""
        return self.code == "ok"


def place(row_id: str, user_id: str, column: str) -> Place:
    """Return the location of a ciphertext of an endpoint."""
    return Place("webhooks", column, user_id, row_id)


def opened(row: WebhookRow, now: datetime) -> Endpoint:
    """Return an endpoint with what is sealed in its row. Raises :class:`SealBroken`."""
    keys = [sealer().open(row.sealed_secret, place(row.id, row.user_id, "sealed_secret"))]
    if row.sealed_old_secret is not None and row.old_secret_until is not None and now < row.old_secret_until:
        keys.append(sealer().open(row.sealed_old_secret, place(row.id, row.user_id, "sealed_old_secret")))
    return Endpoint(sealer().open(row.sealed_url, place(row.id, row.user_id, "sealed_url")), keys)


def message_id(delivery_id: str, notice_id: str | None) -> str:
    """Return the value of ``webhook-id``: the same for every endpoint and attempt of an event."""
    return f"msg_{notice_id or delivery_id}"


def body(delivery: DueDelivery) -> bytes:
    """Return what is sent: ids, codes and times, as in the notice."""
    at = delivery.told_at or delivery.created_at
    data = {"notice_id": delivery.notice_id, "subject_id": delivery.subject_id, **(delivery.data or {})}
    content = {"type": delivery.event, "timestamp": at.isoformat(), "data": {} if delivery.event == TEST else data}
    return json.dumps(content, separators=(",", ":")).encode()


async def attempt(row: WebhookRow, delivery: DueDelivery, seconds: float) -> Outcome:
    """Send an event once, within ``seconds``. Never raises for what the endpoint does."""
    # It brings the HTTP client, which most requests of users do without.
    from noillusion.net import guarded

    began, since = clock.now(), clock.monotonic()
    status, code, wait = None, "ok", None
    try:
        endpoint = opened(row, began)
        content = body(delivery)
        headers = signing.headers(endpoint.keys, message_id(delivery.id, delivery.notice_id), began, content)
        async with asyncio.timeout(seconds):
            status, answered = await guarded.post(endpoint.url.reveal(), content, headers)
        code, wait = _code(status), _retry_after(answered, began)
    except TimeoutError:
        code = "timeout"
    except SealBroken:
        code = "unreadable"
    except guarded.Refused as refused:
        code = refused.code if refused.code in _CODES else "invalid_url"
    return Outcome(code, status, began, round((clock.monotonic() - since) * 1000), wait)


def _code(status: int) -> str:
    if 200 <= status < 300:
        return "ok"
    if status == 410:
        return "gone"
    return "redirect" if 300 <= status < 400 else "status"


def _retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds of a ``Retry-After`` header (RFC 9110, 10.2.3), at most a day."""
    given = headers.get("retry-after", "").strip()
    try:
        seconds = float(given) if given.isdecimal() else (parsedate_to_datetime(given) - now).total_seconds()
    except (ValueError, TypeError):
        return None
    return min(max(seconds, 0.0), _LONGEST_RETRY_AFTER_S)


def jitter() -> float:
    """Return the random share of a wait, by which endpoints that failed together come back one after the other."""
    return random.uniform(0.75, 1.0)  # noqa: S311 - no secret


def wait(attempts: int, share: float, retry_after: float | None = None) -> timedelta:
    """Return the time until the attempt after ``attempts`` failed ones: a share of what doubles from 5 s to 2 h, and never less
    than the endpoint asked for."""
    longest = min(FIRST_WAIT_S * 2 ** min(attempts - 1, 20), LONGEST_WAIT_S)
    return timedelta(seconds=max(longest * share, retry_after or 0.0))
