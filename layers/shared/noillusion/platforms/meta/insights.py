"""Figures of posts and accounts from the Graph API's insights (platforms.md 1.4, 2.4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from noillusion.flows.faults import ErrorClass, PlatformError
from noillusion.flows.protocol import Flow
from noillusion.platforms import reading
from noillusion.platforms.reading import Row


def figures(metrics: Mapping[str, str], insights: Any) -> dict[str, Any]:
    """The figures in an insights list as keyword arguments, ``extra`` among them. A metric without data has no entry.

    ``metrics``: name → the field of the uniform metrics that it fills, empty for ``extra``.
    """
    given = insights.get("data") if isinstance(insights, Mapping) else insights
    values = {row.get("name"): _value(row) for row in given if isinstance(row, Mapping)} if isinstance(given, list) else {}
    known = [(name, field, value) for name, field in metrics.items() if (value := values.get(name)) is not None]
    extra = {name: value for name, field, value in known if not field}
    return {**{field: value for _, field, value in known if field}, "extra": extra}


def _value(row: Row) -> int | None:
    """The last value of an insights row; a breakdown counts as its sum."""
    total, series = row.get("total_value"), row.get("values")
    entry = total if isinstance(total, Mapping) else series[-1] if isinstance(series, list) and series else None
    value = entry.get("value") if isinstance(entry, Mapping) else None
    return (
        sum(n for part in value.values() if (n := reading.number(part))) if isinstance(value, Mapping) else reading.number(value)
    )


def isolating(names: tuple[str, ...], read: Callable[[tuple[str, ...]], Flow[None]]) -> Flow[tuple[str, ...]]:
    """Read with all metric names; where Meta refuses a parameter, halve until the bad names stand alone and are left out.

    One retired name fails a whole request (platforms.md 1.4, failure-classes.md G1). ``read`` with no names must be possible.
    Returns the names that were left out.
    """
    try:
        yield from read(names)
    except PlatformError as error:
        if not names or error.fault.error_class is not ErrorClass.INVALID_CONTENT:
            raise
        middle = len(names) // 2
        if not middle:
            yield from isolating((), read)
            return names
        return (*(yield from isolating(names[:middle], read)), *(yield from isolating(names[middle:], read)))
    return ()
