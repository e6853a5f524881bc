"""What a Page can publish at the moment (platforms.md 0.4)."""

from __future__ import annotations

from collections.abc import Iterator

from noillusion.flows.account_options import AccountOptions
from noillusion.flows.protocol import Account, Call, Flow, Issue
from noillusion.platforms.checks import scope_issues
from noillusion.platforms.facebook.facts import PUBLISH_SCOPE
from noillusion.platforms.meta import tasks
from noillusion.platforms.meta.facts import GRAPH


def account_options(account: Account) -> Flow[AccountOptions]:
    """Read the Page. Its tasks are those of the connection: a Page's own token cannot ask for them."""
    reply = yield Call("GET", f"{GRAPH}/{account.id}", query={"fields": "id,name"})
    return AccountOptions(
        problems=tuple(access_issues(account)),
        username=account.username,
        name=str(reply.get("name", "")),
        roles=tuple(account.details.get("tasks") or ()),
    )


def access_issues(account: Account) -> Iterator[Issue]:
    """List what the connection lacks for publishing on the Page."""
    yield from scope_issues(account, (PUBLISH_SCOPE,))
    yield from tasks.issues(account)
