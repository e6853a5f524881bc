"""Reservations, statement by statement: money is held before an attempt is sent, never beyond a limit, and given back in full."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from noillusion.ai import money, spending
from noillusion.ai.money import TOTAL, Reservation
from noillusion.core import loop
from noillusion.db import WORKER, Actor, Flight, Statement, database, sql
from noillusion.profiles.models import AIPreferences
from noillusion.settings.source import settings
from tests.support.rows import insert, rows

pytestmark = pytest.mark.usefixtures("deployment")

ALICE, BOB = "auth0|alice", "auth0|bob"
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
RECENT = NOW - timedelta(minutes=1)
SINCE = datetime(2026, 11, 1, tzinfo=UTC)


def fly(*statements: Statement, user_id: str = ALICE) -> Flight:
    return loop.run(database().flight(Actor(user_id), *statements))


def attempt(user_id: str = ALICE, **columns: Any) -> str:
    """A row of the usage record; its id."""
    row_id = str(uuid4())
    plain = {**rows()["ai_usage_tracking"], "id": row_id, "model": "m", "created_at": NOW, "updated_at": NOW}
    fly(insert("ai_usage_tracking", user_id, **{**plain, **columns}), user_id=user_id)
    return row_id


def wanted(**changes: Any) -> Reservation:
    """The room that an attempt of a new request wants: 10 of a limit of 100."""
    request = attempt(attempt=0, outcome="started", provider="static", key_source="none")
    plain: dict[str, Any] = {
        "user_id": ALICE, "request_id": request, "attempt_id": str(uuid4()), "number": 1, "provider": "openai", "model": "m",
        "key_source": "stored", "month": "2026-11", "since": SINCE, "cost": 10, "tokens": 5, "limit": 100, "holder": "hash",
        "key_mark": "row-1", "template_id": None, "operator_limit": 100, "total_limit": 100, "buffer": 1,
        "calls_per_minute": None,
    }  # fmt: skip
    return Reservation(**{**plain, **changes})


def reserve(reservation: Reservation) -> str | None:
    """Why an attempt may not be sent; ``None`` if it may."""
    statements = spending.reserve(reservation, NOW, RECENT)
    return spending.denial(reservation, statements, fly(*statements.in_order, user_id=reservation.user_id))


def own(user_id: str = ALICE, month: str = "2026-11") -> tuple[int, int]:
    """What a user's month has cost, and what is reserved."""
    statement = spending.month(user_id, month)
    row = fly(statement, user_id=user_id).first(statement)
    return (row.spent_nanousd, row.reserved_nanousd) if row else (0, 0)


def operator(name: str = "hash") -> tuple[int, int]:
    """The same on the operator's keys."""
    look = sql("SELECT spent_nanousd, reserved_nanousd FROM ai_operator_spending WHERE user_hash = :name", name=name)
    found = loop.run(database().flight(WORKER, look))[0]
    return (found[0]["spent_nanousd"], found[0]["reserved_nanousd"]) if found else (0, 0)


def outcome(row_id: str) -> list[Any]:
    return [row["outcome"] for row in fly(sql("SELECT outcome FROM ai_usage_tracking WHERE id = :id", id=row_id))[0]]


def test_a_reservation_is_held_and_its_attempt_is_in_flight() -> None:
    first, second = wanted(), wanted(cost=7)
    assert reserve(first) is None and reserve(second) is None
    assert (own(), operator(), outcome(first.attempt_id)) == ((0, 17), (0, 0), ["in_flight"])


@pytest.mark.parametrize(("cost", "why"), [(90, None), (91, "budget_exhausted")])
def test_the_limit_may_be_reached_and_not_passed(cost: int, why: str | None) -> None:
    assert reserve(wanted()) is None
    assert reserve(wanted(cost=cost)) == why
    assert own() == (0, 100 if why is None else 10)


@pytest.mark.parametrize(("cost", "why"), [(100, None), (101, "budget_exhausted")])
def test_the_first_attempt_of_a_month_keeps_to_the_limit_too(cost: int, why: str | None) -> None:
    assert reserve(wanted(cost=cost)) == why


