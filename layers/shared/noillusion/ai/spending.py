"""SQL of money: what a month has cost, and the reservation of what one more attempt may cost.

A reservation is one statement for each limit, which holds the row from then on, in this order everywhere: the user's row, the
user's on the operator's keys, the operator's total. The attempt's own row is written in the same flight if all of them had room,
and undoes them if not. Whatever becomes of the process, the reservation stays until the attempt is settled.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from noillusion.ai.models import SkipReason
from noillusion.ai.money import TOTAL, Reservation
from noillusion.ai.rows import DenialRow, OperatorSpendingRow, SpendingRow
from noillusion.core.records import record
from noillusion.db import Flight, Query, Statement, among, query, sql
from noillusion.db.batches import Remaining

NO_LIMIT = 2**62
_CALLS = "SELECT COUNT(*) FROM ai_usage_tracking c WHERE c.user_id = :user_id AND c.attempt > 0 AND c.created_at > :recent"


_IN_FLIGHT = """FROM ai_usage_tracking f WHERE f.user_id = p.user_id AND f.provider = p.provider AND f.model = p.model
                AND f.outcome = 'in_flight' AND f.created_at > :recent"""
_CALLS_IN_FLIGHT = f"(SELECT COUNT(*) {_IN_FLIGHT})"
_TOKENS_IN_FLIGHT = f"(SELECT COALESCE(SUM(f.reserved_tokens), 0) {_IN_FLIGHT})"


@record()
class ReserveStatements:
    """The statements of a reservation. Those of the operator's money are there where the operator pays."""

    user: Statement
    holder: Statement | None
    total: Statement | None
    attempt: Statement
    undo: tuple[Statement, ...]
    denial: Query[DenialRow]

    @property
    def in_order(self) -> tuple[Statement, ...]:
        """The statements in the order in which they lock rows, the same everywhere."""
        operator = (each for each in (self.holder, self.total) if each is not None)
        return self.user, *operator, self.attempt, *self.undo, self.denial


def month(user_id: str, name: str) -> Query[SpendingRow]:
    """Select what the user's month has cost and what is reserved; no row if nothing was sent in it."""
    return query(
        SpendingRow,
        "SELECT {columns} FROM ai_spending WHERE user_id = :user_id AND month = :month",
        user_id=user_id,
        month=name,
    )


def operator_month(hashes: Sequence[str], name: str) -> Query[OperatorSpendingRow]:
    """Select the same on the operator's keys: for a user, by the keyed hashes they may go by, and for all together."""
    listed, params = among("hash", [*hashes, TOTAL])
    return query(
        OperatorSpendingRow,
        f"SELECT {{columns}} FROM ai_operator_spending WHERE month = :month AND user_hash IN ({listed})",  # noqa: S608 - names
        month=name,
        **params,
    )


def reserve(r: Reservation, now: datetime, recent: datetime) -> ReserveStatements:
    """Reserve the highest cost of an attempt and write its row, all or nothing. :func:`denial` reads the result."""
    return ReserveStatements(
        user=_of_user(r, now),
        holder=_of_holder(r, now) if r.operator else None,
        total=_of_total(r, now) if r.operator else None,
        attempt=_attempt(r, now, recent),
        undo=tuple(_undo(r, name) for name in r.payers),
        denial=_denial(r, recent),
    )


def _of_user(r: Reservation, now: datetime) -> Statement:
    return sql(
        """INSERT INTO ai_spending (id, user_id, month, reserved_nanousd, last_attempt, created_at, updated_at)
           SELECT :id, :user_id, :month, :cost, :attempt_id, :now, :now WHERE :cost <= :limit
           ON CONFLICT (user_id, month) DO UPDATE SET reserved_nanousd = ai_spending.reserved_nanousd + excluded.reserved_nanousd,
             last_attempt = excluded.last_attempt, updated_at = excluded.updated_at
           WHERE ai_spending.spent_nanousd + ai_spending.reserved_nanousd + excluded.reserved_nanousd <= :limit
           RETURNING id""",
        id=str(uuid4()),
        user_id=r.user_id,
        month=r.month,
        cost=r.cost,
        limit=NO_LIMIT if r.limit is None else r.limit,
        attempt_id=r.attempt_id,
        now=now,
    )


# A user's first row of a month begins with what their own record knows: nothing, unless the record is older than these rows.
_KNOWN = """(SELECT COALESCE(SUM(cost_nanousd), 0) FROM ai_usage_tracking
             WHERE user_id = :user_id AND key_source = 'operator' AND created_at >= :since)"""


