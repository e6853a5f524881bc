"""Why a grant by Facebook Login offers nothing (platforms.md 0.4): a missing asset is not a missing permission."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from noillusion.catalog.accounts import NoAccounts
from noillusion.flows.faults import PlatformError
from noillusion.flows.protocol import App, Flow, Tokens
from noillusion.platforms.meta.inspection import debugged
from noillusion.platforms.meta.pages import BUSINESS_SCOPE, pages_of

LIST_SCOPE: Final = "pages_show_list"
ACCOUNT_SCOPE: Final = "instagram_basic"


def of_pages(app: App, tokens: Tokens) -> Flow[NoAccounts]:
    """Find out why there is no Page."""
    if tokens.scopes and LIST_SCOPE not in tokens.scopes:
        yield from ()
        return "permission_missing"
    selected = yield from _selected(app, tokens)
    if selected == []:
        return "none_selected"
    # Pages were selected, and none is listed: that is so for those of a Business Portfolio.
    return "business_owned" if selected and BUSINESS_SCOPE not in tokens.scopes else "no_accounts"


def of_linked(app: App, tokens: Tokens) -> Flow[NoAccounts]:
    """Find out why there is no Instagram account that is linked to a Page."""
    if tokens.scopes and ACCOUNT_SCOPE not in tokens.scopes:
        return "permission_missing"
    if (yield from pages_of(tokens))[0]:
        return "none_linked"
    return (yield from of_pages(app, tokens))


def _selected(app: App, tokens: Tokens) -> Flow[list[str] | None]:
    """Read which Pages the person selected, ``None`` where Facebook does not tell: then all of them were."""
    try:
        told = yield from debugged(app, tokens.access)
    except PlatformError:
        return None
    rows = told.get("granular_scopes")
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, Mapping) and row.get("scope") == LIST_SCOPE:
            ids = row.get("target_ids")
            return [str(each) for each in ids] if isinstance(ids, list) else None
    return None
