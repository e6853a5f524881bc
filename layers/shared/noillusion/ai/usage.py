"""The usage record, summed up by day, provider and model."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from typing import Any

from noillusion.ai import prices, spending, store
from noillusion.ai.context import preferences_of
from noillusion.ai.models import UsageResponse, UsageRow
from noillusion.ai.money import budget, hashes, midnight, month_name, purse_of
from noillusion.core import clock
from noillusion.core.errors import Invalid, field_error
from noillusion.db import Actor, Row, database

LONGEST_RANGE_DAYS = 366


async def usage(user_id: str, first: date | None, last: date | None) -> UsageResponse:
    """Attempts, tokens and cost per day, provider and model; by default of the calendar month (UTC) so far."""
    now = clock.now()
    last = last or now.astimezone(UTC).date()
    first = first or last.replace(day=1)
    if not first <= last <= first + timedelta(days=LONGEST_RANGE_DAYS - 1):
        raise Invalid([field_error("from", "usage_range", days=LONGEST_RANGE_DAYS - 1)])
    month = month_name(now)
    rows, profiles, spent, operator_spent = await database().flight(
        Actor(user_id),
        store.usage(user_id, midnight(first), midnight(last) + timedelta(days=1)),
        store.profile(user_id),
        spending.month(user_id, month),
        spending.operator_month(hashes(user_id, month), month),
    )
    items = [_usage_row(row) for row in rows]
    return UsageResponse(
        first_day=first,
        last_day=last,
        items=items,
        attempts=sum(item.attempts for item in items if item.provider != "static"),
        cost_usd=prices.usd(sum(row["cost_nanousd"] for row in rows)),
        budget=budget(purse_of(user_id, now, spent, operator_spent, preferences_of(profiles))),
    )


def _usage_row(row: Row) -> UsageRow:
    fields: dict[str, Any] = {name: row[name] for name in UsageRow.model_fields if name in row}
    return UsageRow(**fields, cost_usd=prices.usd(row["cost_nanousd"]), reserved_usd=prices.usd(row["reserved_nanousd"]))