def _of_holder(r: Reservation, now: datetime) -> Statement:
    admitted = "EXISTS (SELECT 1 FROM ai_spending WHERE user_id = :user_id AND month = :month AND last_attempt = :attempt_id)"
    return _of_operator(r, r.holder, r.operator_limit, _KNOWN, admitted, now, user_id=r.user_id, since=r.since)


def _of_total(r: Reservation, now: datetime) -> Statement:
    admitted = """EXISTS (SELECT 1 FROM ai_operator_spending o
                  WHERE o.user_hash = :holder AND o.month = :month AND o.last_attempt = :attempt_id)"""
    return _of_operator(r, TOTAL, r.total_limit, "0", admitted, now, holder=r.holder)


def _of_operator(
    r: Reservation, user_hash: str, limit: int, begin: str, admitted: str, now: datetime, **more: str | datetime
) -> Statement:
    return sql(
        f"""INSERT INTO ai_operator_spending (id, user_hash, month, spent_nanousd, reserved_nanousd, last_attempt, created_at,
              updated_at)
            SELECT :id, :user_hash, :month, {begin}, :cost, :attempt_id, :now, :now WHERE {begin} + :cost <= :limit AND {admitted}
            ON CONFLICT (user_hash, month) DO UPDATE SET
              reserved_nanousd = ai_operator_spending.reserved_nanousd + excluded.reserved_nanousd,
              last_attempt = excluded.last_attempt, updated_at = excluded.updated_at
            WHERE ai_operator_spending.spent_nanousd + ai_operator_spending.reserved_nanousd + excluded.reserved_nanousd <= :limit
            RETURNING id""",
        id=str(uuid4()),
        user_hash=user_hash,
        month=r.month,
        cost=r.cost,
        limit=limit,
        attempt_id=r.attempt_id,
        now=now,
        **more,
    )


def _room(r: Reservation) -> str:
    """Return the condition that the money was there and the calls per minute leave room."""
    paid = ["last_attempt = :attempt_id"]
    if r.operator:
        paid.append(
            """EXISTS (SELECT 1 FROM ai_operator_spending o
               WHERE o.user_hash = :total AND o.month = :month AND o.last_attempt = :attempt_id)"""
        )
    if r.calls_per_minute is not None:
        paid.append(f"({_CALLS}) < :calls")
    return " AND ".join(paid)


def _attempt(r: Reservation, now: datetime, recent: datetime) -> Statement:
    """The attempt's row, if there was money and the provider's own limits have room beside the attempts in flight.

    The user's row is held, so attempts of the same user are counted one after the other. A request that was given up meanwhile
    gets no attempt any more.
    """
    return sql(
        f"""INSERT INTO ai_usage_tracking (id, user_id, request_id, task, attempt, provider, model, key_source, template_id,
              outcome, reserved_nanousd, reserved_tokens, created_at, updated_at)
            SELECT s.last_attempt, s.user_id, q.request_id, q.task, :number, :provider, :model, :key_source, :template_id,
              'in_flight', :cost, :tokens, :now, :now
            FROM ai_spending s, ai_usage_tracking q
            WHERE s.user_id = :user_id AND s.month = :month AND {_room(r)}
              AND q.user_id = :user_id AND q.id = :request_id AND q.outcome = 'started'
              AND NOT EXISTS (SELECT 1 FROM ai_provider_state p
                WHERE p.user_id = :user_id AND p.provider = :provider AND p.model = :model
                  AND p.key_mark IN ('', :key_mark)
                  AND ((p.resets_at > :now AND p.remaining_requests - {_CALLS_IN_FLIGHT} <= :buffer)
                    OR (p.tokens_reset_at > :now AND p.remaining_tokens - {_TOKENS_IN_FLIGHT} < :tokens)))
            RETURNING id""",  # noqa: S608 - texts of this module
        user_id=r.user_id,
        month=r.month,
        request_id=r.request_id,
        attempt_id=r.attempt_id,
        number=r.number,
        provider=r.provider,
        model=r.model,
        key_source=r.key_source,
        key_mark=r.key_mark,
        template_id=r.template_id,
        cost=r.cost,
        tokens=r.tokens,
        buffer=r.buffer,
        now=now,
        recent=recent,
        **({"total": TOTAL} if r.operator else {}),
        **({"calls": r.calls_per_minute} if r.calls_per_minute is not None else {}),
    )


