"""TikTok's consent dialog and token endpoints, with rotation of refresh tokens."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from local.simulators.dialogs import ASK, Page, decided
from local.simulators.forms import read_form
from local.simulators.tiktok.state import CLIENT_ID, CLIENT_SECRET, DAY, Code, State, Token
from local.simulators.tiktok.webhooks import Webhooks

CODE_LIFE_S = 600
TOKEN_LIFE_S = DAY
REFRESH_LIFE_S = 365 * DAY
MAX_REDIRECT_URI = 512
SCOPES = frozenset({"user.info.basic", "user.info.profile", "user.info.stats", "video.list", "video.publish", "video.upload"})
ALWAYS_GRANTED = frozenset({"user.info.basic"})
"""The basic profile cannot be declined."""
DIALOG_ERRORS = {
    "deny": ("access_denied", "The user denied the request"),
    **{
        code: (code, f"Simulated {code}")
        for code in (
            "invalid_client",
            "invalid_request",
            "invalid_scope",
            "server_error",
            "temporarily_unavailable",
            "unauthorized_client",
            "unsupported_response_type",
        )
    },
}
"""Decision → ``error`` and ``error_description`` of the redirect, as TikTok's page of errors lists them."""


def _registered(redirect_uri: str) -> bool:
    parts = urlsplit(redirect_uri)
    if parts.query or parts.fragment or len(redirect_uri) >= MAX_REDIRECT_URI:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost"))


class OAuth:
    """The dialog and the two endpoints of OAuth."""

    def __init__(self, state: State, webhooks: Webhooks) -> None:
        self.state, self.webhooks = state, webhooks

    async def authorize(self, request: Request) -> Response:
        """The dialog, with a person who is logged in and decides at once or on a page."""
        query = request.query_params
        target = query.get("redirect_uri", "")
        if not query.get("client_key") or not _registered(target):
            return HTMLResponse("<h1>Something went wrong</h1><p>client_key or redirect_uri is not correct.</p>", 400)
        asked = frozenset(name for name in query.get("scope", "").split(",") if name)
        error, declined = None, frozenset(self.state.consent["declined_scopes"])
        if query.get("response_type") != "code":
            error = "unsupported_response_type", "response_type must be code"
        elif not asked or not asked <= SCOPES:
            error = "invalid_scope", "The requested scope is invalid or unknown"
        else:
            decision = self.state.consent["decision"]
            if decision == ASK:
                if (chosen := await decided(request)) is None:
                    return self._page(asked).response()
                decision, declined = chosen.decision, asked - chosen.scopes
            error = DIALOG_ERRORS.get(decision)
        if error:
            answer = {"error": error[0], "error_description": error[1]}
        else:
            granted = asked - (declined - ALWAYS_GRANTED)
            code = f"{secrets.token_urlsafe(48)}*0!{secrets.randbelow(9000) + 1000}.va"
            self.state.codes[code] = Code(self.state.consent["user"], granted, target, self.state.now())
            answer = {"code": code, "scopes": ",".join(sorted(granted))}
        if "state" in query:
            answer["state"] = query["state"]
        return RedirectResponse(f"{target}?{urlencode(answer)}", 302)

    def _page(self, asked: frozenset[str]) -> Page:
        creator = self.state.users[self.state.consent["user"]]
        scopes = {scope: scope not in ALWAYS_GRANTED for scope in asked}
        return Page("TikTok", creator["display_name"], scopes, {"grant": "Continue", "deny": "Cancel"}, DIALOG_ERRORS)

    async def oauth_token(self, request: Request) -> Response:
        """Code exchange and refresh; both answer flat."""
        form = await read_form(request)
        if (problem := self._client_problem(form)) is not None:
            return problem
        if form.get("grant_type") == "authorization_code":
            code = self.state.codes.pop(form.get("code", ""), None)
            now = self.state.now()
            if code is None or code.redirect_uri != form.get("redirect_uri") or now >= code.issued + CODE_LIFE_S:
                return self._oauth_error("invalid_grant", "Authorization code is invalid, expired or used.")
            return self._issue(code.user, code.scopes, now + REFRESH_LIFE_S)
        if form.get("grant_type") != "refresh_token":
            return self._oauth_error("unsupported_grant_type", "The grant type is not supported.")
        old = self.state.refresh_tokens.get(form.get("refresh_token", ""))
        if old is None or old.revoked or self.state.now() >= old.expires:
            return self._oauth_error("invalid_grant", "Refresh token is invalid or expired.")
        if not self.state.settings["rotate_refresh_token"]:
            return self._issue(old.user, old.scopes, old.expires, old)
        del self.state.refresh_tokens[old.value]
        return self._issue(old.user, old.scopes, old.expires)

    def _issue(self, user: str, scopes: frozenset[str], until: float, kept: Token | None = None) -> Response:
        now = self.state.now()
        number = secrets.randbelow(9000) + 1000
        token = Token(f"act.{secrets.token_urlsafe(48)}!{number}.va", user, scopes, now + TOKEN_LIFE_S)
        refresh = kept or Token(f"rft.{secrets.token_urlsafe(48)}!{number}.va", user, scopes, until)
        self.state.tokens[token.value] = token
        self.state.refresh_tokens[refresh.value] = refresh
        return JSONResponse(
            {
                "access_token": token.value,
                "expires_in": TOKEN_LIFE_S,
                "open_id": user,
                "refresh_expires_in": round(refresh.expires - now),
                "refresh_token": refresh.value,
                "scope": ",".join(sorted(scopes)),
                "token_type": "Bearer",
            }
        )

    async def oauth_revoke(self, request: Request) -> Response:
        """Revoke the grant behind a token."""
        form = await read_form(request)
        if (problem := self._client_problem(form)) is not None:
            return problem
        token = self.state.tokens.get(form.get("token", "")) or self.state.refresh_tokens.get(form.get("token", ""))
        if token is None:
            return self._oauth_error("invalid_request", "The token is invalid.")
        self.remove_grant(token.user, reason=5)
        return JSONResponse({})

    def remove_grant(self, user: str, reason: int) -> int:
        """Revoke all tokens of a user and stop their unfinished publications; return the number of tokens."""
        gone = [t for t in (*self.state.tokens.values(), *self.state.refresh_tokens.values()) if t.user == user and not t.revoked]
        for token in gone:
            token.revoked = True
        for publication in self.state.publications.values():
            if publication.user == user and self.state.status(publication).startswith("PROCESSING"):
                publication.fail_reason = "auth_removed"
        if gone and self.state.settings["webhook_url"]:
            self.webhooks.spawn(self.webhooks.send("authorization.removed", user, {"reason": reason}))
        return len(gone)

    def _client_problem(self, form: Mapping[str, str]) -> Response | None:
        if form.get("client_key") == CLIENT_ID and form.get("client_secret") == CLIENT_SECRET:
            return None
        return self._oauth_error("invalid_client", "Client key or secret is incorrect.")

    def _oauth_error(self, error: str, description: str) -> Response:
        body = {"error": error, "error_description": description, "log_id": self.state.log_id()}
        return JSONResponse(body, self.state.settings["oauth_error_status"])
