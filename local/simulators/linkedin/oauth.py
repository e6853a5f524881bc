"""LinkedIn's consent dialog and token endpoints."""

from __future__ import annotations

import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from local.simulators.dialogs import ASK, Page, decided
from local.simulators.forms import read_form
from local.simulators.linkedin.state import APPS, DAY, App, Code, State, Token
from local.simulators.world import Json

CODE_LIFE_S = 1_800
REFRESH_LIFE_S = 365 * DAY
DIALOG_ERRORS = {
    "deny": ("user_cancelled_authorize", "The user cancelled the authorization"),
    "cancel_login": ("user_cancelled_login", "The user cancelled LinkedIn login"),
    **{
        code: (code, f"Simulated {code}")
        for code in (
            "access_denied",
            "invalid_request",
            "server_error",
            "temporarily_unavailable",
            "unauthorized_client",
            "unauthorized_scope_error",
        )
    },
}
"""Decision → ``error`` and ``error_description`` of the redirect."""


def _registered(redirect_uri: str) -> bool:
    parts = urlsplit(redirect_uri)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost"))


def _client(form: Mapping[str, str]) -> App | None:
    app = APPS.get(form.get("client_id", ""))
    return app if app and form.get("client_secret") == app.secret else None


def _oauth_error(status: int, error: str, description: str) -> Response:
    return JSONResponse({"error": error, "error_description": description}, status)


def _id_token(app: App, member: str, now: float) -> str:
    """An ID token of OpenID Connect, with a signature that nobody checks."""
    claims = {"iss": "https://www.linkedin.com", "aud": app.client_id, "sub": member, "iat": int(now), "exp": int(now) + 3600}
    parts = ({"alg": "RS256", "typ": "JWT"}, claims, "signature")
    return ".".join(urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)


