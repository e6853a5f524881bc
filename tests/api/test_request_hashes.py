"""T1: a day after a request with a key, no table holds a hash of it, in whatever form."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest

from noillusion import idempotency
from noillusion.core import clock
from noillusion.db import batches, sql
from noillusion.vault import sealer
from tests.api.harness import Context, load
from tests.api.test_idempotency import Route, route
from tests.api.test_publishing import let_pass
from tests.support.databases import Store, fly
from tests.support.hashes import held

__all__ = ["route"]

PLAIN = (hashlib.sha256, hashlib.sha1, hashlib.md5, hashlib.blake2b)
"""Hashes without a key, which nobody should make of a request."""


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[bytes]]:
    """All hashes of requests, as they are made: keyed ones of anything that contains a whole request, and those without a key.

    A request without a body is ``null``.
    """
    found, real = set[bytes](), sealer._print

    def remember(key_id: str, key: bytes, message: bytes) -> str:
        made = real(key_id, key, message)
        requests = [part for part in json.loads(message) if part.startswith("{") or part == "null"]
        if requests:
            found.add(bytes.fromhex(made.rpartition(".")[2]))
        found.update(make(part.encode()).digest() for part in requests for make in PLAIN)
        return made

    monkeypatch.setattr(sealer, "_print", remember)
    yield found


def retain() -> dict[str, Any]:
    return dict(load("maintain").handler({"task": "retention"}, Context(60)))


def test_T1_a_day_later_no_table_holds_a_hash_of_the_request(
    route: Route, hashes: set[bytes], deployment: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert route.ask("k", 0).status in (200, 201, 202)
    assert route.ask("k", 1).status == 409 and route.effects() == 1
    assert len(hashes) > len(PLAIN)
    let_pass(monkeypatch, minutes=24 * 60 - 1)
    retain()
    assert held(deployment.dump(), hashes), "within the day, a repeat is told from another request"
    let_pass(monkeypatch, minutes=24 * 60 + 2)
    before = {table: fly(sql(f"SELECT id, updated_at FROM {table} ORDER BY id"))[0] for table in idempotency.TABLES}
    retain()
    assert held(deployment.dump(), hashes) == set()
    # What goes by itself is not a change.
    assert before == {table: fly(sql(f"SELECT id, updated_at FROM {table} ORDER BY id"))[0] for table in idempotency.TABLES}


def test_ids_are_random(route: Route, hashes: set[bytes], deployment: Store) -> None:
    assert route.ask("k", 0).status in (200, 201, 202)
    for table in idempotency.TABLES:
        ids = [row["id"] for row in fly(sql(f"SELECT id FROM {table} WHERE user_id <> 'system'"))[0]]
        assert {UUID(each).version for each in ids} <= {4}
        assert held("\n".join(ids), hashes) == set()


@pytest.mark.parametrize("count", [3, 4])
def test_fingerprints_are_erased_in_batches_until_none_is_due(
    route: Route, count: int, deployment: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    answers = [route.ask(f"k{n}", n) for n in range(count)]
    made = sum(answer.status < 300 for answer in answers)
    let_pass(monkeypatch, minutes=25 * 60)
    done = retain()
    assert (max(done["fingerprints"], done["requests"]), done["left"]) == (made, 0)
    assert retain()["fingerprints"] == 0


def test_what_is_not_erased_in_time_is_counted(route: Route, deployment: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from noillusion.core import loop

    monkeypatch.setattr(batches, "BATCH", 1)
    made = sum(route.ask(f"k{n}", n).status < 300 for n in range(3))
    let_pass(monkeypatch, minutes=25 * 60)
    erased = loop.run(idempotency.forget_fingerprints(clock.monotonic() - 1))
    here = sum(
        int(fly(sql(f"SELECT COUNT(*) AS n FROM {table} WHERE request_fingerprint IS NOT NULL"))[0][0]["n"])
        for table in idempotency.TABLES.keys() - {"posts"}
    )
    assert (erased.left, erased.done + erased.left) in ((here, made), (0, 0))


# ---- the search itself --------------------------------------------------------------------------------------------------------

HASH = hashlib.sha256(b"something").digest()
UUID_OF_IT = UUID(int=0x123456789ABC << 80 | 8 << 76 | 0xABC << 64 | 0b10 << 62 | int.from_bytes(HASH[:8]) >> 2)
WRITTEN: dict[str, Callable[[], str]] = {
    "hexadecimal": HASH.hex,
    "capitals": lambda: HASH.hex().upper(),
    "a part": lambda: HASH.hex()[11:27],
    "a part of an id": lambda: str(UUID_OF_IT),
    "a part of an id without dashes": lambda: UUID_OF_IT.hex,
    "base64": lambda: base64.b64encode(b"x" + HASH).decode(),
    "base64url": lambda: base64.urlsafe_b64encode(HASH[:12]).decode(),
    "a number": lambda: str(int.from_bytes(HASH[:8])),
    "bytes": lambda: json.dumps({"h": "\\x" + HASH[:8].hex()}),
    "text": lambda: "abc" + HASH.hex() + "def",
}


@pytest.mark.parametrize("form", WRITTEN)
def test_the_search_knows_this_form(form: str) -> None:
    assert held(f"before {WRITTEN[form]()} after", [HASH]) == {HASH}
    assert held(f"before {WRITTEN[form]()} after", [hashlib.sha256(b"another").digest()]) == set()
