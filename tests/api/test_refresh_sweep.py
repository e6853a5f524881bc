"""A sweep over 1,000 credentials that are due, every tenth of which fails in a way of its own. All others are refreshed."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from local.simulators.tiktok.oauth import SCOPES
from local.simulators.tiktok.state import Token
from local.simulators.world import Fault
from noillusion.connections import credentials
from noillusion.core import clock
from noillusion.core.sensitive import Secret
from noillusion.db import Json, sql
from noillusion.flows import runner, transport
from noillusion.flows.protocol import Tokens
from tests.api.conftest import Platforms
from tests.api.harness import Client, Context, load
from tests.support.databases import fly
from tests.support.rows import insert

ALICE = "auth0|alice"
ALL = 1_000
EVERY = 10
GOOD = {"access_token": "a", "expires_in": 86_400, "open_id": "o", "scope": "", "token_type": "Bearer"}
DEAD = {"reauth_required"}
ALIVE = {"active"}


@dataclass(frozen=True)
class Failure:
    """A way to fail: what the platform does, and in which state the connection is afterwards."""

    fault: dict[str, Any] | None
    left: set[str]


FAILURES: dict[str, Failure] = {
    "grant dead": Failure({"preset": "oauth_invalid_grant"}, DEAD),
    "seal broken": Failure(None, DEAD),
    "server error": Failure({"status": 500}, ALIVE),
    "unavailable": Failure({"status": 503, "body": "<html>"}, ALIVE),
    "rate limit": Failure({"status": 429}, ALIVE),
    "no answer": Failure({"drop": True}, ALIVE),
    "reset": Failure({"reset": True}, ALIVE),
    "hangs": Failure({"hold": True}, ALIVE),
    "cut off": Failure({"status": 200, "body": '{"access_tok'}, ALIVE),
    "no object": Failure({"status": 200, "body": "[]"}, ALIVE),
    "empty token": Failure({"status": 200, "body": {**GOOD, "access_token": "", "refresh_token": "r"}}, ALIVE),
    "token of another type": Failure({"status": 200, "body": {**GOOD, "access_token": ["a"], "expires_in": {}}}, ALIVE),
    "page of a proxy": Failure({"status": 401, "body": "<html>Please log in</html>"}, ALIVE),
    "refusal of the app": Failure({"status": 401, "body": {"error": "invalid_client"}}, ALIVE),
    "words of tomorrow": Failure({"status": 400, "body": {"error": "something_new"}}, ALIVE),
}
NAMES = tuple(FAILURES)


def identity(number: int) -> str:
    """The id of a connection."""
    return str(UUID(int=number + 1, version=4))


def token(number: int) -> str:
    """The refresh token of a connection."""
    return f"rftN{number:04}Z"


def failure_of(number: int) -> str | None:
    """The way in which a connection fails, ``None`` for one that does not."""
    return NAMES[number // EVERY % len(NAMES)] if number % EVERY == 0 else None


def fill(platforms: Platforms) -> None:
    """Connections that are due in their order, each by a refresh token of its own that the platform knows."""
    simulator: Any = platforms.world.simulators["tiktok"]
    memory = simulator.memory
    user, due = memory.consent["user"], datetime(2026, 1, 1, tzinfo=UTC)
    statements = []
    for number in range(ALL):
        value, own = token(number), identity(number)
        memory.refresh_tokens[value] = Token(value, user, SCOPES, memory.now() + 300 * 86_400)
        sealed = credentials.seal_tokens(ALICE, own, 1, Tokens(Secret(f"act{number}"), Secret(value)))
        failure = failure_of(number)
        broken = failure == "seal broken"
        columns = {
            "id": own,
            "platform": "tiktok",
            "registration": "login",
            "account_id": f"account {number}",
            "account_kind": "creator",
            "grant_subject": f"subject {number}",
            "granted_scopes": Json(sorted(SCOPES)),
            "sealed_access_token": sealed.sealed_access_token,
            "sealed_refresh_token": "v1.k1.x.y" if broken else sealed.sealed_refresh_token,
            "sealing_key_id": sealed.sealing_key_id,
            "token_issued_at": due,
            "access_expires_at": clock.now() + timedelta(hours=1),
            "refresh_due_at": due + timedelta(seconds=number),
        }
        statements.append(insert("platform_connections", ALICE, **columns))
        if failure and (fault := FAILURES[failure].fault):
            found = {"platform": "tiktok", "path": "oauth/token", "contains": value, "times": -1}
            platforms.world.faults.append(Fault(**{**found, **fault}))
    fly(*statements)


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up soon on requests that hang for ever. Their real time is of no interest and would be waited for."""
    send = transport.send
    hanging = {token(number) for number in range(ALL) if failure_of(number) == "hangs"}

    async def impatient(platform: Any, credential: Any, call: Any, *, seconds: float, **more: Any) -> Any:
        asked = (call.form or {}).get("refresh_token")
        return await send(platform, credential, call, seconds=1.0 if asked and asked.reveal() in hanging else seconds, **more)

    monkeypatch.setattr(transport, "send", impatient)


@pytest.mark.timeout(600)
# On a busy machine the second of what hangs ends while it connects, and CPython 3.13.0 leaves such a socket to the collector.
@pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning")
def test_a_sweep_over_1000_connections_of_which_every_tenth_fails_refreshes_all_others(
    platforms: Platforms, monkeypatch: pytest.MonkeyPatch, record_property: Any
) -> None:
    monkeypatch.setattr(runner, "BACKOFF_S", 0.01)
    hurry(monkeypatch)
    Client(ALICE).request("profile", "GET", "/v1/profile")
    fill(platforms)
    assert failure_of(0), "one that fails stands first"

    began = time.monotonic()
    done = load("maintain").handler({"task": "refresh_tokens"}, Context(600))
    took = time.monotonic() - began
    platforms.world.faults.clear()
    record_property("seconds", round(took, 1))
    assert done == {"task": "refresh_tokens", "refreshed": ALL - ALL // EVERY, "failed": ALL // EVERY}

    columns = "id, status, credential_version, refresh_due_at, refresh_lease_until"
    rows = {row["id"]: row for row in fly(sql(f"SELECT {columns} FROM platform_connections"))[0]}
    for number in range(ALL):
        row, failure = rows[identity(number)], failure_of(number)
        assert row["refresh_lease_until"] is None
        if failure is None:
            assert (row["status"], row["credential_version"]) == ("active", 2)
            continue
        assert {row["status"]} == FAILURES[failure].left and row["credential_version"] == 1, failure
        later = row["refresh_due_at"]
        assert later is None or later > clock.now(), f"{failure} would stand first in the next run"
    asked = Counter(value for e in platforms.world.journal if (value := _token_of(e.body)))
    healthy = [token(number) for number in range(ALL) if failure_of(number) is None]
    assert {asked[value] for value in healthy} == {1}, "each credential was refreshed once"
    dead = sum(1 for number in range(ALL) if (name := failure_of(number)) and FAILURES[name].left == DEAD)
    told = fly(sql("SELECT kind FROM notifications"))[0]
    assert [row["kind"] for row in told] == ["connection_dead"] * dead
    assert load("maintain").handler({"task": "refresh_tokens"}, Context(600))["refreshed"] == 0


def _token_of(body: str) -> str:
    """The refresh token in the body of a request."""
    start = body.find("rftN")
    return body[start : start + 9] if start >= 0 else ""
