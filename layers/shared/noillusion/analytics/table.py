"""Answers as CSV, which routes of their own return."""

from __future__ import annotations

from collections.abc import Sequence

from noillusion.analytics.models import AccountAnalytics, AccountFigures, AnalyticsSummary, BestTimes, PostFigures, Slot, TopPost
from noillusion.analytics.trend_models import AnalyticsSeries, Averages, Comparisons, SeriesPoint
from noillusion.core.tables import written

_FIGURES = tuple(PostFigures.model_fields)
_SUMS = ("posts", "measured", *_FIGURES)


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
    return written(columns, rows)


def posts(items: Sequence[TopPost]) -> str:
    """One row per post on an account."""
    place = ("post_id", "client_reference", "target_id", "connection_id", "platform", "account_id")
    columns = (*place, "kind", "published_at", "deleted_at", "permalink", "measured_at", *_FIGURES, "unavailable_reason")
    return written(
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
    return written(
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


def series(answer: AnalyticsSeries) -> str:
    """One row per interval."""
    return written(tuple(SeriesPoint.model_fields), (point.model_dump() for point in answer.points))


def comparisons(answer: Comparisons) -> str:
    """One row per group."""
    columns = ("value", "posts", "measured", "status", *Averages.model_fields)
    return written(
        columns,
        (
            {**group.model_dump(exclude={"averages"}), **(group.averages.model_dump() if group.averages else {})}
            for group in answer.groups
        ),
    )


def best_times(answer: BestTimes) -> str:
    """One row per hour of the week that has posts; without enough data only the heading."""
    return written(tuple(Slot.model_fields), (slot.model_dump() for slot in answer.slots or ()))
