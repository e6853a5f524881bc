"""The ledger of one target: nothing is sent once its lease is lost, and what stays open is looked at at a growing pace."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from noillusion.core import clock, loop
from noillusion.db import Actor, Json, database, sql
from noillusion.flows.faults import ErrorClass, Fault
from noillusion.flows.protocol import Published
from noillusion.platforms.contract import ReadBack
from noillusion.publishing import leases
from noillusion.publishing.ledger import LONGEST_GAP, LeaseLost, TargetLedger, Writer
from tests.support.logged import logged
from tests.support.rows import insert, rows

ALICE = "auth0|alice"
NOW = datetime.fromisoformat("2026-11-26T12:00:00+00:00")
FACTS = ReadBack(created_within_s=180, settles_after_s=300, gives_up_after_s=3600)
LOST = Fault(ErrorClass.TRANSIENT, "no_answer")
OTHERS = "100"
"""A public id that another target of the account holds."""


@pytest.fixture(autouse=True)
def stopped(deployment: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that stands still."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


def target(**columns: Any) -> str:
    """A target that nobody works on; its id."""
    post, target_id = str(uuid4()), str(uuid4())
    plain = {**rows()["post_targets"], "id": target_id, "post_id": post, "platform": "facebook", "account_id": "101"}
    state = {"status": "preparing", "next_check_at": NOW, "text_fingerprint": "print", "platform_ahead_ms": None}
    loop.run(
        database().flight(
            Actor(ALICE),
            insert("posts", ALICE, id=post, idempotency_key=post),
            insert("post_targets", ALICE, **{**plain, **state, **columns}),
        )
    )
    return target_id


def ledger(**columns: Any) -> TargetLedger:
    """The ledger of a target in the hands of its lease's owner."""
    lease = leases.new(clock.monotonic() + 60)
    taken = loop.run(leases.take(ALICE, target(**columns), lease))
    assert taken is not None
    return TargetLedger(taken[0], lease.owner, Writer(ALICE))


def stored(of: TargetLedger) -> dict[str, Any]:
    look = sql("SELECT * FROM post_targets WHERE id = :id", id=of.target_id)
    return loop.run(database().flight(Actor(ALICE), look))[0][0]


def connected() -> dict[str, Any]:
    """The columns of a target on a connected account."""
    connection = {**rows()["platform_connections"], "platform": "facebook", "account_id": "101"}
    loop.run(database().flight(Actor(ALICE), insert("platform_connections", ALICE, **connection)))
    return {"connection_id": connection["id"]}


def due_at(of: TargetLedger) -> datetime | None:
    """When the target's figures are read next."""
    look = sql("SELECT due_at FROM post_polls WHERE target_id = :id", id=of.target_id)
    found = loop.run(database().flight(Actor(ALICE), look))[0]
    return found[0]["due_at"] if found else None


def lose(of: TargetLedger) -> None:
    """Somebody else takes the target up."""
    change = sql("UPDATE post_targets SET lease_owner = :other WHERE id = :id", other=str(uuid4()), id=of.target_id)
    loop.run(database().flight(Actor(ALICE), change))


Step = Callable[[TargetLedger], Coroutine[Any, Any, Any]]


@pytest.mark.parametrize(
    "step",
    [lambda it: it.committing(None), lambda it: it.not_committed(), lambda it: it.keep({"photo_id": "5"})],
    ids=["commit", "not committed", "handles"],
)
def test_without_the_lease_nothing_goes_on(step: Step) -> None:
    mine = ledger(status="committing", committing_at=NOW)
    lose(mine)
    before, sent = stored(mine), mine.sent
    with pytest.raises(LeaseLost):
        loop.run(step(mine))
    assert stored(mine) == before and mine.sent is sent


def test_a_post_that_the_platform_took_is_known_even_without_the_lease() -> None:
    mine = ledger()
    lose(mine)
    loop.run(mine.keep({"accepted_id": "101_9"}))
    assert mine.accepted_id == mine.handles["accepted_id"] == "101_9"


@pytest.mark.parametrize(("ahead", "stored_ms"), [(None, None), (1.2345, 1234), (-0.5, -500)])
def test_a_commit_is_recorded_with_the_platforms_clock_in_milliseconds(ahead: float | None, stored_ms: int | None) -> None:
    mine = ledger(**connected())
    assert not mine.sent
    loop.run(mine.committing(ahead))
    assert mine.sent and stored(mine)["platform_ahead_ms"] == stored_ms
    loop.run(mine.not_committed())
    assert not mine.sent and stored(mine)["committing_at"] is None


def test_a_ledger_begins_with_what_its_row_knows() -> None:
    mine = ledger(status="processing", committing_at=NOW, handles=Json({"photo_id": "5"}), accepted_id="101_9")
    assert (mine.sent, mine.handles, mine.accepted_id) == (True, {"photo_id": "5"}, "101_9")
    loop.run(mine.keep({"more": "6"}))
    assert (
        stored(mine)["handles"] == {"photo_id": "5", "more": "6"} and mine.accepted_id == stored(mine)["accepted_id"] == "101_9"
    )


