"""How a run of one target's flow ends is recorded once: as a failure only if nothing can have been published."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from noillusion.connections import credentials
from noillusion.connections.rows import CredentialRow
from noillusion.core import clock, loop
from noillusion.core.errors import AccountDeleted
from noillusion.core.sensitive import Secret
from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, Fault, OutcomeUnknown, PlatformError
from noillusion.flows.protocol import Flow, Published
from noillusion.flows.runner import Runner, Session, Suspended
from noillusion.platforms.catalog import get
from noillusion.publishing import execute
from noillusion.publishing.ledger import INTERNAL, LeaseLost, TargetLedger
from noillusion.vault.sealer import SealBroken

AGAIN = get("facebook").capabilities.read_back
CONNECTION = cast(
    CredentialRow, SimpleNamespace(platform="facebook", registration="", posts_paused_until=None, calls_paused_until=None)
)
DOWN = Fault(ErrorClass.TRANSIENT, "http_503")
NOT_YET = Fault(ErrorClass.NOT_READY, "1", certain=True)
REFUSED = Fault(ErrorClass.INVALID_CONTENT, "100", certain=True)
REVOKED = Fault(ErrorClass.REAUTH, "190", certain=True)
SENT: dict[str, Any] = {"sent": True}
ACCEPTED: dict[str, Any] = {"sent": True, "accepted_id": "101_9", "handles": {"accepted_id": "101_9"}}
PREPARED: dict[str, Any] = {"handles": {"photo_id": "5"}}


class Ledger:
    """Remembers what is recorded."""

    def __init__(self, *, sent: bool = False, accepted_id: str | None = None, handles: dict[str, str] | None = None) -> None:
        self.sent, self.accepted_id, self.handles, self.target_id = sent, accepted_id, handles or {}, "t"
        self.recorded: list[Any] = []

    def __getattr__(self, name: str) -> Any:
        async def record(*args: Any, **named: Any) -> str:
            self.recorded.append((name, *args, named) if named else (name, *args))
            return "the row"

        return record


def failing(error: Exception) -> Flow[Published]:
    """A flow that ends with an error."""
    raise error
    yield  # a flow is a generator


def succeeding() -> Flow[Published]:
    return Published("101_9")
    yield  # a flow is a generator


def drive(ledger: Ledger, flow: Flow[Published]) -> Any:
    return loop.run(execute.drive(CONNECTION, flow, cast(TargetLedger, ledger), clock.monotonic() + 60))


@pytest.fixture(autouse=True)
def refusals(deployment: object, monkeypatch: pytest.MonkeyPatch) -> list[Fault]:
    """Sessions without a database; the refused tokens."""
    told: list[Fault] = []

    async def session(*_: object) -> Session:
        return Session(Secret("token"))

    async def refused(_connection: object, _session: object, fault: Fault) -> None:
        told.append(fault)

    monkeypatch.setattr(credentials, "session", session)
    monkeypatch.setattr(credentials, "refused", refused)
    return told


def test_a_published_post_is_recorded() -> None:
    ledger = Ledger()
    assert drive(ledger, succeeding()) == "the row"
    assert ledger.recorded == [("published", Published("101_9"))]


@pytest.mark.parametrize(
    ("state", "fault", "effect", "recorded"),
    [
        ({}, DOWN, Effect.READ, ("failed", DOWN)),
        ({}, NOT_YET, Effect.COMMIT, ("failed", NOT_YET)),
        (PREPARED, DOWN, Effect.PREPARE, ("failed", DOWN)),
        (PREPARED, NOT_YET, Effect.COMMIT, ("waiting", 5.0, {"refused": True})),
        (PREPARED, Fault(ErrorClass.NOT_READY, "1", 9.0), Effect.READ, ("waiting", 9.0, {"refused": True})),
        (SENT, REFUSED, Effect.COMMIT, ("failed", REFUSED)),
        (SENT, REFUSED, Effect.READ, ("unknown", REFUSED, AGAIN)),
        (SENT, DOWN, Effect.COMMIT, ("unknown", DOWN, AGAIN)),
        (SENT | PREPARED, NOT_YET, Effect.COMMIT, ("waiting", 5.0, {"refused": True})),
        (ACCEPTED, DOWN, Effect.READ, ("waiting", 30.0)),
        (ACCEPTED, Fault(ErrorClass.RATE_LIMIT, "4", 7.0), Effect.READ, ("waiting", 7.0)),
        (ACCEPTED, REFUSED, Effect.READ, ("waiting", 30.0)),
        (ACCEPTED, NOT_YET, Effect.COMMIT, ("failed", NOT_YET)),
    ],
)
def test_a_refusal_is_a_failure_only_if_nothing_can_have_been_published(
    state: dict[str, Any], fault: Fault, effect: Effect, recorded: tuple[Any, ...], refusals: list[Fault]
) -> None:
    ledger = Ledger(**state)
    assert drive(ledger, failing(PlatformError(fault, effect))) == "the row"
    assert (ledger.recorded, refusals) == ([recorded], [])


def test_a_refused_token_is_told_to_the_connection(refusals: list[Fault]) -> None:
    ledger = Ledger()
    drive(ledger, failing(PlatformError(REVOKED)))
    assert (ledger.recorded, refusals) == ([("failed", REVOKED)], [REVOKED])


@pytest.mark.parametrize(
    ("state", "error", "recorded"),
    [
        (SENT, OutcomeUnknown(DOWN, Effect.COMMIT), ("unknown", DOWN, AGAIN)),
        ({}, Suspended(4.0), ("waiting", 4.0)),
        ({}, SealBroken("x"), ("failed", Fault(ErrorClass.REAUTH, "seal_broken"))),
        ({}, RuntimeError("x"), ("failed", INTERNAL)),
        (SENT, RuntimeError("x"), ("unknown", INTERNAL, AGAIN)),
    ],
    ids=["unknown", "suspended", "seal", "crash before the commit", "crash after it"],
)
def test_F3_every_other_end_is_recorded_as_what_it_is(state: dict[str, Any], error: Exception, recorded: tuple[Any, ...]) -> None:
    ledger = Ledger(**state)
    assert drive(ledger, failing(error)) == "the row"
    assert ledger.recorded == [recorded]


def test_without_the_lease_nothing_is_recorded() -> None:
    ledger = Ledger(sent=True)
    assert drive(ledger, failing(LeaseLost())) is None
    assert ledger.recorded == []


def test_a_user_who_left_gets_no_record() -> None:
    ledger = Ledger()
    with pytest.raises(AccountDeleted):
        drive(ledger, failing(AccountDeleted()))
    assert ledger.recorded == []


def test_a_run_waits_for_a_platform_at_work_as_long_as_its_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    ends: list[tuple[float, float]] = []

    class Watched(Runner):
        async def run(self, flow: Flow[Any]) -> Any:
            ends.append((self.patience, self.deadline))
            return await super().run(flow)

    monkeypatch.setattr(clock, "monotonic", lambda: 100.0)
    monkeypatch.setattr(execute, "Runner", Watched)
    drive(Ledger(), succeeding())
    assert ends == [(100.0 + execute.PATIENCE_S, 160.0)]
