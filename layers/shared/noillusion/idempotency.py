"""Stored idempotency keys: keyed hashes, bound to a user and a use.

A client can put anything into a key, so keys are neither stored nor sent to the database, whose log repeats values that a unique
index refuses. Keys from earlier versions are hashed in the background.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Literal
from uuid import UUID, uuid4

from pydantic import BaseModel

from noillusion.core import clock, logs
from noillusion.core.errors import AccountDeleted, Conflict
from noillusion.core.sensitive import reveal
from noillusion.db import WORKER, Actor, Duplicate, Query, Statement, database, query, sql
from noillusion.db.batches import Erased
from noillusion.settings.source import settings
from noillusion.vault.sealer import fingerprint, fingerprints, matches

Use = Literal["posts", "templates", "generate", "retries"]
MARK = "hmac:"
"""Prefix of a stored hash."""
PLAIN = f"substr(idempotency_key, 1, {len(MARK)}) <> '{MARK}'"
"""Condition on rows whose key is stored in plain text."""
TABLES: Mapping[str, Use] = {"posts": "posts", "prompt_templates": "templates", "ai_usage_tracking": "generate"}
"""All tables with idempotency keys. A test compares them with the schema."""
WINDOW = timedelta(hours=24)
"""How long a repeated request with the same key gets the response of the first."""
BATCH = 500
_VERSION, _FIRST, _SECOND = 8, 60, 62
_MASK = (1 << _SECOND) - 1
PURPOSE = "idempotency-key"


@dataclass(frozen=True, slots=True, repr=False)
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


def new_id(user_id: str, use: Use, key: str | None, request: BaseModel | None, *about: str) -> str:
    """Return the id of what a request creates. Its second half is a keyed fingerprint of the request, if that has a key.

    So a row tells which request made it, without a column for it. ``about`` is what the path says.
    """
    return str(uuid4()) if key is None else _joined(secrets.randbits(_FIRST), _prints(user_id, use, key, request, about)[0])


def is_same(row_id: str, user_id: str, use: Use, key: str, request: BaseModel | None, *about: str) -> bool:
    """Return whether a request made the row with this id. A row of an earlier version does not tell, so it is another's."""
    found = UUID(row_id)
    return found.version == _VERSION and found.int & _MASK in _prints(user_id, use, key, request, about)


def retry_id(user_id: str, key: str, target_id: str, request: BaseModel) -> str:
    """Return the id of the attempt that retries a target. It depends on the key, so that a repeat finds it."""
    first = _number(fingerprint("retry-key", user_id, key, target_id), _FIRST)
    return _joined(first, _prints(user_id, "retries", key, request, ())[0])


def is_retry(row_id: str, user_id: str, key: str, target_id: str) -> bool:
    """Return whether the attempt with this id retried a target under this key."""
    digests = fingerprints("retry-key", user_id, key, target_id)
    return row_id in {_joined(_number(digest, _FIRST), UUID(row_id).int & _MASK) for digest in digests}


def check_age(created_at: datetime) -> None:
    """Raise :class:`Conflict` if a key was used so long ago that its request is not repeated any more."""
    if created_at < clock.now() - WINDOW:
        raise Conflict("idempotency_key_expired")


def canonical(request: BaseModel | None) -> str:
    """Return a request as the same text whenever it is the same."""
    values = reveal(request.model_dump(mode="python")) if request else None
    return json.dumps(values, sort_keys=True, ensure_ascii=False, default=str)


def _prints(user_id: str, use: Use, key: str, request: BaseModel | None, about: Sequence[str]) -> tuple[int, ...]:
    digests = fingerprints("request-id", use, user_id, key, canonical(request), *about)
    return tuple(_number(digest, _SECOND) for digest in digests)


def _number(digest: str, bits: int) -> int:
    return int(digest.rpartition(".")[2][:16], 16) >> (64 - bits)


def _joined(first: int, second: int) -> str:
    """Return a UUID of the version for such purposes (RFC 9562, section 5.8) with 60 bits of one number and 62 of the other."""
    return str(UUID(int=(first >> 12) << 80 | _VERSION << 76 | (first & 0xFFF) << 64 | 0b10 << 62 | second))


def under_other_keys() -> tuple[str, dict[str, str]]:
    """Return a condition on rows whose key is not hashed with a fingerprint key that has been read, and its parameters."""
    heads = {f"head_{number}": f"{MARK}{key_id}." for number, key_id in enumerate(settings().fingerprint_keys[1])}
    return " AND ".join(f"substr(idempotency_key, 1, {len(head)}) <> :{name}" for name, head in heads.items()), heads


async def hash_plain_keys(deadline: float) -> Erased:
    """Hash keys that an earlier version stored in plain text, until ``deadline`` (``clock.monotonic``)."""
    done = left = 0
    for table, use in TABLES.items():
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
            ORDER BY user_id, id LIMIT :limit""",  # noqa: S608 - names from TABLES only
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
