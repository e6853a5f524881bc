"""Answers as CSV (RFC 4180), which routes of their own return. No cell can become a formula in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from noillusion.analytics.models import AccountAnalytics, AccountFigures, AnalyticsSummary, BestTimes, PostFigures, Slot, TopPost

MEDIA_TYPE = "text/csv"
BOM = "\ufeff"
"""Byte order mark, by which Excel recognizes UTF-8."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_FIGURES = tuple(PostFigures.model_fields)
_SUMS = ("posts", "measured", *_FIGURES)


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA_STARTS):
        # Spreadsheets run such text as a formula; an apostrophe makes it text again.
        return "'" + value
    return value


def _written(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_cell(row.get(column)) for column in columns] for row in rows)
    return text.getvalue()


def summary(answer: AnalyticsSummary) -> str:
    """One row per platform and one for all of them, with the earlier period's figures beside."""
    columns = ("platform", "start", "end", "as_of", *_SUMS, *(f"previous_{name}" for name in _SUMS))
    period = {"start": answer.period.start, "end": answer.period.end, "as_of": answer.as_of}
    parts = [(part.platform, part.totals, part.previous) for part in answer.platforms]
    rows = [
        {
            "platform": name,
            **period,
            **totals.model_dump(),
            **{f"previous_{key}": value for key, value in previous.model_dump().items()},
        }
        for name, totals, previous in [*parts, ("all", answer.totals, answer.previous)]
    ]
    return _written(columns, rows)


def posts(items: Sequence[TopPost]) -> str:
    """One row per post on an account."""
    place = ("post_id", "client_reference", "target_id", "connection_id", "platform", "account_id")
    columns = (*place, "kind", "published_at", "deleted_at", "permalink", "measured_at", *_FIGURES, "unavailable_reason")
    return _written(
        columns,
        (
            {
                **item.model_dump(exclude={"figures", "unavailable"}),
                **(item.figures.model_dump() if item.figures else {}),
                "unavailable_reason": item.unavailable.reason if item.unavailable else None,
            }
            for item in items
        ),
    )


def accounts(items: Sequence[AccountAnalytics]) -> str:
    """One row per reading of an account."""
    account = ("connection_id", "platform", "account_id", "account_kind", "display_name", "username", "label")
    columns = (*account, "at", "status", "reason", *AccountFigures.model_fields)
    return _written(
        columns,
        (
            {
                **item.model_dump(include=set(account)),
                **reading.model_dump(exclude={"figures", "extra"}),
                **(reading.figures.model_dump() if reading.figures else {}),
            }
            for item in items
            for reading in item.series
        ),
    )


def best_times(answer: BestTimes) -> str:
    """One row per hour of the week that has posts; without enough data only the heading."""
    return _written(tuple(Slot.model_fields), (slot.model_dump() for slot in answer.slots or ()))