_OPERATOR = ("ai_operator_spending", "user_hash")
_TABLES = {"user": ("ai_spending", "user_id"), "holder": _OPERATOR, "total": _OPERATOR}


def _undo(r: Reservation, name: str) -> Statement:
    """Take a reservation back for which no attempt was written."""
    table, column = _TABLES[name]
    return sql(
        f"""UPDATE {table} SET reserved_nanousd = reserved_nanousd - :cost, last_attempt = NULL
            WHERE {column} = :whose AND month = :month AND last_attempt = :attempt_id
              AND NOT EXISTS (SELECT 1 FROM ai_usage_tracking WHERE user_id = :user_id AND id = :attempt_id)""",  # noqa: S608
        whose=r.whose(name),
        user_id=r.user_id,
        month=r.month,
        cost=r.cost,
        attempt_id=r.attempt_id,
    )


def _denial(r: Reservation, recent: datetime) -> Query[DenialRow]:
    """Select what tells why an attempt with money was not written; no row if it was."""
    return query(
        DenialRow,
        f"""SELECT (SELECT COUNT(*) FROM ai_usage_tracking q
                    WHERE q.user_id = :user_id AND q.id = :request_id AND q.outcome = 'started') AS open, ({_CALLS}) AS calls
            WHERE NOT EXISTS (SELECT 1 FROM ai_usage_tracking WHERE user_id = :user_id AND id = :attempt_id)""",  # noqa: S608
        user_id=r.user_id,
        request_id=r.request_id,
        attempt_id=r.attempt_id,
        recent=recent,
    )


def denial(r: Reservation, statements: ReserveStatements, flight: Flight) -> SkipReason | None:
    """Return why an attempt may not be sent, from the flight of a reservation; ``None`` if it may."""
    if flight.number_of(statements.attempt):
        return None
    if not all(flight.number_of(each) for each in (statements.user, statements.holder) if each is not None):
        return "budget_exhausted"
    if statements.total is not None and not flight.number_of(statements.total):
        return "operator_budget_exhausted"
    why = flight.one(statements.denial)
    if not why.open:
        return "deadline"
    if r.calls_per_minute is not None and why.calls >= r.calls_per_minute:
        return "calls_per_minute"
    return "rate_limit_buffer"


def charge(r: Reservation, cost: int) -> list[Statement]:
    """Replace a reservation by the attempt's cost. To stand before the attempt's row is settled, which is done once.

    An attempt of unknown cost needs none of this: its reservation stays and counts.
    """
    return [_charge(r, name, cost) for name in r.payers]


def _charge(r: Reservation, name: str, cost: int) -> Statement:
    table, column = _TABLES[name]
    return sql(
        f"""UPDATE {table} SET spent_nanousd = spent_nanousd + :cost, reserved_nanousd = reserved_nanousd - :reserved
            WHERE {column} = :whose AND month = :month
              AND EXISTS (SELECT 1 FROM ai_usage_tracking
                WHERE user_id = :user_id AND id = :attempt_id AND outcome IN ('in_flight', 'interrupted'))""",  # noqa: S608
        whose=r.whose(name),
        user_id=r.user_id,
        month=r.month,
        cost=cost,
        reserved=r.cost,
        attempt_id=r.attempt_id,
    )


def take_back(r: Reservation) -> list[Statement]:
    """Free the reservation of an attempt that is not made, if it arrived. To stand where its answer may have been lost."""
    attempt = sql(
        "DELETE FROM ai_usage_tracking WHERE user_id = :user_id AND id = :id AND outcome IN ('in_flight', 'interrupted')",
        user_id=r.user_id,
        id=r.attempt_id,
    )
    return [*charge(r, 0), attempt]


def forget(month: str, limit: int) -> Statement:
    """Erase up to ``limit`` rows about the operator's keys from before a month. A row for each."""
    return sql(
        """DELETE FROM ai_operator_spending
           WHERE id IN (SELECT id FROM ai_operator_spending WHERE month < :month LIMIT :limit) RETURNING id""",
        month=month,
        limit=limit,
    )


def forgettable(month: str, limit: int) -> Query[Remaining]:
    """Count such rows, up to ``limit``."""
    return query(
        Remaining,
        "SELECT COUNT(*) AS remaining FROM (SELECT 1 FROM ai_operator_spending WHERE month < :month LIMIT :limit) AS found",
        month=month,
        limit=limit,
    )
