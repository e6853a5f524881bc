"""Deletion of data that the data map limits in time. Each feature knows what is due in its own tables."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from noillusion import idempotency
from noillusion.ai import retention as ai
from noillusion.analytics import retention as figures
from noillusion.core import logs
from noillusion.db.batches import Erased
from noillusion.media import stored
from noillusion.privacy import traces
from noillusion.publishing import forgetting, request_limits
from noillusion.templates import searchable
from noillusion.webhooks import retention as webhooks


async def _delete_files(deadline: float) -> Erased:
    """Delete files that were handed over, if whoever settled their target could not."""
    return Erased(await stored.delete_expired(deadline))


RULES: Mapping[str, Callable[[float], Awaitable[Erased]]] = {
    "requests": forgetting.forget_requests,
    "fingerprints": idempotency.forget_fingerprints,
    "forgotten_posts": forgetting.drop_forgotten,
    "receipts": traces.forget_traces,
    "plain_keys": idempotency.hash_plain_keys,
    "searchable": searchable.make_searchable,
    "operator_spending": ai.forget_months,
    "handed_files": _delete_files,
    "request_counts": request_limits.forget_windows,
    "history": figures.thin_history,
    "figures": figures.forget_figures,
    "account_figures": figures.forget_account_figures,
    "webhook_deliveries": webhooks.forget_deliveries,
    "webhook_secrets": webhooks.forget_secrets,
}
"""Kind of data → function that deletes it until nothing is due or ``deadline`` (``clock.monotonic``) is reached."""


async def run(deadline: float) -> dict[str, int]:
    """Delete what is due. Return the number of rows by kind, and how many are ``left`` for the next run.

    A failure does not stop the others; the first one is raised at the end.
    """
    done, left, failed = dict[str, int](), 0, list[Exception]()
    for name, rule in RULES.items():
        try:
            erased = await rule(deadline)
        except Exception as error:  # noqa: BLE001 - whatever one rule meets, the others are due as well
            logs.failure("retention_rule_failed", error, rule=name)
            failed.append(error)
            continue
        done[name], left = erased.done, left + erased.left
    logs.event("retained", **done, left=left)
    if failed:
        raise failed[0]
    return {**done, "left": left}
