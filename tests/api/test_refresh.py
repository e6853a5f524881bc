"""Refreshing where the old tokens die with it: nothing between answer and save, and an honest word where a run was cut off."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from noillusion import db
from noillusion.connections import credential_store, credentials
from noillusion.connections.rows import CredentialRow
from noillusion.core import clock, logs, loop
from noillusion.core.errors import Unavailable
from noillusion.db import Actor, Statement, database, sql
from noillusion.flows import transport
from tests.api.conftest import Platforms
from tests.api.harness import Client, Context, load
from tests.support.meanwhile import meanwhile

ALICE = "auth0|alice"
SAVES = "sealed_access_token = :sealed_access_token"
PAGE = {"status": 401, "body": "<html>Please log in</html>", "headers": {"content-type": "text/html"}, "times": -1}


class Killed(BaseException):
    """The process ends here."""


def connect(platforms: Platforms, platform: str = "tiktok") -> CredentialRow:
    """A connection whose refresh is due."""
    platforms.world.simulators["linkedin"].actions["settings"]({"share_refresh_tokens": True})
    platforms.connect(Client(ALICE), platform)
    platforms.database.execute(
        "UPDATE platform_connections SET refresh_due_at = created_at, token_issued_at = '2026-01-01T00:00:00.000000Z'"
    )
    return row()


def row() -> CredentialRow:
    """The connection as it is stored."""
    stored = credential_store.credentials_of(ALICE)
    (found,) = loop.run(database().flight(Actor(ALICE), stored))[stored]
    return found


def sweep() -> dict[str, Any]:
    """One run of the chore that refreshes what is due."""
    return dict(load("maintain").handler({"task": "refresh_tokens"}, Context(60)))


def listed() -> dict[str, Any]:
    """The connection as its owner sees it."""
    (found,) = Client(ALICE).request("connect_callback", "GET", "/v1/connections").json["items"]
    return dict(found)


def later(monkeypatch: pytest.MonkeyPatch, **passed: float) -> None:
    """The product's clock goes ahead."""
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(**passed))


