"""Connecting Facebook Pages: consent, tokens, and the Pages of a grant (platforms.md 0.4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

from noillusion.catalog.accounts import AccountReason
from noillusion.core.sensitive import Secret
from noillusion.flows.effects import Effect
from noillusion.flows.faults import PlatformError, UnexpectedShape
from noillusion.flows.protocol import Account, App, Call, Candidate, Flow, Tokens
from noillusion.platforms import reading
from noillusion.platforms.facebook.facts import BUSINESS_SCOPE, GRAPH, PAGES_OF_ACCOUNTS, PUBLISH_TASKS, WWW
from noillusion.platforms.meta.facts import VERSION
from noillusion.platforms.meta.lists import paged
from noillusion.platforms.reading import Row, rows


def authorize_url(app: App, scopes: Sequence[str], *, redirect_uri: str, state: str) -> str:
    """The dialog's URL. ``rerequest`` makes it ask again for what was declined before (platforms.md 0.4).

    With a configuration of Facebook Login for Business, that names the permissions, and the person grants all of them or none.
    """
    asked = {"config_id": app.config_id} if app.config_id else {"scope": ",".join(scopes), "auth_type": "rerequest"}
    query = {
        "client_id": app.client_id,
        "redirect_uri": redirect_uri,
        "state": state,
        "response_type": "code",
        **asked,
    }
    return f"{WWW}/{VERSION}/dialog/oauth?{urlencode(query)}"


def exchange(app: App, *, code: str, redirect_uri: str) -> Flow[Tokens]:
    """Code → short user token → long-lived user token, with the granted scopes and the app-scoped id (platforms.md 0.4)."""
    secrets = {"client_id": app.client_id, "client_secret": app.client_secret}
    url = f"{GRAPH}/oauth/access_token"
    given = {**secrets, "redirect_uri": redirect_uri, "code": Secret(code)}
    short = yield Call("POST", url, Effect.PREPARE, form=given, auth="none")
    asked = {"grant_type": "fb_exchange_token", **secrets, "fb_exchange_token": Secret(short["access_token"])}
    long = yield Call("POST", url, Effect.PREPARE, form=asked, auth="none")
    access = Secret(long["access_token"])
    person, permissions = yield [_user_call("me", access, fields="id"), _user_call("me/permissions", access)]
    granted = tuple(str(row.get("permission")) for row in rows(permissions, "data") if row.get("status") == "granted")
    return Tokens(access, None, reading.seconds(long.get("expires_in")), None, granted, str(person["id"]))


def revoke(tokens: Tokens) -> Flow[None]:
    """Withdraw all permissions. Only the person's own token can do that, which a Page's connection keeps as its ``refresh``.

    After a refusal the person can still remove the app in Facebook's settings (platforms.md 0.4).
    """
    yield _user_call("me/permissions", tokens.refresh or tokens.access, "DELETE", Effect.PREPARE)


def accounts(tokens: Tokens) -> Flow[list[Candidate]]:
    """The Pages the person ticked, and with ``business_management`` those of their businesses (platforms.md 0.4).

    An empty list means: no Page, none ticked in the dialog, or only business-owned ones without that scope.
    """
    listed, _ = yield from paged(_page_list("me/accounts", f"{PAGE_FIELDS},tasks"), PAGES_OF_ACCOUNTS)
    if BUSINESS_SCOPE in tokens.scopes:
        listed += yield from _business_pages()
    pages: dict[str, Candidate] = {}
    for row in listed:
        candidate = _candidate(row)
        if candidate.id and not (candidate.id in pages and pages[candidate.id].can_publish):
            pages[candidate.id] = candidate
    return list(pages.values())


def probe(account: Account) -> Flow[None]:
    """Read the Page's id (platforms.md 1.2)."""
    yield Call("GET", f"{GRAPH}/{account.id}", query={"fields": "id"})


def _user_call(path: str, token: Secret, method: str = "GET", effect: Effect = Effect.READ, **query: Any) -> Call:
    """A call with the person's token, which the runner does not have (yet). It goes in a header: URLs end up in logs."""
    headers = {"authorization": Secret(f"Bearer {token.reveal()}")}
    return Call(method, f"{GRAPH}/{path}", effect, query=query, headers=headers, auth="none")


PAGE_FIELDS: Final = "id,name,username,access_token"
"""Of a Page in any list; only the person's own has ``tasks`` (platforms.md 0.4)."""


def _page_list(path: str, fields: str = PAGE_FIELDS) -> Call:
    return Call("GET", f"{GRAPH}/{path}", query={"fields": fields, "limit": 100})


def _business_pages() -> Flow[list[Row]]:
    """Pages of the person's businesses. What cannot be read is left out: the plain list must not fail for it."""
    found: list[Row] = []
    businesses, _ = yield from _tolerated(_page_list("me/businesses", "id,name"))
    for business in businesses:
        for edge in ("owned_pages", "client_pages"):
            listed, _ = yield from _tolerated(_page_list(f"{business.get('id')}/{edge}"))
            found += listed
    return found


def _tolerated(call: Call) -> Flow[tuple[list[Row], bool]]:
    try:
        return (yield from paged(call, PAGES_OF_ACCOUNTS))
    except (PlatformError, UnexpectedShape):
        return [], False


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
