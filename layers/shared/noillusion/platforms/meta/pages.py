"""The Pages of a grant by Facebook Login, with what is linked to them (platforms.md 0.4)."""

from __future__ import annotations

from typing import Final

from noillusion.flows.faults import PlatformError, UnexpectedShape
from noillusion.flows.protocol import Call, Flow, Tokens
from noillusion.platforms.meta.facts import GRAPH
from noillusion.platforms.meta.lists import paged
from noillusion.platforms.reading import Row

PAGES_OF_ACCOUNTS: Final = 20
BUSINESS_SCOPE: Final = "business_management"
PUBLISH_TASK: Final = "CREATE_CONTENT"
PUBLISH_TASKS: Final = frozenset(
    {PUBLISH_TASK, "PROFILE_PLUS_CREATE_CONTENT", "PROFILE_PLUS_FULL_CONTROL", "PROFILE_PLUS_MANAGE"}
)
"""The tasks that allow to publish, also by their names on new Pages (platforms.md 0.4)."""
PAGE_FIELDS: Final = "id,name,username,access_token"
"""Of a Page in any list; only the person's own has ``tasks`` (platforms.md 0.4)."""


def pages_of(tokens: Tokens, fields: str = PAGE_FIELDS) -> Flow[list[Row]]:
    """The Pages the person ticked, and with ``business_management`` those of their businesses. A Page can be there twice."""
    listed, _ = yield from paged(_page_list("me/accounts", f"{fields},tasks"), PAGES_OF_ACCOUNTS)
    if BUSINESS_SCOPE in tokens.scopes:
        listed += yield from _business_pages(fields)
    return listed


def _page_list(path: str, fields: str) -> Call:
    return Call("GET", f"{GRAPH}/{path}", query={"fields": fields, "limit": 100})


def _business_pages(fields: str) -> Flow[list[Row]]:
    """Pages of the person's businesses. What cannot be read is left out: the plain list must not fail for it."""
    found: list[Row] = []
    businesses, _ = yield from _tolerated(_page_list("me/businesses", "id,name"))
    for business in businesses:
        for edge in ("owned_pages", "client_pages"):
            listed, _ = yield from _tolerated(_page_list(f"{business.get('id')}/{edge}", fields))
            found += listed
    return found


def _tolerated(call: Call) -> Flow[tuple[list[Row], bool]]:
    try:
        return (yield from paged(call, PAGES_OF_ACCOUNTS))
    except (PlatformError, UnexpectedShape):
        return [], False
