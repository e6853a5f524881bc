"""Connecting Facebook Pages: the Pages of a grant (platforms.md 0.4). Consent and tokens are those of ``meta/login.py``."""

from __future__ import annotations

from noillusion.catalog.accounts import AccountReason
from noillusion.core.sensitive import Secret
from noillusion.flows.inspection import Identity
from noillusion.flows.protocol import Account, AccountList, Call, Candidate, Flow, Tokens
from noillusion.platforms.meta import tasks
from noillusion.platforms.meta.facts import GRAPH
from noillusion.platforms.meta.pages import pages_of, picture_of
from noillusion.platforms.reading import Row


def accounts(tokens: Tokens) -> Flow[AccountList]:
    """The Pages the person ticked, and with ``business_management`` those of their businesses (platforms.md 0.4).

    An empty list means: no Page, none ticked in the dialog, or only business-owned ones without that scope.
    """
    rows, complete = yield from pages_of(tokens)
    return AccountList(map(_candidate, rows), complete=complete)


def probe(account: Account) -> Flow[None]:
    """Read the Page's id (platforms.md 1.2)."""
    yield Call("GET", f"{GRAPH}/{account.id}", query={"fields": "id"})


def identity(account: Account) -> Flow[Identity]:
    """Read the Page."""
    page = yield Call("GET", f"{GRAPH}/{account.id}", query={"fields": "id,name,username"})
    return Identity(str(page["id"]), str(page.get("name", "")), str(page.get("username", "")))


def _candidate(row: Row) -> Candidate:
    """A Page of the list, also one that cannot be published to, with the reason."""
    token, held = row.get("access_token"), tasks.listed(row.get("tasks"))
    reason: AccountReason = "token_missing" if not token else "" if tasks.may_publish(held) else "task_missing"
    page = str(row["id"])
    return Candidate(
        id=page,
        kind="page",
        name=str(row.get("name") or page),
        username=str(row.get("username") or ""),
        image_url=picture_of(row),
        token=Secret(str(token)) if token else None,
        can_publish=not reason,
        reason=reason,
        details={} if held is None else {"tasks": held},
    )
