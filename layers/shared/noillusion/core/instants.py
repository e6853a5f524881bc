"""Points in time in requests: RFC 3339 with a UTC offset, converted to UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator

from noillusion.core.models import refused

_RFC3339 = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(Z|[ +-]\d\d:\d\d)?\Z")
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def _rfc3339(value: object) -> object:
    match = _RFC3339.match(value) if isinstance(value, str) else None
    if match is None:
        raise refused("date_time")
    # In a query string, an unescaped plus sign arrives as a space.
    return match[1] + (match[2] or "").replace(" ", "+")


def _in_utc(value: datetime) -> datetime:
    if not EARLIEST.replace(tzinfo=None) <= value.replace(tzinfo=None) <= LATEST.replace(tzinfo=None):
        raise refused("years", earliest=EARLIEST.year, latest=LATEST.year)
    return value.astimezone(UTC)


Instant = Annotated[AwareDatetime, BeforeValidator(_rfc3339), AfterValidator(_in_utc)]
"""A point in time with a UTC offset, converted to UTC. A time without an offset is refused."""
