"""The ledger of one target as a machine. In whatever order commits, crashes, lost leases and read-backs come, a post goes out at
most once, the record never says what is not so, and what is settled never moves."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from noillusion.core import clock, loop
from noillusion.db import Actor, database, sql
from noillusion.flows.faults import ErrorClass, Fault
from noillusion.flows.protocol import Published
from noillusion.platforms.catalog import get
from noillusion.publishing import leases
from noillusion.publishing.ledger import LeaseLost, TargetLedger, Writer
from noillusion.publishing.rows import TargetRow
from tests.support.rows import insert, rows

USER = "auth0|alice"
READ_BACK = get("tiktok").capabilities.read_back
LOST = Fault(ErrorClass.TRANSIENT, "no_answer")
REFUSED = Fault(ErrorClass.INVALID_CONTENT, "refused", certain=True)
SETTLED = ("published", "delivered_to_inbox", "failed", "canceled", "missed")


@dataclass(eq=False)
class Worker:
    """A process with a lease, which may have lost it without knowing. One that crashed is never heard of again."""

    ledger: TargetLedger
    committed: bool = False
    """It sent the commit and has the answer, if there was one, still in its hands."""
    absent: bool = False
    """It looked, and the platform does not have the post for certain."""
    over: bool = False

    def knows(self, exists: bool) -> list[str]:
        """What the product may do next with what this process knows."""
        if self.over:
            return []
        if self.committed:
            return ["unanswered", *(["answered", "accepted"] if exists else ["refused", "not_ready"])]
        if self.ledger.accepted_id is not None:
            return ["published"]
        if self.absent:
            return ["go_on"]
        if self.ledger.sent:
            return ["look", "undecided"]
        return ["commit"] * 4 + ["give_up"]


class Machine(RuleBasedStateMachine):
    """One target, any number of processes, and a platform on which a commit takes effect at once or never."""

    now = datetime.fromisoformat("2026-11-26T12:00:00+00:00")

    @initialize(processes=st.integers(1, 4))
    def begin(self, processes: int) -> None:
        plain = rows()
        self.post, self.target = str(uuid4()), str(uuid4())
        self.exists = self.unproven = False
        self.workers: list[Worker] = []
        self.settled: dict[str, Any] | None = None
        target = {
            **plain["post_targets"], "id": self.target, "post_id": self.post, "platform": "tiktok", "account_id": self.target,
            "connection_id": None, "status": "pending", "next_check_at": self.now, "deadline_at": self.now + timedelta(days=2),
            "accepted_id": None, "platform_post_id": None, "published_at": None, "committing_at": None,
        }  # fmt: skip
        loop.run(
            database().flight(
                Actor(USER),
                insert("posts", USER, id=self.post, idempotency_key=self.post),
                insert("post_targets", USER, **target),
            )
        )
        for _ in range(processes):
            self.take(2)

    def row(self) -> dict[str, Any]:
        """The target as it is stored."""
        look = sql("SELECT * FROM post_targets WHERE user_id = :user_id AND id = :id", user_id=USER, id=self.target)
        return loop.run(database().flight(Actor(USER), look))[0][0]

    @rule(minutes=st.sampled_from([2, 30, 0.2]))
    def come_by(self, minutes: float) -> None:
        self.take(minutes)

    def take(self, minutes: float) -> None:
        """A run or the sweep comes by. After a minute and more the lease of whoever came before is over."""
        Machine.now += timedelta(minutes=minutes)
        lease = leases.new(clock.monotonic() + 60)
        if taken := loop.run(leases.take(USER, self.target, lease)):
            self.workers.append(Worker(TargetLedger(taken[0], lease.owner, Writer(USER))))

    @precondition(lambda self: any(not worker.over for worker in self.workers))
    @rule(data=st.data())
    def act(self, data: st.DataObject) -> None:
        worker = data.draw(st.sampled_from([worker for worker in self.workers if not worker.over]), label="worker")
        getattr(self, f"_{data.draw(st.sampled_from(worker.knows(self.exists)))}")(worker, data)

    def _commit(self, worker: Worker, data: st.DataObject) -> None:
        try:
            loop.run(worker.ledger.committing(0.0))
        except LeaseLost:
            worker.over = True
            return
        assert not self.exists, "there is a post already"
        assert not self.unproven, "nobody knows yet whether an earlier commit made a post"
        worker.committed, self.unproven, self.exists = True, True, data.draw(st.booleans(), label="takes effect")

    def _answered(self, worker: Worker, _: st.DataObject) -> None:
        self._settle(worker, worker.ledger.published(Published(f"a-{self.target}", f"p-{self.target}")))

    def _accepted(self, worker: Worker, _: st.DataObject) -> None:
        loop.run(worker.ledger.keep({"accepted_id": f"a-{self.target}"}))
        self._settle(worker, worker.ledger.waiting(30))

    def _refused(self, worker: Worker, _: st.DataObject) -> None:
        self._settle(worker, worker.ledger.failed(REFUSED))

    def _not_ready(self, worker: Worker, _: st.DataObject) -> None:
        recorded = self._settle(worker, worker.ledger.waiting(5, refused=True)) is not None
        self.unproven = self.unproven and not recorded

    def _unanswered(self, worker: Worker, _: st.DataObject) -> None:
        self._settle(worker, worker.ledger.unknown(LOST, READ_BACK))

    def _undecided(self, worker: Worker, data: st.DataObject) -> None:
        self._settle(worker, worker.ledger.unknown(LOST, READ_BACK if data.draw(st.integers(0, 9), label="given up") else None))

    def _published(self, worker: Worker, _: st.DataObject) -> None:
        assert worker.ledger.accepted_id is not None
        self._settle(worker, worker.ledger.published(Published(worker.ledger.accepted_id)))

    def _give_up(self, worker: Worker, _: st.DataObject) -> None:
        self._settle(worker, worker.ledger.failed(REFUSED))

    def _look(self, worker: Worker, _: st.DataObject) -> None:
        """What is seen is written by a later step: meanwhile others may act."""
        if self.exists:
            self._settle(worker, worker.ledger.published(Published(f"p-{self.target}", f"p-{self.target}"), certain=False))
        else:
            worker.absent = True

    def _go_on(self, worker: Worker, _: st.DataObject) -> None:
        worker.absent = False
        try:
            loop.run(worker.ledger.not_committed())
            self.unproven = False
        except LeaseLost:
            worker.over = True

    def _settle(self, worker: Worker, outcome: Coroutine[Any, Any, TargetRow | None]) -> TargetRow | None:
        worker.over = True
        return loop.run(outcome)

    @invariant()
    def what_is_settled_never_moves(self) -> None:
        row = self.row()
        if self.settled is not None:
            assert row == self.settled
        elif row["status"] in SETTLED:
            self.settled = row

    @invariant()
    def the_record_says_what_is_so(self) -> None:
        status = self.row()["status"]
        assert status != "published" or self.exists
        assert status != "failed" or not self.exists


def test_no_order_of_events_makes_two_posts_or_moves_what_is_settled(deployment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: Machine.now)
    run_state_machine_as_test(
        Machine,
        settings=settings(max_examples=100, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)),
    )
