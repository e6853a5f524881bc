"""Instagram accounts that are linked to Pages, and are found through them by Facebook Login (platforms.md 2.2, path A)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from noillusion.catalog.accounts import AccountReason
from noillusion.core.sensitive import Secret
from noillusion.flows.inspection import Identity
from noillusion.flows.protocol import Account, AccountList, Call, Candidate, Flow, Tokens
from noillusion.platforms import cosmetic
from noillusion.platforms.meta import tasks
from noillusion.platforms.meta.facts import GRAPH
from noillusion.platforms.meta.pages import pages_of
from noillusion.platforms.reading import Row

FIELD: Final = "instagram_business_account"
FIELDS: Final = f"id,name,access_token,{FIELD}{{id,username,name}}"
DECORATED_FIELDS: Final = f"id,name,access_token,{FIELD}{{id,username,name,profile_picture_url}}"


def accounts(tokens: Tokens) -> Flow[AccountList]:
    """The accounts that are linked to Pages of the grant, each once.

    A Page without the field has no professional account, or the person did not tick it in the dialog (platforms.md 2.2).
    """
    found: dict[str, Candidate] = {}
    pages, complete = yield from pages_of(tokens, FIELDS, DECORATED_FIELDS)
    for page in pages:
        for candidate in _candidates(page):
            if not (candidate.id in found and found[candidate.id].can_publish):
                found[candidate.id] = candidate
    return AccountList(found.values(), complete=complete)


def probe(account: Account) -> Flow[None]:
    """Read the account's id, with its Page's token."""
    yield Call("GET", f"{GRAPH}/{account.id}", query={"fields": "id"})


def identity(account: Account) -> Flow[Identity]:
    """Read the account, with its Page's token."""
    found = yield Call("GET", f"{GRAPH}/{account.id}", query={"fields": "id,username,name"})
    return Identity(str(found["id"]), str(found.get("name", "")), str(found.get("username", "")))


def _candidates(page: Row) -> Iterator[Candidate]:
    """The account that is linked to a Page, if any. The Page's token and the person's tasks on the Page decide what it can do."""
    profile, token, held = page.get(FIELD), page.get("access_token"), tasks.listed(page.get("tasks"))
    if not isinstance(profile, Mapping) or not profile.get("id"):
        return
    reason: AccountReason = "token_missing" if not token else "" if tasks.may_publish(held) else "task_missing"
    username = str(profile.get("username") or "")
    yield Candidate(
        id=str(profile["id"]),
        kind="professional",
        name=str(profile.get("name") or username or profile["id"]),
        username=username,
        image_url=cosmetic.image_url(profile.get("profile_picture_url")),
        token=Secret(str(token)) if token else None,
        can_publish=not reason,
        reason=reason,
        details={} if held is None else {"tasks": held},
    )
