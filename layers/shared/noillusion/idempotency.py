"""Stored idempotency keys and fingerprints of requests: keyed hashes, bound to a user and a use.

A client can put anything into a key, so keys are neither stored nor sent to the database, whose log repeats values that a unique
index refuses. Keys from earlier versions are hashed in the background. The fingerprint of a request is erased after a day.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Literal

from pydantic import BaseModel

from noillusion.core import clock, logs
from noillusion.core.errors import AccountDeleted, Conflict
from noillusion.core.records import record
from noillusion.core.sensitive import reveal
from noillusion.db import WORKER, Actor, Duplicate, Query, Statement, batches, database, query, sql
from noillusion.db.batches import Erased, Remaining
from noillusion.settings.source import settings
from noillusion.vault.sealer import fingerprint, fingerprints, matches

Use = Literal["posts", "templates", "generate", "retries", "schedules", "publish-now", "webhooks"]
MARK = "hmac:"
"""Prefix of a stored hash."""
PLAIN = f"substr(idempotency_key, 1, {len(MARK)}) <> '{MARK}'"
"""Condition on rows whose key is stored in plain text."""
ONCE_PLAIN: Mapping[str, Use] = {"posts": "posts", "prompt_templates": "templates", "ai_usage_tracking": "generate"}
"""Tables in which an earlier version stored keys in plain text."""
TABLES: Mapping[str, Use] = {
    **ONCE_PLAIN,
    "post_targets": "retries",
    "schedules": "schedules",
    "schedule_requests": "publish-now",
    "webhooks": "webhooks",
}
"""All tables with idempotency keys and fingerprints of requests. A test compares them with the schema."""
WINDOW = timedelta(hours=24)
"""How long a repeated request with the same key gets the response of the first."""
BATCH = 500
PURPOSE = "idempotency-key"


@record(repr=False)
class PlainKeyRow:
    """A row whose key is stored in plain text. Never printed."""

    user_id: str
    id: str
    idempotency_key: str


def hashed(user_id: str, use: Use, key: str) -> str:
    """Return the form in which a key is stored: ``hmac:{id of the fingerprint key}.{hex}``."""
    return _form(fingerprint(PURPOSE, use, user_id, key))


def hashes(user_id: str, use: Use, key: str) -> tuple[str, ...]:
    """Return the forms in which a key may be stored: with the current fingerprint key, then with the others."""
    return tuple(_form(digest) for digest in fingerprints(PURPOSE, use, user_id, key))


def _form(digest: str) -> str:
    return f"{MARK}{digest}" if "." in digest else f"{MARK}.{digest}"


def is_form_of(stored: str, user_id: str, use: Use, key: str) -> bool:
    """Return whether a key is stored in this form: in plain text, or hashed with any fingerprint key, even one not read yet."""
    if not stored.startswith(MARK):
        return stored == key
    return matches(stored.removeprefix(MARK).removeprefix("."), PURPOSE, use, user_id, key)


def fingerprint_of(user_id: str, use: Use, key: str | None, request: BaseModel | None, *about: str) -> str | None:
    """Return the keyed fingerprint of a request, which is stored with what it creates for :data:`WINDOW`; ``None`` without a key.

    The key is part of it: it tells only whether a request under the same key is the same. ``about`` is what the path says.
    """
    return None if key is None else fingerprint(*_identity(user_id, use, key, request, about))


def check_repeat(
    stored: str | None, created_at: datetime, user_id: str, use: Use, key: str, request: BaseModel | None, *about: str
) -> None:
    """Raise :class:`Conflict` unless a request repeats the one with the stored fingerprint, and does so in time.

    A row of an earlier version has no fingerprint, so it counts as another request's.
    """
    check_age(created_at)
    if not matches(stored, *_identity(user_id, use, key, request, about)):
        raise Conflict("idempotency_key_reused")


def check_age(created_at: datetime) -> None:
    """Raise :class:`Conflict` if a key was used so long ago that its request is not repeated any more."""
    if created_at < clock.now() - WINDOW:
        raise Conflict("idempotency_key_expired")


def canonical(request: BaseModel | None) -> str:
    """Return a request as the same text whenever it is the same."""
    values = reveal(request.model_dump(mode="python")) if request else None
    return json.dumps(values, sort_keys=True, ensure_ascii=False, default=str)


def _identity(user_id: str, use: Use, key: str, request: BaseModel | None, about: Sequence[str]) -> tuple[str, ...]:
    return "keyed-request", use, user_id, key, canonical(request), *about


def under_other_keys() -> tuple[str, dict[str, str]]:
    """Return a condition on rows whose key is not hashed with a fingerprint key that has been read, and its parameters."""
    heads = {f"head_{number}": f"{MARK}{key_id}." for number, key_id in enumerate(settings().fingerprint_keys[1])}
    return " AND ".join(f"substr(idempotency_key, 1, {len(head)}) <> :{name}" for name, head in heads.items()), heads


_PAST = "request_fingerprint IS NOT NULL AND created_at < :before"


async def forget_fingerprints(deadline: float) -> Erased:
    """Erase fingerprints of requests whose window is over, until ``deadline`` (``clock.monotonic``).

    Posts are left to publishing, which erases the response with the fingerprint.
    """
    before, done, left = clock.now() - WINDOW, 0, 0
    for table in TABLES.keys() - {"posts"}:
        erased = await batches.erase(
            WORKER,
            lambda size, table=table: _forget(table, before, size),  # type: ignore[misc]
            lambda most, table=table: _due(table, before, most),  # type: ignore[misc]
            deadline,
        )
        done, left = done + erased.done, left + erased.left
    return Erased(done, left)


def _forget(table: str, before: datetime, limit: int) -> Statement:
    return sql(
        f"""UPDATE {table} SET request_fingerprint = NULL
            WHERE id IN (SELECT id FROM {table} WHERE {_PAST} ORDER BY created_at LIMIT :limit) RETURNING id""",  # noqa: S608
        before=before,
        limit=limit,
    )


def _due(table: str, before: datetime, limit: int) -> Query[Remaining]:
    return query(
        Remaining,
        f"SELECT COUNT(*) AS remaining FROM (SELECT 1 FROM {table} WHERE {_PAST} LIMIT :limit) AS due",  # noqa: S608
        before=before,
        limit=limit,
    )


async def hash_plain_keys(deadline: float) -> Erased:
    """Hash keys that an earlier version stored in plain text, until ``deadline`` (``clock.monotonic``)."""
    done = left = 0
    for table, use in ONCE_PLAIN.items():
        after = ("", "00000000-0000-0000-0000-000000000000")
        while True:
            batch = _plain(table, after)
            rows = (await database().flight(WORKER, batch))[batch]
            if not rows:
                break
            if clock.monotonic() > deadline:
                left += len(rows)
                break
            for user_id, group in groupby(rows, key=lambda row: row.user_id):
                theirs = list(group)
                try:
                    done += await _hash(table, use, user_id, theirs)
                except AccountDeleted:
                    left += len(theirs)
                except Exception as error:  # noqa: BLE001 - whatever one user's rows meet, the others' are plain as well
                    logs.failure("idempotency_keys_not_hashed", error, table=table)
                    left += len(theirs)
            after = (rows[-1].user_id, rows[-1].id)
    return Erased(done, left)


async def _hash(table: str, use: Use, user_id: str, rows: Sequence[PlainKeyRow]) -> int:
    updates = [_update(table, user_id, row.id, hashed(user_id, use, row.idempotency_key)) for row in rows]
    try:
        flight = await database().flight(Actor(user_id), *updates)
        return sum(flight.number_of(update) for update in updates)
    except Duplicate:
        if len(rows) > 1:
            return sum([await _hash(table, use, user_id, [row]) for row in rows])
    # The key has been used again since then and is stored with that row.
    logs.event("idempotency_key_superseded", table=table)
    update = _update(table, user_id, rows[0].id, _form(rows[0].id))
    return (await database().flight(Actor(user_id), update)).number_of(update)


def _plain(table: str, after: tuple[str, str]) -> Query[PlainKeyRow]:
    """Select a batch of rows with a plain key, ordered by user (workers only)."""
    return query(
        PlainKeyRow,
        f"""SELECT {{columns}} FROM {table} WHERE {PLAIN} AND (user_id, id) > (:user_id, :id)
            ORDER BY user_id, id LIMIT :limit""",  # noqa: S608 - names from ONCE_PLAIN only
        user_id=after[0],
        id=after[1],
        limit=BATCH,
    )


def _update(table: str, user_id: str, row_id: str, key: str) -> Statement:
    return sql(
        f"UPDATE {table} SET idempotency_key = :key WHERE user_id = :user_id AND id = :id AND {PLAIN} RETURNING id",  # noqa: S608
        user_id=user_id,
        id=row_id,
        key=key,
    )
