"""Posts of one account that are due together share a row of due times, and none of them is lost or read twice for that."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from noillusion import db
from noillusion.analytics import asking, cadence, dispatch
from noillusion.db import Actor, Json, Statement, sql
from noillusion.publishing import metrics
from tests.api.test_analytics import (
    ALICE,
    NOW,
    Queue,
    TikTok,
    connected,
    get,
    insert,
    now,
    published,
    queue,
    rows,
    run,
    schedule,
    tiktok,
    work,
)

__all__ = ["now", "queue", "tiktok"]
pytestmark = pytest.mark.usefixtures("deployment")

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Clock = Callable[[datetime], None]


def shares() -> dict[str, list[str]]:
    """The key of each row of due times, and all targets of the row."""
    return {row["target_id"]: [row["target_id"], *row["other_target_ids"]] for row in rows("post_polls")}


def sizes() -> list[int]:
    return sorted(len(targets) for targets in shares().values())


def shared(connection: str, *targets: str, due: datetime = NOW, claimed: datetime | None = None) -> None:
    """One row of due times for targets that have none yet."""
    (first,) = run(sql("SELECT platform, published_at FROM post_targets WHERE id = :id", id=targets[0]))[0]
    row = {"id": str(uuid4()), "user_id": ALICE, "connection_id": connection, **first, "due_at": due, "claimed_until": claimed}
    insert("post_polls", {**row, "target_id": targets[0], "other_target_ids": Json(list(targets[1:]))})


def message(connection: str, *targets: str, claimed: datetime | None = None) -> dict[str, Any]:
    body = {"user_id": ALICE, "connection_id": connection, "target_ids": list(targets)}
    return body | ({"claimed_until": claimed.isoformat()} if claimed else {})


def read(queue: Queue) -> None:
    """Queue what is due, and read it."""
    queue.batches.clear()
    schedule()
    assert work(*queue.messages) == []


def next_readings(target: str) -> list[str | None]:
    (row,) = run(sql("SELECT post_id FROM post_targets WHERE id = :id", id=target))[0]
    return [each["next_reading_at"] for each in get(f"posts/{row['post_id']}").json["targets"]]


# ---- together


def test_S16_posts_that_are_due_together_share_a_row_and_a_message(tiktok: TikTok, queue: Queue, now: Clock) -> None:
    connection = connected()
    made = [published(connection, published_at=NOW - 3 * DAY + n * HOUR) for n in range(3)]
    assert sizes() == [1, 1, 1]
    read(queue)
    assert shares() == {made[2]: made[::-1]}
    due = cadence.next_reading(NOW, NOW - 2 * DAY, connection)
    assert due is not None
    assert {tuple(next_readings(target)) for target in made} == {(due.isoformat().replace("+00:00", "Z"),)}
    now(due)
    read(queue)
    assert [m["target_ids"] for m in queue.messages] == [made[::-1]] and len(tiktok.asked) == 2
    assert shares() == {made[2]: made[::-1]}


def test_S16_posts_of_other_intervals_and_accounts_have_rows_of_their_own(tiktok: TikTok, queue: Queue) -> None:
    ages = (timedelta(minutes=5), 2 * HOUR, 2 * DAY, 9 * DAY, 40 * DAY)
    # Ids decide the slots, and slots of two intervals can be the same time.
    ids = (f"00000000-0000-4000-8000-00000000000{n}" for n in (1, 2))
    connections = [connected(id=each) for each in ids]
    made = [[published(connection, published_at=NOW - age) for age in ages] for connection in connections]
    read(queue)
    assert shares() == {target: [target] for targets in made for target in targets}
    assert len(tiktok.asked) == 2


def test_S16_a_row_has_a_bound(tiktok: TikTok, queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "SHARE", 3)
    connection = connected()
    for _ in range(8):
        published(connection)
    read(queue)
    assert sizes() == [2, 3, 3]


def test_S16_what_is_too_old_leaves_its_row(tiktok: TikTok, queue: Queue, now: Clock) -> None:
    connection = connected()
    young, old = (published(connection, due=None, published_at=NOW - days * DAY) for days in (80, 91))
    shared(connection, young, old)
    read(queue)
    assert shares() == {young: [young]}


@pytest.mark.parametrize("earlier", [0, 1])
def test_the_next_reading_of_a_post_in_two_rows_is_the_earlier_one(earlier: int) -> None:
    connection = connected()
    made = [published(connection, due=None) for _ in range(3)]
    times = [NOW + HOUR, NOW + 2 * HOUR]
    shared(connection, *made[:2], due=times[earlier])
    shared(connection, *made[1:], due=times[1 - earlier])
    assert next_readings(made[1]) == ["2026-11-22T13:00:00Z"]


# ---- messages


@pytest.mark.parametrize("lost", [False, True])
def test_S16_a_row_that_two_messages_need_becomes_two(tiktok: TikTok, queue: Queue, now: Clock, lost: bool) -> None:
    connection = connected()
    made = [published(connection, due=None, published_at=NOW - 3 * DAY - n * HOUR) for n in range(45)]
    for first in range(0, 45, 15):
        shared(connection, *made[first : first + 15])
    assert schedule()["queued"] == 45
    assert [m["target_ids"] for m in queue.messages] == [made[:20], made[20:40], made[40:]]
    assert Counter(target for targets in shares().values() for target in targets) == Counter(made)
    if lost:
        now(NOW + dispatch.CLAIM)
        queue.batches.clear()
        assert schedule()["queued"] == 45
    assert work(*queue.messages) == []
    assert len(tiktok.asked) == 3 and len(rows("post_analytics")) == 45
    assert Counter(target for targets in shares().values() for target in targets) == Counter(made)


@pytest.mark.parametrize("again", [0, 20, 40])
def test_S16_a_row_that_names_a_post_twice_loses_none_when_it_is_divided(again: int, tiktok: TikTok, queue: Queue) -> None:
    """As rows do that readings met in. The next run asks for each post once."""
    connection = connected()
    made = [published(connection, due=None, published_at=NOW - 3 * DAY - n * HOUR) for n in range(50)]
    shared(connection, *made[: again or 20], made[again], *made[again or 20 :])
    read(queue)
    assert Counter(target for m in queue.messages for target in m["target_ids"]) == Counter(made)
    assert {row["target_id"] for row in rows("post_figures")} == set(made)
    assert Counter(target for targets in shares().values() for target in targets) == Counter(made)


def test_S16_rows_of_a_post_that_is_in_two_lose_none_when_both_are_divided(tiktok: TikTok, queue: Queue) -> None:
    """The second half of the first joins the second row, which is too long for its message as well."""
    connection = connected()
    made = [published(connection, due=None, published_at=NOW - 3 * DAY - n * HOUR) for n in range(45)]
    shared(connection, *made[:25])
    shared(connection, made[20], *made[25:])
    read(queue)
    assert {target for targets in shares().values() for target in targets} == set(made)


def test_S16_a_run_that_dies_before_it_sends_loses_nothing(
    tiktok: TikTok, queue: Queue, now: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = connected()
    made = [published(connection, due=None) for _ in range(25)]
    shared(connection, *made)
    divide = metrics.divide

    def dies(*given: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(metrics, "divide", dies)
    with pytest.raises(KeyboardInterrupt):
        schedule()
    monkeypatch.setattr(metrics, "divide", divide)
    assert schedule()["queued"] == 0
    now(NOW + dispatch.CLAIM)
    read(queue)
    assert len(rows("post_analytics")) == 25 and Counter(t for ts in shares().values() for t in ts) == Counter(made)


def test_a_message_that_names_only_the_key_leaves_the_others_due(tiktok: TikTok, queue: Queue) -> None:
    """As the version before this one sends it while it is being replaced."""
    connection, until = connected(), NOW + dispatch.CLAIM
    made = [published(connection, due=None) for _ in range(3)]
    shared(connection, *made, claimed=until)
    work(message(connection, made[0], claimed=until))
    assert {row["target_id"] for row in rows("post_figures")} == {made[0]}
    assert sizes() == [1, 2]
    read(queue)
    assert {row["target_id"] for row in rows("post_figures")} == set(made) and len(tiktok.asked) == 2
    assert Counter(target for targets in shares().values() for target in targets) == Counter(made)


def test_a_message_whose_claim_is_over_reads_nothing_and_moves_nothing(tiktok: TikTok) -> None:
    connection = connected()
    made = [published(connection, due=None) for _ in range(2)]
    shared(connection, *made, claimed=NOW + dispatch.CLAIM)
    work(message(connection, *made, claimed=NOW))
    assert tiktok.asked == [] and sizes() == [2] and rows("post_polls")[0]["claimed_until"] == NOW + dispatch.CLAIM


# ---- deletions


DELETIONS = {
    "the row": "DELETE FROM post_targets WHERE id IN ({ids})",
    "the post": "DELETE FROM posts WHERE id IN (SELECT post_id FROM post_targets WHERE id IN ({ids}))",
    "at the platform": "UPDATE post_targets SET deleted_at = '2026-11-22T12:00:00.000000Z' WHERE id IN ({ids})",
}


def deletion(how: str, *targets: str) -> Statement:
    ids = ", ".join(f"'{target}'" for target in targets)
    return sql(DELETIONS[how].format(ids=ids))


def delete(how: str, *targets: str) -> None:
    run(deletion(how, *targets))


@pytest.mark.parametrize("gone", [{0}, {1}, {0, 1}, {2}, {0, 1, 2}])
@pytest.mark.parametrize("how", DELETIONS)
def test_S16_a_post_that_is_deleted_leaves_its_row_and_the_others_stay(
    gone: set[int], how: str, tiktok: TikTok, queue: Queue
) -> None:
    connection = connected()
    made = [published(connection, due=None, published_at=NOW - 3 * DAY - n * HOUR) for n in range(3)]
    shared(connection, *made)
    delete(how, *(made[n] for n in sorted(gone)))
    left = [target for n, target in enumerate(made) if n not in gone]
    assert shares() == ({left[0]: left} if left else {})
    read(queue)
    assert sum(map(len, tiktok.asked)) == len(left)
    assert {row["target_id"] for row in rows("post_figures")} == set(left)


def test_S16_a_post_deleted_while_its_message_waits_is_not_read_and_the_others_are(tiktok: TikTok, queue: Queue) -> None:
    connection = connected()
    made = [published(connection, due=None, published_at=NOW - 3 * DAY - n * HOUR) for n in range(3)]
    shared(connection, *made)
    schedule()
    delete("the row", made[0])
    assert work(*queue.messages) == []
    assert {row["target_id"] for row in rows("post_figures")} == set(made[1:]) and shares() == {made[1]: made[1:]}


def test_S16_a_row_of_posts_that_are_all_gone_ends(tiktok: TikTok, queue: Queue) -> None:
    connection = connected()
    made = [published(connection, due=None) for _ in range(2)]
    shared(connection, *made)
    schedule()
    delete("the row", *made)
    assert work(*queue.messages) == []
    assert shares() == {} and tiktok.asked == []


def test_history_goes_with_its_post(tiktok: TikTok, queue: Queue) -> None:
    connection = connected()
    one, other = published(connection), published(connection)
    read(queue)
    delete("the post", one)
    assert {row["target_id"] for table in ("post_analytics", "post_figures") for row in rows(table)} == {other}


# ---- meanwhile


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let something be written to the database while the platform answers."""
    ask = asking.ask

    def write(*statements: Statement) -> None:
        async def asked(*given: Any, **named: Any) -> Any:
            await db.database().flight(Actor(ALICE), *statements)
            return await ask(*given, **named)

        monkeypatch.setattr(asking, "ask", asked)

    return write


