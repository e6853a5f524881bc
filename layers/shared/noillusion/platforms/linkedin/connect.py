"""Connecting a LinkedIn account: consent, tokens, and whom a grant can act as (platforms.md 3.2)."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from noillusion.core.sensitive import Secret
from noillusion.flows.names import Effect
from noillusion.flows.protocol import Account, App, Call, Candidate, Flow, Reply, Tokens
from noillusion.platforms import grants
from noillusion.platforms.linkedin import calls, errors, organizations
from noillusion.platforms.linkedin.facts import OAUTH, POSTING_SCOPE


def authorize_url(app: App, scopes: Sequence[str], *, redirect_uri: str, state: str) -> str:
    """Where the browser goes for consent. All scopes are granted or none (platforms.md 3.2)."""
    asked = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": redirect_uri,
        "state": state,
        "scope": " ".join(scopes),
    }
    return f"{OAUTH}/authorization?{urlencode(asked, quote_via=quote)}"


def exchange(app: App, scopes: tuple[str, ...], *, code: str, redirect_uri: str) -> Flow[Tokens]:
    """Tokens for an authorization code: 60 days, with a refresh token only for apps that LinkedIn allowed it."""
    form = {"grant_type": "authorization_code", "code": Secret(code), "redirect_uri": redirect_uri}
    reply = yield from _token_call(app, form)
    return _tokens(reply, Tokens(Secret(""), scopes=scopes))


def refresh(app: App, tokens: Tokens) -> Flow[Tokens]:
    """A new access token; the refresh token stays and its life goes on shrinking. Nothing to do without one."""
    if not tokens.refresh:
        yield from ()
        return tokens
    reply = yield from _token_call(app, {"grant_type": "refresh_token", "refresh_token": tokens.refresh})
    return _tokens(reply, tokens)


def revoke(app: App, tokens: Tokens) -> Flow[None]:
    """Withdraw the grant. A token that is dead already is a grant withdrawn."""
    form = {"client_id": app.client_id, "client_secret": app.client_secret, "token": tokens.access}
    call = Call("POST", f"{OAUTH}/revoke", Effect.PREPARE, form=form, auth="none")
    yield from grants.revoked(call, errors.DEAD_GRANT)


def accounts(tokens: Tokens) -> Flow[list[Candidate]]:
    """The member, then the organizations where the grant reaches them (platforms.md 3.2)."""
    who = yield calls.identity(tokens.scopes)
    found = [_member(who, tokens.scopes)]
    if not {"rw_organization_admin", "r_organization_admin"}.isdisjoint(tokens.scopes):
        found += yield from organizations.of(tokens.scopes)
    return found


def probe(account: Account) -> Flow[None]:
    """Read who the token belongs to."""
    yield calls.identity(account.scopes)


def _member(who: Reply, scopes: Sequence[str]) -> Candidate:
    parts = [_part_of_name(who, part) for part in ("FirstName", "LastName")]
    allowed = POSTING_SCOPE["member"] in scopes
    return Candidate(
        str(who.get("sub") or who["id"]),
        "member",
        str(who.get("name") or " ".join(filter(None, parts)) or "LinkedIn"),
        str(who.get("vanityName", "")),
        can_publish=allowed,
        reason="" if allowed else "scope_missing",
    )


def _part_of_name(who: Reply, part: str) -> str:
    """A part of a member's name in the member's language, or in the first of several."""
    spoken = who.get(f"{part[0].lower()}{part[1:]}.localized")
    return str(who.get(f"localized{part}") or next(iter(spoken.values() if isinstance(spoken, Mapping) else ()), ""))


def _token_call(app: App, form: Mapping[str, Any]) -> Flow[Reply]:
    full = {**form, "client_id": app.client_id, "client_secret": app.client_secret}
    call = Call("POST", f"{OAUTH}/accessToken", Effect.PREPARE, form=full, auth="none")
    return (yield from grants.token_answer(call, errors.DEAD_GRANT))


def _tokens(reply: Reply, before: Tokens) -> Tokens:
    """The tokens in a reply; what it leaves out or leaves empty stays as it was (failure-classes.md C1)."""
    refresh = reply.get("refresh_token")
    return Tokens(
        access=Secret(str(reply["access_token"])),
        refresh=Secret(str(refresh)) if refresh else before.refresh,
        access_expires_in=calls.number(reply.get("expires_in")),
        refresh_expires_in=calls.number(reply.get("refresh_token_expires_in")),
        scopes=tuple(re.findall(r"[^\s,]+", str(reply.get("scope", "")))) or before.scopes,
        subject=_subject(reply.get("id_token")) or before.subject,
    )


def _subject(id_token: object) -> str:
    """``sub`` of an ID token. It came straight from LinkedIn's token endpoint, so the connection vouches for it."""
    try:
        payload = str(id_token).split(".")[1]
        claims = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError):
        return ""
    return str(claims.get("sub", "")) if isinstance(claims, dict) else ""