def test_what_was_spent_counts_and_other_months_and_users_do_not() -> None:
    for reservation in (wanted(cost=60), wanted(cost=90, month="2026-10")):
        assert reserve(reservation) is None
        fly(*spending.charge(reservation, 50))
    assert reserve(wanted(cost=51)) == "budget_exhausted"
    assert reserve(wanted(cost=50)) is None
    assert (own(), own(month="2026-10"), own(BOB)) == ((50, 50), (50, 0), (0, 0))


def test_without_a_limit_of_their_own_a_user_is_not_limited() -> None:
    assert reserve(wanted(cost=10**12, limit=None)) is None


@pytest.mark.parametrize(
    ("limits", "why"),
    [
        ({"operator_limit": 10, "total_limit": 10}, None),
        ({"limit": 9}, "budget_exhausted"),
        ({"operator_limit": 9}, "budget_exhausted"),
        ({"total_limit": 9}, "operator_budget_exhausted"),
    ],
    ids=["fits", "user", "operator", "total"],
)
def test_an_attempt_on_the_operators_key_needs_room_in_three_limits_or_takes_none(
    limits: dict[str, int], why: str | None
) -> None:
    reservation = wanted(key_source="operator", **limits)
    assert reserve(reservation) == why
    held = (0, 10 if why is None else 0)
    assert (own(), operator(), operator(TOTAL)) == (held, held, held)
    assert outcome(reservation.attempt_id) == (["in_flight"] if why is None else [])


def test_the_operators_limits_count_what_is_reserved() -> None:
    assert reserve(wanted(key_source="operator", cost=60, limit=None, total_limit=1_000)) is None
    assert reserve(wanted(key_source="operator", cost=41, limit=None, total_limit=1_000)) == "budget_exhausted"
    assert (
        reserve(wanted(key_source="operator", cost=41, limit=None, holder="other", total_limit=100))
        == "operator_budget_exhausted"
    )
    assert reserve(wanted(key_source="operator", cost=40, limit=None, total_limit=100)) is None


def test_a_users_first_row_on_the_operators_keys_begins_with_their_own_record_of_the_month() -> None:
    attempt(key_source="operator", cost_nanousd=7, created_at=SINCE)
    attempt(key_source="stored", cost_nanousd=20)
    attempt(key_source="operator", cost_nanousd=40, created_at=SINCE - timedelta(seconds=1))
    attempt(BOB, key_source="operator", cost_nanousd=30)
    assert reserve(wanted(key_source="operator", operator_limit=16)) == "budget_exhausted"
    assert reserve(wanted(key_source="operator", operator_limit=17)) is None
    assert (operator(), operator(TOTAL)) == ((7, 10), (0, 10))


def test_of_the_operators_spending_a_user_reads_their_own_and_the_total() -> None:
    assert reserve(wanted(key_source="operator")) is None
    assert reserve(wanted(key_source="operator", holder="other")) is None
    statement = spending.operator_month(["hash", "former hash"], "2026-11")
    rows_read = {row.user_hash: row.reserved_nanousd for row in loop.run(database().flight(WORKER, statement))[statement]}
    assert rows_read == {"hash": 10, TOTAL: 20}


def test_a_cost_replaces_its_reservation_in_every_row() -> None:
    mine, other = wanted(key_source="operator"), wanted(key_source="operator", cost=20)
    assert reserve(mine) is None and reserve(other) is None
    fly(*spending.charge(mine, 4))
    assert own() == operator() == operator(TOTAL) == (4, 20)


def test_an_attempt_that_is_settled_is_not_charged_again() -> None:
    mine = wanted()
    assert reserve(mine) is None
    fly(sql("UPDATE ai_usage_tracking SET outcome = 'ok' WHERE id = :id", id=mine.attempt_id))
    fly(*spending.charge(mine, 4))
    assert own() == (0, 10)


def test_a_request_that_was_given_up_gets_no_attempt_and_keeps_no_money() -> None:
    mine, _ = wanted(key_source="operator"), wanted()
    fly(sql("UPDATE ai_usage_tracking SET outcome = 'interrupted' WHERE id = :id", id=mine.request_id))
    assert reserve(mine) == "deadline"
    assert own() == operator() == operator(TOTAL) == (0, 0)


def test_calls_of_the_last_minute_are_counted_up_to_their_limit() -> None:
    attempt(created_at=RECENT)
    attempt(BOB)
    attempt(attempt=0)
    assert reserve(wanted(calls_per_minute=2)) is None
    assert reserve(wanted(calls_per_minute=2)) is None
    assert reserve(wanted(calls_per_minute=2)) == "calls_per_minute"
    assert own() == (0, 20)