@pytest.mark.parametrize("together", [True, False])
def test_S16_a_reading_whose_claim_ends_meanwhile_takes_no_post_out_of_a_row(
    together: bool, tiktok: TikTok, meanwhile: Callable[..., None]
) -> None:
    """Another message took its row over and put a third post into it."""
    connection, until = connected(), NOW + dispatch.CLAIM
    made = [published(connection, due=None, published_at=NOW - 3 * DAY - n * HOUR) for n in range(3)]
    for row in [made[:2]] if together else [made[:1], made[1:2]]:
        shared(connection, *row, claimed=until)
    theirs = made if together else made[1:]
    meanwhile(*metrics.arrange(ALICE, {NOW + 6 * HOUR: theirs}, theirs, theirs, NOW))
    assert work(message(connection, *made[:2], claimed=until)) == []
    assert {target for targets in shares().values() for target in targets} == set(made)


@pytest.mark.parametrize("gone", [{0}, {1}, {0, 1, 2}])
@pytest.mark.parametrize("how", DELETIONS)
def test_S16_a_post_deleted_during_its_reading_is_read_no_more_and_the_others_once(
    gone: set[int], how: str, tiktok: TikTok, queue: Queue, now: Clock, meanwhile: Callable[..., None]
) -> None:
    connection = connected()
    made = [published(connection, due=None, published_at=NOW - 3 * DAY - n * HOUR) for n in range(3)]
    shared(connection, *made)
    schedule()
    meanwhile(deletion(how, *(made[n] for n in gone)))
    work(*queue.messages)
    left = {target for n, target in enumerate(made) if n not in gone}
    assert Counter(target for targets in shares().values() for target in targets if target in left) == Counter(left)
    assert shares().keys() <= left


