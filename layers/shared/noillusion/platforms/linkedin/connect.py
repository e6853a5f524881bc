"""Connecting a LinkedIn account: consent, tokens, and whom a grant can act as (platforms.md 3.2)."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import quote, urlencode

from noillusion.core.sensitive import Secret
from noillusion.flows.inspection import Identity, TokenState
from noillusion.flows.protocol import Account, AccountList, App, Call, Candidate, Flow, Reply, Tokens
from noillusion.platforms import cosmetic, oauth, reading
from noillusion.platforms.linkedin import calls, errors, images, organizations
from noillusion.platforms.linkedin.facts import ADMIN_SCOPES, OAUTH, POSTING_SCOPE

ENDPOINT: Final = oauth.TokenEndpoint(
    url=f"{OAUTH}/accessToken",
    revocation_url=f"{OAUTH}/revoke",
    dead=errors.DEAD_GRANT,
    code_refused=errors.CODE_REFUSED,
    refresh_life="refresh_token_expires_in",
    subject=lambda reply: _subject(reply.get("id_token")),
)
"""An access token lives 60 days. The refresh token, which LinkedIn allows to some apps only, keeps its value and its end."""


def authorize_url(app: App, *, redirect_uri: str, state: str) -> str:
    """Return where the browser goes for consent. All scopes are granted or none (platforms.md 3.2)."""
    asked = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": redirect_uri,
        "state": state,
        "scope": " ".join(app.scopes),
    }
    return f"{OAUTH}/authorization?{urlencode(asked, quote_via=quote)}"


def exchange(app: App, *, code: str, redirect_uri: str) -> Flow[Tokens]:
    """Exchange a code. An app without OpenID gets no ID token, so it asks whose grant it is: siblings are found by that."""
    tokens: Tokens = yield from ENDPOINT.exchange(app, code=code, redirect_uri=redirect_uri, asked=app.scopes)
    if tokens.subject:
        return tokens
    headers = {"authorization": Secret(f"Bearer {tokens.access.reveal()}")}
    who = yield replace(calls.identity(tokens.scopes), headers=headers, auth="none")
    return replace(tokens, subject=str(who.get("sub") or who["id"]))


def refresh(app: App, tokens: Tokens) -> Flow[Tokens]:
    """Get a new access token; the refresh token stays and its life goes on shrinking. Nothing to do without one."""
    if not tokens.refresh:
        yield from ()
        return tokens
    renewed: Tokens = yield from ENDPOINT.refresh(app, tokens)
    return renewed


def accounts(tokens: Tokens) -> Flow[AccountList]:
    """The member, then the organizations where the grant reaches them (platforms.md 3.2)."""
    plain = calls.identity(tokens.scopes)
    who = yield from cosmetic.answer(calls.decorated_identity(tokens.scopes), plain)
    member = _member(who, tokens.scopes)
    if ADMIN_SCOPES.isdisjoint(tokens.scopes):
        return AccountList([member])
    others = yield from organizations.of(tokens.scopes)
    return AccountList([member, *others], complete=others.complete)


def probe(account: Account) -> Flow[None]:
    """Read who the token belongs to."""
    yield calls.identity(account.scopes)


def identity(account: Account) -> Flow[Identity]:
    """Read who the token belongs to, and the organization if the account is one."""
    who = yield calls.identity(account.scopes)
    if account.kind == "organization":
        name, username = yield from organizations.name_of(account.id)
        return Identity(account.id, name, username)
    member = _member(who, account.scopes)
    return Identity(member.id, member.name, member.username)


def token_state(app: App, token: Secret) -> Flow[TokenState]:
    """Ask what a token may do (platforms.md 3.2)."""
    form = {"client_id": app.client_id, "client_secret": app.client_secret, "token": token}
    told = yield Call("POST", f"{OAUTH}/introspectToken", form=form, auth="none")
    if told.get("active") is not True:
        return TokenState()
    return TokenState(reading.scopes(told.get("scope")) or None, reading.stamp(told.get("expires_at")))


def _member(who: Reply, scopes: Sequence[str]) -> Candidate:
    parts = [_part_of_name(who, part) for part in ("FirstName", "LastName")]
    allowed = POSTING_SCOPE["member"] in scopes
    return Candidate(
        str(who.get("sub") or who["id"]),
        "member",
        str(who.get("name") or " ".join(filter(None, parts)) or "LinkedIn"),
        str(who.get("vanityName", "")),
        cosmetic.image_url(who.get("picture")) or images.largest(who, "profilePicture.displayImage~"),
        can_publish=allowed,
        reason="" if allowed else "scope_missing",
    )


def _part_of_name(who: Reply, part: str) -> str:
    """A part of a member's name in the member's language, or in the first of several."""
    spoken = who.get(f"{part[0].lower()}{part[1:]}.localized")
    return str(who.get(f"localized{part}") or next(iter(spoken.values() if isinstance(spoken, Mapping) else ()), ""))


def _subject(id_token: object) -> str:
    """``sub`` of an ID token. It came straight from LinkedIn's token endpoint, so the connection vouches for it."""
    try:
        payload = str(id_token).split(".")[1]
        claims = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError):
        return ""
    return str(claims.get("sub", "")) if isinstance(claims, dict) else ""
