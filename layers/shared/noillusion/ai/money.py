"""Money of a month: what was spent, what is reserved, and what may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal

from noillusion.ai import prices
from noillusion.ai.models import KeySource
from noillusion.ai.plan import Spending
from noillusion.ai.rows import OperatorSpendingRow, SpendingRow
from noillusion.ai.usage_models import Budget
from noillusion.catalog.providers import Provider
from noillusion.core.records import record
from noillusion.profiles.models import AIPreferences
from noillusion.settings.source import settings
from noillusion.vault.sealer import fingerprints

TOTAL = "total"
"""Stands for all users together among those who spent something on the operator's keys."""
HASH_PURPOSE = "operator-spending"


@record()
class Reservation:
    """The room that an attempt wants before it is sent. Amounts are billionths of a US dollar."""

    user_id: str
    request_id: str
    attempt_id: str
    number: int
    provider: Provider
    model: str
    key_source: KeySource
    key_mark: str
    template_id: str | None
    month: str
    since: datetime
    cost: int
    """The most that the attempt may cost."""
    tokens: int
    """The most input tokens that it may have."""
    limit: int | None
    holder: str
    operator_limit: int
    total_limit: int
    buffer: int
    calls_per_minute: int | None

    @property
    def operator(self) -> bool:
        """True if the operator pays."""
        return self.key_source == "operator"

    @property
    def payers(self) -> tuple[str, ...]:
        """The names of the rows that the reservation is in (see :meth:`whose`)."""
        return ("user", "holder", "total") if self.operator else ("user",)

    def whose(self, name: str) -> str:
        """The key of a row that the reservation is in."""
        return {"user": self.user_id, "holder": self.holder, "total": TOTAL}[name]


def hashes(user_id: str, month: str) -> tuple[str, ...]:
    """The keyed hashes that a user may go by in a month on the operator's keys, the current one first.

    They outlive the user's rows until the month is over, and those of two months cannot be told to be of one user.
    """
    return fingerprints(HASH_PURPOSE, user_id, month)


def spending_of(
    user_id: str,
    now: datetime,
    own: SpendingRow | None,
    operator: Sequence[OperatorSpendingRow],
    preferences: AIPreferences,
) -> Spending:
    """Return what was spent and reserved in the month of ``now``, and the limits."""
    month = month_name(now)
    own = own or SpendingRow()
    by_hash = {row.user_hash: row for row in operator}
    mine = hashes(user_id, month)
    # After a rotation of the key a user goes on under the hash that they began the month with.
    holder = next((name for name in mine if name in by_hash), mine[0])
    paid, total = by_hash.get(holder, SpendingRow()), by_hash.get(TOTAL, SpendingRow())
    return Spending(
        month=month,
        since=month_start(now),
        spent=own.spent_nanousd,
        reserved=own.reserved_nanousd,
        limit=_nano(preferences.monthly_budget_usd),
        request_limit=_nano(preferences.max_cost_per_request_usd),
        holder=holder,
        operator_spent=paid.spent_nanousd,
        operator_reserved=paid.reserved_nanousd,
        operator_limit=_setting(settings().operator_ai_budget_usd),
        total=total.spent_nanousd + total.reserved_nanousd,
        total_limit=_setting(settings().operator_ai_total_budget_usd),
    )


def in_month(spending: Spending, user_id: str, now: datetime) -> Spending:
    """Return a user's spending for an attempt that is sent now: another month may have begun since it was read."""
    month = month_name(now)
    if month == spending.month:
        return spending
    return replace(spending, month=month, since=month_start(now), holder=hashes(user_id, month)[0])


def _nano(amount: Decimal | None) -> int | None:
    return None if amount is None else int(amount * prices.NANO)


def _setting(amount: float) -> int:
    return int(min(Decimal(str(amount)), Decimal(10**9)) * prices.NANO)


def budget(spending: Spending) -> Budget:
    """Return the answer that shows a month's spending."""
    return Budget(
        spent_usd=prices.usd(spending.spent),
        reserved_usd=prices.usd(spending.reserved),
        limit_usd=None if spending.limit is None else prices.usd(spending.limit),
        operator_spent_usd=prices.usd(spending.operator_spent),
        operator_reserved_usd=prices.usd(spending.operator_reserved),
        operator_limit_usd=prices.usd(spending.operator_limit) if settings().operator_ai_keys else None,
    )


def midnight(day: date) -> datetime:
    """The beginning of a day (UTC)."""
    return datetime.combine(day, time(), UTC)


def month_start(now: datetime) -> datetime:
    """The beginning of the month (UTC)."""
    return midnight(now.astimezone(UTC).date().replace(day=1))


def month_name(now: datetime) -> str:
    """The month (UTC), as in 2026-11."""
    return f"{now.astimezone(UTC):%Y-%m}"
