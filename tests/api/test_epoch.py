"""A departure is an epoch: what began before it writes nothing any more, and what begins after it is not hindered."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from noillusion import epoch
from noillusion.core import clock
from noillusion.core.errors import AccountDeleted
from noillusion.db import Actor, database, sql
from noillusion.privacy import departure, windows
from noillusion.privacy import store as privacy_store
from noillusion.profiles import store
from noillusion.settings import source as settings
from tests.api.conftest import Platforms
from tests.api.harness import Client, Context, event, load
from tests.api.test_departure import ALICE, BOB, RECEIPTS, leave, owned
from tests.api.test_publishing import Publisher
from tests.support.databases import Store, fly
from tests.support.logged import logged
from tests.support.meanwhile import leaves, meanwhile, run
from tests.support.rows import insert, rows

PATCH = {"bio": "written too late"}


def nothing_is_left(deployment: Store, user_id: str = ALICE) -> bool:
    return not any(owned(deployment, user_id).values()) and user_id not in deployment.dump()


def working_tokens(platforms: Platforms, platform: str) -> int:
    """Tokens that still open something at a simulated platform."""
    state = platforms.world.simulators[platform].state()
    return int(state["tokens"]) + int(state["refresh_tokens"])


def test_a_write_that_began_before_the_departure_is_refused_by_the_database(
    deployment: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with meanwhile(monkeypatch, leaves, at=0) as watch:
        answer = Client().request("profile", "PATCH", "/v1/profile", body=PATCH)
    assert watch.happened and watch.result.state == "completed"
    assert (answer.status, answer.json["code"]) == (410, "account_deleted"), answer.text
    assert nothing_is_left(deployment)


def test_a_request_that_waited_for_a_cold_start_while_its_user_left_is_refused(deployment: Store) -> None:
    arrived = event("PATCH", "/v1/profile", function="profile", sub=ALICE, body=PATCH)
    arrived["requestContext"]["timeEpoch"] = int(clock.now().timestamp() * 1000)
    leave()
    assert load("profile").handler(arrived, Context())["statusCode"] == 410
    assert nothing_is_left(deployment)


def test_whoever_comes_back_after_the_receipt_is_not_hindered(deployment: Store) -> None:
    for bio in ("first", "second"):
        leave()
        answer = Client().request("profile", "PATCH", "/v1/profile", body={"bio": bio})
        assert (answer.status, answer.json["bio"]) == (200, bio)
    assert Client(BOB).request("profile", "PATCH", "/v1/profile", body=PATCH).status == 200


def test_the_receipt_is_not_given_before_the_instant_of_the_departure_by_any_clock(deployment: Store) -> None:
    receipt = leave().json
    deleted_at, left_at = (datetime.fromisoformat(receipt[name]) for name in ("deleted_at", "left_at"))
    assert deleted_at + epoch.CLOCKS == left_at <= clock.now()


def test_what_began_while_the_deletion_went_on_is_refused_after_it_too(
    deployment: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def begins() -> None:
        began.append(clock.now())

    began: list[datetime] = []
    fly(insert("profiles", ALICE, **rows()["profiles"]))
    with meanwhile(monkeypatch, begins, at=1) as watch:
        assert leave().status == 200
    assert watch.happened
    with epoch.unit(began[0]), pytest.raises(AccountDeleted):
        run(database().flight(Actor(ALICE), store.create_if_absent(ALICE, clock.now())))


def test_while_a_deletion_goes_on_its_user_writes_nothing_and_reads_what_is_left(
    deployment: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fly(insert("profiles", ALICE, **rows()["profiles"]))
    with monkeypatch.context() as broken:
        broken.setattr(privacy_store, "end", lambda *_: sql("INSERT INTO profiles (user_id) VALUES ('')"))
        assert leave().status == 202
    answer = Client().request("profile", "PATCH", "/v1/profile", body=PATCH)
    assert (answer.status, answer.json["code"], answer.headers["retry-after"]) == (409, "deletion_in_progress", "5")
    assert Client().request("publish", "GET", "/v1/posts").status == 200
    assert leave().status == 200
    assert Client().request("profile", "PATCH", "/v1/profile", body=PATCH).status == 200


def test_an_epoch_binds_only_writes_of_the_user_who_left(deployment: Store) -> None:
    with epoch.unit():
        run(departure.leave(ALICE, clock.monotonic() + 20))
        write = store.create_if_absent(BOB, clock.now())
        assert run(database().flight(Actor(BOB), write)) == [[]]
        assert run(database().flight(Actor(ALICE), store.profile(ALICE))) == [[]]
        with pytest.raises(AccountDeleted):
            run(database().flight(Actor(ALICE), store.create_if_absent(ALICE, clock.now())))
    assert nothing_is_left(deployment)


def test_outside_of_a_unit_of_work_the_first_flight_is_its_beginning(deployment: Store) -> None:
    async def work() -> None:
        await database().flight(Actor(ALICE), store.profile(ALICE))
        await departure.leave(ALICE, clock.monotonic() + 20)
        await database().flight(Actor(ALICE), store.create_if_absent(ALICE, clock.now()))

    with pytest.raises(AccountDeleted):
        run(work())


def test_only_a_plausible_time_of_arrival_is_believed() -> None:
    now = clock.now()
    for back, believed in ((timedelta(seconds=3), True), (timedelta(seconds=-3), False), (timedelta(days=3), False)):
        stamp = (now - back).timestamp() * 1000
        found = epoch.arrival({"requestContext": {"timeEpoch": stamp}})
        assert (abs(found - (now - back)) < timedelta(milliseconds=1)) is believed
        assert believed or abs(found - now) < timedelta(seconds=2)
    for odd in ({}, {"requestContext": {"timeEpoch": "x"}}):
        assert abs(epoch.arrival(odd) - now) < timedelta(seconds=2)


def test_a_departure_is_known_for_longer_than_any_work_lasts_also_without_backups(
    deployment: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKUP_DAYS", "0")
    settings.settings.forget()
    began = clock.now()
    leave()
    load("maintain").handler({"task": "retention"}, Context(60))
    with epoch.unit(began), pytest.raises(AccountDeleted):
        run(database().flight(Actor(ALICE), store.create_if_absent(ALICE, clock.now())))


# ---- tokens that are obtained meanwhile -------------------------------------------------------------------------------------


@pytest.mark.parametrize("platform", ["facebook", "instagram", "linkedin", "tiktok"])
def test_a_grant_that_arrives_after_its_user_left_is_withdrawn_and_named(
    platforms: Platforms, monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    begun = Client().request("connect_callback", "POST", f"/v1/connections/{platform}/authorize", body={}).json
    # The callback claims its attempt, exchanges the code, and then saves: its last write.
    with meanwhile(monkeypatch, leaves, at=None) as watch:
        platforms.come_back(Client(), platform, begun["authorization_url"])
    leave()
    last = len(watch.points) - 1
    assert watch.points[last] == "before a write"
    begun = Client().request("connect_callback", "POST", f"/v1/connections/{platform}/authorize", body={}).json
    with meanwhile(monkeypatch, leaves, at=last) as watch:
        answer = platforms.come_back(Client(), platform, begun["authorization_url"])
    assert watch.happened and (answer.status, answer.json["error"]) == (200, "account_deleted")
    assert nothing_is_left(platforms.database)
    receipt = Client(None).request("profile", "GET", f"/v1/profile/deletion/{watch.result.code}").json
    (named,) = receipt["revocations"]
    can_be_withdrawn = platform != "instagram"
    assert (named["platform"], named["revoked"], named["advice"] is None) == (platform, can_be_withdrawn, can_be_withdrawn)
    assert receipt["state"] == ("completed" if can_be_withdrawn else "partial")
    if platform in ("linkedin", "tiktok"):
        assert working_tokens(platforms, platform) == 0


def test_confirming_while_leaving_connects_nothing(platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    handle = platforms.consent(client, "linkedin").json["pending_id"]
    account = client.request("connect_callback", "GET", f"/v1/connections/pending/{handle}").json["accounts"][0]["id"]
    path = f"/v1/connections/pending/{handle}/confirm"
    with meanwhile(monkeypatch, leaves, at=1) as watch:
        answer = client.request("connect_callback", "POST", path, body={"account_ids": [account]})
    assert watch.happened and watch.points[1] == "after a call"
    assert answer.status == 410, answer.text
    assert nothing_is_left(platforms.database)
    assert working_tokens(platforms, "linkedin") == 0
    assert [(r.platform, r.revoked) for r in watch.result.revocations] == [("linkedin", True)]


def test_a_token_refreshed_while_its_user_left_is_withdrawn_and_named(
    platforms: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    platforms.connect(Client(), "tiktok")
    platforms.database.execute("UPDATE platform_connections SET refresh_due_at = '2026-01-01T00:00:00.000000Z'")
    # Revoking is what would kill a token that the same grant gives later.
    platforms.fault(platform="tiktok", path="/oauth/revoke/", status=503, times=3)
    with meanwhile(monkeypatch, leaves, at=2) as watch, logged() as log:
        done = load("maintain").handler({"task": "refresh_tokens"}, Context(60))
    assert watch.points[:3] == ["before a write", "before a call", "after a call"]
    assert done["refreshed"] == 0 and "refresh_failed" not in log.getvalue()
    assert nothing_is_left(platforms.database)
    assert working_tokens(platforms, "tiktok") == 0
    receipt = Client(None).request("profile", "GET", f"/v1/profile/deletion/{watch.result.code}").json
    assert [(r["platform"], r["revoked"]) for r in receipt["revocations"]] == [("tiktok", False), ("tiktok", True)]


def test_a_token_refreshed_while_its_connection_was_removed_is_withdrawn(
    platforms: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    (connection,) = platforms.connect(Client(), "tiktok")
    platforms.database.execute("UPDATE platform_connections SET refresh_due_at = '2026-01-01T00:00:00.000000Z'")

    async def disconnects() -> None:
        gone = sql("DELETE FROM platform_connections WHERE user_id = :user_id AND id = :id", user_id=ALICE, id=connection["id"])
        await database().flight(Actor(ALICE), gone)

    with meanwhile(monkeypatch, disconnects, at=2):
        load("maintain").handler({"task": "refresh_tokens"}, Context(60))
    assert working_tokens(platforms, "tiktok") == 0


# ---- work that is under way -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("platform", ["facebook", "instagram", "linkedin", "tiktok"])
def test_nothing_goes_out_after_its_user_left(platforms: Platforms, monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    publisher = Publisher(platforms)
    body = publisher.body(platform)
    writes = [n for n, point in enumerate(_points(monkeypatch, publisher, body)) if point == "before a write"]
    assert len(writes) >= 3
    for number, at in enumerate(writes[:2]):
        platforms.world.reset()
        publisher = Publisher(platforms)
        with meanwhile(monkeypatch, leaves, at=at) as watch:
            answer = publisher.publish(f"k{number}", publisher.body(platform))
        assert watch.happened and answer.status == 410, answer.text
        assert platforms.posts(platform) == []
        assert nothing_is_left(platforms.database)


def _points(monkeypatch: pytest.MonkeyPatch, publisher: Publisher, body: dict[str, Any]) -> list[str]:
    with meanwhile(monkeypatch, leaves) as watch:
        assert publisher.publish("count", body).status in (201, 202)
    leave()
    return watch.points


def test_a_message_about_somebody_who_left_is_done_without_an_error(
    platforms: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher = Publisher(platforms)
    target = publisher.publish("k", publisher.body("linkedin")).json["targets"][0]
    platforms.database.force("UPDATE post_targets SET status = 'processing', next_check_at = created_at, lease_until = NULL")
    record = {"messageId": "m1", "body": json.dumps({"user_id": ALICE, "target_id": target["id"]})}
    with meanwhile(monkeypatch, leaves, at=0) as watch, logged() as log:
        assert load("publish").handler({"Records": [record]}, Context(60)) == {"batchItemFailures": []}
    assert watch.happened and "message_failed" not in log.getvalue()
    assert nothing_is_left(platforms.database)


# ---- any size ---------------------------------------------------------------------------------------------------------------


def small_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven rows make a window."""
    for name in ("SIZE", "LEAST", "MOST"):
        monkeypatch.setattr(windows, name, 7)


