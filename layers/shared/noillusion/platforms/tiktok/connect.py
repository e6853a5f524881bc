"""Connecting a TikTok account: consent and tokens (platforms.md 4.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from noillusion.core.sensitive import Secret
from noillusion.flows.faults import ErrorClass, Fault, PlatformError
from noillusion.flows.names import Effect
from noillusion.flows.protocol import App, Call, Candidate, Flow, Reply, Tokens
from noillusion.platforms import grants
from noillusion.platforms.tiktok import calls, errors
from noillusion.platforms.tiktok.facts import API, POSTING_SCOPE, PROFILE_FIELDS


def authorize_url(app: App, scopes: Sequence[str], *, redirect_uri: str, state: str) -> str:
    """Where the browser goes for consent (platforms.md 4.2). The app's id is called ``client_key`` here."""
    asked = {
        "client_key": app.client_id,
        "response_type": "code",
        "scope": ",".join(scopes),
        "redirect_uri": redirect_uri,
        "state": state,
        # Without it a person with a running session is never asked, and could not add a second account.
        "disable_auto_auth": "1",
    }
    return f"https://www.tiktok.com/v2/auth/authorize/?{urlencode(asked, quote_via=quote)}"


def exchange(app: App, *, code: str, redirect_uri: str) -> Flow[Tokens]:
    """Tokens for an authorization code: access 24 h, refresh 365 d, the scopes that were really granted."""
    form = {"grant_type": "authorization_code", "code": Secret(code), "redirect_uri": redirect_uri}
    reply = yield from _token_call(app, form)
    return _tokens(reply, Tokens(Secret("")))


def refresh(app: App, tokens: Tokens) -> Flow[Tokens]:
    """A new pair. The returned refresh token replaces the old one; a missing or empty one never does."""
    if not tokens.refresh:
        yield from ()
        raise PlatformError(Fault(ErrorClass.REAUTH, "no_refresh_token"))
    reply = yield from _token_call(app, {"grant_type": "refresh_token", "refresh_token": tokens.refresh})
    return _tokens(reply, tokens)


def revoke(app: App, tokens: Tokens) -> Flow[None]:
    """Withdraw the grant. A token that is dead already is a grant withdrawn."""
    form = {"client_key": app.client_id, "client_secret": app.client_secret, "token": tokens.access}
    call = Call("POST", f"{API}/oauth/revoke/", Effect.PREPARE, form=form, auth="none")
    yield from grants.revoked(call, errors.DEAD_GRANT)


def accounts(tokens: Tokens, asked: tuple[str, ...]) -> Flow[list[Candidate]]:
    """The one account of the grant, with as much of its profile as the scopes allow."""
    granted = tokens.scopes or asked
    fields = [field for scope, names in PROFILE_FIELDS.items() if scope in granted for field in names]
    user = yield calls.user_info(fields or ["open_id"])
    allowed = not set(POSTING_SCOPE.values()).isdisjoint(granted)
    username = str(user.get("data.user.username", ""))
    return [
        Candidate(
            str(user["data.user.open_id"]),
            "creator",
            str(user.get("data.user.display_name") or username or "TikTok"),
            username,
            can_publish=allowed,
            reason="" if allowed else "scope_missing",
        )
    ]


def probe() -> Flow[None]:
    """Read who the token belongs to."""
    yield calls.user_info(["open_id"])


def _token_call(app: App, form: Mapping[str, Any]) -> Flow[Reply]:
    full = {**form, "client_key": app.client_id, "client_secret": app.client_secret}
    call = Call("POST", f"{API}/oauth/token/", Effect.PREPARE, form=full, auth="none")
    return (yield from grants.token_answer(call, errors.DEAD_GRANT))


def _tokens(reply: Reply, before: Tokens) -> Tokens:
    """The tokens in a reply; what it leaves out or leaves empty stays as it was (failure-classes.md C1)."""
    refresh = reply.get("refresh_token")
    return Tokens(
        access=Secret(str(reply["access_token"])),
        refresh=Secret(str(refresh)) if refresh else before.refresh,
        access_expires_in=calls.number(reply.get("expires_in")),
        refresh_expires_in=calls.number(reply.get("refresh_expires_in")),
        scopes=tuple(re.findall(r"[^\s,]+", str(reply.get("scope", "")))) or before.scopes,
        subject=str(reply.get("open_id", "")) or before.subject,
    )