def kill_at_the_save(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process is killed after the platform answered and before the new pair is durable."""
    flight = db.database().flight

    async def cut(actor: Actor, *statements: Statement) -> Any:
        if any(SAVES in statement.text for statement in statements):
            raise Killed
        return await flight(actor, *statements)

    with monkeypatch.context() as broken:
        broken.setattr(db.database(), "flight", cut)
        with pytest.raises(Killed):
            loop.run(credentials.refresh(row(), clock.monotonic() + 30))


def test_nothing_stands_between_the_platforms_answer_and_the_save_of_a_new_pair(
    platforms: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = connect(platforms)
    seen: list[tuple[str, int]] = []
    turns = 0
    flight, send, write = db.database().flight, transport.send, logs._logger().info

    async def flying(actor: Actor, *statements: Statement) -> Any:
        seen.append(("save" if SAVES in statements[0].text else "flight", turns))
        return await flight(actor, *statements)

    async def sending(*arguments: Any, **options: Any) -> Any:
        reply = await send(*arguments, **options)
        seen.append(("answer", turns))
        return reply

    def writing(*arguments: Any, **options: Any) -> None:
        seen.append((f"log {arguments[0]}", turns))
        write(*arguments, **options)

    async def go() -> None:
        async def count() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        counter = asyncio.create_task(count())
        assert await credentials.refresh(due, clock.monotonic() + 30) is not None
        counter.cancel()

    with monkeypatch.context() as watched:
        watched.setattr(db.database(), "flight", flying)
        watched.setattr(transport, "send", sending)
        watched.setattr(logs._logger(), "info", writing)
        loop.run(go())
    steps = [step for step, _ in seen]
    assert steps[:3] == ["flight", "answer", "save"], steps
    assert set(steps[3:]) == {"log platform_call", "log token_refreshed"}
    # The event loop did not even turn in between.
    assert seen[1][1] == seen[2][1]


def test_a_connection_lost_to_an_interrupted_refresh_asks_for_a_new_one_at_once_and_says_why(
    platforms: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(platforms)
    kill_at_the_save(monkeypatch)
    # As long as the dead run's lease lasts nobody knows that it died.
    assert listed()["status"] == "active"
    later(monkeypatch, seconds=31)
    assert sweep()["failed"] == 1
    assert (listed()["status"], listed()["status_reason"]) == ("reauth_required", "refresh_interrupted")
    ((kind, data),) = platforms.database.fetch("SELECT kind, data FROM notifications WHERE kind <> 'connection_active'")
    told = data if isinstance(data, dict) else json.loads(data)
    assert (kind, told) == ("connection_dead", {"platform": "tiktok", "reason": "refresh_interrupted"})


def test_an_interruption_is_remembered_over_an_outage(platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> None:
    connect(platforms)
    kill_at_the_save(monkeypatch)
    platforms.fault(platform="tiktok", path="oauth/token", status=503, times=-1)
    later(monkeypatch, seconds=31)
    assert sweep()["failed"] == 1 and listed()["status"] == "active"
    platforms.world.faults.clear()
    later(monkeypatch, minutes=20)
    assert sweep()["failed"] == 1
    assert listed()["status_reason"] == "refresh_interrupted"


def test_an_interrupted_refresh_that_the_platform_had_not_seen_costs_nothing(
    platforms: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = connect(platforms)
    taken = credential_store.lease_refresh(
        due.user_id, due.id, due.credential_version, clock.now(), clock.now() + credentials.LEASE
    )
    assert loop.run(database().flight(Actor(ALICE), taken))[0]
    later(monkeypatch, seconds=31)
    assert sweep()["refreshed"] == 1
    assert (row().refresh_lease_until, row().status, listed()["status_reason"]) == (None, "active", "")


def test_a_withdrawn_grant_is_not_blamed_on_an_interruption(platforms: Platforms) -> None:
    connect(platforms)
    platforms.world.simulators["tiktok"].actions["revoke"]({})
    assert sweep()["failed"] == 1
    assert listed()["status_reason"] == "grant_refused"


def test_a_new_pair_survives_a_database_that_is_away_for_a_moment(platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> None:
    connect(platforms)
    flight, failures = db.database().flight, [1, 1]

    async def flaky(actor: Actor, *statements: Statement) -> Any:
        if any(SAVES in statement.text for statement in statements) and failures:
            failures.pop()
            raise Unavailable("database_unavailable")
        return await flight(actor, *statements)

    with monkeypatch.context() as broken:
        broken.setattr(db.database(), "flight", flaky)
        assert loop.run(credentials.refresh(row(), clock.monotonic() + 30)) is not None
    assert failures == [] and row().credential_version == 2
    platforms.database.execute("UPDATE platform_connections SET refresh_due_at = created_at")
    assert sweep()["refreshed"] == 1


@pytest.mark.parametrize("life", [10**18, -5, 10**30])
def test_a_new_pair_is_saved_whatever_life_the_platform_names(platforms: Platforms, life: int) -> None:
    connect(platforms)
    body = {"access_token": "act.new", "refresh_token": "rft.new", "expires_in": life, "refresh_expires_in": life, "open_id": "o"}
    platforms.fault(platform="tiktok", path="oauth/token", status=200, body=json.dumps(body), times=1)
    assert sweep()["refreshed"] == 1
    kept = credentials.opened(row())
    assert kept.refresh and (kept.access.reveal(), kept.refresh.reveal()) == ("act.new", "rft.new")


@pytest.mark.parametrize("platform", ["linkedin", "tiktok"])
@pytest.mark.parametrize("where", ["everywhere", "token endpoint", "interface"])
def test_a_page_of_a_proxy_disconnects_nobody(platforms: Platforms, platform: str, where: str) -> None:
    due = connect(platforms, platform)
    token_path = {"linkedin": "oauth/v2", "tiktok": "/v2/oauth"}[platform]
    path = {"everywhere": "", "token endpoint": token_path, "interface": "/(userinfo|user/info)"}[where]
    platforms.fault(platform=platform, path=path, **PAGE)
    for _ in range(2):
        tested = Client(ALICE).request("connect_callback", "POST", f"/v1/connections/{due.id}/test")
        assert tested.status == 200, tested.text
        platforms.database.execute("UPDATE platform_connections SET refresh_due_at = created_at")
        sweep()
    assert listed()["status"] == "active"
    platforms.world.faults.clear()
    platforms.database.execute("UPDATE platform_connections SET refresh_due_at = created_at")
    assert sweep()["refreshed"] == 1
    assert Client(ALICE).request("connect_callback", "POST", f"/v1/connections/{due.id}/test").json["ok"] is True


def test_a_page_of_a_proxy_disconnects_nobody_who_has_no_refresh_token(platforms: Platforms) -> None:
    (connected,) = platforms.connect(Client(ALICE), "linkedin")
    platforms.fault(platform="linkedin", path="userinfo", **PAGE)
    tested = Client(ALICE).request("connect_callback", "POST", f"/v1/connections/{connected['id']}/test")
    assert (tested.json["ok"], tested.json["error_class"]) == (False, "reauth")
    assert listed()["status"] == "active"
    platforms.world.faults.clear()
    platforms.fault(platform="linkedin", path="userinfo", preset="revoked_token", times=-1)
    assert Client(ALICE).request("connect_callback", "POST", f"/v1/connections/{connected['id']}/test").json["ok"] is False
    assert (listed()["status"], listed()["status_reason"]) == ("reauth_required", "token_refused")


def test_a_refresh_that_fails_leaves_a_newer_credential_alone(platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> None:
    due = connect(platforms)
    platforms.fault(platform="tiktok", path="oauth/token", status=503, times=-1)
    until = clock.now() + timedelta(seconds=20)

    async def renewed() -> None:
        # The person connected the account again, and somebody refreshes the new credential.
        await database().flight(
            Actor(ALICE),
            sql(
                """UPDATE platform_connections SET credential_version = credential_version + 1, refresh_lease_until = :until,
                     refresh_due_at = :until WHERE id = :id""",
                until=until,
                id=due.id,
            ),
        )

    with meanwhile(monkeypatch, renewed, at=1) as watched:
        assert loop.run(credentials.refresh(due, clock.monotonic() + 30)) is None
    assert watched.happened
    assert row().refresh_lease_until == until