@pytest.mark.parametrize("gone", range(4))
def test_S16_a_post_deleted_during_its_reading_costs_no_other_its_reading(
    gone: int, tiktok: TikTok, queue: Queue, now: Clock, meanwhile: Callable[..., None]
) -> None:
    connection = connected()
    made = [published(connection, due=None, published_at=NOW - 3 * DAY - n * HOUR) for n in range(4)]
    shared(connection, *made)
    schedule()
    meanwhile(deletion("the row", made[gone]))
    work(*queue.messages)
    left = {target for n, target in enumerate(made) if n != gone}
    assert {row["target_id"] for row in rows("post_figures")} == left


# ---- anything


@pytest.mark.parametrize("seed", range(4))
def test_S16_whatever_happens_each_post_has_one_due_time_and_is_read_at_it(
    seed: int, tiktok: TikTok, queue: Queue, now: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Posts appear and go, messages are lost or come twice, and time passes: no post is in two rows, and none is forgotten."""
    monkeypatch.setattr(metrics, "SHARE", 4)
    chance, moment = random.Random(seed), NOW
    connections = [connected() for _ in range(2)]
    live: dict[str, datetime] = {}
    for _ in range(60):
        moment += chance.choice((timedelta(minutes=5), timedelta(minutes=31), HOUR, 7 * HOUR, 3 * DAY))
        now(moment)
        for _ in range(chance.randrange(4)):
            live[published(chance.choice(connections), published_at=moment, due=moment)] = moment
        for target in chance.sample(sorted(live), k=min(len(live), chance.choice((0, 0, 1, 2)))):
            delete(chance.choice(sorted(DELETIONS)), target)
            del live[target]
        queue.batches.clear()
        schedule()
        messages = [m for m in queue.messages if chance.random() > 0.2]
        work(*messages, *(m for m in messages if chance.random() < 0.2))
        named = Counter(target for targets in shares().values() for target in targets)
        assert set(named.values()) <= {1} and named.keys() <= live.keys()
        assert {target for target, at in live.items() if moment - at < 90 * DAY} <= named.keys()
    # What was lost on the way is due again, and then everything has been read.
    now(moment + dispatch.CLAIM)
    read(queue)
    assert {row["target_id"] for row in rows("post_figures")} >= live.keys()
    last = {row["target_id"]: row["read_at"] for row in rows("post_figures")}
    due = {target: row["due_at"] for row in rows("post_polls") for target in (row["target_id"], *row["other_target_ids"])}
    assert all(due[target] > moment + dispatch.CLAIM and last[target] <= moment + dispatch.CLAIM for target in due)