class OAuth:
    """The dialog and the three endpoints of OAuth."""

    def __init__(self, state: State) -> None:
        self.state = state

    async def authorize(self, request: Request) -> Response:
        """The dialog, with a member who is logged in and decides at once or on a page."""
        query = request.query_params
        app = APPS.get(query.get("client_id", ""))
        target = query.get("redirect_uri", "")
        if app is None or not _registered(target):
            return HTMLResponse("<h1>Bummer, something went wrong.</h1><p>The client or its redirect_uri is not known.</p>", 400)
        scopes = frozenset(query.get("scope", "").split())
        decision = self.state.consent["decision"]
        error = self._request_error(app, query.get("response_type", ""), scopes)
        if not error and decision == ASK:
            if (chosen := await decided(request)) is None:
                return self._page(scopes).response()
            decision = chosen.decision
        error = error or DIALOG_ERRORS.get(decision) or self._silent_error(app, scopes, query.get("prompt"))
        if error:
            answer = {"error": error[0], "error_description": error[1]}
        else:
            self._kill_other_scopes(app, scopes)
            code = secrets.token_urlsafe(90)
            self.state.codes[code] = Code(app, self.state.consent["user"], scopes, target, self.state.now())
            answer = {"code": code}
        if "state" in query:
            answer["state"] = query["state"]
        return RedirectResponse(f"{target}{'&' if '?' in target else '?'}{urlencode(answer)}", 302)

    def _page(self, scopes: frozenset[str]) -> Page:
        member = self.state.users[self.state.consent["user"]]
        buttons = {"grant": "Allow", "deny": "Cancel", "cancel_login": "Cancel the login"}
        # All scopes are granted or none.
        return Page("LinkedIn", member["given_name"], dict.fromkeys(scopes, False), buttons, DIALOG_ERRORS)

    def _request_error(self, app: App, response_type: str, scopes: frozenset[str]) -> tuple[str, str] | None:
        if response_type != "code":
            return "unsupported_response_type", "The response type must be code"
        if not scopes or not scopes <= app.scopes:
            wrong = " ".join(sorted(scopes - app.scopes)) or "(none)"
            return "unauthorized_scope_error", f'Scope "{wrong}" is not authorized for your application'
        return None

    def _silent_error(self, app: App, scopes: frozenset[str], prompt: str | None) -> tuple[str, str] | None:
        granted = any(
            t.app is app and t.member == self.state.consent["user"] and t.scopes == scopes for t in self.state.tokens.values()
        )
        if prompt == "none" and not granted:
            return "interaction_required", "The user has not consented yet"
        return None

    def _kill_other_scopes(self, app: App, scopes: frozenset[str]) -> None:
        # Section 3.2: another scope set invalidates every earlier token of this member for this app.
        for token in (*self.state.tokens.values(), *self.state.refresh_tokens.values()):
            if token.app is app and token.member == self.state.consent["user"] and token.scopes != scopes:
                token.revoked = True

    async def access_token(self, request: Request) -> Response:
        """Code exchange and refresh."""
        form = await read_form(request)
        app = _client(form)
        if app is None:
            return _oauth_error(401, "invalid_client", "Client authentication failed")
        grant = form.get("grant_type")
        needed = {"authorization_code": ("code", "redirect_uri"), "refresh_token": ("refresh_token",)}.get(grant or "")
        if needed is None:
            return _oauth_error(400, "unsupported_grant_type", "The grant type is not supported")
        if missing := [name for name in needed if not form.get(name)]:
            return _oauth_error(400, "invalid_request", f'A required parameter "{missing[0]}" is missing')
        return self._exchange(app, form) if grant == "authorization_code" else self._refresh(app, form)

    def _exchange(self, app: App, form: Mapping[str, str]) -> Response:
        now = self.state.now()
        code = self.state.codes.pop(form["code"], None)
        if not code or code.app is not app or code.redirect_uri != form["redirect_uri"] or now >= code.issued + CODE_LIFE_S:
            return _oauth_error(
                400,
                "invalid_request",
                "Unable to retrieve access token: appid/redirect uri/code verifier does not match authorization code. "
                "Or authorization code expired. Or external member binding exists",
            )
        refresh = None
        if app.refreshes or self.state.settings["share_refresh_tokens"]:
            refresh = Token(secrets.token_urlsafe(250), app, code.member, code.scopes, now, now + REFRESH_LIFE_S)
            self.state.refresh_tokens[refresh.value] = refresh
        return self._issue(app, code.member, code.scopes, refresh, first=True)

    def _refresh(self, app: App, form: Mapping[str, str]) -> Response:
        refresh = self.state.refresh_tokens.get(form["refresh_token"])
        if not refresh or refresh.app is not app or refresh.revoked or self.state.now() >= refresh.expires:
            return _oauth_error(400, "invalid_grant", "The provided refresh token is invalid, expired or revoked")
        return self._issue(app, refresh.member, refresh.scopes, refresh)

    def _issue(self, app: App, member: str, scopes: frozenset[str], refresh: Token | None, *, first: bool = False) -> Response:
        now, life = self.state.now(), int(self.state.settings["token_life_s"])
        token = Token(secrets.token_urlsafe(250), app, member, scopes, now, now + life)
        self.state.tokens[token.value] = token
        answer: Json = {
            "access_token": token.value,
            "expires_in": life,
            "scope": ",".join(sorted(scopes)),
            "token_type": "Bearer",
        }
        if refresh:
            answer |= {"refresh_token": refresh.value, "refresh_token_expires_in": round(refresh.expires - now)}
        if first and "openid" in scopes:
            answer["id_token"] = _id_token(app, member, now)
        return JSONResponse(answer)

    async def introspect(self, request: Request) -> Response:
        """The state of a token."""
        form = await read_form(request)
        if _client(form) is None:
            return _oauth_error(401, "invalid_client", "Client authentication failed")
        token = self.state.tokens.get(form.get("token", "")) or self.state.refresh_tokens.get(form.get("token", ""))
        if token is None or token.app is not _client(form):
            return JSONResponse({"active": False})
        expired = self.state.now() >= token.expires
        return JSONResponse(
            {
                "active": not (expired or token.revoked),
                "status": "revoked" if token.revoked else "expired" if expired else "active",
                "scope": ",".join(sorted(token.scopes)),
                "client_id": token.app.client_id,
                "created_at": int(token.issued),
                "authorized_at": int(token.issued),
                "expires_at": int(token.expires),
                "auth_type": "3L",
            }
        )

    async def revoke_token(self, request: Request) -> Response:
        """Revoke the grant a token belongs to."""
        form = await read_form(request)
        app = _client(form)
        if app is None:
            return _oauth_error(401, "invalid_client", "Client authentication failed")
        given = self.state.tokens.get(form.get("token", "")) or self.state.refresh_tokens.get(form.get("token", ""))
        for token in (*self.state.tokens.values(), *self.state.refresh_tokens.values()):
            if given and given.app is app and token.app is app and token.member == given.member:
                token.revoked = True
        return Response(status_code=200)
