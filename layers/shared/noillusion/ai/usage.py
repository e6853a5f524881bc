"""The usage record, summed up."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, timedelta
from typing import cast, get_args

from noillusion.ai import prices, spending, store
from noillusion.ai.context import preferences_of
from noillusion.ai.models import Dimension
from noillusion.ai.money import budget, hashes, midnight, month_name, spending_of
from noillusion.ai.rows import UsageSumsRow
from noillusion.ai.usage_models import DEFAULT_GROUPING, UsageResponse, UsageRow
from noillusion.core import clock, tables
from noillusion.core.errors import Invalid, field_error
from noillusion.core.preconditions import etag
from noillusion.db import Actor, database

LONGEST_RANGE_DAYS = 366


async def usage(user_id: str, first: date | None, last: date | None, group_by: str = DEFAULT_GROUPING) -> UsageResponse:
    """Attempts, tokens and cost by the dimensions named; by default of the calendar month (UTC) so far."""
    groups = [cast("Dimension", name) for name in group_by.split(",")]
    now = clock.now()
    last = last or now.astimezone(UTC).date()
    first = first or last.replace(day=1)
    if not first <= last <= first + timedelta(days=LONGEST_RANGE_DAYS - 1):
        raise Invalid([field_error("from", "usage_range", limit=LONGEST_RANGE_DAYS - 1, unit="days")])
    month = month_name(now)
    sums = store.usage(user_id, midnight(first), midnight(last) + timedelta(days=1), groups)
    profile, own = store.profile(user_id), spending.month(user_id, month)
    operator = spending.operator_month(hashes(user_id, month), month)
    flight = await database().flight(Actor(user_id), sums, profile, own, operator)
    rows = flight[sums]
    items = [_usage_row(row) for row in rows]
    month_so_far = spending_of(user_id, now, flight.first(own), flight[operator], preferences_of(flight.first(profile)))
    return UsageResponse(
        first_day=first,
        last_day=last,
        group_by=groups,
        items=items,
        attempts=sum(row.asked for row in rows),
        cost_usd=prices.usd(sum(row.cost_nanousd for row in rows)),
        budget=budget(month_so_far),
    )


def _usage_row(row: UsageSumsRow) -> UsageRow:
    counts = asdict(row)
    del counts["asked"]
    cost, reserved = counts.pop("cost_nanousd"), counts.pop("reserved_nanousd")
    return UsageRow(**counts, cost_usd=prices.usd(cost), reserved_usd=prices.usd(reserved))


def tag(found: UsageResponse) -> str:
    """Return the entity tag of a report of usage."""
    return etag(found)


def table(found: UsageResponse) -> str:
    """Return the rows of a report as CSV."""
    columns = [name for name in UsageRow.model_fields if name not in get_args(Dimension) or name in found.group_by]
    return tables.written(columns, (item.model_dump() for item in found.items))