@pytest.mark.parametrize("certain", [True, False])
def test_a_publication_keeps_as_a_handle_only_an_id_that_is_certain(certain: bool) -> None:
    mine = ledger(handles=Json({"photo_id": "5"}), **connected())
    loop.run(mine.published(Published("101_9", "101_9", "https://www.facebook.com/101_9"), certain=certain))
    row = stored(mine)
    assert row["handles"] == {"photo_id": "5"} | ({"accepted_id": "101_9"} if certain else {})
    assert (row["status"], row["platform_post_id"], row["published_at"], due_at(mine)) == ("published", "101_9", NOW, NOW)


def test_a_publication_is_certain_unless_said_otherwise() -> None:
    mine = ledger()
    loop.run(mine.published(Published("101_9", "101_9")))
    assert stored(mine)["handles"] == {"accepted_id": "101_9"}


@pytest.mark.parametrize(
    ("asked", "told", "kept"),
    [
        (None, None, None),
        (None, "posted", None),
        ("pending", "posted", "posted"),
        ("pending", "failed", "failed"),
        # The run that published ended before it could record what came of the comment.
        ("pending", None, "unknown"),
    ],
)
def test_a_publication_records_the_state_of_its_first_comment(asked: str | None, told: Any, kept: str | None) -> None:
    mine = ledger(first_comment=asked)
    loop.run(mine.published(Published("101_9", "101_9", first_comment=told)))
    assert stored(mine)["first_comment"] == kept


def test_a_comment_whose_text_is_gone_is_not_sent() -> None:
    waiting, refused, open_still = (ledger(first_comment="pending") for _ in range(3))
    loop.run(waiting.waiting(5))
    loop.run(refused.failed(LOST))
    loop.run(open_still.unknown(LOST, FACTS))
    assert [stored(it)["first_comment"] for it in (waiting, refused, open_still)] == ["not_sent", "not_sent", "pending"]


def test_a_draft_in_an_inbox_is_not_measured() -> None:
    mine = ledger(**connected())
    loop.run(mine.published(Published("a1", state="delivered_to_inbox")))
    assert (stored(mine)["status"], due_at(mine)) == ("delivered_to_inbox", None)


def test_a_post_that_another_target_holds_is_not_taken_and_never_looked_for_again() -> None:
    target(status="published", accepted_id=OTHERS, platform_post_id=OTHERS, published_at=NOW)
    mine = ledger(status="unknown", committing_at=NOW)
    loop.run(mine.published(Published(OTHERS, OTHERS), certain=False))
    row = stored(mine)
    assert (row["status"], row["platform_code"], row["next_check_at"], row["text_fingerprint"]) == (
        "unknown", "held_by_another", None, None,
    )  # fmt: skip
    assert mine.seen == {"reason": "held_by_another"} and row["platform_post_id"] is None


@pytest.mark.parametrize(("hint", "at"), [(None, None), (90.0, NOW + timedelta(seconds=90))])
def test_a_failure_says_why_and_when_a_retry_is_worthwhile(hint: float | None, at: datetime | None) -> None:
    mine = ledger(handles=Json({"photo_id": "5"}))
    settled = loop.run(mine.failed(Fault(ErrorClass.RATE_LIMIT, "4", retry_after=hint)))
    row = stored(mine)
    assert settled is not None and (settled.id, settled.status) == (mine.target_id, "failed")
    assert (row["status"], row["error_class"], row["error_code"], row["platform_code"]) == (
        "failed", "rate_limit", "rate_limit", "4",
    )  # fmt: skip
    assert row["retry_after_at"] == at and row["handles"] == {"photo_id": "5"}


@pytest.mark.parametrize("checks", [0, 1, 3, 40])
def test_an_unknown_outcome_is_read_back_at_the_platforms_growing_pace(checks: int) -> None:
    mine = ledger(status="committing", committing_at=NOW, checks=checks)
    left = loop.run(mine.unknown(LOST, FACTS))
    row = stored(mine)
    assert left is not None and (left.id, left.status, left.next_check_at) == (mine.target_id, "unknown", row["next_check_at"])
    gap = min(FACTS.first_look_s * FACTS.growth**checks, FACTS.longest_gap_s)
    assert row["next_check_at"] == NOW + timedelta(seconds=gap)
    assert (row["status"], row["error_class"], row["error_code"], row["platform_code"]) == (
        "unknown", "transient", "outcome_unknown", "no_answer",
    )  # fmt: skip
    assert (row["text_fingerprint"], row["committing_at"]) == ("print", NOW)


def test_an_outcome_that_stays_unknown_is_looked_for_no_more_and_its_fingerprint_goes() -> None:
    mine = ledger(status="committing", committing_at=NOW)
    loop.run(mine.unknown(LOST, None))
    row = stored(mine)
    assert (row["status"], row["next_check_at"], row["text_fingerprint"], row["committing_at"]) == ("unknown", None, None, NOW)


