"""Facebook's login dialog and token endpoints (platforms.md 0.4)."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from local.simulators.dialogs import ASK, Page, decided
from local.simulators.facebook.state import CLIENT_ID, CLIENT_SECRET, SCOPES, State, User
from local.simulators.meta.errors import GraphError, invalid
from local.simulators.meta.figures import DAY, HOUR
from local.simulators.meta.graph import Call
from local.simulators.meta.oauth import DENIED, OAUTH_ERRORS, Code, Consent, Token, dialog_error, redirect, redirect_allowed
from local.simulators.world import Json

CODE_LIFE_S: Final = 600.0
SHORT_LIFE_S: Final = 1.5 * HOUR
LONG_LIFE_S: Final = 5_183_944.0
DATA_ACCESS_S: Final = 90 * DAY
DIALOG_ERRORS: Final = {
    "deny": {**DENIED, "error_code": "200", "error_description": "Permissions error"},
    "app_unavailable": {"error_code": "1349126", "error_message": "App not active: This app is not currently accessible."},
    "unknown_error": {"error_code": "1", "error_message": "An unknown error has occurred."},
    "blocked": {"error_code": "368", "error_message": "The action attempted has been deemed abusive or is otherwise disallowed"},
    **OAUTH_ERRORS,
}
"""Decision → parameters of the redirect. What Facebook refuses itself has no ``error`` (platforms.md 0.4)."""


class OAuth:
    """The dialog, the token endpoint and ``debug_token``."""

    def __init__(self, state: State) -> None:
        self.state = state

    async def dialog(self, request: Request) -> Response:
        """The login dialog, answered by a person who is logged in and decides at once or on a page (platforms.md 0.4)."""
        asked = request.query_params
        uri = asked.get("redirect_uri", "")
        scopes = frozenset(s.strip() for s in asked.get("scope", "").split(",") if s.strip())
        if not asked.get("client_id"):
            return dialog_error("Invalid App ID", "The provided app ID does not look like a valid app ID.")
        if not redirect_allowed(uri):
            return dialog_error("URL blocked", "The redirect URI is not white-listed in the app's OAuth settings.")
        if asked.get("response_type", "code") != "code":
            return dialog_error("Invalid parameter", "This app may ask for response_type=code only.")
        if unknown := scopes - SCOPES:
            return dialog_error("Invalid Scopes", f"Invalid Scopes: {', '.join(sorted(unknown))}.")
        echo = {"state": asked["state"]} if "state" in asked else {}
        whole = bool(asked.get("config_id"))
        wanted = (SCOPES if whole else scopes) | {"public_profile"}
        consent = self.state.consent
        if consent.decision == ASK:
            page = self._page(wanted, whole=whole)
            if (chosen := await decided(request)) is None:
                return page.response()
            every = chosen.accounts == frozenset(page.accounts)
            consent = Consent(chosen.decision, wanted - chosen.scopes, consent.user, None if every else chosen.accounts)
        if error := DIALOG_ERRORS.get(consent.decision):
            return redirect(uri, {**error, **echo}, "#_=_")
        user = self._grant(consent, wanted, whole=whole)
        code = Code(asked["client_id"], uri, user.id, frozenset(user.granted), frozenset(), self.state.now + CODE_LIFE_S)
        return redirect(uri, {"code": self.state.tokens.issue_code(code), **echo}, "#_=_")

    def _page(self, wanted: frozenset[str], *, whole: bool) -> Page:
        user = self.state.user(self.state.consent.user)
        pages = [self.state.pages[number] for number in user.pages]
        profiles = {page.instagram: f"Instagram of {page.name}" for page in pages if page.instagram}
        return Page(
            "Facebook",
            user.name,
            # A configuration is granted as a whole or not at all (platforms.md 0.4).
            {scope: not whole and scope != "public_profile" for scope in wanted},
            {"grant": "Continue", "deny": "Cancel"},
            DIALOG_ERRORS,
            {page.id: page.name for page in pages} | profiles,
        )

    def _grant(self, consent: Consent, wanted: frozenset[str], *, whole: bool) -> User:
        user = self.state.user(consent.user)
        # A configuration is granted as a whole or not at all (platforms.md 0.4).
        declined = frozenset() if whole else wanted & consent.declined_scopes
        user.granted = (user.granted | wanted) - declined
        user.declined = (user.declined - wanted) | declined
        user.chosen = set(user.pages) if consent.accounts is None else set(user.pages) & consent.accounts
        user.profiles = consent.accounts
        return user

    def token_endpoint(self, call: Call) -> Json:
        """``/oauth/access_token``: code exchange, long-lived exchange, app token (platforms.md 0.4)."""
        asked = call.params
        if not asked.get("client_id"):
            raise GraphError(101, "Missing client_id parameter.")
        if asked["client_id"] != CLIENT_ID:
            raise GraphError(101, "Error validating application. Cannot get application info due to a system error.")
        if asked.get("client_secret") != CLIENT_SECRET:
            raise GraphError(1, "Error validating client secret.", status=400)
        match asked.get("grant_type"):
            case "client_credentials":
                return {"access_token": f"{CLIENT_ID}|{CLIENT_SECRET}", "token_type": "bearer"}
            case "fb_exchange_token":
                return self._exchange_for_long(call.need("fb_exchange_token"))
            case None | "authorization_code":
                return self._exchange_code(call)
        raise invalid("Unsupported grant_type")

    def _exchange_code(self, call: Call) -> Json:
        code = self.state.tokens.codes.get(call.need("code"))
        if code is None:
            raise GraphError(100, "Invalid verification code format.")
        if code.used:
            raise GraphError(100, "This authorization code has been used.", 36009)
        if self.state.now >= code.expires_at:
            raise GraphError(100, "This authorization code has expired.", 36007)
        if call.params.get("redirect_uri") != code.redirect_uri or code.client_id != CLIENT_ID:
            raise GraphError(100, "Error validating verification code: redirect_uri is not the one of the dialog request.", 36008)
        code.used = True
        token = self.state.tokens.issue("USER", code.user, "", SCOPES, SHORT_LIFE_S)
        return {"access_token": token.value, "token_type": "bearer", "expires_in": int(SHORT_LIFE_S)}

    def _exchange_for_long(self, value: str) -> Json:
        token = self.state.tokens.check(value)
        if token.kind != "USER":
            raise invalid("A user access token is required for this exchange.")
        longer = self.state.tokens.issue("USER", token.user, "", SCOPES, LONG_LIFE_S, long_lived=True)
        return {"access_token": longer.value, "token_type": "bearer", "expires_in": int(LONG_LIFE_S)}

    def debug_token(self, call: Call) -> Json:
        """``/debug_token``: what a token is, for its app."""
        if call.token != f"{CLIENT_ID}|{CLIENT_SECRET}":
            self.state.tokens.check(call.token)
        value = call.need("input_token")
        token, problem = self.state.tokens.tokens.get(value), self.state.tokens.problem(value)
        if token is None:
            return {"data": {"is_valid": False, "scopes": [], "error": {"code": 190, "message": "Invalid OAuth access token."}}}
        data: Json = {
            "app_id": CLIENT_ID, "type": token.kind, "application": "Simulated app", "is_valid": problem is None,
            "issued_at": int(token.issued_at), "expires_at": int(token.expires_at),
            "data_access_expires_at": int(token.issued_at + DATA_ACCESS_S), "user_id": token.user,
            "scopes": sorted(self.state.scopes(token)), "granular_scopes": self._granular(token),
        }  # fmt: skip
        if token.kind == "PAGE":
            data["profile_id"] = token.account
        if problem:
            data["error"] = {"code": 190, "message": problem[1], "subcode": problem[0]}
        return {"data": data}

    def _granular(self, token: Token) -> list[Json]:
        """What each scope was granted for: Pages, or the accounts that are linked to them. Without any, no ids are named."""
        user = self.state.users[token.user]
        if not user.pages:
            return [{"scope": scope} for scope in sorted(self.state.scopes(token))]
        pages = [self.state.pages[id] for id in sorted(user.chosen)]
        linked = [id for page in pages if (id := self.state.linked_to(page, token))]
        targets = {"pages": [page.id for page in pages], "read": [page.id for page in pages], "instagram": linked}
        found = ((scope, targets.get(scope.partition("_")[0])) for scope in sorted(self.state.scopes(token)))
        return [{"scope": scope} | ({} if ids is None else {"target_ids": ids}) for scope, ids in found]