@pytest.mark.parametrize(
    ("state", "why"),
    [
        ({"remaining_requests": 2, "resets_at": NOW + timedelta(seconds=1)}, None),
        ({"remaining_requests": 1, "resets_at": NOW + timedelta(seconds=1)}, "rate_limit_buffer"),
        ({"remaining_requests": 1, "resets_at": NOW}, None),
        ({"remaining_tokens": 5, "tokens_reset_at": NOW + timedelta(seconds=1)}, None),
        ({"remaining_tokens": 4, "tokens_reset_at": NOW + timedelta(seconds=1)}, "rate_limit_buffer"),
        ({"remaining_tokens": 4, "tokens_reset_at": NOW}, None),
    ],
)
def test_a_providers_own_limits_are_kept_until_they_reset(state: dict[str, Any], why: str | None) -> None:
    fly(insert("ai_provider_state", ALICE, provider="openai", model="m", outcome="ok", **state))
    assert reserve(wanted()) == why
    assert reserve(wanted(model="other")) is None


@pytest.mark.parametrize("remaining", [{"remaining_requests": 3}, {"remaining_tokens": 10}], ids=["requests", "tokens"])
def test_attempts_in_flight_count_against_a_providers_limits(remaining: dict[str, int]) -> None:
    later = NOW + timedelta(seconds=1)
    fly(
        insert(
            "ai_provider_state",
            ALICE,
            provider="openai",
            model="m",
            outcome="ok",
            resets_at=later,
            tokens_reset_at=later,
            **remaining,
        )
    )
    attempt(outcome="ok", reserved_tokens=9)
    attempt(outcome="in_flight", reserved_tokens=9, created_at=RECENT)
    attempt(outcome="in_flight", reserved_tokens=9, model="other")
    assert [reserve(wanted()) for _ in range(3)] == [None, None, "rate_limit_buffer"]


def test_F9_the_limits_that_another_key_was_told_of_do_not_count() -> None:
    used_up = {"outcome": "ok", "remaining_requests": 0, "resets_at": NOW + timedelta(seconds=1)}
    fly(insert("ai_provider_state", ALICE, provider="openai", model="m", key_mark="row-2", **used_up))
    assert reserve(wanted(key_mark="row-1")) is None
    assert reserve(wanted(key_mark="row-2")) == "rate_limit_buffer"


def test_the_limits_of_another_provider_and_of_another_users_key_do_not_count() -> None:
    used_up = {"model": "m", "outcome": "ok", "remaining_requests": 0, "resets_at": NOW + timedelta(seconds=1)}
    fly(insert("ai_provider_state", ALICE, provider="google", **used_up))
    fly(insert("ai_provider_state", BOB, provider="openai", **used_up), user_id=BOB)
    assert reserve(wanted()) is None


def test_a_providers_limit_is_told_as_such_where_calls_are_limited_too() -> None:
    later = NOW + timedelta(seconds=1)
    fly(insert("ai_provider_state", ALICE, provider="openai", model="m", outcome="ok", remaining_requests=0, resets_at=later))
    assert reserve(wanted(calls_per_minute=1)) == "rate_limit_buffer"


def test_only_rows_from_before_the_month_are_forgotten() -> None:
    for month in ("2026-09", "2026-10", "2026-11"):
        assert reserve(wanted(key_source="operator", holder=month, month=month, limit=None)) is None
    count, erase = spending.forgettable("2026-11", 9), spending.forget("2026-11", 9)
    assert loop.run(database().flight(WORKER, count)).one(count).remaining == 4
    assert loop.run(database().flight(WORKER, erase)).number_of(erase) == 4
    assert (operator("2026-10"), operator("2026-11")) == ((0, 0), (0, 10))


def test_a_budget_of_the_operator_without_end_fits_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPERATOR_AI_BUDGET_USD", "1e300")
    monkeypatch.setenv("OPERATOR_AI_TOTAL_BUDGET_USD", "1e300")
    settings.forget()
    known = money.spending_of(ALICE, NOW, None, [], AIPreferences())
    assert 10**17 < known.operator_limit == known.total_limit < spending.NO_LIMIT
