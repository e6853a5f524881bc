"""The usage record, summed up by day, provider and model."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, timedelta

from noillusion.ai import prices, spending, store
from noillusion.ai.context import preferences_of
from noillusion.ai.money import budget, hashes, midnight, month_name, spending_of
from noillusion.ai.rows import UsageSumsRow
from noillusion.ai.usage_models import UsageResponse, UsageRow
from noillusion.core import clock
from noillusion.core.errors import Invalid, field_error
from noillusion.db import Actor, database

LONGEST_RANGE_DAYS = 366


async def usage(user_id: str, first: date | None, last: date | None) -> UsageResponse:
    """Attempts, tokens and cost per day, provider and model; by default of the calendar month (UTC) so far."""
    now = clock.now()
    last = last or now.astimezone(UTC).date()
    first = first or last.replace(day=1)
    if not first <= last <= first + timedelta(days=LONGEST_RANGE_DAYS - 1):
        raise Invalid([field_error("from", "usage_range", limit=LONGEST_RANGE_DAYS - 1, unit="days")])
    month = month_name(now)
    sums = store.usage(user_id, midnight(first), midnight(last) + timedelta(days=1))
    profile, own = store.profile(user_id), spending.month(user_id, month)
    operator = spending.operator_month(hashes(user_id, month), month)
    flight = await database().flight(Actor(user_id), sums, profile, own, operator)
    rows = flight[sums]
    items = [_usage_row(row) for row in rows]
    month_so_far = spending_of(user_id, now, flight.first(own), flight[operator], preferences_of(flight.first(profile)))
    return UsageResponse(
        first_day=first,
        last_day=last,
        items=items,
        attempts=sum(item.attempts for item in items if item.provider != "static"),
        cost_usd=prices.usd(sum(row.cost_nanousd for row in rows)),
        budget=budget(month_so_far),
    )


def _usage_row(row: UsageSumsRow) -> UsageRow:
    counts = asdict(row)
    cost, reserved = counts.pop("cost_nanousd"), counts.pop("reserved_nanousd")
    return UsageRow(**counts, cost_usd=prices.usd(cost), reserved_usd=prices.usd(reserved))
