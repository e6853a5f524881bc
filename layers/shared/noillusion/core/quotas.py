"""Quotas of requests that a caller is told about, in the headers of every answer to a request that is counted.

The headers are those of draft-ietf-httpapi-ratelimit-headers-10: ``RateLimit-Policy: "posts";q=30;w=60`` and
``RateLimit: "posts";r=29;t=42``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from noillusion.core.records import record


@record(eq=True)
class Quota:
    """A quota by name: requests in a window of so many seconds, how many are left, and in how many seconds all are again."""

    name: str
    requests: int
    window: int
    left: int
    resets_in: int


_told: ContextVar[dict[str, Quota] | None] = ContextVar("told", default=None)


@contextmanager
def listening() -> Iterator[dict[str, Quota]]:
    """Collect the quotas that the work for one request tells, by name, as they are in the end."""
    quotas: dict[str, Quota] = {}
    token = _told.set(quotas)
    try:
        yield quotas
    finally:
        _told.reset(token)


def tell(quota: Quota) -> None:
    """Tell the caller of the request about a quota. Outside of a request nobody listens."""
    quotas = _told.get()
    if quotas is not None:
        quotas[quota.name] = quota


def headers(quotas: dict[str, Quota]) -> dict[str, str]:
    """Return the headers that describe quotas."""
    if not quotas:
        return {}
    return {
        "ratelimit-policy": ", ".join(f'"{each.name}";q={each.requests};w={each.window}' for each in quotas.values()),
        "ratelimit": ", ".join(f'"{each.name}";r={each.left};t={each.resets_in}' for each in quotas.values()),
    }
