"""Scheduled chores: tokens kept alive one at a time, overdue work found again, what is past its time erased."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from noillusion import db
from noillusion.connections import credential_store, credentials
from noillusion.connections.rows import CredentialRow
from noillusion.core import clock, loop
from noillusion.core.sensitive import Secret
from noillusion.db import Actor, Statement, batches, query, sql
from noillusion.db.batches import Erased
from noillusion.flows import runner
from noillusion.flows.faults import PlatformError
from noillusion.net import queues
from noillusion.notices.notice import notice
from noillusion.platforms.tiktok.platform import PLATFORM
from noillusion.publishing import advance
from noillusion.settings import source as settings
from tests.api.conftest import Platforms
from tests.api.harness import Client, Context, load
from tests.support.databases import fly
from tests.support.logged import logged
from tests.support.rows import insert, rows

ALICE, BOB = "auth0|alice", "auth0|bob"
TOKEN_PATHS = {"tiktok": "/v2/oauth/token/", "instagram": "/refresh_access_token", "linkedin": "/oauth/v2/accessToken"}
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def maintain(task: str) -> dict[str, Any]:
    """One run of a chore."""
    return dict(load("maintain").handler({"task": task}, Context(60)))


def connection(user_id: str = ALICE, platform: str = "tiktok") -> CredentialRow:
    """A user's connection row."""
    where = "WHERE user_id = :user AND platform = :platform"
    stored = query(CredentialRow, f"SELECT {{columns}} FROM platform_connections {where}", user=user_id, platform=platform)
    (found,) = fly(stored)[stored]
    return found


def known(at: datetime | None) -> datetime:
    """A time that must be set."""
    assert at is not None
    return at


def notices(user_id: str = ALICE) -> list[str]:
    """The kinds of a user's notices."""
    found = fly(sql("SELECT kind FROM notifications WHERE user_id = :user_id ORDER BY created_at", user_id=user_id))[0]
    return [row["kind"] for row in found]


def make_due(user_id: str = ALICE, at: datetime = LONG_AGO) -> None:
    """Every connection of a user is old enough and due for a refresh."""
    fly(
        sql(
            "UPDATE platform_connections SET refresh_due_at = :at, token_issued_at = :long_ago WHERE user_id = :user_id",
            at=at,
            long_ago=LONG_AGO,
            user_id=user_id,
        )
    )


