"""Instagram's login dialog and token endpoints (platforms.md 2.2)."""

from __future__ import annotations

import re
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.simulators.dialogs import ASK, Page, decided
from local.simulators.instagram.gate import BASIC, COMMENTS, INSIGHTS, PUBLISH
from local.simulators.instagram.state import CLIENT_ID, CLIENT_SECRET, State
from local.simulators.meta.errors import GraphError, invalid
from local.simulators.meta.figures import DAY, HOUR
from local.simulators.meta.graph import Call, read_form
from local.simulators.meta.oauth import DENIED, OAUTH_ERRORS, Code, Consent, Token, dialog_error, redirect, redirect_allowed
from local.simulators.world import Json

CODE_LIFE_S: Final = HOUR
SHORT_LIFE_S: Final = HOUR
LONG_LIFE_S: Final = 60 * DAY
REFRESH_AGE_S: Final = DAY
SCOPES: Final = frozenset({BASIC, PUBLISH, COMMENTS, INSIGHTS, "instagram_business_manage_messages"})
DIALOG_ERRORS: Final = {"deny": {**DENIED, "error_description": "The user denied your request"}, **OAUTH_ERRORS}
"""Decision → parameters of the redirect (platforms.md 2.2)."""


class OAuth:
    """The dialog and the three token endpoints."""

    def __init__(self, state: State) -> None:
        self.state = state

    async def dialog(self, request: Request) -> Response:
        """The login dialog, answered by a person who is logged in and decides at once or on a page (platforms.md 2.2)."""
        asked = request.query_params
        uri = asked.get("redirect_uri", "")
        scopes = frozenset(s.strip() for s in re.split(r"[,\s]", asked.get("scope", "")) if s.strip())
        account = self.state.account(self.state.consent.user)
        problem = (
            "Invalid platform app" if not asked.get("client_id")
            else "Invalid redirect_uri" if not redirect_allowed(uri)
            else "Invalid response_type" if asked.get("response_type") != "code"
            else f"Invalid Scopes: {', '.join(sorted(scopes - SCOPES))}" if scopes - SCOPES
            else "Invalid Scopes: instagram_business_basic is required" if BASIC not in scopes
            else "A professional account is required" if account.account_type == "PERSONAL"
            else None
        )  # fmt: skip
        if problem:
            return dialog_error("Invalid Request", f"Invalid Request: Request parameters are invalid: {problem}")
        echo = {"state": asked["state"]} if "state" in asked else {}
        consent = self.state.consent
        if consent.decision == ASK:
            if (chosen := await decided(request)) is None:
                buttons = {"grant": "Allow", "deny": "Cancel"}
                return Page("Instagram", account.username, dict.fromkeys(scopes, True), buttons, DIALOG_ERRORS).response()
            consent = Consent(chosen.decision, scopes - chosen.scopes, consent.user)
        if error := DIALOG_ERRORS.get(consent.decision):
            return redirect(uri, {**error, **echo})
        account.granted = set(scopes - consent.declined_scopes)
        code = Code(asked["client_id"], uri, account.id, frozenset(account.granted), frozenset(), self.state.now + CODE_LIFE_S)
        return redirect(uri, {"code": self.state.tokens.issue_code(code), **echo}, "#_")

    async def token_endpoint(self, request: Request) -> Response:
        """``POST api.instagram.com/oauth/access_token``: the code for a token of one hour, in its own error shape."""
        asked, _ = await read_form(request)
        code = self.state.tokens.codes.get(asked.get("code", ""))
        problem = (
            "Invalid platform app" if asked.get("client_id") != CLIENT_ID
            else "Error validating client secret" if asked.get("client_secret") != CLIENT_SECRET
            else "Invalid grant_type" if asked.get("grant_type") != "authorization_code"
            else "Invalid authorization code" if code is None
            else "This authorization code has been used" if code.used
            else "This authorization code has expired" if self.state.now >= code.expires_at
            else "Error validating verification code: redirect_uri is not the one of the authorization request"
            if asked.get("redirect_uri") != code.redirect_uri or code.client_id != CLIENT_ID
            else None
        )  # fmt: skip
        if code is None or problem:
            return JSONResponse({"error_type": "OAuthException", "code": 400, "error_message": problem}, 400)
        code.used = True
        account = self.state.accounts[code.user]
        token = self.state.tokens.issue("SHORT", account.id, account.id, code.scopes, SHORT_LIFE_S)
        answer: Json = {"access_token": token.value, "user_id": account.scoped_id, "permissions": sorted(code.scopes)}
        if self.state.settings["wrapped_token"]:
            return JSONResponse({"data": [{**answer, "permissions": ",".join(answer["permissions"])}]})
        return JSONResponse(answer)

    def exchange(self, call: Call) -> Json:
        """``GET /access_token``: the short token for one of 60 days."""
        if call.params.get("grant_type") != "ig_exchange_token":
            raise invalid("Unsupported grant_type")
        if call.params.get("client_secret") != CLIENT_SECRET:
            raise GraphError(100, "Error validating client secret.")
        token = self.state.tokens.check(call.token)
        if token.kind != "SHORT":
            raise invalid("Only a short-lived token can be exchanged.")
        return self._long(token)

    def refresh(self, call: Call) -> Json:
        """``GET /refresh_access_token``: another 60 days for a long-lived token that is at least 24 hours old."""
        if call.params.get("grant_type") != "ig_refresh_token":
            raise invalid("Unsupported grant_type")
        token = self.state.tokens.check(call.token)
        if token.kind != "LONG" or self.state.now - token.issued_at < REFRESH_AGE_S:
            raise invalid("Only a long-lived token that is at least 24 hours old can be refreshed.")
        return self._long(token)

    def _long(self, token: Token) -> Json:
        longer = self.state.tokens.issue("LONG", token.user, token.account, token.scopes, LONG_LIFE_S, long_lived=True)
        return {"access_token": longer.value, "token_type": "bearer", "expires_in": int(LONG_LIFE_S)}
