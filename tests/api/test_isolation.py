"""H5: nobody waits for another's platform, account or broken row when figures are read."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from noillusion.analytics import circuits, dispatch
from noillusion.core import clock, loop
from noillusion.db import WORKER, database
from tests.api.harness import Context, load
from tests.api.test_analytics import (
    ALICE,
    BOB,
    NOW,
    Queue,
    TikTok,
    connected,
    now,
    one,
    published,
    queue,
    refusing,
    rows,
    schedule,
    tiktok,
    work,
)
from tests.support.databases import Store

__all__ = ["now", "queue", "tiktok"]
pytestmark = pytest.mark.usefixtures("deployment")

Answer = Callable[[httpx.Request], httpx.Response]
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("noillusion.flows.runner.BACKOFF_S", 0.001)


class Counted:
    """An answer of a platform, and how often it was asked for."""

    def __init__(self, answer: Answer) -> None:
        self.answer, self.asked = answer, 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        return self.answer(request)


def hangs(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("no answer", request=request)


def due_of(target: str) -> datetime:
    (row,) = [row for row in rows("post_polls") if target in (row["target_id"], *row["other_target_ids"])]
    moment = row["due_at"]
    return moment if isinstance(moment, datetime) else datetime.fromisoformat(moment)


def message(connection: str, *targets: str, user: str = ALICE, **more: Any) -> dict[str, Any]:
    return {"user_id": user, "connection_id": connection, "target_ids": list(targets), **more}


def several(count: int, user: str = ALICE) -> list[tuple[str, str]]:
    """Connections with one due target each."""
    made = [connected(user) for _ in range(count)]
    return [(connection, published(connection, user)) for connection in made]


def circuit() -> circuits.Circuit | None:
    known = circuits.every()
    return loop.run(database().flight(WORKER, known)).first(known)


def break_it(tiktok: TikTok) -> None:
    """Let as many connections fail as open the circuit."""
    tiktok.answer = hangs
    work(*(message(connection, target) for connection, target in several(circuits.LIMIT)))
    found = circuit()
    assert found is not None and found.is_open(NOW)


# ---- a platform that hangs or is down


def test_H5_a_platform_that_hung_a_moment_ago_is_asked_once(tiktok: TikTok) -> None:
    tiktok.answer = counted = Counted(hangs)
    ((connection, target),) = several(1)
    work(message(connection, target))
    assert counted.asked == 1


def test_H5_a_passing_failure_is_repeated_only_while_nobody_else_met_one(tiktok: TikTok) -> None:
    tiktok.answer = counted = Counted(refusing(503, "internal_error"))
    (first, one_target), (second, other_target) = several(2)
    work(message(first, one_target))
    assert counted.asked == 3
    work(message(second, other_target))
    assert counted.asked == 4


@pytest.mark.parametrize("answer", [hangs, refusing(503, "internal_error"), lambda _: httpx.Response(502, text="<html>")])
def test_H5_after_failures_of_different_accounts_nobody_asks_the_platform(tiktok: TikTok, answer: Answer) -> None:
    tiktok.answer = counted = Counted(answer)
    made = several(circuits.LIMIT + 1)
    for connection, target in made[:-1]:
        work(message(connection, target))
    found, asked = circuit(), counted.asked
    assert found is not None and found.open_until == NOW + circuits.SHORTEST
    connection, target = made[-1]
    work(message(connection, target))
    assert counted.asked == asked
    # Nothing is recorded that nobody read, and it is due when the circuit's time is over.
    assert target not in {row["target_id"] for table in ("post_analytics", "post_figures") for row in rows(table)}
    assert due_of(target) == found.open_until


def test_H5_one_account_alone_never_keeps_the_others_from_being_read(tiktok: TikTok) -> None:
    tiktok.answer = hangs
    connection = connected()
    for _ in range(3 * circuits.LIMIT):
        work(message(connection, published(connection)))
    found = circuit()
    assert found is not None and (found.failures, found.open_until) == (1, None)


def test_H5_an_answer_ends_the_row_of_failures_and_a_refusal_is_an_answer(tiktok: TikTok) -> None:
    tiktok.answer = hangs
    made = several(circuits.LIMIT + 1)
    for connection, target in made[:3]:
        work(message(connection, target))
    tiktok.answer = refusing(403, "scope_not_authorized")
    work(message(made[3][0], made[3][1]))
    found = circuit()
    assert found is not None and found.failures == 0


def test_H5_nothing_is_queued_for_an_open_circuit_and_others_go_on(tiktok: TikTok, queue: Queue) -> None:
    other = connected(BOB, "linkedin", due=NOW)
    target = published(other, BOB, "linkedin", kind="text")
    account = connected(due=NOW - MINUTE)
    published(account)
    break_it(tiktok)
    schedule()
    assert {each["connection_id"] for each in queue.messages} == {other}
    assert {id for each in queue.messages for id in each.get("target_ids", ())} == {target}


def test_H5_when_its_time_is_over_a_few_targets_ask_and_an_answer_closes_it(
    tiktok: TikTok, queue: Queue, now: Callable[[datetime], None]
) -> None:
    break_it(tiktok)
    several(30)
    later = NOW + circuits.SHORTEST + MINUTE
    now(later)
    schedule()
    probes = queue.messages
    assert 1 <= len(probes) <= circuits.PROBES and all(each["probe"] is True for each in probes)
    tiktok.answer = None
    work(*probes)
    found = circuit()
    assert found is not None and (found.failures, found.open_until, found.closed_at) == (0, None, later)


def test_H5_a_probe_in_vain_opens_it_for_longer(tiktok: TikTok, queue: Queue, now: Callable[[datetime], None]) -> None:
    break_it(tiktok)
    several(30)
    lengths, moment = [], NOW
    for _ in range(5):
        found = circuit()
        assert found is not None and found.open_until is not None
        lengths.append(found.open_until - moment)
        moment = found.open_until + timedelta(seconds=1)
        now(moment)
        queue.batches.clear()
        schedule()
        work(*queue.messages[:1])
    assert lengths == sorted(lengths) and lengths[0] == circuits.SHORTEST and lengths[-1] == circuits.LONGEST


def test_H5_what_waited_is_queued_in_growing_parts_after_an_outage(
    tiktok: TikTok, queue: Queue, now: Callable[[datetime], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "MOST_PER_RUN", 60)
    break_it(tiktok)
    connection = connected()
    for _ in range(200):
        published(connection)
    tiktok.answer = None
    start = NOW + circuits.SHORTEST + MINUTE
    queued = []
    for run in range(6):
        now(start + run * 5 * MINUTE)
        queue.batches.clear()
        schedule()
        queued.append(sum(len(each["target_ids"]) for each in queue.messages))
        work(*queue.messages)
    assert queued[0] <= circuits.PROBES and queued[1:] == [10, 20, 30, 40, 50]


# ---- a user with very much


def test_H5_a_user_with_very_much_due_neither_fills_a_run_nor_stands_before_the_others(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "PAGE", 100)
    monkeypatch.setattr(dispatch, "MOST_PER_USER", 300)
    monkeypatch.setattr(dispatch, "AT_ONCE", 5)
    large = connected()
    post = None
    for position in range(500):
        target = published(
            large, published_at=NOW - timedelta(days=2), **({"post_id": post, "position": position} if post else {})
        )
        post = post or one("post_targets", target)["post_id"]
    others = several(20, BOB)
    sent: list[tuple[str, int]] = []
    send = queue.send_message_batch

    def remembered(QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:
        sent.extend((entry["MessageBody"], entry.get("DelaySeconds", 0)) for entry in Entries)
        return send(QueueUrl, Entries)

    monkeypatch.setattr(queue, "send_message_batch", remembered)
    schedule()
    by_user = Counter[str]()
    for each in queue.messages:
        by_user[each["user_id"]] += len(each["target_ids"])
    # The page with which the bound is reached is kept.
    assert by_user[BOB] == len(others) and 300 <= by_user[ALICE] < 300 + dispatch.PAGE
    delays = sorted(delay for body, delay in sent if large in body)
    assert delays == [0] * 6 + list(range(1, len(delays) - 5))
    # What was left is still due, and the next run takes it.
    queue.batches.clear()
    schedule()
    assert sum(len(each["target_ids"]) for each in queue.messages) == 500 - by_user[ALICE]


# ---- time and broken rows


def test_H5_nothing_begins_in_the_last_seconds_and_all_of_it_is_due_again(tiktok: TikTok) -> None:
    made = several(5)
    records = [
        {"messageId": str(n), "body": json.dumps(message(connection, target))} for n, (connection, target) in enumerate(made)
    ]
    began = clock.monotonic()
    answer = load("analytics_poll").handler({"Records": records}, Context(8))
    assert clock.monotonic() - began < 5 and answer == {"batchItemFailures": []}
    assert tiktok.asked == [] and rows("post_figures") == []
    assert {due_of(target) for _, target in made} == {NOW}


@pytest.fixture
def poisoned(deployment: Store) -> Iterator[Callable[[str], None]]:
    """Lets the database refuse good figures of a target."""

    def poison(target: str) -> None:
        when = f"NEW.target_id = '{target}' AND NEW.views IS NOT NULL"
        if deployment.engine == "sqlite":
            text = f"CREATE TRIGGER poison BEFORE INSERT ON post_figures WHEN {when} BEGIN SELECT RAISE(ABORT, 'no'); END"
        else:
            deployment.execute(
                "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$"
            )
            text = f"CREATE TRIGGER poison BEFORE INSERT ON post_figures FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION refuse()"
        deployment.execute(text)

    yield poison
    deployment.execute("DROP TRIGGER poison" if deployment.engine == "sqlite" else "DROP FUNCTION refuse() CASCADE")


def test_H5_a_reading_that_cannot_be_written_costs_no_other_and_its_message_does_not_come_back(
    tiktok: TikTok, poisoned: Callable[[str], None]
) -> None:
    connection = connected()
    targets = [published(connection) for _ in range(9)]
    poisoned(targets[4])
    assert work(message(connection, *targets)) == []
    figures = {row["target_id"]: (row["views"], row["reason"]) for row in rows("post_figures")}
    assert figures == {**dict.fromkeys(targets, (10, None)), targets[4]: (None, "internal")}
    assert all(due_of(target) > NOW for target in targets)


def test_H5_a_count_that_no_database_takes_is_none(tiktok: TikTok) -> None:
    def absurd(request: httpx.Request) -> httpx.Response:
        videos = [{"id": "1", "view_count": 10**30, "like_count": 3}]
        return httpx.Response(200, json={"data": {"videos": videos}, "error": {"code": "ok"}})

    tiktok.answer = absurd
    connection = connected()
    target = published(connection, platform_post_id="1")
    assert work(message(connection, target)) == []
    assert [(row["views"], row["likes"]) for row in rows("post_figures") if row["target_id"] == target] == [(None, 3)]


def test_H5_a_message_that_fails_comes_to_the_dead_letters_and_its_work_is_due_once_after_its_claim(
    tiktok: TikTok, queue: Queue, deployment: Store, now: Callable[[datetime], None]
) -> None:
    connection = connected()
    target = published(connection)
    schedule()
    (claimed,) = queue.messages
    queue.batches.clear()
    deployment.execute("ALTER TABLE post_figures RENAME TO away")
    try:
        assert [work(claimed) for _ in range(3)] == [["0"]] * 3
        schedule()
        assert queue.messages == []
    finally:
        deployment.execute("ALTER TABLE away RENAME TO post_figures")
    now(NOW + dispatch.CLAIM + MINUTE)
    schedule()
    assert [each["target_ids"] for each in queue.messages] == [[target]]
    # The dead letter, put back by somebody, finds its work moved on.
    assert work(claimed) == []
    assert tiktok.asked == []