@pytest.fixture
def connect(platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> Callable[..., CredentialRow]:
    """Connects a user to a platform; the connection is due for a refresh."""
    monkeypatch.setattr(runner, "BACKOFF_S", 0.01)

    # As for an app that LinkedIn allows to refresh.
    platforms.world.simulators["linkedin"].actions["settings"]({"share_refresh_tokens": True})

    def go(platform: str = "tiktok", user_id: str = ALICE) -> CredentialRow:
        platforms.connect(Client(user_id), platform)
        if platform == "instagram":
            # Its platform refuses to extend a token that is younger than a day.
            platforms.world.clock.offset += 2 * 86_400
        make_due(user_id)
        # That it was connected is told as well.
        fly(sql("DELETE FROM notifications WHERE kind = 'connection_active'"))
        return connection(user_id, platform)

    return go


def refreshes(platforms: Platforms, platform: str = "tiktok") -> int:
    """How many refreshes arrived at a platform."""
    words = ("refresh_token", "refresh_access_token")
    return sum(
        1
        for e in platforms.world.journal
        if e.platform == platform
        and e.path.endswith(TOKEN_PATHS[platform])
        and any(f"grant_type={w}" in e.body or w in e.path for w in words)
    )


def works(platforms: Platforms, row: CredentialRow) -> bool:
    """Whether the platform takes the connection's token."""
    answer = Client(row.user_id).request("connect_callback", "POST", f"/v1/connections/{row.id}/test")
    return bool(answer.json["ok"])


@pytest.mark.parametrize("platform", TOKEN_PATHS)
def test_what_is_due_is_refreshed_and_then_not_due_any_more(
    platforms: Platforms, connect: Callable[..., CredentialRow], platform: str
) -> None:
    before = connect(platform)
    assert maintain("refresh_tokens") == {"task": "refresh_tokens", "refreshed": 1, "failed": 0}
    after = connection(platform=platform)
    assert (after.credential_version, after.status, after.refresh_lease_until) == (2, "active", None)
    assert known(after.refresh_due_at) > clock.now() and known(after.access_expires_at) > clock.now()
    assert after.sealed_access_token != before.sealed_access_token
    assert works(platforms, after)
    assert maintain("refresh_tokens")["refreshed"] == 0
    assert refreshes(platforms, platform) == 1 and notices() == []


def test_C2_what_is_not_due_is_left_alone(platforms: Platforms, connect: Callable[..., CredentialRow]) -> None:
    connect()
    make_due(at=clock.now() + timedelta(minutes=1))
    assert maintain("refresh_tokens")["refreshed"] == 0
    assert refreshes(platforms) == 0


def break_seal(_: Platforms, row: CredentialRow) -> None:
    """The stored tokens cannot be opened."""
    fly(sql("UPDATE platform_connections SET sealed_refresh_token = 'v1.k1.x.y' WHERE id = :id", id=row.id))


def answer_once(**fault: Any) -> Callable[[Platforms, CredentialRow], None]:
    """The platform answers the first refreshes, all attempts at it included, with a fault."""

    def inject(platforms: Platforms, _: CredentialRow) -> None:
        platforms.fault(**{"platform": "tiktok", "path": "oauth/token", "times": 3, **fault})

    return inject


FAILURES = {
    "seal broken": break_seal,
    "outage": answer_once(status=503),
    "no answer": answer_once(drop=True),
    "grant dead": answer_once(preset="oauth_invalid_grant", times=1),
    "strange words": answer_once(status=200, body={"hello": "world"}, times=1),
    "no object": answer_once(status=200, body="[]", times=1),
    "strange life": answer_once(
        status=200, body={"access_token": "a", "refresh_token": "r", "expires_in": "soon", "open_id": "o", "scope": ""}, times=1
    ),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_C4_a_connection_that_fails_first_does_not_stop_the_others(
    platforms: Platforms, connect: Callable[..., CredentialRow], failure: str
) -> None:
    first, _ = connect(user_id=ALICE), connect(user_id=BOB)
    make_due(BOB, LONG_AGO + timedelta(seconds=1))
    FAILURES[failure](platforms, first)
    result = maintain("refresh_tokens")
    assert connection(BOB).credential_version == 2
    assert result["refreshed"] >= 1
    # It does not stand first in the next run either.
    left = connection(ALICE)
    assert left.refresh_due_at is None or known(left.refresh_due_at) > clock.now()
    assert left.refresh_lease_until is None


def test_C4_a_mistake_of_ours_does_not_stop_the_others(
    platforms: Platforms, connect: Callable[..., CredentialRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(user_id=ALICE), connect(user_id=BOB)
    make_due(BOB, LONG_AGO + timedelta(seconds=1))
    real, calls = PLATFORM.refresh, []

    def refresh(*arguments: Any) -> Any:
        calls.append(arguments)
        if len(calls) == 1:
            raise ZeroDivisionError
        return real(*arguments)

    monkeypatch.setattr(type(PLATFORM), "refresh", lambda self, *arguments: refresh(*arguments))
    assert maintain("refresh_tokens") == {"task": "refresh_tokens", "refreshed": 1, "failed": 1}
    left = connection(ALICE)
    assert (left.status, left.refresh_lease_until) == ("active", None) and known(left.refresh_due_at) > clock.now()


OUTAGES = [
    {"status": 500},
    {"status": 503},
    {"status": 502, "body": "<html>"},
    {"status": 429},
    {"drop": True},
    {"status": 200, "body": '{"access_tok'},
]


@pytest.mark.parametrize("platform", TOKEN_PATHS)
@pytest.mark.parametrize("outage", OUTAGES, ids=str)
def test_C5_an_outage_of_the_platform_disconnects_nobody(
    platforms: Platforms, connect: Callable[..., CredentialRow], platform: str, outage: dict[str, Any]
) -> None:
    before = connect(platform)
    platforms.fault(platform=platform, path=TOKEN_PATHS[platform], times=-1, **outage)
    assert maintain("refresh_tokens") == {"task": "refresh_tokens", "refreshed": 0, "failed": 1}
    after = connection(platform=platform)
    kept = ("status", "credential_version", "sealed_access_token", "sealed_refresh_token", "access_expires_at")
    assert {name: getattr(after, name) for name in kept} == {name: getattr(before, name) for name in kept}
    assert timedelta(minutes=5) < known(after.refresh_due_at) - clock.now() < timedelta(hours=1)
    assert notices() == []
    platforms.world.faults.clear()
    make_due()
    assert maintain("refresh_tokens")["refreshed"] == 1


@pytest.mark.parametrize("platform", TOKEN_PATHS)
def test_C9_a_withdrawn_grant_ends_the_connection_with_one_notice(
    platforms: Platforms, connect: Callable[..., CredentialRow], platform: str
) -> None:
    row = connect(platform)
    platforms.world.simulators[platform].actions["revoke"]({})
    for _ in range(2):
        maintain("refresh_tokens")
    for _ in range(2):
        assert not works(platforms, row)
    after = connection(platform=platform)
    assert (after.status, after.refresh_due_at) == ("reauth_required", None)
    assert notices() == ["connection_dead"]
    assert refreshes(platforms, platform) == 1


def test_C9_a_dead_connection_and_its_notice_are_one_transaction(
    platforms: Platforms, connect: Callable[..., CredentialRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = connect()

    def refused_by_the_database(*arguments: Any, **more: Any) -> Statement:
        return notice("", *arguments[1:], **more)

    with monkeypatch.context() as broken:
        broken.setattr(credentials, "notice", refused_by_the_database)
        with pytest.raises((psycopg.Error, sqlite3.Error)):
            loop.run(credentials.mark_dead(row, "token_refused"))
    assert (connection().status, notices()) == ("active", [])
    loop.run(credentials.mark_dead(row, "token_refused"))
    assert (connection().status, notices()) == ("reauth_required", ["connection_dead"])


def test_C9_a_credential_that_came_since_is_neither_marked_nor_noticed(
    platforms: Platforms, connect: Callable[..., CredentialRow]
) -> None:
    stale = connect()
    make_due()
    assert maintain("refresh_tokens")["refreshed"] == 1
    loop.run(credentials.mark_dead(stale, "token_refused"))
    assert (connection().status, notices()) == ("active", [])


def test_a_platform_that_the_operator_took_away_disconnects_nobody(
    platforms: Platforms, connect: Callable[..., CredentialRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    connect()
    for name in ("TIKTOK_CLIENT_ID", "TIKTOK_CLIENT_SECRET"):
        monkeypatch.setenv(name, "")
    settings.settings.forget()
    assert maintain("refresh_tokens")["failed"] == 1
    assert connection().status == "active" and known(connection().refresh_due_at) > clock.now()


async def all_at_once(row: CredentialRow, count: int, *, forced: bool) -> list[Secret | None]:
    """Many users of one stale row refresh it at the same moment."""
    deadline = clock.monotonic() + 30
    return list(await asyncio.gather(*(credentials.refresh(row, deadline, forced=forced) for _ in range(count))))


@pytest.mark.parametrize("forced", [False, True], ids=["due", "refused by the platform"])
@pytest.mark.parametrize("platform", ["tiktok", "linkedin"])
def test_T6_fifty_users_of_one_expiring_credential_make_one_refresh(
    platforms: Platforms, connect: Callable[..., CredentialRow], platform: str, forced: bool
) -> None:
    row = connect(platform)
    tokens = {token.reveal() for token in loop.run(all_at_once(row, 50, forced=forced)) if token}
    assert len(tokens) == 1 and refreshes(platforms, platform) == 1
    after = connection(platform=platform)
    assert tokens == {credentials.opened(after).access.reveal()}
    assert after.credential_version == 2 and works(platforms, after)
    # The rotated refresh token was kept: the next refresh works as well.
    make_due()
    assert maintain("refresh_tokens")["refreshed"] == 1


def test_C3_users_of_a_credential_that_dies_learn_it_from_the_one_who_asked(
    platforms: Platforms, connect: Callable[..., CredentialRow]
) -> None:
    row = connect()
    platforms.world.simulators["tiktok"].actions["revoke"]({})

    async def go() -> list[Any]:
        deadline = clock.monotonic() + 30
        return list(await asyncio.gather(*(credentials.refresh(row, deadline) for _ in range(20)), return_exceptions=True))

    results = loop.run(go())
    assert [type(result) for result in results if result is not None] == [PlatformError]
    assert refreshes(platforms) == 1 and notices() == ["connection_dead"]


def lease(row: CredentialRow, until: datetime) -> None:
    """Somebody holds the right to refresh."""
    taken = credential_store.lease_refresh(row.user_id, row.id, row.credential_version, clock.now(), until)
    assert fly(taken)[0]


def test_A3_a_holder_who_died_is_waited_for_and_then_replaced(
    platforms: Platforms, connect: Callable[..., CredentialRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credentials, "WAIT_FOR_OTHER_S", 0.3)
    row = connect()
    lease(row, clock.now() + timedelta(seconds=30))
    assert loop.run(all_at_once(row, 1, forced=False)) == [None]
    assert refreshes(platforms) == 0 and connection().status == "active"
    lease_over = datetime.now(UTC) + timedelta(seconds=31)
    monkeypatch.setattr(clock, "now", lambda: lease_over)
    assert maintain("refresh_tokens")["refreshed"] == 1


def test_a_refresh_ends_before_its_lease_does(connect: Callable[..., CredentialRow], monkeypatch: pytest.MonkeyPatch) -> None:
    row, deadlines = connect(), []

    class Recording(runner.Runner):
        def __init__(self, *arguments: Any, deadline: float, **options: Any) -> None:
            deadlines.append(deadline - clock.monotonic())
            super().__init__(*arguments, deadline=deadline, **options)

    monkeypatch.setattr(credentials, "Runner", Recording)
    assert loop.run(credentials.refresh(row, clock.monotonic() + 300)) is not None
    assert 0 < deadlines[0] < credentials.LEASE.total_seconds()


GRANT = {"open_id": "o", "scope": "video.publish", "expires_in": 86_400, "token_type": "Bearer"}


@pytest.mark.parametrize(
    "body", [{"access_token": ""}, {"access_token": None}, {}, {"access_token": "", "refresh_token": ""}], ids=str
)
def test_C1_an_empty_access_token_never_replaces_a_stored_one(
    platforms: Platforms, connect: Callable[..., CredentialRow], body: dict[str, Any]
) -> None:
    before = connect()
    platforms.fault(platform="tiktok", path="oauth/token", status=200, body={**GRANT, **body})
    maintain("refresh_tokens")
    after = connection()
    kept = ("status", "sealed_access_token", "sealed_refresh_token", "credential_version")
    assert {name: getattr(after, name) for name in kept} == {name: getattr(before, name) for name in kept}


@pytest.mark.parametrize("body", [{"refresh_token": ""}, {"refresh_token": None}, {}], ids=str)
def test_C1_an_empty_refresh_token_never_replaces_a_stored_one(
    platforms: Platforms, connect: Callable[..., CredentialRow], body: dict[str, Any]
) -> None:
    before = credentials.opened(connect())
    platforms.fault(platform="tiktok", path="oauth/token", status=200, body={**GRANT, "access_token": "new-token", **body})
    assert maintain("refresh_tokens")["refreshed"] == 1
    after = connection()
    tokens = credentials.opened(after)
    assert tokens.access.reveal() == "new-token"
    assert tokens.refresh and before.refresh and tokens.refresh.reveal() == before.refresh.reveal()
    assert timedelta(0) < known(after.access_expires_at) - clock.now() <= timedelta(days=1) and after.refresh_due_at


def test_C1_a_token_that_names_no_life_gets_a_short_one(platforms: Platforms, connect: Callable[..., CredentialRow]) -> None:
    connect()
    body = {"access_token": "new-token", "refresh_token": "new-refresh", "open_id": "o", "scope": "video.publish"}
    platforms.fault(platform="tiktok", path="oauth/token", status=200, body=body)
    assert maintain("refresh_tokens")["refreshed"] == 1
    assert known(connection().access_expires_at) - clock.now() <= timedelta(days=1)
    assert known(connection().refresh_due_at) < known(connection().access_expires_at)


def ending(user_id: str, in_days: float, **columns: Any) -> None:
    """A connection that only its owner can renew, and when it ends."""
    row = {**rows()["platform_connections"], "access_expires_at": clock.now() + timedelta(days=in_days), **columns}
    fly(insert("platform_connections", user_id, **row))


@pytest.mark.usefixtures("deployment")
def test_C11_a_connection_that_ends_within_a_week_is_told_once() -> None:
    ending(ALICE, 3)
    ending(BOB, 6.9)
    for _ in range(3):
        maintain("refresh_tokens")
    assert (notices(ALICE), notices(BOB)) == (["connection_expiring"], ["connection_expiring"])
    data = fly(sql("SELECT data, subject_id FROM notifications WHERE user_id = :user_id", user_id=ALICE))[0][0]
    assert data["data"]["platform"] == "tiktok" and data["subject_id"] == connection().id
    # Renewed by its owner, it ends another day: that is another warning.
    renewed = "UPDATE platform_connections SET expiring_since = NULL, access_expires_at = :at"
    fly(sql(renewed, at=clock.now() + timedelta(days=5)))
    maintain("refresh_tokens")
    assert notices(ALICE) == ["connection_expiring"] * 2


@pytest.mark.usefixtures("deployment")
@pytest.mark.parametrize(
    "columns",
    [
        {"in_days": 7.5},
        {"in_days": -1},
        {"in_days": 3, "status": "reauth_required"},
        {"in_days": 3, "refresh_due_at": datetime(2999, 1, 1, tzinfo=UTC)},
    ],
    ids=["far off", "over", "dead", "renewed by itself"],
)
def test_nobody_is_warned_without_need(columns: dict[str, Any]) -> None:
    ending(ALICE, **columns)
    maintain("refresh_tokens")
    assert notices() == []


@pytest.fixture
def sent(deployment: object, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What goes into the queue of slow publications."""
    entries: list[dict[str, Any]] = []
    monkeypatch.setenv("PUBLISH_QUEUE_URL", "https://queue.test/publish")
    settings.settings.forget()

    def accept(QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:
        entries.extend(Entries)
        return {}

    monkeypatch.setattr(queues, "client", lambda: SimpleNamespace(send_message_batch=accept))
    return entries


def target(due: datetime | None, **columns: Any) -> str:
    """An open publication."""
    made = rows()
    row = {**made["post_targets"], "status": "processing", "next_check_at": due, **columns}
    fly(insert("posts", **{**made["posts"], "idempotency_key": made["posts"]["id"]}), insert("post_targets", **row))
    return str(row["id"])


def test_B7_the_sweep_finds_overdue_work_and_nothing_else(sent: list[dict[str, Any]]) -> None:
    past, future = clock.now() - timedelta(minutes=5), clock.now() + timedelta(minutes=5)
    overdue = [
        target(past),
        target(past, status="pending", lease_until=past),
        target(past, status="preparing"),
        target(past, status="committing"),
        target(past, status="unknown"),
    ]
    target(future)
    target(None, status="unknown")
    target(past, lease_until=future)
    target(past, status="canceled")
    target(past, status="published", accepted_id="1")
    assert maintain("sweep") == {"task": "sweep", "due": 5}
    messages = [json.loads(entry["MessageBody"]) for entry in sent]
    assert sorted(m["target_id"] for m in messages) == sorted(overdue)
    assert all(set(m) == {"user_id", "target_id"} for m in messages) and {e["DelaySeconds"] for e in sent} == {0}
    # Swept work is still there for the next sweep, should the message get lost.
    assert maintain("sweep")["due"] == 5


def test_H7_the_sweep_drains_what_is_due_and_says_what_is_left(
    sent: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(advance, "SWEEP_BATCH", 2)
    past = clock.now() - timedelta(minutes=5)
    # Some are due at the same moment, across the bounds of batches.
    overdue = [target(past - timedelta(minutes=number // 3)) for number in range(7)]
    assert loop.run(advance.sweep(clock.monotonic() - 1)) == Erased(2, 5)
    assert len(sent) == 2
    sent.clear()
    with logged() as text:
        assert maintain("sweep") == {"task": "sweep", "due": 7}
    assert [line["left"] for line in map(json.loads, text.getvalue().splitlines()) if line["message"] == "chore_done"] == [0]
    assert sorted(json.loads(entry["MessageBody"])["target_id"] for entry in sent) == sorted(overdue)


def test_a_queue_that_fails_does_not_fail_the_sweep(sent: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ConnectionError("marker")

    monkeypatch.setattr(queues, "client", fail)
    target(clock.now() - timedelta(minutes=5))
    assert maintain("sweep")["due"] == 1


@pytest.mark.usefixtures("deployment")
def test_retention_erases_request_fingerprints_after_a_day() -> None:
    young, old = rows()["posts"], {**rows()["posts"], "idempotency_key": "old"}
    fly(
        insert("posts", **young, created_at=clock.now() - timedelta(hours=23)),
        insert("posts", **old, created_at=clock.now() - timedelta(hours=25)),
    )
    for _ in range(2):
        assert maintain("retention")["task"] == "retention"
    kept = {r["id"]: r["request_fingerprint"] for r in fly(sql("SELECT id, request_fingerprint FROM posts"))[0]}
    assert kept == {young["id"]: young["request_fingerprint"], old["id"]: None}


@pytest.mark.usefixtures("deployment")
@pytest.mark.parametrize("posts", [3, 4])
def test_retention_goes_on_until_no_old_fingerprint_is_left(posts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    old: dict[str, Any] = {"created_at": clock.now() - timedelta(hours=25)}
    fly(*(insert("posts", **{**rows()["posts"], "idempotency_key": f"key {n}"}, **old) for n in range(posts)))
    maintain("retention")
    (left,) = fly(sql("SELECT id FROM posts WHERE request_fingerprint IS NOT NULL"))
    assert left == []


@pytest.mark.usefixtures("deployment")
@pytest.mark.parametrize("event", [{}, {"task": "marker"}, {"task": None}])
def test_an_unknown_chore_fails_without_repeating_what_it_was(event: dict[str, Any]) -> None:
    with pytest.raises(load("maintain").ChoreFailed) as failed:
        load("maintain").handler(event, Context())
    assert "marker" not in str(failed.value)


@pytest.mark.usefixtures("deployment")
@pytest.mark.parametrize("task", ["sweep", "leaving", "refresh_tokens", "retention"])
def test_a_chore_that_crashes_says_so_without_its_cause(task: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def crash(*_: object) -> None:
        raise RuntimeError("marker")

    monkeypatch.setattr(db.database(), "flight", crash)
    with logged() as log, pytest.raises(load("maintain").ChoreFailed) as failed:
        maintain(task)
    assert failed.value.__cause__ is None and failed.value.__suppress_context__
    assert "chore_failed" in log.getvalue() and "marker" not in str(failed.value) + log.getvalue()


def test_actors_name_the_user_whose_row_a_chore_touches(
    platforms: Platforms, connect: Callable[..., CredentialRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    connect()
    engine, actors = db.database(), []
    real = engine.flight

    async def watched(actor: Actor, *statements: Statement) -> Any:
        actors.append((actor.user_id, statements[0].text.split()[0]))
        return await real(actor, *statements)

    monkeypatch.setattr(engine, "flight", watched)
    assert maintain("refresh_tokens")["refreshed"] == 1
    assert {user for user, verb in actors if verb == "UPDATE"} == {ALICE}