@pytest.mark.parametrize(
    ("checks", "after", "gap"), [(0, 20.0, 20.0), (0, 1.0, 3.0), (2, 20.0, 45.0), (40, 20.0, LONGEST_GAP.total_seconds())]
)
def test_B5_a_platform_at_work_is_asked_again_at_a_growing_pace(checks: int, after: float, gap: float) -> None:
    mine = ledger(status="processing", committing_at=NOW, checks=checks)
    loop.run(mine.waiting(after))
    row = stored(mine)
    assert row["next_check_at"] == NOW + timedelta(seconds=gap)
    assert (row["status"], row["error_class"], row["error_code"], row["platform_code"]) == ("processing", None, None, None)
    assert (row["text_fingerprint"], row["committing_at"]) == ("print", NOW)


def test_a_commit_that_was_answered_with_not_yet_did_not_happen() -> None:
    mine = ledger(status="committing", committing_at=NOW)
    loop.run(mine.waiting(5, refused=True))
    assert (stored(mine)["status"], stored(mine)["committing_at"]) == ("processing", None)


def test_every_outcome_is_logged_with_codes_alone() -> None:
    mine = ledger(status="committing", committing_at=NOW)
    with logged() as log:
        loop.run(mine.unknown(LOST, None))
    (line,) = [line for line in map(json.loads, log.getvalue().splitlines()) if line["message"] == "target"]
    told = {name: line[name] for name in ("target_id", "platform", "status", "error_class", "code")}
    assert told == {
        "target_id": mine.target_id, "platform": "facebook", "status": "unknown", "error_class": "transient", "code": "no_answer",
    }  # fmt: skip


def test_a_lease_outlives_its_owners_deadline_by_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "monotonic", lambda: 100.0)
    lease = leases.new(160.0)
    assert (lease.since, lease.until) == (NOW, NOW + timedelta(seconds=70))
    assert lease.owner != leases.new(160.0).owner


DUE = NOW + timedelta(days=3)


def handed(**columns: Any) -> TargetLedger:
    """The ledger of a target whose post the platform was told to hold until :data:`DUE`."""
    return ledger(status="processing", handles=Json({"held_id": "101_5"}), accepted_id="101_5", publish_at=DUE, **columns)


def holds(until: datetime | None = DUE) -> Published:
    return Published("101_5", "101_5", state="held", publish_at=int(until.timestamp()) if until else None)


@pytest.mark.parametrize(
    ("checks", "due", "after"),
    [
        (0, NOW + timedelta(days=3), timedelta(minutes=10)),
        (1, NOW + timedelta(days=3), timedelta(days=1)),
        (1, NOW + timedelta(hours=2), timedelta(hours=2)),
        (9, NOW - timedelta(seconds=4), timedelta(seconds=15)),
        (9, NOW - timedelta(minutes=10), timedelta(minutes=5)),
        (9, NOW - timedelta(hours=10), timedelta(minutes=10)),
    ],
)
def test_a_held_post_is_looked_at_soon_daily_at_its_time_and_often_after_it(checks: int, due: datetime, after: timedelta) -> None:
    mine = handed(checks=checks)
    left = loop.run(mine.held(holds(due)))
    assert left is not None and left.next_check_at == NOW + after
    assert (left.status, left.publish_at, left.deadline_at) == ("processing", due, due + timedelta(days=1))


@pytest.mark.parametrize(
    ("told", "moved"), [(DUE, False), (DUE + timedelta(seconds=59), False), (DUE + timedelta(minutes=1), True), (None, False)]
)
def test_a_held_post_has_the_time_that_the_platform_tells(told: datetime | None, moved: bool) -> None:
    mine = handed()
    left = loop.run(mine.held(holds(told)))
    assert left is not None and (mine.moved, left.publish_at) == (moved, told if moved else DUE)


def test_a_held_post_that_another_target_has_is_not_taken() -> None:
    target(status="published", accepted_id="101_5", platform_post_id="101_5", published_at=NOW)
    left = loop.run(handed().held(holds()))
    assert left is not None and (left.status, left.platform_code, left.next_check_at) == ("unknown", "held_by_another", None)


def test_a_look_at_a_held_post_that_fails_before_its_time_is_repeated_hourly() -> None:
    left = loop.run(handed(checks=3).waiting(30.0))
    assert left is not None and left.next_check_at == NOW + timedelta(hours=1)


def test_a_held_post_that_was_found_by_its_text_is_nobodys_for_certain() -> None:
    mine = ledger(status="unknown", committing_at=NOW, publish_at=DUE)
    left = loop.run(mine.published(holds(), certain=False))
    assert left is not None and left.handles == {"held_id": "101_5"}
    certain = loop.run(ledger(status="unknown", committing_at=NOW, publish_at=DUE).published(replace(holds(), post_id=None)))
    assert certain is not None and certain.handles["accepted_id"] == "101_5"
