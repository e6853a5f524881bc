"""Tokens, codes and dialogs, and the signed callbacks (platforms.md 0.4, 0.5)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import httpx
from starlette.responses import HTMLResponse, RedirectResponse, Response

from local.simulators.media import is_loopback
from local.simulators.meta.errors import SUBCODE_TEXT, GraphError
from local.simulators.world import Json, World

DENIED: Final = {"error": "access_denied", "error_reason": "user_denied"}
"""How both logins say that the person refused (platforms.md 0.4 and 2.2)."""
OAUTH_ERRORS: Final = {
    "invalid_scope": {"error": "invalid_scope", "error_description": "Invalid Scopes"},
    "server_error": {"error": "server_error", "error_description": "The server met an unexpected condition"},
    "temporarily_unavailable": {"error": "temporarily_unavailable", "error_description": "The service is overloaded"},
}
"""Errors of OAuth (RFC 6749 4.1.2.1): decision → parameters of the redirect."""


@dataclass(slots=True)
class Token:
    """An access token. ``expires_at`` 0 means never; ``dead`` is the subcode with which it is refused."""

    value: str
    kind: str
    user: str
    account: str
    scopes: frozenset[str]
    issued_at: float
    expires_at: float
    long_lived: bool = False
    dead: int | None = None


@dataclass(slots=True)
class Code:
    """An authorization code, good for one exchange."""

    client_id: str
    redirect_uri: str
    user: str
    scopes: frozenset[str]
    accounts: frozenset[str]
    expires_at: float
    used: bool = False


class Tokens:
    """Access tokens and authorization codes of one platform."""

    def __init__(self, world: World, prefix: str) -> None:
        self.world, self.prefix = world, prefix
        self.tokens: dict[str, Token] = {}
        self.codes: dict[str, Code] = {}

    def issue(self, kind: str, user: str, account: str, scopes: frozenset[str], life_s: float, long_lived: bool = False) -> Token:
        """A new token that lives ``life_s`` seconds (0: for ever)."""
        now = self.world.clock.now()
        value = self.prefix + secrets.token_hex(48)
        token = Token(value, kind, user, account, scopes, now, now + life_s if life_s else 0.0, long_lived)
        self.tokens[value] = token
        return token

    def issue_code(self, code: Code) -> str:
        """A new authorization code."""
        value = "AQ" + secrets.token_urlsafe(60)
        self.codes[value] = code
        return value

    def problem(self, value: str) -> tuple[int, str] | None:
        """Return the reason to refuse a token, as subcode (0: none) and message; ``None`` while it is good."""
        token = self.tokens.get(value)
        if token is None:
            return 0, "Invalid OAuth access token - Cannot parse access token"
        if token.dead:
            return token.dead, SUBCODE_TEXT[token.dead]
        if token.expires_at and self.world.clock.now() >= token.expires_at:
            return 463, SUBCODE_TEXT[463]
        return None

    def check(self, value: str | None) -> Token:
        """The token of a call. Raises 2500 without one (platforms.md 0.1) and 190 for one that is not good."""
        if not value:
            raise GraphError(2500, "An active access token must be used to query information about the current user.")
        if problem := self.problem(value):
            raise GraphError(190, problem[1], problem[0] or None)
        return self.tokens[value]

    def kill(self, subcode: int, user: str | None = None, accounts: frozenset[str] | None = None) -> int:
        """Refuse all tokens of a user (of everybody: ``None``) from now on; returns how many."""
        hit = [
            t
            for t in self.tokens.values()
            if not t.dead and (user is None or t.user == user) and (accounts is None or t.account in accounts)
        ]
        for token in hit:
            token.dead = subcode
        return len(hit)


@dataclass(slots=True)
class Consent:
    """The answer of the person in front of the dialog."""

    decision: str = "grant"
    declined_scopes: frozenset[str] = frozenset()
    user: str | None = None
    accounts: frozenset[str] | None = None

    @classmethod
    def of(cls, given: Json) -> Consent:
        """From the JSON of the control action ``consent``."""
        accounts = given.get("accounts")
        return cls(
            str(given.get("decision", "grant")),
            frozenset(given.get("declined_scopes", ())),
            given.get("user"),
            None if accounts is None else frozenset(accounts),
        )


def redirect_allowed(uri: str) -> bool:
    """Tell whether a redirect URI is registered: every https URL, and http on this machine."""
    parts = urlsplit(uri)
    host = parts.hostname or ""
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))) and not parts.fragment


def dialog_error(title: str, text: str) -> Response:
    """The page a person sees when the app's request itself is wrong. There is no redirect then."""
    return HTMLResponse(f"<!doctype html><title>Error</title><h1>{title}</h1><p>{text}</p>", 400)


def redirect(uri: str, params: Mapping[str, str], fragment: str = "") -> Response:
    """Send the browser back to the app."""
    glue = "&" if urlsplit(uri).query else "?"
    return RedirectResponse(f"{uri}{glue}{urlencode(params)}{fragment}", 302)


def signed_request(payload: Json, secret: str) -> str:
    """A ``signed_request`` as Meta sends it: unpadded base64url of the signature, a dot, and of the JSON (platforms.md 0.5)."""
    encoded = base64.urlsafe_b64encode(json.dumps(payload).encode()).rstrip(b"=")
    signature = hmac.new(secret.encode(), encoded, hashlib.sha256).digest()
    return (base64.urlsafe_b64encode(signature).rstrip(b"=") + b"." + encoded).decode()


async def post_signed_request(world: World, url: str, user: str, secret: str) -> Json:
    """Call an app's deauthorize or data-deletion callback; returns what it answered."""
    now = int(world.clock.now())
    payload = {"algorithm": "HMAC-SHA256", "expires": now + 3600, "issued_at": now, "user_id": user}
    async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
        answer = await client.post(url, data={"signed_request": signed_request(payload, secret)})
    try:
        body: Any = answer.json()
    except ValueError:
        body = answer.text
    return {"status": answer.status_code, "body": body}
