"""Connecting a TikTok account: consent and tokens (platforms.md 4.2)."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, urlencode

from noillusion.flows.faults import ErrorClass, Fault, PlatformError
from noillusion.flows.protocol import AccountList, App, Candidate, Flow, Tokens
from noillusion.platforms import cosmetic, oauth
from noillusion.platforms.tiktok import calls, errors
from noillusion.platforms.tiktok.facts import API, AVATAR, AVATAR_SCOPE, POSTING_SCOPE, PROFILE_FIELDS

ENDPOINT: Final = oauth.TokenEndpoint(
    url=f"{API}/oauth/token/",
    revocation_url=f"{API}/oauth/revoke/",
    dead=errors.DEAD_GRANT,
    code_refused=errors.CODE_REFUSED,
    refresh_life="refresh_expires_in",
    subject=lambda reply: str(reply.get("open_id", "")),
    client_id="client_key",
)
"""An access token lives 24 hours, a refresh token 365 days; a refresh replaces both."""


def authorize_url(app: App, *, redirect_uri: str, state: str) -> str:
    """Return where the browser goes for consent (platforms.md 4.2). The app's id is called ``client_key`` here."""
    asked = {
        "client_key": app.client_id,
        "response_type": "code",
        "scope": ",".join(app.scopes),
        "redirect_uri": redirect_uri,
        "state": state,
        # Without it a person with a running session is never asked, and could not add a second account.
        "disable_auto_auth": "1",
    }
    return f"https://www.tiktok.com/v2/auth/authorize/?{urlencode(asked, quote_via=quote)}"


def refresh(app: App, tokens: Tokens) -> Flow[Tokens]:
    """Get a new pair. The returned refresh token replaces the old one; a missing or empty one never does."""
    if not tokens.refresh:
        yield from ()
        raise PlatformError(Fault(ErrorClass.REAUTH, "no_refresh_token"))
    renewed: Tokens = yield from ENDPOINT.refresh(app, tokens)
    return renewed


def accounts(tokens: Tokens, asked: tuple[str, ...]) -> Flow[AccountList]:
    """The one account of the grant, with as much of its profile as the scopes allow."""
    granted = tokens.scopes or asked
    fields = [field for scope, names in PROFILE_FIELDS.items() if scope in granted for field in names]
    fields = fields or ["open_id"]
    plain = calls.user_info(fields)
    decorated = calls.user_info([*fields, AVATAR]) if AVATAR_SCOPE in granted else plain
    user = yield from cosmetic.answer(decorated, plain)
    allowed = not set(POSTING_SCOPE.values()).isdisjoint(granted)
    username = str(user.get("data.user.username", ""))
    return AccountList(
        [
            Candidate(
                str(user["data.user.open_id"]),
                "creator",
                str(user.get("data.user.display_name") or username or "TikTok"),
                username,
                cosmetic.image_url(user.get(f"data.user.{AVATAR}")),
                can_publish=allowed,
                reason="" if allowed else "scope_missing",
            )
        ]
    )


def probe() -> Flow[None]:
    """Read who the token belongs to."""
    yield calls.user_info(["open_id"])
