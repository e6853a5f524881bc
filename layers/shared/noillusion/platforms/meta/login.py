"""Facebook Login, by which Pages are connected and Instagram accounts that are linked to Pages (platforms.md 0.4)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from noillusion.core.sensitive import Secret
from noillusion.flows.effects import Effect
from noillusion.flows.faults import PlatformError
from noillusion.flows.inspection import TokenState
from noillusion.flows.protocol import App, Call, Flow, Tokens
from noillusion.platforms import reading
from noillusion.platforms.meta import inspection
from noillusion.platforms.meta.facts import GRAPH, VERSION, WWW
from noillusion.platforms.reading import rows


def authorize_url(app: App, *, redirect_uri: str, state: str) -> str:
    """The dialog's URL. ``rerequest`` makes it ask again for what was declined before (platforms.md 0.4).

    With a configuration of Facebook Login for Business, that names the permissions, and the person grants all of them or none.
    """
    asked = {"config_id": app.config_id} if app.config_id else {"scope": ",".join(app.scopes), "auth_type": "rerequest"}
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
    person, permissions = yield [user_call("me", access, fields="id"), user_call("me/permissions", access)]
    granted = tuple(str(row.get("permission")) for row in rows(permissions, "data") if row.get("status") == "granted")
    until = yield from _data_access(app, access)
    return Tokens(access, None, reading.seconds(long.get("expires_in")), None, granted, str(person["id"]), until)


def _data_access(app: App, token: Secret) -> Flow[int | None]:
    """The end of the access to the person's data. Connecting does not fail for it: ``None`` if Meta does not tell."""
    try:
        state: TokenState = yield from inspection.token_state(app, token)
    except PlatformError:
        return None
    return state.data_access_expires_at


def revoke(tokens: Tokens) -> Flow[None]:
    """Withdraw all permissions. Only the person's own token can do that, which a Page's connection keeps as its ``refresh``.

    After a refusal the person can still remove the app in Facebook's settings (platforms.md 0.4).
    """
    yield user_call("me/permissions", tokens.refresh or tokens.access, "DELETE", Effect.PREPARE)


def user_call(path: str, token: Secret, method: str = "GET", effect: Effect = Effect.READ, **query: Any) -> Call:
    """A call with the person's token, which the runner does not have (yet). It goes in a header: URLs end up in logs."""
    headers = {"authorization": Secret(f"Bearer {token.reveal()}")}
    return Call(method, f"{GRAPH}/{path}", effect, query=query, headers=headers, auth="none")
