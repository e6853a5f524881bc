"""The budgets of calls that Meta's headers tell of, and how long to leave an account alone (platforms.md 0.3).

Nothing fails because of a header: one that is missing or malformed says nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from noillusion.flows import pauses
from noillusion.flows.faults import ErrorClass, Fault
from noillusion.flows.pauses import Pause
from noillusion.flows.protocol import Reply
from noillusion.platforms.meta.errors import ERRORS, wait_hint

NEARLY_ALL: Final = 90
"""Percent of a budget above which callers pause: calls that are throttled prolong the throttle."""
SHARES: Final = ("call_count", "total_cputime", "total_time")
SIMPLE: Final = ("x-app-usage", "x-page-usage")
BY_BUSINESS: Final = "x-business-use-case-usage"
THROTTLES: Final = frozenset(str(code) for (code, _), found in ERRORS.items() if found is ErrorClass.RATE_LIMIT)
"""Codes that refuse every call. The other ones of this class count posts."""


def pause(reply: Reply, fault: Fault | None) -> Pause | None:
    """Return the pause that a reply asks for: by a throttle, or by a budget that is nearly used up."""
    asked = pauses.of_refusal(fault)
    if fault is not None and asked is not None:
        return Pause(asked.seconds, every_call=fault.code.partition("/")[0] in THROTTLES)
    if _is_nearly_used_up(reply.headers):
        return Pause(wait_hint(reply.headers), every_call=True)
    return None


def _is_nearly_used_up(headers: Mapping[str, str]) -> bool:
    budgets = [*(_read(headers, name) for name in SIMPLE), *_of_businesses(_read(headers, BY_BUSINESS))]
    return any(_percent(budget.get(share)) > NEARLY_ALL for budget in budgets for share in SHARES)


def _of_businesses(usage: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for rows in usage.values():
        yield from (row for row in rows if isinstance(row, Mapping)) if isinstance(rows, list) else ()


def _read(headers: Mapping[str, str], name: str) -> Mapping[str, Any]:
    try:
        found = json.loads(headers.get(name, "{}"))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, Mapping) else {}


def _percent(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0
