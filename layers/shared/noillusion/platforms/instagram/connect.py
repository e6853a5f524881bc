"""Connecting an Instagram account: consent, tokens and the account (platforms.md 2.2)."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from noillusion.core.sensitive import Secret
from noillusion.flows.effects import Effect
from noillusion.flows.inspection import Identity
from noillusion.flows.protocol import AccountList, App, Call, Candidate, Flow, Reply, Tokens
from noillusion.platforms import cosmetic, reading
from noillusion.platforms.instagram import errors
from noillusion.platforms.instagram.facts import ASSUMED_LIFE_S, AUTHORIZE, CODE_TO_TOKEN, GRAPH, ROOT

PROFILE: Final = "user_id,username,name,account_type"
PICTURE: Final = "profile_picture_url"


def authorize_url(app: App, *, redirect_uri: str, state: str) -> str:
    """The dialog's URL (platforms.md 2.2). ``app`` is the Instagram app, which is not the Facebook app."""
    query = {
        "client_id": app.client_id,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "scope": ",".join(app.scopes),
        "state": state,
    }
    return f"{AUTHORIZE}?{urlencode(query)}"


def exchange(app: App, *, code: str, redirect_uri: str) -> Flow[Tokens]:
    """Code → token of one hour → token of 60 days (platforms.md 2.2). The subject is the id that callbacks name."""
    form = {
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "grant_type": "authorization_code",
        "redirect_uri": redirect_uri,
        "code": Secret(code.removesuffix("#_")),
    }
    reply = yield Call("POST", CODE_TO_TOKEN, Effect.PREPARE, multipart=form, auth="none")
    short = Reply(200, data=reply.get("data.0", reply.data))
    query = {
        "grant_type": "ig_exchange_token",
        "client_secret": app.client_secret,
        "access_token": Secret(short["access_token"]),
    }
    long = yield Call("GET", f"{ROOT}/access_token", Effect.PREPARE, query=query, auth="none")
    granted = short.get("permissions", ())
    scopes = granted.split(",") if isinstance(granted, str) else granted
    return _tokens(long, tuple(str(scope).strip() for scope in scopes), str(short["user_id"]))


def refresh(tokens: Tokens) -> Flow[Tokens]:
    """Extend the token, which must be a day old and not expired (platforms.md 2.2)."""
    query = {"grant_type": "ig_refresh_token", "access_token": tokens.access}
    url = f"{ROOT}/refresh_access_token"
    reply = yield Call("GET", url, Effect.PREPARE, query=query, auth="none", refusal=errors.of_refresh)
    return _tokens(reply, tokens.scopes, tokens.subject)


def accounts() -> Flow[AccountList]:
    """The one account that consented. ``user_id`` is the id to work with, ``id`` is app-scoped (platforms.md 2.2)."""
    reply = yield from cosmetic.answer(_profile(f"{PROFILE},{PICTURE}"), _profile(PROFILE))
    profile = Reply(200, data=reply.get("data.0", reply.data))
    account_type = str(profile.get("account_type", "")).lower()
    personal = account_type == "personal"
    username = str(profile.get("username", ""))
    return AccountList(
        [
            Candidate(
                id=str(profile["user_id"]),
                kind="professional",
                name=str(profile.get("name", username)),
                username=username,
                image_url=cosmetic.image_url(profile.get(PICTURE)),
                can_publish=not personal,
                reason="personal_account" if personal else "",
                details={"account_type": account_type},
            )
        ]
    )


def _profile(fields: str) -> Call:
    return Call("GET", f"{GRAPH}/me", query={"fields": fields})


def probe() -> Flow[None]:
    """Read the account's id (platforms.md 2.2)."""
    yield Call("GET", f"{GRAPH}/me", query={"fields": "user_id"})


def identity() -> Flow[Identity]:
    """Read the account."""
    reply = yield Call("GET", f"{GRAPH}/me", query={"fields": "user_id,username,name"})
    me = Reply(200, data=reply.get("data.0", reply.data))
    return Identity(str(me["user_id"]), str(me.get("name", "")), str(me.get("username", "")))


def _tokens(reply: Reply, scopes: tuple[str, ...], subject: str) -> Tokens:
    """Tokens from the reply of an exchange or an extension."""
    life = reading.seconds(reply.get("expires_in")) or ASSUMED_LIFE_S
    return Tokens(Secret(reply["access_token"]), None, life, None, scopes, subject)