class Killed(BaseException):
    """Ends a process, as far as its work is concerned."""


def history(user_id: str, posts: int, readings: int) -> None:
    """Posts of a user with one target each and some readings of it."""
    at = clock.now()
    for n in range(posts):
        base = rows()
        post, target = {**base["posts"], "idempotency_key": f"k{n}"}, base["post_targets"]
        fly(
            insert("posts", user_id, **post),
            insert("post_targets", user_id, **target),
            *(
                insert("post_analytics", user_id, target_id=target["id"], polled_at=at + timedelta(hours=hour), views=hour)
                for hour in range(readings)
            ),
        )


def test_a_large_account_is_deleted_in_steps_with_exact_counts(deployment: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    small_windows(monkeypatch)
    history(ALICE, 10, 5)
    history(BOB, 3, 5)
    theirs = owned(deployment, BOB)
    mine = {table: number for table, number in owned(deployment, ALICE).items() if number}
    assert mine == {"posts": 10, "post_targets": 10, "post_analytics": 50}
    with meanwhile(monkeypatch, leaves) as watch:
        receipt = leave()
    assert receipt.status == 200 and len(watch.points) > 50 // 7
    assert {table: number for table, number in receipt.json["deleted"].items() if number} == mine
    assert nothing_is_left(deployment) and owned(deployment, BOB) == theirs


def test_what_does_not_fit_the_request_is_answered_202_and_ended_by_the_chore(
    deployment: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_windows(monkeypatch)
    history(ALICE, 10, 5)
    with monkeypatch.context() as hurried:
        hurried.setattr(departure, "PATIENCE_S", -1.0)
        first, second = leave(), leave()
    assert (first.status, first.json["state"], first.json["deleted_at"]) == (202, "deleting", None)
    assert first.headers["location"] == f"/v1/profile/deletion/{first.json['code']}"
    assert second.json["code"] == first.json["code"]
    read = Client(None).request("profile", "GET", first.headers["location"])
    assert (read.status, read.json["state"]) == (200, "deleting")
    assert first.json["code"] not in deployment.dump()
    done = load("maintain").handler({"task": "leaving"}, Context(60))
    assert (done["departures"], done["ended"]) == (1, 1)
    read = Client(None).request("profile", "GET", first.headers["location"])
    assert (read.json["state"], read.json["receipt_id"]) == ("completed", first.json["receipt_id"])
    assert (read.json["deleted"]["post_analytics"], read.json["deleted"]["posts"]) == (50, 10)
    assert nothing_is_left(deployment)
    assert deployment.fetch(f"SELECT COUNT(*) FROM {RECEIPTS}") == [(1,)]


@pytest.mark.parametrize("dies_at", range(9))
def test_a_deletion_that_dies_at_any_step_is_ended_with_the_same_counts(
    deployment: Store, monkeypatch: pytest.MonkeyPatch, dies_at: int
) -> None:
    small_windows(monkeypatch)
    history(ALICE, 8, 5)

    async def dies() -> None:
        raise Killed

    with meanwhile(monkeypatch, dies, at=dies_at), pytest.raises(Killed):
        leave()
    # Whoever died cannot let go: the lease runs out.
    deployment.execute("UPDATE departures SET lease_until = '2026-01-01T00:00:00.000000Z'")
    if deployment.fetch("SELECT COUNT(*) FROM departures") == [(0,)] and not deployment.fetch(f"SELECT id FROM {RECEIPTS}"):
        # It died before it was recorded, so nothing has happened.
        assert owned(deployment, ALICE)["post_analytics"] == 40
        assert leave().status == 200
    load("maintain").handler({"task": "leaving"}, Context(60))
    ((counts,),) = deployment.fetch(f"SELECT counts FROM {RECEIPTS}")
    assert {table: number for table, number in counts.items() if number} == {"posts": 8, "post_targets": 8, "post_analytics": 40}
    assert nothing_is_left(deployment)


def test_a_step_of_a_process_that_was_taken_for_dead_deletes_nothing_of_whoever_came_back(
    deployment: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    history(ALICE, 2, 1)

    async def another_ends_it_and_they_come_back() -> None:
        await database().flight(
            Actor(ALICE, leaving=True), sql("UPDATE departures SET lease_until = NULL WHERE user_id = :u", u=ALICE)
        )
        assert await departure.resume(clock.monotonic() + 20) == (1, 1)
        await asyncio.sleep(epoch.CLOCKS.total_seconds())
        with epoch.unit():
            await database().flight(Actor(ALICE), store.create_if_absent(ALICE, clock.now()))

    with meanwhile(monkeypatch, another_ends_it_and_they_come_back, at=1) as watch:
        receipt = leave()
    assert watch.happened and (receipt.status, receipt.json["deleted"]["posts"]) == (200, 2)
    assert owned(deployment, ALICE)["profiles"] == 1
    assert deployment.fetch(f"SELECT COUNT(*) FROM {RECEIPTS}") == [(1,)]


def test_a_code_that_was_never_given_finds_nothing(deployment: Store) -> None:
    assert Client(None).request("profile", "GET", "/v1/profile/deletion/unknown").status == 404
