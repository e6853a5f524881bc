"""Connecting Facebook Pages: the Pages of a grant (platforms.md 0.4). Consent and tokens are those of ``meta/login.py``."""

from __future__ import annotations

from noillusion.catalog.accounts import AccountReason
from noillusion.core.sensitive import Secret
from noillusion.flows.protocol import Account, Call, Candidate, Flow, Tokens
from noillusion.platforms.meta.facts import GRAPH
from noillusion.platforms.meta.pages import PUBLISH_TASKS, pages_of
from noillusion.platforms.reading import Row


def accounts(tokens: Tokens) -> Flow[list[Candidate]]:
    """The Pages the person ticked, and with ``business_management`` those of their businesses (platforms.md 0.4).

    An empty list means: no Page, none ticked in the dialog, or only business-owned ones without that scope.
    """
    pages: dict[str, Candidate] = {}
    for row in (yield from pages_of(tokens)):
        candidate = _candidate(row)
        if candidate.id and not (candidate.id in pages and pages[candidate.id].can_publish):
            pages[candidate.id] = candidate
    return list(pages.values())


def probe(account: Account) -> Flow[None]:
    """Read the Page's id (platforms.md 1.2)."""
    yield Call("GET", f"{GRAPH}/{account.id}", query={"fields": "id"})


def _candidate(row: Row) -> Candidate:
    """A Page of the list, also one that cannot be published to, with the reason.

    One without known tasks can be tried: Facebook refuses what the role may not do (platforms.md 0.4).
    """
    token, listed = row.get("access_token"), row.get("tasks")
    tasks = [str(task) for task in listed] if isinstance(listed, list) else None
    may = tasks is None or not PUBLISH_TASKS.isdisjoint(tasks)
    reason: AccountReason = "token_missing" if not token else "" if may else "task_missing"
    page = str(row.get("id") or "")
    return Candidate(
        id=page,
        kind="page",
        name=str(row.get("name") or page),
        username=str(row.get("username") or ""),
        token=Secret(str(token)) if token else None,
        can_publish=not reason,
        reason=reason,
        details={} if tasks is None else {"tasks": tasks},
    )
