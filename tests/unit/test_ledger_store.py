"""The ledger's statements, one by one: a target moves only in its owner's hands, and only from where it may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from noillusion.core import loop
from noillusion.db import WORKER, Actor, Flight, Statement, database, sql
from noillusion.publishing import ledger_store, metrics
from noillusion.publishing.rows import OpenState, Outcome
from tests.support.rows import insert, rows

pytestmark = pytest.mark.usefixtures("deployment")

ALICE, BOB = "auth0|alice", "auth0|bob"
NOW = datetime.fromisoformat("2026-11-26T12:00:00+00:00")
SECOND = timedelta(seconds=1)
OPEN = ("pending", "preparing", "committing", "processing", "unknown")
SETTLED = ("published", "delivered_to_inbox", "failed", "canceled", "missed")
OWNER = str(uuid4())
UNKNOWN = OpenState(
    status="unknown",
    error_class="transient",
    error_code="outcome_unknown",
    platform_code="no_answer",
    next_check_at=NOW + SECOND,
    forget=False,
    unsent=False,
)
PROCESSING = OpenState(
    status="processing",
    error_class=None,
    error_code=None,
    platform_code=None,
    next_check_at=NOW + SECOND,
    forget=False,
    unsent=True,
)
FAILED = Outcome(status="failed", handles={}, error_class="transient", error_code="transient", platform_code="http_503")


def published(target_id: str) -> Outcome:
    return Outcome(status="published", handles={}, accepted_id=target_id, platform_post_id=f"p-{target_id}", published_at=NOW)


Move = Callable[[str, str, str], Statement]
MOVES: dict[str, Move] = {
    "committing": lambda user, target, owner: ledger_store.committing(user, target, owner, NOW, 250),
    "not committed": lambda user, target, owner: ledger_store.not_committed(user, target, owner, NOW),
    "handles": lambda user, target, owner: ledger_store.keep_handles(user, target, owner, {"photo_id": "5"}, None, NOW),
    "settled": lambda user, target, owner: ledger_store.settle(user, target, owner, published(target), NOW),
    "left open": lambda user, target, owner: ledger_store.leave_open(user, target, owner, UNKNOWN, NOW),
}
FROM = dict.fromkeys(MOVES, OPEN) | {"not committed": ("committing", "processing", "unknown")}


def fly(*statements: Statement, user_id: str = ALICE) -> Flight:
    return loop.run(database().flight(Actor(user_id), *statements))


def target(user_id: str = ALICE, **columns: Any) -> str:
    """A target of an own post, in the hands of :data:`OWNER`, connected as long as it is open; its id."""
    post, target_id = str(uuid4()), str(uuid4())
    connection = rows()["platform_connections"] | {"platform": "facebook", "account_id": target_id}
    plain = rows()["post_targets"] | {"id": target_id, "post_id": post, "platform": "facebook", "account_id": "101"}
    held: dict[str, Any] = {"lease_owner": OWNER, "lease_until": NOW, "next_check_at": NOW, "committing_at": NOW}
    if columns.get("status") in ("published", "delivered_to_inbox"):
        held |= {"accepted_id": target_id, "published_at": NOW}
    if columns.get("status") == "failed":
        held |= {"error_class": "transient"}
    if columns.get("status", "committing") in OPEN:
        held |= {"connection_id": connection["id"]}
    fly(
        insert("platform_connections", user_id, **connection),
        insert("posts", user_id, id=post, idempotency_key=post),
        insert("post_targets", user_id, **{**plain, "status": "committing", **held, **columns}),
        user_id=user_id,
    )
    return target_id


def stored(target_id: str) -> dict[str, Any]:
    return fly(sql("SELECT * FROM post_targets WHERE id = :id", id=target_id))[0][0]


def moved(move: Move, target_id: str, user_id: str = ALICE, owner: str = OWNER) -> bool:
    """Whether a statement moves a target. If it does not, it changes nothing."""
    before, statement = stored(target_id), move(user_id, target_id, owner)
    number = fly(statement, user_id=user_id).number_of(statement)
    assert number in (0, 1) and (number == 1 or stored(target_id) == before)
    return number == 1


# ---- who may move a target, and from where


@pytest.mark.parametrize("name", MOVES)
def test_a_target_moves_in_the_hands_of_its_leases_owner_only(name: str) -> None:
    mine, other, bobs = target(), target(lease_owner=str(uuid4())), target(BOB)
    assert not moved(MOVES[name], other)
    assert not moved(MOVES[name], bobs)
    assert moved(MOVES[name], mine)
    assert not moved(MOVES[name], target(lease_owner=None))


@pytest.mark.parametrize("name", MOVES)
def test_one_target_moves_and_not_its_neighbour(name: str) -> None:
    mine, neighbour = target(), target()
    before = stored(neighbour)
    assert moved(MOVES[name], mine)
    assert stored(neighbour) == before


@pytest.mark.parametrize("name", MOVES)
def test_B10_a_target_moves_from_what_is_open_and_never_from_what_is_settled(name: str) -> None:
    can = tuple(status for status in (*OPEN, *SETTLED) if moved(MOVES[name], target(status=status)))
    assert set(can) == set(FROM[name])


def test_a_post_that_the_platform_has_is_never_called_not_committed() -> None:
    assert not moved(MOVES["not committed"], target(status="unknown", accepted_id="a1"))


# ---- what a move writes


def test_a_commit_is_recorded_with_its_time_and_the_platforms_clock() -> None:
    mine = target(status="preparing", committing_at=None)
    assert moved(MOVES["committing"], mine)
    row = stored(mine)
    assert (row["status"], row["committing_at"], row["platform_ahead_ms"], row["updated_at"]) == ("committing", NOW, 250, NOW)


def test_no_commit_leaves_for_an_account_that_is_not_connected() -> None:
    assert not moved(MOVES["committing"], target(status="preparing", connection_id=None))


def test_after_a_commit_that_did_nothing_nothing_counts_as_sent() -> None:
    mine = target()
    assert moved(MOVES["not committed"], mine)
    row = stored(mine)
    assert (row["status"], row["committing_at"], row["lease_owner"]) == ("preparing", None, OWNER)


@pytest.mark.parametrize(
    ("status", "accepted", "then"),
    [
        ("pending", None, "preparing"),
        ("preparing", None, "preparing"),
        ("committing", None, "committing"),
        ("unknown", None, "unknown"),
        ("pending", "a1", "processing"),
        ("committing", "a1", "processing"),
        ("unknown", "a1", "processing"),
    ],
)
def test_handles_are_kept_and_an_accepted_post_is_at_work(status: str, accepted: str | None, then: str) -> None:
    mine = target(status=status)
    assert moved(
        lambda user, target, owner: ledger_store.keep_handles(user, target, owner, {"photo_id": "5"}, accepted, NOW), mine
    )
    row = stored(mine)
    assert (row["status"], row["handles"], row["accepted_id"]) == (then, {"photo_id": "5"}, accepted)


def test_an_accepted_id_is_not_lost_with_later_handles() -> None:
    mine = target(status="processing", accepted_id="a1")
    assert moved(MOVES["handles"], mine)
    assert (stored(mine)["accepted_id"], stored(mine)["status"]) == ("a1", "processing")


def test_an_outcome_is_written_whole_and_ends_lease_look_and_fingerprint() -> None:
    mine = target(text_fingerprint="print")
    outcome = Outcome(
        status="failed",
        handles={"photo_id": "5"},
        error_class="rate_limit",
        error_code="rate_limit",
        platform_code="4",
        retry_after_at=NOW + SECOND,
    )
    assert moved(lambda user, target, owner: ledger_store.settle(user, target, owner, outcome, NOW), mine)
    row = stored(mine)
    assert row["handles"] == {"photo_id": "5"} and row["retry_after_at"] == NOW + SECOND
    assert (row["status"], row["error_class"], row["error_code"], row["platform_code"]) == (
        "failed", "rate_limit", "rate_limit", "4",
    )  # fmt: skip
    assert [row[name] for name in ("text_fingerprint", "lease_owner", "lease_until", "next_check_at")] == [None] * 4


def test_a_publication_is_written_with_its_ids_and_times() -> None:
    mine = target(error_class="transient", error_code="outcome_unknown", platform_code="no_answer")
    outcome = Outcome(
        status="published",
        handles={},
        accepted_id="a1",
        platform_post_id="p1",
        permalink="https://x.test/p1",
        published_at=NOW,
    )
    assert moved(lambda user, target, owner: ledger_store.settle(user, target, owner, outcome, NOW), mine)
    row = stored(mine)
    assert (row["accepted_id"], row["platform_post_id"], row["permalink"]) == ("a1", "p1", "https://x.test/p1")
    assert row["published_at"] == NOW
    assert [row[name] for name in ("error_class", "error_code", "platform_code", "retry_after_at")] == [None] * 4


def test_an_outcome_without_ids_keeps_those_that_are_known() -> None:
    mine = target(accepted_id="a1", platform_post_id="p1", permalink="https://x.test/p1")
    assert moved(lambda user, target, owner: ledger_store.settle(user, target, owner, FAILED, NOW), mine)
    row = stored(mine)
    assert (row["accepted_id"], row["platform_post_id"], row["permalink"]) == ("a1", "p1", "https://x.test/p1")


def test_what_stays_open_says_why_and_when_to_look_again() -> None:
    mine = target(text_fingerprint="print", checks=2)
    assert moved(MOVES["left open"], mine)
    row = stored(mine)
    assert (row["status"], row["error_class"], row["error_code"], row["platform_code"]) == (
        "unknown", "transient", "outcome_unknown", "no_answer",
    )  # fmt: skip
    assert (row["next_check_at"], row["checks"], row["lease_owner"], row["lease_until"]) == (NOW + SECOND, 3, None, None)
    assert (row["text_fingerprint"], row["committing_at"]) == ("print", NOW)


def test_a_commit_that_was_refused_for_now_counts_as_not_sent() -> None:
    mine = target(text_fingerprint="print")
    assert moved(lambda user, target, owner: ledger_store.leave_open(user, target, owner, PROCESSING, NOW), mine)
    assert (stored(mine)["committing_at"], stored(mine)["text_fingerprint"]) == (None, "print")


# ---- leases


def leased(target_id: str, user_id: str = ALICE, now: datetime = NOW) -> bool:
    """Whether a target is taken up."""
    statements = ledger_store.lease(user_id, target_id, str(uuid4()), now, now + 60 * SECOND)
    return fly(*statements, user_id=user_id).number_of(statements[0]) == 1


def test_a_target_is_taken_up_only_once_its_lease_is_over() -> None:
    mine = target()
    assert not leased(mine, now=NOW - SECOND)
    assert not leased(mine, now=NOW), "a lease lasts until its last instant"
    assert leased(mine, now=NOW + SECOND)
    assert not leased(mine, now=NOW + SECOND)
    assert stored(mine)["next_check_at"] == stored(mine)["lease_until"] == NOW + 61 * SECOND


def test_only_an_own_open_target_that_is_to_be_looked_at_is_taken_up() -> None:
    free: dict[str, Any] = {"lease_owner": None, "lease_until": None}
    assert {status for status in (*OPEN, *SETTLED) if leased(target(status=status, **free))} == set(OPEN)
    assert not leased(target(next_check_at=None, **free))
    assert not leased(target(BOB, **free))
    mine, neighbour = target(**free), target(**free)
    assert leased(mine)
    assert stored(neighbour)["lease_owner"] is None


# ---- what other targets hold


def recorded(ours: str, *ids: str) -> set[tuple[str | None, str | None]]:
    statement = ledger_store.recorded_posts("facebook", "101", ours, ids)
    posts = loop.run(database().flight(WORKER, statement))[statement]
    return {(post.platform_post_id, post.accepted_id) for post in posts}


def test_posts_that_other_targets_of_the_account_hold_are_known_by_either_id() -> None:
    ours = target(accepted_id="own")
    target(BOB, platform_post_id="public")
    target(accepted_id="accepted")
    target(account_id="102", accepted_id="of another page")
    target(platform="instagram", accepted_id="of another platform")
    asked = ("own", "public", "accepted", "of another page", "of another platform", "nobody's")
    assert recorded(ours, *asked) == {("public", None), (None, "accepted")}
    assert recorded(ours, "nobody's") == set()


def commits(ours: str, since: datetime = NOW) -> list[str]:
    statement = ledger_store.open_commits("facebook", "101", ours, since)
    return [commit.id for commit in loop.run(database().flight(WORKER, statement))[statement]]


def test_other_commits_without_a_post_are_those_of_the_account_since_an_instant_the_latest_first() -> None:
    ours = target()
    first, second = target(BOB, status="unknown"), target(committing_at=NOW + SECOND)
    inbox = target(status="delivered_to_inbox", committing_at=NOW + 2 * SECOND)
    target(committing_at=NOW - SECOND)
    target(committing_at=None)
    target(account_id="102")
    target(platform="instagram")
    target(status="published", platform_post_id="p1")
    for status in ("failed", "canceled", "missed"):
        target(status=status)
    assert commits(ours) == [inbox, second, first]


def test_other_commits_are_asked_for_in_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_store, "COMMITS_AT_MOST", 1)
    ours, _, latest = target(), target(), target(committing_at=NOW + SECOND)
    assert commits(ours) == [latest]


def test_a_notification_finds_the_target_that_was_accepted_under_its_id() -> None:
    mine = target(accepted_id="a1")
    target(accepted_id="a2")
    target(accepted_id="a1", platform="instagram")
    statement = ledger_store.by_accepted_id("facebook", "a1")
    assert [row.id for row in loop.run(database().flight(WORKER, statement))[statement]] == [mine]


def test_a_public_id_is_recorded_once_and_begins_the_measuring() -> None:
    connection = rows()["platform_connections"] | {"platform": "facebook", "account_id": "101"}
    fly(insert("platform_connections", ALICE, **connection))
    connected: dict[str, Any] = {"connection_id": connection["id"], "status": "published"}
    mine, measured, left, bobs = (
        target(**connected),
        target(**connected),
        target(status="published"),
        target(BOB, status="published"),
    )
    gone = target(**connected, deleted_at=NOW)
    fly(metrics.begin_with_id(ALICE, measured, NOW - SECOND))
    for target_id in (mine, measured, left, gone, bobs):
        fly(metrics.begin_with_id(ALICE, target_id, NOW), ledger_store.set_public_id(ALICE, target_id, f"p-{target_id}", NOW))
    fly(metrics.schedule(ALICE, [mine], NOW + SECOND))
    fly(metrics.begin_with_id(ALICE, mine, NOW), ledger_store.set_public_id(ALICE, mine, "another", NOW))
    assert stored(mine)["platform_post_id"] == f"p-{mine}"
    due = fly(sql("SELECT target_id, due_at FROM post_polls"))[0]
    assert {row["target_id"]: row["due_at"] for row in due} == {mine: NOW + SECOND, measured: NOW - SECOND}
    assert stored(bobs)["platform_post_id"] is None
