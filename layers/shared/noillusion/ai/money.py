"""Money of a month: what was spent, and what may be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal

from noillusion.ai import prices
from noillusion.ai.models import Budget
from noillusion.ai.plan import Purse
from noillusion.db import Row
from noillusion.profiles.models import AIPreferences
from noillusion.settings import settings


def purse_of(spent: Sequence[Row], preferences: AIPreferences) -> Purse:
    """What was spent, and the limits."""
    return Purse(
        spent=spent[0]["spent"],
        operator_spent=spent[0]["operator_spent"],
        limit=_nano(preferences.monthly_budget_usd),
        request_limit=_nano(preferences.max_cost_per_request_usd),
        operator_limit=int(Decimal(str(settings().operator_ai_budget_usd)) * prices.NANO),
        open_requests=spent[0]["open_requests"],
    )


def _nano(amount: Decimal | None) -> int | None:
    return None if amount is None else int(amount * prices.NANO)


def budget(purse: Purse) -> Budget:
    return Budget(
        spent_usd=prices.usd(purse.spent),
        limit_usd=None if purse.limit is None else prices.usd(purse.limit),
        operator_spent_usd=prices.usd(purse.operator_spent),
        operator_limit_usd=prices.usd(purse.operator_limit) if settings().operator_ai_keys else None,
    )


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def month_start(now: datetime) -> datetime:
    return midnight(now.astimezone(UTC).date().replace(day=1))
